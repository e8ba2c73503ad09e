"""What a cell holds, between LibreOffice and Python: days, truth values and errors.

LibreOffice hands out numbers and texts; that a number is a day or a truth value is said by its
format, and an error is no value at all. Values come out as Excel's own engine gives them: errors
are Excel's error numbers, a cell without content is None.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from xlplan.uno.bridge import Remote
from xlplan.uno.far import done, routines, told

Row = tuple[object, ...]

Place = tuple[int, int, int, int]
"""First row and column, last row and column of a part of a rectangle, counting from 0."""

_DATE, _TIME, _LOGICAL = 2, 4, 1024  # com.sun.star.util.NumberFormat
_NA = -2146826246
_ERROR_NUMBERS = {
    32767: _NA,
    532: -2146826281,  # #DIV/0!
    525: -2146826259,  # #NAME?
    521: -2146826288,  # #NULL!
    503: -2146826252,  # #NUM!
    524: -2146826265,  # #REF!
    519: -2146826273,  # #VALUE!
    502: -2146826252,  # an argument out of range
    504: -2146826265,
}
_DAY = timedelta(days=1)
_DAY_FORMATS = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss", time: "hh:mm:ss"}


def null_date(document: Remote) -> date:
    """The day that the document counts as 0."""
    said = document.NullDate
    return date(said.Year, said.Month, said.Day)


def read(cells: Remote, formats: "Formats") -> list[list[object]]:
    """Every value of a rectangle, row by row, in calls whose number does not grow with it."""
    return rows_of(told(routines().contents, cells, formats.table), formats)


def rows_of(contents: Any, formats: "Formats") -> list[list[object]]:  # noqa: ANN401 - as told
    """The rows of what the routine `contents` says."""
    held, special, errors = contents
    rows = [[None if value == "" else value for value in row] for row in held]
    for place, kind in special:
        _show(rows, place, kind, formats.zero)
    for row, column, number in errors:
        rows[row][column] = _ERROR_NUMBERS.get(number, -2146826273)
    return rows


def _show(rows: list[list[object]], place: Place, kind: int, zero: date) -> None:
    """Let numbers be the days or truth values that they show."""
    first, left, last, right = place
    for row in rows[first : last + 1]:
        for at in range(left, right + 1):
            value = row[at]
            if isinstance(value, float):
                row[at] = value != 0 if kind & _LOGICAL else moment(value, zero)


def moment(number: float, zero: date) -> datetime | time:
    """The moment of a day's number; a number below 1 is a time of day.

    >>> moment(44469.5, date(1899, 12, 30)), moment(0.25, date(1899, 12, 30))
    (datetime.datetime(2021, 9, 30, 12, 0), datetime.time(6, 0))
    """
    after = timedelta(days=number)
    exact = timedelta(seconds=round(after / timedelta(seconds=1), 3))
    day = datetime.combine(zero, time()) + exact
    return day.time() if 0 < number < 1 else day


def as_cell(value: object, zero: date) -> float | str:
    """What LibreOffice stores for a value; an empty text for nothing at all, never None.

    >>> as_cell(date(2021, 9, 30), date(1899, 12, 30)), as_cell(True, date(1899, 12, 30))
    (44469.0, 1.0)
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.removeprefix("'")  # Excel's mark for "take it as text"
    if isinstance(value, datetime):
        plain = value.replace(tzinfo=None)
        return (plain - datetime.combine(zero, time())) / _DAY
    if isinstance(value, date):
        return float((value - zero).days)
    if isinstance(value, time):
        return (datetime.combine(zero, value) - datetime.combine(zero, time())) / _DAY
    return float(cast("float", value))


def needed_format(value: object) -> str:
    """The number format that shows a day as what it is, "" where General does."""
    return _DAY_FORMATS.get(type(value), "") or (
        _DAY_FORMATS[datetime] if isinstance(value, datetime) else ""
    )


class Formats:
    """A document's number formats by their code, in the English that Excel files use."""

    def __init__(self, document: Remote) -> None:
        self.table = document.NumberFormats
        self.zero = null_date(document)
        self._known: dict[int, tuple[str, int]] = {}

    def give(self, cells: Remote, code: str) -> None:
        """Give cells the format of a code; nobody need wait for its key."""
        done(routines().number_format, cells, self.table, code)

    def code(self, key: int) -> str:
        """The code of a key; days in Excel's small letters."""
        return self._format(key)[0]

    def kind(self, key: int) -> int:
        """What a key shows: a sum of com.sun.star.util.NumberFormat."""
        return self._format(key)[1]

    def _format(self, key: int) -> tuple[str, int]:
        if key not in self._known:
            known = self.table.getByKey(key)
            said, kind = str(known.FormatString), int(known.Type)
            self._known[key] = said.lower() if kind & (_DATE | _TIME) else said, kind
        return self._known[key]


def rectangle(value: object) -> Sequence[Sequence[object]]:
    """What was given for a range as rows: a single value, one row, or rows."""
    if not isinstance(value, (list, tuple)):
        return [[value]]
    if value and not isinstance(value[0], (list, tuple)):
        return [value]
    return cast("Sequence[Sequence[object]]", value)
