"""The filters of templates, one list: what each makes of a number, with an example for the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from operator import itemgetter

from xlplan.documents.numbers import MissingValueError, Number, WrongFilterError, plain
from xlplan.quantity import format_decimal

_WAN_PER_YI = 10**4


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter by its name in templates; `example` is written into the page of templates."""

    name: str
    make: Callable[..., object]
    meaning: str
    example: str


def in_yi(number: object, places: int = 2) -> str:
    """Money in 亿元, without the unit.

    >>> in_yi(Number(Fraction("12.345"), "亿元"))
    '12.35'
    """
    return format_decimal(_number(number, "亿元").in_yi(), places)


def in_wan(number: object, places: int = 0) -> str:
    """Money in 万元, without the unit.

    >>> in_wan(Number(Fraction("0.5"), "亿元"))
    '5000'
    """
    return format_decimal(_number(number, "万元").in_yi() * _WAN_PER_YI, places)


def percent(number: object, places: int = 1) -> str:
    """A share in per cent.

    >>> percent(Number(Fraction(2, 3), "%"))
    '66.7%'
    """
    return f"{format_decimal(_known(number, '百分比') * 100, places)}%"


def points(number: object, places: int = 1) -> str:
    """The size of a difference of shares in 个百分点, without its sign.

    >>> points(Number(Fraction(-9, 100), "%"))
    '9.0个百分点'
    """
    return f"{format_decimal(abs(_known(number, '百分点')) * 100, places)}个百分点"


def whole(number: object) -> str:
    """A count, without its unit.

    >>> whole(Number(Fraction(13), "个"))
    '13'
    """
    return plain(_known(number, "个数"))


def grown(number: object, places: int = 1) -> str:
    """A growth in words that carry its sign: never 增长-8%.

    >>> grown(Number(Fraction(-8, 100), "%")), grown(Number(Fraction(12, 100), "%"))
    ('下降8.0%', '增长12.0%')
    >>> grown(Number(Fraction(0), "%"))
    '持平'
    """
    value = _known(number, "增减")
    if not value:
        return "持平"
    size = format_decimal(abs(value) * 100, places)
    return f"{'增长' if value > 0 else '下降'}{size}%"


def against_pace(number: object, places: int = 1) -> str:
    """A gap to the pace in words that carry its sign.

    >>> against_pace(Number(Fraction(-9, 100), "%")), against_pace(Number(Fraction(1, 40), "%"))
    ('欠序时9.0个百分点', '超序时2.5个百分点')
    """
    value = _known(number, "序时")
    if not value:
        return "与序时持平"
    return f"{'超序时' if value > 0 else '欠序时'}{points(number, places)}"


def more_or_less(number: object, places: int = 2) -> str:
    """A change of an amount in words that carry its sign, with its unit.

    >>> more_or_less(Number(Fraction("-0.3"), "亿元")), more_or_less(Number(Fraction(1, 80), "%"))
    ('减少0.30亿元', '增加1.3个百分点')
    """
    found = _number(number, "增减额")
    value = _known(found, "增减额")
    if not value:
        return "持平"
    turn = "增加" if value > 0 else "减少"
    if found.is_rate:
        return f"{turn}{points(found)}"
    said = plain(abs(value)) if found.unit in _COUNTS else format_decimal(abs(value), places)
    return f"{turn}{said}{found.unit}"


_COUNTS = ("个", "家", "户", "项", "件")


def with_unit(number: object) -> str:
    """A number as it is printed without a filter, with its unit; a rate has its own sign.

    >>> with_unit(Number(Fraction("12.345"), "亿元")), with_unit(Number(Fraction(3, 25), "%"))
    ('12.35亿元', '12.0%')
    """
    found = _number(number, "带单位")
    return f"{found}{'' if found.is_rate else found.unit}"


def at_least(number: object, places: int = 2) -> str:
    """An amount that is enough, with its unit: rounded up, whole where things are counted whole.

    >>> at_least(Number(Fraction(1, 3), "亿元")), at_least(Number(Fraction(5, 2), "个"))
    ('0.34亿元', '3个')
    >>> at_least(Number(Fraction(1, 30), "%"))
    '3.4个百分点'
    """
    found, value = _number(number, "至少"), _known(number, "至少")
    if found.is_rate:
        return f"{format_decimal(_raised(value * 100, 1), 1)}个百分点"
    places = 0 if found.unit in _COUNTS else places
    return f"{format_decimal(_raised(value, places), places)}{found.unit}"


def _raised(value: Fraction, places: int) -> Fraction:
    """A value that is not less and has so many decimals."""
    return Fraction(ceil(value * 10**places), 10**places)


def nearly(units: object, points_off: int = 5) -> list[object]:
    """The units that are behind the pace by no more than these points, the nearest first.

    >>> def unit(name, off):
    ...     lack = Number(None if off > 0 else Fraction(-off), "亿元")
    ...     return {"名称": name, "序时差": Number(Fraction(off, 100), "%"), "距序时": lack}
    >>> units = [unit("甲", -9), unit("乙", -4), unit("丙", 2), unit("丁", -1)]
    >>> [unit["名称"] for unit in nearly(units)]
    ['丁', '乙']
    """
    if not isinstance(units, list) or not all(map(_is_paced, units)):
        raise WrongFilterError("“差一点”前应是单位的名单，如 主指标.各单位")
    least = Fraction(-points_off, 100)
    behind = [unit for unit in units if unit["距序时"] and unit["序时差"] >= least]
    return sorted(behind, key=itemgetter("序时差"), reverse=True)


def _is_paced(unit: object) -> bool:
    """Whether something of a list has a pace to be behind of."""
    heads = ("距序时", "序时差")
    return isinstance(unit, dict) and all(isinstance(unit.get(head), Number) for head in heads)


def placed(number: object) -> str:
    """A rank in words.

    >>> placed(Number(Fraction(3), "位"))
    '第3位'
    """
    return f"第{plain(_known(number, '位次'))}位"


def otherwise(value: object, said: str = "—") -> object:
    """The value, or what is said where there is none: the only way to print a missing one.

    >>> otherwise(Number(None, "亿元"), "未报")
    '未报'
    """
    return said if value is None or (isinstance(value, Number) and value.value is None) else value


def listed(values: object, mark: str = "、", nothing: str = "无") -> str:
    """Names in a row; 无 where there are none.

    >>> listed(["甲园", "乙园"]), listed([])
    ('甲园、乙园', '无')
    """
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise WrongFilterError("“顿号”前应是名单")
    return mark.join(map(str, values)) or nothing


_NUMERALS = "零一二三四五六七八九十"


def numeral(number: object) -> str:
    """A place in a list as a heading writes it.

    >>> numeral(3), numeral(12), numeral(20)
    ('三', '十二', '二十')
    """
    if not isinstance(number, int):
        raise WrongFilterError(f"“序数”前应是序号，不是“{number}”")
    tens, ones = divmod(number, 10)
    lead = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return lead + (_NUMERALS[ones] if ones or not tens else "")


FILTERS = (
    Filter("亿元", in_yi, "金额折成亿元，默认两位小数，不带单位", "{{ 指标.协议资金.完成|亿元(1) }}亿元"),
    Filter("万元", in_wan, "金额折成万元，默认不带小数，不带单位", "{{ 指标.协议资金.完成|万元 }}万元"),
    Filter("百分比", percent, "比率写成百分数，默认一位小数", "{{ 指标.协议资金.完成率|百分比 }}"),
    Filter("百分点", points, "两个比率之差写成个百分点，不带正负", "相差{{ 指标.协议资金.序时差|百分点 }}"),
    Filter("个数", whole, "个数，不带单位", "{{ 指标.重大项目.完成|个数 }}个"),
    Filter("带单位", with_unit, "照写，后面带单位；比率只带百分号", "完成{{ 指标.协议资金.完成|带单位 }}"),
    Filter("增减", grown, "增长x%、下降x%或持平，不会写成增长-x%", "同比{{ 指标.协议资金.同比|增减 }}"),
    Filter("增减额", more_or_less, "增加、减少多少，带单位；比率写成个百分点", "较上期{{ 指标.协议资金.变动|增减额 }}"),
    Filter("序时", against_pace, "超序时、欠序时多少个百分点", "{{ 指标.协议资金.序时差|序时 }}"),
    Filter("至少", at_least, "还差的数，往多里取，带单位；比率写成个百分点", "再有{{ u.距序时|至少 }}即达序时进度"),
    Filter("差一点", nearly, "名单里欠序时不超过几个百分点的单位，差得最少的在前，默认5", "{% for u in 主指标.各单位|差一点(5) %}{% endfor %}"),
    Filter("位次", placed, "位次写成第几位", "列{{ 单位.位次|位次 }}"),
    Filter("序数", numeral, "循环的序号写成一、二、三", "（{{ loop.index|序数 }}）"),
    Filter("或", otherwise, "没有值时写什么，默认“—”", "{{ 单位.完成率|或('—') }}"),
    Filter("顿号", listed, "名单用顿号连起来，空的写“无”", "{{ 欠序时单位|顿号 }}"),
)  # fmt: skip
"""Every filter that a template may use; there are no others."""

BY_NAME: Mapping[str, Filter] = {known.name: known for known in FILTERS}

PICKS = frozenset({"差一点"})
"""The filters that make a list shorter."""

TAKES_NUMBERS = frozenset(BY_NAME) - {"或", "序数", "顿号"} - PICKS
"""The filters that are for numbers only."""


def _number(number: object, name: str) -> Number:
    if not isinstance(number, Number):
        raise WrongFilterError(f"“{name}”前应是数字，不是“{number}”")
    return number


def _known(number: object, name: str) -> Fraction:
    found = _number(number, name)
    if found.value is None:
        raise MissingValueError(found.name or found.unit)
    return found.value
