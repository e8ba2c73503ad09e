"""日程: the dates of a policy's rounds in an assessment year, which are past and which is next."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from xlplan.model import DATES
from xlplan.policy import Policy
from xlplan.policy.notices import Calendar, Every
from xlplan.quantity import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

Span = tuple[date, date]
"""A first day, and the day after the last."""

_DAY = timedelta(days=1)
_MONTHS: "Mapping[Every, int]" = {
    "month": 1,
    "two-months": 2,
    "quarter": 3,
    "half-year": 6,
    "year": 12,
}
_CUTS: "Mapping[Every, tuple[int, ...]]" = {"ten-days": (1, 11, 21), "half-month": (1, 16)}
MONDAY = 1
WEEK = 7


class Round(NamedTuple):
    """One coming of a calendar: the span that it is about, and when it is due."""

    calendar: Calendar
    starts: date
    ends: date
    due: date


def date_frame(policy: Policy, period: Period, as_of: date) -> "pd.DataFrame":
    """Every round of the period's assessment year by the day it is due (`model.DATES`)."""
    year = _year_of(policy, period)
    rounds = [one for calendar in policy.calendars for one in rounds_of(calendar, year)]
    rounds.sort(key=lambda one: (one.due, policy.calendars.index(one.calendar)))
    coming = {one.calendar.id: one for one in reversed(rounds) if one.due > as_of}
    return DATES.of(
        {
            "calendar": [one.calendar.id for one in rounds],
            "name": [one.calendar.name for one in rounds],
            "starts": [one.starts for one in rounds],
            "ends": [one.ends for one in rounds],
            "due": [one.due for one in rounds],
            "what": [one.calendar.what for one in rounds],
            "state": [
                "past"
                if one.due <= as_of
                else "next"
                if coming[one.calendar.id] is one
                else "ahead"
                for one in rounds
            ],
            "clause": [one.calendar.clause for one in rounds],
        }
    )


def _year_of(policy: Policy, period: Period) -> Period:
    """The assessment year that a period lies in; several years stand for themselves."""
    if period.months >= 12:  # noqa: PLR2004 - the months of a year
        return period
    return policy.period_named(policy.year.of(period.start)) or period


def rounds_of(calendar: Calendar, year: Period) -> Iterator[Round]:
    """The rounds whose spans end within the year; a week's is due on its own weekday.

    >>> weekly = Calendar("dispatch", "周调度", "week", "调度", "", weekday=5)
    >>> week = next(rounds_of(weekly, Period("2023", date(2023, 1, 1), date(2024, 1, 1))))
    >>> str(week.starts), str(week.due)
    ('2023-01-02', '2023-01-06')
    """
    for first, after in _spans(calendar.every, year):
        due = after - _DAY + timedelta(days=calendar.due)
        if calendar.every == "week":
            due = first + timedelta(days=calendar.weekday - MONDAY)
        yield Round(calendar, first, after - _DAY, due)


def _spans(every: Every, year: Period) -> Iterator[Span]:
    """The weeks that begin in the year, or the parts that it falls into."""
    if every == "week":
        first = year.start + timedelta(days=-year.start.weekday() % WEEK)
        while first < year.end:
            yield first, first + timedelta(days=WEEK)
            first += timedelta(days=WEEK)
    elif every in _MONTHS:
        for months in range(0, year.months, _MONTHS[every]):
            yield _later(year.start, months), _later(year.start, months + _MONTHS[every])
    else:
        for months in range(year.months):
            first, after = _later(year.start, months), _later(year.start, months + 1)
            cuts = [first.replace(day=day) for day in _CUTS[every]]
            yield from zip(cuts, [*cuts[1:], after], strict=True)


def _later(first: date, months: int) -> date:
    """The first day of the month so many months after a first day."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
