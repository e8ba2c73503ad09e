"""What hangs on the rows of a template's sheet and moves when they grow.

Merges, links, breaks and sparklines repeat with their rows; conditional formats, validations,
filters, tables, protected ranges and names stretch; drawings and comments move down.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from xlplan.documents.formulas import Formula
from xlplan.documents.growth import Growth, GrowthError, Here, Plan
from xlplan.documents.sheet_cells import Xml
from xlplan.package.xml_offsets import Edit, Element, attribute, escaped

NOWHERE = "#REF!"
"""What a reference becomes whose rows were not written."""


class Piece(Protocol):
    """A piece of a part that is written anew for every filled workbook."""

    def said(self, growth: Growth, here: Here) -> str:
        """The piece as XML, at a place of the filled workbook."""
        ...


@dataclass(frozen=True, slots=True)
class Followed:
    """A formula outside of cells; `union` puts several ranges in brackets, as charts want it."""

    formula: Formula
    union: bool = False

    def said(self, growth: Growth, here: Here) -> str:
        """The formula with every reference where its rows are now; #REF! without any."""
        try:
            text = self.formula.spread(growth, here)
        except GrowthError:
            return NOWHERE
        return escaped(f"({text})" if self.union and "," in text else text)


@dataclass(frozen=True, slots=True)
class Outline:
    """A range from its first row to its last, whatever stands between: a filter, a print area."""

    formula: Formula

    def said(self, growth: Growth, here: Here) -> str:
        """The range where its rows are now; as it was when none of them were written."""
        try:
            return escaped(self.formula.hull(growth, here))
        except GrowthError:
            return escaped(self.formula.text)


@dataclass(frozen=True, slots=True)
class Corner:
    """A single cell: where the pointer stands, what a comment hangs on."""

    formula: Formula

    def said(self, growth: Growth, here: Here) -> str:
        """The cell where its row is now; of several the first."""
        return Outline(self.formula).said(growth, here).partition(":")[0]


@dataclass(frozen=True, slots=True)
class Areas:
    """A list of ranges, those left out whose rows were not written.

    `everywhere`: of all turns of loops, not only of the turn that it is looked at from.
    """

    formulas: tuple[Formula, ...]
    everywhere: bool = True

    def said(self, growth: Growth, here: Here) -> str:
        """The ranges where their rows are now; GrowthError when none is left."""
        seen_from = Here("") if self.everywhere else here
        found = []
        for formula in self.formulas:
            try:
                found.append(formula.left(growth, seen_from).replace(",", " "))
            except GrowthError:
                continue
        if not found:
            raise GrowthError("没有写出的行")
        return " ".join(found)


@dataclass(frozen=True, slots=True)
class RowNumber:
    """A row by its number, counted from `base`: of a break, or of the corner of a drawing."""

    sheet: str
    row: int
    base: int = 1
    last: bool = False

    def said(self, growth: Growth, here: Here) -> str:
        """Where the row is now; of several the first, or the last."""
        try:
            found = growth.stretches(self.sheet, (self.row, self.row), here, fixed=False)
        except GrowthError:
            return str(self.row - 1 + self.base)
        return str((found[-1][1] if self.last else found[0][0]) - 1 + self.base)


@dataclass(frozen=True, slots=True)
class Kept:
    """An element that goes when all of its rows went; its formulas are seen from its first row."""

    parts: tuple[str | Piece, ...]
    home: tuple[str, int]

    def said(self, growth: Growth, here: Here) -> str:  # noqa: ARG002 - it has its own place
        """The element, or nothing."""
        try:
            return together(self.parts, growth, growth.first(*self.home))
        except GrowthError:
            return ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """An element that stands once in each turn of the loops around its rows."""

    parts: tuple[str | Piece, ...]
    sheet: str
    first: int
    last: int

    def said(self, growth: Growth, here: Here) -> str:  # noqa: ARG002 - it has its own places
        """The element as often as its rows were written."""
        said = []
        for turn in growth.turns(self.sheet, self.first, self.last):
            try:
                said.append(together(self.parts, growth, turn))
            except GrowthError:
                continue
        return "".join(said)


_ONE_CELL = re.compile(r'<[^<>]*mergeCell [^<>]*ref="([^":]*)"[^<>]*/>')


@dataclass(frozen=True, slots=True)
class Many:
    """An element of many like ones: counted anew, and gone when none is left."""

    qualified: str
    attributes: str
    children: tuple[str | Piece, ...]
    child: str

    def said(self, growth: Growth, here: Here) -> str:
        """The element with those of its children that are left."""
        inner = _ONE_CELL.sub("", together(self.children, growth, here))
        count = len(re.findall(rf"<(?:\w+:)?{self.child}[\s/>]", inner))
        if not count:
            return ""
        counts = {
            "mergeCells": f' count="{count}"',
            "dataValidations": f' count="{count}"',
            "rowBreaks": f' count="{count}" manualBreakCount="{inner.count("man=")}"',
        }
        counted = counts.get(self.qualified.rpartition(":")[2], "")
        return f"<{self.qualified}{self.attributes}{counted}>{inner}</{self.qualified}>"


def together(parts: Iterable[str | Piece], growth: Growth, here: Here) -> str:
    """Text and pieces in a row."""
    return "".join(part if isinstance(part, str) else part.said(growth, here) for part in parts)


@dataclass(frozen=True, slots=True)
class Splice:
    """The bytes [start, end) of a part give way to a piece."""

    start: int
    end: int
    piece: Piece


def pieces(body: bytes, start: int, end: int, splices: Iterable[Splice]) -> list[str | Piece]:
    """The bytes [start, end) as text and pieces."""
    found: list[str | Piece] = []
    at = start
    for one in sorted(splices, key=lambda splice: splice.start):
        found += [body[at : one.start].decode(), one.piece]
        at = one.end
    return [*found, body[at:end].decode()]


_RANGES = ("dimension", "autoFilter", "sortState", "sortCondition", "table")
_COMMENTS = ("comment", "threadedComment")
_CORNERS = ("activeCell", "topLeftCell")
_NAMED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((*_RANGES, *_COMMENTS), ("ref",)),
    **dict.fromkeys(("sheetView", "pane"), ("topLeftCell",)),
    "selection": ("activeCell", "sqref"),
}
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2"})
_REPEATED = frozenset({"mergeCells", "hyperlinks", "rowBreaks", "cellWatches", "sparklines"})
_KEPT = frozenset({"conditionalFormatting", "protectedRange", "ignoredError"})
_COUNTS = re.compile(r"""\s(?:count|manualBreakCount)\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Mover:
    """Finds what of a sheet's parts moves, when rows of any sheet of `plans` grow."""

    xml: Xml
    sheet: str
    plans: Mapping[str, Plan]

    def splices(self, element: Element) -> Iterator[Splice]:
        """What moves in an element, itself included."""
        name, grows = element.name, self.sheet in self.plans
        if name == "sheetData":
            return
        if name in _FORMULAS:
            yield from self._formula(element)
        elif not grows:
            yield from self._inner(element)
        elif name in _REPEATED:
            yield self._many(element, [self._repeated(child) for child in element.children])
        elif name == "dataValidations":
            yield self._many(element, [self._kept(child) for child in element.children])
        elif name in _KEPT:
            yield Splice(element.start, element.end, self._kept(element))
        else:
            yield from self._attributes(element)
            yield from self._inner(element)

    def _inner(self, element: Element) -> Iterator[Splice]:
        for child in element.children:
            yield from self.splices(child)

    def _formula(self, element: Element) -> Iterator[Splice]:
        formula = Formula.read(self.xml.content(element), self.sheet)
        if formula.moves(self.plans):
            yield Splice(element.inner, element.close, Followed(formula))

    def _attributes(self, element: Element) -> Iterator[Splice]:
        """Ranges and single cells that an element names."""
        for name in _NAMED.get(element.name, ()):
            if name in element.attributes:
                piece = Corner if name in _CORNERS or element.name in _COMMENTS else Outline
                yield self._attribute(element, name, piece(self._read(element, name)))

    def _attribute(self, element: Element, name: str, piece: Piece) -> Splice:
        edit: Edit = attribute(self.xml.body, element, name, "")
        return Splice(edit.start + 1, edit.end - 1, piece)

    def _read(self, element: Element, name: str) -> Formula:
        return Formula.read(element.attributes[name].replace(" ", ","), self.sheet)

    def _kept(self, element: Element) -> Kept:
        """A format, validation or the like, with its ranges and formulas."""
        splices = list(self._inner(element))
        if "sqref" in element.attributes:
            ranges = element.attributes["sqref"]
            splices.append(self._attribute(element, "sqref", self._areas(ranges)))
        elif (found := _descendant(element, "sqref")) is not None:
            ranges = self.xml.content(found)
            splices.append(Splice(found.inner, found.close, self._areas(ranges)))
        else:
            ranges = "A1"
        parts = pieces(self.xml.body, element.start, element.end, splices)
        return Kept(tuple(parts), (self.sheet, self._first(ranges)))

    def _areas(self, ranges: str, *, everywhere: bool = True) -> Areas:
        read = tuple(Formula.read(one, self.sheet) for one in ranges.split())
        return Areas(read, everywhere)

    def _first(self, ranges: str) -> int:
        read = Formula.read(ranges.split(maxsplit=1)[0], self.sheet) if ranges.strip() else None
        return min((one.first for one in read.references), default=1) if read else 1

    def _repeated(self, element: Element) -> Repeated:
        """A merge, link, break, watched cell or sparkline."""
        splices = list(self._inner(element))
        first = last = element.whole("id", 1)
        if element.name == "brk":
            splices.append(self._attribute(element, "id", RowNumber(self.sheet, first, last=True)))
        for name in ("ref", "r"):
            if name in element.attributes and element.name != "brk":
                ranges = element.attributes[name]
                first, last = self._rows(ranges)
                areas = self._areas(ranges, everywhere=False)
                splices.append(self._attribute(element, name, areas))
        if (found := _descendant(element, "sqref")) is not None:
            first, last = self._rows(self.xml.content(found))
            areas = self._areas(self.xml.content(found), everywhere=False)
            splices.append(Splice(found.inner, found.close, areas))
        if "location" in element.attributes:
            place = Formula.read(element.attributes["location"], self.sheet)
            splices.append(self._attribute(element, "location", Followed(place)))
        parts = pieces(self.xml.body, element.start, element.end, splices)
        return Repeated(tuple(parts), self.sheet, first, last)

    def _rows(self, ranges: str) -> tuple[int, int]:
        read = list(Formula.read(ranges, self.sheet).references)
        return (read[0].first, read[0].last) if read else (1, 1)

    def _many(self, element: Element, children: Sequence[Piece]) -> Splice:
        tag = self.xml.body[element.start : element.inner].decode().rstrip("/>")
        attributes = _COUNTS.sub("", tag[1 + len(element.qualified) :])
        child = element.children[0].name if element.children else ""
        many = Many(element.qualified, attributes, tuple(children), child)
        return Splice(element.start, element.end, many)


def _descendant(element: Element, name: str) -> Element | None:
    for child in element.children:
        found = child if child.name == name else _descendant(child, name)
        if found is not None:
            return found
    return None
