"""An open sheet as a grid: values, errors, merged areas and hidden rows as a file gives them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from xlplan.tables.grid import Grid, Position, Span

if TYPE_CHECKING:
    import xlwings as xw

_ERRORS = {
    -2146826281: "#DIV/0!",
    -2146826246: "#N/A",
    -2146826259: "#NAME?",
    -2146826288: "#NULL!",
    -2146826252: "#NUM!",
    -2146826265: "#REF!",
    -2146826273: "#VALUE!",
}
"""Excel's own numbers of its errors; it gives every other number as a float."""

_VISIBLE = -1  # xlSheetVisible
_NO_DAY = (date(1899, 12, 30), date(1899, 12, 31), date(1904, 1, 1))
_MIDNIGHT = time()


def grid_of(sheet: "xw.Sheet") -> Grid:
    """Everything that a sheet shows, in a handful of calls."""
    used = sheet.used_range
    top, left = used.row, used.column
    rows, errors = _read(_rectangle(used.raw_value), top, left)
    hidden = frozenset(_hidden(used))
    filtered = _filtered(sheet, hidden)
    return Grid(
        sheet.name,
        rows,
        top,
        left,
        tuple(_merged(used)),
        hidden - filtered,
        filtered,
        frozenset(),
        tuple(errors),
        sheet.visible in {True, _VISIBLE},
    )


def _rectangle(value: object) -> Sequence[Sequence[object]]:
    if not isinstance(value, (list, tuple)):
        return [[value]]
    return value if value and isinstance(value[0], (list, tuple)) else [value]


def _read(
    raw: Sequence[Sequence[object]], top: int, left: int
) -> tuple[list[list[object]], list[tuple[Position, str]]]:
    """Values as files give them, and the errors by their position."""
    errors: list[tuple[Position, str]] = []
    rows: list[list[object]] = []
    for down, line in enumerate(raw, start=top):
        row: list[object] = []
        for across, value in enumerate(line, start=left):
            said = plain(value)
            if type(value) is int and value in _ERRORS:
                errors.append(((down, across), _ERRORS[value]))
                said = None
            row.append(said)
        rows.append(row)
    return rows, errors


def plain(value: object) -> object:
    """A value as a file gives it: a day without a time is a date, a time without a day a time.

    >>> plain(datetime(2021, 9, 30)), plain(datetime(1899, 12, 30, 8, 30))
    (datetime.date(2021, 9, 30), datetime.time(8, 30))
    """
    if not isinstance(value, datetime):
        return float(value) if type(value) is int else value
    moment = datetime(*value.timetuple()[:6])  # noqa: DTZ001 - cells know no time zones
    if moment.date() in _NO_DAY:
        return moment.time()
    return moment.date() if moment.time() == _MIDNIGHT else moment


def _hidden(used: "xw.Range") -> Iterator[int]:
    """The rows that do not show, found by halving where the engine has no word for them."""
    first, last = used.row, used.row + used.shape[0] - 1
    asked = getattr(used.sheet.impl, "hidden_rows", None)
    if asked is not None:
        yield from asked(first, last)
        return
    yield from (
        row
        for first, last in _halved(
            first,
            last,
            lambda first, last: used.sheet.range((first, 1), (last, 1)).api.EntireRow.Hidden,
        )
        for row in range(first, last + 1)
    )


def _halved(
    first: int, last: int, asked: Callable[[int, int], bool | None]
) -> Iterator[tuple[int, int]]:
    """The parts of a stretch of which the answer is yes; None = of some."""
    answer = asked(first, last)
    if answer:
        yield first, last
    elif answer is None and first < last:
        middle = (first + last) // 2
        yield from _halved(first, middle, asked)
        yield from _halved(middle + 1, last, asked)


def _filtered(sheet: "xw.Sheet", hidden: frozenset[int]) -> frozenset[int]:
    """Those hidden rows that a filter hides."""
    if not hidden:
        return frozenset()
    asked = getattr(sheet.impl, "filtered_rows", None)
    if asked is not None:
        return frozenset(asked(hidden))
    if not sheet.api.FilterMode:
        return frozenset()
    area = sheet.api.AutoFilter.Range
    first, last = int(area.Row), int(area.Row) + int(area.Rows.Count) - 1
    return frozenset(row for row in hidden if first < row <= last)


def _merged(cells: "xw.Range") -> Iterator[Span]:
    """The merged areas, found by halving whatever holds some."""
    asked = getattr(cells.sheet.impl, "merged_areas", None)
    found: set[Span] = {_span(area) for area in asked(cells.impl)} if asked else set()
    waiting = [] if asked else [(cells.row, cells.column, *cells.shape)]
    while waiting:
        row, column, high, wide = waiting.pop()
        part = cells.sheet.range((row, column), (row + high - 1, column + wide - 1))
        if part.merge_cells is False:
            continue
        if high == wide == 1 or part.merge_cells:
            area = _span(part(1).merge_area)
            found.add(area)
            if area.last_row >= row + high - 1 and area.last_column >= column + wide - 1:
                continue
        waiting += _halves(row, column, high, wide)
    yield from sorted(found, key=lambda span: (span.first_row, span.first_column))


def _halves(row: int, column: int, high: int, wide: int) -> list[tuple[int, int, int, int]]:
    """Both halves of a rectangle, cut across its longer side."""
    if high == wide == 1:
        return []
    if high >= wide:
        half = high // 2
        return [(row, column, half, wide), (row + half, column, high - half, wide)]
    half = wide // 2
    return [(row, column, high, half), (row, column + half, high, wide - half)]


def _span(area: "xw.Range") -> Span:
    high, wide = area.shape
    return Span(area.row, area.column, area.row + high - 1, area.column + wide - 1)
