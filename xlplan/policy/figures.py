"""What a figure written for a measure is worth, in the measure's own unit."""

from dataclasses import replace
from fractions import Fraction

from xlplan.policy.schema import Measure
from xlplan.quantity import (
    Missing,
    Quantity,
    Unreadable,
    exact_decimal,
    parse_place,
    parse_quantity,
    unit_named,
)

_SAME_UNITS = {"工作日": "个工作日"}


def read_figure(cell: object, measure: Measure, unit: str = "") -> Quantity | Missing | Unreadable:
    """What a cell says for a measure; bare numbers are in `unit`, or in the measure's own.

    >>> rank = Measure("a", "排名", "", kind="rank")
    >>> found = read_figure("前3名", rank)
    >>> found.value, found.qualifier.label
    (Fraction(3, 1), '以内')
    """
    place = parse_place(cell) if measure.kind == "rank" else None
    return place or parse_quantity(cell, unit or measure.unit)


def stated_unit(measure: Measure, stated: str) -> str:
    """The unit of a bare number under a head or a remark that states a unit of money.

    Money is in the unit stated. What is in a currency of its own is in 万 or 亿 of that where only
    元 is named; a measure that is no money keeps its own unit.

    >>> dollars = Measure("a", "到位外资", "receipts", currency="美元")
    >>> stated_unit(dollars, "万元"), stated_unit(dollars, "万港元")
    ('万美元', '万港元')
    """
    own, said = unit_named(measure.unit), unit_named(stated)
    if own is None or said is None or own.kind != "money":
        return measure.unit
    if said.currency == own.currency or said.currency != "CNY":
        return stated
    return f"{stated.removesuffix('元')}{own.base}" if measure.is_sum else measure.unit


def in_own_unit(found: Quantity, measure: Measure) -> Quantity | None:
    """The quantity with its value, stretch and parts in the measure's unit, 100% being 1.

    None when it is of another kind: people for a count of days, 亿元 for 亿美元.

    >>> days = Measure("a", "审批时间", "", kind="reported", basis="level")
    >>> from dataclasses import replace
    >>> days = replace(days, statistic=replace(days.statistic, unit="个工作日"))
    >>> found = read_figure("45个工作日以内", days)
    >>> in_own_unit(found, days).value, in_own_unit(parse_quantity("45人"), days)
    (Fraction(45, 1), None)
    """
    wanted = unit_named(measure.unit)
    if wanted is None or not _fits(found, measure):
        return None
    scale = Fraction(1) if wanted.kind == "rate" else wanted.scale
    return replace(
        found,
        value=found.value / scale,
        stretch=None if found.stretch is None else found.stretch / scale,
        of_which=tuple(replace(part, value=part.value / scale) for part in found.of_which),
    )


def _fits(found: Quantity, measure: Measure) -> bool:
    """Whether a quantity is of the kind that the measure is of."""
    wanted = unit_named(measure.unit)
    if wanted is None or (found.kind, found.currency) != (wanted.kind, wanted.currency):
        return False
    if wanted.kind != "number":
        return True
    written = unit_named(found.unit)
    return written is not None and _base(written.base) == _base(wanted.base)


def _base(word: str) -> str:
    return _SAME_UNITS.get(word, word)


def whole_grains(value: Fraction, measure: Measure) -> int | None:
    """A value in the measure's unit as grains; None when it is finer than a grain."""
    grains = value * measure.grains
    return int(grains) if grains.denominator == 1 else None


def target_said(value: int, measure: Measure) -> str:
    """A target in grains as it is written, with its unit.

    >>> from xlplan.policy.schema import Statistic
    >>> target_said(900_000, Measure("a", "履约率", "", kind="rate", statistic=Statistic()))
    '90%'
    >>> target_said(4_800_000_000_00, Measure("b", "协议资金", "agreement"))
    '48亿元'
    """
    hundred = 100 if measure.is_share else 1
    return f"{exact_decimal(Fraction(value * hundred, measure.grains))}{measure.unit}"
