"""Names of projects and investors: when two are the same name, and what of a name tells it apart.

Two names are the same when they differ only in how they are typed. Everything beyond that (legal
form, region, 项目, abbreviations) only ranks candidates, and what marks a project as another one
(一期/二期, 扩建, 增资, a capacity) is read out so that it keeps projects apart.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from xlplan.reconciling.traditional import SIMPLIFIED

_BRACKETS = str.maketrans("[]{}<>〔〕【】〖〗「」『』《》〈〉〘〙", "()" * 11)
_SILENT = re.compile(r"[\s\"'“”‘’`·•・‧∙,、。，;:：；\-_—–―─~～|/\\\u200b-\u200f\ufeff\u00ad]+")
_EMPTY_BRACKETS = re.compile(r"\(\)")

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|"
    "广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|中国|"
    "成都|深圳|广州|杭州|南京|武汉|苏州|西安|宁波|青岛|厦门|长沙|郑州|合肥"
)
_RANKS = "特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|省|市|县|区"
_NO_PLACE = "城都园厂社小片景校矿库港新街专城"
_REGION = re.compile(
    rf"^(?:\(?(?:{_PROVINCES})(?:{_RANKS})?\)?"
    rf"|[\u4e00-\u9fff]{{1,3}}?(?<![{_NO_PLACE}])[市县](?!政|场)"
    rf"|[\u4e00-\u9fff]{{2}}(?<![{_NO_PLACE}])区"
    r"|[\u4e00-\u9fff]{2,3}?[镇乡](?!村))"
)
_INNER_REGION = re.compile(rf"\((?:{_PROVINCES})(?:{_RANKS})?\)")
_LEGAL = re.compile(
    r"\(?(?:集团股份有限公司|股份有限公司|有限责任公司|集团有限公司|控股有限公司|有限公司|总公司|分公司|"
    r"子公司|公司|合伙企业|\(?(?:有限|普通)合伙\)?|\(?集团\)?|控股)\)?"
)
_GENERIC = re.compile(
    r"产业园区?|工业园区?|建设项目|投资项目|招商项目|新建项目|生产项目|项目|建设工程|工程|建设|投资|新建|年产|生产线|生产基地|"
    r"产业基地|制造基地|基地|生产|制造|加工|园区|一体化|综合|开发"
)

_DIGITS = dict(zip("123456789", "一二三四五六七八九", strict=True)) | {"10": "十", "两": "二"}
_ROMANS = {"I": "一", "II": "二", "III": "三", "IV": "四", "V": "五", "VI": "六"}
_STAGE = re.compile(
    r"第?\(?(?<![0-9])(?P<which>首|[一二两三四五六七八九十]{1,2}|10|[1-9](?![0-9])"
    r"|(?<![A-Z])[IV]{1,3}(?![A-Z]))\)?"
    r"(?P<what>期(?!间|货|刊)|批|阶段|标段|分厂|厂区|工厂|车间|号(?:厂房|生产线|线|楼|地块)|厂(?![房商]))"
)
_LAST_STAGE = re.compile(r"\(?(?<![0-9A-Z])(?P<which>[一二三四五六七八九]|[1-9]|[IV]{1,3})\)?$")
_SIDE = re.compile(
    r"(?P<side>[东南西北][厂片园]?区|[A-HJ-NP-Z](?:区|地块|座|栋|线)|[A-HJ-NP-Z](?=\)?$))"
)
_WORK = re.compile(
    r"改扩建|扩建|扩能|扩产|扩大|扩容|增资|增产|追加|续建|迁建|搬迁|技改|技术改造|改造|升级|提升|新增|"
    r"补充|配套|重启|重组|并购|收购|更新|二次|第二|后续|延伸|分公司|总部|辅助|附属"
)
_SAME_WORK = {"技术改造": "技改", "追加": "增资", "后续": "续建"}
_AMOUNT = re.compile(
    r"(?P<figure>[0-9]+(?:\.[0-9]+)?)(?P<times>[百千万亿]*)"
    r"(?P<unit>[吨台套件辆只头亩米条个座架片支箱瓶升锭]|GWH|MWH|GW|MW|KW"
    r"|平方米|立方米|吉瓦时?|兆瓦时?|千瓦)"
)


@lru_cache(maxsize=1 << 17)
def same_name(text: str) -> str:
    """The form in which two names must be equal to be the same: how it is typed does not matter.

    Full and half width, kinds of brackets, blanks, dots and dashes, letter case and traditional
    characters are typing; legal forms, regions and 项目 are not.

    >>> same_name("華蘭生物（重庆） 有限公司") == same_name("华兰生物(重庆)有限公司")
    True
    >>> same_name("华兰有限公司") == same_name("华兰股份有限公司")
    False
    """
    if not text:
        return ""
    plain = unicodedata.normalize("NFKC", text).upper().translate(SIMPLIFIED).translate(_BRACKETS)
    return _EMPTY_BRACKETS.sub("", _SILENT.sub("", plain))


@dataclass(frozen=True, slots=True)
class Name:
    """What a name says beyond its letters.

    `core` is what is left without region, legal form and 项目; `telling` without words that many
    projects have in common; `letters` its characters in a fixed order. `marks` keep
    projects of one name apart (一期, 扩建), `figures` are its capacities.
    """

    same: str
    core: str
    telling: str
    letters: str
    marks: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()

    def may_be(self, other: "Name") -> bool:
        """Whether nothing in the two names says that they are two projects."""
        return self.marks == other.marks and not (
            self.figures and other.figures and self.figures != other.figures
        )


class Names:
    """Reads names; regions (areas, towns, units of this ledger) are what many names begin with.

    >>> read = Names(["甲县", "甲县工业园区"]).read
    >>> read("甲县华兰疫苗生产基地项目（二期）").core
    '华兰疫苗生产基地二期'
    >>> sorted(read("华兰公司年产5万吨疫苗技改扩建项目").marks)
    ['扩建', '技改']
    """

    def __init__(self, regions: Iterable[str] = ()) -> None:
        known = {same_name(region) for region in regions} - {""}
        self._regions = _short_forms(known)
        self._lengths = sorted({len(region) for region in self._regions}, reverse=True)
        self._read: dict[str, Name] = {}
        self._investors: dict[str, str] = {}

    def read(self, text: str) -> Name:
        """A project's name."""
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = self._understood(same_name(text))
        return found

    def _understood(self, same: str) -> Name:
        start = same[:_LONGEST]
        core = self.core(start)
        telling = _GENERIC.sub("", core) or core
        marks = _marks(self._without_region(start))
        letters = "".join(sorted(telling))
        return Name(same, core, telling, letters, marks, _figures(start))

    def core(self, same: str) -> str:
        """The name without regions before it, legal forms, brackets and 项目 at its end."""
        rest = _INNER_REGION.sub("", self._without_region(same))
        rest = self._without_region(_LEGAL.sub("", rest))
        rest = _AMOUNT.sub(_amount, _STAGE.sub(_stage, rest)).replace("(", "").replace(")", "")
        return _without_ending(rest) or rest or same

    def investor(self, text: str) -> str:
        """The core of an investor's name, "" without one.

        >>> Names().investor("重庆市华兰生物工程（集团）股份有限公司")
        '华兰生物工程'
        """
        found = self._investors.get(text)
        if found is None:
            found = self._investors[text] = self.core(same_name(text)[:_LONGEST]) if text else ""
        return found

    def _without_region(self, name: str) -> str:
        """Regions before the name, as long as enough of it stays to tell it by."""
        while True:
            known = next((n for n in self._lengths if name[:n] in self._regions), 0)
            found = None if known else _REGION.match(name)
            rest = name[known or (found.end() if found else 0) :]
            if rest == name or len(rest.strip("()")) < _ENOUGH:
                return name
            name = rest


_LONGEST = 200
"""Characters of a name that are taken apart; nobody names a project at greater length."""

_ENOUGH = 3
"""Characters that must be left of a name."""


def _short_forms(regions: Collection[str]) -> set[str]:
    """Regions, and as they are said for short: 甲乙县 is 甲乙."""
    short = {re.sub(r"(?:街道|[省市区县镇乡])$", "", region) for region in regions}
    return {*regions, *(name for name in short if len(name) > 1)}


def _without_ending(name: str) -> str:
    """The name without 项目 and the like at its end, also before a stage."""
    return re.sub(
        r"(?:投资建设|建设|投资|招商|新建)?项目(?=$|[第首一二三四五六七八九0-9])", "", name
    )


def _marks(same: str) -> frozenset[str]:
    """What says that this is a stage, an extension or a part of something.

    >>> sorted(_marks("华兰项目(2期)")), sorted(_marks("华兰项目II"))
    (['二期'], ['二期'])
    >>> sorted(_marks("华兰追加投资项目B区"))
    ['B区', '增资']
    """
    marks = {_stage(one) for one in _STAGE.finditer(same)}
    last = _LAST_STAGE.search(same)
    if last and not marks:
        marks.add(_ordinal(last["which"]) + "期")
    marks |= {one["side"] for one in _SIDE.finditer(same)}
    return frozenset(
        marks | {_SAME_WORK.get(one, one) for one in _WORK.findall(_STAGE.sub("", same))}
    )


def _stage(found: re.Match[str]) -> str:
    return _ordinal(found["which"]) + found["what"]


def _ordinal(written: str) -> str:
    if written == "首":
        return "一"
    return _ROMANS.get(written) or _DIGITS.get(written) or written


def _figures(same: str) -> frozenset[str]:
    """Capacities such as 5万吨: two projects of one name may differ in nothing else.

    >>> _figures("年产50000吨隔膜") == _figures("年产5万吨隔膜")
    True
    """
    return frozenset(_amount(one) for one in _AMOUNT.finditer(same))


_SAME_UNIT = {"吉瓦": "GW", "吉瓦时": "GWH", "兆瓦": "MW", "兆瓦时": "MWH", "千瓦": "KW"}
_TIMES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


def _amount(found: re.Match[str]) -> str:
    whole, _, part = found["figure"].partition(".")
    value, places = int(whole + part), len(part)
    for word in found["times"]:
        value *= _TIMES[word]
    while places and value % 10 == 0:
        value, places = value // 10, places - 1
    unit = _SAME_UNIT.get(found["unit"], found["unit"])
    return f"{value}{f'e-{places}' if places else ''}{unit}"
