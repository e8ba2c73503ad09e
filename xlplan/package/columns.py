"""A described column as XML: what stands in every row, and what differs, chunk by chunk.

Where a chunk of a column holds one kind of value, its cells cost no decision each: the values go in
as they are. Where a column says the same few things again and again, each is made into XML once.
Everything is UTF-8 from here on, so that a text is encoded once and not with every row.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import compress, repeat
from math import isfinite
from typing import cast

from xlplan.diagnostics import column_letters
from xlplan.package import values
from xlplan.package.styles import StyleBook, prefixed
from xlplan.package.values import Primitive
from xlplan.sheets.description import BlockColumn, Style, Value

DATE_FORMAT = "yyyy-mm-dd"
MOMENT_FORMAT = "yyyy-mm-dd hh:mm:ss"

_NUMBERS = frozenset({int, float})
_TEXTS = frozenset({str, bool, type(None)})
_DATES = frozenset({date, datetime, type(None)})
_SCAN = 65_536
_BARE = frozenset("biuf")  # numpy's kinds of truth values and numbers
_FEW = 2048  # different values that are worth remembering: the days of five years
_REPEATED = frozenset({str, date, datetime, type(None)})  # none equals a value of another kind
_BLANKS = re.compile(r"(\{[rv]\})")  # where a formula takes its row's number, or its value's text

Cells = list[bytes | list[bytes]]
"""The XML of one column's cells: bytes stand in every row, a list holds those of each row."""


@cache
def _fixed(xml: str, prefix: str) -> bytes:
    return encoded(prefixed(xml, prefix))


@dataclass(frozen=True, slots=True)
class Host:
    """What the rows must fit into: the main namespace's prefix, the codec, the calendar."""

    prefix: str = ""
    encoding: str = "utf-8"
    date1904: bool = False

    def element(self, xml: str) -> bytes:
        """XML written for the bare main namespace, as the host writes it."""
        return self.recoded(self.bare(xml))

    def bare(self, xml: str) -> bytes:
        """The same, still in UTF-8."""
        return encoded(prefixed(xml, self.prefix))

    def fixed(self, xml: str) -> bytes:
        """The same of XML that comes again with every chunk."""
        return _fixed(xml, self.prefix)

    def recoded(self, xml: bytes) -> bytes:
        """XML in UTF-8 in the host's encoding."""
        if self.encoding == "utf-8":
            return xml
        return xml.decode().encode(self.encoding, "xmlcharrefreplace")


class Looks:
    """Style numbers, with a date's own number format where the style leaves it General."""

    def __init__(self, styles: StyleBook) -> None:
        self._styles = styles
        self._dated: dict[tuple[int, str], int] = {}

    def of(self, style: Style, value: Value = None) -> int:
        """The `s` of a cell of that style and value."""
        code = _format_of(value) if style.number_format == "General" else ""
        plain = self._styles.xf(style)
        if not code:
            return plain
        if (plain, code) not in self._dated:
            self._dated[plain, code] = self._styles.xf(style.but(number_format=code))
        return self._dated[plain, code]

    def again(self, plain: int, value: Value) -> int:
        """The same for a number that `of` gave and a kind of value that it has met."""
        return self._dated.get((plain, _format_of(value)), plain)


@dataclass(slots=True)
class Memory:
    """What the few different values of a column are as XML, from the style on.

    It closes for good when a value comes that costs nothing to write, or too many come.
    """

    written: dict[Value, bytes] = field(default_factory=dict)
    closed: bool = False

    def told(self, chunk: list[Value], write: Callable[[Value], bytes]) -> list[bytes] | None:
        """The XML of each value, `write` asked once for each different one.

        None where the column must be written value by value.
        """
        if self.closed:
            return None
        try:
            return list(map(self.written.__getitem__, chunk))
        except (KeyError, TypeError):  # a frame may hold what has no hash
            return self._learned(chunk, write)

    def _learned(self, chunk: list[Value], write: Callable[[Value], bytes]) -> list[bytes] | None:
        kinds = set(map(type, chunk))
        fresh = [it for it in set(chunk) if it not in self.written] if kinds <= _REPEATED else []
        few = fresh and len(fresh) + len(self.written) <= _FEW
        if not few or any(type(value) is str and values.is_too_long(value) for value in fresh):
            self.closed = True
            return None
        self.written.update((value, write(value)) for value in fresh)
        return [self.written[value] for value in chunk]


@dataclass(slots=True)
class Digits:
    """The different numbers of a column as they are printed, as long as they are few.

    A zero is printed as the first one was, whatever its sign: it is the same figure.
    """

    printed: dict[float, bytes] = field(default_factory=dict)
    closed: bool = False

    def of(self, chunk: list[float]) -> list[bytes]:
        """Each number, printed."""
        if self.closed:
            return numbered(map(repr, chunk))
        try:
            return list(map(self.printed.__getitem__, chunk))
        except KeyError:
            return self._learned(chunk)

    def _learned(self, chunk: list[float]) -> list[bytes]:
        fresh = [number for number in set(chunk) if number not in self.printed]
        self.closed = len(self.printed) + len(fresh) > _FEW
        if self.closed:
            return numbered(map(repr, chunk))
        self.printed.update(zip(fresh, numbered(map(repr, fresh)), strict=True))
        return list(map(self.printed.__getitem__, chunk))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a block, its styles settled; `marks` holds `s` for all rows or for each."""

    number: int
    top: int
    source: BlockColumn
    marks: int | list[int]
    looks: Looks
    memory: Memory
    digits: Digits = field(default_factory=Digits)

    @classmethod
    def settle(cls, number: int, top: int, source: BlockColumn, looks: Looks) -> "Column":
        """Give every style that the column needs its number."""
        if source.styles is None:
            _settle([source.style], [] if source.undated else source.values, looks)
            memory = Memory(closed=bool(source.formula))
            return cls(number, top, source, looks.of(source.style), looks, memory)
        styles = list(source.styles)
        assert len(styles) == len(source.values), "one style per row"  # noqa: S101 - a bug, not data
        different = {id(style): style for style in styles}
        _settle(different.values(), source.values, looks)
        marks = {key: looks.of(style) for key, style in different.items()}
        each = [marks[id(style)] for style in styles]
        return cls(number, top, source, each, looks, Memory(closed=True))

    def cells(self, names: list[bytes], host: Host, cut: set[tuple[int, int]]) -> Cells:
        """The cells of the rows with these names; texts too long for a cell are noted in `cut`."""
        first = int(names[0]) - self.top
        raw = as_list(self.source.values[first : first + len(names)])
        marks = self.marks if isinstance(self.marks, int) else self.marks[first : first + len(raw)]
        if raw[0] is None and self.source.sparse and raw.count(None) == len(raw):
            return []
        told = self.memory.told(raw, lambda value: self._remembered(value, host))
        if told is not None:
            return self._told(told, names, host)
        kinds = set(map(type, raw))
        if type(None) not in kinds or not self.source.sparse:
            return self._chunk(Chunk(raw, names, marks, kinds), host, cut)
        full = [value is not None for value in raw]
        some = Chunk(
            list(compress(raw, full)),
            list(compress(names, full)),
            marks if isinstance(marks, int) else list(compress(marks, full)),
            kinds - {type(None)},
        )
        written = filled(self._chunk(some, host, cut))
        return [[next(written) if holds else b"" for holds in full]]

    def _opening(self, host: Host) -> bytes:
        """A cell up to its row's number."""
        return host.fixed(f'<c r="{column_letters(self.number)}')

    def _told(self, told: list[bytes], names: list[bytes], host: Host) -> Cells:
        """Cells of which the rest is remembered; without a rest there is no cell."""
        opening = self._opening(host)
        if not (self.source.sparse and None in self.memory.written):
            return [opening, names, told]
        return [[rest and opening + name + rest for rest, name in zip(told, names, strict=True)]]

    def _chunk(self, chunk: "Chunk", host: Host, cut: set[tuple[int, int]]) -> Cells:
        """The cells of some rows, each of which has one."""
        return [self._opening(host), chunk.names, *self._written(chunk, host, cut)]

    def _remembered(self, value: Value, host: Host) -> bytes:
        """A cell from its row's number on; a blank of a sparse column has none."""
        if value is None and self.source.sparse:
            return b""
        kind, inner = values.content(values.primitive(value, date1904=host.date1904))
        assert isinstance(self.marks, int), "one style for all"  # noqa: S101 - a bug, not user data
        mark = self.looks.again(self.marks, value)
        return host.bare(f'" s="{mark}"{kind}{_end("", inner)}')

    def _written(self, chunk: "Chunk", host: Host, cut: set[tuple[int, int]]) -> Cells:
        """The cells of a chunk from the row's number on, value by value."""
        marks = self._marks(chunk)
        held = _primitives(chunk, date1904=host.date1904)
        kinds = chunk.kinds if held is chunk.raw else set(map(type, held))
        body = self._body(held, kinds, chunk.names, host)
        if len(body) == 1:  # each cell its own kind: texts may be longer than a cell can hold
            cut.update((int(name), self.number) for name in _overlong(held, chunk.names))
        if isinstance(marks, int):
            return [encoded(f'" s="{marks}"'), *body]
        return [b'" s="', numbered(map(str, marks)), b'"', *body]

    def _marks(self, chunk: "Chunk") -> int | list[int]:
        """The style numbers of a chunk, dates looking like dates."""
        marks, raw, kinds = chunk.marks, chunk.raw, chunk.kinds
        if isinstance(marks, int) and self.source.style.number_format != "General":
            return marks
        dated = any(issubclass(kind, date) for kind in kinds)
        if not dated:
            return marks
        if isinstance(marks, int):
            if len(kinds) == 1:
                return self.looks.again(marks, raw[0])
            marks = [marks] * len(raw)
        return [self.looks.again(mark, value) for mark, value in zip(marks, raw, strict=True)]

    def _body(
        self, chunk: list[Primitive], kinds: set[type], names: list[bytes], host: Host
    ) -> Cells:
        """What follows the style: one kind of value in all cells, or each cell's own kind."""
        if kinds == {type(None)}:
            return [b"/>"]
        if kinds == {float}:
            return self._one_kind("", self.digits.of(cast("list[float]", chunk)), names, host)
        if kinds <= _NUMBERS:
            return self._one_kind("", numbered(map(repr, chunk)), names, host)
        said = values.plainly(cast("list[str]", chunk)) if kinds == {str} else None
        if said is None:
            return [self._each(chunk, names, host)]
        if self.source.formula:
            return self._one_kind(' t="str"', said, names, host)
        return [host.fixed(' t="inlineStr"><is><t>'), said, host.fixed("</t></is></c>")]

    def _one_kind(self, kind: str, said: list[bytes], names: list[bytes], host: Host) -> Cells:
        """The rest of cells with values in `<v>`, behind the formula where there is one."""
        formula = self._formula(said, names, host)
        return [host.fixed(f"{kind}>"), *formula, host.fixed("<v>"), said, host.fixed("</v></c>")]

    def _each(self, chunk: list[Primitive], names: list[bytes], host: Host) -> list[bytes]:
        """Each cell's rest; only a cell that has a value has a formula."""
        formulas: Iterable[str] = repeat("")
        if self.source.formula:
            quoted = chunk if "{v}" in self.source.formula else []
            said = listed(values.escaped(str(one)) for one in quoted)
            formulas = map(bytes.decode, filled(self._formula(said, names, Host())))
        pairs = _pairs(chunk, values.result if self.source.formula else values.content)
        return [
            b"/>" if value is None else host.bare(f"{kind}{_end(formula, inner)}")
            for value, formula, (kind, inner) in zip(chunk, formulas, pairs, strict=False)
        ]

    def _formula(self, said: list[bytes], names: list[bytes], host: Host) -> Cells:
        """The formula's element, its blanks filled with row numbers and what the values say."""
        if not self.source.formula:
            return []
        text = _BLANKS.split(values.escaped(self.source.formula))
        fillers = {"{r}": names, "{v}": _literals(said) if "{v}" in text else []}
        parts = (fillers[part] if part in fillers else encoded(part) for part in text)
        return [host.fixed("<f>"), *parts, host.fixed("</f>")]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a column: its values, the rows' names, and `s` for all rows or for each.

    `kinds` are the types of the values.
    """

    raw: list[Value]
    names: list[bytes]
    marks: int | list[int]
    kinds: set[type]


def encoded(xml: str) -> bytes:
    """XML in UTF-8."""
    return xml.encode("utf-8", "xmlcharrefreplace")


def listed(texts: Iterable[str]) -> list[bytes]:
    """Texts that XML can hold, each in UTF-8: encoded together, which is twice as fast."""
    return encoded("\0".join(texts)).split(b"\0")


def numbered(numbers: Iterable[str]) -> list[bytes]:
    """The same for numbers as they are printed."""
    return " ".join(numbers).encode().split()


def filled(cells: Cells) -> Iterator[bytes]:
    """The bytes of each row; without end where every part stands in every row."""
    columns = (repeat(part) if isinstance(part, bytes) else part for part in cells)
    return map(b"".join, zip(*columns, strict=False))


def _end(formula: str, inner: str) -> str:
    """The end of a cell after its attributes."""
    return f">{formula}{inner}</c>" if formula or inner else "/>"


def _literals(said: list[bytes]) -> list[bytes]:
    """What values say in XML as it stands between the quotation marks of a formula."""
    if b'"' not in b"".join(said):
        return said
    return [one.replace(b'"', b'""') for one in said]


def as_list(some: Sequence[Value]) -> list[Value]:
    """A slice of a column's values as plain Python objects."""
    if isinstance(some, list):
        return some
    plain = getattr(some, "tolist", None)  # numpy and pandas
    return list(some) if plain is None else list(plain())


def _settle(styles: Iterable[Style], column: Sequence[Value], looks: Looks) -> None:
    """Settle the styles, and their dated forms where dates stand in the column."""
    for style in styles:
        looks.of(style)
        if style.number_format == "General":
            for value in _one_of_each_kind(column):
                looks.of(style, value)


def _one_of_each_kind(column: Sequence[Value]) -> Iterable[Value]:
    """One value of each type in a column, in a stable order."""
    kind = getattr(getattr(column, "dtype", None), "kind", "")
    if kind in _BARE:  # an array of numbers holds nothing else
        return as_list(column[:1])
    found: dict[type, Value] = {}
    for start in range(0, len(column), _SCAN):
        chunk = as_list(column[start : start + _SCAN])
        for kind in set(map(type, chunk)) - found.keys():
            found[kind] = next(value for value in chunk if type(value) is kind)
    return [found[kind] for kind in sorted(found, key=lambda kind: kind.__qualname__)]


def _format_of(value: Value) -> str:
    """The number format that a date needs to be seen as one."""
    if not isinstance(value, date):
        return ""
    return MOMENT_FORMAT if isinstance(value, datetime) else DATE_FORMAT


def _primitives(chunk: Chunk, *, date1904: bool) -> list[Primitive]:
    """A chunk as primitives; the same list where nothing needs a change."""
    raw, kinds = chunk.raw, chunk.kinds
    if kinds <= _TEXTS:
        return raw  # type: ignore[return-value]  # all are texts, truth values or empty
    if kinds == {float} and _all_finite(cast("list[float]", raw)):
        return raw  # type: ignore[return-value]  # all are finite numbers
    if kinds == {int} and max(map(abs, cast("list[int]", raw))) < values.DIGITS_LIMIT:
        return raw  # type: ignore[return-value]  # all are numbers that Excel keeps whole
    if kinds <= _DATES:
        # A long column of dates has few different days.
        days = {day: values.primitive(day, date1904=date1904) for day in set(raw)}
        return [days[day] for day in raw]
    return [values.primitive(value, date1904=date1904) for value in raw]


def _all_finite(numbers: list[float]) -> bool:
    """Whether none is NaN or infinite: then the sum is neither, unless it is out of range."""
    return isfinite(sum(numbers)) or all(map(isfinite, numbers))


def _pairs(
    chunk: list[Primitive], write: Callable[[Primitive], tuple[str, str]]
) -> list[tuple[str, str]]:
    """Each cell's type and content; a text that comes again is written once."""
    texts = {value: write(value) for value in set(chunk) if type(value) is str}
    return [texts[value] if type(value) is str else write(value) for value in chunk]


def _overlong(chunk: list[Primitive], names: list[bytes]) -> Iterable[bytes]:
    """The rows whose text does not fit."""
    pairs = zip(names, chunk, strict=True)
    return (name for name, value in pairs if type(value) is str and values.is_too_long(value))
