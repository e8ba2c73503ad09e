"""What a described sheet puts into its cells: one rectangle of values and formulas.

Excel takes a text that looks like a number, a day or a formula for one, unless the cell is a text
cell before the text arrives; those texts are told apart here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from xlplan.live.painting import Rectangle, corners, merged
from xlplan.sheets.description import Area, BlockColumn, Sheet, Value
from xlplan.sheets.primitives import fitted, primitive

Content = str | bool | int | float | None


class Formula(str):
    """A formula that stands among the values of a column."""

    __slots__ = ()


_HARMLESS = re.compile(r"[^\d=+\-@'#.年月日时分秒上下午一二三四五六七八九十〇零]+")
_WORDS = frozenset({"TRUE", "FALSE", "真", "假"})
_ROW, _VALUE = "{r}", "{v}"


def looks_like_more(text: str) -> bool:
    """Whether Excel might take a text for something else: a number, a day, a formula, an error.

    >>> [looks_like_more(text) for text in ("0072", "=A1", "3月5日", "TRUE", "园区", "—")]
    [True, True, True, True, False, False]
    """
    return _HARMLESS.fullmatch(text) is None or text.upper() in _WORDS


@dataclass(frozen=True, slots=True)
class Content2D:
    """The rectangle from A1 on that holds everything, and the cells that must be text cells."""

    rows: list[list[Content]]
    texts: list[Rectangle]

    @property
    def height(self) -> int:
        """How many rows it has."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.rows[0]) if self.rows else 0


def extent(sheet: Sheet) -> Area:
    """From A1 to the last cell that is described."""
    areas = [Area(cell.row, cell.column, cell.row, cell.column) for cell in sheet.cells]
    areas += [
        Area(b.row, b.column, b.row + b.height - 1, b.column + len(b.columns) - 1)
        for b in sheet.blocks
        if b.height
    ]
    areas += sheet.merges
    rows = max((area.last_row for area in areas), default=1)
    return Area(1, 1, rows, max((area.last_column for area in areas), default=1))


def content(sheet: Sheet, *, date1904: bool = False) -> Content2D:
    """Every value and formula of a sheet, by row and column."""
    area = extent(sheet)
    rows: list[list[Content]] = [[None] * area.last_column for _ in range(area.last_row)]
    texts: list[Rectangle] = []
    for cell in sheet.cells:
        rows[cell.row - 1][cell.column - 1] = _formula(cell.formula) or _plain(cell.value, date1904)
        if not cell.formula and _risky(cell.value):
            texts.append(corners(Area(cell.row, cell.column, cell.row, cell.column)))
    for block in sheet.blocks:
        for across, column in enumerate(block.columns, start=block.column):
            values = list(column.values)
            said = _column(values, column.formula, block.row, date1904)
            for down, one in enumerate(said, block.row - 1):
                rows[down][across - 1] = one
            if not column.formula:
                texts += _risky_runs(values, block.row, across)
    return Content2D(rows, merged(texts))


def _formula(formula: str) -> str:
    return f"={formula.removeprefix('=')}" if formula else ""


def _plain(value: Value, date1904: bool) -> Content:  # noqa: FBT001 - the calendar, passed on
    if type(value) is str:  # most are; all else takes the long way
        return fitted(value) or None
    if isinstance(value, Formula):
        return _formula(value)
    said = primitive(value, date1904=date1904)
    return fitted(said) or None if isinstance(said, str) else said


def _column(
    values: list[Value],
    formula: str,
    first: int,
    date1904: bool,  # noqa: FBT001 - the calendar, passed on
) -> Iterator[Content]:
    """A block's column; where it has a formula, the rows with a value compute it."""
    for row, value in enumerate(values, start=first):
        if not formula:
            yield _plain(value, date1904)
        elif value is None:
            yield None
        else:
            literal = str(primitive(value)).replace('"', '""')
            yield _formula(formula.replace(_ROW, str(row)).replace(_VALUE, literal))


def _risky(value: Value) -> bool:
    if type(value) is str:
        return looks_like_more(value)
    if value is None or isinstance(value, Formula):
        return False
    said = primitive(value)
    return isinstance(said, str) and looks_like_more(said)


def _risky_runs(values: list[Value], first: int, column: int) -> Iterator[Rectangle]:
    """The rows whose text needs a text cell; the whole column where it holds nothing but texts."""
    marks = [_risky(value) for value in values]
    if not any(marks):
        return
    if all(value is None or type(value) is str for value in values):
        yield (first, column, first + len(values) - 1, column)
        return
    for at, risky in enumerate(marks):
        if risky:
            yield (first + at, column, first + at, column)


LINKED = 30
"""Links laid on cells; a sheet with more gets them as formulas, which cost no call each."""


def linked_by_formula(sheet: Sheet) -> Sheet:
    """The sheet as it is, or with HYPERLINK formulas where it has more links than can be laid."""
    count = sum(bool(cell.link) for cell in sheet.cells)
    count += sum(
        bool(link)
        for block in sheet.blocks
        for column in block.columns
        for link in column.links or ()
    )
    if count <= LINKED:
        return sheet
    blocks = tuple(
        replace(block, columns=tuple(map(_as_formulas, block.columns))) for block in sheet.blocks
    )
    return replace(sheet, blocks=blocks)


def _as_formulas(column: BlockColumn) -> BlockColumn:
    """A column's links as formulas in its values."""
    if not column.links or column.formula:
        return replace(column, links=None)
    said = [
        Formula(f'HYPERLINK("#{_quoted(link)}","{_quoted(str(value))}")')
        if link and value
        else value
        for value, link in zip(column.values, column.links, strict=True)
    ]
    return replace(column, values=said, links=None)


def _quoted(text: str) -> str:
    return text.replace('"', '""')
