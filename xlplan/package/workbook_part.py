"""The workbook part: which sheets there are, in which parts, and what is added to it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from xlplan.container import Container, damaged
from xlplan.diagnostics import RequestError
from xlplan.package.relations import ContentTypes, Relations, XmlPart, member_of
from xlplan.package.xml_offsets import (
    STRICT,
    STRICT_RELATIONS,
    TRANSITIONAL,
    TRANSITIONAL_RELATIONS,
    Edit,
    Element,
    appended,
    attribute,
    escaped,
)

_RELATIONS = {
    TRANSITIONAL: TRANSITIONAL_RELATIONS,
    STRICT: STRICT_RELATIONS,
}
_BEFORE_NAMES = (  # children of <workbook> that stand before <definedNames>, then before <calcPr>
    *("fileVersion", "fileSharing", "workbookPr", "AlternateContent", "absPath"),
    *("workbookProtection", "bookViews", "sheets", "functionGroups", "externalReferences"),
)
_SHEET_NUMBER = re.compile(rb"sheet(\d{1,6})\.xml", re.IGNORECASE)
_MOST_SHEET_ID = 65_534
_GROWING = {"_xlnm.print_area", "_xlnm._filterdatabase"}
DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One sheet of the book: `kind` is worksheet, chartsheet, dialogsheet, xlMacrosheet or ""."""

    name: str
    sheet_id: int
    part: str
    kind: str


class Workbook:
    """The workbook part of a package with its relationships and the content types."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.types = ContentTypes(container)
        self.part = XmlPart(container, _workbook_name(container))
        self.root: Element = self.part.root
        if self.root.uri not in _RELATIONS or self.root.name != "workbook":
            raise RequestError("XP002", path=container.label, reason="没有工作簿部件")
        self.strict = self.root.uri == STRICT
        self.relations = Relations(container, self.part.name)
        self.sheets = [self._entry(found) for found in self._list().all("sheet")]
        self._names_added: list[bytes] = []
        self._drawings: set[str] = set()

    def _list(self) -> Element:
        found = self.root.one("sheets")
        if found is None:
            raise damaged(self.container.label, "工作簿里没有工作表清单")
        return found

    def _entry(self, found: Element) -> SheetEntry:
        relation_id = found.attributes.get(f"{_RELATIONS[self.root.uri]} id", "")
        relation = self.relations.by_id(relation_id)
        return SheetEntry(
            name=found.attributes.get("name", ""),
            sheet_id=found.whole("sheetId"),
            part=relation.part if relation else "",
            kind=relation.kind if relation else "",
        )

    def find(self, name: str) -> SheetEntry | None:
        """The sheet of that name; Excel tells no upper from lower case."""
        wanted = name.casefold()
        return next((entry for entry in self.sheets if entry.name.casefold() == wanted), None)

    def position(self, name: str) -> int:
        """A sheet's place in the book, from 0, as localSheetId counts."""
        wanted = name.casefold()
        return next(i for i, e in enumerate(self.sheets) if e.name.casefold() == wanted)

    @property
    def date1904(self) -> bool:
        """Whether dates count from 1904."""
        found = self.root.one("workbookPr")
        return found is not None and found.on("date1904")

    @property
    def structure_locked(self) -> bool:
        """Whether sheets may not be added."""
        found = self.root.one("workbookProtection")
        return found is not None and found.on("lockStructure")

    def part_of(self, kind: str) -> str:
        """The name of the workbook's part of that kind which is really there; "" without one."""
        for relation in self.relations.of_kind(kind):
            member = member_of(self.container, relation.part)
            if member is not None:
                return member.name
        return ""

    def add_sheet(self, name: str, *, hidden: bool = False) -> SheetEntry:
        """Enter a new sheet behind all others; its part's name was never used before."""
        folder = self.part.name.rpartition("/")[0]
        part = f"{folder}/worksheets/sheet{self._free_number()}.xml".lstrip("/")
        relation = self.relations.add(
            "worksheet", part, strict=self.strict, taken_in=self.part.text.body
        )
        entry = SheetEntry(name, self._free_id(), part, "worksheet")
        sheets = self._list()
        uri = _RELATIONS[self.root.uri]
        prefix = sheets.prefix_for(uri)
        declared = "" if prefix else f' xmlns:r="{uri}"'
        tag = f"{sheets.prefix}:sheet" if sheets.prefix else "sheet"
        state = ' state="hidden"' if hidden else ""
        written = (
            f'<{tag} name="{escaped(name)}" sheetId="{entry.sheet_id}"'
            f'{state}{declared} {prefix or "r"}:id="{relation}"/>'
        )
        self.part.edit(appended(sheets, written.encode()))
        self.types.add(part, WORKSHEET)
        self.sheets.append(entry)
        return entry

    def add_drawing(self, entry: SheetEntry) -> tuple[int, str]:
        """Number a drawing of buttons for a new sheet, and name its part, which was never there."""
        folder = entry.part.rpartition("/worksheets/")[0]
        number = 1
        taken = self._drawings | {member.key for member in self.container.members}
        while (part := f"{folder}/drawings/vmlDrawing{number}.vml".lstrip("/")).casefold() in taken:
            number += 1
        self._drawings.add(part.casefold())
        self.types.add_default("vml", DRAWING)
        return number, part

    def _free_id(self) -> int:
        """A sheetId behind all others, or a free one where the others reach Excel's limit."""
        taken = {entry.sheet_id for entry in self.sheets}
        behind = max([0, *taken]) + 1
        return behind if behind <= _MOST_SHEET_ID else min(set(range(1, len(taken) + 2)) - taken)

    def _free_number(self) -> int:
        """One more than any sheet part's number that occurs, be it only in a dangling target."""
        texts = [self.types.part.text.body, self.relations.part.text.body]
        texts += [member.name.encode() for member in self.container.members]
        texts += [entry.part.encode() for entry in self.sheets]
        return max([0, *(int(n) for text in texts for n in _SHEET_NUMBER.findall(text))]) + 1

    def add_styles(self) -> str:
        """Enter a styles part into a book that has none; openpyxl looks for it at one place."""
        part = "xl/styles.xml"
        for relation in self.relations.of_kind("styles"):
            self.relations.drop(relation)
        self.types.drop(part)
        if part in self.container:
            raise RequestError(
                "XP701", path=self.container.label, reason=f"“{part}”存在，但工作簿没有指向它"
            )
        self.relations.add("styles", part, strict=self.strict, taken_in=self.part.text.body)
        self.types.add(part, STYLES)
        return part

    def set_name(self, name: str, position: int, reference: str) -> None:
        """Give one sheet's local name a reference, in the place where it stood."""
        hidden = ' hidden="1"' if name == "_xlnm._FilterDatabase" else ""
        names = self.root.one("definedNames")
        for found in names.all("definedName") if names else ():
            same = found.attributes.get("name", "").casefold() == name.casefold()
            if same and found.attributes.get("localSheetId") == str(position):
                self._refer(found, reference)
                return
        tag = f"{self.root.prefix}:definedName" if self.root.prefix else "definedName"
        self._names_added.append(
            f'<{tag} name="{name}" localSheetId="{position}"{hidden}>'
            f"{escaped(reference)}</{tag}>".encode()
        )

    def has_name(self, name: str, position: int) -> bool:
        """Whether a sheet has that local name."""
        names = self.root.one("definedNames")
        return names is not None and any(
            found.attributes.get("name", "").casefold() == name.casefold()
            and found.attributes.get("localSheetId") == str(position)
            for found in names.all("definedName")
        )

    def grow_names(self, position: int, grown: Callable[[str], str]) -> None:
        """Let a sheet's print area and hidden name of its filter grow with its table."""
        names = self.root.one("definedNames")
        for found in names.all("definedName") if names else ():
            named = found.attributes.get("name", "").casefold() in _GROWING
            if named and found.attributes.get("localSheetId") == str(position):
                old = unescape(self.part.text.body[found.inner : found.close].decode())
                if grown(old) != old:
                    self._refer(found, grown(old))

    def _refer(self, found: Element, reference: str) -> None:
        if not found.empty:
            self.part.edit(Edit(found.inner, found.close, [escaped(reference).encode()]))

    def finish_names(self) -> None:
        """Note the edit that adds all new names at once."""
        if not self._names_added:
            return
        added = b"".join(self._names_added)
        names = self.root.one("definedNames")
        if names is not None:
            self.part.edit(appended(names, added))
            return
        tag = f"{self.root.prefix}:definedNames" if self.root.prefix else "definedNames"
        at = self._after(_BEFORE_NAMES)
        self.part.edit(Edit(at, at, [f"<{tag}>".encode(), added, f"</{tag}>".encode()], order=1))

    def calculate_on_load(self) -> None:
        """Have Excel calculate everything once when it opens the book next."""
        found = self.root.one("calcPr")
        if found is not None:
            if not found.on("fullCalcOnLoad"):
                self.part.edit(attribute(self.part.text.body, found, "fullCalcOnLoad", "1"))
            return
        tag = f"{self.root.prefix}:calcPr" if self.root.prefix else "calcPr"
        at = self._after((*_BEFORE_NAMES, "definedNames"))
        self.part.edit(Edit(at, at, [f'<{tag} fullCalcOnLoad="1"/>'.encode()], order=2))

    def _after(self, before: tuple[str, ...]) -> int:
        """Where an element goes that follows all of these children."""
        return max(child.end for child in self.root.children if child.name in before)

    def drop_part(self, kind: str) -> str:
        """Take a part of that kind out of the book; gives the member's key, "" without one."""
        dropped = ""
        for relation in self.relations.of_kind(kind):
            self.relations.drop(relation)
            self.types.drop(relation.part)
            member = member_of(self.container, relation.part)
            dropped = member.key if member else dropped
        return dropped


def _workbook_name(container: Container) -> str:
    """The workbook part, wherever the package keeps it."""
    for relation in Relations(container, "").of_kind("officeDocument"):
        member = member_of(container, relation.part)
        if member is not None:
            return member.name.replace("\\", "/")
    raise damaged(container.label, "找不到工作簿部件")
