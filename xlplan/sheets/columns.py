"""Columns of a frame as the lists that a block holds; no loop over rows beyond making the list."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xlplan.sheets.description import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray


def listed(column: "pd.Series[Any]") -> list[Value]:
    """Texts, "" as a blank cell."""
    return [said or None for said in column.tolist()]


def named(column: "pd.Series[Any]", names: Mapping[str, str]) -> list[Value]:
    """Ids by their names."""
    return [names[said] for said in column.tolist()]


def dates(column: "pd.Series[Any]") -> list[Value]:
    """Days, one object per distinct day; blank where there is none."""
    codes, days = pd.factorize(column)
    known: list[Value] = [day.date() for day in pd.DatetimeIndex(days)]
    return [known[code] if code >= 0 else None for code in codes.tolist()]


def int64(column: "pd.Series[Any]") -> "NDArray[np.int64]":
    """Whole numbers."""
    return column.to_numpy(dtype=np.int64)


def where(kept: "NDArray[np.bool_]", numbers: "NDArray[Any]") -> list[Value]:
    """The numbers where they apply, blank elsewhere.

    >>> where(np.array([True, False]), np.array([1.5, 2.5]))
    [1.5, None]
    """
    every: list[Value] = numbers.tolist()
    if kept.all():
        return every
    return [number if keep else None for number, keep in zip(every, kept.tolist(), strict=True)]
