"""Measures whose projects are all projects of another: a part asks for no more than its whole.

Which measure is part of which is not declared: it is read off their filters. One filter lies within
another when everything that it admits is admitted by the other too.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from xlplan.diagnostics import Diagnostics
from xlplan.policy.audit_levels import place_of
from xlplan.policy.figures import target_said
from xlplan.policy.ladder import Rung
from xlplan.policy.schema import (
    Case,
    Measure,
    Policy,
    Target,
    Threshold,
    Tier,
    Where,
    Words,
)


def audit_parts(policy: Policy, found: Diagnostics) -> None:
    """XP552 for sums, XP559 for rates."""
    for part, whole in permutations(policy.measures, 2):
        if part.kind != whole.kind or part.part_of:
            continue
        if part.is_sum and _is_part(part, whole):
            _check_amounts(policy, part, whole, found)
        elif part.kind == "rate" and _is_part_of_rate(part, whole):
            _check_rates(policy, part, whole, found)


def lies_within(narrow: Where, wide: Where) -> bool:
    """Whether every project that the one admits is admitted by the other too.

    >>> (
    ...     lies_within(Where(levels=("市级",)), Where(levels=("省级", "市级"))),
    ...     lies_within(Where(), Where(levels=("市级",))),
    ... )
    (True, False)
    """
    words = all(any(_implies(said, asked) for said in narrow.words) for asked in wide.words)
    bounds = _rung(wide.thresholds).takes_all_of(_rung(narrow.thresholds))
    return words and bounds and set(wide.days) <= set(narrow.days)


def _implies(said: Words, asked: Words) -> bool:
    """Whether whoever fits one condition on words fits another one too.

    A project may stand on several lists, so that being on one does not keep it off another.
    """
    if said.field != asked.field:
        return False
    if asked.excluded and not said.excluded:
        return said.field != "lists" and set(said.words).isdisjoint(asked.words)
    if asked.excluded:
        return set(asked.words) <= set(said.words)
    return not said.excluded and set(said.words) <= set(asked.words)


def _rung(thresholds: tuple[Threshold, ...]) -> Rung:
    case = Case(thresholds)
    return Rung(Tier("", "", (case,), ""), case, "")


def _is_part(part: Measure, whole: Measure) -> bool:
    """Whether two sums differ in nothing but a filter, and the one's lies within the other's.

    Counting an investor once makes a count no larger.
    """
    named = ("id", "name", "where", "clause", "counted_in", "distinct_by")
    alike = replace(part, **{name: getattr(whole, name) for name in named})
    counts = not whole.distinct_by or part.distinct_by == whole.distinct_by
    is_same = part.where == whole.where and part.distinct_by == whole.distinct_by
    is_within = lies_within(part.where, whole.where)
    return alike == whole and counts and is_within and not is_same and part.amount != "tier"


def _is_part_of_rate(part: Measure, whole: Measure) -> bool:
    """Whether two rates differ in nothing but the projects that they are of."""
    narrow, wide = part.statistic.cohort, whole.statistic.cohort
    one = replace(part.statistic, cohort=replace(narrow, where=wide.where))
    is_proper = narrow.where != wide.where and lies_within(narrow.where, wide.where)
    return one == whole.statistic and is_proper


def _pairs(policy: Policy, part: str, whole: str) -> Iterator[tuple[Target, Target]]:
    """The floors and ceilings of one unit for both measures."""
    wholes: dict[tuple[str, str, str], list[Target]] = defaultdict(list)
    for target in policy.targets:
        if target.measure == whole and target.bound in ("floor", "ceiling"):
            wholes[target.group, target.unit, target.bound].append(target)
    for one in policy.targets:
        if one.measure == part:
            yield from ((one, other) for other in wholes[one.group, one.unit, one.bound])


def _check_amounts(policy: Policy, part: Measure, whole: Measure, found: Diagnostics) -> None:
    for one, other in _pairs(policy, part.name, whole.name):
        if one.period == other.period and one.value > other.value:
            found.add(
                "XP552",
                place_of(policy, one),
                unit=one.unit,
                period=one.period,
                part=part.name,
                value=target_said(one.value, part),
                whole=whole.name,
                total=target_said(other.value, whole),
            )


def _check_rates(policy: Policy, part: Measure, whole: Measure, found: Diagnostics) -> None:
    """By the end of its year a part of the projects is to reach at least what all of them are."""
    for one, other in _pairs(policy, part.name, whole.name):
        last, year = policy.period_named(one.period), policy.period_named(other.period)
        if last is None or year is None or last.months >= year.months or last.end != year.end:
            continue
        less = other.value - one.value
        if (-less if whole.better == "lower" else less) > 0:
            found.add(
                "XP559",
                place_of(policy, one),
                unit=one.unit,
                period=other.period,
                whole=whole.name,
                total=target_said(other.value, whole),
                part=part.name,
                last=one.period,
                value=target_said(one.value, part),
            )
