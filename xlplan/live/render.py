"""The second renderer: a described sheet put onto an open workbook through xlwings' object model.

The first one writes a file (`xlplan.package`); both give equal sheets. Whole ranges and unions of
areas are told what to be, never single cells, so that a click costs a bounded number of calls.
What the object model has no word for goes through `api` by Excel's names. A clerk's own
drop-downs, conditional formats, comments and drawings on a result sheet stay.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from xlplan.live import painting
from xlplan.live.content import Content2D, content, linked_by_formula
from xlplan.live.looks import add_buttons, add_rules, drop_own_rules, set_up
from xlplan.sheets.description import Sheet

if TYPE_CHECKING:
    import xlwings as xw

_CONTINUOUS = 1  # xlContinuous
_WEIGHTS = {"hair": 1, "thin": 2, "medium": -4138}  # XlBorderWeight
_DEFAULT_HEIGHT = 14.25
_TEXT = "@"
_ARRAY_LIMIT = 8000  # characters of a text that Excel takes within an array


def render(sheet: Sheet, target: "xw.Sheet", *, fresh: bool) -> None:
    """Put a described sheet in the place of what the target shows.

    `fresh` says that the target was just added: only then it gets its print set-up, its buttons,
    and from `show` its frozen panes and its filter; on a sheet that was there before these are the
    clerk's.
    """
    known = linked_by_formula(sheet)
    date1904 = bool(target.book.api.Date1904)
    filled = content(known, date1904=date1904)
    if not fresh:
        _clear(target, filled, sheet)
    # First of all: a program that knows how high rows are need not fit them to each change, and
    # one that knows how pages are laid out breaks them anew with each change of a height or width.
    _heighten(sheet.heights, target)
    _widen(sheet.widths, target)
    if fresh:
        set_up(sheet, target)
    for area in painting.addresses(filled.texts):
        target.range(area).number_format = _TEXT
    _put(target, filled)
    _link(known, target)
    for area in painting.addresses(filled.texts):
        target.range(area).number_format = "General"
    for name, value, rectangles in painting.paints(known):
        for area in painting.addresses(rectangles):
            _PAINTERS[name](target.range(area), value)
    _merge(sheet, target)
    add_rules(sheet, target, fresh=fresh)
    if fresh:
        add_buttons(sheet, target)


def _clear(target: "xw.Sheet", filled: Content2D, sheet: Sheet) -> None:
    """Make the cells bare, as far as the sheet was used or will be."""
    used = target.used_range.last_cell
    high, wide = max(used.row, filled.height), max(used.column, filled.width)
    whole = target.range((1, 1), (high, wide))
    whole.unmerge()
    whole.clear_contents()
    whole.api.Style = "Normal"
    whole.row_height = _DEFAULT_HEIGHT
    drop_own_rules(sheet, target)


def _put(target: "xw.Sheet", filled: Content2D) -> None:
    """All values and formulas in one call; a text too long for that in a call of its own."""
    if not filled.rows:
        return
    late: list[tuple[int, int, str]] = []
    rows = [list(row) for row in filled.rows]
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            if isinstance(value, str) and len(value) > _ARRAY_LIMIT:
                late.append((down + 1, across + 1, value))
                row[across] = None
    whole = target.range((1, 1), (filled.height, filled.width))
    # To the engine at once: these are plain values, and xlwings would ask for names seven times.
    whole.impl.formula = rows[0][0] if len(rows) == len(rows[0]) == 1 else rows
    for down, across, text in late:
        target.range((down, across)).raw_value = text


def _link(sheet: Sheet, target: "xw.Sheet") -> None:
    """Lay links on cells; before the looks, because Excel paints what it links."""
    for row, column, link in links(sheet):
        outside = "://" in link
        target.api.Hyperlinks.Add(
            Anchor=target.range((row, column)).api,
            Address=link if outside else "",
            SubAddress="" if outside else link.removeprefix("#"),
        )


def links(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """Row, column and link of every cell that has one."""
    cells = ((cell.row, cell.column, cell.link) for cell in sheet.cells)
    blocks = (
        (block.row + down, across, link)
        for block in sheet.blocks
        for across, column in enumerate(block.columns, start=block.column)
        for down, link in enumerate(column.links or ())
    )
    return (one for one in chain(cells, blocks) if one[2])


def _merge(sheet: Sheet, target: "xw.Sheet") -> None:
    for area in sheet.merges:
        corners = painting.corners(area)
        if corners[:2] != corners[2:]:
            target.range(painting.address(corners)).merge()


def _widen(widths: Mapping[int, float], target: "xw.Sheet") -> None:
    """Give columns their widths, neighbours of one size at once."""
    for (first, last), width in _sizes(widths):
        target.range((1, first), (1, last)).column_width = width


def _heighten(heights: Mapping[int, float], target: "xw.Sheet") -> None:
    """Give rows their heights: what most have is said of all, then what single ones have."""
    runs = sorted(heights)
    if not runs:
        return
    common = Counter(heights.values()).most_common(1)[0][0]
    whole = set(range(runs[0], runs[-1] + 1)) == set(runs)
    if whole:
        target.range((runs[0], 1), (runs[-1], 1)).row_height = common
    others = {row: height for row, height in heights.items() if not whole or height != common}
    for (first, last), height in _sizes(others):
        target.range((first, 1), (last, 1)).row_height = height


def _sizes(sizes: Mapping[int, float]) -> Iterator[tuple[tuple[int, int], float]]:
    """Neighbours of one size.

    >>> list(_sizes({1: 20.0, 2: 20.0, 3: 8.0, 9: 8.0}))
    [((1, 2), 20.0), ((3, 3), 8.0), ((9, 9), 8.0)]
    """
    run: list[int] = []
    for at in sorted(sizes):
        if run and (at != run[-1] + 1 or sizes[at] != sizes[run[-1]]):
            yield (run[0], run[-1]), sizes[run[-1]]
            run = []
        run.append(at)
    if run:
        yield (run[0], run[-1]), sizes[run[-1]]


def _border(cells: "xw.Range", value: Any) -> None:  # noqa: ANN401 - one painter's own value
    line, color = value
    borders = cells.api.Borders
    borders.LineStyle = _CONTINUOUS
    borders.Weight = _WEIGHTS[line]
    if color:
        borders.Color = excel_color(color)


def excel_color(color: str) -> int:
    """RRGGBB as Excel counts colours.

    >>> excel_color("FF8000") == 0x0080FF
    True
    """
    return int(color[4:6] + color[2:4] + color[0:2], 16)


def _font(name: str) -> Callable[["xw.Range", Any], None]:
    return lambda cells, value: setattr(cells.font, name, value)


def _cells(name: str) -> Callable[["xw.Range", Any], None]:
    return lambda cells, value: setattr(cells, name, value)


def _native(name: str) -> Callable[["xw.Range", Any], None]:
    return lambda cells, value: setattr(cells.api, name, value)


_UNDERLINE = 2  # xlUnderlineStyleSingle
_PAINTERS: Mapping[str, Callable[["xw.Range", Any], None]] = {
    "font": _font("name"),
    "size": _font("size"),
    "bold": _font("bold"),
    "italic": _font("italic"),
    "underline": lambda cells, _: setattr(cells.api.Font, "Underline", _UNDERLINE),
    "color": lambda cells, value: setattr(cells.font, "color", f"#{value}"),
    "fill": lambda cells, value: setattr(cells, "color", f"#{value}"),
    "horizontal": _cells("horizontal_alignment"),
    "vertical": _cells("vertical_alignment"),
    "wrap": _cells("wrap_text"),
    "indent": _native("IndentLevel"),
    "number_format": _cells("number_format"),
    "unlocked": lambda cells, _: setattr(cells.api, "Locked", False),
    "border": _border,
}
