"""Who a task means: names as written, general names expanded to the units that they cover."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from xlplan.model import Ledger
from xlplan.policy.schema import Policy, Task, Wildcard

LEADER, OFFICE, LEAD, UNIT = "责任领导", "责任科室", "牵头单位", "责任单位"
TEAM = "招商组"
"""What stands for the group of a team."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One who must do a task: in which role, by which words, by which wildcard's clause.

    Units and teams report how far they are; posts and offices do not.
    """

    task: Task
    role: str
    who: str
    group: str
    words: str
    wildcard: str = ""
    reports: bool = False


class Registered(NamedTuple):
    """A unit of the register: its name and group."""

    name: str
    group: str


def expand(task: Task, policy: Policy, ledger: Ledger, as_of: date) -> Iterator[Duty]:
    """Everyone whom a task names; a unit that is named in a role twice has it once."""
    told = ((LEADER, task.leaders), (OFFICE, task.offices), (LEAD, task.lead_offices))
    for role, words in told:
        for word in words:
            yield Duty(task, role, word, "", word)
    known = registered(ledger, as_of)
    for role, words in ((LEAD, task.lead_units), (UNIT, task.units)):
        seen: set[str] = set()
        for word in words:
            for duty in _units(task, role, word, policy, known):
                if duty.who not in seen:
                    seen.add(duty.who)
                    yield duty


def registered(ledger: Ledger, as_of: date) -> dict[str, Registered]:
    """The units that exist on the day, by their names and by their aliases."""
    found: dict[str, Registered] = {}
    columns = ("unit", "group", "aliases", "valid_from", "valid_to")
    for unit, group, aliases, start, end in zip(
        *(ledger.units[name] for name in columns), strict=True
    ):
        begun = start is None or start != start or start.date() <= as_of  # noqa: PLR0124 - NaT
        over = end is not None and end == end and end.date() <= as_of  # noqa: PLR0124 - NaT
        if begun and not over:
            for name in (unit, *aliases):
                found.setdefault(str(name), Registered(str(unit), str(group)))
    return found


def _units(
    task: Task, role: str, word: str, policy: Policy, known: dict[str, Registered]
) -> Iterator[Duty]:
    """The units that a word means: those of a wildcard, else the unit of that name."""
    wildcard = next((card for card in policy.duties.wildcards if card.text == word), None)
    if wildcard is not None:
        teams = [Registered(team.name, TEAM) for team in policy.teams if wildcard.teams]
        for unit in (*_covered(wildcard, policy, known), *teams):
            yield Duty(task, role, unit.name, unit.group, word, wildcard.clause, reports=True)
        return
    official = next((unit.name for unit in policy.units if word in unit.aliases), word)
    named = known.get(word) or known.get(official)
    if named is not None:
        yield Duty(task, role, named.name, named.group, word, reports=True)


def _covered(
    wildcard: Wildcard, policy: Policy, known: dict[str, Registered]
) -> Iterator[Registered]:
    """The registered units of the wildcard's groups and those it names, but for its exceptions.

    The register decides, so that a village that a clerk adds is covered too.
    """
    aliases = {alias: unit.name for unit in policy.units for alias in unit.aliases}
    named, excluded = (
        {aliases.get(name, name) for name in names} for names in (wildcard.units, wildcard.excluded)
    )
    for unit in dict.fromkeys(known.values()):
        if (unit.group in wildcard.groups or unit.name in named) and unit.name not in excluded:
            yield unit
