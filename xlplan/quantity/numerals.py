"""Numerals as written: 1,234.5, 一千零五十, 1亿8千万, 2000余万.

What colloquial speech shortens (一万五, 12亿3) is refused: it could mean two numbers.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Integral

_SMALL = {"": 1, "十": 10, "百": 100, "千": 1000}
LARGE = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}
SCALES = {
    small + large: few * many for large, many in LARGE.items() for small, few in _SMALL.items()
}
"""What each magnitude multiplies by."""

CHARACTERS = "0-9.零一二两三四五六七八九十百千万亿廿卅点余多来"
"""What numerals are made of, for the inside of a regular expression's brackets."""

LONGEST = 40
"""Characters of a numeral; more than that is no figure of a government table."""

_DIGITS = "零一二三四五六七八九"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)} | {"两": 2}
_TO_CHINESE = str.maketrans("0123456789", _DIGITS)
_DIGIT = "[一二两三四五六七八九]"

_SIMPLE = re.compile(r"([0-9]+)(?:\.([0-9]+))?(万亿|[万亿]?)")
_EXPONENT = re.compile(r"([0-9]+)(?:\.([0-9]+))?[eE]([-+]?[0-9]{1,2})")
_ARABIC = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.([0-9]+))?([十百千]?)")
_CHINESE = re.compile(
    rf"(?:({_DIGIT})千)?(零)?(?:({_DIGIT})百)?(零)?(?:({_DIGIT})?(十))?(零)?({_DIGIT})?"
)
_SHORT = re.compile(rf"[0-9]{{1,2}}(?:\.[0-9]+)?|{_DIGIT}")
_INEXACT = re.compile(r"([^余多来]*)[余多来](万亿|[万亿]?)")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral's value; the 万, 亿 or 万亿 it is written in; whether it says 余, 多 or 来."""

    value: Fraction
    magnitude: str = ""
    more: bool = False


def read_numeral(text: str) -> Numeral | None:
    """The value of a numeral in normal characters without blanks; None when it is none.

    >>> read_numeral("1亿8千万").value, read_numeral("三十六点五亿").value
    (Fraction(180000000, 1), Fraction(3650000000, 1))
    >>> read_numeral("2000余万")
    Numeral(value=Fraction(20000000, 1), magnitude='万', more=True)
    >>> read_numeral("12亿3") is None
    True
    """
    if len(text) > LONGEST:
        return None
    if simple := _SIMPLE.fullmatch(text):
        whole, decimals, magnitude = simple.groups(default="")
        return Numeral(_decimal(whole, decimals, SCALES[magnitude]), magnitude)
    if power := _EXPONENT.fullmatch(text):
        whole, decimals, exponent = power.groups(default="")
        return Numeral(_decimal(whole, decimals, 1) * Fraction(10) ** int(exponent))
    if inexact := _INEXACT.fullmatch(text):
        return _more(*inexact.groups())
    value = _compound(text)
    return None if value is None else Numeral(value, _magnitude(text))


def _more(head: str, tail: str) -> Numeral | None:
    """A numeral that says 余, where a lone 百 or 万 means one of it: 百余, 万余."""
    whole = head + tail
    value = _compound("一" + whole if whole[:1] in {"百", "千", "万", "亿"} else whole)
    return None if value is None else Numeral(value, _magnitude(whole), more=True)


def _magnitude(text: str) -> str:
    if "亿" in text:
        return "万亿" if "万亿" in text else "亿"
    return "万" if "万" in text else ""


def _decimal(whole: str, decimals: str, scale: int) -> Fraction:
    return Fraction(int(whole + decimals) * scale, 10 ** len(decimals))


def _compound(text: str) -> Fraction | None:
    """Groups of four places: … 亿 … 万 …, the higher ones whole, the lower ones smaller."""
    high, yi, low = text.rpartition("亿")
    if not yi:
        return _myriads(text)
    if low and "万" not in low and not low.startswith("零"):
        return None  # 12亿3 may be 12.3亿
    return _joined(_myriads(high), _myriads(low.removeprefix("零")), low, SCALES["亿"])


def _myriads(text: str) -> Fraction | None:
    high, wan, low = text.rpartition("万")
    if not wan:
        return _section(text)
    if low and _SHORT.fullmatch(low):
        return None  # 一万五 may be 15,000
    return _joined(_section(high), _section(low.removeprefix("零")), low, SCALES["万"])


def _joined(
    upper: Fraction | None, lower: Fraction | None, low: str, scale: int
) -> Fraction | None:
    """A higher and a lower group, the lower below the higher's unit; `low` "" = no lower one."""
    if upper is None:
        return None
    if not low:
        return upper * scale
    if lower is None or upper.denominator != 1 or lower >= scale:
        return None
    return upper * scale + lower


def _section(text: str) -> Fraction | None:
    """One group: 1,234.5 or 8千 or 三十六点五 or 1千5百."""
    if arabic := _ARABIC.fullmatch(text):
        whole, decimals, scale = arabic.groups(default="")
        if whole or decimals:
            return _decimal(whole.replace(",", ""), decimals, SCALES[scale])
    whole, point, decimals = text.partition("点")
    value = _whole(whole.translate(_TO_CHINESE))
    if not point or value is None:
        return value
    if not decimals or any(digit not in _DIGITS for digit in decimals):
        return None
    return value + _decimal("0", "".join(str(_VALUES[digit]) for digit in decimals), 1)


def _whole(text: str) -> Fraction | None:
    """A Chinese numeral below 10,000; its last digit needs its 零 (一百二 may be 120)."""
    if text == "零":
        return Fraction(0)
    found = _CHINESE.fullmatch(text.replace("廿", "二十").replace("卅", "三十"))
    if not text or found is None or text[0] == "零" or text[-1] == "零":
        return None
    thousand, _, hundred, _, ten, has_ten, _, one = found.groups()
    if one and (thousand or hundred) and not has_ten and text[-2] != "零":
        return None
    tens = _VALUES[ten] if ten else int(has_ten is not None)
    digits = (_VALUES.get(thousand, 0), _VALUES.get(hundred, 0), tens, _VALUES.get(one, 0))
    return Fraction(
        sum(digit * 10**place for digit, place in zip(digits, (3, 2, 1, 0), strict=True))
    )


def plain_number(cell: object) -> float | Decimal | Fraction | None:
    """The cell as one of Python's own numbers (numpy's integers are none); None for all else."""
    if isinstance(cell, int | float | Decimal | Fraction):
        return cell
    return int(cell) if isinstance(cell, Integral) else None


_LARGEST_EXPONENT = 400
"""Beyond every float; a Decimal cell's exponent could otherwise fill the memory."""


def exact_number(cell: float | Decimal | Fraction) -> Fraction | None:
    """A number cell's value as its shortest writing says it; None when it is not finite.

    >>> exact_number(0.1), exact_number(float("nan"))
    (Fraction(1, 10), None)
    """
    if isinstance(cell, float):
        if not isfinite(cell):
            return None
        return Fraction(*Decimal(float.__repr__(cell)).as_integer_ratio())
    if isinstance(cell, Decimal):
        if not cell.is_finite() or abs(cell.adjusted()) > _LARGEST_EXPONENT:
            return None
        return Fraction(*cell.as_integer_ratio())
    return Fraction(cell)


def number_text(cell: float | Decimal | Fraction) -> str:
    """A number cell as Excel would show it in General format: 20, not 20.0.

    >>> number_text(20.0), number_text(0.5)
    ('20', '0.5')
    """
    if isinstance(cell, float):
        return float.__repr__(cell).removesuffix(".0")
    try:
        return str(cell)
    except ValueError:  # more digits than Python writes
        return "过长的数"
