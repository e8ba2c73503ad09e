"""Which cells get which looks: a described sheet's styles as few areas as possible per property.

A spreadsheet program is told “these areas: bold”, never cell by cell. Styles of neighbouring cells
differ in one or two properties, so areas are gathered property by property, not style by style.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from xlplan.diagnostics import column_letters
from xlplan.sheets.description import Area, Block, BlockColumn, Sheet, Style, Value

Rectangle = tuple[int, int, int, int]
"""First row, first column, last row, last column, counting from 1."""

ADDRESS_LIMIT = 250  # Excel takes an address of 255 characters

_DATE, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_PROPERTIES = (
    *("font", "size", "bold", "italic", "underline", "color", "fill"),
    *("horizontal", "vertical", "wrap", "indent", "number_format", "unlocked"),
)
_AS_THEY_ARE: Mapping[str, object] = {
    "bold": False,
    "italic": False,
    "underline": False,
    "color": "",
    "fill": "",
    "horizontal": "",
    "wrap": False,
    "indent": 0,
    "number_format": "General",
    "unlocked": False,
    "border": ("", ""),
}
"""What a cell without a look of its own has already."""


def paints(sheet: Sheet) -> Iterator[tuple[str, object, list[Rectangle]]]:
    """Each property with a value that differs from a bare cell's, and where it holds.

    The property `border` has the pair of its line and its colour as its value.
    """
    # Many cells share one style; comparing styles would take longer than comparing whose it is.
    of_style: dict[int, tuple[Style, list[Rectangle]]] = {}
    for rectangle, style in styled(sheet):
        of_style.setdefault(id(style), (style, []))[1].append(rectangle)
    gathered: dict[tuple[str, object], list[Rectangle]] = {}
    for style, rectangles in of_style.values():
        for name, value in _said(style):
            if _AS_THEY_ARE.get(name) != value:
                gathered.setdefault((name, value), []).extend(rectangles)
    for (name, value), rectangles in gathered.items():
        yield name, value, merged(rectangles)


def _said(style: Style) -> Iterator[tuple[str, object]]:
    for name in _PROPERTIES:
        value = getattr(style, name)
        yield name, "bottom" if name == "vertical" and not value else value
    yield "border", (style.border, style.border_color.upper() if style.border else "")


def styled(sheet: Sheet) -> Iterator[tuple[Rectangle, Style]]:
    """Every cell's style, as rectangles; a merged area has the style of its first cell."""
    areas = {(area.first_row, area.first_column): area for area in sheet.merges}
    for cell in sheet.cells:
        area = areas.get((cell.row, cell.column)) or Area(
            cell.row, cell.column, cell.row, cell.column
        )
        yield corners(area), dated(cell.style, cell.value)
    for block in sheet.blocks:
        yield from _styled_block(block)


def _styled_block(block: Block) -> Iterator[tuple[Rectangle, Style]]:
    for at, column in enumerate(block.columns, start=block.column):
        for style, first, last in _runs(column):
            yield (block.row + first, at, block.row + last, at), style


def _runs(column: BlockColumn) -> Iterator[tuple[Style, int, int]]:
    """Runs of rows of one style; rows of a sparse column that hold nothing have none."""
    values = list(column.values)
    plain = column.styles is None and not column.sparse
    if plain and not any(isinstance(value, date) for value in values):
        yield from [(column.style, 0, len(values) - 1)] if values else []
        return
    styles = column.styles or [column.style] * len(values)
    each = [
        None if column.sparse and value is None else dated(style, value)
        for style, value in zip(styles, values, strict=True)
    ]
    at = 0
    for style, run in groupby(each):
        length = sum(1 for _ in run)
        if style is not None:
            yield style, at, at + length - 1
        at += length


def dated(style: Style, value: Value) -> Style:
    """The style, a date being seen as one where the style leaves its format General.

    >>> dated(Style(), date(2021, 9, 30)).number_format, dated(Style(), 3).number_format
    ('yyyy-mm-dd', 'General')
    """
    if style.number_format != "General" or not isinstance(value, date):
        return style
    return style.but(number_format=_MOMENT if isinstance(value, datetime) else _DATE)


def corners(area: Area) -> Rectangle:
    """An area as plain numbers."""
    return area.first_row, area.first_column, area.last_row, area.last_column


def merged(rectangles: Iterable[Rectangle]) -> list[Rectangle]:
    """The same cells in fewer rectangles: neighbours side by side, then one above the other.

    >>> merged([(1, 1, 1, 1), (1, 2, 1, 2), (2, 1, 2, 2), (9, 9, 9, 9)])
    [(1, 1, 2, 2), (9, 9, 9, 9)]
    """
    rows = _joined(sorted(rectangles, key=lambda one: (one[0], one[2], one[1])), 1)
    return sorted(_joined(sorted(rows, key=lambda one: (one[1], one[3], one[0])), 0))


def _joined(ordered: Sequence[Rectangle], along: int) -> list[Rectangle]:
    """Join rectangles of one size that follow each other along rows (0) or columns (1)."""
    across, end = 1 - along, along + 2
    joined: list[Rectangle] = []
    for one in ordered:
        last = joined[-1] if joined else None
        if (
            last
            and (last[across], last[across + 2]) == (one[across], one[across + 2])
            and last[end] + 1 == one[along]
        ):
            joined[-1] = (last[0], last[1], one[2], last[3]) if along == 0 else (*last[:3], one[3])
        else:
            joined.append(one)
    return joined


def address(rectangle: Rectangle) -> str:
    """A rectangle as Excel writes it.

    >>> address((1, 1, 1, 1)), address((2, 1, 9, 28))
    ('A1', 'A2:AB9')
    """
    top, left, bottom, right = rectangle
    first = f"{column_letters(left)}{top}"
    return first if (top, left) == (bottom, right) else f"{first}:{column_letters(right)}{bottom}"


def addresses(rectangles: Iterable[Rectangle]) -> Iterator[str]:
    """The areas as addresses that Excel takes: several after commas, none too long."""
    line = ""
    for rectangle in rectangles:
        said = address(rectangle)
        if line and len(line) + len(said) + 1 > ADDRESS_LIMIT:
            yield line
            line = ""
        line = f"{line},{said}" if line else said
    if line:
        yield line
