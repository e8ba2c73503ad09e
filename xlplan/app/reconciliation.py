"""The corridor of reconciling: a ledger and the files of its units → who submitted what.

The ledger is only read; what is found goes into a report, a workbook of its own.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xlplan import package
from xlplan.app import recalculation
from xlplan.app.book import FileBook
from xlplan.app.collecting import Handed, collect
from xlplan.app.recalculation import Basis, Request, Step, quiet
from xlplan.diagnostics import Diagnostics, RequestError
from xlplan.model import UNIT_SHEET
from xlplan.progress.calendar import rounds_of
from xlplan.quantity import Day, Period, parse_date
from xlplan.reconcile import LEDGER, Entry, Match, Matching, Submission, match, verdicts
from xlplan.reconcile.board import Arrival, Board, Call, board
from xlplan.sheets.reconciliation import Report, report_sheets
from xlplan.tables.head_notes import remembered
from xlplan.tables.ledgers import Law
from xlplan.tables.lists import read_units
from xlplan.tables.submissions import Reader, ledger_entries
from xlplan.tables.verdicts import read_verdicts
from xlplan.tables.workbook import find_blocks

if TYPE_CHECKING:
    from xlplan.app.book import Book
    from xlplan.model import Ledger
    from xlplan.policy import Policy
    from xlplan.sheets.description import Sheet

STAGES = ("settings", "ledger", "collect", "match", "sheets", "write")
"""The stages of reconciling, in order."""

_HANDING_IN = ("报送", "上报", "填报")
"""What a round of a policy's calendar is about when it is a day to submit by."""


def _nothing(_count: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Collection:
    """What is to be reconciled: the files, by when they were due, and on what to read them.

    `due` None = by the policy's calendar, where it has a day for that period. `executor` None =
    this machine's processors, where that pays. `done` is called with every file read.
    """

    handed: tuple[Handed, ...]
    due: date | str | None = None
    executor: Executor | None = None
    done: Callable[[int], None] = _nothing


@dataclass(frozen=True, slots=True)
class Origin:
    """The ledger that was read: its name, where it lies, the SHA-256 of its bytes, and when.

    A workbook that is open in a program has no bytes, and no place before it is saved.
    """

    name: str
    path: Path | None
    digest: str
    made: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of it: the ledger, the files, the board, how each project was placed."""

    origin: Origin
    basis: Basis
    handed: tuple[Handed, ...]
    ledger: tuple[Entry, ...]
    submissions: tuple[Submission, ...]
    board: Board
    matching: Matching
    due: date | None = None

    @property
    def diagnostics(self) -> Diagnostics:
        """Everything that was found, in the ledger first, then file after file."""
        of_files = (one for row in self.board.rows for one in row.found)
        return Diagnostics((*self.matching.found.get(LEDGER, ()), *of_files))

    def sheets(self, out: Path) -> "tuple[Sheet, ...]":
        """The report's sheets, linked from the folder in which it is to lie."""
        paths = {one.name: _seen_from(out.parent, one.path) for one in self.handed}
        origin, basis = self.origin, self.basis
        paths[LEDGER] = _seen_from(out.parent, origin.path) if origin.path else origin.name
        told = (origin.name, origin.digest, origin.made, basis.policy, basis.period)
        report = Report(*told, self.board, self.matching, self.submissions, self.due, paths)
        return report_sheets(report)


def as_json(done: Reconciliation) -> dict[str, object]:
    """The whole result as plain data; numbers are strings, money in 亿元."""
    basis = done.basis
    return {
        "policy": basis.policy.id,
        "period": basis.period.text,
        "due": done.due.isoformat() if done.due else None,
        "matches": [_match(one) for one in done.matching.matches],
        "board": [_arrival(row) for row in done.board.rows],
        "diagnostics": [
            {"unit": row.unit, "file": row.file, **told}
            for row in (_ledger_row(done), *done.board.rows)
            for told in row.found.rows()
        ],
    }


def _ledger_row(done: Reconciliation) -> Arrival:
    """What was found in the ledger itself, as a row of its own."""
    return Arrival("", found=done.matching.found.get(LEDGER, Diagnostics()))


def _match(one: Match) -> dict[str, object]:
    return {
        "unit": one.unit,
        "file": one.entry.file,
        "cell": str(one.entry.cell("name")),
        "name": one.entry.name,
        "how": one.how,
        "project": one.ledger.project if one.ledger else None,
        "candidates": [
            {"project": other.entry.project, "name": other.entry.name, "because": other.because}
            for other in one.candidates
        ],
    }


def _arrival(row: Arrival) -> dict[str, object]:
    return {
        "unit": row.unit,
        "file": row.file,
        "states": list(row.states),
        "day": row.day.isoformat() if row.day else None,
        "period": row.period,
        "projects": row.projects,
        "used": row.used,
    }


def _seen_from(folder: Path, file: Path) -> str:
    """The way to a file from a folder, as a link says it; the whole path on another drive."""
    try:
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return file.resolve().as_posix()


def check_report(out: Path, *, force: bool = False) -> None:
    """Whether a report may go there: decisions in an earlier one are not to be lost.

    Raises:
        RequestError: XP710 the name is not that of a workbook, XP859 there is one already.
    """
    if out.suffix.lower() != ".xlsx":
        raise RequestError("XP710", path=out, kind=".xlsx")
    if out.exists() and not force:
        raise RequestError("XP859", path=out, count=1)


def write_report(done: Reconciliation, out: Path, *, force: bool = False) -> None:
    """Write the report as a workbook of its own, whole or not at all.

    Raises:
        RequestError: as `check_report`; XP006, XP018 when it cannot be written there.
    """
    check_report(out, force=force)
    package.write_whole(out, package.workbook_bytes(done.sheets(out)))


def reconcile_files(
    book: "Book", request: Request, what: Collection, step: Step = quiet
) -> Reconciliation:
    """Hold what units handed in against the ledger; nothing is written.

    Raises:
        RequestError: as `recalculate`; XP929 for a due date that cannot be read.
    """
    basis = recalculation.read(book, request, step)
    policy, period = basis.policy, basis.period
    blocks = find_blocks(book, policy)
    _, register = read_units(
        [one for one in blocks if one.kind == UNIT_SHEET], policy, Diagnostics()
    )
    law = Law(policy, register)
    reader = Reader(law, remembered(book, register))
    due = _due(what.due, policy, period)
    step("collect")
    submissions = collect(what.handed, reader, what.executor, what.done)
    step("match")
    found = board(submissions, Call(units_of(basis.ledger, period), policy, period, due))
    ledger = ledger_entries(blocks, law)
    matching = _matched(book, ledger, found, policy)
    told = _with_found(found, matching)
    handed = tuple(what.handed)
    return Reconciliation(
        *(_origin(book), basis, handed, ledger, tuple(submissions), told, matching, due)
    )


def _origin(book: "Book") -> Origin:
    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(book, FileBook):
        return Origin(book.name, book.path, book.digest, made)
    return Origin(book.name, None, "", made)


def _matched(book: "Book", ledger: Sequence[Entry], found: Board, policy: "Policy") -> Matching:
    """The projects that count, placed; what was said about them before is not asked again."""
    ours = Diagnostics()
    said = verdicts(read_verdicts(book), ledger, ours)
    matching = match(ledger, found.used, said, (policy.area,))
    ours.extend(matching.found.get(LEDGER, ()))
    return replace(matching, found={**matching.found, LEDGER: ours})


def _with_found(found: Board, matching: Matching) -> Board:
    """The board with what matching found in each file."""
    rows = tuple(
        replace(row, found=Diagnostics((*row.found, *matching.found.get(row.file, ()))))
        if row.file
        else row
        for row in found.rows
    )
    return replace(found, rows=rows)


def units_of(ledger: "Ledger", period: Period) -> tuple[str, ...]:
    """The units that exist on some day of the period, in the order of the register."""
    units = ledger.units
    begun = units["valid_from"].isna() | (units["valid_from"] < np.datetime64(period.end))
    ended = units["valid_to"].notna() & (units["valid_to"] <= np.datetime64(period.start))
    return tuple(units["unit"][begun & ~ended])


def _due(asked: date | str | None, policy: "Policy", period: Period) -> date | None:
    """The day by which was to be submitted: as asked, else the policy's; None = not known.

    Raises:
        RequestError: XP929 for a text that is no whole date.
    """
    if isinstance(asked, str):
        day = parse_date(asked)
        if not isinstance(day, Day) or day.precision != "day":
            raise RequestError("XP929", text=asked)
        return day.date
    return asked or min(_rounds(policy, period), default=None)


def _rounds(policy: "Policy", period: Period) -> Iterable[date]:
    """The days by which the policy's calendar wants reports about exactly that period."""
    year = policy.period_named(policy.year.of(period.start)) or period
    last = period.end - timedelta(days=1)
    for calendar in policy.calendars:
        if any(word in calendar.what for word in _HANDING_IN):
            for one in rounds_of(calendar, year):
                if (one.starts, one.ends) == (period.start, last):
                    yield one.due
