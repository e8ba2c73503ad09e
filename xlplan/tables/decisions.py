"""Reads a report back: what was decided about each of its rows, and what each row would write."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from xlplan.diagnostics import Cell, Diagnostics, RequestError
from xlplan.reconciling.decisions import (
    DECISION_HEAD,
    DECISIONS,
    DIFFERENCE_SHEET,
    DRAFT_SHEET,
    DRAFT_TITLE,
    FACT_HEADS,
    FAULT_HEADS,
    FAULTS_TITLE,
    NUMBER_HEAD,
    QUESTION_HEADS,
    QUESTION_SHEET,
    QUESTIONS_TITLE,
    VERDICT_HEAD,
    VERDICTS,
    WRITE_HEADS,
    WRITES_TITLE,
    Draft,
    fault_of,
    question_of,
    write_of,
)
from xlplan.tables.grid import Grid, Source
from xlplan.tables.words import plain

_T = TypeVar("_T")
_HEAD_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Decided:
    """What one row says: the word, and the cell where it stands."""

    word: str
    place: Cell


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it came back: what it keeps, and by number what was decided."""

    draft: Draft
    decisions: Mapping[str, Decided]
    verdicts: Mapping[str, Decided]
    found: Diagnostics = field(default_factory=Diagnostics)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers that something is kept for, and those that are only told of."""

    all: frozenset[str]
    told: frozenset[str] = frozenset()


def read_report(source: Source) -> Report:
    """Read a report's decisions.

    Words that mean nothing (XP950), rows of one number that are decided differently (XP951), and
    adopted rows that nothing is kept for (XP952) or that only inform (XP965) are said and count as
    not decided.

    Raises: RequestError XP953 where it is no report, or its hidden sheet was changed.
    """
    draft = _read_draft(source)
    found = Diagnostics()
    told = frozenset(one.number for one in draft.faults)
    writes = _Numbers(frozenset(one.number for one in draft.writes), told)
    questions = _Numbers(frozenset(one.number for one in draft.questions))
    sheets = (
        (DIFFERENCE_SHEET, DECISION_HEAD, DECISIONS, writes),
        (QUESTION_SHEET, VERDICT_HEAD, VERDICTS, questions),
    )
    decisions, verdicts = (
        _decided(source.grid(sheet), (head, words, known), found)
        if sheet in source.sheet_names()
        else {}
        for sheet, head, words, known in sheets
    )
    return Report(draft, decisions, verdicts, found)


def _decided(
    grid: Grid, what: tuple[str, Sequence[str], _Numbers], found: Diagnostics
) -> dict[str, Decided]:
    head, words, known = what
    by_word = {plain(word): word for word in words}
    decided: dict[str, Decided] = {}
    twofold: set[str] = set()
    for number, said, place in _rows(grid, head):
        word = by_word.get(plain(said), "")
        if not word:
            found.add("XP950", place, text=said, known="、".join(words))
        elif number not in known.all and word == words[0]:
            code = "XP965" if number in known.told else "XP952"
            found.add(code, place, number=number or "（空白）")
        elif decided.setdefault(number, Decided(word, place)).word != word:
            found.add("XP951", place, number=number, other=decided[number].place)
            twofold.add(number)
    return {number: one for number, one in decided.items() if number not in twofold}


def _rows(grid: Grid, head: str) -> Iterator[tuple[str, str, Cell]]:
    """Number, what is said under `head`, and its cell, of every row where something is said."""
    top, columns = _head(grid, head)
    for row in range(top + 1, grid.first_row + len(grid.rows)) if top else ():
        said = str(grid.at(row, columns[head]) or "").strip()
        if said:
            number = str(grid.at(row, columns[NUMBER_HEAD]) or "").strip()
            yield number, said, grid.cell(row, columns[head])


def _head(grid: Grid, head: str) -> tuple[int, Mapping[str, int]]:
    """The row in which the heads stand, and their columns; row 0 where there is none."""
    wanted = {NUMBER_HEAD, head}
    for at, cells in enumerate(grid.rows[:_HEAD_WITHIN]):
        columns = {str(cell): across for across, cell in enumerate(cells, grid.first_column)}
        if wanted <= columns.keys():
            return grid.first_row + at, columns
    return 0, {}


def _read_draft(source: Source) -> Draft:
    if DRAFT_SHEET not in source.sheet_names():
        raise _no_report(source, f"没有“{DRAFT_SHEET}”表")
    grid = source.grid(DRAFT_SHEET)
    rows = [[str(cell or "").strip() for cell in row] for row in grid.rows]
    if not rows or DRAFT_TITLE not in rows[0]:
        raise _no_report(source, f"“{DRAFT_SHEET}”表不是核对时生成的")
    facts = {row[0]: row[1] for row in rows if len(row) > 1 and row[0] in FACT_HEADS}
    try:
        writes = _table(rows, WRITES_TITLE, WRITE_HEADS, write_of)
        questions = _table(rows, QUESTIONS_TITLE, QUESTION_HEADS, question_of)
        faults = _table(rows, FAULTS_TITLE, FAULT_HEADS, fault_of)
        book, digest, made, policy, period = (facts[head] for head in FACT_HEADS)
        return Draft(book, digest, made, writes, questions, faults, policy, period)
    except (ValueError, LookupError) as changed:
        raise _no_report(source, f"“{DRAFT_SHEET}”表被改动过") from changed


def _table(
    rows: Sequence[Sequence[str]], title: str, heads: Sequence[str], of: Callable[[list[str]], _T]
) -> tuple[_T, ...]:
    """The rows of a table of the hidden sheet: below its title and heads, up to a blank row."""
    top = next(at for at, row in enumerate(rows) if row and row[0] == title)
    width = len(heads)
    if list(rows[top + 1][:width]) != list(heads):
        raise ValueError(title)
    found = []
    for row in rows[top + 2 :]:
        if not any(row):
            break
        found.append(of([*row, *[""] * width][:width]))
    return tuple(found)


def _no_report(source: Source, reason: str) -> RequestError:
    return RequestError("XP953", path=source.name, reason=reason)
