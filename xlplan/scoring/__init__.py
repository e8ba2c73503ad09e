"""Scoring: standings → points, totals, places and grades, each with its arithmetic in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import SCORE_TOTALS, SCORES, Ledger
from xlplan.policy import Policy
from xlplan.quantity import Period
from xlplan.scoring.adjustments import Decided, Time, decided
from xlplan.scoring.field import Scope, fields_of
from xlplan.scoring.figures import stands_of
from xlplan.scoring.findings import report
from xlplan.scoring.items import Bench, Item, Words
from xlplan.scoring.points import NOUGHT
from xlplan.scoring.totals import Barred, Total, graded, ranked, total_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Scored", "score"]


@dataclass(frozen=True, slots=True)
class Scored:
    """What everyone scores: `model.SCORES`, `model.SCORE_TOTALS`, the decisions as they count."""

    scores: "pd.DataFrame"
    totals: "pd.DataFrame"
    adjustments: "pd.DataFrame"
    diagnostics: Diagnostics


def score(
    standings: "pd.DataFrame", ledger: Ledger, policy: Policy, period: Period, as_of: date
) -> Scored:
    """Score the standings (`model.STANDINGS`) and the sheet 加减分 by the policy.

    A policy without scores and bonuses scores nobody; rows of 加减分 are said to be unused then.
    """
    found = Diagnostics()
    stands = stands_of(standings, policy)
    fields = fields_of(stands, standings, ledger, Scope(policy, period))
    groups = [field.group for field in fields]
    time = Time(period, as_of)
    made = decided(ledger.adjustments, policy.scoring, groups, time, found)
    benches = [Bench(policy, field, Words(made.words)) for field in fields]
    items = [item for bench in benches for unit in bench.field.units for item in bench.items(unit)]
    totals = [total for bench in benches for total in _totals(bench, items, made)]
    found.extend(report(policy, fields, items, _places(made)))
    return Scored(_item_frame(items), _total_frame(totals), made.frame, found)


def _totals(bench: Bench, items: Sequence[Item], made: Decided) -> list[Total]:
    """The totals of a group with places and grades."""
    policy, field = bench.policy, bench.field
    totals = []
    for unit in field.units:
        mine = [item for item in items if item.unit == unit and item.group == field.group]
        adjustment = made.points.get(unit, NOUGHT)
        totals.append(total_of(mine, bench.verdicts(unit), adjustment, policy.scoring))
    placed = ranked(totals, policy.ranking)
    return graded(placed, policy.scoring.grades_of(field.group), _barred(bench))


def _barred(bench: Bench) -> Barred:
    """The grades that gates keep units out of, surely or perhaps."""
    surely: dict[str, frozenset[str]] = {}
    perhaps: dict[str, frozenset[str]] = {}
    for unit in bench.field.units:
        for verdict in bench.verdicts(unit):
            if verdict.strikes is not False:
                into = surely if verdict.strikes else perhaps
                into[unit] = into.get(unit, frozenset()) | set(verdict.gate.grades)
    return Barred(surely, perhaps)


def _places(made: Decided) -> dict[str, Cell]:
    """Where each word that strikes is written, by unit and word."""
    rows = made.frame[made.frame["counts"]]
    columns = (rows[name] for name in ("unit", "word", "sheet", "row", "column"))
    return {
        f"{unit}/{word}": Cell(sheet, row, column)
        for unit, word, sheet, row, column in zip(*columns, strict=True)
        if word
    }


def _item_frame(items: Sequence[Item]) -> "pd.DataFrame":
    return SCORES.of({name: [getattr(item, name) for item in items] for name in SCORES.names})


def _total_frame(totals: Sequence[Total]) -> "pd.DataFrame":
    columns: dict[str, list[object]] = {
        "group": [one.group for one in totals],
        "unit": [one.unit for one in totals],
        "full": [one.full for one in totals],
        "computed": [one.computed.points for one in totals],
        "bonus": [one.bonus.points for one in totals],
        "adjustment": [one.adjustment for one in totals],
        "gates": ["、".join(one.gates) for one in totals],
        "total": [None if one.state == "left-out" else one.range.points for one in totals],
        "least": [one.range.least for one in totals],
        "most": [one.range.most for one in totals],
        "rank": [one.rank for one in totals],
        "best_rank": [one.best_rank for one in totals],
        "worst_rank": [one.worst_rank for one in totals],
        "grade": [one.grade for one in totals],
        "graded": [one.grade_is_settled for one in totals],
        "state": [one.state for one in totals],
        "because": [one.because for one in totals],
    }
    return SCORE_TOTALS.of(columns)
