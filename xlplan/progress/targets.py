"""The targets of one period, and which units and measures they make stand in a table."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlplan.model import Ledger
from xlplan.policy import TOTAL, Policy
from xlplan.policy.choices import chosen_options, worlds
from xlplan.quantity import Period


@dataclass(frozen=True, slots=True)
class Targets:
    """Floors 下限 in grains, and what a group's own total row 合计 says.

    `of_units` by unit and measure, `of_groups` by group and measure; `measures` are those that
    every unit of a group stands in, `groups` the group of each unit with a target.
    """

    of_units: Mapping[tuple[str, str], int]
    of_groups: Mapping[tuple[str, str], int]
    measures: Mapping[str, frozenset[str]]
    groups: Mapping[str, str]


def targets_of(ledger: Ledger, policy: Policy, period: Period) -> Targets:
    """The floors written for exactly that period; an of-which part only where it is a floor."""
    frame = ledger.targets
    bounds = ["floor", "of-which"] if parts_are_floors(ledger, policy) else ["floor"]
    used = frame[(frame["period"] == period.text) & frame["bound"].isin(bounds)]
    of_units: dict[tuple[str, str], int] = {}
    of_groups: dict[tuple[str, str], int] = {}
    measures: dict[str, set[str]] = {}
    groups: dict[str, str] = {}
    for group, unit, measure, bound, value in zip(
        *(used[name] for name in ("group", "unit", "measure", "bound", "value")), strict=True
    ):
        if bound == "floor":
            measures.setdefault(group, set()).add(measure)
        if unit == TOTAL:
            of_groups.setdefault((group, measure), int(value))
        else:
            of_units.setdefault((unit, measure), int(value))
            groups.setdefault(unit, group)
    by_group = {group: frozenset(names) for group, names in measures.items()}
    return Targets(of_units, of_groups, by_group, groups)


def parts_are_floors(ledger: Ledger, policy: Policy) -> bool:
    """Whether an of-which part 其中 is a target of its own, however open rulings are closed."""
    chosen = chosen_options(policy, ledger.choices)
    readings = {
        tuple(rule.reading for rule in world.rules.of_whichs)
        for world in worlds(policy, chosen, "of_whichs")
    }
    return readings == {("floor",)}
