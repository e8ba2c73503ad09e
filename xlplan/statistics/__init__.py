"""Statistics: measures that are no sums over the ledger: rates, reported figures, growth, ratios.

    cohort  = projects of a declared time and kind        rate   = Σ counted / Σ cohort
    report  = what 统计数据 says, a flow or a level       growth = report / its base - 1

What cannot be told is not known, with its reason and cell; it is never 0.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from xlplan.diagnostics import Diagnostics
from xlplan.model import COHORTS, READINGS, Ledger
from xlplan.policy.schema import Policy
from xlplan.progress.sums import sum_credits
from xlplan.quantity import Period
from xlplan.statistics.cohorts import Blanks, cohort_of
from xlplan.statistics.desk import Desk
from xlplan.statistics.rates import rates_of
from xlplan.statistics.readings import aimed_of, in_order, reading_frame, readings_of
from xlplan.statistics.reports import reports_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Statistics", "statistics"]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the statistics of a policy say: `model.READINGS`, `model.COHORTS`, and the findings."""

    readings: pd.DataFrame
    cohorts: pd.DataFrame
    diagnostics: Diagnostics


def statistics(
    credits: pd.DataFrame,  # noqa: A002 - the glossary's word; the builtin is a site's banner
    ledger: Ledger,
    policy: Policy,
    period: Period,
    as_of: date,
) -> Statistics:
    """The value of every statistic for each unit and total of the period, as of that date.

    `credits` (`model.CREDITS`) are those of the same period, for growth and ratios of sums.
    """
    diagnostics = Diagnostics()
    if not policy.statistics:
        return Statistics(READINGS.empty(), COHORTS.empty(), diagnostics)
    reports, sums = reports_of(ledger, policy), sum_credits(credits, ledger)
    desk = Desk(ledger, policy, period, as_of, reports, sums)
    aimed, blanks = aimed_of(desk), Blanks(ledger)
    frames: Sequence[pd.DataFrame] = [
        cohort_of(ledger, measure, policy, (period, as_of), blanks)
        for measure in policy.statistics
        if measure.kind == "rate"
    ]
    blanks.report(diagnostics)
    cohorts = pd.concat(frames, ignore_index=True) if frames else COHORTS.empty()
    readings = [
        *rates_of(desk, cohorts, aimed, diagnostics),
        *readings_of(desk, aimed, diagnostics),
    ]
    frame = reading_frame(in_order(readings, policy), desk)
    return Statistics(frame, cohorts, diagnostics)
