"""变更记录 and 核对记录: what is added to the ledger's own lists of what was done and said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from xlplan import package
from xlplan.diagnostics import Cell, RequestError
from xlplan.model import CHANGE_LOG_SHEET, HEAD_NOTE_SHEET, LOG_TITLES, VERDICT_SHEET
from xlplan.reconciling.decisions import Question, seen
from xlplan.reconciling.heads import NOTE_HEADS
from xlplan.reconciling.verdicts import VERDICT_HEADS
from xlplan.sheets.layout import HEAD_ROW, row_heights
from xlplan.sheets.listing import Row
from xlplan.sheets.logs import CHANGE_LOG_HEADS, Log, log_sheet
from xlplan.tables.head_notes import HeadNote

if TYPE_CHECKING:
    from xlplan.app.book import FileBook
    from xlplan.sheets.description import Sheet

CHANGES = Log(
    CHANGE_LOG_SHEET,
    LOG_TITLES[CHANGE_LOG_SHEET],
    "采用报送时逐条记下，只往下加，不改旧的；撤销那一次采用时随之撤回。",
    CHANGE_LOG_HEADS,
    (18, 12, 10, 12, 26, 14, 22, 40, 18, 18, 28, 18, 10),
)
VERDICTS = Log(
    VERDICT_SHEET,
    LOG_TITLES[VERDICT_SHEET],
    "“疑似匹配”里认定过的，下次核对不再询问；要改认定，在最下面加一行写新的判断。",
    tuple(VERDICT_HEADS.values()),
    (18, 28, 12, 22, 12, 28, 16, 12, 14, 40),
)
HEAD_NOTES = Log(
    HEAD_NOTE_SHEET,
    LOG_TITLES[HEAD_NOTE_SHEET],
    "单位自己的表头对应哪一列，认过的下次就认得；“不读”是不用读的列。要改，在最下面加一行。",
    (*NOTE_HEADS, "认定人", "认定日期"),
    (18, 30, 20, 12, 14),
)

_ASKED = 6
"""How many columns of 核对记录 say what was asked; the answer is the next."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change to the ledger: from what to what, where, and by whose file and cell."""

    number: str
    action: str
    project: str
    name: str
    field: str
    before: str
    after: str
    cell: Cell
    unit: str
    file: str
    source: Cell

    def row(self, when: str, who: str) -> Row:
        """The line as 变更记录 keeps it."""
        told = (self.action, self.project, self.name, self.field, self.before, self.after)
        place = str(self.source) if self.source.sheet else ""
        whose = (str(self.cell), self.unit, self.file, place, self.number)
        return (when, who, *told, *whose)


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """What somebody said about one row of 疑似匹配."""

    question: Question
    word: str
    who: str

    @property
    def asked(self) -> tuple[str, ...]:
        """What was asked: what a unit calls so, and a project of the ledger."""
        asked = self.question
        return (
            *(asked.unit, asked.name, asked.submitted_project, asked.credit_code),
            *(asked.project, asked.project_name),
        )

    def row(self, when: datetime) -> Row:
        """The line as 核对记录 keeps it."""
        source = f"{self.question.file} {self.question.source}".strip()
        return (*self.asked, self.word, self.who, when.date(), source)


@dataclass(frozen=True, slots=True)
class Logged:
    """The edits that lengthen lists that are there, and the verdicts and notes that are new."""

    edits: tuple[package.AddRows, ...]
    verdicts: tuple[VerdictLine, ...]
    notes: tuple[HeadNote, ...] = ()


def log_edits(
    book: "FileBook",
    lines: Sequence[Line],
    verdicts: Sequence[VerdictLine],
    who: str,
    notes: Sequence[HeadNote] = (),
) -> "tuple[list[Sheet], Logged]":
    """New sheets, or rows below those that are there, for what was done and said.

    Raises:
        RequestError: XP958 where a sheet of such a name is not ours.
    """
    now = datetime.now().astimezone()
    latest = {tuple(row[:_ASKED]): row[_ASKED] for row in _rows(book, VERDICTS)}
    fresh = [one for one in verdicts if latest.get(one.asked) != one.word]
    known = {(unit, head): word for unit, head, word, *_ in _rows(book, HEAD_NOTES)}
    noted = [one for one in notes if known.get((one.unit, one.head)) != one.word]
    when = now.strftime("%Y-%m-%d %H:%M:%S")
    sheets: list[Sheet] = []
    edits: list[package.AddRows] = []
    for log, rows in (
        (CHANGES, [line.row(when, who) for line in lines]),
        (VERDICTS, [one.row(now) for one in fresh]),
        (HEAD_NOTES, [(one.unit, one.head, one.word, who, now.date()) for one in noted]),
    ):
        if rows and log.name in book.sheet_names():
            edits.append(_below(book, log, rows))
        elif rows:
            sheets.append(log_sheet(log, rows))
    return sheets, Logged(tuple(edits), tuple(fresh), tuple(noted))


def _rows(book: "FileBook", log: Log) -> list[list[str]]:
    """The rows that a list has already."""
    if log.name not in book.sheet_names():
        return []
    grid = book.grid(log.name)
    if not str(grid.at(1, 1)).startswith(log.title):
        raise RequestError("XP958", sheet=log.name, path=book.path)
    across = range(1, len(log.heads) + 1)
    heads = [seen(grid.at(HEAD_ROW, at)) for at in across]
    if heads != list(log.heads):
        raise RequestError("XP958", sheet=log.name, path=book.path)
    last = grid.first_row + len(grid.rows)
    rows = [[seen(grid.at(row, at)) for at in across] for row in range(HEAD_ROW + 1, last)]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _below(book: "FileBook", log: Log, rows: Sequence[Row]) -> package.AddRows:
    last = HEAD_ROW + len(_rows(book, log))
    like = last if last > HEAD_ROW else 0
    values = tuple({at: it for at, it in enumerate(row, 1) if it not in ("", None)} for row in rows)
    widths = dict(enumerate(log.widths, start=1))
    heights = tuple(row_heights(last + 1, rows, widths).values())
    return package.AddRows(log.name, last + 1, (1, len(log.heads)), values, like, heights)
