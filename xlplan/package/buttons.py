"""The buttons of a new sheet: form controls in the drawing that every Excel since 2000 reads."""

from xlplan.package.links import quoted_text
from xlplan.package.relations import DRAWING_ID
from xlplan.package.values import escaped
from xlplan.package.xml_offsets import TRANSITIONAL_RELATIONS
from xlplan.sheets.description import Button, Sheet
from xlplan.sheets.layout import PIXEL, column_points

_DEFAULT_HEIGHT = 14.25  # points
_SHAPES = 1024  # how many shapes a drawing may number

_HEAD = """\
<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"\
 xmlns:x="urn:schemas-microsoft-com:office:excel">\
<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{drawing}"/></o:shapelayout>\
<v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe">\
<v:stroke joinstyle="miter"/>\
<v:path shadowok="f" o:extrusionok="f" strokeok="f" fillok="f" o:connecttype="rect"/>\
<o:lock v:ext="edit" shapetype="t"/></v:shapetype>"""
_SHAPE = """\
<v:shape id="_x0000_s{number}" type="#_x0000_t201" alt="{caption}"\
 style="position:absolute;margin-left:{left:g}pt;margin-top:{top:g}pt;width:{width:g}pt;\
height:{height:g}pt;z-index:{order};mso-wrap-style:tight" o:button="t"\
 fillcolor="buttonFace [67]" strokecolor="windowText [64]" o:insetmode="auto">\
<v:fill color2="buttonFace [67]" o:detectmouseclick="t"/><o:lock v:ext="edit" rotation="t"/>\
<v:textbox style="mso-direction-alt:auto" o:singleclick="f"><div style="text-align:center">\
<font face="宋体" size="200" color="#000000">{caption}</font></div></v:textbox>\
<x:ClientData ObjectType="Button"><x:Anchor>{anchor}</x:Anchor><x:PrintObject>False</x:PrintObject>\
<x:AutoFill>False</x:AutoFill><x:FmlaMacro>[0]!{macro}</x:FmlaMacro>\
<x:TextHAlign>Center</x:TextHAlign><x:TextVAlign>Center</x:TextVAlign></x:ClientData></v:shape>"""


def drawing_of(sheet: Sheet) -> str:
    """The element that leads a sheet to its drawing; "" without buttons."""
    if not sheet.buttons:
        return ""
    return f'<legacyDrawing xmlns:r="{TRANSITIONAL_RELATIONS}" r:id="{DRAWING_ID}"/>'


def drawn(sheet: Sheet, drawing: int) -> bytes:
    """The drawing of that number with a sheet's buttons; they are not printed."""
    shapes = (
        _shape(sheet, button, (drawing * _SHAPES + order, order))
        for order, button in enumerate(sheet.buttons, start=1)
    )
    return (_HEAD.replace("{drawing}", str(drawing)) + "".join(shapes) + "</xml>").encode()


def _shape(sheet: Sheet, button: Button, numbers: tuple[int, int]) -> str:
    across = _edges(sheet, button.column, button.left, button.width)
    down = _edges(sheet, button.row, button.top, button.height, rows=True)
    return _SHAPE.format(
        number=numbers[0],
        order=numbers[1],
        caption=quoted_text(button.caption),
        macro=escaped(button.macro),
        left=across[0],
        top=down[0],
        width=button.width,
        height=button.height,
        anchor=", ".join(map(str, (*across[1:3], *down[1:3], *across[3:5], *down[3:5]))),
    )


def _edges(
    sheet: Sheet, cell: int, offset: float, extent: float, *, rows: bool = False
) -> tuple[float, int, int, int, int]:
    """Distance from the sheet's edge in points; then first and last line and pixels into each."""
    before = sum(_size(sheet, line, rows=rows) for line in range(1, cell))
    begin, end = before + offset, before + offset + extent
    first, into = _within(sheet, begin, rows=rows)
    return begin, first, into, *_within(sheet, end, rows=rows)


def _within(sheet: Sheet, distance: float, *, rows: bool) -> tuple[int, int]:
    """The line, from 0, at that distance from the edge, and the pixels into it."""
    line = 1
    while distance >= (size := _size(sheet, line, rows=rows)):
        distance -= size
        line += 1
    return line - 1, round(distance / PIXEL)


def _size(sheet: Sheet, line: int, *, rows: bool) -> float:
    """A row's height or a column's width in points."""
    if rows:
        return sheet.heights.get(line, _DEFAULT_HEIGHT)
    return column_points(sheet.widths.get(line))
