"""A DataFrame as a sheet that a clerk can read at once: head, widths, formats, frozen, filtered.

What goes in comes out as the same value: numbers as numbers, dates as dates, text as text and
never as a formula. What no cell can hold exactly is written as text instead of being bent: whole
numbers of 16 digits and more, moments with a time zone, infinities, anything else by its `str`.
NaN, None, pd.NA and NaT are empty cells. Durations are numbers of days, shown as hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, cast, overload

import numpy as np
import pandas as pd

from xlplan.sheets.description import (
    Area,
    Block,
    BlockColumn,
    CellSpec,
    Print,
    Sheet,
    Style,
    Value,
)

SAMPLE = 1000  # rows that decide a column's width and number format

_BODY = Style(border="thin", border_color="BFBFBF")
_HEAD = _BODY.but(bold=True, fill="DDEBF7", horizontal="center", wrap=True)
_CENTRED = _BODY.but(horizontal="center")
_DURATION = _BODY.but(number_format="[h]:mm:ss")
_TIME = _BODY.but(number_format="hh:mm:ss")
_DATE, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_NARROWEST, _WIDEST = 6, 50
_GENERAL_LIMIT = 10**11  # larger whole numbers would show as 1.2E+11
_KEPT = (str, bool, int, float, Decimal, Fraction, date)
_DAY = timedelta(days=1)
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Part(Sequence[Value]):
    """A column's values, made plain only for the rows that are asked for."""

    column: "pd.Series[Any]"

    def __len__(self) -> int:
        return len(self.column)

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> list[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | list[Value]:
        if isinstance(at, int):
            return self[at : at + 1][0]
        part = self.column.iloc[at]
        return _FAST.get(part.dtype.kind, _one_by_one)(part)


def _as_they_are(part: "pd.Series[Any]") -> list[Value]:
    """Numbers and truth values; numpy has no gaps but NaN."""
    if not isinstance(part.dtype, np.dtype):
        return _one_by_one(part)
    return cast("list[Value]", part.tolist())


def _moments(part: "pd.Series[Any]") -> list[Value]:
    """Moments without a time zone, in a year that Python knows."""
    if not isinstance(part.dtype, np.dtype):
        return _one_by_one(part)
    moments = part.to_numpy().astype("datetime64[us]").tolist()
    return _one_by_one(part) if int in set(map(type, moments)) else moments


def _one_by_one(part: "pd.Series[Any]") -> list[Value]:
    known = part.notna().tolist()
    objects = part.astype(object).tolist()
    pairs = zip(objects, known, strict=True)
    return [
        value if type(value) is str else _plain(value) if there else None for value, there in pairs
    ]


_FAST = {"b": _as_they_are, "i": _as_they_are, "u": _as_they_are, "f": _as_they_are, "M": _moments}


def as_sheet(name: str, content: pd.DataFrame | Sheet) -> Sheet:
    """What shall stand under that name: a frame is formatted, a described sheet taken as it is.

    Raises: TypeError for anything else.
    """
    if isinstance(content, Sheet):
        return replace(content, name=name)
    if isinstance(content, pd.DataFrame):
        return from_frame(name, content)
    raise TypeError(f"{name}: a DataFrame or a Sheet is needed, not {type(content).__name__}")


def from_frame(name: str, frame: pd.DataFrame) -> Sheet:
    """A frame as a formatted sheet called `name`; the frame itself is not touched or copied.

    Several column levels become several head rows, equal neighbours merged. The index comes
    first where it says something: it has a name, several levels, or is not of whole numbers.
    Labels may be of any type and may repeat.
    """
    index = _index_columns(frame)
    columns = [frame.iloc[:, at] for at in range(frame.shape[1])]
    labels = [*(label for label, _ in index), *map(_label_of, frame.columns)]
    depth = max(map(len, labels), default=1)
    body = [BlockColumn(_Part(it), _style(it)) for it in [*(level for _, level in index), *columns]]
    last_row, last_column = depth + len(frame), max(len(labels), 1)
    merges = tuple(_merges(labels, depth))
    return Sheet(
        name,
        cells=tuple(_head(labels, depth, merges)),
        blocks=(Block(depth + 1, 1, tuple(body)),) if labels else (),
        merges=merges,
        widths={at: _width(*pair) for at, pair in enumerate(zip(labels, body, strict=True), 1)},
        freeze=(depth + 1, len(index) + 1),
        filter=Area(depth, 1, last_row, last_column) if labels else None,
        print=Print(title_rows=(1, depth)),
    )


def _index_columns(frame: pd.DataFrame) -> list[tuple[tuple[str, ...], "pd.Series[Any]"]]:
    """The levels of an index that says something, each with its label."""
    index = frame.index
    named = any(name is not None for name in index.names)
    if not named and index.nlevels == 1 and (index.dtype.kind in "iu" or frame.empty):
        return []
    levels = [index.get_level_values(at) for at in range(index.nlevels)]
    return [
        (_label_of(name), pd.Series(level)) for name, level in zip(index.names, levels, strict=True)
    ]


def _label_of(label: object) -> tuple[str, ...]:
    """A label's lines, top first; missing parts are empty."""
    parts = label if isinstance(label, tuple) else (label,)
    return tuple("" if _is_missing(part) else str(_plain(part)) for part in parts)


def _is_missing(value: object) -> bool:
    missing = pd.isna(value)  # type: ignore[call-overload]  # any object at all
    return isinstance(missing, bool) and missing


def _head(labels: Sequence[tuple[str, ...]], depth: int, merges: Sequence[Area]) -> list[CellSpec]:
    covered = {
        (area.first_row, column)
        for area in merges
        for column in range(area.first_column + 1, area.last_column + 1)
    }
    return [
        CellSpec(row, column, None if (row, column) in covered else part or None, _HEAD)
        for column, label in enumerate(labels, start=1)
        for row, part in enumerate((*label, *[""] * (depth - len(label))), start=1)
    ]


def _merges(labels: Sequence[tuple[str, ...]], depth: int) -> list[Area]:
    """Equal neighbours under the same parents, on all levels but the lowest."""
    areas = []
    for level in range(1, depth):
        above = [label[:level] for label in labels]
        for parents, run in groupby(range(len(labels)), above.__getitem__):
            places = list(run)
            if len(places) > 1 and any(parents[level - 1 :]):
                areas.append(Area(level, places[0] + 1, level, places[-1] + 1))
    return areas


def _style(column: "pd.Series[Any]") -> Style:
    """How a column looks, by its type; a column of anything, by all that it holds."""
    kind = column.dtype.kind
    if kind == "m":
        return _DURATION
    if kind == "M" and isinstance(column.dtype, np.dtype):
        days = bool((column.dropna() == column.dropna().dt.normalize()).all())
        return _CENTRED.but(number_format=_DATE if days else _MOMENT)
    if kind in "iuf":
        return _BODY.but(number_format=_number_format(column.dropna().to_numpy(float)))
    if kind == "b":
        return _CENTRED
    return _mixed_style((column if column.dtype == object else column.iloc[:SAMPLE]).dropna())


def _mixed_style(column: "pd.Series[Any]") -> Style:
    """How a column of texts or of anything looks; General lets each date look like one."""
    there = column.tolist()
    kinds = set(map(type, there))
    if kinds == {str} and any(map(_reads_as_number, there)):
        return _BODY.but(number_format="@")
    for kind, style in ((timedelta, _DURATION), (time, _TIME)):
        if kinds and all(issubclass(one, kind) for one in kinds):
            return style
    if kinds and kinds <= {int, float, Decimal}:
        return _BODY.but(number_format=_number_format(np.array(there, float)))
    return _BODY


def _reads_as_number(value: object) -> bool:
    """Whether a text would turn into a number if somebody edited its cell."""
    text = value.strip().rstrip("%") if isinstance(value, str) else ""
    return text.replace(".", "", 1).replace("-", "", 1).replace(",", "").isdecimal()


def _number_format(numbers: "np.ndarray[Any, np.dtype[np.float64]]") -> str:
    """Two places where all values have no more; never fewer than the values have."""
    finite = numbers[np.isfinite(numbers)]
    if (finite == np.trunc(finite)).all():
        return "0" if (np.abs(finite) >= _GENERAL_LIMIT).any() else "General"
    return "#,##0.00" if (np.round(finite, 2) == finite).all() else "General"


def _width(label: tuple[str, ...], column: BlockColumn) -> float:
    """Wide enough for the first rows and the lowest head line; a Chinese character counts two."""
    rows = column.values[:SAMPLE]  # noqa: PD011 - a described column, no pandas object
    sample = [_shown(value, column.style.number_format) for value in rows]
    widest = max(map(_columns_of, [*sample, label[-1] + "  "]), default=0)
    return min(max(widest + 1, _NARROWEST), _WIDEST)


def _shown(value: Value, code: str) -> str:
    if value is None:
        return ""
    if isinstance(value, date) or code.endswith("ss"):
        return "0" * len(code)
    if isinstance(value, bool):
        return "FALSE"
    if isinstance(value, (int, float, Decimal, Fraction)):
        return f"{float(value):,.2f}" if code == "#,##0.00" else f"{float(value):.11g}"
    return value


def _columns_of(text: str) -> int:
    longest = max(text.split("\n"), key=len)
    return len(longest) + sum(character > "\u2e7f" for character in longest[: 2 * _WIDEST])


def _plain(value: object) -> Value:
    """A value that is there, as a cell can hold it."""
    item = getattr(value, "item", None)  # a numpy scalar
    value = item() if item is not None and not isinstance(value, _KEPT) else value
    if isinstance(value, timedelta):
        return value / _DAY
    if isinstance(value, time) and value.tzinfo is None:
        return (datetime.combine(_ANY_DAY, value) - datetime.combine(_ANY_DAY, time())) / _DAY
    return value if isinstance(value, _KEPT) else str(value)
