"""Lint of Excel templates: the faults of each cell, by its address."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlplan.documents.cells import one_tag
from xlplan.documents.formulas import Formula
from xlplan.documents.lint import Fault, lint_text, syntax_fault, walked
from xlplan.documents.numbers import Number
from xlplan.documents.passages import Passage
from xlplan.documents.sheet_cells import Cell, Xml
from xlplan.documents.sheet_source import TAGGED
from xlplan.documents.tag_rows import FOREIGN_TAG, ROW_TAG, beside_tags
from xlplan.documents.template_book import Sheet, TemplateBook
from xlplan.package.relations import Relations, member_of, rels_name

_BRACES = re.compile(r"[{}｛｝]")
_AS_PERCENT = re.compile(r"\|\s*百分比\s*(?:\(\d*\))?\s*\Z")
_GENERAL = ("General", "")


def lint_book(book: TemplateBook, fields: Mapping[str, object]) -> list[Fault]:
    """Everything that is wrong with a template, sheet by sheet."""
    faults = [fault for sheet in book.sheets for fault in _Sheet(book, sheet, fields).faults()]
    for number, source in enumerate(book.drawn, 1):
        read = [Passage(f"图形{number}", text) for text in source.texts]
        faults += lint_text(read)
        faults += walked("\n".join(source.texts), read, fields).faults
    return faults


@dataclass(slots=True)
class _Sheet:
    """The lint of one sheet."""

    book: TemplateBook
    sheet: Sheet
    fields: Mapping[str, object]
    lines: list[str] = field(default_factory=list)
    places: list[Passage] = field(default_factory=list)
    formats: dict[str, str] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """The faults of its texts, then of its tags as they run, then of what hangs on rows."""
        texts = [self._passage(cell) for cell in self.sheet.cells if _BRACES.search(cell.text)]
        yield from lint_text(texts)
        yield from self._read()
        walk = walked("\n".join(self.lines), self.places, self.fields)
        yield from walk.faults
        yield from self._unshown(walk.printed)
        if not any(fault.code == "XP855" for fault in walk.faults):
            yield from self._stuck()
        yield from self._tables()

    def _passage(self, cell: Cell) -> Passage:
        place = f"{self.sheet.entry.name}!{cell.address}"
        runs = cell.words.runs if cell.words else ()
        return Passage(place, cell.text, tuple((text, look) for look, text in runs))

    def _read(self) -> Iterator[Fault]:
        """Take down the tags of each cell in a line of its own; what is wrong in itself is left."""
        for row in self.sheet.rows:
            statements = self.sheet.tags.statements.get(row.number, ())
            for one in statements:
                self._line(f"{{% {one.text} %}}", self._passage(one.cell))
            if statements:
                for cell in beside_tags(row):
                    yield Fault("XP875", self._passage(cell), {"text": _shown(cell)})
                continue
            for cell in row.cells:
                if TAGGED.search(cell.text):
                    yield from self._tags(cell)
        for text in self._headers():
            self._line(text, Passage(f"{self.sheet.entry.name}页眉页脚", text))

    def _tags(self, cell: Cell) -> Iterator[Fault]:
        passage = self._passage(cell)
        if foreign := FOREIGN_TAG.search(cell.text):
            reason = f"“{foreign[0]}”只能用在 Word 里，表格的行用“{{%tr … %}}”"
            yield Fault("XP855", passage, {"reason": reason})
        elif fault := syntax_fault(cell.text, passage):
            yield fault
        else:
            self._line(cell.text, passage)
            style = cell.element.whole("s")
            known = self.book.formats
            if one_tag(cell.text):
                self.formats[passage.place] = known[style] if style < len(known) else "General"

    def _line(self, text: str, passage: Passage) -> None:
        self.lines.append(" ".join(text.split("\n")))
        self.places.append(passage)

    def _headers(self) -> Iterator[str]:
        head = self.sheet.xml.root.one("headerFooter")
        for line in head.children if head else ():
            if TAGGED.search(text := self.sheet.xml.content(line)):
                yield text

    def _unshown(self, printed: Sequence[tuple[Passage, list[object]]]) -> Iterator[Fault]:
        """Rates in cells that would show them as plain numbers."""
        said = set()
        for passage, values in printed:
            plain = self.formats.get(passage.place) in _GENERAL
            rate = any(isinstance(value, Number) and value.is_rate for value in values)
            if plain and passage.place not in said and (rate or _is_percent(passage.text)):
                said.add(passage.place)
                yield Fault("XP878", passage, {"text": passage.text.strip()})

    def _stuck(self) -> Iterator[Fault]:
        """Formulas and pivot tables that cannot follow the rows."""
        plans = self.book.plans
        for cell in self.sheet.cells if plans else ():
            if cell.formula and cell.row not in self.sheet.tags.statements:
                formula = Formula.read(cell.formula, self.sheet.key)
                for reason in formula.faults(plans, self.sheet.key, cell.row):
                    passage = Passage(f"{self.sheet.entry.name}!{cell.address}", f"={cell.formula}")
                    yield Fault("XP876", passage, {"reason": reason})
        if self.sheet.key in plans and self._parts("pivotTable"):
            passage = Passage(self.sheet.entry.name, "")
            reason = "数据透视表和会重复的行不能在同一张工作表里"
            yield Fault("XP876", passage, {"reason": reason})

    def _tables(self) -> Iterator[Fault]:
        """Heads of tables with tags: Excel finds a table damaged whose heads change."""
        for name in self._parts("table"):
            table = Xml.read(self.book.container, name).root
            area = Formula.read(table.attributes.get("ref", "A1"), self.sheet.key)
            top = next((one.first for one in area.references), 0)
            for cell in self.sheet.cells:
                if (
                    cell.row == top
                    and table.whole("headerRowCount", 1)
                    and TAGGED.search(cell.text)
                ):
                    yield Fault("XP877", self._passage(cell), {})

    def _parts(self, kind: str) -> list[str]:
        container, part = self.book.container, self.sheet.entry.part
        if rels_name(part) not in container:
            return []
        found = Relations(container, part).of_kind(kind)
        members = [member_of(container, relation.part) for relation in found]
        return [member.name for member in members if member is not None]


def _is_percent(text: str) -> bool:
    return bool(_AS_PERCENT.search(one_tag(text)))


def _shown(cell: Cell) -> str:
    return ROW_TAG.sub("", cell.text).strip() or (
        f"={cell.formula}" if cell.formula else cell.address
    )
