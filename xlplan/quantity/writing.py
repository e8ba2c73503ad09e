"""Quantities and figures written out, exactly or rounded half up (四舍五入)."""

from fractions import Fraction

from xlplan.quantity.nouns import Quantity


def to_grains(value: Fraction, per_unit: int = 100) -> int:
    """A value in whole grains, rounded half up: 元 to 分 unless `per_unit` says otherwise."""
    raise NotImplementedError


def fits_grains(value: Fraction, per_unit: int = 100) -> bool:
    """Whether `to_grains` loses nothing."""
    raise NotImplementedError


def fen(quantity: Quantity) -> int | None:
    """Money in 分, rounded half up; None when the quantity is not Chinese money."""
    raise NotImplementedError


def format_decimal(value: Fraction, places: int, *, grouped: bool = False) -> str:
    """A value with so many decimals, rounded half up (away from zero)."""
    raise NotImplementedError


def format_yi(value: Fraction, places: int = 2) -> str:
    """Money given in 元, written in 亿元 without the unit, rounded half up."""
    raise NotImplementedError


def exact_decimal(value: Fraction, cut: int = 12) -> str:
    """An exact decimal; a repeating one is cut after `cut` places."""
    raise NotImplementedError


def format_quantity(quantity: Quantity) -> str:
    """A quantity in canonical writing, which reads back to the same quantity."""
    raise NotImplementedError
