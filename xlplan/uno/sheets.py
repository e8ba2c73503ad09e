"""Sheets of a document, and the names defined in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from xlwings import base_classes

from xlplan.uno.bridge import Remote, struct
from xlplan.uno.far import given, routines, told
from xlplan.uno.formulas import to_excel, to_office
from xlplan.uno.looks import Condition
from xlplan.uno.native import NativeSheet
from xlplan.uno.ranges import Area, Range
from xlplan.uno.values import rows_of

if TYPE_CHECKING:
    from xlplan.uno.engine import Book

Corners = tuple[int, int, int, int]
"""First row, first column, last row, last column, counting from 1."""

Rule = tuple[str, Mapping[str, object], int, int]
"""A formula, the looks where it holds, the row and the column that it counts from."""

Whole = tuple[
    tuple[str, bool], list[list[object]], tuple[int, int], list[Area], list[int], list[int]
]

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})?\$?(\d{1,7})?(?::\$?([A-Z]{1,3})?\$?(\d{1,7})?)?")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_EVERYTHING = 1023  # all of com.sun.star.sheet.CellFlags
_CONTENT = 1 | 2 | 4 | 16  # numbers, days, texts, formulas


class Sheets(base_classes.Sheets):
    """The sheets in their order."""

    def __init__(self, book: "Book") -> None:
        self.book = book
        self._sheets = book.document.Sheets

    @property
    def api(self) -> Remote:
        return self._sheets

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [str(name) for name in self._sheets.ElementNames]

    def marks(self, names: Sequence[str]) -> dict[str, str]:
        """Of each sheet a mark of where its cells are and what was entered; looks not."""
        found = told(routines().marks, self._sheets, tuple(names))
        return dict(zip(names, found, strict=True))

    @property
    def active(self) -> "Sheet":
        return Sheet(self.book, self.book.controller.getActiveSheet())

    def __call__(self, name_or_index: int | str) -> "Sheet":
        if isinstance(name_or_index, int):
            return Sheet(self.book, self._sheets.getByIndex(name_or_index - 1))
        known = {str(name).casefold(): name for name in self._sheets.ElementNames}
        return Sheet(self.book, self._sheets.getByName(known[name_or_index.casefold()]))

    def __contains__(self, name: str) -> bool:
        return name.casefold() in {str(known).casefold() for known in self._sheets.ElementNames}

    def __len__(self) -> int:
        return int(self._sheets.Count)

    def __iter__(self) -> Iterator["Sheet"]:
        for at in range(self._sheets.Count):
            yield Sheet(self.book, self._sheets.getByIndex(at))

    def add(
        self,
        before: "Sheet | None" = None,
        after: "Sheet | None" = None,
        name: str | None = None,
    ) -> "Sheet":
        names = set() if name else {*self.names}
        chosen = name or next(new for n in range(1, 9999) if (new := f"Sheet{n}") not in names)
        if after and not before:
            return Sheet(self.book, given(routines().add_sheet, self._sheets, after.xl, chosen))
        self._sheets.insertNewByName(chosen, before.index - 1 if before else 0)
        return Sheet(self.book, self._sheets.getByName(chosen))


class Sheet(base_classes.Sheet):
    """One sheet."""

    def __init__(self, book: "Book", xl: Remote) -> None:
        self._book = book
        self.xl = xl

    @property
    def api(self) -> NativeSheet:
        return NativeSheet(self._book, self.xl)

    @property
    def book(self) -> "Book":
        return self._book

    @property
    def name(self) -> str:
        return str(self.xl.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.xl.Name = value

    @property
    def names(self) -> "Names":
        return Names(self._book.document, self.xl.NamedRanges)

    @property
    def index(self) -> int:
        return int(self.xl.RangeAddress.Sheet) + 1

    def range(self, arg1: object, arg2: object = None) -> Range:
        if isinstance(arg1, tuple) and len(arg1) == 4:  # noqa: PLR2004 - row, column, rows, columns
            return Range(self, (arg1,))
        if isinstance(arg1, int) and isinstance(arg2, int):
            return Range(self, ((arg1, arg2, 1, 1),))
        first, last = self._corner(arg1), self._corner(arg2)
        if last is None:
            return first or Range(self, ())
        assert first is not None, arg1  # noqa: S101 - a bug of the caller
        (row, column, *_), (below, right, high, wide) = first.areas[0], last.areas[0]
        return Range(self, ((row, column, below + high - row, right + wide - column),))

    def _corner(self, said: object) -> Range | None:
        if said is None or isinstance(said, Range):
            return said
        if isinstance(said, tuple):
            if 0 in said:
                raise IndexError("ranges count from 1")
            return Range(self, ((said[0], said[1], 1, 1),))
        return self._addressed(str(said)) or self._named(str(said))

    def _named(self, said: str) -> Range:
        """The cells of a name; ValueError when there is none."""
        names = self._book.document.NamedRanges
        if not names.hasByName(said):
            raise ValueError(said)
        cells = names.getByName(said).ReferredCells
        return Sheet(self._book, cells.Spreadsheet).at(cells.RangeAddress)

    def _addressed(self, said: str) -> Range | None:
        """Areas as Excel writes them: A1, A1:B2, A:C, 1:3, and several of these after commas."""
        areas = [_area(part) for part in said.upper().split(",")]
        found = tuple(area for area in areas if area)
        return Range(self, found) if len(found) == len(areas) else None

    def at(self, address: Remote) -> Range:
        """The range of one of LibreOffice's addresses."""
        rows, columns = address.EndRow - address.StartRow, address.EndColumn - address.StartColumn
        return Range(
            self, ((address.StartRow + 1, address.StartColumn + 1, rows + 1, columns + 1),)
        )

    @property
    def cells(self) -> Range:
        return Range(self, ((1, 1, self.xl.Rows.Count, self.xl.Columns.Count),))

    @property
    def used_range(self) -> Range:
        top, left, bottom, right = told(routines().used, self.xl)
        return Range(self, ((top + 1, left + 1, bottom - top + 1, right - left + 1),))

    def activate(self) -> None:
        self._book.controller.setActiveSheet(self.xl)

    select = activate

    def clear(self) -> None:
        self.xl.clearContents(_EVERYTHING)

    def clear_contents(self) -> None:
        self.xl.clearContents(_CONTENT)

    def clear_formats(self) -> None:
        self.xl.clearContents(_EVERYTHING & ~_CONTENT)

    def delete(self) -> None:
        self._book.document.Sheets.removeByName(self.name)

    @property
    def visible(self) -> bool:
        return bool(self.xl.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.xl.IsVisible = bool(value)

    @property
    def show_gridlines(self) -> bool:
        return bool(self._on_view().ShowGrid)

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        controller, before = self._book.controller, self._book.controller.getActiveSheet()
        self._on_view().ShowGrid = bool(value)
        controller.setActiveSheet(before)

    def _on_view(self) -> Remote:
        """The view with this sheet in front; grids are a matter of the view."""
        controller = self._book.controller
        controller.setActiveSheet(self.xl)
        return controller

    def whole(self) -> Whole:
        """Everything that it shows, at once; the object model has no word for that.

        Its name and whether it shows; its values and the first one's place; the merged areas; the
        rows that do not show, and those of them that a filter hides.
        """
        formats = self._book.formats
        itself, held, (top, left), *more = told(routines().whole, self.xl, formats.table)
        merged, hidden, filtered = more
        return (
            itself,
            rows_of(held, formats),
            (top + 1, left + 1),
            [(row + 1, column + 1, high, wide) for row, column, high, wide in merged],
            [row + 1 for row in hidden],
            [row + 1 for row in filtered],
        )

    def lay_conditions(
        self, laid: Sequence[tuple[Corners, Sequence[Rule]]], *, fresh: bool = False
    ) -> bool:
        """Lay rules on areas that do not meet; False, and nothing laid, where somebody's are there.

        The object model has no word for several at once. On a `fresh` sheet nobody's are.
        """
        places = [
            (Range(self, ((top, left, below - top + 1, right - left + 1),)), rules)
            for (top, left, below, right), rules in laid
        ]
        there = not fresh and self.xl.ConditionalFormats.getConditionalFormats()
        if there and any(len(cells.conditional_formats) for cells, _ in places):
            return False
        for cells, rules in places:
            cells.conditional_formats.lay([Condition(*rule) for rule in rules])
        return True

    def copy(self, before: "Sheet | None", after: "Sheet | None") -> None:
        """Copy the sheet within its document."""
        sheets = self._book.document.Sheets
        at = before.index - 1 if before else after.index if after else sheets.Count
        names = set(sheets.ElementNames)
        new = next(one for n in range(2, 9999) if (one := f"{self.name} ({n})") not in names)
        sheets.copyByName(self.name, new, at)


def _area(said: str) -> Area | None:
    """Row, column, number of rows and of columns of an address; None for anything else."""
    found = _REFERENCE.fullmatch(said.strip())
    if found is None or not any(found.groups()[:2]):
        return None
    left, top, right, bottom = found.groups()
    whole_rows, whole_columns = left is None, top is None
    first_row, first_column = int(top or 1), _number(left or "A")
    last_row = int(bottom or (_LAST_ROW if whole_columns else top))
    last_column = _number(right or ("XFD" if whole_rows else left))
    return first_row, first_column, last_row - first_row + 1, last_column - first_column + 1


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class Names(base_classes.Names):
    """The names that a document, or a sheet of it, defines."""

    def __init__(self, document: Remote, names: Remote) -> None:
        self._document = document
        self.xl = names

    @property
    def api(self) -> Remote:
        return self.xl

    def __call__(self, name_or_index: int | str) -> "Name":
        if isinstance(name_or_index, int):
            return Name(self, self.xl.getByIndex(name_or_index - 1))
        return Name(self, self.xl.getByName(name_or_index))

    def contains(self, name_or_index: int | str) -> bool:
        if isinstance(name_or_index, int):
            return 0 < name_or_index <= len(self)
        return bool(self.xl.hasByName(name_or_index))

    def __len__(self) -> int:
        return int(self.xl.Count)

    def add(self, name: str, refers_to: str) -> "Name":
        start = struct("table.CellAddress", Sheet=0, Column=0, Row=0)
        self.xl.addNewByName(name, to_office(refers_to).removeprefix("="), start, 0)
        return self(name)


class Name(base_classes.Name):
    """One defined name."""

    def __init__(self, names: Names, xl: Remote) -> None:
        self._names = names
        self.xl = xl

    @property
    def api(self) -> Remote:
        return self.xl

    @property
    def name(self) -> str:
        return str(self.xl.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.xl.Name = value

    @property
    def refers_to(self) -> str:
        return to_excel(f"={self.xl.Content}")

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.xl.Content = to_office(value).removeprefix("=")

    def delete(self) -> None:
        self._names.xl.removeByName(self.name)
