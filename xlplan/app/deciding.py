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
from xlplan.reconcile.board import Arrival
from xlplan.reconcile.decisions import After, Fault, Question, Write, seen
from xlplan.reconcile.nouns import Entry, Payment, Submission
from xlplan.sheets.description import Value
from xlplan.sheets.forms import right_examples
from xlplan.tables.grid import Source

_FIELDS = tuple(head.field for head in (*PROJECT_HEADS, *MORE_PROJECT_HEADS))
_MONEY = frozenset(head.field for head in PROJECT_HEADS if head.holds == "money")
_EXAMPLE_AMOUNT = 0.5


@dataclass(frozen=True, slots=True)
class Origin:
    """Which unit handed something in, and in which file."""

    unit: str
    file: str


def after_of(entry: Entry, field: str) -> After:
    """What a submitted project says of a field, as the ledger would keep it; None = nothing."""
    value = getattr(entry, field)
    if isinstance(value, tuple):
        return "、".join(value) or None
    return value if isinstance(value, int) else value or None


def change(
    book: Source, number: str, origin: Origin, rows: tuple[Entry, Entry], field: str
) -> Write:
    """The write that lets one field of a ledger's project say what the submission says.

    `rows` are the submitted project and the ledger's.
    """
    submitted, ledger = rows
    column = ledger.columns.get(field, 0)
    grid = book.grid(ledger.sheet)
    return Write(
        number,
        "change",
        field,
        after_of(submitted, field),
        ledger.sheet,
        ledger.row,
        column,
        before=seen(grid.at(ledger.row, column)) if column else "",
        project=ledger.project,
        name=ledger.name,
        unit=origin.unit,
        file=origin.file,
        source=submitted.cell(field),
    )


def new_project(number: str, origin: Origin, entry: Entry) -> Iterator[Write]:
    """The writes that enter a submitted project into the ledger, with its receipts."""
    for field in _FIELDS:
        after = after_of(entry, field)
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

    def faults(self, found: Iterable[Diagnostic]) -> Iterator[Fault]:
        """What was found wrong with the file; what was only noted is not told."""
        for one in found:
            if one.severity is not Severity.NOTE:
                place = one.place if isinstance(one.place, Cell) else Cell("")
                yield self.fault(place, one.message(), one.hint())

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
