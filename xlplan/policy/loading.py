"""Loads a policy file, or refuses it with every fault and its key path."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from xlplan.diagnostics import RequestError
from xlplan.policy import document, duties, proofs, publicity, rules, scoring, statistics
from xlplan.policy.reading import Faults, Reading, Table
from xlplan.policy.schema import Measure, Policy, Target, TargetTable, Team, UnitEntry
from xlplan.policy.targets import TableReader
from xlplan.resources import policy_files

_KEPT = 32
"""How many policies a process keeps: a city's counties may each have their own."""


def shipped_policies() -> dict[str, Path]:
    """The policies that ship, by id."""
    return policy_files()


def load_policy(source: str | Path) -> Policy:
    """The policy of a shipped id, or of a TOML file.

    Raises `RequestError`: XP009 for an id that does not ship, XP001 for a file that does not
    exist, XP601 for a file with faults, all of them listed with their key paths.

    >>> load_policy("fuling-2021").tiers[0].any_of[0].text
    'investment >= 20亿元'
    """
    shipped = shipped_policies()
    file = shipped.get(str(source), Path(source))
    if file.is_file():
        return parse_policy(_text(file), file.stem)
    if file.suffix == ".toml" or file.name != str(source):
        raise RequestError("XP001", path=source)
    raise RequestError("XP009", policy=source, known="、".join(shipped))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        reading = Reading(file.stem)
        line = error.object.count(b"\n", 0, error.start) + 1
        reading.fault("XP602", "", line=line, reason="不是 UTF-8 编码")
        raise _refusal(reading) from error
    except OSError as error:
        raise RequestError("XP006", path=file, reason=error.strerror) from error


@lru_cache(maxsize=_KEPT)
def parse_policy(text: str, name: str) -> Policy:
    """The policy that a text in TOML says; `name` stands for the file in messages (XP601).

    The same text gives the same policy, which nobody can change, so it is read once.
    """
    reading = Reading(name)
    policy = read_policy(text, reading)
    if policy is None or len(reading.found):
        raise _refusal(reading)
    return policy


def read_policy(text: str, reading: Reading) -> Policy | None:
    """The policy as far as it can be read, with every fault noted; None = not TOML at all."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        at = int(line[1]) if line else text.count("\n") + 1
        reading.fault("XP602", "", line=at, reason=reason)
        return None
    return policy_of(values, reading)


def policy_of(values: Mapping[str, object], reading: Reading) -> Policy:
    """The policy that parsed TOML says, as far as it can be read, with every fault noted."""
    policy = read_whole(Table(reading, values))
    proofs.prove(policy, reading)
    return policy


def _refusal(reading: Reading) -> RequestError:
    faults = Faults(reading.name, tuple(reading.found))
    return RequestError("XP601", count=len(faults.found), faults=faults)


def read_whole(top: Table) -> Policy:
    """What the top of a policy file says, unproven; a table of any kind may stand for the file."""
    measures = top.each("measure", statistics.measure)
    names = tuple(measure.name for measure in measures if measure.is_sum)
    tables = top.each("table", document.target_table)
    head, units = top.one("policy", document.head), top.each("unit", document.unit)
    policy = Policy(
        id=head.id,
        title=head.title,
        issued=head.issued,
        area=head.area,
        period=head.period,
        bulletin=head.bulletin,
        assessment=head.assessment,
        calendar_clause=head.calendar_clause,
        origins=head.origins,
        sectors=head.sectors,
        groups=head.groups,
        industries=head.industries,
        statuses=head.statuses,
        levels=head.levels,
        lists=head.lists,
        year=head.year,
        not_counted=head.not_counted,
        not_counted_clause=head.not_counted_clause,
        clauses=top.mapping("clauses"),
        units=units,
        measures=measures,
        tiers=top.each("tier", document.tier),
        rules=rules.rule_set(top, rules.Under("", names)),
        rulings=top.each("ruling", lambda table: rules.ruling(table, names)),
        tables=tables,
        targets=_targets(top.reading, tables, measures),
        pace=top.one("pace", document.pace),
        ranking=top.one("ranking", document.ranking),
        teams=_resolved(top.each("team", document.team), units),
    )
    policy = _with_publicity(policy, top)
    top.close()
    return policy


def _with_publicity(policy: Policy, top: Table) -> Policy:
    """The policy with what its figures lead to: paces, ranks, lists, calendars, scores, duties."""
    return replace(
        policy,
        currencies=top.each("currency", document.currency),
        goals=top.each("goal", document.goal),
        paces=top.each("pace_of", document.pace_of),
        rankings=top.each("ranking_of", document.ranking_of),
        boards=top.each("board", lambda table: publicity.board(table, policy.measures)),
        calendars=top.each("calendar", publicity.calendar),
        scoring=scoring.scoring(top, policy.measures),
        duties=duties.duties(top),
    )


def _resolved(teams: tuple[Team, ...], units: tuple[UnitEntry, ...]) -> tuple[Team, ...]:
    """Teams whose landing units, written as the document does, carry their official names."""
    official = {alias: unit.name for unit in units for alias in unit.aliases}
    return tuple(
        replace(team, landing_units=tuple(official.get(name, name) for name in team.landing_units))
        for team in teams
    )


def _targets(
    reading: Reading, tables: tuple[TargetTable, ...], measures: tuple[Measure, ...]
) -> tuple[Target, ...]:
    known = {measure.name: measure for measure in measures}
    readers = (
        TableReader(reading, f"table[{n}]", table, known) for n, table in enumerate(tables, 1)
    )
    return tuple(target for reader in readers for target in reader.targets())
