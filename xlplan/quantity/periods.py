"""Periods of assessment: 2021, 2021H1, 2021Q3, 2021-03, 2021-2025."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from xlplan.quantity.days import FIRST_YEAR, LAST_YEAR
from xlplan.quantity.glyphs import normal

PeriodKind = Literal["year", "half", "quarter", "month", "years"]

_KINDS: dict[int, PeriodKind] = {1: "month", 3: "quarter", 6: "half", 12: "year"}


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole months; `text` is canonical, `start` belongs to it, `end` does not."""

    text: str
    start: date
    end: date

    def __str__(self) -> str:
        return self.text

    @property
    def shown(self) -> str:
        """The period as a heading says it: a bare year takes its 年."""
        return f"{self.text}年" if self.text.isdigit() else self.text

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period.

        >>> Period("2021", date(2021, 1, 1), date(2022, 1, 1)).contains(date(2021, 12, 31))
        True
        """
        return self.start <= day < self.end

    @property
    def months(self) -> int:
        """How many months it has."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    @property
    def kind(self) -> PeriodKind:
        """Year, half, quarter, month, or several years."""
        return _KINDS.get(self.months, "years")


@dataclass(frozen=True, slots=True)
class Year:
    """An assessment year: the month it starts in, and the calendar year that it is named by.

    >>> Year(12, "end").start(2022), Year(4, "start").start(2022)
    (datetime.date(2021, 12, 1), datetime.date(2022, 4, 1))
    """

    month: int = 1
    named_by: Literal["start", "end"] = "start"

    def start(self, year: int) -> date:
        """The first day of the year of that name; a calendar year is named by both its ends."""
        return date(year - (self.month > 1 and self.named_by == "end"), self.month, 1)

    def of(self, day: date) -> int:
        """The name of the year that a day lies in.

        >>> Year(12, "end").of(date(2021, 12, 31)), CALENDAR.of(date(2021, 12, 31))
        (2022, 2021)
        """
        near = (day.year + 1, day.year, day.year - 1)
        return next(year for year in near if self.start(year) <= day)

    def first_day(self, period: Period) -> date:
        """From which day on a level reached by the end of a period counts: its year's first.

        Several years count from their own first day.

        >>> CALENDAR.first_day(Period("2023Q2", date(2023, 4, 1), date(2023, 7, 1)))
        datetime.date(2023, 1, 1)
        """
        return min(period.start, self.start(self.of(period.end - timedelta(days=1))))


CALENDAR = Year()
"""Years from January to December."""

_YEAR = "([0-9]{4})"
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}

_FORMS = tuple(
    (re.compile(form, re.IGNORECASE), months)
    for form, months in (
        (f"{_YEAR}(?:年度?|年?全年)?()", 12),
        (f"{_YEAR}-?H([12])", 6),
        (f"{_YEAR}年([上下])半年", 6),
        (f"{_YEAR}-?Q([1-4])", 3),
        (f"{_YEAR}年第?([一二三四1-4])季度?", 3),
        (f"{_YEAR}[-/.]([0-9]{{1,2}})", 1),
        (f"{_YEAR}([0-9]{{2}})", 1),
        (f"{_YEAR}年([0-9]{{1,2}})月份?", 1),
    )
)
"""Every writing of one period, with the months it lasts and which of the year's it is."""

_YEARS = re.compile(f"{_YEAR}年?(?:-|—+|~|至|到){_YEAR}年?")


def parse_period(text: object, year: Year = CALENDAR) -> Period | None:
    """Which period a cell or an option names; None when it names none.

    Years, halves and quarters are those of the assessment `year`; months are the calendar's.

    Equal periods are equal however they are written. A date cell on the first of a month is that
    month, because Excel makes such a date of a typed 2021-03.

    >>> str(parse_period("2021年第三季度")), str(parse_period(2021.0))
    ('2021Q3', '2021')
    >>> period = parse_period("2021-2025")
    >>> period.kind, period.end
    ('years', datetime.date(2026, 1, 1))
    >>> parse_period("2022Q1", Year(12, "end")).start
    datetime.date(2021, 12, 1)
    """
    if isinstance(text, bool):
        return None
    if isinstance(text, date):
        return _period(text.year, text.month, 1, year) if text.day == 1 else None
    if isinstance(text, int | float):
        return _period(int(text), 1, 12, year) if text in _POSSIBLE_YEARS else None
    if not isinstance(text, str) or len(text) > _LONGEST:
        return None
    plain = "".join(normal(text).split())
    for form, months in _FORMS:
        if found := form.fullmatch(plain):
            return _period(int(found[1]), _number(found[2]), months, year)
    years = _YEARS.fullmatch(plain)
    return _span(int(years[1]), int(years[2]), year) if years else None


_LONGEST = 40
_POSSIBLE_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


def _number(text: str) -> int:
    return _NUMBERS.get(text) or int(text or 1)


def _period(number: int, nth: int, months: int, year: Year) -> Period | None:
    """The nth half, quarter or month of a year, or the year itself."""
    if number not in _POSSIBLE_YEARS or not 1 <= nth <= 12 // months:
        return None
    text = {12: f"{number}", 6: f"{number}H{nth}", 3: f"{number}Q{nth}", 1: f"{number}-{nth:02}"}
    first = date(number, 1, 1) if months == 1 else year.start(number)
    return Period(text[months], _later(first, (nth - 1) * months), _later(first, nth * months))


def _later(first: date, months: int) -> date:
    """The first day of the month so many months after a first day."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _span(first: int, last: int, year: Year) -> Period | None:
    """Several years; None when they run backwards or are only one."""
    if first >= last or first not in _POSSIBLE_YEARS or last not in _POSSIBLE_YEARS:
        return None
    return Period(f"{first}-{last}", year.start(first), year.start(last + 1))
