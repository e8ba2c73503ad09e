"""A sheet of a template as Jinja2 source: its rows with marks, what moves with them as pieces."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from xlplan.documents.cells import cell_source, literal, parted, text_source
from xlplan.documents.formulas import Formula
from xlplan.documents.growth import Growth, Here, Plan
from xlplan.documents.moving import Areas, Mover, Piece
from xlplan.documents.sheet_cells import Cell, Row, Words, Xml
from xlplan.documents.tag_rows import Statement, TagRows
from xlplan.package.values import escaped
from xlplan.package.xml_offsets import Element

ROW, NUMBER = "\x02", "\x03"
"""Before each row, and in place of its number: XML holds neither."""

HELD = re.compile("\x04(\\d+)\x05")
"""Where a piece stands that is written when all rows are known."""

END = f"{ROW}.;"
TAGGED = re.compile(r"\{[{%#]")
_REFERENCE = re.compile(r"""(\sr\s*=\s*["'])[^"']*""")
_ATTRIBUTE = re.compile(r"""\s([\w:]+)\s*=\s*("[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class CellFormula:
    """The formula of one cell as its element, written for each place where the cell stands."""

    open: str
    formula: Formula
    close: str
    area: Areas | None = None

    def said(self, growth: Growth, here: Here) -> str:
        """The element f; its cached value is for the application to find."""
        area = f' ref="{self.area.said(growth, here)}"' if self.area else ""
        return f"{self.open}{area}>{escaped(self.formula.said(growth, here))}{self.close}"


@dataclass(slots=True)
class Maker:
    """Makes the source of one sheet; `pieces` are held out of it by their number."""

    xml: Xml
    sheet: str
    rows: list[Row]
    tags: TagRows
    plans: Mapping[str, Plan]
    formats: list[str]
    pieces: list[Piece] = field(default_factory=list)

    @property
    def source(self) -> str:
        """The whole part: head, rows, tail."""
        data = self.xml.root.one("sheetData")
        body = self.xml.body
        if data is None:
            return self._around(0, len(body))
        tag = body[data.start : data.inner].decode().rstrip("/>") + ">"
        head = self._around(0, data.start) + literal(tag)
        tail = literal(f"</{data.qualified}>") + self._around(data.end, len(body))
        return head + "".join(self._rows()) + END + tail

    def _around(self, start: int, end: int) -> str:
        """What stands before or after the rows."""
        mover = Mover(self.xml, self.sheet, self.plans)
        inside = [child for child in self.xml.root.children if start <= child.start < end]
        splices = [s for child in inside for s in mover.splices(child)] if self.plans else []
        edits = [(splice.start, splice.end, self._hold(splice.piece)) for splice in splices]
        edits += self._printed(inside)
        said, at = [], start
        for first, last, source in sorted(edits):
            said += [literal(self.xml.body[at:first].decode()), source]
            at = last
        return "".join([*said, literal(self.xml.body[at:end].decode())])

    def _printed(self, elements: list[Element]) -> Iterator[tuple[int, int, str]]:
        """Headers and footers with tags."""
        for element in elements:
            for line in element.children if element.name == "headerFooter" else ():
                text = self.xml.content(line)
                if TAGGED.search(text):
                    tagged = re.sub(r"\{\{(.*?)\}\}", r"{{ (\1)|_code }}", text)
                    yield line.inner, line.close, text_source(tagged)

    def _hold(self, piece: Piece) -> str:
        self.pieces.append(piece)
        return f"\x04{len(self.pieces) - 1}\x05"

    # Rows

    def _rows(self) -> Iterator[str]:
        """Every row in turn; within loops also those that the part leaves out."""
        at = 0
        for row in self.rows:
            yield from (self._row(Row(n, None)) for n in self._blanks(at, row.number))
            at = row.number
            found = self.tags.statements.get(row.number)
            if found:
                yield from (self._statement(place, one) for place, one in enumerate(found))
            else:
                yield self._row(row)

    def _blanks(self, after: int, before: int) -> Iterator[int]:
        """The numbers of rows without an element between two others, where they count."""
        plan = self.tags.plan
        yield from range(max(after + 1, plan.first), min(before, plan.last + 1))

    def _row(self, row: Row) -> str:
        """A row with its mark; a blank one has no element."""
        if row.element is None:
            return f"{ROW}r{row.number};"
        tag = self._numbered(row.element, self._number(row.number))
        cells = "".join(self._cell(cell) for cell in row.cells)
        return f"{ROW}r{row.number};{tag}{cells}{literal(f'</{row.element.qualified}>')}"

    def _number(self, row: int) -> str:
        """A row's number, or the mark for it where it may change."""
        plan = self.tags.plan
        return NUMBER if plan.spans and row >= plan.first else str(row)

    def _numbered(self, element: Element, reference: str) -> str:
        """A start tag with its reference; never an empty element."""
        tag = self.xml.body[element.start : element.inner].decode().rstrip(">").rstrip("/")
        if "r" in element.attributes:
            return literal(_REFERENCE.sub(rf"\g<1>{reference}", tag, count=1)) + ">"
        at = 1 + len(element.qualified)
        return literal(f'{tag[:at]} r="{reference}"{tag[at:]}') + ">"

    def _cell(self, cell: Cell) -> str:
        reference = cell.column + self._number(cell.row)
        if cell.formula:
            return self._calculated(cell, reference)
        if cell.words and TAGGED.search(cell.text):
            style = self._start(cell, reference)
            return style + self._filled(cell) + literal(f"</{cell.element.qualified}>")
        if cell.element.empty:
            return self._numbered(cell.element, reference)[:-1] + "/>"
        inner = literal(self.xml.inside(cell.element))
        tag = self._numbered(cell.element, reference)
        return tag + inner + literal(f"</{cell.element.qualified}>")

    def _start(self, cell: Cell, reference: str) -> str:
        """A cell's start tag without its type, not closed."""
        kept = "".join(
            f" {name}={value}"
            for name, value in _ATTRIBUTE.findall(self._tag(cell.element))
            if name not in ("r", "t")
        )
        return f'<{cell.element.qualified} r="{reference}"{kept}'

    def _tag(self, element: Element) -> str:
        return self.xml.body[element.start : element.inner].decode()

    def _filled(self, cell: Cell) -> str:
        """What tags make of a cell; the format of each part of its text is kept."""
        assert cell.words is not None  # noqa: S101 - the caller looked
        if cell.words.runs and not cell_is_one_tag(cell.text):
            return f' t="inlineStr"><is>{rich_source(cell.words)}</is>'
        return cell_source(cell.text, as_text=self._format(cell) == "@")

    def _format(self, cell: Cell) -> str:
        style = cell.element.whole("s")
        return self.formats[style] if style < len(self.formats) else "General"

    def _calculated(self, cell: Cell, reference: str) -> str:
        """A cell with a formula; what the template last calculated is left out."""
        found = cell.element.one("f")
        assert found is not None  # noqa: S101 - the caller looked
        formula = Formula.read(cell.formula, self.sheet)
        attributes = [
            (name, value)
            for name, value in _ATTRIBUTE.findall(self._tag(found))
            if name not in ("si", "ref") and (name, value[1:-1]) != ("t", "shared")
        ]
        opened = f"<{found.qualified}" + "".join(f" {n}={v}" for n, v in attributes)
        ref = found.attributes.get("ref", "") if ("t", '"array"') in attributes else ""
        area = Areas((Formula.read(ref, self.sheet),), everywhere=False) if ref else None
        simple = formula.in_row(self.plans, self.sheet, cell.row, self._number(cell.row))
        close = f"</{found.qualified}>"
        if simple is not None and area is None:
            said = literal(f"{opened}>{escaped_but(simple)}{close}")
        else:
            said = self._hold(CellFormula(opened, formula, close, area))
        return f"{self._start(cell, reference)}>{said}</{cell.element.qualified}>"

    # Tags

    def _statement(self, place: int, statement: Statement) -> str:
        """A tag for rows; a loop marks its turns, and leaves one blank row when it has none."""
        row, loop = statement.cell.row, self.tags.loop(statement.cell.row, place)
        tag = f"{{% {statement.text} %}}"
        if statement.word == "for" or (statement.word == "else" and loop):
            return f"{tag}{ROW}+{loop};"
        if statement.word == "endfor":
            blank = "" if self._has_else(loop) else f"{{% else %}}{self._blank(loop, row)}"
            return f"{blank}{tag}{ROW}-;"
        return tag

    def _has_else(self, loop: int) -> bool:
        return any(
            statement.word == "else" and self.tags.loop(row, place) == loop
            for row, found in self.tags.statements.items()
            for place, statement in enumerate(found)
        )

    def _blank(self, loop: int, last: int) -> str:
        """The first row that a loop repeats, without its content."""
        marks = f"{ROW}+{loop};"
        span = next((s for s in self.tags.plan.spans if s.loop == loop), None)
        for number in range(span.first + 1 if span else last, last):
            if number in self.tags.statements:
                continue
            inner = [one for one in self.tags.plan.loops(number) if one > loop]
            opened = "".join(f"{ROW}+{one};" for one in inner)
            row = next((row for row in self.rows if row.number == number), None)
            blank = self._emptied(row or Row(number, None))
            return f"{marks}{opened}{blank}{f'{ROW}-;' * len(inner)}"
        return marks

    def _emptied(self, row: Row) -> str:
        if row.element is None:
            return self._row(row)
        tag = self._numbered(row.element, NUMBER)
        cells = "".join(f"{self._start(cell, cell.column + NUMBER)}/>" for cell in row.cells)
        return f"{ROW}r{row.number};{tag}{cells}{literal(f'</{row.element.qualified}>')}"


def cell_is_one_tag(text: str) -> bool:
    """Whether a cell is nothing but one tag."""
    return cell_source(text, as_text=False).startswith("{{")


def rich_source(words: Words) -> str:
    """A text in several formats as Jinja2 source; a tag has the format of its first character."""
    looks = [look for look, text in words.runs for _ in text]
    said: list[tuple[str, str]] = []
    at = 0
    for part in parted(words.text):
        whole = TAGGED.match(part)
        letters = [(looks[at], part)] if whole else zip(looks[at:], part, strict=False)
        said += letters
        at += len(part)
    return "".join(
        f'<r>{look}<t xml:space="preserve">{text_source("".join(text for _, text in run))}</t></r>'
        for look, run in groupby(said, key=itemgetter(0))
    )


def escaped_but(formula: str) -> str:
    """A formula as XML, its marks for row numbers left as they are."""
    return NUMBER.join(escaped(part) for part in formula.split(NUMBER))
