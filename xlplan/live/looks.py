"""What a sheet has beside its cells: drop-downs, conditional formats, print set-up, panes."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from xlplan.live import painting
from xlplan.live.at_once import Spared
from xlplan.sheets.description import Area, DropDown, Highlight, Print, Sheet

if TYPE_CHECKING:
    import xlwings as xw

_A4, _LANDSCAPE, _PORTRAIT = 9, 2, 1  # xlPaperA4, xlLandscape, xlPortrait
_INCH = 72.0
_WHOLE = 100  # per cent
_WARNING = 2  # xlValidAlertWarning
_NUMBERS = re.compile(r"\d+")


def add_rules(sheet: Sheet, target: "xw.Sheet", *, fresh: bool) -> None:
    """Drop-downs, and conditional formats; what is described first comes to stand first."""
    for drop_down in sheet.drop_downs:
        _choose(drop_down, target)
    if not _laid_together(sheet, target, fresh=fresh):
        for light in reversed(sheet.highlights):
            cells = _cells(target, light.area)
            cells.conditional_formats.add_custom(formula=f"={light.formula}", **_said(light))
    for bar in reversed(sheet.data_bars):
        rules = _cells(target, bar.area).conditional_formats
        rules.add_data_bar(f"#{bar.color}", minimum=bar.low, maximum=bar.high)


def _said(light: Highlight) -> dict[str, Any]:
    """The looks of a rule as xlwings names them."""
    colors = {"fill_color": light.fill, "font_color": light.color}
    said: dict[str, Any] = {name: f"#{it}" for name, it in colors.items() if it}
    if light.bold:
        said["font_bold"] = True
    return said


def _laid_together(sheet: Sheet, target: "xw.Sheet", *, fresh: bool) -> bool:
    """Lay all conditions at once where the engine can, and no rule of somebody else's is there."""
    lay = getattr(target.impl, "lay_conditions", None)
    if lay is None:
        return False
    rules = [
        (rectangle, [(f"={one.formula}", _said(one), *_first(one.area)) for one in lights])
        for lights, rectangles in _regions(sheet.highlights).items()
        for rectangle in rectangles
    ]
    return bool(lay(rules, fresh=fresh))


def _first(area: Area) -> tuple[int, int]:
    return area.first_row, area.first_column


def _regions(lights: Sequence[Highlight]) -> dict[tuple[Highlight, ...], list[painting.Rectangle]]:
    """The cells that are under the same conditions, by those conditions."""
    downs = sorted({edge for one in lights for edge in (one.area.first_row, one.area.last_row + 1)})
    acrosses = sorted(
        {edge for one in lights for edge in (one.area.first_column, one.area.last_column + 1)}
    )
    found: dict[tuple[Highlight, ...], list[painting.Rectangle]] = {}
    for (top, below), (left, right) in product(pairwise(downs), pairwise(acrosses)):
        over = tuple(one for one in lights if _covers(one.area, top, left))
        if over:
            found.setdefault(over, []).append((top, left, below - 1, right - 1))
    return {over: painting.merged(rectangles) for over, rectangles in found.items()}


def _covers(area: Area, row: int, column: int) -> bool:
    within = area.first_row <= row <= area.last_row
    return within and area.first_column <= column <= area.last_column


def _cells(target: "xw.Sheet", area: Area) -> "xw.Range":
    return target.range(painting.address(painting.corners(area)))


def _choose(drop_down: DropDown, target: "xw.Sheet") -> None:
    cells = _cells(target, drop_down.area)
    if drop_down.source:
        name, _, where = drop_down.source.removeprefix("=").rpartition("!")
        source: Any = target.book.sheets[name.strip("'").replace("''", "'")].range(where)
    else:
        source = list(drop_down.options)
    cells.data_validation.set_list(source)
    if not drop_down.strict or drop_down.prompt:
        with Spared(target.book):
            rule = cells.api.Validation
            rule.InputMessage = drop_down.prompt
            if not drop_down.strict:
                rule.AlertStyle = _WARNING


def drop_own_rules(sheet: Sheet, target: "xw.Sheet") -> None:
    """Take away the conditional formats that an earlier run put there, and no others.

    One of ours is known again by its formula, whatever its row numbers, or by being a bar in our
    colour over the same cells.
    """
    if not sheet.highlights and not sheet.data_bars:
        return
    mine = {_without_rows(f"={light.formula}") for light in sheet.highlights}
    bars = {bar.color.upper() for bar in sheet.data_bars}
    for rule in reversed(list(_rules(sheet, target))):
        if _is_ours(rule, mine, bars):
            rule.delete()


def _rules(sheet: Sheet, target: "xw.Sheet") -> Iterator[Any]:
    """The rules on the cells that ours are for, and on those below them."""
    marked: tuple[Highlight | Any, ...] = (*sheet.highlights, *sheet.data_bars)
    top = min(one.area.first_row for one in marked)
    left = min(one.area.first_column for one in marked)
    right = max(one.area.last_column for one in marked)
    bottom = max(target.used_range.last_cell.row, *(one.area.last_row for one in marked))
    return iter(target.range((top, left), (bottom, right)).conditional_formats)


def _is_ours(rule: Any, formulas: set[str], bars: set[str]) -> bool:  # noqa: ANN401 - xlwings' own rule
    if rule.type == "custom":
        return _without_rows(rule.formula or "") in formulas
    if rule.type != "data_bar":
        return False
    color = rule.bar_color
    return color is not None and "{:02X}{:02X}{:02X}".format(*color) in bars


def _without_rows(formula: str) -> str:
    return _NUMBERS.sub("", formula)


def set_up(sheet: Sheet, target: "xw.Sheet") -> None:
    """Tab and print set-up; where a program has none it goes without."""
    if sheet.tab_color:
        color = sheet.tab_color
        with Spared(target.book):
            target.api.Tab.Color = int(color[4:6] + color[2:4] + color[0:2], 16)
    with Spared(target.book), _Together(target):
        _print(sheet.print, target)


def add_buttons(sheet: Sheet, target: "xw.Sheet") -> None:
    """The buttons of a new sheet; where a program has none it goes without."""
    with Spared(target.book):
        for one in sheet.buttons:
            place = target.range((one.row, one.column))
            button = target.api.Buttons().Add(
                Left=place.left + one.left,
                Top=place.top + one.top,
                Width=one.width,
                Height=one.height,
            )
            button.Caption = one.caption
            button.OnAction = one.macro


class _Together:
    """Lets print set-up take effect at once: each part alone costs Excel a tenth of a second.

    A class, because what LibreOffice raises cannot pass through a generator.
    """

    def __init__(self, target: "xw.Sheet") -> None:
        self._app = target.book.app.api

    def __enter__(self) -> None:
        self._app.PrintCommunication = False

    def __exit__(self, *_trouble: object) -> None:
        self._app.PrintCommunication = True


def _print(setup: Print, target: "xw.Sheet") -> None:
    """A4, as wide as one page; without a printer Excel refuses, and that is no harm."""
    page = target.api.PageSetup
    page.PaperSize = _A4
    page.Orientation = _LANDSCAPE if setup.landscape else _PORTRAIT
    page.Zoom = False
    page.FitToPagesWide = 1
    page.FitToPagesTall = False
    page.CenterHorizontally = True
    page.LeftMargin = page_edge = _INCH / 2
    page.RightMargin = page_edge
    page.TopMargin = _INCH * 0.75
    page.HeaderMargin = _INCH * 0.3
    page.FooterMargin = _INCH * 0.3
    page.BottomMargin = _INCH * 0.75
    page.CenterFooter = setup.footer.removeprefix("&C")
    if setup.title_rows:
        first, last = setup.title_rows
        page.PrintTitleRows = f"${first}:${last}"


def show(sheet: Sheet, target: "xw.Sheet") -> None:
    """Filter, grid, zoom, frozen panes; matters of the window: the sheet is in front afterwards."""
    target.impl.activate()  # the sheet alone: no window is to take the focus
    if sheet.filter:
        with Spared(target.book):
            _cells(target, sheet.filter).api.AutoFilter()
    with Spared(target.book):
        _view(sheet, target.book.api.Windows(1))


def _view(sheet: Sheet, window: Any) -> None:  # noqa: ANN401 - the program's own window
    window.DisplayGridlines = sheet.gridlines
    if sheet.zoom != _WHOLE:
        window.Zoom = sheet.zoom
    if sheet.freeze and sheet.freeze != (1, 1):
        window.ScrollRow = window.ScrollColumn = 1
        window.SplitRow = sheet.freeze[0] - 1
        window.SplitColumn = sheet.freeze[1] - 1
        window.FreezePanes = True
