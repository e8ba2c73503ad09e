"""Places 位次 while something is pending: the best and the worst that one may turn out to take."""

from collections.abc import Sequence
from fractions import Fraction
from math import inf
from typing import Literal

Span = tuple[Fraction | float, Fraction | float]
"""The least and the most that something may turn out to be; an infinite end is open."""

OPEN: Span = (-inf, inf)


def places(mine: Span, others: Sequence[Span], ties: Literal["skip", "dense"]) -> tuple[int, int]:
    """The best and the worst place among others, more being better.

    Ahead for certain, and ahead perhaps; with dense ties equals ahead stand for one.

    >>> field = [(Fraction(9), Fraction(9)), (Fraction(8), Fraction(9)), (Fraction(3), Fraction(5))]
    >>> places((Fraction(4), Fraction(4)), field, "skip")
    (3, 4)
    >>> places((Fraction(4), Fraction(4)), field, "dense")
    (2, 4)
    """
    ahead = [span for span in others if span[0] > mine[1]]
    perhaps = [span for span in others if span[1] > mine[0]]
    if ties == "dense":
        return 1 + _fewest(ahead), 1 + _most(perhaps)
    return 1 + len(ahead), 1 + len(perhaps)


def _fewest(spans: Sequence[Span]) -> int:
    """How many different values there are at least."""
    found: list[Fraction | float] = []
    for least, most in sorted(spans, key=lambda span: span[1]):
        if not found or least > found[-1]:
            found.append(most)
    return len(found)


def _most(spans: Sequence[Span]) -> int:
    """How many different values there may be: settled ones as they are, a pending one its own."""
    settled = {least for least, most in spans if least == most}
    return len(settled) + sum(least != most for least, most in spans)
