"""The words of units, currencies and qualifiers: tables that a new word is a row of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from xlplan.quantity.glyphs import normal, squeeze
from xlplan.quantity.nouns import Kind, Qualifier
from xlplan.quantity.numerals import SCALES

POINTS = "百分数"
"""Column unit whose bare numbers are per cent for certain: 12 is 12%."""

SHARES = "小数"
"""Column unit whose bare numbers are shares for certain, as under Excel's % format: 0.12 is 12%."""

MONEY_WORDS = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "HKD": "港元",
    "JPY": "日元",
    "GBP": "英镑",
    "KRW": "韩元",
    "SGD": "新加坡元",
    "TWD": "新台币",
    "MOP": "澳门元",
    "AUD": "澳元",
    "CAD": "加元",
    "CHF": "瑞士法郎",
}
"""How amounts of each currency are written."""

_SUFFIXES: tuple[tuple[str, str], ...] = (
    ("CNY", "元 元整 元人民币 人民币元 人民币 RMB CNY"),
    ("USD", "美元 美金 USD"),
    ("EUR", "欧元 EUR"),
    ("HKD", "港元 港币 HKD"),
    ("JPY", "日元 日币 JPY"),
    ("GBP", "英镑 GBP"),
    ("KRW", "韩元 韩币 韩圆 KRW"),
    ("SGD", "新加坡元 新加坡币 新元 新币 SGD"),
    ("TWD", "新台币 新台币元 台币 TWD"),
    ("MOP", "澳门元 澳门币 MOP"),
    ("AUD", "澳元 澳大利亚元 澳币 AUD"),
    ("CAD", "加元 加拿大元 加币 CAD"),
    ("CHF", "瑞士法郎 CHF"),
)

_PREFIXES: tuple[tuple[str, str], ...] = (
    ("CNY", "¥ 人民币 RMB CNY"),
    ("USD", "$ US$ USD 美元 美金"),
    ("EUR", "€ EUR 欧元"),
    ("HKD", "HK$ HKD 港币 港元"),
    ("JPY", "JPY 日元 日币"),
    ("GBP", "£ GBP 英镑"),
    ("KRW", "KRW 韩元 韩币"),
    ("SGD", "SGD 新加坡元 新币"),
    ("TWD", "TWD NT$ 新台币 台币"),
    ("MOP", "MOP 澳门元 澳门币"),
    ("AUD", "AUD 澳元 澳币"),
    ("CAD", "CAD 加元 加币"),
    ("CHF", "CHF 瑞士法郎"),
)

_COUNTS = (
    "个 家 户 条 项 件 次 人 名 位 人次 台 套 辆 宗 批 份 场 所 处 座 栋 间 支 种 类 "
    "个项目 个企业 个单位 个工程 家企业 家单位 户企业 户商户 项工程 条产业链"
)

_RATES: tuple[tuple[str, Fraction], ...] = (
    ("%", Fraction(1, 100)),
    ("个百分点", Fraction(1, 100)),
    ("百分点", Fraction(1, 100)),
    ("‰", Fraction(1, 1000)),
    ("成", Fraction(1, 10)),
)

_PLAIN = "亩 平方米 平方公里 公里 吨 天 工作日 个工作日 小时 个月 倍 分"

_BEFORE: tuple[tuple[Qualifier, str], ...] = (
    (Qualifier.ABOUT, "约 大约 大概"),
    (Qualifier.NEAR, "近 将近 接近"),
    (Qualifier.EXACT, "达 达到"),
    (Qualifier.STRIVE, "力争 力争达 力争达到 力争完成 力争实现 力争突破"),
    (Qualifier.OVER, "超 超过 逾 突破 高于 大于 多于 >"),
    (Qualifier.AT_LEAST, "不低于 不少于 不小于 至少 ≥ >="),
    (Qualifier.AT_MOST, "不超过 不高于 不多于 不大于 至多 最多 ≤ <="),
    (Qualifier.BELOW, "低于 少于 小于 不足 不到 不满 <"),
)

_AFTER: tuple[tuple[Qualifier, str], ...] = (
    (Qualifier.ABOUT, "左右 上下"),
    (Qualifier.MORE, "余 多"),
    (Qualifier.AT_LEAST, "以上 及以上"),
    (Qualifier.AT_MOST, "以内 之内 以下 及以下"),
)

_TOGETHER = {
    frozenset[Qualifier](): Qualifier.EXACT,
    frozenset({Qualifier.ABOUT, Qualifier.MORE}): Qualifier.ABOUT,
    frozenset({Qualifier.ABOUT, Qualifier.NEAR}): Qualifier.ABOUT,
    frozenset({Qualifier.OVER, Qualifier.MORE}): Qualifier.OVER,
    frozenset({Qualifier.STRIVE, Qualifier.AT_LEAST}): Qualifier.STRIVE,
}


ONE = Fraction(1)
"""The scale of a base unit; there is one of it, so that reading can skip the multiplication."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; one of it is worth `scale`, and `base` is its word without 万 or 亿."""

    name: str
    kind: Kind
    currency: str = ""
    scale: Fraction = ONE
    base: str = ""

    def times(self, magnitude: str) -> "Unit":
        """The unit under a magnitude: 亿元 from 元 and 亿."""
        if not magnitude:
            return self
        scale = self.scale * SCALES[magnitude]
        return Unit(magnitude + self.name, self.kind, self.currency, scale, self.base)


def _units() -> Iterable[tuple[str, Unit]]:
    for currency, words in _SUFFIXES:
        name = MONEY_WORDS[currency]
        yield from ((word, Unit(name, "money", currency, base=name)) for word in words.split())
    yield from ((word, Unit(word, "count", base=word)) for word in _COUNTS.split())
    yield from ((word, Unit(word, "rate", "", scale, word)) for word, scale in _RATES)
    yield from ((word, Unit(word, "number", base=word)) for word in _PLAIN.split())


UNITS = dict(_units())
"""Every unit that a cell may write, by its word (currency codes in capitals)."""

PREFIXES = {word: currency for currency, words in _PREFIXES for word in words.split()}
"""Currency by the word before an amount."""

BEFORE = {word: qualifier for qualifier, words in _BEFORE for word in words.split()}
"""Qualifier by the word before an amount."""

AFTER = {word: qualifier for qualifier, words in _AFTER for word in words.split()}
"""Qualifier by the word after an amount."""

PER = {"百分之": "%", "千分之": "‰"}
"""Unit of a rate by the words before its numeral."""


def alternatives(words: Iterable[str]) -> str:
    """A regular expression that matches the longest of the words."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_COLUMN = re.compile(
    rf"(?P<magnitude>{alternatives(SCALES.keys() - {''})})?(?P<base>{alternatives(UNITS)})?",
    re.IGNORECASE,
)
_SURE_RATES = {
    POINTS: Unit("%", "rate", "", Fraction(1, 100), "%"),
    SHARES: Unit("%", "rate", base="%"),
}


@lru_cache(maxsize=256)
def unit_named(name: str) -> Unit | None:
    """The unit of that name, such as 亿元, 万美元, 个 or %; None when it is not known.

    >>> unit_named("亿美元").currency, unit_named("十万元").scale, unit_named("斗")
    ('USD', Fraction(100000, 1), None)
    """
    return _SURE_RATES.get(name) or written_unit(squeeze(normal(name)) or "")


FOREIGN_CURRENCIES = tuple(name for code, name in MONEY_WORDS.items() if code != "CNY")
"""The currencies besides 元 that a cell may write, by their usual names."""


MONEY_UNITS = {
    f"{magnitude}{word}": unit.times(magnitude).name
    for word, unit in UNITS.items()
    if unit.kind == "money" and (word == "元" or unit.currency != "CNY")
    for magnitude in ("", "万", "亿")
}
"""The units of money that a head or a remark may state, by how it writes them: 万美金 → 万美元."""


def foreign_currency(name: str) -> str:
    """The usual name of a foreign currency by any of its names; "" for 元, or what is none.

    >>> foreign_currency("美金"), foreign_currency("USD"), foreign_currency("人民币")
    ('美元', '美元', '')
    """
    unit = UNITS.get("".join(name.split()).upper())
    usual = MONEY_WORDS.get(unit.currency, "") if unit else ""
    return usual if usual in FOREIGN_CURRENCIES else ""


def written_unit(word: str) -> Unit | None:
    """The unit that a normal word without blanks writes; None when it writes none."""
    found = _COLUMN.fullmatch(word)
    if found is None:
        return None
    base = UNITS[found["base"].upper()] if found["base"] else Unit("", "number")
    return base.times(found["magnitude"] or "")


def together(qualifiers: Iterable[Qualifier]) -> Qualifier | None:
    """What several qualifiers of one amount say; None when they contradict each other.

    >>> together([Qualifier.ABOUT, Qualifier.EXACT, Qualifier.MORE])
    <Qualifier.ABOUT: 'about'>
    """
    said = set(qualifiers) - {Qualifier.EXACT}
    return said.pop() if len(said) == 1 else _TOGETHER.get(frozenset(said))
