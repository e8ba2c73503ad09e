"""Progress: credits against targets, unit by unit; standings, totals, ranks, and target checks."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Diagnostics
from xlplan.model import READINGS, Ledger
from xlplan.policy import TOTAL, Policy
from xlplan.progress.audit import audit_targets
from xlplan.progress.boards import board_frame
from xlplan.progress.calendar import date_frame
from xlplan.progress.findings import findings_of
from xlplan.progress.pace import Clock, pace_of
from xlplan.progress.standings import Values, standing_frame, standings_of
from xlplan.progress.sums import sum_credits
from xlplan.progress.targets import Targets, targets_of
from xlplan.progress.totals import Totals, total_frame
from xlplan.quantity import Period

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Counted", "Progress", "audit_targets", "progress"]


@dataclass(frozen=True, slots=True)
class Counted:
    """What is set against the targets: credits of the ledger, and readings of what is no sum."""

    credits: "pd.DataFrame"
    readings: "pd.DataFrame" = field(default_factory=READINGS.empty)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far everybody is: `model.STANDINGS`, `model.TOTALS`, and the pace of the period.

    `pace` is None where the policy has no pace that holds for all. `boards` are who is on a red or
    black list (`model.BOARDS`), `dates` the rounds of the assessment year (`model.DATES`).
    """

    standings: "pd.DataFrame"
    totals: "pd.DataFrame"
    pace: Fraction | None
    boards: "pd.DataFrame"
    dates: "pd.DataFrame"
    diagnostics: Diagnostics


def progress(
    counted: Counted, ledger: Ledger, policy: Policy, period: Period, as_of: date
) -> Progress:
    """Set credits and readings against the targets of the period, as of that date.

    A unit stands in every measure of its group's table and in every measure that it has an amount
    in; without a target there is no rate, no gap and no rank.
    """
    sums, values = sum_credits(counted.credits, ledger), _values(counted.readings)
    targets = targets_of(ledger, policy, period)
    clock = Clock(policy, period, as_of, _quarters(ledger, policy, period))
    standings = standings_of(sums, values, targets, clock)
    totals = Totals(standings, sums, values, targets, clock).all()
    return Progress(
        standing_frame(standings, policy),
        total_frame(totals),
        pace_of(policy.pace, period, as_of),
        board_frame(standings, policy),
        date_frame(policy, period, as_of),
        findings_of(counted.credits, standings, ledger, clock),
    )


def _values(readings: "pd.DataFrame") -> Values:
    """The readings of units, and those of groups and of the area."""
    of_units: dict[tuple[str, str], Fraction | None] = {}
    of_groups: dict[tuple[str, str], Fraction | None] = {}
    columns = (readings[name] for name in ("group", "unit", "measure", "value"))
    for group, unit, measure, value in zip(*columns, strict=True):
        known, whose = (of_groups, group) if unit == TOTAL else (of_units, unit)
        known[whose, measure] = value
    return Values(of_units, of_groups)


def _quarters(ledger: Ledger, policy: Policy, period: Period) -> tuple[Targets, ...]:
    """The targets of the four quarters of a year, where some pace is told from them."""
    paces = (policy.pace, *policy.paces)
    if period.kind != "year" or all(pace.kind != "targets" for pace in paces):
        return ()
    spans = [policy.period_named(f"{period.text}Q{n}") for n in range(1, 5)]
    return tuple(targets_of(ledger, policy, span) for span in spans if span)
