"""Described sheets zipped up into a workbook by the shortest way, to see the renderer alone."""

from pathlib import Path
from zipfile import ZipFile

from xlplan.package.blank import blank_package
from xlplan.package.render import render, worksheet
from xlplan.package.styles import StyleBook
from xlplan.sheets.description import Sheet

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
SHEET_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"


def assemble(path: Path, *sheets: Sheet, date1904: bool = False) -> Path:
    parts = blank_package()
    styles = StyleBook.parse(None)
    entries, links, types, names = "", "", "", ""
    for number, sheet in enumerate(sheets, start=1):
        rendered = render(sheet, styles, date1904=date1904)
        parts[f"xl/worksheets/sheet{number}.xml"] = b"".join(worksheet(rendered))
        entries += f'<sheet name="{sheet.name}" sheetId="{number}" r:id="rIdS{number}"/>'
        links += f'<Relationship Id="rIdS{number}" Type="{SHEET_LINK}" '
        links += f'Target="worksheets/sheet{number}.xml"/>'
        types += f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
        types += f'ContentType="{SHEET_TYPE}"/>'
        for name, reference in rendered.defined_names:
            names += f'<definedName name="{name}" localSheetId="{number - 1}">'
            names += f"{reference}</definedName>"
    defined = f"<definedNames>{names}</definedNames>" if names else ""
    insert(parts, "xl/workbook.xml", "</sheets>", f"{entries}</sheets>{defined}", cut=True)
    if date1904:
        insert(parts, "xl/workbook.xml", "<workbookPr/>", '<workbookPr date1904="1"/>', cut=True)
    insert(parts, "xl/_rels/workbook.xml.rels", "</Relationships>", links)
    insert(parts, "[Content_Types].xml", "</Types>", types)
    parts["xl/styles.xml"] = styles.xml()
    with ZipFile(path, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return path


def insert(parts, name, mark, new, *, cut=False):
    text = parts[name].decode()
    assert text.count(mark) == 1
    parts[name] = text.replace(mark, new if cut else new + mark).encode()
