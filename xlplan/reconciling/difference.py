"""One difference, with both its cells, and what it would write into the ledger if it is adopted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from xlplan.diagnostics import Cell
from xlplan.model import MORE_PROJECT_HEADS, PROJECT_HEADS, in_yi
from xlplan.quantity import Period, exact_decimal
from xlplan.reconciling.nouns import LEDGER, Entry, Payment, Submission

DifferenceKind = Literal[
    "new",
    "missing",
    "changed",
    "filled",
    "blank",
    "claimed",
    "slip",
    "transposed",
    "receipt",
    "receipt changed",
    "receipt missing",
    "receipt unknown",
    "fell",
    "more",
    "exceeds",
    "total",
    "outside",
    "tier",
]

KIND_TEXTS: Mapping[DifferenceKind, str] = {
    "new": "台账没有的项目",
    "missing": "台账有、没有报送",
    "changed": "不一致",
    "filled": "台账空着，报送有",
    "blank": "报送空着，台账有",
    "claimed": "牵头单位有争议",
    "slip": "疑为万元、亿元写错",
    "transposed": "疑为数字颠倒",
    "receipt": "新的到位资金",
    "receipt changed": "到位资金不一致",
    "receipt missing": "台账有、没有报送的到位资金",
    "receipt unknown": "到位资金对应不到项目",
    "fell": "累计到位比台账少",
    "more": "累计到位比台账多",
    "exceeds": "累计到位超过协议资金",
    "total": "合计与各行之和不符",
    "outside": "日期不在本期",
    "tier": "档次与规则不符",
}
"""What a clerk reads for each kind."""

FIELD_TEXTS: Mapping[str, str] = {
    **{head.field: head.head for head in (*PROJECT_HEADS, *MORE_PROJECT_HEADS)},
    "received": "累计到位",
    "tier": "档次",
    "payment.amount": "到位金额",
    "payment.received": "到位日期",
}
"""What a clerk reads for each field."""

Adopts = Literal["", "change", "project", "receipt"]
Value = str | int | date | tuple[str, ...] | None
"""A field's value: 分, a day, a text, several names, or nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between a submission and the ledger, or another submission.

    `file` and `cell` say where the unit wrote it (the cell is None for what it did not write),
    `other_file` (`LEDGER` as a rule) and `other` where it stands otherwise. `submitted` and `known`
    are what both say, as shown, money in 亿元. `adopts` is what adopting writes: a `change` puts
    `value` into `other`, a `project` or `receipt` adds `entry` or `payment`; "" adopts nothing.
    """

    kind: DifferenceKind
    unit: str
    file: str
    project: str
    name: str
    field: str
    cell: Cell | None
    other: Cell | None
    submitted: str = ""
    known: str = ""
    note: str = ""
    adopts: Adopts = ""
    value: Value = None
    other_file: str = LEDGER
    entry: Entry | None = None
    ledger: Entry | None = None
    payment: Payment | None = None

    @property
    def field_text(self) -> str:
        """The field as a clerk calls it."""
        return FIELD_TEXTS.get(self.field, "")


def place_of(one: Difference) -> tuple[str | int, ...]:
    """By file and cell; what a unit did not write comes after, by the ledger's rows."""
    cell = one.cell or Cell("\U0010ffff")
    other = one.other or Cell("")
    here = (one.file, cell.sheet, cell.row, other.sheet, other.row, cell.column)
    return *here, one.kind, one.field, one.other_file, one.project, one.name


@dataclass(frozen=True, slots=True)
class Context:
    """The submission that is compared, and by what."""

    submission: Submission
    period: Period | None
    tiers: Mapping[str, str]
    has_payments: bool

    def difference(
        self, kind: DifferenceKind, entry: Entry, ledger: Entry | None, name: str = ""
    ) -> Difference:
        """A difference in a field of a row ("" = the row as a whole), with the cells of both."""
        return Difference(
            kind,
            self.submission.unit,
            entry.file,
            ledger.project if ledger else entry.project,
            entry.name or (ledger.name if ledger else ""),
            name,
            entry.cell(name or "name"),
            ledger.cell(name or "name") if ledger else None,
            entry=entry,
            ledger=ledger,
        )

    def missing(self, known: Entry, note: str) -> Difference:
        """A project of the ledger that the unit did not submit."""
        return Difference(
            "missing",
            self.submission.unit,
            self.submission.file,
            known.project,
            known.name,
            "",
            None,
            known.cell("name"),
            known=outline(known),
            note=note,
            ledger=known,
        )


def shown(value: Value) -> str:
    """A value as the report shows it, money in 亿元, exactly.

    >>> shown(160_000_000_00), shown(date(2021, 3, 1)), shown(("甲", "乙")), shown(None)
    ('1.6亿元', '2021-03-01', '甲、乙', '')
    """
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{exact_decimal(in_yi(value))}亿元"
    if isinstance(value, date):
        return value.isoformat()
    return "、".join(value) if isinstance(value, tuple) else value


def outline(entry: Entry) -> str:
    """What a project is in one line: by whom, how large, from when.

    >>> outline(Entry("", "", 4, investor="华岚公司", agreement=160_000_000_00))
    '华岚公司，协议资金 1.6亿元'
    """
    amounts = (("投资额", entry.investment), ("协议资金", entry.agreement))
    parts = [f"{word} {shown(amount)}" for word, amount in amounts if amount is not None]
    signed = f"{shown(entry.signed)} 签约" if entry.signed else ""
    return "，".join(filter(None, (entry.investor, *parts, signed)))
