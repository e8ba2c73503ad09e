"""Places in a ranking as offices write them: 第3名, 前三, 前3位以内."""

import re
from fractions import Fraction

from xlplan.quantity.glyphs import normal
from xlplan.quantity.nouns import Qualifier, Quantity

_NUMERALS = {word: n for n, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_PLACE = re.compile(
    rf"(?P<kind>前|第)(?P<place>[0-9]{{1,3}}|[{''.join(_NUMERALS)}])(?:名|位)?(?P<within>以内|之内|及以上|以上)?"
)


def parse_place(text: object) -> Quantity | None:
    """A place in a ranking, 前 as an upper bound; None when a cell names none in such words.

    >>> place = parse_place("前三名")
    >>> place.value, place.qualifier.label, parse_place("第2名").qualifier.label
    (Fraction(3, 1), '以内', '确数')
    >>> parse_place("3") is None
    True
    """
    if not isinstance(text, str):
        return None
    found = _PLACE.fullmatch("".join(normal(text).split()))
    if found is None:
        return None
    place = Fraction(_NUMERALS.get(found["place"]) or int(found["place"]))
    bounded = found["kind"] == "前" or found["within"]
    qualifier = Qualifier.AT_MOST if bounded else Qualifier.EXACT
    return Quantity(place, "count", text, unit="名", unit_is_written=True, qualifier=qualifier)
