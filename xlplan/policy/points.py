"""The short texts of scoring: points in 分, and bounds on rates, values, gaps and ranks."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import get_args

from xlplan.policy.figures import in_own_unit, read_figure
from xlplan.policy.marks import Bound, Comparison, Input
from xlplan.policy.reading import Reading, Table
from xlplan.policy.schema import Measure
from xlplan.quantity import Missing, Quantity, Unreadable, parse_quantity

_BOUND = re.compile(r"\s*(>=|<=|>|<)\s*(.+)")
_COMPARISONS: Mapping[str, Comparison] = {known: known for known in get_args(Comparison)}
_EXAMPLES: Mapping[str, str] = {"rate": "80%", "gap": "5个百分点", "rank": "3名"}
_PLACES = frozenset({"名", "位", ""})


def points(table: Table, key: str) -> Fraction | None:
    """The points that a key gives; None = not written, or unreadable, which is noted."""
    text = table.text(key, "")
    return read_points(table.reading, table.at(key), text) if text else None


def read_points(reading: Reading, path: str, text: str) -> Fraction | None:
    """Points in 分, exactly.

    >>> read_points(Reading("x"), "score[1].points", "0.5分")
    Fraction(1, 2)
    """
    found = parse_quantity(text, "分")
    if _is_points(found):
        assert isinstance(found, Quantity)  # noqa: S101 - as _is_points says
        return found.value if _is_exact(reading, path, text, found) else None
    reading.fault("XP610", path, what="分数", text=text, example="30分")
    return None


def _is_points(found: Quantity | Missing | Unreadable) -> bool:
    return isinstance(found, Quantity) and (found.kind, found.unit) == ("number", "分")


def share_of(table: Table, key: str) -> Fraction | None:
    """A percentage of any size; None = not written, or unreadable, which is noted."""
    text = table.text(key, "")
    return _figure(table.reading, table.at(key), text, "rate", None) if text else None


def figure_of(table: Table, key: str, of: Input, measure: Measure | None) -> Fraction | None:
    """An amount of what is scored: of a rate, a value in the measure's unit, a gap or ranks."""
    text = table.text(key, "")
    return _figure(table.reading, table.at(key), text, of, measure) if text else None


def bound(
    reading: Reading, path: str, text: str, of: Input, measure: Measure | None
) -> Bound | None:
    """A bound such as “>= 80%”; None = a fault that is noted.

    >>> bound(Reading("x"), "gate[1].when.rate", "< 60%", "rate", None)
    Bound(of='rate', comparison='<', value=Fraction(3, 5), text='< 60%')
    """
    match = _BOUND.fullmatch(text)
    if not match:
        example = f">= {_EXAMPLES.get(of, '30')}"
        reading.fault("XP610", path, what="界限", text=text, example=example)
        return None
    value = _figure(reading, path, match[2], of, measure)
    return None if value is None else Bound(of, _COMPARISONS[match[1]], value, text)


def _figure(
    reading: Reading, path: str, text: str, of: Input, measure: Measure | None
) -> Fraction | None:
    """What a text is worth: 80% is 4/5, 5个百分点 is 1/20, 3名 is 3.

    Of a measure that is not known, which is noted elsewhere, it is worth nothing.
    """
    if of == "value" and measure is None:
        return None
    found = _own(text, measure) if of == "value" and measure else _plain(text, of)
    if found is None:
        unit = measure.unit if measure else ""
        example = _EXAMPLES.get(of, f"30{unit}")
        reading.fault("XP610", path, what="数量", text=text, example=example)
        return None
    return found.value if _is_exact(reading, path, text, found) else None


def _own(text: str, measure: Measure) -> Quantity | None:
    """A figure of a measure, in its own unit."""
    found = read_figure(text, measure)
    return in_own_unit(found, measure) if isinstance(found, Quantity) else None


def _plain(text: str, of: Input) -> Quantity | None:
    found = parse_quantity(text)
    if not isinstance(found, Quantity):
        return None
    if of == "rank":
        is_place = found.kind in ("count", "number") and found.unit in _PLACES
        return found if is_place else None
    return found if found.kind == "rate" else None


def _is_exact(reading: Reading, path: str, text: str, found: Quantity) -> bool:
    if not found.is_exact:
        reading.fault("XP611", path, text=text, qualifier=found.qualifier.label)
    return found.is_exact
