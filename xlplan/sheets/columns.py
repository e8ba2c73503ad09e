"""Columns of a frame as the values that a block holds; no loop over rows."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from xlplan.sheets.description import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray


def listed(column: "pd.Series[Any]") -> Sequence[Value]:
    """Texts, "" as a blank cell."""
    texts = column.to_numpy(dtype=object)
    blank = texts == ""
    if not blank.any():
        return _held(texts)
    return _held(np.where(blank, None, texts))  # type: ignore[call-overload]  # None stays None


def named(column: "pd.Series[Any]", names: Mapping[str, str]) -> Sequence[Value]:
    """Ids by their names."""
    codes, ids = pd.factorize(column.to_numpy(dtype=object))
    return chosen([names[said] for said in ids], codes)


def dates(column: "pd.Series[Any]") -> Sequence[Value]:
    """Days, one object per distinct day; blank where there is none."""
    codes, days = pd.factorize(column)
    return chosen([*(day.date() for day in pd.DatetimeIndex(days)), None], codes)


def chosen(known: Sequence[Value], codes: "NDArray[Any]") -> Sequence[Value]:
    """The value of each code; -1 is the last of them.

    >>> list(chosen(["牵头", "配合", None], np.array([1, 0, -1])))
    ['配合', '牵头', None]
    """
    values = np.empty(len(known), dtype=object)
    values[:] = known
    return _held(values[codes])


def int64(column: "pd.Series[Any]") -> "NDArray[np.int64]":
    """Whole numbers."""
    return column.to_numpy(dtype=np.int64)


def where(kept: "NDArray[np.bool_]", numbers: "NDArray[Any]") -> Sequence[Value]:
    """The numbers where they apply, blank elsewhere.

    >>> list(where(np.array([True, False]), np.array([1.5, 2.5])))
    [1.5, None]
    """
    if kept.all():
        return _held(numbers)
    values = np.full(len(numbers), None, dtype=object)
    values[kept] = numbers[kept]
    return _held(values)


def _held(values: "NDArray[Any]") -> Sequence[Value]:
    """An array as what it is to a block: its slices become lists when their rows are written."""
    return cast("Sequence[Value]", values)
