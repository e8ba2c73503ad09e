"""What result sheets are made from."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Diagnostics
from xlplan.model import (
    ADJUSTMENTS,
    BOARDS,
    COHORTS,
    DATES,
    DUTIES,
    GROWTHS,
    PERIOD_CHANGES,
    READINGS,
    SCORE_TOTALS,
    SCORES,
    TASK_STANDINGS,
    TEAM_REPORT,
    Ledger,
    Settings,
)
from xlplan.policy.schema import Policy
from xlplan.quantity import Period

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Figures:
    """A computed period: frames with the columns documented in `xlplan.model`.

    `pace` is None where no pace holds for all. `beside` says whether the result sheets stand in
    the book that was read, so that they may refer to its sheets. Of the sheets named as
    `model.OPTIONAL_SHEETS` the book has `ours`, and `theirs`, which are the clerk's own.
    """

    policy: Policy
    period: Period
    as_of: date
    credits: "pd.DataFrame"
    tiers: "pd.DataFrame"
    standings: "pd.DataFrame"
    totals: "pd.DataFrame"
    pace: Fraction | None
    diagnostics: Diagnostics
    ledger: Ledger
    settings: Settings
    beside: bool = True
    readings: "pd.DataFrame" = field(default_factory=READINGS.empty)
    cohorts: "pd.DataFrame" = field(default_factory=COHORTS.empty)
    boards: "pd.DataFrame" = field(default_factory=BOARDS.empty)
    dates: "pd.DataFrame" = field(default_factory=DATES.empty)
    duties: "pd.DataFrame" = field(default_factory=DUTIES.empty)
    tasks: "pd.DataFrame" = field(default_factory=TASK_STANDINGS.empty)
    teams: "pd.DataFrame" = field(default_factory=TEAM_REPORT.empty)
    ours: frozenset[str] = frozenset()
    theirs: frozenset[str] = frozenset()
    scores: "pd.DataFrame" = field(default_factory=SCORES.empty)
    score_totals: "pd.DataFrame" = field(default_factory=SCORE_TOTALS.empty)
    adjustments: "pd.DataFrame" = field(default_factory=ADJUSTMENTS.empty)
    changes: "pd.DataFrame" = field(default_factory=PERIOD_CHANGES.empty)
    growths: "pd.DataFrame" = field(default_factory=GROWTHS.empty)
    yearly: "pd.DataFrame" = field(default_factory=GROWTHS.empty)
    previous: str = ""
    last_year: str = ""

    @property
    def shown_period(self) -> str:
        """The period as a heading says it: a bare year takes its 年."""
        return self.period.shown

    @property
    def shown_as_of(self) -> str:
        """The as-of date as a heading says it."""
        return f"{self.as_of.year}年{self.as_of.month}月{self.as_of.day}日"
