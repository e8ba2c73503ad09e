"""列对照: which field a unit's own head means, once somebody has said so.

The sheet stands in a report, where it is filled in, and in the ledger, where it is remembered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlplan.model import HEAD_NOTE_SHEET
from xlplan.reconciling.heads import NOT_READ, NOTE_HEADS, field_of
from xlplan.tables.columns import said
from xlplan.tables.grid import Grid, Source
from xlplan.tables.register import Register
from xlplan.tables.words import bare, plain

_HEAD_WITHIN = 20


@dataclass(frozen=True, slots=True)
class HeadNote:
    """One row: what a unit heads so means the field of that name, or is not to be read."""

    unit: str
    head: str
    word: str


def head_notes(source: Source) -> list[HeadNote]:
    """The rows of the sheet that are filled in with a word that is known; none without it."""
    if HEAD_NOTE_SHEET not in source.sheet_names():
        return []
    notes = _notes(source.grid(HEAD_NOTE_SHEET))
    return [one for one in notes if one.head and (one.word == NOT_READ or field_of(one.word))]


def _notes(grid: Grid) -> Iterator[HeadNote]:
    top, columns = _head(grid)
    for row in range(top + 1, grid.first_row + len(grid.rows)) if top else ():
        unit, head, word = (said(grid.at(row, columns[name])) for name in NOTE_HEADS)
        yield HeadNote(unit, head, word)


def _head(grid: Grid) -> tuple[int, Mapping[str, int]]:
    """The row of the heads and their columns; row 0 where there is none."""
    for at, cells in enumerate(grid.rows[:_HEAD_WITHIN]):
        columns = {said(cell): column for column, cell in enumerate(cells, grid.first_column)}
        if columns.keys() >= set(NOTE_HEADS):
            return grid.first_row + at, columns
    return 0, {}


def remembered(source: Source, register: Register) -> Mapping[str, Mapping[str, str]]:
    """By unit, heads in plain form and the field that each means, "" = not to be read.

    Of two rows about one head the lower holds.
    """
    found: dict[str, dict[str, str]] = {}
    for note in head_notes(source):
        unit = register.resolve(note.unit) or ""
        if unit or not note.unit:
            found.setdefault(unit, {})[bare(plain(note.head))] = field_of(note.word)
    return found
