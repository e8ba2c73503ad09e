"""What a unit lacks to come onto a list, or what keeps it off: as a share, in places, in words."""

from fractions import Fraction
from math import ceil
from typing import NamedTuple

from xlplan.policy.marks import Bound
from xlplan.policy.notices import INPUT_NAMES, REACHED_WORDS, Near, ReachedWord, bound_said
from xlplan.policy.schema import Measure
from xlplan.progress.cases import Facts
from xlplan.quantity import exact_decimal

_FINE = 10**4
"""Amounts are said to this part of the unit, rounded up: what is said to be enough is enough."""


class Miss(NamedTuple):
    """How much is missing: of the target, and in places; None = it cannot be told so."""

    share: Fraction | None
    places: int | None
    text: str

    def is_near(self, near: Near) -> bool:
        """Whether it is as little as the policy calls near.

        >>> Miss(Fraction(3, 100), None, "").is_near(Near(Fraction(1, 20)))
        True
        """
        by_share = near.share is not None and self.share is not None and self.share <= near.share
        by_place = near.places is not None and self.places is not None
        return by_share or (by_place and (self.places or 0) <= (near.places or 0))


def of_top(facts: Facts, places: int) -> Miss | None:
    """What is missing to be among the first."""
    rank, behind = facts.rank, facts.behind(places)
    if rank is None or behind is None:
        return None
    said = f"{_more(facts, behind)}即追平第 {places} 名（现第 {rank} 名）"
    return Miss(_share(facts, behind), rank - places, said)


def of_bottom(facts: Facts, places: int) -> Miss | None:
    """What keeps a unit from the last places."""
    last, ahead = facts.last, facts.ahead(places)
    if last is None or ahead is None:
        return None
    said = f"只比后 {places} 名多{_amount(facts, ahead)}（现倒数第 {last} 名）"
    return Miss(_share(facts, ahead), last - places, said)


def of_bound(facts: Facts, bound: Bound) -> Miss | None:
    """What is missing to get within a bound."""
    figure = facts.figure(bound.of)
    if figure is None:
        return None
    rises = bound.comparison.startswith(">")
    off = bound.value - figure if rises else figure - bound.value
    name = INPUT_NAMES[bound.of]
    if bound.of == "rank":
        return Miss(None, int(off), f"{name}再{'降' if rises else '升'} {max(int(off), 1)} 位")
    if not off:
        return Miss(Fraction(0), None, f"{name}正好在界限上")
    if not rises:
        return Miss(_of_target(facts, bound.of, off), None, _above(facts, bound, off))
    said = _lacking(facts, bound.of, off)
    reach = "达" if bound.comparison == ">=" else "超过"
    text = f"{said}，{name}即{reach} {bound.text.removeprefix(bound.comparison).strip()}"
    return Miss(_of_target(facts, bound.of, off), None, text)


def of_reached(facts: Facts, words: tuple[ReachedWord, ...]) -> Miss | None:
    """What is missing to reach the least of these; nothing can be missing to fall short."""
    standing = facts.standing
    word = "floor" if "floor" in words else words[0]
    if standing.wanted is None or standing.value is None or not standing.aim:
        return None
    wanted = standing.wanted
    if word == "stretch":
        if standing.stretch is None:
            return None
        wanted = Fraction(standing.stretch, standing.measure.grains)
    floors = standing.aim.bound == "floor" and word in ("floor", "stretch")
    ceilings = standing.aim.bound == "ceiling" and word in ("within", "over")
    if not (floors or ceilings):
        return None
    off = abs(wanted - standing.value)
    said = {"within": "再减少", "over": "距上限只剩"}.get(word, "再有")
    amount = in_words(off, standing.measure)
    share = off / standing.wanted if standing.wanted else None
    return Miss(
        share, None, f"{said}{amount}" + ("" if word == "over" else f"即{REACHED_WORDS[word]}")
    )


def _share(facts: Facts, difference: Fraction) -> Fraction | None:
    """A difference of what ranks, as a share of the target."""
    by = "value" if facts.standing.measure.better == "lower" else facts.ranking.by
    return _of_target(facts, by, difference)


def _of_target(facts: Facts, of: str, difference: Fraction) -> Fraction | None:
    if of in ("rate", "gap"):
        return difference
    wanted = facts.standing.wanted
    return difference / wanted if wanted else None


def _more(facts: Facts, difference: Fraction) -> str:
    less = facts.standing.measure.better == "lower"
    return f"再{'减少' if less else '有'}{_amount(facts, difference)}"


def _amount(facts: Facts, difference: Fraction) -> str:
    """A difference of what ranks, as an amount of the measure."""
    standing = facts.standing
    by_value = standing.measure.better == "lower" or facts.ranking.by == "value"
    if by_value or _is_own(facts, facts.ranking.by):
        return in_words(difference, standing.measure)
    return in_words(difference * (standing.wanted or 0), standing.measure)


def _is_own(facts: Facts, of: str) -> bool:
    """Whether a difference is in the measure's own unit: a gap of shares that have no pace."""
    return of == "gap" and facts.standing.pace is None and facts.standing.measure.is_share


def _lacking(facts: Facts, of: str, difference: Fraction) -> str:
    standing = facts.standing
    if of in ("rate", "gap") and not _is_own(facts, of):
        difference *= standing.wanted or 0
    return f"再有{in_words(difference, standing.measure)}"


def _above(facts: Facts, bound: Bound, difference: Fraction) -> str:
    """How far a figure is above a bound that it would have to fall below."""
    name = INPUT_NAMES[bound.of]
    if bound.of == "value":
        said = in_words(difference, facts.standing.measure)
    else:
        said = f"{_rounded_up(difference * 100, 10)}个百分点"
    return f"{name}只比界限（{bound_said(bound)}）高{said}"


def in_words(amount: Fraction, measure: Measure) -> str:
    """An amount that is enough, with its unit: rounded up, whole where things are counted whole.

    >>> from xlplan.policy.schema import Measure
    >>> in_words(Fraction(1, 3), Measure("a", "协议资金", "agreement"))
    '0.3334亿元'
    """
    if measure.is_share:
        return f"{_rounded_up(amount * 100, 10)}个百分点"
    fine = _FINE if measure.is_money or not measure.is_sum else 1
    return f"{_rounded_up(amount, fine)}{measure.unit}"


def _rounded_up(amount: Fraction, fine: int) -> str:
    return exact_decimal(Fraction(ceil(amount * fine), fine))
