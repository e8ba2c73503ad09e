"""An existing sheet part without its rows: they are skipped, however many there are.

Rows that will be replaced are never parsed or kept. The end tag is found by searching bytes, which
is exact as long as the rows hold no comment, CDATA or processing instruction; where they do, expat
walks over the whole part instead.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.container import Container, Member, codec_of, damaged
from xlplan.package.xml_offsets import Element, Text, index, text_of

_OPEN = re.compile(rb"<((?:[^\s<>:/!?]+:)?sheetData)(?:\s[^<>]*)?/?>")
_CLOSE = re.compile(rb"</(?:[^\s<>:/]+:)?sheetData\s*>")
_LONGEST_TAG = 512
_DEPTH = 6  # worksheet/conditionalFormatting/cfRule/dataBar/cfvo, and wrapped ones


@dataclass(frozen=True, slots=True)
class Hull:
    """A sheet part around its rows: `text` holds an empty sheetData in their place."""

    part: str
    text: Text
    root: Element
    formulas: bool  # whether the rows hold formulas

    @property
    def rows(self) -> Element:
        """The empty element that stands for the rows."""
        return next(child for child in self.root.children if child.name == "sheetData")


class _Skipper:
    """Takes a part in pieces and keeps what stands before and after the rows."""

    def __init__(self) -> None:
        self.head = bytearray()
        self.empty = b""
        self.tail = bytearray()
        self.formulas = False
        self.odd = False
        self._carry = b""
        self._take = self._before

    def feed(self, chunk: bytes) -> None:
        self._take(chunk)

    @property
    def whole(self) -> bool:
        """Whether rows were found and skipped without doubt."""
        return not self.odd and self._take == self._after

    def _before(self, chunk: bytes) -> None:
        searched = max(0, len(self.head) - _LONGEST_TAG)
        self.head += chunk
        found = _OPEN.search(self.head, searched)
        if found is None:
            return
        rest = bytes(self.head[found.end() :])
        closed = found[0].endswith(b"/>")
        self.empty = b"<" + found[1] + b"/>"
        del self.head[found.start() :]
        self._take = self._after if closed else self._inside
        self._take(rest)

    def _inside(self, chunk: bytes) -> None:
        window = self._carry + chunk
        found = _CLOSE.search(window) if b"sheetData" in window else None
        rows = window[: found.start()] if found else window
        self.odd = self.odd or _is_odd(rows)
        self.formulas = self.formulas or has_formula(rows)
        self._carry = window[-_LONGEST_TAG:]
        if found:
            self._take = self._after
            self._after(window[found.end() :])

    def _after(self, chunk: bytes) -> None:
        self.tail += chunk


def _is_odd(rows: bytes) -> bool:
    """Whether a piece of rows holds a comment, CDATA or a processing instruction.

    A single byte is found ten times as fast as two, and mostly there is none.
    """
    return (b"!" in rows and b"<!" in rows) or (b"?" in rows and b"<?" in rows)


def has_formula(rows: bytes) -> bool:
    """Whether a piece of rows holds a formula; plain rows hold not even the letter."""
    return b"f" in rows and (b"</f>" in rows or b"<f " in rows or b":f>" in rows or b":f " in rows)


def read_hull(container: Container, member: Member) -> Hull:
    """Read a sheet part without its rows; XP004 where it has none or is broken."""
    part = member.name.replace("\\", "/")
    skipper, text = _Skipper(), Text(b"")
    first = True
    for chunk in container.chunks(member):
        if first:
            codec, bom = codec_of(chunk)
            if codec != "utf-8":
                return _from_whole(container.read(member), part, container.label)
            text, first = Text(b"", codec, bom), False
            chunk = chunk[len(bom) :]  # noqa: PLW2901 - the mark is no content
        skipper.feed(chunk)
    body = bytes(skipper.head) + skipper.empty + bytes(skipper.tail)
    if skipper.whole:
        root = index(body, part, container.label, _DEPTH)
        places = [child.start for child in root.children if child.name == "sheetData"]
        if places == [len(skipper.head)]:
            return Hull(part, Text(body, text.codec, text.bom), root, skipper.formulas)
    return _from_whole(container.read(member), part, container.label)


def _from_whole(raw: bytes, part: str, label: str) -> Hull:
    """The slow way: the parser walks over all rows to find where they end."""
    text = text_of(raw, part, label)
    root = index(text.body, part, label, depth=2)
    rows = [child for child in root.children if child.name == "sheetData"]
    if len(rows) != 1:
        raise damaged(label, f"“{part}”里没有单元格数据")
    inside = text.body[rows[0].inner : rows[0].close]
    empty = f"<{rows[0].qualified}/>".encode()
    body = text.body[: rows[0].start] + empty + text.body[rows[0].end :]
    again = index(body, part, label, _DEPTH)
    return Hull(part, Text(body, text.codec, text.bom), again, has_formula(inside))


def formulas_in(chunks: Iterator[bytes]) -> bool:
    """Whether a sheet part in UTF-8 holds formulas; reads it to its end all the same."""
    found, carry = False, b""
    for chunk in chunks:
        found = found or has_formula(carry + chunk)
        carry = chunk[-4:]
    return found
