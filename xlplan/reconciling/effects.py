"""What a difference means for the credits of units, and how that is said."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlplan.policy import Policy
from xlplan.quantity import exact_decimal


@dataclass(frozen=True, slots=True)
class Effect:
    """How much more, or less, a unit is credited in a measure, and how much more stands 待定."""

    unit: str
    measure: str
    grains: int
    pending: int = 0


def shown(found: Sequence[Effect], policy: Policy) -> str:
    """Effects in words, unit by unit, money in 亿元.

    The order is that of the credits: a unit's measures stand together.
    """
    by_unit: dict[str, list[str]] = defaultdict(list)
    for one in found:
        if one.grains:
            by_unit[one.unit].append(f"{one.measure} {_signed(one.measure, one.grains, policy)}")
        if one.pending:
            said = _signed(one.measure, one.pending, policy)
            by_unit[one.unit].append(f"{one.measure}待定 {said}")
    return "；".join(f"{unit}：{'，'.join(each)}" for unit, each in by_unit.items())


def _signed(measure: str, grains: int, policy: Policy) -> str:
    known = policy.measure(measure)
    unit = "亿元" if known.is_money else "个"
    amount = Fraction(grains, known.grains)
    return f"{'+' if grains > 0 else ''}{exact_decimal(amount)}{unit}"


def weight(found: Sequence[Effect], policy: Policy) -> int:
    """How much a difference matters: the money that any unit gains, loses or has 待定, in 分."""
    money = [one for one in found if policy.measure(one.measure).is_money]
    return max((max(abs(one.grains), abs(one.pending)) for one in money), default=0)
