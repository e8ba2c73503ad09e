"""The targets of one period, and which units and measures they make stand in a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlplan.model import Ledger
from xlplan.policy import TOTAL, Policy
from xlplan.policy.choices import chosen_options, worlds
from xlplan.quantity import Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


class Aim(NamedTuple):
    """What is to be reached, in grains: a floor 下限 with or without 力争, or a ceiling 上限."""

    value: int
    bound: Literal["floor", "ceiling"] = "floor"
    stretch: int | None = None
    basis: Literal["flow", "level"] = "flow"


class Row(NamedTuple):
    """One row of `model.TARGETS`, as far as it says what is to be reached."""

    group: str
    unit: str
    measure: str
    bound: str
    value: int
    basis: Literal["flow", "level"]


@dataclass(frozen=True, slots=True)
class Targets:
    """What each unit is to reach, and what a group's own total row 合计 says.

    `of_units` by unit and measure, `of_groups` by group and measure; `measures` are those that
    every unit of a group stands in, `groups` the group of each unit with a target.
    """

    of_units: Mapping[tuple[str, str], Aim]
    of_groups: Mapping[tuple[str, str], Aim]
    measures: Mapping[str, frozenset[str]]
    groups: Mapping[str, str]


def targets_of(ledger: Ledger, policy: Policy, period: Period) -> Targets:
    """The targets written for exactly that period; an of-which part only where it is a floor.

    Of a floor and a ceiling for one unit and measure the floor is the target. 力争 beside neither
    is the target itself.
    """
    rows = list(_rows(ledger.targets, policy, period.text, parts_are_floors(ledger, policy)))
    of_units: dict[tuple[str, str], Aim] = {}
    of_groups: dict[tuple[str, str], Aim] = {}
    measures: dict[str, set[str]] = {}
    groups: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: _ORDER.index(row.bound)):
        total = row.unit == TOTAL
        known, key = (of_groups, row.group) if total else (of_units, row.unit)
        _take(known, (key, row.measure), row)
    for row in rows:
        if row.bound != "of-which":
            measures.setdefault(row.group, set()).add(row.measure)
        if row.unit != TOTAL:
            groups.setdefault(row.unit, row.group)
    by_group = {group: frozenset(names) for group, names in measures.items()}
    return Targets(of_units, of_groups, by_group, groups)


_ORDER = ("floor", "of-which", "ceiling", "stretch")
"""Which of several bounds for one unit and measure is the target: the first."""


def _rows(
    frame: "pd.DataFrame",
    policy: Policy,
    period: str,
    parts: bool,  # noqa: FBT001 - one private use
) -> "Iterator[Row]":
    """The rows of a period; parts 其中 are left out unless they are floors."""
    used = frame[(frame["period"] == period) & (parts | (frame["bound"] != "of-which"))]
    names = {measure.name for measure in policy.measures}
    for values in zip(*(used[name] for name in Row._fields), strict=True):
        row = Row(*values)
        if row.measure in names:
            yield row._replace(value=int(row.value))


def _take(known: dict[tuple[str, str], Aim], key: tuple[str, str], row: Row) -> None:
    """Note a bound: the first is the target, and 力争 goes beside a floor."""
    aim = known.get(key)
    if aim is None:
        known[key] = Aim(
            row.value, "ceiling" if row.bound == "ceiling" else "floor", None, row.basis
        )
    elif row.bound == "stretch" and aim.bound == "floor" and aim.stretch is None:
        known[key] = aim._replace(stretch=row.value)


def parts_are_floors(ledger: Ledger, policy: Policy) -> bool:
    """Whether an of-which part 其中 is a target of its own, however open rulings are closed."""
    chosen = chosen_options(policy, ledger.choices)
    readings = {
        tuple(rule.reading for rule in world.rules.of_whichs)
        for world in worlds(policy, chosen, "of_whichs")
    }
    return readings == {("floor",)}
