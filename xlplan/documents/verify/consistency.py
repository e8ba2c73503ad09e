"""Where a document does not agree with itself: signs, the same thing said twice, sums, shares."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from xlplan.documents.verify.facts import Fact, trimmed
from xlplan.documents.verify.matching import Checked
from xlplan.documents.verify.paper import Line
from xlplan.quantity import MONEY_WORDS


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A finding about a line: its code, and the values of its message."""

    code: str
    line: Line
    values: Mapping[str, object] = field(default_factory=dict)


def contradictions(checked: Sequence[Checked], lists: Mapping[str, str]) -> Iterator[Contradiction]:
    """Everything that a document says against itself, apart from its period."""
    yield from _signed_twice(checked)
    yield from _said_otherwise(checked)
    yield from _parts_in_prose(checked)
    yield from _columns(checked)
    yield from _shares(checked, lists)


def _signed_twice(checked: Sequence[Checked]) -> Iterator[Contradiction]:
    """增长-8%: the word and the sign."""
    for one in checked:
        said = one.placed.said
        if said.is_signed_twice:
            clause = re.split(r"[,。;、(]", one.placed.line.plain[: said.start])[-1]
            text = one.placed.line.text[said.start - len(clause) : said.end]
            yield Contradiction("XP891", one.placed.line, {"text": text})


# The same thing said twice


def _said_otherwise(checked: Sequence[Checked]) -> Iterator[Contradiction]:
    """A figure that is not what another place of the document rightly says of the same thing."""
    right: dict[Fact, Checked] = {}
    for one in checked:
        if one.fact and one.is_supported:
            right.setdefault(one.fact, one)
    for one in checked:
        other = right.get(one.meant) if one.meant and not one.is_supported else None
        if other and one.code != "XP886" and other.placed.line != one.placed.line:
            values = {
                "text": one.placed.said.text,
                "other": other.placed.line.place,
                "said": other.placed.said.text,
            }
            yield Contradiction("XP892", one.placed.line, values)


# Sums


def _parts_in_prose(checked: Sequence[Checked]) -> Iterator[Contradiction]:
    """The parts after 其中 against the figure before it."""
    for line, figures in _by_line(checked):
        if line.table:
            continue
        for word in re.finditer("其中", line.plain):
            total, parts = _total_and_parts(figures, word.start())
            if total and len(parts) > 1:
                yield from _against(total, parts)


def _total_and_parts(figures: Sequence[Checked], at: int) -> tuple[Checked | None, list[Checked]]:
    """The last figure before a place in its sentence, and those of its kind after it."""
    before = [one for one in figures if one.placed.said.end <= at]
    total = before[-1] if before else None
    if total is None:
        return None, []
    near, kind = total.placed.context.near, _kind(total)
    parts = [
        one
        for one in figures
        if one.placed.said.start > at and one.placed.context.near == near and _kind(one) == kind
    ]
    return total, parts


def _kind(one: Checked) -> tuple[str, str]:
    return one.placed.said.kind, one.placed.said.currency


def _against(total: Checked, parts: Sequence[Checked]) -> Iterator[Contradiction]:
    """XP893 when parts make more than the whole, or less while one of the figures is not borne out.

    What the workbook bears out whole is no contradiction: joint projects count once in a total.
    """
    every = (total, *parts)
    if all(one.is_supported for one in every) or total.placed.said.kind in ("rate", "rank"):
        return
    added = sum((one.placed.said.value for one in parts), Fraction(0))
    if abs(added - total.placed.said.value) > _slack(every):
        values = {"text": total.placed.said.text, "sum": _shown(added, total)}
        yield Contradiction("XP893", total.placed.line, values)


def _slack(figures: Sequence[Checked]) -> Fraction:
    """How far rounding alone can part a sum from its parts; counts are not rounded."""
    steps = (one.placed.said.step for one in figures if one.placed.said.kind != "count")
    return sum(steps, Fraction(0)) / 2


def _shown(value: Fraction, like: Checked) -> str:
    said = like.placed.said
    if said.kind == "money":
        return f"{trimmed(value)}亿{MONEY_WORDS.get(said.currency, '元')}"
    if said.kind == "rate":
        return f"{trimmed(value * 100)}%"
    return trimmed(value)


_TOTAL = re.compile(r"\s*(?:合计|总计|小计)\s*")


def _columns(checked: Sequence[Checked]) -> Iterator[Contradiction]:
    """The rows of each column against the 合计 below them, measure by measure."""
    columns: dict[tuple[int, int, str], list[Checked]] = {}
    for one in checked:
        line = one.placed.line
        if line.table:
            key = (line.table, line.column, one.placed.context.measure)
            columns.setdefault(key, []).append(one)
    for figures in columns.values():
        above: list[Checked] = []
        for one in figures:
            if not any(_TOTAL.fullmatch(label) for label in one.placed.line.labels):
                above.append(one)
            elif len(above) > 1:
                yield from _against(one, above)
                above = []


# Shares


def _shares(checked: Sequence[Checked], lists: Mapping[str, str]) -> Iterator[Contradiction]:
    """The shares of one sentence, of one column, or of paragraphs in a row, against 100%."""
    shares = [one for one in checked if _is_share(one)]
    for _, found in groupby(shares, key=lambda one: _whole_of(one, lists)):
        parts = list(found)
        if len(parts) < _FEWEST or all(one.is_supported for one in parts):
            continue
        added = sum((one.placed.said.value for one in parts), Fraction(0))
        slack = _slack(parts)
        if added > 1 + slack or 1 - _FORGOTTEN < added < 1 - slack:
            yield Contradiction("XP894", parts[-1].placed.line, {"sum": _shown(added, parts[0])})


_FEWEST = 2
_FORGOTTEN = Fraction(1, 10)
"""Shares that leave more than this open are of parts only."""


def _is_share(one: Checked) -> bool:
    context, said = one.placed.context, one.placed.said
    total = any(_TOTAL.fullmatch(label) for label in one.placed.line.labels)
    return said.kind == "rate" and context.head == "占比" and not said.turn and not total


def _whole_of(one: Checked, lists: Mapping[str, str]) -> tuple[object, ...]:
    """What a share is of: its column, or the list of kinds under its heading, or its sentence."""
    line, context = one.placed.line, one.placed.context
    if line.table:
        return (line.table, line.column)
    listed = lists.get(context.subjects[0]) if context.subjects else None
    return (listed, line.over) if listed else (line.place, context.near)


def _by_line(checked: Sequence[Checked]) -> Iterator[tuple[Line, list[Checked]]]:
    for _, found in groupby(checked, key=lambda one: one.placed.line.place):
        figures = list(found)
        yield figures[0].placed.line, figures
