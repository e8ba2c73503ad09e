"""The corridor of reconciling: a ledger and its units' files → who submitted what, what differs.

The ledger is only read; what is found goes into a report, a workbook of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan.app import recalculation
from xlplan.app.book import FileBook
from xlplan.app.collecting import Handed, collect
from xlplan.app.differing import Row, numbered, tiers_of
from xlplan.app.effects import Computed
from xlplan.app.recalculation import Basis, Request, Step, quiet
from xlplan.app.submission_call import due_of, units_of
from xlplan.diagnostics import Diagnostics
from xlplan.model import UNIT_SHEET
from xlplan.reconciling import (
    LEDGER,
    Entry,
    Matching,
    Submission,
    Terms,
    Verdict,
    differences,
    match,
    verdicts,
)
from xlplan.reconciling.board import Arrival, Board, Call, board
from xlplan.tables.head_notes import remembered
from xlplan.tables.ledgers import Law
from xlplan.tables.lists import read_units
from xlplan.tables.submissions import Reader, ledger_entries
from xlplan.tables.verdicts import read_verdicts
from xlplan.tables.workbook import find_blocks

if TYPE_CHECKING:
    from xlplan.app.book import Book

STAGES = ("settings", "ledger", "collect", "match", "sheets", "write")
"""The stages of reconciling, in order."""


def _nothing(_count: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Collection:
    """What is to be reconciled: the files, by when they were due, and on what to read them.

    `due` None = by the policy's calendar, where it has a day for that period. `executor` None =
    this machine's processors, where that pays. `done` is called with every file read. `where` is
    the ledger's own file, for one that is open in a program.
    """

    handed: tuple[Handed, ...]
    due: date | str | None = None
    executor: Executor | None = None
    done: Callable[[int], None] = _nothing
    where: Path | None = None


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """The ledger that was read: its name, where it lies, the SHA-256 of its bytes, and when.

    A workbook that is open in a program has no bytes, and no place before it is saved.
    """

    name: str
    path: Path | None
    digest: str
    made: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of it: the ledger, the files, the board, how each project was placed, what differs.

    `files` are the board's rows with what was found in the files alone; the board itself tells
    what differs from the ledger too.
    """

    origin: LedgerFile
    basis: Basis
    handed: tuple[Handed, ...]
    ledger: tuple[Entry, ...]
    submissions: tuple[Submission, ...]
    board: Board
    matching: Matching
    rows: tuple[Row, ...]
    files: tuple[Arrival, ...]
    due: date | None = None

    @property
    def ours(self) -> Diagnostics:
        """What was found in the ledger."""
        return self.matching.found.get(LEDGER, Diagnostics())

    @property
    def diagnostics(self) -> Diagnostics:
        """Everything that was found, in the ledger first, then file after file."""
        of_files = (one for row in self.board.rows for one in row.found)
        return Diagnostics((*self.ours, *of_files))


def reconcile_files(
    book: "Book", request: Request, what: Collection, step: Step = quiet
) -> Reconciliation:
    """Hold what units handed in against the ledger; nothing is written.

    Raises:
        RequestError: as `recalculate`; XP929 for a due date that cannot be read.
    """
    basis = recalculation.read(book, request, step)
    law, ledger = _read(book, basis)
    due = due_of(what.due, basis.policy, basis.period)
    reader = Reader(law, remembered(book, law.register))
    said = read_verdicts(book)
    step("collect")
    submissions = collect(what.handed, reader, what.executor, what.done)
    step("match")
    call = Call(units_of(basis.ledger, basis.period), basis.policy, basis.period, due)
    came = board(submissions, call)
    matching = _matched(said, ledger, came, basis)
    own = _with_found(came, matching.found)
    computed = Computed(basis.ledger, law, basis.period, basis.as_of)
    terms = Terms(basis.period, tiers_of(computed, ledger, matching.matches))
    compared = differences(ledger, came.used, matching, terms)
    return Reconciliation(
        *(_file_of(book, what.where), basis, tuple(what.handed), ledger, tuple(submissions)),
        _with_found(own, compared.found),
        matching,
        numbered(book, computed, compared.differences),
        own.rows,
        due,
    )


def _read(book: "Book", basis: Basis) -> tuple[Law, tuple[Entry, ...]]:
    """What reading submissions needs to know, and the ledger's own projects."""
    blocks, policy = find_blocks(book, basis.policy), basis.policy
    units = [block for block in blocks if block.kind == UNIT_SHEET]
    _, register = read_units(units, policy, Diagnostics())
    law = Law(policy, register)
    return law, ledger_entries(blocks, law)


def _file_of(book: "Book", where: Path | None) -> LedgerFile:
    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(book, FileBook):
        return LedgerFile(book.name, book.path, book.digest, made)
    return LedgerFile(book.name, where, "", made)


def _matched(
    given: Sequence[Verdict], ledger: Sequence[Entry], came: Board, basis: Basis
) -> Matching:
    """The projects that count, placed; what was said about them before is not asked again."""
    ours = Diagnostics()
    said = verdicts(given, ledger, ours)
    matching = match(ledger, came.used, said, (basis.policy.area,))
    ours.extend(matching.found.get(LEDGER, ()))
    return replace(matching, found={**matching.found, LEDGER: ours})


def _with_found(came: Board, found: Mapping[str, Diagnostics]) -> Board:
    """The board with what else was found in each file."""
    rows = tuple(
        replace(row, found=Diagnostics((*row.found, *found.get(row.file, ())))) if row.file else row
        for row in came.rows
    )
    return replace(came, rows=rows)
