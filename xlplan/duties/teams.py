"""What each team 专项招商组 brought: its projects of the period, what they agreed and received."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostic, Diagnostics
from xlplan.model import PROJECT_SHEET, TEAM_REPORT, Foreign, Ledger
from xlplan.policy.schema import Policy
from xlplan.quantity import Period

if TYPE_CHECKING:
    import pandas as pd


def team_frame(
    ledger: Ledger, tiers: "pd.DataFrame", policy: Policy, period: Period, as_of: date
) -> "pd.DataFrame":
    """The projects signed or paid for within the period, by team in the document's order.

    Amounts are the ledger's own, before weights and shares (`model.TEAM_REPORT`).
    """
    if not policy.teams:
        return TEAM_REPORT.empty()
    projects = ledger.projects
    received, foreign = _received(ledger, period, as_of)
    signed = _within(projects["signed"], period, as_of)
    kept = projects[signed | projects["project"].isin({*received, *foreign})]
    order = {team.name: n for n, team in enumerate(policy.teams)}
    kept = _in_order(kept, [order.get(team, len(order)) for team in kept["team"]])
    landing = landing_units(policy)
    of_tier = dict(zip(tiers["project"], tiers["tier"], strict=True))
    agreed = _agreed(kept[signed[kept.index]])
    return TEAM_REPORT.of(
        {
            **{name: kept[name].tolist() for name in ("project", "name", "lead", "landing")},
            "team": [team if team in order else "" for team in kept["team"]],
            "inside": [
                not place or not landing.get(team) or place in landing[team]
                for team, place in zip(kept["team"], kept["landing"], strict=True)
            ],
            "tier": [of_tier.get(project, "") for project in kept["project"]],
            "agreement": kept["agreement"].where(signed[kept.index]).to_numpy(),
            "received": [
                received.get(project, None if project in foreign else 0)
                for project in kept["project"]
            ],
            "foreign": [
                (*agreed.get(project, ()), *foreign.get(project, ())) for project in kept["project"]
            ],
            "sheet": kept["sheet"].tolist(),
            "row": kept["row"].tolist(),
        }
    )


def _in_order(projects: "pd.DataFrame", places: list[int]) -> "pd.DataFrame":
    """The projects by these places; a ledger in order is not copied."""
    if places == sorted(places):
        return projects
    return projects.iloc[sorted(range(len(places)), key=places.__getitem__)]


def _agreed(projects: "pd.DataFrame") -> dict[str, tuple[Foreign, ...]]:
    """What projects agreed in a currency that is not converted."""
    rows = zip(projects["project"], projects["foreign"], strict=True)
    return {project: _unconverted(amounts, "agreement") for project, amounts in rows if amounts}


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


def _received(
    ledger: Ledger, period: Period, as_of: date
) -> tuple[dict[str, int], dict[str, tuple[Foreign, ...]]]:
    """What each project received within the period: in 分, and what is not converted to 元."""
    receipts = ledger.receipts
    kept = receipts[_within(receipts["received"], period, as_of)]
    known = kept[kept["amount"].notna()].groupby("project", sort=False)["amount"].sum()
    foreign: dict[str, tuple[Foreign, ...]] = {}
    for project, amounts in zip(kept["project"], kept["foreign"], strict=True):
        if amounts and (unconverted := _unconverted(amounts, "amount")):
            foreign[project] = (*foreign.get(project, ()), *unconverted)
    return dict(zip(known.index.tolist(), known.tolist(), strict=True)), foreign


def _unconverted(amounts: Sequence[Foreign], field: str) -> tuple[Foreign, ...]:
    """Of the amounts of a row those in a field that are worth no 元 by the document."""
    return tuple(one for one in amounts if one.field == field and one.rate is None)


def _within(days: "pd.Series", period: Period, as_of: date) -> "pd.Series":
    """Which days lie in the period and not after the as-of date."""
    import pandas as pd  # noqa: PLC0415 - a runtime need of two timestamps only

    end = min(period.end, as_of + timedelta(days=1))
    return (days >= pd.Timestamp(period.start)) & (days < pd.Timestamp(end))


def audit_teams(teams: "pd.DataFrame", policy: Policy, ledger: Ledger) -> Iterator[Diagnostic]:
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
