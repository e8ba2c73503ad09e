"""What the rows of a report would do to the ledger, and what goes back to the units.

A reconciliation numbers its rows; here each number gets the cells that adopting it writes, with
what stands in them now, or the fault that its unit is to put right.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from xlplan.app.ledger_places import Places
from xlplan.diagnostics import Cell, Diagnostic, Severity
from xlplan.model import MORE_PROJECT_HEADS, PROJECT_HEADS, PROJECT_SHEET, RECEIPT_SHEET
from xlplan.policy import Policy
from xlplan.reconciling.board import Arrival
from xlplan.reconciling.decisions import After, Fault, Question, Write, seen
from xlplan.reconciling.difference import KIND_TEXTS, Difference, DifferenceKind
from xlplan.reconciling.nouns import LEDGER, Entry, Payment, Submission
from xlplan.sheets.description import Value
from xlplan.sheets.forms import right_examples
from xlplan.tables.grid import Source

_FIELDS = tuple(head.field for head in (*PROJECT_HEADS, *MORE_PROJECT_HEADS))
_MONEY = frozenset(head.field for head in PROJECT_HEADS if head.holds == "money")
_EXAMPLE_AMOUNT = 0.5
_BLANK = "空白"
_CHECK = "请核对；报送有误的改正，确实变了的附上说明"
_TODO: Mapping[DifferenceKind, str] = {
    "new": "请确认是新项目；台账里已有的写上编号",
    "missing": "请补报；项目已终止的照报，状态写明",
    "blank": "请补上；确实没有的写“无”",
    "slip": "请核对单位，按亿元写",
    "claimed": "请与对方单位商定由谁牵头，再报",
    "receipt missing": "请补报；冲减的写一行负数",
    "receipt unknown": "请写明项目编号，或先报项目",
    "more": "请逐笔补上到位日期和金额",
    "total": "请核对合计与各行",
    "outside": "请核对日期；不属于本期的不报",
    "tier": "请按方案的档次规则核对",
}
"""What a unit is to do about each kind of difference that is returned to it."""

_EXAMPLES: Mapping[str, str] = {"": "", "received": f"{_EXAMPLE_AMOUNT}（亿元）"}
"""Right examples of fields that mean something else in a row than in a receipt."""

_TO_UNITS: Mapping[str, str] = {
    "XP910": "请重新另存为不设密码的 .xlsx，再报一次",
    "XP920": "请按要求的期间重报",
}
"""What is for the unit to do, where the finding's own hint is for the one who reconciles."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which unit handed something in, and in which file."""

    unit: str
    file: str


def after_of(value: object) -> After:
    """A value as the ledger would keep it: several names joined; None = nothing.

    >>> after_of(("甲", "乙")), after_of(""), after_of(0)
    ('甲、乙', None, 0)
    """
    if isinstance(value, tuple):
        return "、".join(value) or None
    if isinstance(value, int | date):
        return value
    return str(value) if value else None


def change(book: Source, number: str, one: Difference, cell: Cell) -> Write:
    """The write that lets a cell of the ledger say what the submission says."""
    return Write(
        number,
        "change",
        one.field.rpartition(".")[2],
        after_of(one.value),
        cell.sheet,
        cell.row,
        cell.column,
        before=seen(book.grid(cell.sheet).at(cell.row, cell.column)),
        project=one.project,
        name=one.ledger.name if one.ledger else one.name,
        unit=one.unit,
        file=one.file,
        source=one.cell or Cell(""),
    )


def new_project(number: str, origin: Origin, entry: Entry) -> Iterator[Write]:
    """The writes that enter a submitted project into the ledger, with its receipts."""
    for field in _FIELDS:
        after = after_of(getattr(entry, field))
        if after is not None or field == "name":
            yield _of_record(number, origin, entry, field, after)
    for record, payment in enumerate(entry.payments, start=1):
        yield from new_payment(number, origin, (entry, payment), record=record)


def _of_record(number: str, origin: Origin, entry: Entry, field: str, after: After) -> Write:
    return Write(
        number,
        "project",
        field,
        after,
        PROJECT_SHEET,
        project=entry.project,
        name=entry.name,
        unit=origin.unit,
        file=origin.file,
        source=Cell(entry.sheet, entry.row),
    )


def new_payment(
    number: str,
    origin: Origin,
    paid: tuple[Entry, Payment],
    project: str = "",
    record: int = 1,
) -> Iterator[Write]:
    """The writes that enter one receipt; `project` is the ledger's id, "" = of a new project."""
    entry, payment = paid
    fields: Mapping[str, After] = {
        "project": project or None,
        "received": payment.received,
        "amount": payment.amount,
        "remark": payment.remark or None,
    }
    for field, after in fields.items():
        if after is not None:
            yield Write(
                number,
                "receipt",
                field,
                after,
                RECEIPT_SHEET,
                record=record,
                project=project,
                name=entry.name,
                unit=origin.unit,
                file=origin.file,
                source=Cell(payment.sheet, payment.row),
            )


def counted(writes: Iterable[Write], places: Places) -> Iterator[Write]:
    """The same, where each new record knows how often the ledger says the same already."""
    for (_, kind, _), record in groupby(writes, key=lambda w: (w.number, w.kind, w.record)):
        fields = list(record)
        alike = len(places.alike(kind, fields)) if kind != "change" else 0
        yield from (replace(one, before=str(alike)) if alike else one for one in fields)


def question(number: str, origin: Origin, entry: Entry, candidate: Entry) -> Question:
    """Whether a submitted project is one of the ledger's."""
    return Question(
        number,
        origin.unit or entry.lead,
        entry.name,
        candidate.project,
        candidate.name,
        entry.credit_code,
        entry.project,
        origin.file,
        entry.cell("name"),
    )


@dataclass(frozen=True, slots=True)
class Sender:
    """A unit's file as what goes back to it needs to know it; `path` as seen from the report."""

    unit: str
    path: str
    submission: Submission
    policy: Policy

    def fault(self, place: Cell, text: str, hint: str, number: str = "") -> Fault:
        """A fault at a cell of the file, with a right example of what belongs there."""
        file, digest = self.submission.file, self.submission.digest
        example = self._example(place)
        return Fault(self.unit, file, self.path, digest, place, text, hint, example, number)

    def returned(self, number: str, one: Difference) -> Fault:
        """What is told of a row of 差异 that is returned."""
        said = f"报送{_quoted(one.submitted)}，{_whose(one)}{_quoted(one.known)}"
        what = f"{KIND_TEXTS[one.kind]}：{one.name}{one.field_text and '的' + one.field_text}"
        text = "；".join(filter(None, (what, said if one.field else "", one.note)))
        fault = self.fault(one.cell or Cell(""), text, _TODO.get(one.kind, _CHECK), number)
        example = example_of(one.field.rpartition(".")[2], self.policy, self.unit)
        return replace(fault, example=_EXAMPLES.get(one.field, example))

    def faults(self, found: Iterable[Diagnostic]) -> Iterator[Fault]:
        """What was found wrong with the file; what was only noted is not told."""
        for one in found:
            if one.severity is not Severity.NOTE:
                place = one.place if isinstance(one.place, Cell) else Cell("")
                yield self.fault(place, one.message(), _TO_UNITS.get(one.code, one.hint()))

    def _example(self, place: Cell) -> str:
        """How the field is written that stands in a cell; "" where that is not known."""
        fields = _fields(self.submission.entries)
        return example_of(fields.get((place.sheet, place.column), ""), self.policy, self.unit)


def faults_of(
    rows: Iterable[Arrival],
    submissions: Iterable[Submission],
    policy: Policy,
    paths: Mapping[str, str],
) -> Iterator[Fault]:
    """What was wrong with the files themselves; a file that a later one replaced is let be."""
    by_file = {one.file: one for one in submissions}
    for row in rows:
        if row.file and "overtaken" not in row.states:
            sender = Sender(row.unit, paths.get(row.file, ""), by_file[row.file], policy)
            yield from sender.faults(row.found)


def _quoted(said: str) -> str:
    """What a cell says, in quotes; that it says nothing, without."""
    return f"“{said}”" if said else _BLANK


def _whose(one: Difference) -> str:
    """Who says otherwise: the ledger, another file, or the rows below a total."""
    if one.kind == "total":
        return "各行之和"
    return "台账" if one.other_file == LEDGER else one.other_file


def _fields(entries: Sequence[Entry]) -> dict[tuple[str, int], str]:
    """Which field each column of a file's sheets holds."""
    found: dict[tuple[str, int], str] = {}
    for entry in entries:
        columns = {**entry.columns}
        if total := columns.pop("received", 0):  # an amount here, a day among receipts
            columns["amount"] = total
        found |= {(entry.sheet, column): name for name, column in columns.items()}
        for payment in entry.payments:
            found |= {(payment.sheet, column): name for name, column in payment.columns.items()}
    return found


def example_of(field: str, policy: Policy, unit: str = "") -> str:
    """A field written rightly; "" where there is no example of it.

    >>> from xlplan.policy import load_policy
    >>> policy = load_policy("fuling-2021")
    >>> example_of("amount", policy), example_of("signed", policy), example_of("remark", policy)
    ('0.5（亿元）', '2021-07-10', '')
    """
    if field == "amount":
        return _shown(field, _EXAMPLE_AMOUNT)
    if field == "received":
        return _shown(field, policy.issued)
    if field in ("remark", "project"):
        return ""
    return _shown(field, right_examples(policy, unit).get(field))


def _shown(field: str, value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    money = field in _MONEY or field == "amount"
    return f"{value}（亿元）" if money else str(value or "")
