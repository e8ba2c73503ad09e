"""Proves that no two rules that can be in force together decide the same case.

The engine reports such a conflict too, but only when a project meets it; here it shows at load.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from xlplan.policy.placed import Placed, placed
from xlplan.policy.reading import Reading
from xlplan.policy.schema import OfWhich, Policy, Rule, Scope, Split, TierCount, Weight

R = TypeVar("R", bound=Rule)

_CASE_KEYS = ("measures", "origins", "scope", "partners", "across_groups", "like")


@dataclass(frozen=True, slots=True)
class Like:
    """A rule that takes another measure's: from any of `measures` on to `like`."""

    by: Placed[Weight] | Placed[Split]

    @property
    def path(self) -> str:
        """Where it stands."""
        return self.by.path

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that it answers for."""
        return self.by.rule.measures

    @property
    def like(self) -> str:
        """The measure that it asks instead."""
        return self.by.rule.like

    def meets(self, other: "Like") -> bool:
        """Whether both can be in force."""
        return self.by.meets(other.by)


def prove_rules(policy: Policy, reading: Reading) -> None:
    """Note pairs of rules for the same case, and circles of `like`."""
    weights = _readable(placed(policy, Weight), reading)
    splits = _readable(placed(policy, Split), reading)
    for first, second in combinations(weights, 2):
        if first.meets(second):
            _weight_conflict(first, second, policy, reading)
    for one, other in combinations(splits, 2):
        if one.meets(other):
            _split_conflict(one, other, reading)
    _only_one(placed(policy, TierCount), "项目按几档计数", reading)
    _only_one(placed(policy, OfWhich), "“其中”的读法", reading)
    _circles(weights, reading)
    _circles(splits, reading)


def _readable(rules: Sequence[Placed[R]], reading: Reading) -> list[Placed[R]]:
    """The rules whose case is known; what is misread elsewhere in a rule does not matter here."""
    return [
        found
        for found in rules
        if not any(reading.faulty(f"{found.path}.{key}") for key in _CASE_KEYS)
    ]


def _weight_conflict(
    first: Placed[Weight], second: Placed[Weight], policy: Policy, reading: Reading
) -> None:
    measures = _both(first.rule.measures, second.rule.measures)
    origins = _both(first.rule.origins or policy.origins, second.rule.origins or policy.origins)
    unit = next(_units_of_both(first, second, policy), "")
    if measures and (origins or not policy.origins) and unit:
        subject = "、".join((*measures, *origins, unit))
        reading.fault("XP615", second.path, other=first.path, subject=subject)


def _split_conflict(first: Placed[Split], second: Placed[Split], reading: Reading) -> None:
    a, b = first.rule, second.rule
    measures = _both(a.measures, b.measures)
    least = max(a.partners[0], b.partners[0])
    most = min((p[1] for p in (a.partners, b.partners) if p[1] is not None), default=least)
    groups = a.across_groups is None or b.across_groups in (None, a.across_groups)
    if measures and least <= most and groups and a.prevails == b.prevails:
        subject = f"{'、'.join(measures)}，配合单位 {least} 个"
        reading.fault("XP615", second.path, other=first.path, subject=subject)


def _only_one(rules: Sequence[Placed[R]], subject: str, reading: Reading) -> None:
    for first, second in combinations(rules, 2):
        if first.meets(second):
            reading.fault("XP615", second.path, other=first.path, subject=subject)


def _both(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(known for known in first if known in second)


def _units_of_both(first: Placed[Weight], second: Placed[Weight], policy: Policy) -> Iterator[str]:
    """The units that both weights can reach at once, whichever options are in force with them.

    Each unit that the policy lists, then any other that the register may put into a group. Rules
    that can be in force two by two can be so together: a ruling has one option at a time.
    """
    listed = [(unit.name, unit.group) for unit in policy.units]
    for name, group in (*listed, *((f"{group}的其他单位", group) for group in policy.groups)):
        for one in _brings_in(first, name, group, policy):
            for other in _brings_in(second, name, group, policy):
                if one.meets(second) and first.meets(other) and one.meets(other):
                    yield name


def _brings_in(
    weight: Placed[Weight], name: str, group: str, policy: Policy
) -> Iterator[Placed[Weight] | Placed[Scope]]:
    """What brings a unit into the weight's scope: a rule of the scope, or that there is none."""
    if not weight.rule.scope:
        yield weight
        return
    for scope in placed(policy, Scope):
        covers = name in scope.rule.units or group in scope.rule.groups
        if covers and scope.rule.name == weight.rule.scope and scope.meets(weight):
            yield scope


def _circles(rules: Sequence[Placed[Weight]] | Sequence[Placed[Split]], reading: Reading) -> None:
    likes = [Like(found) for found in rules if found.rule.like]
    seen: set[frozenset[Like]] = set()
    for start in likes:
        for circle in _chains(start.like, (start,), likes):
            if frozenset(circle) not in seen:
                seen.add(frozenset(circle))
                names = " → ".join([circle[-1].like, *(step.like for step in circle)])
                reading.fault("XP616", f"{circle[0].path}.like", names=names)


def _chains(measure: str, taken: tuple[Like, ...], likes: list[Like]) -> Iterator[tuple[Like, ...]]:
    """The chains that come back to their first step, by rules that can be in force together."""
    for step in likes:
        if measure in step.measures and all(step.meets(known) for known in taken):
            if step == taken[0]:
                yield taken
            elif step not in taken:
                yield from _chains(step.like, (*taken, step), likes)
