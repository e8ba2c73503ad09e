"""The short texts inside a policy file: bounds, shares, numbers of partners, periods, cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from xlplan.model import ONE
from xlplan.policy.reading import Reading
from xlplan.policy.schema import Comparison

PERIOD = re.compile(r"(\d{4})(Q[1-4]|-(0[1-9]|1[0-2])|-\d{4})?")
"""2021, 2021Q1, 2021-03 or 2021-2025."""

_BOUND = re.compile(r"\s*(>=|<=|>|<)\s*(.+)")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%|(\d+)/([1-9]\d*)")
_PARTNERS = re.compile(r"(>=)?\s*(\d+)(?:-(\d+))?")
_COMPARISONS: Mapping[str, Comparison] = {known: known for known in get_args(Comparison)}
_FEN_PER_YUAN = 100

Grain = Literal["亿元", "个"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell or bound in grains (分, or millionths of 个), with its of-which parts by label."""

    value: int
    parts: tuple[tuple[str, int], ...] = ()


def figure(reading: Reading, path: str, text: str, unit: Grain) -> Figure | None:
    """The exact figure a text writes; None = blank, or a fault that is noted."""
    per = ONE if unit == "个" else _FEN_PER_YUAN
    found = _interim(text, unit)
    if found is None:
        example = "160（其中：非工业60）" if unit == "亿元" else "13个"
        reading.fault("XP610", path, what=f"数量（{unit}）", text=text, example=example)
        return None
    value, parts = found
    return Figure(int(value * per), tuple((label, int(part * per)) for label, part in parts))


def _interim(text: str, unit: str) -> tuple[Fraction, list[tuple[str, Fraction]]] | None:
    scale = {"亿元": 10**8, "万元": 10**4, "个": 1}
    whole = re.fullmatch(r"([\d.]+)(亿元|万元|个)?(?:（其中：(\D+)([\d.]+)）)?", text)
    if not whole:
        return None
    factor = scale[whole[2] or unit]
    parts = [(whole[3], Fraction(whole[4]) * factor)] if whole[3] else []
    return Fraction(whole[1]) * factor, parts


def bound(reading: Reading, path: str, text: str, unit: Grain) -> tuple[Comparison, int] | None:
    """A bound such as “>= 20亿元”, in grains; None = a fault that is noted."""
    match = _BOUND.fullmatch(text)
    if not match:
        reading.fault("XP610", path, what="界限", text=text, example=">= 20亿元")
        return None
    amount = figure(reading, path, match[2], unit)
    return (_COMPARISONS[match[1]], amount.value) if amount else None


def share(reading: Reading, path: str, text: str) -> Fraction | None:
    """A share within 0 and 1, written 80% or 1/3; None = unreadable, which is noted."""
    match = _SHARE.fullmatch(text.strip())
    if not match:
        reading.fault("XP610", path, what="比例", text=text, example="80% 或 1/3")
        return None
    whole = Fraction(match[1]) / 100 if match[1] else Fraction(int(match[2]), int(match[3]))
    if whole > 1:
        reading.fault("XP612", path, text=text)
        return None
    return whole


def partners(reading: Reading, path: str, text: str) -> tuple[int, int | None]:
    """How many cooperating units: “0”, “1”, “2-3” or “>=1” (no limit).

    >>> partners(Reading("x"), "split[1].partners", ">=2"), partners(Reading("x"), "", "0")
    ((2, None), (0, 0))
    """
    match = _PARTNERS.fullmatch(text.strip())
    if not match or (match[1] and match[3]) or (match[3] and int(match[3]) < int(match[2])):
        reading.fault("XP610", path, what="配合单位数", text=text, example="0、1、2-3 或 >=1")
        return (0, None)
    least = int(match[2])
    return least, None if match[1] else int(match[3] or least)


def period(reading: Reading, path: str, text: str) -> str:
    """A period: a year, quarter, month, or span of years that does not run backwards."""
    match = PERIOD.fullmatch(text)
    span = match and match[2] and match[2][0] == "-" and len(match[2]) == len("-2025")
    if text and (not match or (span and match[2][1:] < match[1])):
        reading.fault(
            "XP610", path, what="期间", text=text, example="2021、2021Q3、2021-09、2021-2025"
        )
    return text
