"""Figures and points as sentences of scoring say them."""

from fractions import Fraction

from xlplan.policy.marks import Input
from xlplan.quantity import exact_decimal, format_decimal

PLACES = 4


def number(value: Fraction) -> str:
    """A number of at most four decimals; what is cut off is said with 约.

    >>> number(Fraction(5, 2)), number(Fraction(2, 3))
    ('2.5', '约 0.6667')
    """
    exact = exact_decimal(value)
    if Fraction(exact) == value and len(exact.partition(".")[2]) <= PLACES:
        return exact
    return f"约 {format_decimal(value, PLACES).rstrip('0').rstrip('.')}"


def figure(value: Fraction, of: Input, unit: str) -> str:
    """What is scored, as it is said.

    >>> figure(Fraction(17, 20), "rate", "亿元"), figure(Fraction(3), "rank", "")
    ('85%', '第 3 名')
    >>> figure(Fraction(-1, 20), "gap", ""), figure(Fraction(3), "value", "家")
    ('-5 个百分点', '3 家')
    """
    if of == "rank":
        return f"第 {number(value)} 名"
    if of == "rate" or (of == "value" and unit == "%"):
        return f"{number(value * 100)}%"
    return f"{number(value * 100)} 个百分点" if of == "gap" else f"{number(value)} {unit}"
