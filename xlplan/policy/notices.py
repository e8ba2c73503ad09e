"""What a policy can say of publicity: red and black lists, and the calendars of its rounds.

Rates, gaps and shares are fractions of which 100% is 1; a value is in its measure's own unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from xlplan.policy.marks import Bound

Colour = Literal["red", "black"]
Every = Literal[
    "week", "ten-days", "half-month", "month", "two-months", "quarter", "half-year", "year"
]
ReachedWord = Literal["stretch", "floor", "not", "within", "over"]

EVERY_NAMES: Mapping[Every, str] = {
    "week": "每周",
    "ten-days": "每旬",
    "half-month": "每半月",
    "month": "每月",
    "two-months": "每两个月",
    "quarter": "每季度",
    "half-year": "每半年",
    "year": "每年",
}

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Near:
    """How little may be missing for a near miss: a share of the target, or so many places."""

    share: Fraction | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """A red or black list 红黑榜, and the rule that puts a unit on it.

    Everything written must hold of one measure: to be among the first `top` or last `bottom` of
    the group, every bound of `when`, and to have `reached` one of these. With `at_least` it must
    hold of so many of the measures, and a unit is listed once; without it (0) each measure is
    listed by itself. `groups` and `measures` () = all; `left_out` units are never listed.
    """

    id: str
    name: str
    colour: Colour
    groups: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    top: int | None = None
    bottom: int | None = None
    when: tuple[Bound, ...] = ()
    reached: tuple[ReachedWord, ...] = ()
    at_least: int = 0
    left_out: tuple[str, ...] = ()
    near: Near | None = None
    clause: str = ""

    @property
    def text(self) -> str:
        """The rule in a clerk's words.

        >>> Board(
        ...     "b", "红榜", "red", top=3, when=(Bound("rate", ">=", Fraction(1), ">= 100%"),)
        ... ).text
        '前 3 名，完成率 100%及以上'
        """
        said = [f"前 {self.top} 名"] if self.top else []
        said += [f"后 {self.bottom} 名"] if self.bottom else []
        said += [f"{INPUT_NAMES[bound.of]} {bound_said(bound)}" for bound in self.when]
        said += ["或".join(REACHED_WORDS[word] for word in self.reached)] if self.reached else []
        often = f"（至少 {self.at_least} 项指标）" if self.at_least else ""
        return "，".join(said) + often


_COMPARED = {">=": "{}及以上", ">": "超过{}", "<=": "{}及以下", "<": "低于{}"}


def bound_said(bound: Bound) -> str:
    """A bound in a clerk's words.

    >>> bound_said(Bound("gap", "<", Fraction(-1, 10), "< -10个百分点"))
    '低于-10个百分点'
    """
    return _COMPARED[bound.comparison].format(bound.text.removeprefix(bound.comparison).strip())


INPUT_NAMES: Mapping[str, str] = {
    "rate": "完成率",
    "value": "完成数",
    "gap": "序时差",
    "rank": "位次",
}

REACHED_WORDS: Mapping[ReachedWord, str] = {
    "stretch": "力争完成",
    "floor": "达标",
    "not": "未达标",
    "within": "未超限",
    "over": "超限",
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """A round 通报、考核、调度 that comes again: how often, and by when after each span.

    `due` counts days after the span's last day; of a week `weekday` (1 = Monday) is the day itself.
    """

    id: str
    name: str
    every: Every
    what: str
    clause: str
    due: int = 0
    weekday: int = 0
