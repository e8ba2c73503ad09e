"""What is refused rather than harmed: books and sheets that a write-back could not keep whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xlplan.container import Container
from xlplan.diagnostics import RequestError
from xlplan.package.own import areas, meet
from xlplan.package.relations import Relations, XmlPart, member_of, rels_name
from xlplan.package.workbook_part import SheetEntry, Workbook
from xlplan.package.xml_offsets import STRICT, TRANSITIONAL, Element
from xlplan.sheets.description import Area, Sheet

_LONGEST_NAME = 31
_FORBIDDEN = set("[]:*?/\\")
_KINDS: Mapping[str, str] = {
    "chartsheet": "图表工作表",
    "dialogsheet": "对话框工作表",
    "xlMacrosheet": "宏工作表",
    "xlIntlMacrosheet": "宏工作表",
}
_SHARED = ("revisionHeaders", "usernames")


def check_names(sheets: Sequence[Sheet]) -> None:
    """Refuse names that Excel would not take (XP709)."""
    seen: set[str] = set()
    for sheet in sheets:
        reason = _fault_of_name(sheet.name, seen)
        if reason:
            shown = sheet.name.encode(errors="backslashreplace").decode()
            raise RequestError("XP709", sheet=shown, reason=reason)
        seen.add(sheet.name.casefold())


def _fault_of_name(name: str, seen: set[str]) -> str:
    if not name.strip():
        return "空白"
    if len(name.encode("utf-16-le", "surrogatepass")) > 2 * _LONGEST_NAME:
        return f"超过 {_LONGEST_NAME} 个字"
    bad = sorted(
        c
        for c in set(name)
        if c in _FORBIDDEN or ord(c) < ord(" ") or c in "\ufffe\uffff" or "\ud800" <= c <= "\udfff"
    )
    if bad:
        return f"含有 {' '.join(repr(c)[1:-1] for c in bad)}"
    if name[0] == "'" or name[-1] == "'":
        return "首尾是单引号"
    if name.casefold() == "history":
        return "Excel 的保留名称"
    return "与另一张表重名" if name.casefold() in seen else ""


def check_book(workbook: Workbook) -> None:
    """Refuse signed books and legacy shared ones (XP703, XP705)."""
    container = workbook.container
    label = container.label
    signed = any(member.key.startswith("_xmlsignatures/") for member in container.members)
    if signed or Relations(container, "").of_kind("origin"):
        raise RequestError("XP703", path=label)
    if workbook.relations.of_kind(*_SHARED):
        raise RequestError("XP705", path=label)


def check_new(workbook: Workbook, sheet: Sheet) -> None:
    """Refuse a new sheet where the structure is protected (XP706)."""
    if workbook.structure_locked:
        raise RequestError("XP706", path=workbook.container.label, sheet=sheet.name)


def check_replaced(workbook: Workbook, entry: SheetEntry, sheet: Sheet) -> None:
    """Refuse to replace what is no worksheet, or what would break a table or pivot on it."""
    container = workbook.container
    if entry.kind != "worksheet":
        kind = _KINDS.get(entry.kind, "无法识别的工作表")
        raise RequestError("XP707", path=container.label, sheet=sheet.name, kind=kind)
    member = member_of(container, entry.part)
    if member is None:
        raise RequestError("XP004", path=container.label, reason=f"缺少部件“{entry.part}”")
    part = member.name.replace("\\", "/")
    if rels_name(part) not in container:
        return
    relations = Relations(container, part)
    if relations.of_kind("pivotTable"):
        raise _breaks(container, sheet, "数据透视表")
    if relations.of_kind("queryTable"):
        raise _breaks(container, sheet, "外部数据查询")
    for relation in relations.of_kind("table"):
        _check_table(container, sheet, relation.part)


def check_sheet_part(root: Element, label: str) -> None:
    """Refuse a sheet part that is no worksheet in a namespace that we know (XP701)."""
    if root.name != "worksheet" or root.uri not in (TRANSITIONAL, STRICT):
        raise RequestError("XP701", path=label, reason="工作表部件的格式无法识别")


def _breaks(container: Container, sheet: Sheet, thing: str) -> RequestError:
    return RequestError("XP708", path=container.label, sheet=sheet.name, thing=thing)


def _check_table(container: Container, sheet: Sheet, part: str) -> None:
    """A table stays valid only while its header cells read as its columns are named."""
    member = member_of(container, part)
    if member is None:
        return
    table = XmlPart(container, member.name).root
    thing = f"表格“{table.attributes.get('displayName', '')}”"
    place = list(areas(table.attributes.get("ref", "")))
    covered = [*sheet.merges, *([sheet.filter] if sheet.filter else [])]
    if not place or meet(place, covered) or _flag(table, "totalsRowCount"):
        raise _breaks(container, sheet, thing)
    if table.attributes.get("headerRowCount", "1") != "0" and not _heads(sheet, table, place[0]):
        raise _breaks(container, sheet, thing)


def _flag(element: Element, name: str) -> bool:
    return element.attributes.get(name, "0") not in ("0", "")


def _heads(sheet: Sheet, table: Element, place: Area) -> bool:
    columns = table.one("tableColumns")
    names = [c.attributes.get("name", "") for c in columns.all("tableColumn")] if columns else []
    row = dict(texts_of_row(sheet, place.first_row))
    wanted = {place.first_column + i: name for i, name in enumerate(names)}
    return all(row.get(column) == name for column, name in wanted.items())


def texts_of_row(sheet: Sheet, row: int) -> Iterator[tuple[int, object]]:
    """The values of one row by column."""
    for block in sheet.blocks:
        if block.row <= row < block.row + block.height:
            for place, column in enumerate(block.columns):
                yield block.column + place, column.values[row - block.row]
    yield from ((cell.column, cell.value) for cell in sheet.cells if cell.row == row)


def check_all(workbook: Workbook, sheets: Iterable[Sheet]) -> None:
    """Everything that must hold before the first byte is written."""
    check_book(workbook)
    for sheet in sheets:
        entry = workbook.find(sheet.name)
        if entry is None:
            check_new(workbook, sheet)
        else:
            check_replaced(workbook, entry, sheet)
