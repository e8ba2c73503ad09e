"""The parts of a template that belong to a sheet's rows: tables, comments, drawings, charts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xlplan.container import Container, Member
from xlplan.documents.cells import literal, parted, text_source
from xlplan.documents.formulas import Formula
from xlplan.documents.growth import Growth, Here, Plan
from xlplan.documents.moving import Followed, Mover, Outline, Piece, RowNumber, Splice
from xlplan.documents.sheet_cells import Xml
from xlplan.documents.sheet_source import TAGGED
from xlplan.package.relations import Relations, member_of, rels_name
from xlplan.package.workbook_part import SheetEntry
from xlplan.package.xml_offsets import Element, text_of

DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MOVING = ("table", "comments", "threadedComment", "drawing", "vmlDrawing")
_ANCHOR = re.compile(r"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_ROW = re.compile(r"(<x:Row>)\s*(\d+)\s*(</x:Row>)")
_ANCHOR_ROWS = (2, 6)  # of left, its offset, top, its offset, right, its offset, bottom, its offset


@dataclass(slots=True)
class Source:
    """A part beside the sheets as Jinja2 source; `pieces` are held out of it by their number."""

    member: Member
    xml: Xml
    sheet: str
    pieces: list[Piece] = field(default_factory=list)
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def move(self, splices: Iterator[Splice]) -> None:
        """Hold out what moves."""
        for splice in splices:
            self.pieces.append(splice.piece)
            held = f"\x04{len(self.pieces) - 1}\x05"
            self.edits.append((splice.start, splice.end, held))

    def take(self, other: "Source") -> None:
        """Hold out what moves in another look at the same part."""
        for start, end, held in other.edits:
            self.pieces.append(other.pieces[int(held[1:-1])])
            self.edits.append((start, end, f"\x04{len(self.pieces) - 1}\x05"))

    @property
    def text(self) -> str:
        """The source."""
        said, at, body = [], 0, self.xml.body
        for start, end, source in sorted(self.edits):
            said += [literal(body[at:start].decode()), source]
            at = end
        return "".join([*said, literal(body[at:].decode())])


def belonging(container: Container, entry: SheetEntry) -> Iterator[tuple[str, str]]:
    """The parts of a sheet that move with its rows: kind and name."""
    if rels_name(entry.part) in container:
        for relation in Relations(container, entry.part).of_kind(*_MOVING):
            member = member_of(container, relation.part)
            if member is not None:
                yield relation.kind, member.name


def moving_part(
    container: Container, kind: str, name: str, sheet: str, plans: Mapping[str, Plan]
) -> Source:
    """A part of a sheet whose rows grow."""
    source = read_part(container, name, sheet)
    if kind == "drawing":
        source.move(_anchors(source, sheet))
    elif kind == "vmlDrawing":
        source.move(_boxes(source.xml.body.decode(), sheet))
    else:
        source.move(Mover(source.xml, sheet, plans).splices(source.xml.root))
    return source


def read_part(container: Container, name: str, sheet: str = "") -> Source:
    """A part to be filled; nothing of it moves yet."""
    member = container.find(name)
    assert member is not None  # noqa: S101 - asked for parts that are there
    if name.casefold().endswith(".vml"):  # what Excel writes there is not always whole XML
        text = text_of(container.read(member), name, container.label)
        return Source(member, Xml(text.body, Element("", "", "", {}, 0), text), sheet)
    return Source(member, Xml.read(container, name), sheet)


def _anchors(source: Source, sheet: str) -> Iterator[Splice]:
    """Where the corners of drawings stand; a drawing among repeated rows stays with the first."""
    for anchor in source.xml.root.children:
        for corner in anchor.children:
            row = corner.one("row") if corner.name in ("from", "to") else None
            if row is not None:
                number = int(source.xml.content(row)) + 1
                piece = RowNumber(sheet, number, base=0, last=corner.name == "to")
                yield Splice(row.inner, row.close, piece)


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a note's box stands: columns and rows with their offsets."""

    numbers: tuple[str, ...]
    sheet: str

    def said(self, growth: Growth, here: Here) -> str:
        """The box, its rows moved."""
        moved = list(self.numbers)
        for at in _ANCHOR_ROWS:
            moved[at] = RowNumber(self.sheet, int(moved[at]) + 1, base=0).said(growth, here)
        return ", ".join(moved)


def _boxes(text: str, sheet: str) -> Iterator[Splice]:
    """Where the boxes of notes stand, and the cells that they belong to."""
    for found in _ANCHOR.finditer(text):
        numbers = tuple(number.strip() for number in found[2].split(","))
        if len(numbers) > max(_ANCHOR_ROWS):
            yield _at(text, found, _Box(numbers, sheet))
    for found in _ROW.finditer(text):
        yield _at(text, found, RowNumber(sheet, int(found[2]) + 1, base=0))


def _at(text: str, found: re.Match[str], piece: Piece) -> Splice:
    """The second group of a match as bytes."""
    start = len(text[: found.start(2)].encode())
    return Splice(start, start + len(found[2].encode()), piece)


def print_texts(source: Source) -> None:
    """Texts with tags in the paragraphs of a drawing; a tag looks as its first character does."""
    for paragraph in _all(source.xml.root, "p"):
        places = [text for run in paragraph.all("r") for text in run.all("t")]
        text = "".join(map(source.xml.content, places))
        if TAGGED.search(text):
            source.texts.append(text)
            lengths = [len(source.xml.content(place)) for place in places]
            for place, said in zip(places, _shared_out(text, lengths), strict=True):
                source.edits.append((place.inner, place.close, text_source(said)))


def _shared_out(text: str, lengths: list[int]) -> list[str]:
    """A text cut into runs again, whole tags in the run where they begin."""
    said = ["" for _ in lengths]
    owners = [run for run, length in enumerate(lengths) for _ in range(length)]
    at = 0
    for part in parted(text):
        if TAGGED.match(part):
            said[owners[at]] += part
        else:
            for step, letter in enumerate(part, at):
                said[owners[step]] += letter
        at += len(part)
    return said


def _all(element: Element, name: str) -> Iterator[Element]:
    for child in element.children:
        if child.uri == DRAWN and child.name == name:
            yield child
        else:
            yield from _all(child, name)


def name_splices(xml: Xml, plans: Mapping[str, Plan]) -> Iterator[Splice]:
    """The defined names of a workbook; areas and titles of the print stay in one piece."""
    names = xml.root.one("definedNames")
    for name in names.all("definedName") if names else ():
        formula = Formula.read(xml.content(name), "")
        if formula.moves(plans):
            own = name.attributes.get("name", "").startswith("_xlnm.")
            piece: Piece = Outline(formula) if own else Followed(formula)
            yield Splice(name.inner, name.close, piece)
