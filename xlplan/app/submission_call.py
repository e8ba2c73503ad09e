"""What was asked of the units: of which of them, and by which day."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from xlplan.diagnostics import RequestError
from xlplan.progress.calendar import rounds_of
from xlplan.quantity import Day, Period, parse_date

if TYPE_CHECKING:
    from xlplan.model import Ledger
    from xlplan.policy import Policy

_HANDING_IN = ("报送", "上报", "填报")
"""What a round of a policy's calendar is about when it is a day to submit by."""


def units_of(ledger: "Ledger", period: Period) -> tuple[str, ...]:
    """The units that exist on some day of the period, in the order of the register."""
    units = ledger.units
    begun = units["valid_from"].isna() | (units["valid_from"] < np.datetime64(period.end))
    ended = units["valid_to"].notna() & (units["valid_to"] <= np.datetime64(period.start))
    return tuple(units["unit"][begun & ~ended])


def due_of(asked: date | str | None, policy: "Policy", period: Period) -> date | None:
    """The day by which was to be submitted: as asked, else the policy's; None = not known.

    Raises:
        RequestError: XP929 for a text that is no whole date.
    """
    if isinstance(asked, str):
        day = parse_date(asked)
        if not isinstance(day, Day) or day.precision != "day":
            raise RequestError("XP929", text=asked)
        return day.date
    return asked or min(_rounds(policy, period), default=None)


def _rounds(policy: "Policy", period: Period) -> Iterable[date]:
    """The days by which the policy's calendar wants reports about exactly that period."""
    year = policy.period_named(policy.year.of(period.start)) or period
    last = period.end - timedelta(days=1)
    for calendar in policy.calendars:
        if any(word in calendar.what for word in _HANDING_IN):
            for one in rounds_of(calendar, year):
                if (one.starts, one.ends) == (period.start, last):
                    yield one.due
