"""What any value is once a cell holds it: a number, a truth value, or text; never a guess.

Dates are day numbers of the workbook's calendar; what a number cannot hold exactly enough (a date
before the calendar, an integer of 16 digits and more, an infinity) is written as text. NaN is an
empty cell. Text is only ever text: a leading "=" makes no formula.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isfinite

Primitive = str | bool | int | float | None

TEXT_LIMIT = 32_767  # UTF-16 units in one cell, Excel's own limit
DIGITS_LIMIT = 10**15  # Excel keeps 15 digits of a number

_ELLIPSIS = "…"
_EPOCH_1900 = date(1899, 12, 30).toordinal()
_EPOCH_1904 = date(1904, 1, 1).toordinal()
_MARCH_1900 = 61  # Excel's calendar has a 29 February 1900: days before it count one less
_DAY = timedelta(days=1)


def primitive(value: object, *, date1904: bool = False) -> Primitive:
    """The text, truth value or number that stands for a value; None for an empty cell.

    >>> from decimal import Decimal
    >>> [primitive(v) for v in (Decimal("0.1"), date(2021, 9, 30), float("nan"), 10**18)]
    [0.1, 44469, None, '1000000000000000000']
    """
    if type(value) is float and isfinite(value):
        return value
    if value is None or isinstance(value, (str, bool)):
        return value
    if value != value:  # noqa: PLR0124 - NaN and NaT differ from themselves
        return None
    if isinstance(value, (int, float, Decimal, Fraction)):
        return _number(value)
    if isinstance(value, date):
        return _day(value, date1904=date1904)
    item = getattr(value, "item", None)  # a numpy scalar
    return str(value) if item is None else primitive(item(), date1904=date1904)


def _number(value: float | Decimal | Fraction) -> Primitive:
    if isinstance(value, int):
        return int(value) if abs(value) < DIGITS_LIMIT else str(value)
    try:
        number = float(value)
    except OverflowError:
        return str(value)
    return number if isfinite(number) else str(value)


def _day(value: date, *, date1904: bool) -> Primitive:
    """The day's number, with the time of day as a fraction; text where the calendar has none."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    days = value.toordinal() - (_EPOCH_1904 if date1904 else _EPOCH_1900)
    if not date1904 and days < _MARCH_1900:
        days -= 1
    if days < (0 if date1904 else 1) or moment.tzinfo is not None:
        return str(value)
    of_day = timedelta(
        hours=moment.hour,
        minutes=moment.minute,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    return days + of_day / _DAY if of_day else days


def is_too_long(text: str) -> bool:
    """Whether a cell cannot hold the whole text."""
    return len(text) * 2 > TEXT_LIMIT and _units(text) > TEXT_LIMIT


def fitted(text: str) -> str:
    """The text as a cell can hold it: cut with “…” beyond 32,767 UTF-16 units."""
    if not is_too_long(text):
        return text
    while _units(text) >= TEXT_LIMIT:
        text = text[: len(text) - max(1, (_units(text) - TEXT_LIMIT) // 2)]
    return text + _ELLIPSIS


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
