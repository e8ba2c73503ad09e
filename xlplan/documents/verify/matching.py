"""Which cell of the workbook a figure of a document stands on, and what is wrong when none does."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Literal, NamedTuple

from xlplan.documents.verify.context import Context, Placed
from xlplan.documents.verify.facts import Fact, Facts
from xlplan.documents.verify.spotting import Kind, Said
from xlplan.quantity import Qualifier, to_grains

How = Literal["exact", "rounded", "truncated", "approximate"]
Verdict = Literal[
    "exact", "rounded", "truncated", "approximate", "derived", "elsewhere", "unsupported", "wrong"
]

SUPPORTED: frozenset[str] = frozenset({"exact", "rounded", "truncated", "approximate", "derived"})
"""Verdicts of figures that the workbook bears out where they stand."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A figure with its verdict: the fact it stands on, the one that was meant, and a code.

    `fact` is what it was found to be; `meant` what the workbook has in its place. `code` is the
    diagnostic that says what is wrong, "" = nothing. `basis` says where it comes from.
    """

    placed: Placed
    verdict: Verdict
    fact: Fact | None = None
    meant: Fact | None = None
    code: str = ""
    basis: str = ""

    @property
    def is_supported(self) -> bool:
        """Whether the workbook bears it out."""
        return self.verdict in SUPPORTED


class Fit(NamedTuple):
    """A fact that a figure agrees with, and how nearly."""

    fact: Fact
    how: How


_ORDER: tuple[How, ...] = ("exact", "rounded", "truncated", "approximate")
_NEAR = Fraction(1, 10)
_ABOUT = Fraction(1, 20)


def agrees(said: Said, fact: Fact) -> How | None:
    """How a figure agrees with a fact: exactly, rounded, cut off, or as an about-figure.

    Rounded is half up; what is missing to something may be rounded up, so that it is enough.
    """
    if fact.text == said.text:
        return "exact"
    for value, step in _measured(said, fact):
        if how := _agrees(said, value, step, _signed(said, fact)):
            return how
        if fact.is_lack and value == ceil(fact.value / step) * step:
            return "rounded"
    return None


def _signed(said: Said, fact: Fact) -> Fraction:
    """The fact's value; without its sign where the text gives only a distance."""
    return abs(fact.value) if said.is_points and not said.turn and said.value >= 0 else fact.value


def _measured(said: Said, fact: Fact) -> Iterator[tuple[Fraction, Fraction]]:
    """The figure and what its last digit is worth, as the fact is measured; bare ones both ways."""
    if _are_alike(said, fact):
        yield said.value, said.step
    elif said.kind == "bare":
        for scale in _BARE_SCALES.get(fact.kind, (Fraction(1),)):
            yield said.value * scale, said.step * scale


_BARE_SCALES: dict[Kind, tuple[Fraction, ...]] = {
    "money": (Fraction(1), Fraction(1, 10**4)),
    "rate": (Fraction(1, 100), Fraction(1)),
}
"""What a bare number can be: 亿元 or 万元, per cent or a share."""

_PLACES = frozenset({"位", "名"})


def _are_alike(said: Said, fact: Fact) -> bool:
    if said.kind == "count" and fact.kind == "rank":
        return said.unit in _PLACES
    return (said.kind, said.currency) == (fact.kind, fact.currency)


def _agrees(said: Said, value: Fraction, step: Fraction, true: Fraction) -> How | None:
    if said.qualifier not in (Qualifier.EXACT, Qualifier.STRIVE):
        return "approximate" if _is_about(said.qualifier, value, true) else None
    if value == true:
        return "exact"
    if value == to_grains(true / step, 1) * step:
        return "rounded"
    cut = abs(true / step).__floor__() * step
    return "truncated" if value == (cut if true >= 0 else -cut) else None


def _is_about(qualifier: Qualifier, value: Fraction, true: Fraction) -> bool:
    """Whether 约, 近, 超过 and their like are said truly, and not of something far away."""
    off = true - value
    match qualifier:
        case Qualifier.ABOUT:
            return abs(off) <= abs(true) * _ABOUT
        case Qualifier.NEAR | Qualifier.BELOW:
            return -abs(value) * _NEAR <= off < 0
        case Qualifier.AT_MOST:
            return -abs(value) * _NEAR <= off <= 0
        case Qualifier.AT_LEAST:
            return 0 <= off <= abs(value) * _NEAR
        case _:
            return 0 < off <= abs(value) * _NEAR


@dataclass(frozen=True)
class Matcher:
    """Matches figures with the facts of one workbook."""

    facts: Facts

    def check(self, placed: Placed) -> Checked:
        """The verdict on one figure."""
        said, context = placed.said, placed.context
        scope = self._scope(context)
        here = [fact for fact in scope if _heads_agree(context, fact)]
        if fit := _best(said, here):
            return _supported(placed, fit)
        if fit := _best(said, scope):
            return Checked(placed, "elsewhere", fit.fact, None, "XP886", _at(fit))
        meant = _likely(placed, here) if context.measure else []
        if context.is_firm and (found := _slipped(placed, meant)):
            return found
        return self._not_here(placed, meant)

    def _scope(self, context: Context) -> list[Fact]:
        """The facts of whom and what the figure is about."""
        return [
            fact
            for fact in self.facts.named(*context.subjects)
            if _is_measure(context, fact) and _is_said(context, fact)
        ]

    def _not_here(self, placed: Placed, meant: Sequence[Fact]) -> Checked:
        """Another unit's figure, one from elsewhere, a slip of the pen, or nobody's."""
        said, context = placed.said, placed.context
        others = [fact for fact in self._everywhere(said) if _is_said(context, fact)]
        if said.qualifier is not Qualifier.EXACT:
            others = []  # 约 and its like agree with too much to say whose figure it is
        alike = [fact for fact in others if _heads_agree(context, fact)]
        same = [fact for fact in alike if _is_measure(context, fact)]
        if said.kind in ("count", "rank"):
            others = alike = []  # small whole numbers stand everywhere
            same = same if context.measure and not context.is_firm else []
        if context.is_firm and meant:
            if fit := _best(said, _of_others(context, same)) or _best(said, _own(context, alike)):
                return Checked(placed, "wrong", fit.fact, _nearest(said, meant), "XP887", _at(fit))
        elif fit := _best(said, same) or _best(said, alike) or _best(said, others):
            return Checked(placed, "elsewhere", fit.fact, None, "XP886", _at(fit))
        elif found := _slipped(placed, meant):
            return found
        return Checked(placed, "unsupported", None, _nearest(said, meant), "XP885")

    def _everywhere(self, said: Said) -> Iterator[Fact]:
        """Every fact that the figure could agree with by its size."""
        kinds: tuple[Kind, ...] = (said.kind,)
        if said.kind == "bare":
            kinds = ("money", "rate", "count", "rank")
        if said.kind == "count" and said.unit in _PLACES:
            kinds = ("count", "rank")
        for kind in kinds:
            for scale in (Fraction(1), Fraction(1, 100), Fraction(1, 10**4)):
                if scale == 1 or said.kind == "bare":
                    yield from self.facts.near(kind, said.value * scale, said.step * scale)


def _is_measure(context: Context, fact: Fact) -> bool:
    if not context.measure or not fact.has_measure:
        return True
    return context.measure in fact.names or fact.head == context.measure


def _is_said(context: Context, fact: Fact) -> bool:
    """Whether the words that a general figure asks for stand near, a whole question farther off."""
    return not fact.words or any(
        word in (context.line if len(word) > _LONGEST_WORD else context.near) for word in fact.words
    )


_LONGEST_WORD = 6


_HEADS_ALIKE: dict[str, frozenset[str]] = {
    "完成": frozenset({"目标", "力争", "待定", "差额", "超额"}),
    "目标": frozenset({"完成", "去重完成", "待定", "差额", "超额", "计入"}),
    "待定": frozenset({"目标", "完成", "去重完成", "力争", "差额", "超额", "计入"}),
    "力争": frozenset({"完成", "去重完成", "待定", "差额", "超额", "计入"}),
    "差额": frozenset({"目标", "完成", "去重完成", "待定", "力争", "计入"}),
    "完成率": frozenset({"序时差", "序时", "占比", "同比", "环比"}),
    "占比": frozenset({"完成率", "序时差", "序时", "同比", "环比"}),
    "同比": frozenset({"完成率", "序时差", "序时", "占比", "环比"}),
    "环比": frozenset({"完成率", "序时差", "序时", "占比", "同比"}),
    "位次": frozenset({"目标", "完成"}),
}
"""The heads that a word near a figure rules out."""


def _heads_agree(context: Context, fact: Fact) -> bool:
    return fact.head not in _HEADS_ALIKE.get(context.head, frozenset())


def _could_be(said: Said, fact: Fact) -> bool:
    return not fact.is_derived and any(True for _ in _measured(said, fact))


def _of_others(context: Context, facts: Iterable[Fact]) -> list[Fact]:
    """Facts of other units than the one named."""
    return [fact for fact in facts if fact.names and not fact.names & set(context.subjects)]


def _own(context: Context, facts: Iterable[Fact]) -> list[Fact]:
    """Facts of the unit named, of whatever measure."""
    return [fact for fact in facts if fact.has_measure and fact.names & set(context.subjects)]


def _best(said: Said, facts: Iterable[Fact]) -> Fit | None:
    """The fact that agrees most nearly; of equal ones a cell before what is made of cells."""
    fits = [Fit(fact, how) for fact in facts if (how := agrees(said, fact))]

    return min(fits, key=_distance, default=None)


def _distance(fit: Fit) -> tuple[bool, int, bool]:
    return fit.fact.is_derived, _ORDER.index(fit.how), fit.fact.head not in _USUAL


def _supported(placed: Placed, fit: Fit) -> Checked:
    verdict: Verdict = "derived" if fit.fact.is_derived else fit.how
    return Checked(placed, verdict, fit.fact, basis=_at(fit))


_SAID_HOW = {
    "exact": "",
    "rounded": "，四舍五入",
    "truncated": "，截去尾数",
    "approximate": "，约数",
}


def _at(fit: Fit) -> str:
    """Where the figure stands, and how it was shortened."""
    return f"{fit.fact.source}{_SAID_HOW[fit.how]}"


_USUAL = ("完成", "去重完成", "计入")


def _likely(placed: Placed, facts: Iterable[Fact]) -> list[Fact]:
    """The facts that could have been meant; where no word says which head, the usual one's."""
    said, context = placed.said, placed.context
    could = [fact for fact in facts if _could_be(said, fact)]
    if context.head:
        return could
    usual = ("序时差",) if said.is_points else ("完成率",) if said.kind == "rate" else _USUAL
    return [fact for fact in could if fact.head in usual] or could


def _nearest(said: Said, facts: Sequence[Fact]) -> Fact | None:
    """The nearest of the facts that could have been meant."""
    return min(facts, key=lambda fact: abs(fact.value - said.value), default=None)


_WAN = 10**4


def _slipped(placed: Placed, meant: Sequence[Fact]) -> Checked | None:
    """A figure that is right but for its sign, its unit or a digit."""
    said = placed.said
    for fact in meant:
        if said.turn and agrees(_times(said, Fraction(-1)), fact):
            return Checked(placed, "wrong", None, fact, "XP890")
        if said.kind == "money":
            for factor in (
                Fraction(_WAN),
                Fraction(1, _WAN),
                Fraction(_WAN**2),
                Fraction(1, _WAN**2),
            ):
                if agrees(_times(said, factor), fact) in ("exact", "rounded"):
                    return Checked(placed, "wrong", None, fact, "XP888")
    for fact in meant:
        if _is_typing_slip(said, fact):
            return Checked(placed, "wrong", None, fact, "XP889")
    return None


def _times(said: Said, factor: Fraction) -> Said:

    size = abs(factor)
    return replace(said, value=said.value * factor, step=said.step * size)


_FEWEST_DIGITS = 2


def _is_typing_slip(said: Said, fact: Fact) -> bool:
    """Whether one digit is wrong, left out or doubled, two have changed places, or the point has.

    >>> from xlplan.documents.verify.spotting import spot
    >>> true = Fact(frozenset(), "完成", "money", Fraction("534.34"), "")
    >>> [_is_typing_slip(next(spot(text)), true) for text in ("543.34亿元", "53.434亿元", "77亿元")]
    [True, True, False]
    """
    for value, step in _measured(said, fact):
        true = _signed(said, fact)
        written = str(abs(value / step).__floor__())
        for grains in {to_grains(true / step, 1), int(true / step)}:
            if _is_near(written, str(abs(grains))):
                return True
        if _same_digits(value, true):
            return True
    return False


def _same_digits(value: Fraction, true: Fraction) -> bool:
    """Whether only the decimal point has moved."""
    if not value or not true:
        return False
    ratio = abs(value / true)
    return ratio in (10, Fraction(1, 10), 100, Fraction(1, 100), 1000, Fraction(1, 1000))


def _is_near(written: str, true: str) -> bool:
    """Whether two digits changed places, or one is wrong, missing or too many.

    >>> [_is_near("543", other) for other in ("534", "743", "43", "5543", "345", "12")]
    [True, True, True, True, True, False]
    """
    longest = max(len(written), len(true))
    if longest < _FEWEST_DIGITS or abs(len(written) - len(true)) > 1:
        return False
    if len(written) == len(true):
        off = [n for n, pair in enumerate(zip(written, true, strict=True)) if len(set(pair)) > 1]
        swapped = len(off) == 2 and sorted(written) == sorted(true)  # noqa: PLR2004 - a pair
        return swapped or (len(off) == 1 and longest > _FEWEST_DIGITS)
    short, long = sorted((written, true), key=len)
    return longest > _FEWEST_DIGITS and any(
        long[:n] + long[n + 1 :] == short for n in range(len(long))
    )


# Derived from other figures of the same sentence


_ADDS = re.compile("合计|总计|共计|共|累计|两项|三项|总")
_TAKES = re.compile("差|多|少|高|低|超|增|减|余")


def derived(checked: Sequence[Checked]) -> list[Checked]:
    """Figures of a line that are the stated sum, difference or share of those beside them."""
    found = list(checked)
    for n, one in enumerate(found):
        others = [other for other in found if other is not one and _is_known(other)]
        if not one.is_supported and (reason := _made_of(one, others)):
            found[n] = Checked(one.placed, "derived", basis=reason)
    return found


def _is_known(one: Checked) -> bool:
    """Whether the workbook has it, be it of another unit than the one named."""
    return one.is_supported or one.code == "XP887"


_UNITS_LISTED = re.compile("单位|园区|部门|家")


def _made_of(one: Checked, others: Sequence[Checked]) -> str:
    said, near, listed = one.placed.said, one.placed.context.near, one.placed.context.listed
    if said.kind == "count" and said.value == listed and _UNITS_LISTED.search(said.text):
        return "本句所列单位的个数"
    alike = [
        other
        for other in others
        if (other.placed.said.kind, other.placed.said.currency) == (said.kind, said.currency)
        and other.placed.context.near == near
    ]
    step = said.step
    if _ADDS.search(near):
        for first in range(len(alike)):
            for last in range(first + 2, len(alike) + 1):
                run = [other.placed.said for other in alike[first:last]]
                if abs(sum((part.value for part in run), Fraction(0)) - said.value) < step:
                    return "＋".join(part.text for part in run)
    if _TAKES.search(near):
        for left in alike:
            for right in alike:
                if left is not right and _is(left, right, said):
                    return f"{left.placed.said.text}－{right.placed.said.text}"
    return _share_of(said, [other for other in others if other.placed.context.near == near])


def _is(left: Checked, right: Checked, said: Said) -> bool:
    off = left.placed.said.value - right.placed.said.value
    return off > 0 and abs(off - abs(said.value)) < said.step


def _share_of(said: Said, others: Sequence[Checked]) -> str:
    if said.kind != "rate" or said.turn:
        return ""
    for part in others:
        for whole in others:
            small, large = part.placed.said, whole.placed.said
            alike = (small.kind, small.currency) == (large.kind, large.currency)
            if part is whole or not alike or small.kind == "rate" or not large.value:
                continue
            if abs(small.value / large.value - said.value) < said.step:
                return f"{small.text}÷{large.text}"
    return ""
