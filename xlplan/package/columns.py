"""A described column as XML: what stands in every row, and what differs, chunk by chunk.

Where a chunk of a column holds one kind of value, its cells cost no decision each: the values go in
as they are. Where a column says the same few things again and again, each is made into XML once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import repeat
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
_FEW = 2048  # different values that are worth remembering: the days of five years
_REPEATED = frozenset({str, date, datetime, type(None)})  # none equals a value of another kind
_BLANKS = re.compile(r"(\{[rv]\})")  # where a formula takes its row's number, or its value's text

Cells = list[str | list[str]]
"""The XML of one column's cells: a string stands in every row, a list holds one string a row."""


@dataclass(frozen=True, slots=True)
class Host:
    """What the rows must fit into: the main namespace's prefix, the codec, the calendar."""

    prefix: str = ""
    encoding: str = "utf-8"
    date1904: bool = False

    def element(self, xml: str) -> bytes:
        """XML written for the bare main namespace, as the host writes it."""
        return self.encode(prefixed(xml, self.prefix))

    def encode(self, xml: str) -> bytes:
        """XML in the host's encoding."""
        return xml.encode(self.encoding, "xmlcharrefreplace")


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

    written: dict[Value, str] = field(default_factory=dict)
    closed: bool = False

    def told(self, chunk: list[Value], write: Callable[[Value], str]) -> list[str] | None:
        """The XML of each value; None where the column must be written value by value."""
        if self.closed:
            return None
        try:
            return list(map(self.written.__getitem__, chunk))
        except (KeyError, TypeError):  # a frame may hold what has no hash
            return self._learned(chunk, write)

    def _learned(self, chunk: list[Value], write: Callable[[Value], str]) -> list[str] | None:
        kinds = set(map(type, chunk))
        fresh = set(chunk) - self.written.keys() if kinds <= _REPEATED else set()
        few = fresh and len(fresh) + len(self.written) <= _FEW
        if not few or any(type(value) is str and values.is_too_long(value) for value in fresh):
            self.closed = True
            return None
        self.written.update((value, write(value)) for value in fresh)
        return [self.written[value] for value in chunk]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a block, its styles settled; `marks` holds `s` for all rows or for each."""

    number: int
    top: int
    source: BlockColumn
    marks: int | list[int]
    looks: Looks
    memory: Memory

    @classmethod
    def settle(cls, number: int, top: int, source: BlockColumn, looks: Looks) -> "Column":
        """Give every style that the column needs its number."""
        if source.styles is None:
            _settle([source.style], source.values, looks)
            memory = Memory(closed=bool(source.formula))
            return cls(number, top, source, looks.of(source.style), looks, memory)
        styles = list(source.styles)
        assert len(styles) == len(source.values), "one style per row"  # noqa: S101 - a bug, not data
        different = {id(style): style for style in styles}
        _settle(different.values(), source.values, looks)
        marks = {key: looks.of(style) for key, style in different.items()}
        each = [marks[id(style)] for style in styles]
        return cls(number, top, source, each, looks, Memory(closed=True))

    def cells(self, names: list[str], host: Host, cut: set[tuple[int, int]]) -> Cells:
        """The cells of the rows with these names; texts too long for a cell are noted in `cut`."""
        first = int(names[0]) - self.top
        raw = as_list(self.source.values[first : first + len(names)])
        told = self.memory.told(raw, lambda value: self._remembered(value, host))
        rest = self._written(raw, names, host, cut) if told is None else [told]
        cells = [f'<c r="{column_letters(self.number)}', names, *rest]
        if host.prefix:
            cells = [
                prefixed(part, host.prefix) if isinstance(part, str) else part for part in cells
            ]
        return _without_blanks(raw, cells) if self.source.sparse else cells

    def _remembered(self, value: Value, host: Host) -> str:
        """A cell from its row's number on."""
        kind, inner = values.content(values.primitive(value, date1904=host.date1904))
        assert isinstance(self.marks, int), "one style for all"  # noqa: S101 - a bug, not data
        mark = self.looks.again(self.marks, value)
        return prefixed(f'" s="{mark}"{kind}{_end("", inner)}', host.prefix)

    def _written(
        self, raw: list[Value], names: list[str], host: Host, cut: set[tuple[int, int]]
    ) -> Cells:
        """The cells of a chunk from the row's number on, value by value."""
        marks = self._marks(raw, int(names[0]) - self.top)
        chunk = _primitives(raw, date1904=host.date1904)
        body = self._body(chunk, names, host)
        if len(body) == 1:  # each cell its own kind: texts may be longer than a cell can hold
            cut.update((int(name), self.number) for name in _overlong(chunk, names))
        if isinstance(marks, int):
            return [f'" s="{marks}"', *body]
        return ['" s="', list(map(str, marks)), '"', *body]

    def _marks(self, raw: list[Value], first: int) -> int | list[int]:
        """The style numbers of a chunk, dates looking like dates."""
        if isinstance(self.marks, int) and self.source.style.number_format != "General":
            return self.marks
        kinds = set(map(type, raw))
        dated = any(issubclass(kind, date) for kind in kinds)
        if isinstance(self.marks, list):
            marks = self.marks[first : first + len(raw)]
        elif dated and len(kinds) == 1:
            return self.looks.again(self.marks, raw[0])
        elif dated:
            marks = [self.marks] * len(raw)
        else:
            return self.marks
        if not dated:
            return marks
        return [self.looks.again(mark, value) for mark, value in zip(marks, raw, strict=True)]

    def _body(self, chunk: list[Primitive], names: list[str], host: Host) -> Cells:
        """What follows the style: one kind of value in all cells, or each cell's own kind."""
        kinds = set(map(type, chunk))
        if kinds == {type(None)}:
            return ["/>"]
        if kinds <= _NUMBERS:
            return [">", *self._formula(names, chunk), "<v>", list(map(repr, chunk)), "</v></c>"]
        if kinds != {str} or not values.is_plain(texts := cast("list[str]", chunk)):
            return [self._each(chunk, names, host)]
        if self.source.formula:
            return [' t="str">', *self._formula(names, chunk), "<v>", texts, "</v></c>"]
        return [' t="inlineStr"><is><t>', texts, "</t></is></c>"]

    def _each(self, chunk: list[Primitive], names: list[str], host: Host) -> list[str]:
        """Each cell's rest; only a cell that has a value has a formula."""
        formulas = filled(self._formula(names, chunk)) if self.source.formula else repeat("")
        pairs = _pairs(chunk, values.result if self.source.formula else values.content)
        return [
            "/>" if value is None else prefixed(f"{kind}{_end(formula, inner)}", host.prefix)
            for value, formula, (kind, inner) in zip(chunk, formulas, pairs, strict=False)
        ]

    def _formula(self, names: list[str], chunk: list[Primitive]) -> Cells:
        """The formula's element, its blanks filled with row numbers and values."""
        if not self.source.formula:
            return []
        text = _BLANKS.split(values.escaped(self.source.formula))
        fillers = {"{r}": names, "{v}": _literals(chunk) if "{v}" in text else []}
        return ["<f>", *(fillers.get(part, part) for part in text), "</f>"]


def filled(cells: Cells) -> Iterator[str]:
    """Each row's string; without end where every part stands in every row."""
    columns = (repeat(part) if isinstance(part, str) else part for part in cells)
    return map("".join, zip(*columns, strict=False))


def _end(formula: str, inner: str) -> str:
    """The end of a cell after its attributes."""
    return f">{formula}{inner}</c>" if formula or inner else "/>"


def _literals(chunk: list[Primitive]) -> list[str]:
    """Texts as they stand between the quotation marks of a formula."""
    texts = list(map(str, chunk))
    joined = "".join(texts)
    if '"' not in joined and values.escaped(joined) is joined:
        return texts
    return [values.escaped(text.replace('"', '""')) for text in texts]


def _without_blanks(raw: list[Value], cells: Cells) -> Cells:
    """The same cells without those that hold nothing."""
    blanks = raw.count(None)
    if blanks == len(raw):
        return []
    if not blanks:
        return cells
    each = zip(raw, filled(cells), strict=True)
    return [["" if value is None else cell for value, cell in each]]


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


def _primitives(raw: list[Value], *, date1904: bool) -> list[Primitive]:
    """A chunk as primitives; the same list where nothing needs a change."""
    kinds = set(map(type, raw))
    if kinds <= _TEXTS:
        return raw  # type: ignore[return-value]  # all are texts, truth values or empty
    if kinds == {float} and all(map(isfinite, raw)):  # type: ignore[arg-type]  # all are float
        return raw  # type: ignore[return-value]  # all are finite numbers
    if kinds == {int} and max(map(abs, cast("list[int]", raw))) < values.DIGITS_LIMIT:
        return raw  # type: ignore[return-value]  # all are numbers that Excel keeps whole
    if kinds <= _DATES:
        # A long column of dates has few different days.
        days = {day: values.primitive(day, date1904=date1904) for day in set(raw)}
        return [days[day] for day in raw]
    return [values.primitive(value, date1904=date1904) for value in raw]


def _pairs(
    chunk: list[Primitive], write: Callable[[Primitive], tuple[str, str]]
) -> list[tuple[str, str]]:
    """Each cell's type and content; a text that comes again is written once."""
    texts = {value: write(value) for value in set(chunk) if type(value) is str}
    return [texts[value] if type(value) is str else write(value) for value in chunk]


def _overlong(chunk: list[Primitive], names: list[str]) -> Iterable[str]:
    """The rows whose text does not fit."""
    pairs = zip(names, chunk, strict=True)
    return (name for name, value in pairs if type(value) is str and values.is_too_long(value))
