"""Proves that tiers are complete and disjoint in their order.

A bound is a cut in the line of amounts: just before a number, or just after it. So `>= 20亿元` and
`< 20亿元` are the same cut, and two bounds meet exactly when their cuts are equal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import get_args

from xlplan.policy.reading import Reading
from xlplan.policy.schema import Bounded, Case, Comparison, DayBound, Tier
from xlplan.policy.validity import epochs, holds_on

Cut = tuple[float, int]

_LOWEST: Cut = (-inf, 0)
_HIGHEST: Cut = (inf, 1)
_AFTER = {">=": 0, ">": 1, "<": 0, "<=": 1}
_FIELDS = get_args(Bounded)


@dataclass(frozen=True, slots=True)
class Rung:
    """One case of a tier: its place, and for each amount the cuts it lies between."""

    tier: Tier
    case: Case
    path: str

    def span(self, field: str) -> tuple[Cut, Cut]:
        """The highest lower and the lowest upper cut on one amount."""
        bounds = [bound for bound in self.case.thresholds if bound.field == field]
        return _span((bound.comparison, bound.value) for bound in bounds)

    @property
    def fields(self) -> tuple[str, ...]:
        """The amounts it bounds."""
        return tuple(f for f in _FIELDS if self.span(f) != (_LOWEST, _HIGHEST))

    @property
    def is_empty(self) -> bool:
        """Whether no project can fulfil it."""
        return any(low >= high for low, high in map(self.span, _FIELDS))

    def takes_all_of(self, other: "Rung") -> bool:
        """Whether every project of the other case is of this one."""
        mine, theirs = self.case.sectors, other.case.sectors
        if mine and not (theirs and set(theirs) <= set(mine)):
            return False
        spans = ((self.span(field), other.span(field)) for field in _FIELDS)
        return all(a[0] <= b[0] and b[1] <= a[1] for a, b in spans)

    def same_sector_as(self, other: "Rung") -> bool:
        """Whether a project's sector can fit both."""
        mine, theirs = self.case.sectors, other.case.sectors
        return not mine or not theirs or bool(set(mine) & set(theirs))


def are_empty(bounds: Iterable[DayBound]) -> bool:
    """Whether no day lies within all of these bounds."""
    low, high = _span((bound.comparison, bound.day.toordinal()) for bound in bounds)
    return low >= high


def _span(bounds: Iterable[tuple[Comparison, int]]) -> tuple[Cut, Cut]:
    """The highest lower and the lowest upper cut that these bounds make."""
    lows, highs = [_LOWEST], [_HIGHEST]
    for comparison, value in bounds:
        cuts = lows if comparison.startswith(">") else highs
        cuts.append((value, _AFTER[comparison]))
    return max(lows), min(highs)


def prove_tiers(tiers: tuple[Tier, ...], reading: Reading) -> None:
    """Note cases that none can fulfil, that come too late, and bounds that do not meet.

    Every epoch has a ladder of its own; what is wrong in several is noted once.
    """
    for epoch in epochs(case for tier in tiers for case in tier.any_of):
        ladder = Reading(reading.name)
        _prove_epoch(tiers, epoch, ladder)
        for fault in ladder.found:
            if fault not in reading.found:
                reading.found.extend([fault])


def _prove_epoch(tiers: tuple[Tier, ...], epoch: date, reading: Reading) -> None:
    above: list[Rung] = []
    for n, tier in enumerate(tiers, 1):
        rungs = [
            Rung(tier, case, f"tier[{n}].any_of[{m}]")
            for m, case in enumerate(tier.any_of, 1)
            if holds_on(case, epoch)
        ]
        for rung in rungs:
            _prove_rung(rung, above, reading)
        above.extend(rungs)


def _prove_rung(rung: Rung, above: list[Rung], reading: Reading) -> None:
    if rung.is_empty:
        reading.fault("XP620", rung.path, text=rung.case.text)
        return
    higher = next((known for known in above if known.takes_all_of(rung)), None)
    if higher:
        said = {"tier": rung.tier.name, "text": rung.case.text, "higher": higher.tier.name}
        reading.fault("XP617", rung.path, **said)
        return
    for field in rung.fields:
        _prove_upper(rung, field, above, reading)


def _prove_upper(rung: Rung, field: str, above: list[Rung], reading: Reading) -> None:
    """An upper bound must meet the lower bound of the next tier up on the same amount."""
    upper = rung.span(field)[1]
    if upper == _HIGHEST or len(rung.fields) > 1:
        return
    said = {"tier": rung.tier.name, "text": rung.case.text}
    nearest = min(_lower_bounds(rung, field, above), default=None, key=lambda found: found[0])
    if nearest is None:
        reading.fault("XP619", rung.path, bound="无更高档次", **said)
    elif upper < nearest[0]:
        reading.fault("XP619", rung.path, bound=nearest[1].case.text, **said)
    elif upper > nearest[0]:
        higher = nearest[1]
        reading.fault("XP618", rung.path, bound=higher.case.text, higher=higher.tier.name, **said)


def _lower_bounds(rung: Rung, field: str, above: list[Rung]) -> Iterator[tuple[Cut, Rung]]:
    for known in above:
        if known.fields == (field,) and known.same_sector_as(rung):
            yield known.span(field)[0], known
