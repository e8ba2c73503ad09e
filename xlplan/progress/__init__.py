"""Progress: credits against targets, unit by unit; standings, totals, ranks, and target checks."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import TARGET_TABLE_SHEET, Ledger
from xlplan.policy import Policy
from xlplan.progress.audit import audit_targets
from xlplan.progress.pace import pace_of
from xlplan.progress.standings import standing_frame, standings_of
from xlplan.progress.sums import sum_credits
from xlplan.progress.targets import targets_of
from xlplan.progress.totals import total_frame
from xlplan.quantity import Period

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Progress", "audit_targets", "progress"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far everybody is: `model.STANDINGS`, `model.TOTALS`, and the pace of the period."""

    standings: "pd.DataFrame"
    totals: "pd.DataFrame"
    pace: Fraction
    diagnostics: Diagnostics


def progress(
    credits: "pd.DataFrame",  # noqa: A002 - the glossary's word; the builtin is a site's banner
    ledger: Ledger,
    policy: Policy,
    period: Period,
    as_of: date,
) -> Progress:
    """Set credits (`model.CREDITS`) against the targets of the period, as of that date.

    A unit stands in every measure of its group's table and in every measure that it has an amount
    in; without a target there is no rate, no gap and no rank.
    """
    pace = pace_of(policy.pace, period, as_of)
    sums = sum_credits(credits, ledger)
    targets = targets_of(ledger, policy, period)
    standings = standings_of(sums, targets, policy)
    return Progress(
        standing_frame(standings, policy, pace),
        total_frame(standings, sums, targets, policy),
        pace,
        _audit_period(credits, ledger, period),
    )


def _audit_period(
    credits: "pd.DataFrame",  # noqa: A002 - as above
    ledger: Ledger,
    period: Period,
) -> Diagnostics:
    """XP510 for a period that has neither targets nor credits, which is hardly the one meant."""
    diagnostics = Diagnostics()
    periods = sorted(set(ledger.targets["period"]))
    if credits.empty and period.text not in periods:
        sheet = next((name for name in ledger.targets["sheet"] if name), TARGET_TABLE_SHEET)
        known = "、".join(periods) or "（没有目标）"
        diagnostics.add("XP510", Cell(sheet), period=period.text, known=known)
    return diagnostics
