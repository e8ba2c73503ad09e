"""A result as the contract's JSON: numbers as exact strings, money in 亿元."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from xlplan.app.rows import Row, rows_of
from xlplan.diagnostics import Cell, column_letters
from xlplan.model import ONE, YI, Foreign, foreign_said
from xlplan.progress.changes import PARTS
from xlplan.quantity import exact_decimal
from xlplan.sheets.comparison import options_of

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.app.recalculation import Result
    from xlplan.policy import Policy
    from xlplan.sheets.figures import Figures

Plain = dict[str, str | int | None]


def as_json(result: "Result") -> dict[str, object]:
    """The whole result as plain data; the keys are those of docs/json.md.

    A repeating decimal is cut at 12 places here and nowhere inside the computation.
    """
    figures = result.figures
    grains = {measure.name: measure.grains for measure in figures.policy.measures}
    return {
        "policy": figures.policy.id,
        "as_of": figures.as_of.isoformat(),
        "period": str(figures.period),
        "previous": figures.previous or None,
        "last_year": figures.last_year or None,
        "rulings": {name: option or None for name, option in options_of(figures).items()},
        "standings": [_standing(row, grains, figures) for row in rows_of(figures.standings)],
        "totals": [_total(row, grains) for row in rows_of(figures.totals)],
        "credits": _credits(figures.credits, figures.policy),
        "tiers": [_tier(row) for row in rows_of(figures.tiers)],
        "readings": [_reading(row) for row in rows_of(figures.readings)],
        "cohorts": [_member(row, figures.policy) for row in rows_of(figures.cohorts)],
        "boards": [_board(row) for row in rows_of(figures.boards)],
        "dates": [_date(row) for row in rows_of(figures.dates)],
        "scores": [_score(row) for row in rows_of(figures.scores)],
        "score_totals": [_score_total(row) for row in rows_of(figures.score_totals)],
        "adjustments": [_adjustment(row) for row in rows_of(figures.adjustments)],
        "tasks": [_task(row) for row in rows_of(figures.tasks)],
        "teams": [_team(row) for row in rows_of(figures.teams)],
        "changes": [_change(row, grains) for row in rows_of(figures.changes)],
        "growths": [_growth(row) for row in rows_of(figures.growths)],
        "yearly": [_growth(row) for row in rows_of(figures.yearly)],
        "diagnostics": figures.diagnostics.rows(),
    }


def _units(grains: object, per_unit: int) -> str | None:
    """Grains as an exact decimal in 亿元 or 个; None stays None.

    >>> _units(16_000_000_000, 10**10)
    '1.6'
    """
    return None if grains is None else exact_decimal(Fraction(int(str(grains)), per_unit))


def _fraction(value: object) -> str | None:
    return exact_decimal(value) if isinstance(value, Fraction) else None


def _standing(row: Row, grains: Mapping[str, int], figures: "Figures") -> Plain:
    """A standing; without a target it has the pace that holds for all, where its measure has none.

    Amounts are in the measure's unit, a share of 100% is 1.
    """
    name = str(row["measure"])
    per_unit, own = grains[name], figures.policy.own_pace(name)
    pace = figures.pace if row["target"] is None and own is None else row["pace"]
    return {
        "group": str(row["group"]),
        "unit": str(row["unit"]),
        "measure": str(row["measure"]),
        **_aimed(row, per_unit),
        "pending": _units(row["pending"], per_unit),
        "pace": _fraction(pace),
        "rank": None if row["rank"] is None else int(str(row["rank"])),
    }


def _aimed(row: Row, per_unit: int) -> Plain:
    """What is to be reached, and how much of it is."""
    return {
        "target": _units(row["target"], per_unit),
        "bound": str(row["bound"]) or None,
        "stretch": _units(row["stretch"], per_unit),
        "done": _units(row["done"], per_unit),
        "value": _fraction(row["value"]),
        "rate": _fraction(row["rate"]),
        "gap": _fraction(row["gap"]),
        "reached": str(row["reached"]) or None,
    }


def _total(row: Row, grains: Mapping[str, int]) -> Plain:
    per_unit = grains[str(row["measure"])]
    return {
        "group": str(row["group"]),
        "measure": str(row["measure"]),
        **_aimed(row, per_unit),
        **{name: _units(row[name], per_unit) for name in ("pending", "distinct")},
        "pace": _fraction(row["pace"]),
    }


def _tier(row: Row) -> Plain:
    return {
        "project": str(row["project"]),
        "tier": str(row["tier"]) or None,
        "because": str(row["because"]) or None,
    }


def _reading(row: Row) -> Plain:
    place = f"{row['sheet']}!{_address(row)}" if row["row"] else None
    return {
        **{name: str(row[name]) for name in ("group", "unit", "measure")},
        **{name: _fraction(row[name]) for name in ("value", "numerator", "denominator")},
        **{name: str(row[name]) for name in ("state", "because", "rule", "clause")},
        "source": place,
    }


def _member(row: Row, policy: "Policy") -> Plain:
    """A project of a rate, what it adds to the denominator and to the numerator."""
    per_unit = ONE if policy.measure(str(row["measure"])).statistic.counts_projects else YI
    return {
        **{name: str(row[name]) for name in ("measure", "group", "unit", "project")},
        **{name: _units(row[name], per_unit) for name in ("amount", "counted")},
        "because": str(row["because"]),
        "source": f"{row['sheet']}!{_address(row)}",
    }


def _address(row: Row) -> str:
    """The cell, or where its column is unknown the row."""
    number, column = int(str(row["row"])), int(str(row["column"]))
    return f"{column_letters(column)}{number}" if column else f"{number}:{number}"


def _board(row: Row) -> Plain:
    plain = ("board", "name", "colour", "group", "unit", "measure", "state")
    return {
        **{name: str(row[name]) for name in plain},
        **{name: _fraction(row[name]) for name in ("value", "rate", "gap")},
        "rank": None if row["rank"] is None else int(str(row["rank"])),
        **{name: str(row[name]) for name in ("because", "clause")},
    }


def _date(row: Row) -> Plain:
    return {
        **{name: str(row[name]) for name in ("calendar", "name")},
        **{name: f"{row[name]:%Y-%m-%d}" for name in ("starts", "ends", "due")},
        **{name: str(row[name]) for name in ("what", "state", "clause")},
    }


def _score(row: Row) -> Plain:
    words = ("group", "unit", "kind", "score", "measure", "of", "state", "because", "clause")
    numbers = ("input", "full", "points", "least", "most")
    return {
        **{name: str(row[name]) or None for name in words},
        **{name: _fraction(row[name]) for name in numbers},
        "strikes": "yes" if row["strikes"] else "no",
    }


def _score_total(row: Row) -> Plain:
    numbers = ("full", "computed", "bonus", "adjustment", "total", "least", "most")
    ranks = ("rank", "best_rank", "worst_rank")
    return {
        **{name: str(row[name]) for name in ("group", "unit")},
        **{name: _fraction(row[name]) for name in numbers},
        **{name: None if row[name] is None else int(str(row[name])) for name in ranks},
        **{name: str(row[name]) or None for name in ("grade", "gates", "state", "because")},
        "graded": "yes" if row["graded"] else "no",
    }


def _adjustment(row: Row) -> Plain:
    """A row of 加减分, whether or not it counts, with the cell that decides."""
    day = row["decided_on"]
    words = ("group", "unit", "word", "reason", "basis", "decided_by")
    return {
        **{name: str(row[name]) or None for name in words},
        "points": _fraction(row["points"]),
        "decided_on": day.date().isoformat() if isinstance(day, datetime) else None,
        "counts": "yes" if row["counts"] else "no",
        "cell": str(Cell(str(row["sheet"]), int(str(row["row"])), int(str(row["column"])))),
    }


def _task(row: Row) -> Plain:
    due, units = row["due"], row["unfinished"]
    return {
        "task": str(row["task"]),
        "name": str(row["name"]),
        "clause": str(row["clause"]),
        "due": due.date().isoformat() if isinstance(due, datetime) else None,
        "days": None if row["days"] is None else int(str(row["days"])),
        "verdict": str(row["verdict"]) or None,
        "unfinished": "、".join(units) if isinstance(units, tuple) else "",
    }


def _team(row: Row) -> Plain:
    return {
        "team": str(row["team"]) or None,
        "project": str(row["project"]),
        "tier": str(row["tier"]) or None,
        "agreement": _units(row["agreement"], YI),
        "received": _units(row["received"], YI),
        "foreign": _foreign(row["foreign"]),
        "landing": str(row["landing"]) or None,
        "inside": "yes" if row["inside"] else "no",
    }


def _foreign(amounts: object) -> str | None:
    """Amounts that are not converted, in words; None = there are none."""
    named = amounts if isinstance(amounts, tuple) else ()
    return foreign_said(one for one in named if isinstance(one, Foreign)) or None


def _change(row: Row, grains: Mapping[str, int]) -> Plain:
    """A figure then and now, and the parts that its change is made of."""
    names = ("before", "after", "change", *PARTS)
    return {
        **{name: str(row[name]) for name in ("group", "unit", "measure")},
        **{name: _units(row[name], grains[str(row["measure"])]) for name in names},
    }


def _growth(row: Row) -> Plain:
    return {
        **{name: str(row[name]) for name in ("group", "unit", "measure")},
        **{name: _fraction(row[name]) for name in ("base", "value", "growth")},
    }


def _credits(frame: "pd.DataFrame", policy: "Policy") -> list[Plain]:
    """One row a credit, built by columns: there may be hundreds of thousands."""
    per_unit = [policy.measure(str(name)).grains for name in frame["measure"]]
    amounts = cache(lambda grains, per: exact_decimal(Fraction(grains, per)))
    shares = cache(lambda num, den: exact_decimal(Fraction(num, den)))
    letters = [column_letters(column) for column in frame["column"]]
    dated = frame["date"].notna()
    columns = {
        "project": frame["project"].tolist(),
        "unit": frame["unit"].tolist(),
        "role": frame["role"].tolist(),
        "measure": frame["measure"].tolist(),
        "state": frame["state"].tolist(),
        "date": frame["date"].dt.strftime("%Y-%m-%d").astype(object).where(dated, None).tolist(),
        "amount": list(map(amounts, frame["amount"].tolist(), per_unit)),
        "foreign": [one and one.text for one in frame["foreign"].tolist()],
        "weight": list(map(shares, frame["weight_num"].tolist(), frame["weight_den"].tolist())),
        "share": list(map(shares, frame["share_num"].tolist(), frame["share_den"].tolist())),
        "whole": list(map(amounts, frame["whole"].tolist(), per_unit)),
        "credit": list(map(amounts, frame["credit"].tolist(), per_unit)),
        "pending": list(map(amounts, frame["pending"].tolist(), per_unit)),
        "rule": frame["rule"].tolist(),
        "clause": frame["clause"].tolist(),
        "ruling": [ruling or None for ruling in frame["ruling"].tolist()],
        "source": [
            f"{sheet}!{letter}{row}"
            for sheet, letter, row in zip(frame["sheet"], letters, frame["row"], strict=True)
        ],
    }
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]
