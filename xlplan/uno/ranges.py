"""Cells of a sheet: values, formulas, looks. Whole rectangles at once, never cell by cell."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from xlwings import base_classes

from xlplan.diagnostics import column_letters
from xlplan.uno import values
from xlplan.uno.bridge import Remote, enum, struct
from xlplan.uno.far import done, given, routines, told
from xlplan.uno.formulas import to_excel, to_office
from xlplan.uno.looks import Borders, ConditionalFormats, DataValidation, Font, color_of, rgb_of
from xlplan.uno.native import NativeRange
from xlplan.uno.widths import Widths

if TYPE_CHECKING:
    from xlplan.uno.sheets import Sheet

Area = tuple[int, int, int, int]
"""Row, column, number of rows, number of columns; rows and columns count from 1."""

_CONTENT = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: numbers, days, texts, formulas
_LOOKS = 32 | 64 | 128  # hard attributes, styles, drawings are not among them
_MM100_PER_POINT = 2540 / 72
_HORIZONTAL = {
    "general": "STANDARD",
    "left": "LEFT",
    "center": "CENTER",
    "right": "RIGHT",
    "justify": "BLOCK",
    "fill": "REPEAT",
}
_VERTICAL = {"top": 1, "center": 2, "bottom": 3, "justify": 4}


class Range(base_classes.Range):
    """One rectangle, or several areas that are given the same looks at once."""

    def __init__(self, sheet: "Sheet", areas: Sequence[Area]) -> None:
        self._sheet = sheet
        self.areas = tuple(areas)
        self.options: dict[str, object] = {}

    @property
    def sheet(self) -> "Sheet":
        return self._sheet

    @property
    def document(self) -> Remote:
        """The document that the cells are in."""
        return self._sheet.book.document

    @cached_property
    def xl(self) -> Remote:
        """LibreOffice's own range, or its collection of ranges."""
        if len(self.areas) == 1:
            row, column, rows, columns = self.areas[0]
            return self._sheet.xl.getCellRangeByPosition(
                column - 1, row - 1, column + columns - 2, row + rows - 2
            )
        areas = tuple((row - 1, column - 1, high, wide) for row, column, high, wide in self.areas)
        return given(routines().together, self.document, self._sheet.xl, areas)

    @property
    def api(self) -> NativeRange:
        return NativeRange(self)

    @property
    def coords(self) -> tuple[Remote, int, int, int, int]:
        return (self._sheet.xl, *self.areas[0])

    def __len__(self) -> int:
        return sum(rows * columns for _, _, rows, columns in self.areas)

    @property
    def row(self) -> int:
        return self.areas[0][0]

    @property
    def column(self) -> int:
        return self.areas[0][1]

    @property
    def shape(self) -> tuple[int, int]:
        return self.areas[0][2:]

    def __call__(self, arg1: int, arg2: int | None = None) -> "Range":
        """A cell by its number along the rows, or by row and column, within the range."""
        row, column, _, columns = self.areas[0]
        down, across = (arg1 - 1, arg2 - 1) if arg2 is not None else divmod(arg1 - 1, columns)
        return Range(self._sheet, ((row + down, column + across, 1, 1),))

    @property
    def rows(self) -> "Range":
        return self

    @property
    def columns(self) -> "Range":
        return self

    # What the cells hold.

    @property
    def raw_value(self) -> object:
        rows = values.read(self.xl, self._formats)
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, data: object) -> None:
        rows = self._spread(values.rectangle(data))
        self.formula = rows
        for code, areas in self._kinds(rows).items():
            self._format_general(code, areas)

    def _spread(self, rows: Sequence[Sequence[object]]) -> Sequence[Sequence[object]]:
        """One value given for many cells stands in each of them."""
        if len(rows) == 1 and len(rows[0]) == 1 and len(self) > 1:
            high, wide = self.shape
            return [[rows[0][0]] * wide] * high
        return rows

    def _block(self, rows: Sequence[Sequence[object]]) -> Remote:
        row, column, *_ = self.areas[0]
        return self._sheet.xl.getCellRangeByPosition(
            column - 1, row - 1, column + len(rows[0]) - 2, row + len(rows) - 2
        )

    def _kinds(self, rows: Sequence[Sequence[object]]) -> dict[str, list[Area]]:
        """Where values stand that need a format to be seen as what they are; runs down columns."""
        found: dict[str, list[Area]] = {}
        for across, column in enumerate(zip(*rows, strict=True)):
            codes = [values.needed_format(value) for value in column]
            for code, down, height in _runs(codes):
                if code:
                    place = (self.row + down, self.column + across, height, 1)
                    found.setdefault(code, []).append(place)
        return found

    def _format_general(self, code: str, areas: list[Area]) -> None:
        """Show days as days, but only where no format was chosen."""
        for part in (
            part
            for area in areas
            for part in told(routines().groups, Range(self._sheet, (area,)).xl)
        ):
            if self._formats.code(part.NumberFormat) == "General":
                self._formats.give(part, code)

    @property
    def formula(self) -> object:
        rows = tuple(tuple(map(to_excel, row)) for row in self.xl.getFormulaArray())
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: object) -> None:
        """Take formulas and constants side by side, as Excel does; a text cell keeps its text."""
        rows = self._spread(values.rectangle(value))
        zero = self._formats.zero
        marks = [[_is_formula(said) for said in row] for row in rows]
        data = tuple(
            tuple(
                "" if marked else values.as_cell(said, zero)
                for said, marked in zip(row, marked_row, strict=True)
            )
            for row, marked_row in zip(rows, marks, strict=True)
        )
        top, left = self.row - 1, self.column - 1
        formulas = []
        for down, across, high, wide in _filled_areas(marks):
            part = [row[across : across + wide] for row in rows[down : down + high]]
            corners = top + down, left + across, top + down + high - 1, left + across + wide - 1
            said = tuple(tuple(map(_formula_text, row)) for row in part)
            formulas.append((corners, said, tuple(map(tuple, part))))
        cells = self._block(rows)
        done(routines().put, self._sheet.xl, cells, data, tuple(formulas), self._formats.table)

    formula2 = formula

    def clear_contents(self) -> None:
        self.xl.clearContents(_CONTENT)

    def clear_formats(self) -> None:
        self.xl.clearContents(_LOOKS)

    def clear(self) -> None:
        self.xl.clearContents(1023)

    # Where it is, and what is around it.

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:  # noqa: FBT001 - the signature that xlwings calls
        down, across = "$" * row_absolute, "$" * col_absolute
        said = ",".join(_reference(area, down, across) for area in self.areas)
        return f"'{self._sheet.name}'!{said}" if external else said

    @property
    def address(self) -> str:
        return self.get_address(True, True, False)  # noqa: FBT003 - the signature that xlwings calls

    @property
    def current_region(self) -> "Range":
        return self._grown("collapseToCurrentRegion")

    @property
    def merge_area(self) -> "Range":
        return self(1)._grown("collapseToMergedArea")  # noqa: SLF001 - our own

    def _grown(self, method: str) -> "Range":
        cursor = self._sheet.xl.createCursorByRange(self.xl)
        getattr(cursor, method)()
        return self._sheet.at(cursor.RangeAddress)

    @property
    def merge_cells(self) -> bool | None:
        """Whether the cells are merged; None where only some are."""
        if self.shape == (1, 1):
            return len(self.merge_area) > 1
        reaches_out = len(self._grown("collapseToMergedArea")) > len(self)
        if not reaches_out and not self.xl.getIsMerged():
            return False
        (row, column, high, wide), mine = self.merge_area.areas[0], self.areas[0]
        within = row <= mine[0] and column <= mine[1]
        covers = row + high >= mine[0] + mine[2] and column + wide >= mine[1] + mine[3]
        return (within and covers) or None

    def end(self, direction: str) -> "Range":
        """The last cell of the block, or the next one after a gap, as Ctrl and an arrow find it."""
        step = {"down": (1, 0), "up": (-1, 0), "right": (0, 1), "left": (0, -1)}[direction]
        filled = list(self._filled_ahead(step))
        if not filled:
            return self
        if filled[0]:
            at = next((n for n, one in enumerate(filled) if not one), len(filled))
        else:
            at = next((n + 1 for n, one in enumerate(filled) if one), len(filled))
        place = (self.row + step[0] * at, self.column + step[1] * at, 1, 1)
        return Range(self._sheet, (place,))

    def _filled_ahead(self, step: tuple[int, int]) -> Iterator[bool]:
        """Whether each next cell that way holds something, to the edge of what is used."""
        used = self._sheet.used_range
        last_row, last_column = used.row + used.shape[0] - 1, used.column + used.shape[1] - 1
        if step[0]:
            rows = (1, max(last_row, self.row)) if step[0] < 0 else (self.row, last_row)
            area = (rows[0], self.column, max(rows[1] - rows[0] + 1, 1), 1)
        else:
            columns = (
                (1, max(last_column, self.column)) if step[1] < 0 else (self.column, last_column)
            )
            area = (self.row, columns[0], 1, max(columns[1] - columns[0] + 1, 1))
        cells = [value for row in Range(self._sheet, (area,)).xl.getDataArray() for value in row]
        here = (self.row - area[0]) + (self.column - area[1])
        ahead = cells[here + 1 :] if max(step) > 0 else cells[:here][::-1]
        return (value not in ("", None) for value in ahead)

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:  # noqa: ARG002 - LibreOffice copies from above
        mode = "RIGHT" if shift == "right" else "DOWN"
        self._sheet.xl.insertCells(self.xl.RangeAddress, enum("sheet.CellInsertMode", mode))

    def delete(self, shift: str | None = None) -> None:
        mode = "LEFT" if shift == "left" else "UP"
        self._sheet.xl.removeRange(self.xl.RangeAddress, enum("sheet.CellDeleteMode", mode))

    def copy(self, destination: "Range | None" = None) -> None:
        assert destination is not None, "LibreOffice copies to a place only"  # noqa: S101 - a bug of the caller
        there = destination.xl.RangeAddress
        spot = struct(
            "table.CellAddress", Sheet=there.Sheet, Column=there.StartColumn, Row=there.StartRow
        )
        self._sheet.xl.copyRange(spot, self.xl.RangeAddress)

    def select(self) -> None:
        self._sheet.book.controller.select(self.xl)

    def merge(self, across: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature that xlwings calls
        row, column, rows, columns = self.areas[0]
        lines = [(row + n, column, 1, columns) for n in range(rows)] if across else [self.areas[0]]
        for area in lines:
            Range(self._sheet, (area,)).xl.merge(True)  # noqa: FBT003 - no keywords in UNO

    def unmerge(self) -> None:
        self.xl.merge(False)  # noqa: FBT003 - no keywords in UNO

    # How the cells look.

    @property
    def _formats(self) -> values.Formats:
        return self._sheet.book.formats

    @property
    def widths(self) -> Widths:
        """How wide a character is in this document."""
        return self._sheet.book.widths

    @property
    def number_format(self) -> str | None:
        key = self.xl.NumberFormat
        return None if key is None else self._formats.code(key)

    @number_format.setter
    def number_format(self, value: str) -> None:
        self._formats.give(self.xl, value)

    @property
    def font(self) -> Font:
        return Font(self)

    @property
    def borders(self) -> Borders:
        return Borders(self)

    @property
    def data_validation(self) -> DataValidation:
        return DataValidation(self)

    @property
    def conditional_formats(self) -> ConditionalFormats:
        return ConditionalFormats(self)

    @property
    def color(self) -> tuple[int, int, int] | None:
        return rgb_of(self.xl.CellBackColor)

    @color.setter
    def color(self, color_or_rgb: object) -> None:
        self.xl.CellBackColor = color_of(color_or_rgb)

    @property
    def wrap_text(self) -> bool | None:
        said = self.xl.IsTextWrapped
        return None if said is None else bool(said)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.xl.IsTextWrapped = bool(value)

    @property
    def horizontal_alignment(self) -> str | None:
        said = self.xl.HoriJustify
        known = {name: ours for ours, name in _HORIZONTAL.items()}
        return None if said is None else known.get(said.value)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self.xl.HoriJustify = enum("table.CellHoriJustify", _HORIZONTAL[value])

    @property
    def vertical_alignment(self) -> str | None:
        known = {name: ours for ours, name in _VERTICAL.items()}
        return known.get(self.xl.VertJustify)

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self.xl.VertJustify = _VERTICAL[value]

    @property
    def column_width(self) -> float | None:
        width = self.xl.Columns.Width
        return None if width is None else self.widths.characters(width)

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.xl.Columns.Width = self.widths.mm100(value)

    @property
    def row_height(self) -> float | None:
        height = self.xl.Rows.Height
        return None if height is None else round(height / _MM100_PER_POINT, 2)

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.xl.Rows.Height = round(value * _MM100_PER_POINT)

    @property
    def row_hidden(self) -> bool | None:
        """Whether the rows are hidden, by hand or by a filter; None where only some are."""
        seen = _visible(self.xl.queryVisibleCells(), rows=True)
        return _all_or_some(seen & set(range(self.row, self.row + self.shape[0])), self.shape[0])

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.xl.Rows.IsVisible = not value

    @property
    def column_hidden(self) -> bool | None:
        seen = _visible(self.xl.queryVisibleCells(), rows=False)
        columns = set(range(self.column, self.column + self.shape[1]))
        return _all_or_some(seen & columns, self.shape[1])

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.xl.Columns.IsVisible = not value

    def autofit(self, axis: str | None = None) -> None:
        if axis in {None, "columns", "c"}:
            self.xl.Columns.OptimalWidth = True
        if axis in {None, "rows", "r"}:
            self.xl.Rows.OptimalHeight = True

    @property
    def width(self) -> float:
        return float(self.xl.Size.Width) / _MM100_PER_POINT

    @property
    def height(self) -> float:
        return float(self.xl.Size.Height) / _MM100_PER_POINT

    @property
    def left(self) -> float:
        return float(self.xl.Position.X) / _MM100_PER_POINT

    @property
    def top(self) -> float:
        return float(self.xl.Position.Y) / _MM100_PER_POINT

    @property
    def has_array(self) -> bool:
        return bool(self.xl.getArrayFormula())

    @property
    def hyperlink(self) -> str:
        fields = self.xl.getCellByPosition(0, 0).getTextFields().createEnumeration()
        if not fields.hasMoreElements():
            raise ValueError("the cell holds no link")
        return str(fields.nextElement().URL)

    def add_hyperlink(
        self,
        address: str,
        text_to_display: str | None = None,
        screen_tip: str | None = None,  # noqa: ARG002 - LibreOffice shows its own
    ) -> None:
        cell = self.xl.getCellByPosition(0, 0)
        cell.setString(text_to_display or address)
        inside = address.startswith("#")
        self._sheet.api.Hyperlinks.Add(
            Anchor=self.api,
            Address="" if inside else address,
            SubAddress=address.removeprefix("#") if inside else "",
        )


def _reference(area: Area, down: str, across: str) -> str:
    row, column, rows, columns = area
    first = f"{across}{column_letters(column)}{down}{row}"
    if rows == columns == 1:
        return first
    return f"{first}:{across}{column_letters(column + columns - 1)}{down}{row + rows - 1}"


def _runs(codes: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Neighbours of one code: the code, where they begin, how many they are."""
    start = 0
    for at in range(1, len(codes) + 1):
        if at == len(codes) or codes[at] != codes[start]:
            yield codes[start], start, at - start
            start = at


def _is_formula(said: object) -> bool:
    """Whether it is written as one: so are truth values."""
    return isinstance(said, bool) or (isinstance(said, str) and said.startswith("="))


def _formula_text(said: object) -> str:
    """A formula as LibreOffice takes it; a truth value is one of its formulas."""
    return f"={str(said).upper()}()" if isinstance(said, bool) else to_office(str(said))


def _filled_areas(marks: Sequence[Sequence[bool]]) -> list[Area]:
    """The marked cells as rectangles: runs down each column, equal neighbours put together."""
    areas: list[Area] = []
    open_runs: dict[tuple[int, int], int] = {}
    for across, column in enumerate(zip(*marks, strict=True)):
        runs = {
            (start, length)
            for said, start, length in _runs(["x" if marked else "" for marked in column])
            if said
        }
        for (start, length), left in list(open_runs.items()):
            if (start, length) not in runs:
                areas.append((start, left, length, across - left))
                del open_runs[start, length]
        for run in runs:
            open_runs.setdefault(run, across)
    width = len(marks[0]) if marks else 0
    areas += [(start, left, length, width - left) for (start, length), left in open_runs.items()]
    return sorted(areas)


def _visible(found: Remote, *, rows: bool) -> set[int]:
    seen: set[int] = set()
    for part in found.RangeAddresses:
        edges = (part.StartRow, part.EndRow) if rows else (part.StartColumn, part.EndColumn)
        seen.update(range(edges[0] + 1, edges[1] + 2))
    return seen


def _all_or_some(seen: set[int], whole: int) -> bool | None:
    return None if 0 < len(seen) < whole else not seen
