"""序时进度: how much of a period is gone, by whole months or by the policy's own schedule."""

from datetime import date
from fractions import Fraction

from xlplan.policy import Pace
from xlplan.quantity import Period

MONTHS_A_QUARTER = 3


def pace_of(pace: Pace, period: Period, as_of: date) -> Fraction:
    """The share of the period that should be done by the as-of date.

    A month counts when its last day is reached. A schedule says the share by each quarter's end
    and holds for a whole year; other periods go by months.

    >>> year = Period("2021", date(2021, 1, 1), date(2022, 1, 1))
    >>> str(pace_of(Pace(), year, date(2021, 9, 30))), str(pace_of(Pace(), year, date(2021, 9, 29)))
    ('3/4', '2/3')
    >>> schedule = tuple(Fraction(n, 100) for n in (20, 45, 70, 100))
    >>> str(pace_of(Pace("schedule", schedule), year, date(2021, 9, 30)))
    '7/10'
    """
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
