"""The numbers of a text: which are figures, what each says, and which are dates or headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

from xlplan.quantity import Qualifier, Quantity, parse_place, parse_quantity, unit_named
from xlplan.quantity.numerals import SCALES
from xlplan.quantity.words import AFTER, BEFORE, PER, PREFIXES, UNITS, alternatives

Kind = Literal["money", "rate", "count", "rank", "bare"]

_YI = 10**8


@dataclass(frozen=True, slots=True)
class Said:
    """A figure as a text says it, at `start` up to `end` of the text.

    `value` is money in 亿元 (or 亿 of `currency`), a share (12% and 12个百分点 are 3/25), a count,
    a place, or a bare number. `step` is what its last digit is worth, measured alike. `turn` is -1
    after words such as 下降 or 欠序时, 1 after 增长 or 超序时, else 0; the value has that sign. Of
    增长-8%, which `is_signed_twice`, the figure prevails.
    """

    text: str
    start: int
    end: int
    kind: Kind
    value: Fraction
    step: Fraction
    unit: str = ""
    currency: str = ""
    qualifier: Qualifier = Qualifier.EXACT
    turn: int = 0
    is_signed_twice: bool = False

    @property
    def is_points(self) -> bool:
        """Whether it is a difference of shares."""
        return self.unit.endswith("百分点")


_ARABIC = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_SCALED = rf"{_ARABIC}(?:[余多]?(?:万亿|[千百十]?[万亿]|[千百])(?:{_ARABIC}[千百十]?万?)?)*[余多]?"
_CHINESE = "[零一二两三四五六七八九十][零一二两三四五六七八九十百千万亿点余多]*"
_CHINESE_UNITS = [
    "元",
    "美元",
    "欧元",
    "港元",
    "日元",
    "个百分点",
    "成",
    "倍",
    "个项目",
    "个企业",
    "个单位",
    "家企业",
    "家单位",
    "户企业",
    "个园区",
    "个部门",
]
"""After a Chinese numeral only these make a figure: 两个方面 is none."""

_MORE_UNITS = ("个园区", "个部门", "名", "位")

_FIGURE = re.compile(
    rf"(?P<before>{alternatives(BEFORE)})?(?P<sign>[-+])?(?P<currency>{alternatives(PREFIXES)})?"
    rf"(?:(?P<per>{alternatives(PER)}){_CHINESE}"
    rf"|(?:{alternatives(PER)})?{_SCALED}(?P<unit>{alternatives((*UNITS, *_MORE_UNITS))})?"
    rf"|{_CHINESE}(?P<chinese>{alternatives(_CHINESE_UNITS)}))"
    rf"(?P<after>{alternatives(AFTER)})?"
)
_PLACE = re.compile(
    r"(?:(?:排名|位居|位列|位次|排|居|列)第?(?P<bare>[0-9]{1,3})|第(?P<nth>[0-9]{1,3}|[一二三四五六七八九十]))"
    r"(?:名|位)"
    r"|(?:排名|位居|位列|居|列)第(?P<last>[0-9]{1,3}|[一二三四五六七八九十])"
    r"|(?<=[0-9%])\((?P<beside>[0-9]{1,3})\)"
)

_NUMBER = r"[0-9一二三四五六七八九十百零两]+"
_MONTHS = r"[0-9]{1,2}月?\s*[-—~至到]+\s*[0-9]{1,2}月(?:份)?"
_NO_FIGURES = re.compile(
    "|".join(
        (
            r"[^\s!(),。;:、]+![A-Z]{1,3}[0-9]{1,7}",  # 项目台账!N19
            r"[0-9A-Za-z._%+-]+@[0-9A-Za-z.-]+|https?://\S+",
            r"[0-9]{4}年?\s*[-—~至到]+\s*[0-9]{4}年",
            rf"(?:[0-9]{{4}}年)?{_MONTHS}",
            r"[0-9]{4}年(?:\s*[0-9]{1,2}月(?:份)?(?:\s*[0-9]{1,2}日)?)?",
            r"[0-9]{4}(?:Q[1-4]|H[12])",
            r"[0-9]{4}([-./])[0-9]{1,2}(?:\1[0-9]{1,2})?(?![0-9])",
            r"[0-9]{1,2}月(?:份)?(?:[0-9]{1,2}日)?|[0-9]{1,2}[日时](?:[0-9]{1,2}分)?|[0-9]{1,2}:[0-9]{2}",
            r"(?:第?[一二三四1-4]|前[一二三两2-3])(?:个)?季度|[上下]半年|\"?十[一二三四五]五",
            rf"第{_NUMBER}(?:条|款|项|章|节|页|次|批|期|号|届|类|部分|阶段|轮|稿|版|分册|列|行|格)",
            rf"(?:附件|附表|附录|备注|表|图|注){_NUMBER}",
            r"\([0-9]{4}\)\s*[0-9]+\s*号|[0-9]+号",
            r"(?<![0-9.])(?:0[0-9]{2,3}-[0-9]{7,8}|1[3-9][0-9]{9})(?![0-9])",
            r"(?<=电话[:：])[0-9]{7,8}",
            r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])",
            r"(?<![A-Za-z$])(?!RMB|CNY|USD|EUR|HKD|JPY)[A-Za-z]+[-_]?[0-9][0-9A-Za-z_-]*",
            r"[0-9]+[A-Za-z]+[0-9A-Za-z-]*",
            r"(?m:^)\s*\(?[0-9]{1,2}(?:[).、](?![0-9])|\.(?![0-9]))",
            r"(?<=[:：\s。;])[0-9]{1,2}\.(?![0-9])",
            r"\([0-9]{1,2}\)(?=[^\s0-9)])",
            r"[0-9]+(?:\.[0-9]+)?[:/][0-9]+(?:\.[0-9]+)?(?![0-9])",
            rf"{_NUMBER}个?(?:工作日|日|天|小时|分钟|个月|月|年|周)(?:以内|之内|内|前|后|以来|以上)",
            r"[0-9]+(?:小时|分钟|周年|周岁|岁|年|个月|月)",
            r"前[0-9]{1,3}(?:名|位)",
            (
                rf"(?:{_SCALED}|{_CHINESE})(?:{alternatives(UNITS)})?(?:\(含\))?及?以[上下]的?"
                r"(?=[^,。;、]{0,6}(?:项目|企业|工业|产业|单位|园区|工程))"
            ),
        )
    )
)
"""Numbers that say no amount: cells, dates, numbers of documents, clauses and lists, phones, codes,
time limits, and thresholds that name a kind of project."""

_RISES = "增长 上升 提高 提升 增加 超序时 高于 快于 领先 超过序时 超前 增幅 多出 增 超 快"
_FALLS = "负增长 下降 减少 降低 回落 下滑 欠序时 低于 慢于 落后 滞后 短收 降幅 缩减 少于 降 欠 慢"
_TURNS = re.compile(alternatives((*_RISES.split(), *_FALLS.split())))
_DOWN = frozenset(_FALLS.split())
_TURN_ENDS = re.compile(r"至|到|序时进度?(?:为|是)|[,。;:、(]")
"""After these words of a turn the number is no change: 下降至 says where it ended."""


def without_labels(plain: str) -> str:
    """A normal text of which every number that is no figure is blanked, place for place.

    >>> without_labels("截至2021年9月30日,第3条:完成12亿元")
    '截至          ,   :完成12亿元'
    """
    return _NO_FIGURES.sub(lambda found: " " * len(found[0]), plain)


def labels(plain: str) -> int:
    """How many numbers of a normal text are no figures."""
    return sum(bool(re.search("[0-9]", found[0])) for found in _NO_FIGURES.finditer(plain))


def spot(plain: str, unit: str = "") -> Iterator[Said]:
    """Every figure of a normal text from which `without_labels` has taken what is none.

    `unit` is what a bare number counts where the text writes no unit: 亿元 in a column of 亿元.

    >>> [(said.kind, said.value, said.turn) for said in spot("完成1.5亿元,同比下降8%,列第3位")]
    [('money', Fraction(3, 2), 0), ('rate', Fraction(-2, 25), -1), ('rank', Fraction(3, 1), 0)]
    """
    return iter(sorted(_spotted(plain, unit), key=lambda said: said.start))


def _spotted(plain: str, unit: str) -> Iterator[Said]:
    """Places in a ranking, then all else."""
    places = list(_PLACE.finditer(plain))
    for found in places:
        number = found["bare"] or found["nth"] or found["last"] or found["beside"]
        yield _rank(found[0], found.start(), number)
    taken = _blanked(plain, [found.span() for found in places])
    for found in _FIGURE.finditer(taken):
        if said := _read(found, taken, unit):
            yield said


def _blanked(plain: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        plain = f"{plain[:start]}{' ' * (end - start)}{plain[end:]}"
    return plain


def _rank(text: str, start: int, number: str) -> Said:
    place = parse_place(f"第{number}")
    value = place.value if place else Fraction(0)
    return Said(text, start, start + len(text), "rank", value, Fraction(1), "位")


def _read(found: re.Match[str], plain: str, unit: str) -> Said | None:
    """One figure; None where the text only looks like one."""
    text = found[0]
    if found["sign"] and re.search(r"[0-9A-Za-z)]\s*\Z", plain[: found.start()]):
        text = text[1:]  # a dash between two numbers is no sign
    read = _quantity(text, found, unit)
    if read is None:
        return None
    start = found.end() - len(text)
    turn = _turn(plain[:start]) if read.kind == "rate" or _is_change(plain[:start]) else 0
    return _said(read, text, start, turn)


@cache
def _quantity_of(text: str, unit: str) -> Quantity | None:
    read = parse_quantity(text, unit)
    return read if isinstance(read, Quantity) else None


def _quantity(text: str, found: re.Match[str], unit: str) -> Quantity | None:
    for more in _MORE_UNITS[:2]:
        text = text.replace(more, "个")
    if found["unit"] is None and found["chinese"] is None and unit_named(unit) is None:
        unit = ""
    return _quantity_of(text, unit)


def _is_change(before: str) -> bool:
    """Whether an amount is said as a change: 增加3亿元, but not 增长到3亿元."""
    return re.search(r"(?:增加|减少|增|减|多|少)(?:了|约|近)?\s*\Z", before) is not None


def _turn(before: str) -> int:
    """Whether the words before a figure say that it goes up or down."""
    clause = re.split(r"[,。;(]", before)[-1]
    turns = list(_TURNS.finditer(clause))
    if not turns or _TURN_ENDS.search(clause[turns[-1].end() :]):
        return 0
    return -1 if turns[-1][0] in _DOWN else 1


def _said(read: Quantity, text: str, start: int, turn: int) -> Said:
    kind, scale = _kind_of(read), _scale_of(read)
    value = read.value / (_YI if kind == "money" else 1)
    negative = value < 0
    if turn and not negative:
        value *= turn
    return Said(
        text,
        start,
        start + len(text),
        kind,
        value,
        _step(text, scale),
        unit=read.unit,
        currency="" if read.currency == "CNY" else read.currency,
        qualifier=read.qualifier,
        turn=turn,
        is_signed_twice=bool(turn) and negative,
    )


def _kind_of(read: Quantity) -> Kind:
    if read.kind == "number":
        return "count" if read.unit else "bare"
    return read.kind


def _scale_of(read: Quantity) -> Fraction:
    """What one of its unit is worth, measured as `Said.value`."""
    unit = unit_named(read.unit)
    scale = unit.scale if unit else Fraction(1)
    return scale / _YI if read.kind == "money" else scale


_PARTS = re.compile(
    rf"[0-9](?:\.(?P<decimals>[0-9]+))?(?P<scale>{alternatives(SCALES.keys() - {''})})?"
)
"""The last digit of each part of a numeral such as 1亿8千万."""


def _step(text: str, scale: Fraction) -> Fraction:
    """What the last digit is worth: of 1亿8千万 千万, of a Chinese numeral its last decimal."""
    spoken = re.search("点([零一二三四五六七八九]+)", text)
    if spoken:
        return scale / Fraction(10) ** len(spoken[1])
    parts = list(_PARTS.finditer(text))
    if not parts:
        return scale
    last = parts[-1]
    if last["scale"] and sum(1 for part in parts if part["scale"]) > 1:
        scale = Fraction(SCALES[last["scale"]], _YI)
    return scale / Fraction(10) ** len(last["decimals"] or "")
