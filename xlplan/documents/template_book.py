"""An Excel template read once: which of its parts are filled, and the parts that never change."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from xlplan.container import Container, Member, Packer
from xlplan.documents.attached import (
    Source,
    belonging,
    moving_part,
    name_splices,
    print_texts,
    read_part,
)
from xlplan.documents.charts import chart_splices
from xlplan.documents.formulas import Formula
from xlplan.documents.growth import Plan
from xlplan.documents.moving import Piece
from xlplan.documents.sheet_cells import (
    Cell,
    Row,
    Words,
    Xml,
    number_formats,
    shared_words,
    sheet_rows,
)
from xlplan.documents.sheet_source import TAGGED, Maker
from xlplan.documents.tag_rows import TagRows, tag_rows
from xlplan.package.workbook_part import SheetEntry, Workbook
from xlplan.package.xml_offsets import Edit, Text, spliced

_DRAWN = re.compile(r"xl/(?:drawings/drawing|charts/chart)[^/]*\.xml\Z", re.IGNORECASE)
_CHART = re.compile(r"xl/charts/chart[^/]*\.xml\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """A worksheet of the template: its XML, rows and tags for rows."""

    entry: SheetEntry
    xml: Xml
    rows: list[Row]
    tags: TagRows

    @property
    def key(self) -> str:
        """Its name for looking up."""
        return self.entry.name.casefold()

    @property
    def cells(self) -> Iterator[Cell]:
        """Its cells, row by row."""
        return (cell for row in self.rows for cell in row.cells)

    @cached_property
    def tagged(self) -> bool:
        """Whether anything is filled into its cells, headers or footers."""
        head = self.xml.root.one("headerFooter")
        headed = head is not None and TAGGED.search(self.xml.inside(head))
        return bool(headed) or any(TAGGED.search(cell.text) for cell in self.cells)

    @cached_property
    def formulas(self) -> list[Formula]:
        """The formulas of its cells."""
        return [Formula.read(cell.formula, self.key) for cell in self.cells if cell.formula]

    def depends_on(self, keys: Iterable[str], names: Iterable[str]) -> bool:
        """Whether a formula refers to these sheets, or uses a name."""
        wanted = set(keys)
        return any(
            any(part.sheet in wanted for part in formula.references)
            or any(name in formula.text for name in names)
            for formula in self.formulas
        )


@dataclass(frozen=True, slots=True)
class LivePart:
    """A part that is filled: Jinja2 source, what is held out of it, how it is encoded."""

    member: Member
    sheet: str  # the sheet it is the part of; "" for all others
    source: str
    pieces: tuple[Piece, ...]
    text: Text


class TemplateBook:
    """The template's package, its sheets, and its parts sorted into filled and unchanged.

    Raises:
        RequestError: when it is no whole workbook.
    """

    def __init__(self, data: bytes, label: str) -> None:
        self.container = Container(data, label)
        self.workbook = Workbook(self.container)
        self.shared = self._shared()
        self.sheets = [
            self._sheet(entry) for entry in self.workbook.sheets if entry.kind == "worksheet"
        ]
        self.formats = number_formats(self.container, self.workbook.part_of("styles"))
        self.drawn = [
            source for member in self.container.members if (source := self._drawn(member))
        ]

    def _shared(self) -> list[Words]:
        part = self.workbook.part_of("sharedStrings")
        return shared_words(Xml.read(self.container, part)) if part else []

    def _sheet(self, entry: SheetEntry) -> Sheet:
        xml = Xml.read(self.container, entry.part)
        rows = sheet_rows(xml, self.shared)
        return Sheet(entry, xml, rows, tag_rows(rows))

    def _drawn(self, member: Member) -> Source | None:
        """A drawing or chart with its texts."""
        if not _DRAWN.match(member.name.replace("\\", "/")):
            return None
        source = read_part(self.container, member.name)
        print_texts(source)
        return source

    @cached_property
    def plans(self) -> Mapping[str, Plan]:
        """The loops and conditions of the sheets that have some."""
        return {sheet.key: sheet.tags.plan for sheet in self.sheets if sheet.tags.plan.spans}

    @cached_property
    def live(self) -> frozenset[str]:
        """The sheets that are filled, or show what is filled elsewhere."""
        found = {sheet.key for sheet in self.sheets if sheet.tagged}
        names = self._names if found else []
        while True:
            more = {sheet.key for sheet in self.sheets if sheet.depends_on(found, names)} - found
            if not more:
                return frozenset(found)
            found |= more

    @property
    def _names(self) -> list[str]:
        held = self.workbook.root.one("definedNames")
        names = (
            [name.attributes.get("name", "") for name in held.all("definedName")] if held else []
        )
        return [name for name in names if name and not name.startswith("_xlnm.")]

    # Parts that are filled

    def live_parts(self) -> Iterator[LivePart]:
        """Every part that is filled, sheets first."""
        for sheet in self.sheets:
            if sheet.key in self.live:
                yield self._live_sheet(sheet)
        for source in self._moving():
            if source.edits:
                text = source.xml.text
                yield LivePart(source.member, "", source.text, tuple(source.pieces), text)

    def _live_sheet(self, sheet: Sheet) -> LivePart:
        maker = Maker(sheet.xml, sheet.key, sheet.rows, sheet.tags, self.plans, self.formats)
        member = self.container.find(sheet.entry.part)
        assert member is not None  # noqa: S101 - it was read
        source = maker.source
        return LivePart(member, sheet.key, source, tuple(maker.pieces), sheet.xml.text)

    def _moving(self) -> Iterator[Source]:
        """Tables, comments, drawings, charts and the workbook's names."""
        drawn = {source.member.key: source for source in self.drawn}
        for sheet in self.sheets:
            for kind, name in belonging(self.container, sheet.entry) if self.plans else ():
                if sheet.key not in self.plans:
                    continue
                moved = moving_part(self.container, kind, name, sheet.key, self.plans)
                texts = drawn.setdefault(moved.member.key, moved)
                if texts is not moved:
                    texts.take(moved)
        for source in drawn.values():
            if _CHART.match(source.member.name.replace("\\", "/")):
                source.move(chart_splices(source.xml, self.live, self.plans))
            yield source
        names = read_part(self.container, self.workbook.part.name)
        names.move(name_splices(names.xml, self.plans))
        names.edits += [
            (edit.start, edit.end, b"".join(edit.chunks).decode())
            for edit in self.workbook.part.edits
        ]
        yield names

    # Parts that never change

    def base(self) -> bytes:
        """The package with what is the same in every filled workbook.

        Texts with tags are gone from what cells share, and so is the order of calculation: Excel
        calculates everything when it opens a filled workbook.
        """
        dropped = ""
        if self.live and any(sheet.formulas for sheet in self.sheets):
            self.workbook.calculate_on_load()
            dropped = self.workbook.drop_part("calcChain")
        contents = dict(self._unchanging())
        packed = io.BytesIO()
        packer = Packer(packed)
        members = [member for member in self.container.members if member.key != dropped]
        for member in members:
            if member.key in contents:
                packer.renew(member, [contents[member.key]])
            else:
                packer.copy(self.container, member)
        packer.close([member.key for member in members], b"")
        return packed.getvalue()

    def _unchanging(self) -> Iterator[tuple[str, bytes]]:
        for part in (self.workbook.types.part, self.workbook.relations.part):
            if part.edits:
                yield (
                    part.member.key,
                    part.text.packed(b"".join(spliced(part.text.body, part.edits))),
                )
        name = self.workbook.part_of("sharedStrings")
        if name and any(TAGGED.search(words.text) for words in self.shared):
            member = self.container.find(name)
            assert member is not None  # noqa: S101 - it was read
            yield member.key, self._without_tags(name)

    def _without_tags(self, name: str) -> bytes:
        """The shared texts with nothing in the place of those that are filled."""
        xml = Xml.read(self.container, name)
        edits = [
            Edit(item.inner, item.close, [f"<{_tag(item.qualified)}/>".encode()])
            for item, words in zip(xml.root.all("si"), self.shared, strict=True)
            if TAGGED.search(words.text)
        ]
        return xml.text.packed(b"".join(spliced(xml.body, edits)))


def _tag(item: str) -> str:
    """The element t in the namespace of an si."""
    return f"{item[:-2]}t"
