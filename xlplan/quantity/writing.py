"""Quantities and figures written out, exactly or rounded half up (四舍五入)."""

import re
from fractions import Fraction

from xlplan.quantity.glyphs import normal
from xlplan.quantity.nouns import Kind, Part, Qualifier, Quantity
from xlplan.quantity.numerals import CHARACTERS, LARGE
from xlplan.quantity.words import BEFORE, MONEY_WORDS, UNITS, Unit, alternatives, unit_named

_YI = 10**8
_WAN = 10**4

_WRITTEN = {
    Qualifier.EXACT: ("", ""),
    Qualifier.ABOUT: ("约", ""),
    Qualifier.NEAR: ("近", ""),
    Qualifier.OVER: ("超过", ""),
    Qualifier.AT_LEAST: ("", "以上"),
    Qualifier.AT_MOST: ("", "以内"),
    Qualifier.BELOW: ("不足", ""),
    Qualifier.STRIVE: ("力争", ""),
}
"""What a qualifier puts before the numeral and after the unit; 余 stands between them."""


def to_grains(value: Fraction, per_unit: int = 100) -> int:
    """A value in whole grains, half a grain rounded up (away from zero): 元 to 分 by default.

    >>> to_grains(Fraction("1.005")), to_grains(Fraction("-1.005")), to_grains(Fraction(13), 10**6)
    (101, -101, 13000000)
    """
    twice, whole = 2 * abs(value.numerator) * per_unit, 2 * value.denominator
    grains = (twice + value.denominator) // whole
    return grains if value >= 0 else -grains


def fits_grains(value: Fraction, per_unit: int = 100) -> bool:
    """Whether `to_grains` loses nothing, so that no rounding need be reported.

    >>> fits_grains(Fraction("0.01")), fits_grains(Fraction("0.001"))
    (True, False)
    """
    return per_unit % value.denominator == 0


def fen(quantity: Quantity) -> int | None:
    """Money in 分, rounded half up; None when the quantity is not Chinese money.

    >>> fen(Quantity(Fraction("1.6") * 10**8, "money", "1.6亿元", currency="CNY"))
    16000000000
    """
    return to_grains(quantity.value) if quantity.currency == "CNY" else None


def format_decimal(value: Fraction, places: int, *, grouped: bool = False) -> str:
    """A value with so many decimals, rounded half up (away from zero); never -0.

    >>> format_decimal(Fraction(1, 8), 2), format_decimal(Fraction(-1, 2), 0)
    ('0.13', '-1')
    >>> format_decimal(Fraction(2469, 2), 1, grouped=True)
    '1,234.5'
    """
    scaled = to_grains(value, 10**places)
    whole, decimals = divmod(abs(scaled), 10**places)
    tail = f".{decimals:0{places}}" if places else ""
    return f"{'-' if scaled < 0 else ''}{whole:{',' if grouped else ''}}{tail}"


def format_yi(value: Fraction, places: int = 2) -> str:
    """Money given in 元, written in 亿元 without the unit, rounded half up.

    >>> format_yi(Fraction(123_450_000))
    '1.23'
    """
    return format_decimal(value / _YI, places)


def exact_decimal(value: Fraction, cut: int = 12) -> str:
    """An exact decimal without trailing zeros; only a repeating one is cut after `cut` places.

    >>> (
    ...     exact_decimal(Fraction(8, 5)),
    ...     exact_decimal(Fraction(617, 7500)),
    ...     exact_decimal(Fraction(0)),
    ... )
    ('1.6', '0.082266666666', '0')
    """
    places = _decimal_places(value.denominator)
    scale = 10 ** (cut if places is None else places)
    whole, decimals = divmod(abs(value.numerator) * scale // value.denominator, scale)
    tail = f"{decimals:0{len(str(scale)) - 1}}".rstrip("0") if decimals else ""
    sign = "-" if value < 0 and (whole or decimals) else ""
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"


def _decimal_places(denominator: int) -> int | None:
    """How many decimals a fraction with this denominator has; None when it repeats."""
    counts = []
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        counts.append(count)
    return max(counts) if denominator == 1 else None


def format_quantity(quantity: Quantity) -> str:
    """A quantity in canonical writing; it reads back to the same value, kind, currency and parts.

    A value that is no finite decimal in its unit is cut, as `exact_decimal` says.

    >>> format_quantity(Quantity(Fraction(160_000_000), "money", "", "CNY"))
    '1.6亿元'
    >>> format_quantity(Quantity(Fraction(3, 25), "rate", "", stretch=Fraction(3, 20)))
    '12%，力争15%'
    """
    unit = _unit_of(quantity)
    said = [_said(quantity.value, unit, quantity.qualifier)]
    if quantity.stretch is not None:
        said.append(f"，力争{_said(quantity.stretch, unit, quantity.stretch_qualifier)}")
    if quantity.of_which:
        said.append(f"（其中：{'、'.join(_part(part, unit) for part in quantity.of_which)}）")
    if quantity.note:
        said.append(f"（{quantity.note}）")
    return "".join(said)


_RUNS_INTO_AMOUNT = re.compile(rf"(?:[{CHARACTERS}]|{alternatives(BEFORE)})\Z")


def _part(part: Part, unit: Unit) -> str:
    """A label and its amount; a colon between them where the label could run into the amount."""
    runs_in = part.qualifier is not Qualifier.EXACT or _RUNS_INTO_AMOUNT.search(normal(part.label))
    return f"{part.label}{'：' if runs_in else ''}{_said(part.value, unit, part.qualifier)}"


def _said(value: Fraction, unit: Unit, qualifier: Qualifier) -> str:
    number = value / unit.scale
    if qualifier is Qualifier.MORE:
        return _with_more(number, unit)
    before, after = _WRITTEN[qualifier]
    return f"{before}{exact_decimal(number)}{unit.name}{after}"


def _with_more(number: Fraction, unit: Unit) -> str:
    """2000余万元, but 3亿余元: after a round number 余 stands before the magnitude."""
    magnitude = unit.name.removesuffix(unit.base)
    said = f"余{magnitude}" if number % 10 == 0 else f"{magnitude}余"
    return f"{exact_decimal(number)}{said}{unit.base}"


def _unit_of(quantity: Quantity) -> Unit:
    """The quantity's own unit if it fits its kind (not 百万元: 2百万元 would read in 万元)."""
    own = unit_named(quantity.unit)
    fits = own is not None and (own.kind, own.currency) == (quantity.kind, quantity.currency)
    if own and fits and own.name.removesuffix(own.base) in LARGE:
        return own
    return _usual_unit(quantity.kind, quantity.currency, abs(quantity.value))


def _usual_unit(kind: Kind, currency: str, size: Fraction) -> Unit:
    if kind == "money":
        magnitude = "亿" if size >= _YI else "万" if size >= _WAN else ""
        return UNITS[MONEY_WORDS[currency]].times(magnitude)
    return {"count": UNITS["个"], "rate": UNITS["%"]}.get(kind) or Unit("", "number")
