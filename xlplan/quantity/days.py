"""Dates as clerks write them. A date without its year is an error, not a guess."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from xlplan.quantity.glyphs import UNKNOWN_WORDS, missing, normal, squeeze
from xlplan.quantity.nouns import Missing, Unreadable
from xlplan.quantity.numerals import exact_number, number_text, plain_number, read_numeral

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years outside these are slips of the pen."""

LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Day:
    """A date; with precision "month" it is the first day of the month that was written."""

    date: date
    precision: Literal["day", "month"]
    text: str


def parse_date(cell: object, *, date1904: bool = False) -> Day | Missing | Unreadable:
    """Which day a cell means; never raises, never guesses a year.

    Numbers are Excel's serial days (of the workbook's 1904 system with `date1904`), 20210710, or
    a number that Excel made of 2021.7; but 2021.1 may have been typed as 2021.10 and is unreadable.
    Years run from 1990 to 2100, so that Excel's 29 February 1900 (serial 60) never counts.

    >>> parse_date("2021年7月10日").date, parse_date(44387).date
    (datetime.date(2021, 7, 10), datetime.date(2021, 7, 10))
    >>> parse_date("2021.7").precision
    'month'
    >>> parse_date("7月10日").reason
    '缺少年份'
    """
    if isinstance(cell, str):
        return missing(cell) or _text(cell, date1904=date1904)
    if cell is None:
        return Missing("blank", "")
    if isinstance(cell, bool):
        return Unreadable(str(cell).upper(), "是逻辑值，不是日期")
    if isinstance(cell, date):
        return _date(cell)
    if (number := plain_number(cell)) is not None:
        return _number(number, number_text(number), date1904=date1904)
    return Unreadable(type(cell).__name__, "不是日期，也不是文字")


def _date(cell: date) -> Day | Missing | Unreadable:
    """A date cell; a time of day is dropped, and a missing date of a pandas column is blank."""
    if cell != cell:  # noqa: PLR0124 - how pandas' NaT shows itself without importing pandas
        return Missing("blank", "")
    day = cell.date() if isinstance(cell, datetime) else cell
    return _day(day.year, day.month, day.day, str(cell))


def _day(year: int, month: int, day: int | None, text: str) -> Day | Unreadable:
    """A day of the calendar, or a month when no day is written."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Unreadable(text, f"年份不在{FIRST_YEAR}—{LAST_YEAR}之间")
    try:
        return Day(
            date(year, month, 1 if day is None else day), "month" if day is None else "day", text
        )
    except ValueError:
        return Unreadable(text, "没有这一天")


_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_BEYOND = 10**8
_JANUARY_OR_OCTOBER = 10
_MONTHS = {n: n for n in (*range(1, 10), 11, 12)} | {10 * n: n for n in range(2, 10)}
"""Month by the hundredths of a number cell: 2021.05, 2021.5, 2021.11."""


def _number(cell: float | Decimal | Fraction, text: str, *, date1904: bool) -> Day | Unreadable:
    number = exact_number(cell)
    if number is None:
        return Unreadable(text, "不是日期")
    whole = int(number)
    if FIRST_YEAR <= whole <= LAST_YEAR:
        return _year_and_month(whole, 100 * (number - whole), text)
    if whole == number and whole < _BEYOND and (digits := _DIGITS.fullmatch(f"{whole}")):
        return _written(digits, text)
    serial = _from_serial(whole, date1904=date1904)
    return Day(serial, "day", text) if serial else Unreadable(text, "不是日期")


def _year_and_month(year: int, hundredths: Fraction, text: str) -> Day | Unreadable:
    """What Excel makes of a typed 2021.7, where 2021.1 and 2021.10 have become one."""
    if not hundredths:
        return Unreadable(text, "只有年份，缺少月日")
    if hundredths == _JANUARY_OR_OCTOBER:
        return Unreadable(text, "分不清是1月还是10月")
    if hundredths not in _MONTHS:
        return Unreadable(text, "不是日期")
    return _day(year, _MONTHS[int(hundredths)], None, text)


def _from_serial(serial: int, *, date1904: bool) -> date | None:
    """The day of a serial number; None outside the possible years."""
    epoch = _EPOCH_1904 if date1904 else _EPOCH
    first, last = date(FIRST_YEAR, 1, 1) - epoch, date(LAST_YEAR, 12, 31) - epoch
    return epoch + timedelta(serial) if first.days <= serial <= last.days else None


_TIME = re.compile(
    r"(?<=[日号T\s])\s*(?:[01]?[0-9]|2[0-3])(?::[0-5][0-9]){1,2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:?[0-9]{2})?\s*$"
)
_FIGURES = "[0-9]{1,2}"
_SEPARATED = re.compile(
    rf"(?P<year>[0-9]{{4}})([-./])(?P<month>{_FIGURES})(?:\2(?P<day>{_FIGURES}))?"
)
_IN_WORDS = re.compile(
    r"(?P<year>[0-9]{4}|[零一二三四五六七八九]{4})年"
    rf"(?P<month>{_FIGURES}|[一二三四五六七八九十]{{1,2}})月份?"
    rf"(?:(?P<day>{_FIGURES}|[一二三四五六七八九十廿卅]{{1,3}})[日号])?"
)
_DIGITS = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})?")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]*)?")
_TO_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")

_DATE = r"[0-9]{4}(?:[-./年][0-9]{1,2}|年)"
_WHY = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (rf"{_DATE}(?:[-./月][0-9]{{1,2}})?[月日号]?[-~—至到、,;]+[0-9].*", "是时间段，不是一天"),
        (r"[0-9]{4}年?", "只有年份，缺少月日"),
        (r"(?:[0-9]{4}年)?第?[一二三四1-4]季度|[0-9]{4}年?[上下]半年", "是时间段，不是一天"),
        (r"[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{4}", "日月先后不明"),
        (r"'?[0-9]{2}[-./年][0-9]{1,2}[-./月][0-9]{1,2}[日号]?", "年份不全"),
        (r"'?[0-9]{2}年[0-9]{1,2}月", "年份不全"),
        (r"[0-9]{1,2}[-./月][0-9]{1,2}[日号]?|[0-9]{1,2}[月日号]份?", "缺少年份"),
        (r"[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}[日号])?", "缺少年份"),
    )
)


def _text(text: str, *, date1904: bool) -> Day | Unreadable:
    if len(text) > LONGEST_TEXT:
        return Unreadable(text, "文字过长，不是一个日期")
    plain = squeeze(_TIME.sub("", normal(text).replace("○", "零")))
    if plain is None:
        return Unreadable(text, "数字之间有空格")
    plain = plain.removesuffix("T")
    if _SERIAL.fullmatch(plain):
        return _number(Decimal(plain), text, date1904=date1904)
    for form in (_SEPARATED, _IN_WORDS, _DIGITS):
        if found := form.fullmatch(plain):
            return _written(found, text)
    return Unreadable(text, _why(plain))


def _written(found: re.Match[str], text: str) -> Day | Unreadable:
    """A date in figures or in words; 201012 may be a month of 2010 or a day of 2020."""
    year, month, day = found["year"], found["month"], found["day"]
    if found.re is _DIGITS and day is None and _is_day(year[2:], month):
        return Unreadable(text, "六位数字分不清是年月还是年月日")
    number = int(year.translate(_TO_DIGITS))
    return _day(number, _small(month), None if day is None else _small(day), text)


def _small(text: str) -> int:
    """A month or day in figures or in words; 0, which is none, when it is no numeral."""
    numeral = read_numeral(text)
    return int(numeral.value) if numeral else 0


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31  # noqa: PLR2004 - the calendar's own


def _why(plain: str) -> str:
    """The likeliest reason why a text is no date, for the clerk."""
    if plain in UNKNOWN_WORDS:
        return "没有写出日期"
    return next((reason for form, reason in _WHY if form.fullmatch(plain)), "不是认得的日期写法")
