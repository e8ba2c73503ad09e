"""Which days a cohort is of, and which period lies before another."""

from datetime import date, timedelta

from xlplan.policy.schema import Base, Cohort, Policy
from xlplan.quantity import Period

_EARLIEST = date(1900, 1, 1)
_QUARTERS, _HALVES, _MONTHS = range(1, 5), (1, 2), range(1, 13)


def days_of(cohort: Cohort, policy: Policy, period: Period, as_of: date) -> tuple[date, date]:
    """First day of a cohort and the first day after it.

    Cohorts of the year or period that is computed end with the as-of date.
    """
    year = policy.year.of(period.start)
    tomorrow = as_of + timedelta(days=1)
    if cohort.period == "all-before":
        return _EARLIEST, tomorrow
    if cohort.period == "previous-year":
        return policy.year.start(year - 1), policy.year.start(year)
    if cohort.period == "year":
        return policy.year.start(year), min(policy.year.start(year + 1), tomorrow)
    if cohort.period == "period":
        return period.start, min(period.end, tomorrow)
    fixed = policy.period_named(cohort.period)
    assert fixed is not None  # noqa: S101 - proved when the policy was loaded
    return fixed.start, fixed.end


def earlier(period: Period, base: Base, policy: Policy) -> Period | None:
    """The period that growth is reckoned from: a year before, or the one just before.

    None for a span of years, which has none.
    """
    if period.kind == "years":
        return None
    year = int(period.text[:4])
    if base == "previous-year":
        return policy.period_named(f"{year - 1}{period.text[4:]}")
    names = [f"{said}{part}" for said in (year - 1, year) for part in _parts(period)]
    found = (policy.period_named(name) for name in names)
    return next((known for known in found if known and known.end == period.start), None)


def _parts(period: Period) -> list[str]:
    """How the periods of that kind within a year are named behind the year."""
    return {
        "half": [f"H{n}" for n in _HALVES],
        "quarter": [f"Q{n}" for n in _QUARTERS],
        "month": [f"-{n:02}" for n in _MONTHS],
    }.get(period.kind, [""])


def day_before(as_of: date, period: Period, base: Period) -> date:
    """The as-of date of an earlier period: as far from its start, and never beyond its end.

    >>> now = Period("2021", date(2021, 1, 1), date(2022, 1, 1))
    >>> before = Period("2020", date(2020, 1, 1), date(2021, 1, 1))
    >>> day_before(date(2021, 9, 30), now, before)
    datetime.date(2020, 9, 30)
    """
    months = (as_of.year - period.start.year) * 12 + as_of.month - period.start.month
    years, month = divmod(base.start.month - 1 + months, 12)
    first = date(base.start.year + years, month + 1, 1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    tomorrow = as_of + timedelta(days=1)
    # The last day of a month stays the last day: 2021-02-28 is as far as 2020-02-29.
    day = (
        next_month - timedelta(days=1)
        if tomorrow.day == 1
        else min(first + timedelta(days=as_of.day - 1), next_month - timedelta(days=1))
    )
    return min(day, base.end - timedelta(days=1))
