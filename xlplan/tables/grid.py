"""What a sheet looks like once read: the only thing that the table readers know of a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from xlplan.diagnostics import Cell

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle of sheet cells, both corners included, counting from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as read; `rows[0][0]` is the sheet's cell (`first_row`, `first_column`).

    Cells hold what the file says: str, float, int, bool, date, datetime, time, timedelta; "" or
    None = empty. Rows may be of unequal length. `uncached` are formulas without a saved result,
    `errors` the error values by position; both stand empty in `rows`. Positions are (row, column)
    of the sheet, counting from 1. `reach` is the last row that the file has, were it only
    formatted; 0 = not known.
    """

    name: str
    rows: Sequence[Sequence[object]]
    first_row: int = 1
    first_column: int = 1
    merged: tuple[Span, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    filtered_rows: frozenset[int] = frozenset()
    uncached: frozenset[Position] = frozenset()
    errors: tuple[tuple[Position, str], ...] = ()
    visible: bool = True
    reach: int = 0

    def cell(self, row: int, column: int = 0) -> Cell:
        """The place of a sheet position."""
        return Cell(self.name, row, column)

    def at(self, row: int, column: int) -> object:
        """The value at a sheet position; None outside."""
        inner, across = row - self.first_row, column - self.first_column
        if 0 <= inner < len(self.rows) and 0 <= across < len(self.rows[inner]):
            return self.rows[inner][across]
        return None


class Source(Protocol):
    """A workbook that can be read sheet by sheet; a sheet that nobody asks for is not loaded."""

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        ...

    def sheet_names(self) -> Sequence[str]:
        """The names of the worksheets in their order."""
        ...

    def grid(self, name: str) -> Grid:
        """One sheet; KeyError if there is none of that name."""
        ...


@runtime_checkable
class Stored(Protocol):
    """A source that can read again: it need not hold all cells, nor load a sheet for its title."""

    def title(self, name: str) -> object:
        """The value of A1; KeyError without such a sheet."""
        ...

    def forget(self) -> None:
        """Let go of the cells that were read; they are read again when asked for."""
        ...
