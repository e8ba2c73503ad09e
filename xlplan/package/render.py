"""A described sheet as worksheet XML, element by element, its rows streamed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from xlplan.diagnostics import RequestError, column_letters
from xlplan.package.buttons import drawing_of
from xlplan.package.columns import Host
from xlplan.package.links import Links, quoted_text
from xlplan.package.rows import Rows
from xlplan.package.styles import StyleBook
from xlplan.package.values import escaped
from xlplan.package.xml_offsets import STRICT, TRANSITIONAL
from xlplan.sheets import description
from xlplan.sheets.description import Area, DropDown, Sheet
from xlplan.sheets.layout import quoted

ROWS, COLUMNS = 1_048_576, 16_384  # a sheet's size
LIST_LIMIT = 255  # characters of a drop-down's literal options

_PADDING = 0.63  # what Excel adds to a width in characters, in Chinese Excel's default font
_WIDEST = 255.0

# The children of <worksheet> in the order that the schema demands (ECMA-376, CT_Worksheet).
ORDER: tuple[str, ...] = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
    *("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter"),
    *("sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr"),
    *("conditionalFormatting", "dataValidations", "hyperlinks", "printOptions"),
    *("pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
    *("customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing"),
    *("legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
    *("webPublishItems", "tableParts", "extLst"),
)

# Widths, heights, filters and sorting stay free; there is no password to lose.
_PROTECTION = (
    '<sheetProtection sheet="1" objects="1" scenarios="1" formatCells="0" formatColumns="0"'
    ' formatRows="0" sort="0" autoFilter="0"/>'
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A sheet's XML by child of `<worksheet>`; what is not needed is absent.

    Every value may be iterated again and again; all styles are settled before the first chunk, so
    the styles part can be written first. `defined_names` holds (name, reference) of the sheet's
    local names, not yet XML-escaped: `_xlnm.Print_Titles`, and `_xlnm._FilterDatabase`, which
    must be hidden.
    `cut` holds (row, column) of texts that were too long for a cell (32,767 characters; they end
    in “…”); it is complete once `sheetData` was read through. `unlinked` counts the links that
    were not written: those to files, and those beyond Excel's 65,530. `web` holds the addresses
    outside that the links need a relationship to, with its id.
    """

    elements: Mapping[str, Iterable[bytes]]
    defined_names: tuple[tuple[str, str], ...] = ()
    cut: set[tuple[int, int]] = field(default_factory=set)
    unlinked: int = 0
    web: Mapping[str, str] = field(default_factory=dict)


def render(
    sheet: description.Sheet,
    styles: StyleBook,
    *,
    prefix: str = "",
    encoding: str = "utf-8",
    date1904: bool = False,
) -> Rendered:
    """The sheet's XML for a host whose main namespace has `prefix` ("" or "x", no colon).

    `encoding` is the host part's codec; give "utf-16-le" or "utf-16-be", never "utf-16".

    Raises: RequestError XP702 where the sheet is larger than a sheet of Excel can be.
    """
    extent = _fitting(sheet)
    host = Host(prefix, encoding, date1904)
    rows, links = Rows(sheet, styles, host), Links(sheet, host)
    elements: dict[str, Iterable[bytes]] = {"sheetData": rows}
    if links.count:
        elements["hyperlinks"] = links
    for name, xml in _small_elements(sheet, extent, styles).items():
        if xml:
            elements[name] = (host.element(xml),)
    ordered = {name: elements[name] for name in ORDER if name in elements}
    return Rendered(ordered, tuple(_names(sheet)), rows.cut, links.left_out, links.web)


def worksheet(rendered: Rendered, *, strict: bool = False) -> Iterator[bytes]:
    """A whole new sheet part in UTF-8; needs a `Rendered` without prefix."""
    uri = STRICT if strict else TRANSITIONAL
    yield b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    yield f'<worksheet xmlns="{uri}">'.encode()
    for name in ORDER:
        yield from rendered.elements.get(name, ())
    yield b"</worksheet>"


def reference(area: Area) -> str:
    """An area as formulas write it.

    >>> reference(Area(1, 1, 1, 1)), reference(Area(2, 1, 9, 28))
    ('A1', 'A2:AB9')
    """
    first = f"{column_letters(area.first_column)}{area.first_row}"
    last = f"{column_letters(area.last_column)}{area.last_row}"
    return first if first == last else f"{first}:{last}"


def _fitting(sheet: Sheet) -> Area:
    """The sheet's extent, if Excel has room for it."""
    extent = _extent(sheet)
    if extent.last_row > ROWS or extent.last_column > COLUMNS:
        reason = f"共 {extent.last_row} 行、{extent.last_column} 列，上限是 {ROWS} 行、{COLUMNS} 列"
        raise RequestError("XP702", sheet=sheet.name, reason=reason)
    return extent


def _small_elements(sheet: Sheet, extent: Area, styles: StyleBook) -> dict[str, str]:
    """What fits into a string, by name; "" where it is not needed."""
    return {
        "sheetPr": _properties(sheet),
        "dimension": f'<dimension ref="{reference(extent)}"/>',
        "sheetViews": _views(sheet),
        "sheetFormatPr": '<sheetFormatPr defaultRowHeight="14.25"/>',
        "cols": _widths(sheet),
        "sheetProtection": _PROTECTION if sheet.protected else "",
        "autoFilter": f'<autoFilter ref="{reference(sheet.filter)}"/>' if sheet.filter else "",
        "mergeCells": _merges(sheet),
        "conditionalFormatting": _formats(sheet, styles),
        "dataValidations": _drop_downs(sheet.drop_downs),
        **_print(sheet.print),
        "legacyDrawing": drawing_of(sheet),
    }


def _extent(sheet: Sheet) -> Area:
    areas = [Area(cell.row, cell.column, cell.row, cell.column) for cell in sheet.cells]
    areas += [
        Area(b.row, b.column, b.row + b.height - 1, b.column + len(b.columns) - 1)
        for b in sheet.blocks
        if b.height
    ]
    areas += sheet.merges
    return Area(
        min((area.first_row for area in areas), default=1),
        min((area.first_column for area in areas), default=1),
        max((area.last_row for area in areas), default=1),
        max((area.last_column for area in areas), default=1),
    )


def _properties(sheet: Sheet) -> str:
    tab = f'<tabColor rgb="FF{sheet.tab_color.upper()}"/>' if sheet.tab_color else ""
    name = f' codeName="{quoted_text(sheet.code_name)}"' if sheet.code_name else ""
    return f'<sheetPr{name}>{tab}<pageSetUpPr fitToPage="1"/></sheetPr>'


def _views(sheet: Sheet) -> str:
    grid = "" if sheet.gridlines else ' showGridLines="0"'
    zoom = "" if sheet.zoom == 100 else f' zoomScale="{sheet.zoom}" zoomScaleNormal="{sheet.zoom}"'  # noqa: PLR2004 - per cent
    view = f'<sheetView{grid}{zoom} workbookViewId="0"'
    inner = _pane(*sheet.freeze) if sheet.freeze else ""
    return f"<sheetViews>{view}{f'>{inner}</sheetView>' if inner else '/>'}</sheetViews>"


def _pane(row: int, column: int) -> str:
    """Frozen panes; (row, column) is the first cell that scrolls."""
    if row == column == 1:
        return ""
    active = {(True, True): "bottomRight", (True, False): "bottomLeft", (False, True): "topRight"}
    pane = active[row > 1, column > 1]
    across = f' xSplit="{column - 1}"' if column > 1 else ""
    down = f' ySplit="{row - 1}"' if row > 1 else ""
    cell = f"{column_letters(column)}{row}"
    return (
        f'<pane{across}{down} topLeftCell="{cell}" activePane="{pane}" state="frozen"/>'
        f'<selection pane="{pane}" activeCell="{cell}" sqref="{cell}"/>'
    )


def _widths(sheet: Sheet) -> str:
    """`<cols>`: neighbours of one width are one entry."""
    widths = {at: min(sheet.widths[at] + _PADDING, _WIDEST) for at in sorted(sheet.widths)}
    runs = groupby(enumerate(widths), key=lambda pair: (pair[1] - pair[0], widths[pair[1]]))
    columns = []
    for (_, width), run in runs:
        numbers = [number for _, number in run]
        columns.append(
            f'<col min="{numbers[0]}" max="{numbers[-1]}" width="{width:g}" customWidth="1"/>'
        )
    return f"<cols>{''.join(columns)}</cols>" if columns else ""


def _merges(sheet: Sheet) -> str:
    """`<mergeCells>`; a single cell is nothing to merge, and Excel would repair it away."""
    refs = [ref for ref in map(reference, sheet.merges) if ":" in ref]
    cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    return f'<mergeCells count="{len(refs)}">{cells}</mergeCells>' if refs else ""


def _formats(sheet: Sheet, styles: StyleBook) -> str:
    """All conditional formats, what is described first having priority."""
    rules = [(bar.area, 'type="dataBar"', _bar(bar)) for bar in sheet.data_bars]
    for light in sheet.highlights:
        kind = f'type="expression" dxfId="{styles.dxf(light)}"'
        rules.append((light.area, kind, f"<formula>{escaped(light.formula)}</formula>"))
    return "".join(
        f'<conditionalFormatting sqref="{reference(area)}">'
        f'<cfRule {kind} priority="{priority}">{rule}</cfRule></conditionalFormatting>'
        for priority, (area, kind, rule) in enumerate(rules, start=1)
    )


def _bar(bar: description.DataBar) -> str:
    ends = "".join(f'<cfvo type="num" val="{end:g}"/>' for end in (bar.low, bar.high))
    color = f'<color rgb="FF{bar.color.upper()}"/>'
    return f'<dataBar minLength="0" maxLength="100">{ends}{color}</dataBar>'


def _drop_downs(drop_downs: tuple[DropDown, ...]) -> str:
    if not drop_downs:
        return ""
    lists = "".join(map(_drop_down, drop_downs))
    return f'<dataValidations count="{len(drop_downs)}">{lists}</dataValidations>'


def _drop_down(drop_down: DropDown) -> str:
    style = "" if drop_down.strict else ' errorStyle="warning"'
    prompt = f' prompt="{quoted_text(drop_down.prompt[:255])}"' if drop_down.prompt else ""
    said = ' errorTitle="不在可选范围" error="请从下拉列表中选择"'
    return (
        f'<dataValidation type="list"{style} allowBlank="1" showInputMessage="1"'
        f' showErrorMessage="1"{said}{prompt} sqref="{reference(drop_down.area)}">'
        f"<formula1>{escaped(_choices(drop_down))}</formula1></dataValidation>"
    )


def _choices(drop_down: DropDown) -> str:
    """A reference, or the options in one literal: short, and none with a comma inside."""
    if drop_down.source:
        return drop_down.source.removeprefix("=")
    literal = ",".join(drop_down.options)
    fits = len(literal) <= LIST_LIMIT and not any("," in option for option in drop_down.options)
    assert fits, "give a source for long options"  # noqa: S101 - a bug, not user data
    return '"' + literal.replace('"', '""') + '"'


def _print(setup: description.Print) -> dict[str, str]:
    way = "landscape" if setup.landscape else "portrait"
    footer = f"<headerFooter><oddFooter>{escaped(setup.footer)}</oddFooter></headerFooter>"
    return {
        "printOptions": '<printOptions horizontalCentered="1"/>',
        "pageMargins": '<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.75"'
        ' header="0.3" footer="0.3"/>',
        "pageSetup": f'<pageSetup paperSize="9" orientation="{way}" fitToHeight="0"/>',
        "headerFooter": footer if setup.footer else "",
    }


def _names(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """The sheet's own names that Excel needs for repeated head rows and for a filter."""
    if sheet.filter:
        corners = (
            Area(sheet.filter.first_row, sheet.filter.first_column, 0, 0),
            Area(sheet.filter.last_row, sheet.filter.last_column, 0, 0),
        )
        ends = [f"${column_letters(at.first_column)}${at.first_row}" for at in corners]
        yield "_xlnm._FilterDatabase", f"{quoted(sheet.name)}!{':'.join(ends)}"
    if sheet.print.title_rows:
        first, last = sheet.print.title_rows
        yield "_xlnm.Print_Titles", f"{quoted(sheet.name)}!${first}:${last}"
