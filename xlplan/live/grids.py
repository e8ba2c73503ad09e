"""An open sheet as a grid: values, errors, merged areas and hidden rows as a file gives them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from xlplan.tables.grid import Grid, Position, Span

if TYPE_CHECKING:
    import xlwings as xw

Area = tuple[int, int, int, int]
"""Row, column, number of rows, number of columns."""

Whole = tuple[
    tuple[str, bool],
    Sequence[Sequence[object]],
    Position,
    Iterable[Area],
    Iterable[int],
    Iterable[int],
]
"""A sheet's name and whether it shows; values as xlwings gives them, and the first one's place; the
merged areas; rows that do not show, and those of them that a filter hides."""

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
    """Everything that a sheet shows, in a handful of calls, or in one where the engine can."""
    whole = getattr(sheet.impl, "whole", None)
    itself, values, (top, left), merged, hidden, filtered = whole() if whole else _asked(sheet)
    name, is_visible = itself
    rows, errors = _read(values, top, left)
    return Grid(
        name,
        rows,
        top,
        left,
        tuple(sorted(map(_span, merged), key=lambda span: (span.first_row, span.first_column))),
        frozenset(hidden) - frozenset(filtered),
        frozenset(filtered),
        frozenset(),
        tuple(errors),
        is_visible,
    )


def _asked(sheet: "xw.Sheet") -> Whole:
    """The same of a sheet whose program is asked piece by piece."""
    used = sheet.used_range
    hidden = frozenset(_hidden(used))
    return (
        (sheet.name, sheet.visible in {True, _VISIBLE}),
        _rectangle(used.raw_value),
        (used.row, used.column),
        _merged(used),
        hidden,
        _filtered(sheet, hidden),
    )


def _span(area: Area) -> Span:
    row, column, high, wide = area
    return Span(row, column, row + high - 1, column + wide - 1)


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
    """The rows that do not show, found by halving."""
    first, last = used.row, used.row + used.shape[0] - 1
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
    if not hidden or not sheet.api.FilterMode:
        return frozenset()
    area = sheet.api.AutoFilter.Range
    first, last = int(area.Row), int(area.Row) + int(area.Rows.Count) - 1
    return frozenset(row for row in hidden if first < row <= last)


def _merged(cells: "xw.Range") -> set[Area]:
    """The merged areas, found by halving whatever holds some."""
    found: set[Area] = set()
    waiting = [(cells.row, cells.column, *cells.shape)]
    while waiting:
        row, column, high, wide = waiting.pop()
        part = cells.sheet.range((row, column), (row + high - 1, column + wide - 1))
        if part.merge_cells is False:
            continue
        if high == wide == 1 or part.merge_cells:
            area = part(1).merge_area
            found.add((area.row, area.column, *area.shape))
            below, right = area.row + area.shape[0], area.column + area.shape[1]
            if below >= row + high and right >= column + wide:
                continue
        waiting += _halves(row, column, high, wide)
    return found


def _halves(row: int, column: int, high: int, wide: int) -> list[Area]:
    """Both halves of a rectangle, cut across its longer side."""
    if high == wide == 1:
        return []
    if high >= wide:
        half = high // 2
        return [(row, column, half, wide), (row + half, column, high - half, wide)]
    half = wide // 2
    return [(row, column, high, half), (row, column + half, high, wide - half)]
