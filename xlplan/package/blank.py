"""A new workbook: the same few bytes every time, without any sheet yet."""

from xlplan.package.styles import StyleBook
from xlplan.package.xml_offsets import TRANSITIONAL

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    '<Override PartName="/docProps/app.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>'
    "</Types>"
)
_RELATIONSHIPS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument"'
    ' Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/relationships/extended-properties"'
    ' Target="docProps/app.xml"/>'
    "</Relationships>"
)
_APP = (
    f'{_HEAD}<Properties xmlns="{_OFFICE}/extended-properties">'
    "<Application>xlplan</Application></Properties>"
)
_WORKBOOK = (
    f'{_HEAD}<workbook xmlns="{TRANSITIONAL}" xmlns:r="{_OFFICE}/relationships">'
    '<workbookPr/><bookViews><workbookView xWindow="0" yWindow="0" windowWidth="24000"'
    ' windowHeight="12000"/></bookViews><sheets></sheets><calcPr fullCalcOnLoad="1"/></workbook>'
)
_WORKBOOK_RELATIONSHIPS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/styles" Target="styles.xml"/>'
    "</Relationships>"
)


def blank_package() -> dict[str, bytes]:
    """The parts of a workbook that waits for its first sheet, by member name, in zip order.

    Nothing in it depends on the day or the machine. Without a sheet it is no valid workbook yet:
    each added sheet needs its part, an Override, a relationship and a `<sheet>` in `<sheets>`.
    """
    texts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONSHIPS,
        "xl/workbook.xml": _WORKBOOK,
        "xl/_rels/workbook.xml.rels": _WORKBOOK_RELATIONSHIPS,
        "docProps/app.xml": _APP,
    }
    parts = {name: text.encode() for name, text in texts.items()}
    return parts | {"xl/styles.xml": StyleBook.parse(None).xml()}
