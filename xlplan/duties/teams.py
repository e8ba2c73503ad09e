"""What each team 专项招商组 brought: its projects of the period, what they agreed and received."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlplan.diagnostics import Cell, Diagnostic, Diagnostics
from xlplan.model import PROJECT_SHEET, TEAM_REPORT, Foreign, Ledger
from xlplan.policy.schema import Policy
from xlplan.quantity import Period

if TYPE_CHECKING:
    from numpy.typing import NDArray


def team_frame(
    ledger: Ledger, tiers: pd.DataFrame, policy: Policy, period: Period, as_of: date
) -> pd.DataFrame:
    """The projects signed or paid for within the period, by team in the document's order.

    Amounts are the ledger's own, before weights and shares (`model.TEAM_REPORT`).
    """
    if not policy.teams:
        return TEAM_REPORT.empty()
    projects = ledger.projects
    got = _received(ledger, period, as_of)
    signed = _within(projects["signed"], period, as_of)
    kept = signed | got.anything
    order = {team.name: n for n, team in enumerate(policy.teams)}
    places = [order.get(team, len(order)) for team in projects["team"].to_numpy()[kept]]
    at = _in_order(np.flatnonzero(kept), np.array(places, dtype=np.int64))
    rows = projects.iloc[at]
    named = zip(rows["team"], rows["landing"], strict=True)
    return TEAM_REPORT.of(
        {
            **{name: rows[name].to_numpy() for name in ("project", "name", "lead", "landing")},
            "team": [team if team in order else "" for team in rows["team"]],
            "inside": _inside(list(named), landing_units(policy)),
            "tier": tiers.set_index("project")["tier"].reindex(rows["project"]).fillna("").array,
            "agreement": rows["agreement"].where(signed[at]).array,
            "received": got.amounts[at],
            "foreign": _unconverted_of(rows, signed[at], got),
            "sheet": rows["sheet"].to_numpy(),
            "row": rows["row"].to_numpy(),
        }
    )


def _in_order(at: "NDArray[np.intp]", places: "NDArray[np.int64]") -> "NDArray[np.intp]":
    """The projects by these places; a ledger in order stays as it is."""
    return at[np.argsort(places, kind="stable")]


def _inside(named: Sequence[tuple[str, str]], landing: Mapping[str, tuple[str, ...]]) -> list[bool]:
    """Whether each project lands where its team's projects may; asked once for each pair."""
    may = {
        (team, place): not place or not landing.get(team) or place in landing[team]
        for team, place in set(named)
    }
    return [may[pair] for pair in named]


def _unconverted_of(
    rows: pd.DataFrame, signed: "NDArray[np.bool_]", got: "_Got"
) -> list[tuple[Foreign, ...]]:
    """What each project agreed and received in currencies that are not converted."""
    agreed = [
        _unconverted(amounts, "agreement") if amounts and is_signed else ()
        for amounts, is_signed in zip(rows["foreign"], signed.tolist(), strict=True)
    ]
    if not got.foreign:
        return agreed
    return [
        (*first, *got.foreign.get(project, ()))
        for first, project in zip(agreed, rows["project"], strict=True)
    ]


_BRACKETS = re.compile(r"[（(]([^（）()]*)[）)]")


def landing_units(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Where each team's projects may land: its units, and units in the brackets of their names.

    A name such as 甲区（乙园、丙园） covers the units whose names end in 乙园 and 丙园 too.
    """
    names = {unit.name: (unit.name, *unit.aliases) for unit in policy.units}
    inside = {
        unit: [word for name in said for found in _BRACKETS.findall(name) for word in _split(found)]
        for unit, said in names.items()
    }
    return {
        team.name: tuple(
            dict.fromkeys(
                (
                    *team.landing_units,
                    *(
                        other
                        for unit in team.landing_units
                        for word in inside.get(unit, ())
                        for other in names
                        if other.endswith(word)
                    ),
                )
            )
        )
        for team in policy.teams
    }


def _split(words: str) -> list[str]:
    return [word for word in re.split("[、，]", words) if word]


@dataclass(frozen=True, slots=True)
class _Got:
    """What each project received within the period.

    `amounts` are in 分, NA where all of it is in a currency that is not converted, which `foreign`
    tells by the project's id.
    """

    amounts: pd.arrays.IntegerArray
    anything: "NDArray[np.bool_]"
    foreign: Mapping[str, tuple[Foreign, ...]]


def _received(ledger: Ledger, period: Period, as_of: date) -> _Got:
    receipts, ids = ledger.receipts, pd.Index(ledger.projects["project"])
    payer = ids.get_indexer(pd.Index(receipts["project"]))
    within = _within(receipts["received"], period, as_of) & (payer >= 0)
    amount = receipts["amount"].array
    known = within & ~receipts["amount"].isna().to_numpy()
    total, has = np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=np.bool_)
    np.add.at(total, payer[known], amount[known].to_numpy(dtype=np.int64))
    has[payer[known]] = True
    foreign: dict[str, tuple[Foreign, ...]] = {}
    at = [n for n, amounts in enumerate(receipts["foreign"].to_numpy()) if amounts]
    for n in [n for n in at if within[n]]:
        if unconverted := _unconverted(receipts["foreign"].iloc[n], "amount"):
            project = ids[payer[n]]
            foreign[project] = (*foreign.get(project, ()), *unconverted)
    only_foreign = ids.isin(foreign) & ~has if foreign else np.zeros(len(ids), dtype=np.bool_)
    return _Got(pd.arrays.IntegerArray(total, only_foreign), has | only_foreign, foreign)


def _unconverted(amounts: Sequence[Foreign], field: str) -> tuple[Foreign, ...]:
    """Of the amounts of a row those in a field that are worth no 元 by the document."""
    return tuple(one for one in amounts if one.field == field and one.rate is None)


def _within(days: "pd.Series[pd.Timestamp]", period: Period, as_of: date) -> "NDArray[np.bool_]":
    """Which days lie in the period and not after the as-of date."""
    end = min(period.end, as_of + timedelta(days=1))
    within = (days >= pd.Timestamp(period.start)) & (days < pd.Timestamp(end))
    return within.to_numpy(dtype=np.bool_)


def audit_teams(teams: pd.DataFrame, policy: Policy, ledger: Ledger) -> Iterator[Diagnostic]:
    """XP541 a project that lands elsewhere than its team's units, XP542 projects without a team."""
    found = Diagnostics()
    landing = {team: "、".join(units) for team, units in landing_units(policy).items()}
    outside = teams[~teams["inside"].astype(bool)]
    names = ("team", "project", "landing", "sheet", "row")
    for team, project, place, sheet, row in zip(*(outside[name] for name in names), strict=True):
        cell = ledger.cell(sheet, int(row), "landing")
        values = {"project": project, "landing": place, "team": team}
        found.add("XP541", cell, known=landing[team], **values)
    without = teams[teams["team"] == ""]
    if len(without) and len(without) < len(teams):
        sheet = str(without["sheet"].iloc[0]) or PROJECT_SHEET
        found.add("XP542", Cell(sheet), count=len(without))
    return iter(found)
