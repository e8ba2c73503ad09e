"""序时进度: how much of a period is gone, by whole months, days, or the policy's own schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xlplan.policy import Pace, Policy
from xlplan.policy.schema import Measure
from xlplan.progress.targets import Aim, Targets
from xlplan.quantity import Period

MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Clock:
    """What tells how far everybody should be: the policy, the period, the day.

    `quarters` are the targets of the year's four, where a pace is told from them.
    """

    policy: Policy
    period: Period
    as_of: date
    quarters: tuple[Targets, ...] = ()

    def of_unit(self, unit: str, measure: Measure, aim: Aim | None) -> Fraction | None:
        """序时进度 of a unit in a measure; None = there is no pace to keep up with."""
        aims = [quarter.of_units.get((unit, measure.name)) for quarter in self.quarters]
        return self._pace(measure, aim, aims)

    def of_group(self, group: str, measure: Measure, aim: Aim | None) -> Fraction | None:
        """The same of a group, or of the area, against its own total 合计."""
        aims = [quarter.of_groups.get((group, measure.name)) for quarter in self.quarters]
        return self._pace(measure, aim, aims)

    def is_told_by_quarters(self, measure: Measure, aim: Aim | None) -> bool:
        """Whether the pace of a target above zero is one of the quarters' targets."""
        own = self.policy.own_pace(measure.name)
        if aim is None or aim.bound == "ceiling" or not aim.value:
            return False
        is_paced = own is not None or _flows(measure, aim)
        return is_paced and (own or self.policy.pace).kind == "targets" and bool(self.quarters)

    def _pace(
        self, measure: Measure, aim: Aim | None, quarters: Sequence[Aim | None]
    ) -> Fraction | None:
        """None for a ceiling, and for a level 水平 that the policy gives no pace of its own."""
        own = self.policy.own_pace(measure.name)
        if aim is None or aim.bound == "ceiling" or not (own or _flows(measure, aim)):
            return None
        pace, day = own or self.policy.pace, measure.counted_to(self.as_of)
        if pace.kind == "targets" and self.period.kind == "year":
            over = _complete_months(self.period, day) // MONTHS_A_QUARTER
            return _share_of_quarters(aim, quarters, over)
        return pace_of(pace, self.period, day)


def _share_of_quarters(aim: Aim, quarters: Sequence[Aim | None], over: int) -> Fraction | None:
    """What the quarters that are over ask for, as a share of the year's target.

    They add up, but where they are levels the last one says it alone. None unless all four have
    a target.

    >>> quarters = [Aim(10), Aim(20), Aim(30), Aim(40)]
    >>> str(_share_of_quarters(Aim(100), quarters, 2))
    '3/10'
    """
    written = [quarter for quarter in quarters if quarter is not None]
    if not quarters or len(written) < len(quarters) or not aim.value:
        return None
    if any(quarter.basis == "level" for quarter in written):
        return Fraction(written[over - 1].value if over else 0, aim.value)
    return Fraction(sum(quarter.value for quarter in written[:over]), aim.value)


def _flows(measure: Measure, aim: Aim) -> bool:
    """Whether a target is an amount of its period, which is reached bit by bit.

    Of what is no sum over the ledger only a reported amount flows; a rate, growth, ratio or rank
    is what it is on any day.
    """
    if aim.basis == "level" or measure.is_share:
        return False
    is_flow = measure.kind in ("reported", "combined") and measure.basis == "flow"
    return measure.is_sum or is_flow


def pace_of(pace: Pace, period: Period, as_of: date) -> Fraction | None:
    """The share of the period that should be done by the as-of date; None = no such share.

    A month counts when its last day is reached; by days the as-of date itself counts. A schedule
    says the share by each quarter's end and holds for a whole year; other periods go by months.
    So do they where the pace is by quarter targets, which is different for each unit in a year.

    >>> year = Period("2021", date(2021, 1, 1), date(2022, 1, 1))
    >>> str(pace_of(Pace(), year, date(2021, 9, 30))), str(pace_of(Pace(), year, date(2021, 9, 29)))
    ('3/4', '2/3')
    >>> schedule = tuple(Fraction(n, 100) for n in (20, 45, 70, 100))
    >>> str(pace_of(Pace("schedule", schedule), year, date(2021, 9, 30)))
    '7/10'
    >>> str(pace_of(Pace("days"), year, date(2021, 3, 14)))
    '1/5'
    """
    if pace.kind == "none" or (pace.kind == "targets" and period.kind == "year"):
        return None
    if pace.kind == "days":
        days = (period.end - period.start).days
        return Fraction(min(max((as_of - period.start).days + 1, 0), days), days)
    months = _complete_months(period, as_of)
    if pace.kind == "schedule" and period.kind == "year":
        quarters = months // MONTHS_A_QUARTER
        return pace.schedule[quarters - 1] if quarters else Fraction(0)
    return Fraction(months, period.months)


def _complete_months(period: Period, as_of: date) -> int:
    """Months of the period whose last day is not after the as-of date."""
    tomorrow = date.fromordinal(as_of.toordinal() + 1)
    gone = (tomorrow.year - period.start.year) * 12 + tomorrow.month - period.start.month
    return min(max(gone, 0), period.months)
