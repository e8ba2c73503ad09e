"""How much of two names is the same: characters in common, in the same order.

rapidfuzz counts them (the extra `match`); without it the same count is made here, slower.
"""

from collections.abc import Callable
from functools import cache

Common = Callable[[str, str], int]

_SHORTEST = 4
"""Below this many characters a name that lies within another says little."""

_WITHIN = 0.9
"""What it is worth, of 1, that a whole name lies within a longer one."""


@cache
def common() -> Common:
    """The function that counts the longest common subsequence of two texts."""
    try:
        from rapidfuzz.distance import LCSseq  # noqa: PLC0415 - an extra, and only when asked
    except ImportError:
        return counted
    count: Common = LCSseq.similarity
    return count


def counted(first: str, second: str) -> int:
    """The length of the longest common subsequence, one word of bits a row.

    >>> counted("华兰疫苗基地", "华兰生物疫苗生产基地")
    6
    """
    places: dict[str, int] = {}
    for place, sign in enumerate(first):
        places[sign] = places.get(sign, 0) | 1 << place
    whole = (1 << len(first)) - 1
    row = whole
    for sign in second:
        here = row & places.get(sign, 0)
        row = (row + here | row - here) & whole
    return len(first) - row.bit_count()


def likeness(first: str, second: str) -> float:
    """From 0 to 1: 1 for equal texts, nearly so for one that abbreviates the other.

    >>> likeness("华兰疫苗", "华兰疫苗"), round(likeness("华兰疫苗", "华兰生物疫苗工厂"), 2)
    (1.0, 0.9)
    >>> likeness("", "华兰")
    0.0
    """
    if not first or not second:
        return 0.0
    same = common()(first, second)
    ratio = 2 * same / (len(first) + len(second))
    shorter = min(len(first), len(second))
    return max(ratio, _WITHIN * same / shorter if shorter >= _SHORTEST else 0.0)
