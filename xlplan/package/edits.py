"""Single cells of an input sheet get new values, and tables new rows; all else stays as it was.

Where a value cannot go without harm (into a formula, an array, a merged area, a locked cell) it is
refused with the reason, never forced.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xlplan.diagnostics import Cell
from xlplan.sheets.description import Value


@dataclass(frozen=True, slots=True)
class SetCell:
    """One cell gets a value; None empties it. A formula gives way only `over_formula`."""

    sheet: str
    row: int
    column: int
    value: Value
    over_formula: bool = False


@dataclass(frozen=True, slots=True)
class AddRows:
    """Rows go below a table that spans the sheet columns `columns`, from row `at` on.

    Each row's values stand by column. They are dressed like row `like`, the table's last; 0 where
    it has none: then as the cells lie there. Formulas of that row are carried on. `heights` in
    points, one a row; without them new rows are as high as that one.
    """

    sheet: str
    at: int
    columns: tuple[int, int]
    rows: tuple[Mapping[int, Value], ...]
    like: int = 0
    heights: tuple[float, ...] = ()

    @property
    def last(self) -> int:
        """The last row that it fills."""
        return self.at + len(self.rows) - 1


CellEdit = SetCell | AddRows


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit that cannot be done without harm, where, and why."""

    edit: CellEdit
    place: Cell
    reason: str


def by_sheet(edits: Iterable[CellEdit]) -> dict[str, list[CellEdit]]:
    """The edits of each sheet, by the sheet's name without case."""
    found: dict[str, list[CellEdit]] = {}
    for edit in edits:
        found.setdefault(edit.sheet.casefold(), []).append(edit)
    return found
