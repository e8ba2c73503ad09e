"""A Word document as lines: every paragraph with its place, and what stands over it and beside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from xlplan.container import Container, form_of
from xlplan.diagnostics import RequestError
from xlplan.quantity.glyphs import normal

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BODY = "word/document.xml"
_BESIDE = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml\Z", re.IGNORECASE)
_PART_NAMES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
NO_DOCUMENT = "不是 .docx 文档"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a cell of a table.

    `plain` is its text in normal form, character for character. `over` are the headings that it
    stands under, the caption of its table last. In a table `heads` stand over it in its column,
    `labels` beside it in its row; `table`, `row` and `column` count from 1, 0 = no table.
    """

    place: str
    text: str
    over: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    table: int = 0
    row: int = 0
    column: int = 0

    @property
    def plain(self) -> str:
        """The text in normal form, a character for each of its own."""
        return normal(self.text)

    @property
    def is_body(self) -> bool:
        """Whether it is running text of the document itself: no cell, no header."""
        return not self.table and self.place.startswith("第")


def read_paper(data: bytes, label: str) -> tuple[Line, ...]:
    """The lines of a .docx in order, headers and notes last.

    Raises:
        RequestError: XP002 no Word document, XP003 encrypted, XP004 damaged, XP008 harmful, XP021
            the package that reads it is missing.
    """
    if not data.startswith(b"PK"):
        form_of(data, label)  # says what it is instead, an encrypted document for one
        raise RequestError("XP002", path=label, reason=NO_DOCUMENT)
    with Container(data, label) as container:
        if _BODY not in container:
            raise RequestError("XP002", path=label, reason=NO_DOCUMENT)
        beside = [(member.name, _BESIDE.match(member.key)) for member in container.members]
        parts = [(_BODY, ""), *((name, _PART_NAMES[it[1].lower()]) for name, it in beside if it)]
        return tuple(
            line for name, said in parts for line in _lines(_root(container.xml(name), label), said)
        )


def _root(xml: bytes, label: str) -> "_Element":
    from lxml import etree  # noqa: PLC0415 - an optional dependency; only documents pay for it

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as wrong:
        raise RequestError("XP002", path=label, reason=NO_DOCUMENT) from wrong


_LEVELS = (
    re.compile(r"\s*附件[0-9一二三四五六七八九十]*\s*\Z"),
    re.compile(r"\s*[一二三四五六七八九十]+、"),
    re.compile(r"\s*\([一二三四五六七八九十]+\)"),
    re.compile(r"\s*[0-9]{1,2}[.、](?![0-9])"),
)
"""How headings begin, the highest first."""

_LONGEST_HEADING = 40


class _Headings:
    """The headings that hold at a place: a new one ends those of its level and below."""

    def __init__(self) -> None:
        self._held: dict[int, str] = {}
        self._last = ""

    def take(self, text: str) -> None:
        """Look whether a paragraph is a heading, or could be the caption of what follows."""
        plain = normal(text)
        level = next((n for n, form in enumerate(_LEVELS) if form.match(plain)), None)
        short = len(plain) <= _LONGEST_HEADING and not plain.rstrip().endswith(
            (".", "。", ";", ":")
        )
        if level is not None and short:
            self._held = {n: held for n, held in self._held.items() if n < level} | {level: text}
        self._last = text if short else ""

    @property
    def over(self) -> tuple[str, ...]:
        """The headings, the highest first."""
        return tuple(self._held[level] for level in sorted(self._held))

    @property
    def over_table(self) -> tuple[str, ...]:
        """The headings and the caption."""
        return tuple(dict.fromkeys((*self.over, self._last))) if self._last else self.over


def _lines(root: "_Element", part: str) -> Iterator[Line]:
    """The lines of one part; a paragraph inside a cell belongs to its cell."""
    headings, count, tables = _Headings(), 0, 0
    cells: dict[_Element, Line] = {}
    for element in root.iter(f"{_W}p", f"{_W}tbl"):
        if next(element.iterancestors(_FALLBACK), None) is not None:
            continue  # what an older Word shows in place of what stands beside it
        if element.tag == f"{_W}tbl":
            tables += 1
            cells |= _cells(element, part, tables, headings.over_table)
            continue
        cell = next(element.iterancestors(f"{_W}tc"), None)
        if cell is not None:
            if line := cells.pop(cell, None):
                yield line
            continue
        count += 1
        text = _text(element)
        yield Line(f"{part}第{count}段", text, over=headings.over)
        if text.strip():
            headings.take(text)


@dataclass(frozen=True, slots=True)
class _Cell:
    element: "_Element"
    text: str
    row: int
    column: int
    width: int
    is_continued: bool


def _cells(
    table: "_Element", part: str, number: int, over: tuple[str, ...]
) -> "dict[_Element, Line]":
    """The lines of a table's cells, with what heads their columns and labels their rows."""
    cells = list(_grid(table))
    rows = {row: list(found) for row, found in groupby(cells, key=lambda cell: cell.row)}
    heads = _head_rows(rows)
    found = {}
    for cell in cells:
        if cell.is_continued:
            continue
        is_head = cell.row in heads
        found[cell.element] = Line(
            f"{part}表{number}第{cell.row}行第{_nth(rows[cell.row], cell)}格",
            cell.text,
            over,
            () if is_head else _heads_of(cell, rows, heads),
            () if is_head else _labels_of(cell, rows[cell.row]),
            number,
            cell.row,
            cell.column,
        )
    return found


def _nth(row: list[_Cell], cell: _Cell) -> int:
    return row.index(cell) + 1


def _grid(table: "_Element") -> Iterator[_Cell]:
    """Every cell with its place in the grid; one merged into that above has its text."""
    above: dict[int, str] = {}
    for number, row in enumerate(table.iterchildren(f"{_W}tr"), 1):
        column = 1
        for cell in row.iterchildren(f"{_W}tc"):
            width, goes_on = _span(cell)
            text = "\n".join(filter(str.strip, map(_text, cell.iterchildren(f"{_W}p"))))
            text = above.get(column, "") if goes_on else text
            above[column] = text
            yield _Cell(cell, text, number, column, width, goes_on)
            column += width


def _span(cell: "_Element") -> tuple[int, bool]:
    """How many columns a cell takes, and whether it is merged into the one above."""
    look = cell.find(f"{_W}tcPr")
    if look is None:
        return 1, False
    span, merge = look.find(f"{_W}gridSpan"), look.find(f"{_W}vMerge")
    width = int(span.get(f"{_W}val") or 1) if span is not None else 1
    return width, merge is not None and merge.get(f"{_W}val") != "restart"


_BARE = re.compile(
    r"\s*(?:[-+]?[0-9][0-9,]*(?:\.[0-9]+)?\s*[%亿万元个家户]*(?:\([0-9]+\))?|[-—]+)\s*\Z"
)


def _head_rows(rows: dict[int, list[_Cell]]) -> frozenset[int]:
    """The rows that head a table: those before the first that holds a figure or a dash."""
    found = []
    for number, row in rows.items():
        if any(_BARE.match(normal(cell.text)) for cell in row):
            break
        found.append(number)
    else:
        found = found[:1]
    return frozenset(found)


def _heads_of(cell: _Cell, rows: dict[int, list[_Cell]], heads: frozenset[int]) -> tuple[str, ...]:
    """The texts of the head rows over a cell, from above; a text that is merged down once."""
    over = (
        head.text
        for number in sorted(heads)
        for head in rows[number]
        if head.column <= cell.column < head.column + head.width and head.text.strip()
    )
    return tuple(dict.fromkeys(over))


def _labels_of(cell: _Cell, row: list[_Cell]) -> tuple[str, ...]:
    """The words of a row: those left of the cell, then those right of it, none of them a figure."""
    left = [other for other in row if other.column < cell.column]
    right = [other for other in row if other.column > cell.column]
    return tuple(
        other.text
        for other in (*left, *right)
        if other.text.strip() and not _BARE.match(normal(other.text))
    )


_BLANKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def _text(paragraph: "_Element") -> str:
    """What a paragraph says, but for the text boxes that hang on it."""
    return "".join(
        _BLANKS.get(str(part.tag)) or part.text or ""
        for part in paragraph.iter(f"{_W}t", *_BLANKS)
        if next(part.iterancestors(f"{_W}p")) is paragraph
    )
