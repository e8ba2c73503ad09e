"""Rates: what of a cohort counts, unit by unit; totals divide the sums, they never average."""

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import ONE, PROJECT_SHEET, YI
from xlplan.policy import TOTAL
from xlplan.policy.schema import Measure
from xlplan.statistics.desk import Desk
from xlplan.statistics.readings import Aimed, Reading, owners_of
from xlplan.statistics.reports import Owner


def rates_of(
    desk: Desk, cohorts: pd.DataFrame, aimed: Aimed, diagnostics: Diagnostics
) -> Iterator[Reading]:
    """The rate of every unit and total with a cohort or a target; an empty one is XP326."""
    for measure in desk.policy.statistics:
        if measure.kind != "rate":
            continue
        mine = cohorts[cohorts["measure"] == measure.name]
        for owner in owners_of(desk, measure, set(mine["unit"]), aimed):
            reading = _rate(desk, measure, owner, mine)
            if reading.value is None and not aimed.has(measure, owner):
                continue
            if reading.value is None:
                values = {"unit": owner.name, "measure": measure.name}
                place = Cell(PROJECT_SHEET)
                diagnostics.add("XP326", place, reason=reading.because, **values)
            yield reading


def _rate(desk: Desk, measure: Measure, owner: Owner, cohort: pd.DataFrame) -> Reading:
    """The rate of one owner from its rows of the cohort."""
    if owner.unit != TOTAL:
        mine = cohort[cohort["unit"] == owner.unit]
    elif owner.group == desk.policy.area:
        mine = cohort[cohort["first"]]
    else:
        mine = cohort[cohort["group"] == owner.group].drop_duplicates("project")
    is_count = measure.statistic.counts_projects
    per = ONE if is_count else YI
    over, under = (Fraction(int(mine[name].sum()), per) for name in ("counted", "amount"))
    number, counted = len(mine), int((mine["counted"] != 0).sum())
    because = f"{number} 个项目，其中 {counted} 个计入分子"
    if not under:
        because = "没有符合条件的项目" if not number else "分母为零"
    first = next(iter(mine[["sheet", "row", "column"]].itertuples(index=False, name=None)), None)
    return Reading(
        owner,
        measure,
        over / under if under else None,
        over,
        under,
        "个" if is_count else "亿元",
        "settled" if under else "missing",
        because,
        Cell(*first) if first else Cell(""),
    )
