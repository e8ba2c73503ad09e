"""Projects as somebody's table tells them, each cell with its place: the ledger's, or a unit's.

Money is whole 分; None is missing or unreadable, never 0. The file "" is the ledger itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from xlplan.diagnostics import Cell, Diagnostics

LEDGER = ""
"""The file of the ledger's own entries."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One receipt 到位资金 of a project: when, how much in 分, and the cells that say so."""

    received: date | None
    amount: int | None
    sheet: str
    row: int
    columns: Mapping[str, int] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One project as one row of one table tells it.

    `columns` places each field of the row (field → column, counting from 1); `texts` holds the
    cells as written, for what is shown and for what could not be read. `fields` of money hold 分,
    of dates `date`, of several names tuples, else text. `payments` are its receipts in that file;
    `received` is the cumulative amount that a table of one row a project states, in 分.
    """

    file: str
    sheet: str
    row: int
    project: str = ""
    name: str = ""
    investor: str = ""
    credit_code: str = ""
    lead: str = ""
    cooperating: tuple[str, ...] = ()
    landing: str = ""
    team: str = ""
    origin: str = ""
    sector: str = ""
    industry: str = ""
    investment: int | None = None
    output: int | None = None
    agreement: int | None = None
    signed: date | None = None
    status: str = ""
    started: date | None = None
    produced: date | None = None
    remark: str = ""
    level: str = ""
    lists: tuple[str, ...] = ()
    tier: str = ""
    received: int | None = None
    payments: tuple[Payment, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What names the entry among all of them: its file, sheet and row.

        >>> Entry("甲镇.xlsx", "项目台账", 5).key
        '甲镇.xlsx#项目台账!5'
        """
        return f"{self.file}#{self.sheet}!{self.row}"

    def cell(self, name: str) -> Cell:
        """The cell of a field; the whole row where the table has no such column."""
        return Cell(self.sheet, self.row, self.columns.get(name, 0))


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """A unit's own 合计: of which field, in 分 or a number of projects, and its cell."""

    field: str
    value: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Submission:
    """One file that came in, as far as it could be read.

    `file` is the name it is called by, unique among those that came together. `unit`, `policy`,
    `period` are what it says of itself ("" = it does not), `unit_from` how the unit is known:
    form, cell, name (of the file) or rows; `unit_said` what it calls its unit, `otherwise` where
    else it names another one, and which. `is_form` tells our own form from a clerk's layout.
    `saved` is when the file was saved last. `missing` are fields that no table of it has a column
    for, `unknown` the heads that fit no field, with their cells. `failed` says why nothing could
    be read.
    """

    file: str
    digest: str
    unit: str = ""
    unit_from: str = ""
    policy: str = ""
    period: str = ""
    filled_on: date | None = None
    is_form: bool = False
    entries: tuple[Entry, ...] = ()
    totals: tuple[StatedTotal, ...] = ()
    missing: tuple[str, ...] = ()
    found: Diagnostics = field(default_factory=Diagnostics)
    failed: str = ""
    saved: datetime | None = None
    unknown: tuple[tuple[str, Cell], ...] = ()
    unit_said: str = ""
    otherwise: tuple[str, str] | None = None


How = Literal["verdict", "credit_code", "id", "name", "question", "new"]
"""How a submitted project was placed: by what it was recognised, or 疑问, or as new."""

HOW_TEXTS: Mapping[How, str] = {
    "verdict": "人工认定",
    "credit_code": "信用代码",
    "id": "项目编号",
    "name": "项目名称",
    "question": "待认定",
    "new": "台账没有",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against two rows being one project, and its weight."""

    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that a submitted one may be: the ledger's, or another unit's new one.

    `points` add up from the reasons; they rank, and never decide.
    """

    entry: Entry
    points: int
    reasons: tuple[Reason, ...]

    @property
    def because(self) -> str:
        """The reasons in one line, strongest first."""
        return "；".join(reason.text for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a submitted project belongs.

    `ledger` is the project that it is, None for a question or a new one; `candidates` are what it
    may be, best first; `twins` are rows of other units that submit the same new project, and
    `near` such that may be it.
    """

    entry: Entry
    unit: str
    how: How
    ledger: Entry | None = None
    candidates: tuple[Candidate, ...] = ()
    twins: tuple[Entry, ...] = ()
    near: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Matching:
    """All submitted projects in their order, and what was found, by file (`LEDGER` for its own)."""

    matches: tuple[Match, ...]
    found: Mapping[str, Diagnostics]
