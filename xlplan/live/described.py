"""Sheets of a workbook on disk, described again: what a click replaced, for putting it back."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from xlplan.sheets.description import Area, CellSpec, DataBar, Highlight, Sheet, Style

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_PADDING = 0.63  # what a file's widths have more than Excel shows
_LINES = {"hair", "thin", "medium"}


def described(path: Path, names: Sequence[str]) -> Iterator[Sheet]:
    """The named sheets of a .xlsx: values, formulas, looks, sizes, links, conditional formats."""
    from openpyxl import load_workbook  # noqa: PLC0415 - paid when something is undone

    with path.open("rb") as held, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # extensions that we know and read ourselves
        book = load_workbook(held, rich_text=False)
    for name in names:
        if name in book.sheetnames:
            yield _sheet(cast("Worksheet", book[name]))


def _sheet(sheet: "Worksheet") -> Sheet:
    cells = [cell for row in sheet.iter_rows() for cell in row]
    covered = {
        (row, column)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
        if (row, column) != (area.min_row, area.min_col)
    }
    kept = (cell for cell in cells if (cell.row, cell.column) not in covered)
    return Sheet(
        sheet.title,
        cells=tuple(_cell(cell) for cell in kept if cell.value is not None or cell.has_style),
        merges=tuple(
            Area(area.min_row, area.min_col, area.max_row, area.max_col)
            for area in sheet.merged_cells.ranges
        ),
        widths=_widths(sheet),
        heights={
            row: float(size.height)
            for row, size in sheet.row_dimensions.items()
            if size.height is not None and size.customHeight
        },
        data_bars=tuple(_bars(sheet)),
        highlights=tuple(_highlights(sheet)),
    )


def _cell(cell: "Cell") -> CellSpec:
    value: Any = cell.value
    formula = ""
    if cell.data_type == "f":
        formula = str(getattr(value, "text", value)).removeprefix("=")
        value = None
    link = cell.hyperlink
    target = (link.location or link.target or "") if link else ""
    return CellSpec(cell.row, cell.column, value, _style(cell), formula, target)


def _style(cell: "Cell") -> Style:
    font, fill, align = cell.font, cell.fill, cell.alignment
    line = cell.border.left.style if cell.border and cell.border.left else None
    color = cell.border.left.color if line else None
    return Style(
        font=font.name or "宋体",
        size=float(font.sz or 11),
        bold=bool(font.b),
        italic=bool(font.i),
        underline=bool(font.u),
        color=_color(font.color),
        fill=_color(fill.fgColor) if fill.fill_type == "solid" else "",
        border=line if line in _LINES else "",
        border_color=_color(color),
        horizontal=_one_of(align.horizontal, ("left", "center", "right")),
        vertical=_one_of(align.vertical, ("top", "center", "bottom")),
        wrap=bool(align.wrap_text),
        indent=int(align.indent or 0),
        number_format=cell.number_format or "General",
        unlocked=not cell.protection.locked,
    )


def _one_of(said: str | None, known: Sequence[str]) -> Any:  # noqa: ANN401 - a literal of Style
    return said if said in known else ""


def _color(color: Any) -> str:  # noqa: ANN401 - openpyxl's own colour
    """RRGGBB; "" for automatic, a theme's or a palette's colour."""
    said = getattr(color, "rgb", None)
    return said[-6:].upper() if isinstance(said, str) else ""


def _widths(sheet: "Worksheet") -> dict[int, float]:
    widths: dict[int, float] = {}
    for size in sheet.column_dimensions.values():
        if size.customWidth and size.min and size.max:
            for column in range(size.min, min(size.max, sheet.max_column) + 1):
                widths[column] = round(max(size.width - _PADDING, 0), 2)
    return widths


def _rules(sheet: "Worksheet") -> Iterator[tuple[Area, Any]]:
    for formats in sheet.conditional_formatting:
        for area in formats.sqref.ranges:
            for rule in formats.rules:
                yield Area(area.min_row, area.min_col, area.max_row, area.max_col), rule


def _bars(sheet: "Worksheet") -> Iterator[DataBar]:
    for area, rule in _rules(sheet):
        if rule.type == "dataBar":
            yield DataBar(area, _color(rule.dataBar.color) or DataBar(area).color)


def _highlights(sheet: "Worksheet") -> Iterator[Highlight]:
    for area, rule in _rules(sheet):
        if rule.type == "expression" and rule.dxf is not None:
            font, fill = rule.dxf.font, rule.dxf.fill
            yield Highlight(
                area,
                rule.formula[0],
                color=_color(font.color) if font and font.color else "",
                fill=_color(fill.bgColor) if fill else "",
                bold=bool(font and font.b),
            )
