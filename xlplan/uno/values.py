"""What a cell holds, between LibreOffice and Python: days, truth values and errors.

LibreOffice hands out numbers and texts; that a number is a day or a truth value is said by its
format, and an error is no value at all. Values come out as Excel's own engine gives them: errors
are Excel's error numbers, a cell without content is None.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import cast

from xlplan.uno.bridge import Remote, struct

Row = tuple[object, ...]

Place = tuple[int, int, int, int]
"""First and last row, first and last column of a part of a rectangle, counting from 0."""

_DATE, _TIME, _LOGICAL = 2, 4, 1024  # com.sun.star.util.NumberFormat
_NUMBERS, _ERRORS = 1, 4  # com.sun.star.sheet.FormulaResult
_PLAIN, _DAYS = 1, 2  # com.sun.star.sheet.CellFlags: numbers, and those that show days or times
_FEW = 8
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
    rows = [[None if value == "" else value for value in row] for row in cells.getDataArray()]
    there = cells.RangeAddress
    top = (there.StartRow, there.StartColumn)
    if any(type(value) is float for row in rows for value in row):
        for part, kind in [*_special(cells, rows, top, formats)]:
            _told(rows, _within(part, top), kind, formats.zero)
    for error in _error_cells(cells):
        spot = error.CellAddress
        rows[spot.Row - top[0]][spot.Column - top[1]] = _ERROR_NUMBERS.get(
            error.getError(), -2146826273
        )
    return rows


def _within(part: Remote, top: tuple[int, int]) -> Place:
    """First and last row, first and last column of a part, from the rectangle's corner."""
    row, column = top
    return (
        part.StartRow - row,
        part.EndRow - row,
        part.StartColumn - column,
        part.EndColumn - column,
    )


def _special(
    cells: Remote, rows: Sequence[Sequence[object]], top: tuple[int, int], formats: "Formats"
) -> Iterator[tuple[Remote, int]]:
    """The parts of a rectangle that show days, times or truth values, with the format's kind.

    LibreOffice finds days itself, but not among what formulas give; nor does it find truth values:
    for those the formats are asked, and only where there are numbers that may be such.
    """
    for part in cells.queryContentCells(_DAYS).RangeAddresses:
        yield part, _DATE
    asked = [*cells.queryFormulaCells(_NUMBERS).RangeAddresses]
    if any(_is_truth(value) for row in rows for value in row):
        plain = cells.queryContentCells(_PLAIN).RangeAddresses
        asked += [part for part in plain if _holds_truths(rows, _within(part, top))]
    for alike in _alike(cells, asked):
        kind = formats.kind(alike.NumberFormat)
        if kind & (_DATE | _TIME | _LOGICAL):
            for part in alike.RangeAddresses if hasattr(alike, "Count") else [alike.RangeAddress]:
                yield part, kind


def _is_truth(value: object) -> bool:
    return type(value) is float and value in (0.0, 1.0)


def _holds_truths(rows: Sequence[Sequence[object]], place: Place) -> bool:
    first, last, left, right = place
    lines = rows[first : last + 1]
    return any(_is_truth(value) for row in lines for value in row[left : right + 1])


def _alike(cells: Remote, asked: Sequence[Remote]) -> Iterator[Remote]:
    """Some parts of a rectangle, cut so that each has one format; of many parts, all of it."""
    if len(asked) > _FEW:
        yield from groups(cells)
        return
    for part in asked:
        found = cells.Spreadsheet.getCellRangeByPosition(
            part.StartColumn, part.StartRow, part.EndColumn, part.EndRow
        )
        if found.NumberFormat is None:
            yield from groups(found)
        else:
            yield found


def groups(cells: Remote) -> Iterator[Remote]:
    """The cells in groups that look alike; that they are merged counts among the looks."""
    found = cells.getUniqueCellFormatRanges()
    for at in range(found.Count):
        yield found.getByIndex(at)


def _told(rows: list[list[object]], place: Place, kind: int, zero: date) -> None:
    first, last, left, right = place
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


def _error_cells(cells: Remote) -> Iterator[Remote]:
    found = cells.queryFormulaCells(_ERRORS)
    if not found.Count:
        return
    walk = found.Cells.createEnumeration()
    while walk.hasMoreElements():
        yield walk.nextElement()


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
        self._formats = document.NumberFormats
        self.zero = null_date(document)
        self._locale = struct("lang.Locale", Language="en", Country="US")
        self._keys: dict[str, int] = {}
        self._known: dict[int, tuple[str, int]] = {}

    def key(self, code: str) -> int:
        """The key of a code, made known to the document if need be."""
        if code not in self._keys:
            found = self._formats.queryKey(code, self._locale, False)  # noqa: FBT003 - no keywords in UNO
            if found < 0:
                found = self._formats.addNew(code, self._locale)
            self._keys[code] = found
        return self._keys[code]

    def code(self, key: int) -> str:
        """The code of a key; days in Excel's small letters."""
        return self._format(key)[0]

    def kind(self, key: int) -> int:
        """What a key shows: a sum of com.sun.star.util.NumberFormat."""
        return self._format(key)[1]

    def _format(self, key: int) -> tuple[str, int]:
        if key not in self._known:
            known = self._formats.getByKey(key)
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
