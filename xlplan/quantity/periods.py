"""Periods of assessment: 2021, 2021H1, 2021Q3, 2021-03, 2021-2025."""

import re
from dataclasses import dataclass
from datetime import date
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


def parse_period(text: object) -> Period | None:
    """Which period a cell or an option names; None when it names none.

    Equal periods are equal however they are written. A date cell on the first of a month is that
    month, because Excel makes such a date of a typed 2021-03.

    >>> str(parse_period("2021年第三季度")), str(parse_period(2021.0))
    ('2021Q3', '2021')
    >>> period = parse_period("2021-2025")
    >>> period.kind, period.end
    ('years', datetime.date(2026, 1, 1))
    """
    if isinstance(text, bool):
        return None
    if isinstance(text, date):
        return _period(text.year, text.month, 1) if text.day == 1 else None
    if isinstance(text, int | float):
        return _period(int(text), 1, 12) if text in _POSSIBLE_YEARS else None
    if not isinstance(text, str) or len(text) > _LONGEST:
        return None
    plain = "".join(normal(text).split())
    for form, months in _FORMS:
        if found := form.fullmatch(plain):
            return _period(int(found[1]), _number(found[2]), months)
    years = _YEARS.fullmatch(plain)
    return _span(int(years[1]), int(years[2])) if years else None


_LONGEST = 40
_POSSIBLE_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


def _number(text: str) -> int:
    return _NUMBERS.get(text) or int(text or 1)


def _period(year: int, nth: int, months: int) -> Period | None:
    """The nth half, quarter or month of a year, or the year itself."""
    if year not in _POSSIBLE_YEARS or not 1 <= nth <= 12 // months:
        return None
    text = {12: f"{year}", 6: f"{year}H{nth}", 3: f"{year}Q{nth}", 1: f"{year}-{nth:02}"}[months]
    return Period(text, _first_day(year, (nth - 1) * months), _first_day(year, nth * months))


def _first_day(year: int, months: int) -> date:
    """The first day after so many months of a year."""
    return date(year + months // 12, months % 12 + 1, 1)


def _span(first: int, last: int) -> Period | None:
    """Several years; None when they run backwards or are only one."""
    if first >= last or first not in _POSSIBLE_YEARS or last not in _POSSIBLE_YEARS:
        return None
    return Period(f"{first}-{last}", date(first, 1, 1), date(last + 1, 1, 1))
