"""The short texts inside a policy file: bounds, shares, numbers of partners, periods, cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from xlplan.model import ONE
from xlplan.policy.reading import Reading
from xlplan.policy.schema import Comparison
from xlplan.quantity import (
    FOREIGN_CURRENCIES,
    Qualifier,
    Quantity,
    fits_grains,
    foreign_currency,
    parse_period,
    parse_quantity,
    to_grains,
)

_BOUND = re.compile(r"\s*(>=|<=|>|<)\s*(.+)")
_FACTOR = re.compile(r"\d+(?:\.\d+)?|\d+/[1-9]\d*")
_FRACTION = re.compile(r"(\d+)/([1-9]\d*)")
_PARTNERS = re.compile(r"(>=)?\s*(\d+)(?:-(\d+))?")
_COMPARISONS: Mapping[str, Comparison] = {known: known for known in get_args(Comparison)}
_FEN_PER_YUAN = 100

Grain = Literal["亿元", "个"]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a cell says in grains (分, or millionths of 个): value, stretch, of-which parts."""

    value: int
    qualifier: Qualifier
    stretch: int | None
    parts: tuple[tuple[str, int], ...]


def figure(reading: Reading, path: str, text: str, unit: Grain) -> Figure | None:
    """The figure a text writes, with its qualifier; None = unreadable, which is noted."""
    found = parse_quantity(text, unit=unit)
    per = ONE if unit == "个" else _FEN_PER_YUAN
    if not isinstance(found, Quantity) or not _counts(found, unit) or not _fits(found, per):
        example = "160（其中：非工业60）" if unit == "亿元" else "13个"
        reading.fault("XP610", path, what=f"数量（{unit}）", text=text, example=example)
        return None
    return Figure(
        to_grains(found.value, per),
        found.qualifier,
        None if found.stretch is None else to_grains(found.stretch, per),
        tuple((part.label, to_grains(part.value, per)) for part in found.of_which),
    )


def _counts(found: Quantity, unit: Grain) -> bool:
    """Whether it is Chinese money, or a count, as the column wants."""
    wanted = ("count", "") if unit == "个" else ("money", "CNY")
    return (found.kind, found.currency) == wanted


def _fits(found: Quantity, per: int) -> bool:
    """Whether every figure is of whole grains, and the parts are exact."""
    values = (found.value, found.stretch or Fraction(0), *(part.value for part in found.of_which))
    exact = all(part.qualifier is Qualifier.EXACT for part in found.of_which)
    return exact and all(fits_grains(value, per) for value in values)


def bound(reading: Reading, path: str, text: str, unit: Grain) -> tuple[Comparison, int] | None:
    """A bound such as “>= 20亿元”, in grains; None = a fault that is noted."""
    match = _BOUND.fullmatch(text)
    if not match:
        reading.fault("XP610", path, what="界限", text=text, example=">= 20亿元")
        return None
    amount = figure(reading, path, match[2], unit)
    if amount is None:
        return None
    if amount.qualifier is not Qualifier.EXACT:
        reading.fault("XP611", path, text=match[2], qualifier=amount.qualifier.label)
    return _COMPARISONS[match[1]], amount.value


def share(reading: Reading, path: str, text: str) -> Fraction | None:
    """A share within 0 and 1, written 80% or 1/3; None = unreadable, which is noted.

    >>> share(Reading("x"), "weight[1].share", "12.5%"), share(Reading("x"), "", "1/3")
    (Fraction(1, 8), Fraction(1, 3))
    """
    match = _FRACTION.fullmatch(text.strip())
    whole = Fraction(int(match[1]), int(match[2])) if match else _rate(text)
    if whole is None:
        reading.fault("XP610", path, what="比例", text=text, example="80% 或 1/3")
    elif not 0 <= whole <= 1:
        reading.fault("XP612", path, text=text)
        return None
    return whole


def factor(reading: Reading, path: str, text: str) -> Fraction | None:
    """A factor 折算系数 above zero, written 1.2, 120% or 3/2; None = unreadable, which is noted.

    >>> factor(Reading("x"), "", "1.2"), factor(Reading("x"), "", "50%")
    (Fraction(6, 5), Fraction(1, 2))
    """
    plain = text.strip()
    found = Fraction(plain) if _FACTOR.fullmatch(plain) else _rate(plain)
    if found is None or found <= 0:
        reading.fault("XP610", path, what="系数", text=text, example="1.2 或 120%")
        return None
    return found


def _rate(text: str) -> Fraction | None:
    found = parse_quantity(text)
    if isinstance(found, Quantity) and found.kind == "rate" and found.is_exact:
        return found.value
    return None


_RATE = re.compile(r"\d+(?:\.\d+)?")
_RATIO = re.compile(r"(\d+(?:\.\d+)?)[::](\d+(?:\.\d+)?)")


def rate(reading: Reading, path: str, text: str) -> Fraction | None:
    """元 for one of a currency, above zero; None = unreadable, which is noted.

    >>> rate(Reading("x"), "currency[1].rate", "6.9")
    Fraction(69, 10)
    """
    found = Fraction(text.strip()) if _RATE.fullmatch(text.strip()) else Fraction(0)
    if not found:
        reading.fault("XP610", path, what="汇率（1 外币合多少元）", text=text, example="6.9")
    return found or None


def ratio(reading: Reading, path: str, text: str) -> tuple[Fraction, Fraction] | None:
    """The lead's and the cooperating units' parts of a whole; None = unreadable, which is noted.

    >>> ratio(Reading("x"), "split[1].ratio", "7:3")
    (Fraction(7, 10), Fraction(3, 10))
    """
    match = _RATIO.fullmatch("".join(text.split()))
    parts = (Fraction(match[1]), Fraction(match[2])) if match else (Fraction(0), Fraction(0))
    if not sum(parts):
        reading.fault("XP610", path, what="牵头与配合之比", text=text, example="7:3")
        return None
    return parts[0] / sum(parts), parts[1] / sum(parts)


def day_text(reading: Reading, path: str, text: str) -> date | None:
    """A day written as text inside a list; None = unreadable, which is noted."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        reading.fault("XP610", path, what="日期", text=text, example="2023-01-01")
        return None


def day_bound(reading: Reading, path: str, text: str) -> tuple[Comparison, date] | None:
    """A bound on a day such as “>= 2021-01-01”; None = a fault that is noted."""
    match = _BOUND.fullmatch(text)
    if not match:
        reading.fault("XP610", path, what="日期界限", text=text, example=">= 2021-01-01")
        return None
    day = day_text(reading, path, match[2])
    return None if day is None else (_COMPARISONS[match[1]], day)


def currency_of(reading: Reading, path: str, text: str) -> str:
    """The usual name of a foreign currency; "" = none, or an unknown one, which is noted.

    >>> currency_of(Reading("x"), "currency[1].name", "美金")
    '美元'
    """
    found = foreign_currency(text)
    if text and not found:
        reading.fault("XP606", path, text=text, what="外币", known="、".join(FOREIGN_CURRENCIES))
    return found


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
    """A year, quarter, month or span of years in canonical writing."""
    found = parse_period(text)
    if text and found is None:
        example = "2021、2021Q3、2021-09 或 2021-2025"
        reading.fault("XP610", path, what="期间", text=text, example=example)
    return str(found or "")
