"""Targets of several periods against each other: levels that go back, sums that do not agree."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from xlplan.diagnostics import Clause, Diagnostics
from xlplan.policy.figures import target_said
from xlplan.policy.schema import Measure, Policy, Target
from xlplan.policy.targets import TOTAL
from xlplan.quantity import Period

_CALLED = {"month": "各月", "quarter": "各季", "half": "两个半年", "year": "各年"}
"""What periods of a kind are called when they are added up."""

_MOST_MONTHS = 12


class Dated(NamedTuple):
    """A target with its period."""

    period: Period
    target: Target


Key = tuple[str, str, str]
"""Unit, measure and bound: whose targets of several periods are one row."""


def audit_levels(policy: Policy, found: Diagnostics) -> None:
    """XP550, XP551, XP564 and XP565 for each unit, measure and bound."""
    for (_, name, _), targets in _by_unit(policy).items():
        measure = policy.measure(name)
        if _is_level(measure, targets):
            _check_rise(policy, measure, targets, found)
            _check_last(policy, measure, targets, found)
        elif measure.adds_up:
            _check_sums(policy, measure, targets, found)
    _check_stretches(policy, found)


def place_of(policy: Policy, target: Target) -> Clause:
    """The clause of the table that a target is written in."""
    asked = (target.group, target.period)
    written = [table for table in policy.tables if (table.group, table.period) == asked]
    whole = policy.measure(target.measure).part_of or target.measure
    fits = (
        table
        for table in written
        if whole in table.measures and target.unit in (TOTAL, *(row.unit for row in table.rows))
    )
    return Clause(policy.id, next(fits, written[0]).clause)


def _by_unit(policy: Policy) -> Mapping[Key, list[Dated]]:
    """The targets of each unit and measure, in the order of their periods' ends."""
    rows: dict[Key, list[Dated]] = defaultdict(list)
    for target in policy.targets:
        period = policy.period_named(target.period)
        if period:
            rows[f"{target.group}/{target.unit}", target.measure, target.bound].append(
                Dated(period, target)
            )
    return {key: sorted(row, key=_order) for key, row in rows.items()}


def _order(one: Dated) -> tuple[date, int]:
    """By the ends of the periods, the longer one last."""
    return one.period.end, one.period.months


def _is_level(measure: Measure, targets: Sequence[Dated]) -> bool:
    """Whether the figures are reached by then: declared so, or rates over a fixed cohort."""
    declared = "level" in (measure.basis, *(one.target.basis for one in targets))
    return measure.kind == "rate" or (declared and measure.kind in ("sum", "reported"))


def _parts_of_years(targets: Sequence[Dated]) -> Iterator[tuple[Dated, list[Dated]]]:
    """Each year with the shorter periods in it that have targets too, in order."""
    for year in targets:
        if year.period.kind == "year":
            yield year, [one for one in targets if _is_within(one.period, year.period)]


def _is_within(part: Period, whole: Period) -> bool:
    is_inside = whole.start <= part.start and part.end <= whole.end
    return is_inside and part.months < whole.months


def _check_rise(
    policy: Policy, measure: Measure, targets: Sequence[Dated], found: Diagnostics
) -> None:
    """A level of which more is better does not go back within a year; growth may.

    The last quarter is set against the year by itself.
    """
    if measure.better == "lower" or (measure.is_share and measure.kind == "reported"):
        return
    within = [one for one in targets if one.period.months <= _MOST_MONTHS]
    for before, after in pairwise(within):
        years = {policy.year.of(one.period.start) for one in (before, after)}
        goes_on = len(years) == 1 and before.period.end < after.period.end
        if goes_on and after.target.value < before.target.value:
            found.add(
                "XP550",
                place_of(policy, after.target),
                unit=after.target.unit,
                measure=measure.name,
                earlier=before.period.text,
                before=target_said(before.target.value, measure),
                later=after.period.text,
                after=target_said(after.target.value, measure),
            )


def _check_last(
    policy: Policy, measure: Measure, targets: Sequence[Dated], found: Diagnostics
) -> None:
    """What is reached by the last quarter of a year is what is reached by its end."""
    for year, parts in _parts_of_years(targets):
        for last in parts:
            if last.period.end == year.period.end and last.target.value != year.target.value:
                found.add(
                    "XP551",
                    place_of(policy, last.target),
                    unit=last.target.unit,
                    measure=measure.name,
                    last=last.period.text,
                    after=target_said(last.target.value, measure),
                    period=year.period.text,
                    total=target_said(year.target.value, measure),
                )


def _check_sums(
    policy: Policy, measure: Measure, targets: Sequence[Dated], found: Diagnostics
) -> None:
    """Shorter periods of one kind that fill a longer one add up to it.

    Quarters of a year are for `progress.audit`.
    """
    for whole in targets:
        for kind, called in _CALLED.items():
            parts = [
                one
                for one in targets
                if one.period.kind == kind and _is_within(one.period, whole.period)
            ]
            is_told = (kind, whole.period.kind) == ("quarter", "year")
            is_full = sum(one.period.months for one in parts) == whole.period.months
            added = sum(one.target.value for one in parts)
            if is_full and not is_told and added != whole.target.value:
                found.add(
                    "XP565",
                    place_of(policy, whole.target),
                    unit=whole.target.unit,
                    measure=measure.name,
                    parts=called,
                    sum=target_said(added, measure),
                    period=whole.period.text,
                    total=target_said(whole.target.value, measure),
                )


def _check_stretches(policy: Policy, found: Diagnostics) -> None:
    """力争 asks for more than the target beside it, or for less where less is better."""
    firm = {
        (t.group, t.unit, t.measure, t.period): t
        for t in policy.targets
        if t.bound in ("floor", "ceiling")
    }
    for stretch in policy.targets:
        target = firm.get((stretch.group, stretch.unit, stretch.measure, stretch.period))
        if stretch.bound != "stretch" or target is None:
            continue
        more = stretch.value - target.value
        if (-more if target.bound == "ceiling" else more) <= 0:
            measure = policy.measure(stretch.measure)
            found.add(
                "XP564",
                place_of(policy, stretch),
                unit=stretch.unit,
                measure=measure.name,
                period=stretch.period,
                value=target_said(target.value, measure),
                stretch=target_said(stretch.value, measure),
            )
