"""Which number stands for a style in a workbook's styles part, old entries untouched.

New fonts, fills, borders, number formats, cell formats and conditional formats are spliced in
behind the old ones; what equals an entry that is already there takes that entry's number, so a
second run adds nothing and gives the same bytes.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NoReturn, Self

from xlplan.diagnostics import RequestError
from xlplan.package import looks
from xlplan.package.looks import Key
from xlplan.package.xml_offsets import (
    MOST_DEPTH,
    STRICT,
    TRANSITIONAL,
    Edit,
    Element,
    appended,
    attribute,
    index,
    spliced,
    text_of,
)
from xlplan.sheets.description import Highlight, Style

XF_LIMIT = 64_000  # Excel's own limit of cell formats in one workbook
FIRST_FREE_FORMAT = 164  # the numbers below are built in or reserved

# The children of <styleSheet> in the order that the schema demands (ECMA-376, CT_Stylesheet).
_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    *("tableStyles", "colors", "extLst"),
)
_OURS = ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs")

# The built-in formats that mean the same in every language of Excel.
_BUILT_IN = {
    "General": 0,
    "0": 1,
    "0.00": 2,
    "#,##0": 3,
    "#,##0.00": 4,
    "0%": 9,
    "0.00%": 10,
    "0.00E+00": 11,
    "# ?/?": 12,
    "# ??/??": 13,
    "@": 49,
}

# Built-in formats of days and times; 27 to 36 and 50 to 58 are those of East Asian Excel.
_BUILT_IN_DAYS = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}

# An empty list gets these first: entry 0 is what cells without a style look like.
_DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "fonts": (looks.font_xml(Style()),),
    "fills": (looks.fill_xml(""), '<fill><patternFill patternType="gray125"/></fill>'),
    "borders": (looks.border_xml(Style()),),
    "cellXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
}

# Chinese Excel's own default look: 宋体 11, centred vertically.
_MINIMAL = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<styleSheet xmlns="{TRANSITIONAL}">'
    f'<fonts count="1">{_DEFAULTS["fonts"][0]}</fonts>'
    f'<fills count="2">{"".join(_DEFAULTS["fills"])}</fills>'
    f'<borders count="1">{_DEFAULTS["borders"][0]}</borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0">'
    '<alignment vertical="center"/></xf></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0">'
    '<alignment vertical="center"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
).encode()

_OPENING = re.compile(r"(</?)(?=\w)")


@dataclass(slots=True)
class _Section:
    """One indexed list of the part: how long it is, what is known by content, what is new."""

    name: str
    node: Element | None
    prefix: str
    length: int
    known: dict[Key, int] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)

    @property
    def entries(self) -> Sequence[Element]:
        """What the file holds."""
        return self.node.children if self.node else ()

    @property
    def xml(self) -> str:
        """What is new, in the part's own prefix."""
        return "".join(self.added)

    def learn(self, read: Callable[[Element], Key | None]) -> list[int]:
        """For each entry of the file, the first one that says the same."""
        first = []
        for at, entry in enumerate(self.entries):
            key = read(entry)
            first.append(at if key is None else self.known.setdefault(key, at))
        return first

    def place(self, key: Key, element: str) -> int:
        """The index of an entry; `element` is appended when nothing equals `key`."""
        if key in self.known:
            return self.known[key]
        defaults = () if self.length else _DEFAULTS.get(self.name, ())
        self._append(*defaults)
        if element not in defaults:
            self._append(element)
        self.known[key] = defaults.index(element) if element in defaults else self.length - 1
        return self.known[key]

    def place_raw(self, element: str) -> int:
        """The index of an entry that is written in the part's own prefix already."""
        if ("raw", element) not in self.known:
            self.added.append(element)
            self.known["raw", element] = self.length
            self.length += 1
        return self.known["raw", element]

    def _append(self, *elements: str) -> None:
        for element in elements:
            self.added.append(prefixed(element, self.prefix))
        self.length += len(elements)


class StyleBook:
    """The styles part of one workbook; what is missing is appended, nothing else changes.

    >>> book = StyleBook.parse(None)
    >>> book.xf(Style()), book.xf(Style(bold=True))
    (0, 1)
    >>> again = StyleBook.parse(book.xml())
    >>> again.xf(Style(bold=True)), again.changed
    (1, False)
    """

    def __init__(self, xml: bytes, path: str, *, new: bool) -> None:
        self._original, self._new = xml, new
        self._text = text_of(xml, path, path)
        self._root = index(self._text.body, path, path, MOST_DEPTH)
        self._path = path
        if self._root.name != "styleSheet" or self._root.uri not in (TRANSITIONAL, STRICT):
            self._refuse("样式部件的根元素不是 styleSheet")
        self._formats = {found.whole("numFmtId") for found in _below(self._root)}
        self._sections = {name: self._section(name) for name in _OURS}
        self._xfs: dict[Style, int] = {}
        codes = self._codes = self._learn_formats()
        same = {
            "fonts": self._sections["fonts"].learn(looks.font_key_of),
            "fills": self._sections["fills"].learn(looks.fill_key_of),
            "borders": self._sections["borders"].learn(looks.border_key_of),
        }
        self._sections["cellXfs"].learn(lambda node: looks.xf_key_of(node, codes, same))
        self._sections["dxfs"].learn(looks.dxf_key_of)

    @classmethod
    def parse(cls, xml: bytes | None, path: str = "xl/styles.xml") -> Self:
        """Read a styles part; None gives a minimal new one. `path` is named in refusals.

        Raises: RequestError XP004 (not XML), XP008 (a DTD), XP701 (not a styles part, or one
        whose lists cannot be counted).
        """
        return cls(_MINIMAL if xml is None else xml, path, new=xml is None)

    def xf(self, style: Style) -> int:
        """The number that a cell of that style carries as `s`.

        Raises: RequestError XP701 beyond the 64,000 cell formats that Excel opens.
        """
        if style not in self._xfs:
            self._xfs[style] = self._place_xf(style)
        return self._xfs[style]

    def dxf(self, highlight: Highlight) -> int:
        """The number that a conditional format carries as `dxfId`: colour, fill and bold only."""
        return self._sections["dxfs"].place(looks.dxf_key(highlight), looks.dxf_xml(highlight))

    def dated(self, at: int, code: str) -> int:
        """A cell format like that one which shows a day: itself where it does already."""
        if self._entry(at) is None:
            return self.xf(Style(number_format=code))
        return at if self._shows_days(at) else self._like(at, self._format(code))

    def undated(self, at: int) -> int:
        """A cell format like that one which shows a number as a number."""
        return self._like(at, 0) if self._shows_days(at) else at

    def is_locked(self, at: int) -> bool:
        """Whether a cell of that format cannot be written on a protected sheet."""
        entry = self._entry(at)
        found = entry.one("protection") if entry is not None else None
        return found is None or found.on("locked", default=True)

    def _entry(self, at: int) -> Element | None:
        entries = self._sections["cellXfs"].entries
        return entries[at] if at < len(entries) else None

    def _shows_days(self, at: int) -> bool:
        """Whether a cell format shows numbers as days or times."""
        from openpyxl.styles.numbers import is_date_format  # noqa: PLC0415 - heavy, rarely needed

        entry = self._entry(at)
        number = entry.whole("numFmtId") if entry is not None else 0
        if number in self._codes:
            return number != 0 and bool(is_date_format(self._codes[number]))
        return number in _BUILT_IN_DAYS

    def _like(self, at: int, number: int) -> int:
        """The number of a cell format that differs from one in its number format alone."""
        section = self._sections["cellXfs"]
        entry = section.entries[at]
        body, start = self._text.body[entry.start : entry.end], entry.start
        place = replace(entry, start=0, inner=entry.inner - start, end=entry.end - start)
        edits = [
            attribute(body, place, "numFmtId", str(number)),
            attribute(body, place, "applyNumberFormat", "1"),
        ]
        xml = b"".join(spliced(body, edits)).decode()
        for held, one in enumerate(section.entries):
            if self._text.body[one.start : one.end].decode() == xml:
                return held
        if section.length >= XF_LIMIT:
            self._refuse("单元格格式已达到 Excel 的上限 64,000 种")
        return section.place_raw(xml)

    def xml(self) -> bytes:
        """The part with all additions; the very bytes that were read when there are none."""
        edits = list(self._edits())
        if not edits:
            return self._original
        return b"".join(self._text.packed_chunks(spliced(self._text.body, edits)))

    @property
    def changed(self) -> bool:
        """Whether the part has to be written; true for a new one."""
        return self._new or self.grew

    @property
    def grew(self) -> bool:
        """Whether anything was added to what was read."""
        return any(section.added for section in self._sections.values())

    def _section(self, name: str) -> _Section:
        found = self._root.all(name)
        if len(found) > 1:
            self._refuse(f"样式部件中有两个 {name}")
        node = found[0] if found else None
        if node and any(child.uri != node.uri for child in node.children):
            self._refuse(f"样式部件的 {name} 中有无法计数的内容")
        prefix = node.prefix if node else self._root.prefix
        return _Section(name, node, prefix, len(node.children) if node else 0)

    def _learn_formats(self) -> dict[int, str]:
        """Number formats by number; what a file says of a built-in number goes first."""
        section = self._sections["numFmts"]
        codes = {number: code for code, number in _BUILT_IN.items()}
        for entry in section.entries:
            number, code = entry.whole("numFmtId"), entry.attributes.get("formatCode", "")
            codes[number] = code
            section.known.setdefault((code,), number)
        for code, number in _BUILT_IN.items():
            if codes[number] == code:
                section.known[code,] = number
        return codes

    def _place_xf(self, style: Style) -> int:
        fonts, fills, borders = (self._sections[name] for name in ("fonts", "fills", "borders"))
        ids = {
            "numFmtId": self._format(style.number_format),
            "fontId": fonts.place(looks.font_key(style), looks.font_xml(style)),
            "fillId": fills.place(looks.fill_key(style.fill), looks.fill_xml(style.fill)),
            "borderId": borders.place(looks.border_key(style), looks.border_xml(style)),
        }
        _, *parts = ids.values()
        key = (style.number_format, *parts, *looks.placing_key(style))
        section = self._sections["cellXfs"]
        if key not in section.known and section.length >= XF_LIMIT:
            self._refuse("单元格格式已达到 Excel 的上限 64,000 种")
        base = ' xfId="0"' if self._root.one("cellStyleXfs") else ""
        return section.place(key, looks.xf_xml(style, ids, base))

    def _format(self, code: str) -> int:
        """The number of a number format; new ones take the first free number from 164 on."""
        section, used = self._sections["numFmts"], self._formats
        if (code,) not in section.known:
            free = next(number for number in count(FIRST_FREE_FORMAT) if number not in used)
            used.add(free)
            quoted = looks.text_attribute(code)
            section.place((code,), f'<numFmt numFmtId="{free}" formatCode={quoted}/>')
            section.known[code,] = free
        return section.known[code,]

    def _edits(self) -> Iterator[Edit]:
        fresh: dict[str, bytes] = {}
        for section in self._sections.values():
            if section.added and section.node:
                count = str(section.length)
                yield attribute(self._text.body, section.node, "count", count)
                yield appended(section.node, section.xml.encode())
            elif section.added:
                fresh[section.name] = _whole_list(section).encode()
        if fresh and self._root.empty:
            yield appended(self._root, b"".join(fresh.values()))
            return
        for name, new in fresh.items():
            place = self._place_of(name)
            yield Edit(place, place, [new], _ORDER.index(name))

    def _refuse(self, reason: str) -> NoReturn:
        """Say why this part cannot be added to."""
        raise RequestError("XP701", path=self._path, reason=reason)

    def _place_of(self, name: str) -> int:
        """Where a list that is missing belongs: before the first that comes later."""
        later = _ORDER[_ORDER.index(name) + 1 :]
        children = self._root.children
        return min(
            (child.start for child in children if child.name in later), default=self._root.close
        )


def _below(element: Element) -> Iterator[Element]:
    """An element's descendants."""
    for child in element.children:
        yield child
        yield from _below(child)


def prefixed(element: str, prefix: str) -> str:
    """The same element where the main namespace has a prefix.

    >>> prefixed('<fill><patternFill patternType="none"/></fill>', "x")
    '<x:fill><x:patternFill patternType="none"/></x:fill>'
    """
    return _OPENING.sub(rf"\1{prefix}:", element) if prefix else element


def _whole_list(section: _Section) -> str:
    name = f"{section.prefix}:{section.name}" if section.prefix else section.name
    return f'<{name} count="{section.length}">{section.xml}</{name}>'
