"""A new workbook: the same few bytes every time, without any sheet yet; with macros if wanted."""

from dataclasses import dataclass
from typing import Literal

from xlplan.package.styles import StyleBook
from xlplan.package.xml_offsets import TRANSITIONAL, escaped

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


_CORE = (
    f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
    "<dc:description>{about}</dc:description></cp:coreProperties>"
)
_MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
_MACRO_TYPES = {
    "sheet": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "addin": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}


@dataclass(frozen=True, slots=True)
class Macros:
    """What makes a workbook run macros: its VBA project, and of an add-in the ribbon and its name.

    `code_name` is how the macros know the workbook.
    """

    project: bytes
    kind: Literal["sheet", "addin"] = "sheet"
    ribbon: bytes = b""
    title: str = ""
    about: str = ""
    code_name: str = "ThisWorkbook"


def blank_package(macros: Macros | None = None) -> dict[str, bytes]:
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
    more = {} if macros is None else _with_macros(texts, macros)
    parts = {name: text.encode() for name, text in texts.items()}
    return parts | {"xl/styles.xml": StyleBook.parse(None).xml()} | more


def _with_macros(texts: dict[str, str], macros: Macros) -> dict[str, bytes]:
    """Change the texts into those of a workbook with macros; gives the further parts."""
    code_name = f'<workbookPr codeName="{macros.code_name}"/>'
    texts["xl/workbook.xml"] = _WORKBOOK.replace("<workbookPr/>", code_name)
    types = _CONTENT_TYPES.replace(f"{_TYPE}.sheet.main+xml", _MACRO_TYPES[macros.kind])
    binary = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    texts["[Content_Types].xml"] = types.replace("<Override", f"{binary}<Override", 1)
    project = f'Id="rId2" Type="{_MICROSOFT}/vbaProject" Target="vbaProject.bin"'
    texts["xl/_rels/workbook.xml.rels"] = _related(_WORKBOOK_RELATIONSHIPS, project)
    parts = {"xl/vbaProject.bin": macros.project}
    if macros.title:
        texts["docProps/core.xml"] = _CORE.format(
            title=escaped(macros.title), about=escaped(macros.about)
        )
        kind = "application/vnd.openxmlformats-package.core-properties+xml"
        declared = f'<Override PartName="/docProps/core.xml" ContentType="{kind}"/></Types>'
        texts["[Content_Types].xml"] = texts["[Content_Types].xml"].replace("</Types>", declared)
        core = f'Id="rId3" Type="{_PACKAGE}/relationships/metadata/core-properties"'
        texts["_rels/.rels"] = _related(texts["_rels/.rels"], f'{core} Target="docProps/core.xml"')
    if macros.ribbon:
        ribbon = f'Id="rId4" Type="{_MICROSOFT}/ui/extensibility" Target="customUI/customUI.xml"'
        texts["_rels/.rels"] = _related(texts["_rels/.rels"], ribbon)
        parts["customUI/customUI.xml"] = macros.ribbon
    return parts


def _related(relationships: str, attributes: str) -> str:
    end = "</Relationships>"
    return relationships.replace(end, f"<Relationship {attributes}/>{end}")
