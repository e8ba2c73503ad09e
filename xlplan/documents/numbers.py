"""Numbers as templates see them: exact, with their unit, and with the cell that they stand in."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import total_ordering
from typing import Any

from xlplan.quantity import format_decimal

MONEY_PLACES, RATE_PLACES = 2, 1
"""Decimals of a number that a template prints without a filter."""

_YI_PER_UNIT = {"亿元": Fraction(1), "万元": Fraction(1, 10**4), "元": Fraction(1, 10**8)}


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A figure: its exact value in `unit` (rates as shares: 12% = 3/25), None = not known.

    `source` is the cell that shows it, such as 完成情况!E7, or says how it was made of such cells.

    >>> done = Number(Fraction("12.345"), "亿元", "完成情况!E7")
    >>> str(done), done > 12, bool(Number(None, "亿元"))
    ('12.35', True, False)
    """

    value: Fraction | None
    unit: str
    source: str = ""
    name: str = ""

    @property
    def is_rate(self) -> bool:
        """Whether it is a share, shown in per cent."""
        return self.unit == "%"

    def __bool__(self) -> bool:
        """Whether it is known and not zero."""
        return bool(self.value)

    def __str__(self) -> str:
        """As a table shows it: money with two decimals, a rate in per cent with one."""
        if self.value is None:
            raise MissingValueError(self.name or self.unit)
        if self.is_rate:
            return f"{format_decimal(self.value * 100, RATE_PLACES)}%"
        if self.unit in _YI_PER_UNIT:
            return format_decimal(self.value, MONEY_PLACES)
        return plain(self.value)

    def __eq__(self, other: object) -> bool:
        """Compared by value, also with a plain number."""
        return self.value == _value(other)

    def __hash__(self) -> int:
        """Equal numbers are equal keys."""
        return hash(self.value)

    def __lt__(self, other: object) -> bool:
        """Compared by value; what is not known cannot be compared."""
        mine, theirs = self.value, _value(other)
        if mine is None or theirs is None:
            raise MissingValueError(self.name or self.unit)
        return mine < theirs

    def __add__(self, other: object) -> "Number":
        """A sum, whose source names both cells."""
        return self._with(other, "+", lambda a, b: a + b)

    def __sub__(self, other: object) -> "Number":
        """A difference, whose source names both cells."""
        return self._with(other, "-", lambda a, b: a - b)

    def __neg__(self) -> "Number":
        """The number with the other sign."""
        value = None if self.value is None else -self.value
        return Number(value, self.unit, self.source, self.name)

    def __abs__(self) -> "Number":
        """The number without its sign."""
        value = None if self.value is None else abs(self.value)
        return Number(value, self.unit, self.source, self.name)

    def _with(
        self, other: object, sign: str, made: Callable[[Fraction, Fraction], Fraction]
    ) -> "Number":
        theirs = _value(other)
        if self.value is None or theirs is None:
            raise MissingValueError(self.name or self.unit)
        beside = other.source if isinstance(other, Number) else str(other)
        return Number(made(self.value, theirs), self.unit, f"{self.source}{sign}{beside}")

    def in_yi(self) -> Fraction:
        """Money in 亿元; refuses what is no Chinese money.

        >>> Number(Fraction(8000), "万元").in_yi()
        Fraction(4, 5)
        """
        if self.value is None:
            raise MissingValueError(self.name or self.unit)
        if self.unit not in _YI_PER_UNIT:
            raise WrongFilterError(f"“{self.name or self}”的单位是{self.unit}，不是人民币金额")
        return self.value * _YI_PER_UNIT[self.unit]


class Printed(str):
    """The text of a figure, with the cells that it stands on; `of_number`: it was made of one."""

    __slots__ = ("of_number", "source")
    source: str
    of_number: bool

    @classmethod
    def of(cls, text: str, value: object) -> "Printed":
        """A text made of a value; without a number there is nothing to stand on."""
        made = cls(text)
        made.source = value.source if isinstance(value, Number | Printed) else ""
        made.of_number = isinstance(value, Number) or getattr(value, "of_number", False)
        return made


class MissingValueError(Exception):
    """A value that the template prints or compares is not known; the message is its name."""


class WrongFilterError(Exception):
    """A filter was given what it is not for; the message says so to a clerk."""


def plain(value: Fraction) -> str:
    """A whole number as such, else the decimals it has, at most four.

    >>> plain(Fraction(13)), plain(Fraction(5, 2)), plain(Fraction(1, 3))
    ('13', '2.5', '0.3333')
    """
    if value.denominator == 1:
        return str(value.numerator)
    return format_decimal(value, 4).rstrip("0").rstrip(".")


def _value(other: Any) -> Fraction | None:  # noqa: ANN401 - templates compare with what they like
    if isinstance(other, Number):
        return other.value
    return Fraction(str(other)) if isinstance(other, int | float) else Fraction(other)
