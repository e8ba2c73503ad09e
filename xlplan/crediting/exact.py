"""Shares of whole numbers of grains, exactly: the only place where an amount is multiplied."""

from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Int64: TypeAlias = npt.NDArray[np.int64]

SAFE = 2**61
"""Below it a product can be doubled and added to without leaving int64."""


def half_up(amounts: Int64, numerators: Int64, denominators: Int64) -> Int64:
    """Each amount times its fraction, rounded half away from zero (四舍五入).

    >>> half_up(np.array([5, -5, 7]), np.array([1, 1, 1]), np.array([2, 2, 3])).tolist()
    [3, -3, 2]
    """
    return _scaled(amounts, numerators, denominators, rounding=True)


def truncated(amounts: Int64, numerators: Int64, denominators: Int64) -> Int64:
    """Each amount times its fraction, cut towards zero.

    >>> truncated(np.array([5, -5, 8]), np.array([1, 1, 1]), np.array([2, 2, 3])).tolist()
    [2, -2, 2]
    """
    return _scaled(amounts, numerators, denominators, rounding=False)


def _scaled(amounts: Int64, numerators: Int64, denominators: Int64, *, rounding: bool) -> Int64:
    """int64 throughout, except for the rare rows whose products need more than 64 bits."""
    sizes = np.abs(amounts)
    scaled = _fast(sizes, numerators, denominators, rounding=rounding)
    if _may_overflow(sizes, numerators, denominators):
        wide = sizes.astype(object) * numerators.astype(object)
        for row in np.flatnonzero((wide >= SAFE) | (denominators >= SAFE)):
            exact = Fraction(int(wide[row]), int(denominators[row]))
            scaled[row] = int(exact + Fraction(rounding, 2))
    return np.where(amounts < 0, -scaled, scaled)


def _may_overflow(sizes: Int64, numerators: Int64, denominators: Int64) -> bool:
    if not sizes.size:
        return False
    return bool(int(sizes.max()) * int(numerators.max()) >= SAFE or int(denominators.max()) >= SAFE)


def _fast(sizes: Int64, numerators: Int64, denominators: Int64, *, rounding: bool) -> Int64:
    with np.errstate(over="ignore"):
        quotient, rest = np.divmod(sizes * numerators, denominators)
        return quotient + (2 * rest >= denominators) if rounding else quotient
