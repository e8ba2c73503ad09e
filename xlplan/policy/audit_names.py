"""Names of the document against each other: units, scopes, and teams with where they land."""

import re
from collections.abc import Iterator
from itertools import combinations, permutations

from xlplan.diagnostics import Clause, Diagnostics, Key, Place
from xlplan.policy.placed import placed
from xlplan.policy.schema import Policy, Scope, UnitEntry

_SHORTEST = 2
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
_LEVEL = re.compile(r"[省市区县旗镇乡]")


def audit_names(policy: Policy, found: Diagnostics) -> None:
    """XP553 to XP556, and XP561."""
    near = set(_check_near(policy, found))
    _check_contained(policy, near, found)
    _check_scopes(policy, found)
    _check_teams(policy, found)
    _check_landing(policy, found)


def core(name: str, area: str) -> str:
    """What tells a name from others: without brackets, the area's own name and its level.

    >>> core("涪陵区财政局", "涪陵区"), core("区教委", "涪陵区"), core("市区两级 办公室", "某市")
    ('财政局', '教委', '区两级办公室')
    """
    plain = "".join(_BRACKETED.sub("", name).split())
    for prefix in (area, area[:-1]):
        if len(prefix) >= _SHORTEST and len(plain) >= len(prefix) + _SHORTEST:
            plain = plain.removeprefix(prefix)
    return plain[1:] if _LEVEL.match(plain) and len(plain) > _SHORTEST else plain


def abbreviates(short: str, long: str) -> bool:
    """Whether a name could be the other one shortened: from its first to its last character.

    >>> abbreviates("卫健委", "卫生健康委"), abbreviates("民政局", "财政局")
    (True, False)
    """
    if len(short) < _SHORTEST or (short[0], short[-1]) != (long[:1], long[-1:]):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)


def _names(unit: UnitEntry) -> tuple[str, ...]:
    return (unit.name, *unit.aliases)


def _place(policy: Policy, *units: UnitEntry) -> Place:
    """The clause of the first table that names one of them, else their place in the file."""
    names = {unit.name for unit in units}
    for table in policy.tables:
        if names & {row.unit for row in table.rows}:
            return Clause(policy.id, table.clause)
    return Key(policy.id, f"unit[{policy.units.index(units[0]) + 1}].name")


def _check_near(policy: Policy, found: Diagnostics) -> Iterator[frozenset[str]]:
    """Units of which some name could be that of the other, shortened."""
    for first, second in combinations(policy.units, 2):
        pairs = ((core(a, policy.area), core(b, policy.area)) for a, b in _writings(first, second))
        if any(abbreviates(a, b) or abbreviates(b, a) for a, b in pairs):
            place = _place(policy, first, second)
            found.add("XP553", place, first=first.name, second=second.name)
            yield frozenset((first.name, second.name))


def _writings(first: UnitEntry, second: UnitEntry) -> Iterator[tuple[str, str]]:
    return ((one, other) for one in _names(first) for other in _names(second))


def _check_contained(policy: Policy, near: set[frozenset[str]], found: Diagnostics) -> None:
    """Units that are named inside another's name; that of the area is in many."""
    for outer, inner in permutations(policy.units, 2):
        if inner.name == policy.area or frozenset((outer.name, inner.name)) in near:
            continue
        inside = (a for a, b in _writings(outer, inner) if len(b) >= _SHORTEST and b in a)
        if text := next(inside, ""):
            place = _place(policy, outer)
            found.add("XP554", place, unit=outer.name, text=text, other=inner.name)


def _check_scopes(policy: Policy, found: Diagnostics) -> None:
    """Scopes of different names that hold the same units."""
    held: dict[str, set[str]] = {}
    clauses: dict[str, str] = {}
    for scope in placed(policy, Scope):
        rule = scope.rule
        of_groups = {unit.name for unit in policy.units if unit.group in rule.groups}
        held.setdefault(rule.name, set()).update(rule.units, of_groups)
        clauses[rule.name] = rule.clause
    for first, second in combinations(held, 2):
        if both := [unit.name for unit in policy.units if unit.name in held[first] & held[second]]:
            place = Clause(policy.id, clauses[second])
            found.add("XP555", place, first=first, second=second, units="、".join(both))


def _check_teams(policy: Policy, found: Diagnostics) -> None:
    """Teams whose names would fall apart where lists are split."""
    count = len(policy.teams)
    split = sum(len(team.name.split("、")) for team in policy.teams)
    for team in policy.teams:
        if "、" in team.name:
            place = Clause(policy.id, team.clause)
            found.add("XP556", place, team=team.name, count=count, split=split)


def _check_landing(policy: Policy, found: Diagnostics) -> None:
    """Where a team's projects land, received funds have a target, as they have for others."""
    for measure in policy.sums:
        aimed = {target.unit for target in policy.targets if target.measure == measure.name}
        if measure.amount != "receipts" or not aimed:
            continue
        for team in policy.teams:
            if missing := [unit for unit in team.landing_units if unit not in aimed]:
                place, units = Clause(policy.id, team.clause), "、".join(missing)
                found.add("XP561", place, team=team.name, units=units, measure=measure.name)
