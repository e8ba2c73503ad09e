"""The total of a unit, its place in the group, and its grade; each with what it may turn out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor, inf
from typing import Literal

from xlplan.policy.marks import Grade, Scoring
from xlplan.policy.schema import Ranking
from xlplan.scoring.items import Item, Verdict, limit_of
from xlplan.scoring.places import Span, places
from xlplan.scoring.points import NOUGHT, WHOLE
from xlplan.scoring.writing import number


@dataclass(frozen=True, slots=True)
class Range:
    """Points between two bounds; `most` None = no limit."""

    least: Fraction = NOUGHT
    most: Fraction | None = NOUGHT

    def plus(self, other: "Range") -> "Range":
        """The sum."""
        most = None if self.most is None or other.most is None else self.most + other.most
        return Range(self.least + other.least, most)

    def times(self, factor: Fraction) -> "Range":
        """So many times."""
        return Range(self.least * factor, None if self.most is None else self.most * factor)

    def at_most(self, limit: Fraction | None) -> "Range":
        """No more than a limit, if there is one.

        >>> Range(Fraction(3), None).at_most(Fraction(5)).most
        Fraction(5, 1)
        """
        if limit is None:
            return self
        return Range(min(self.least, limit), limit if self.most is None else min(self.most, limit))

    def at_least(self, limit: Fraction) -> "Range":
        """No less than a limit."""
        return Range(max(self.least, limit), None if self.most is None else max(self.most, limit))

    @property
    def span(self) -> Span:
        """Its two ends."""
        return self.least, inf if self.most is None else self.most

    @property
    def points(self) -> Fraction | None:
        """The points, None while they are pending."""
        return self.least if self.least == self.most else None


@dataclass(frozen=True, slots=True)
class Total:
    """What a unit's lines add up to (see `model.SCORE_TOTALS`); bare = no score of it counts."""

    group: str
    unit: str
    full: Fraction
    computed: Range
    bonus: Range
    adjustment: Fraction
    gates: tuple[str, ...]
    range: Range
    because: str
    best_rank: int | None = None
    worst_rank: int | None = None
    is_bare: bool = False
    grade: str = ""
    grade_is_settled: bool = True

    @property
    def rank(self) -> int | None:
        """The place, where it is the same whatever is pending turns out to be."""
        return self.best_rank if self.best_rank == self.worst_rank else None

    @property
    def state(self) -> Literal["settled", "pending", "left-out"]:
        """Left out when all of its scores are and nothing else counts, else pending or settled."""
        if self.is_bare and self.bonus == Range() and not self.adjustment:
            return "left-out"
        return "pending" if self.range.points is None else "settled"


def total_of(
    items: Sequence[Item], verdicts: Sequence[Verdict], adjustment: Fraction, scoring: Scoring
) -> Total:
    """Items, bonuses and adjustments added up, within bounds, and then the gates."""
    rule = scoring.total
    scores = [item for item in items if item.kind == "score" and item.state != "left-out"]
    own = sum((item.full or NOUGHT for item in scores), NOUGHT)
    rescaled = bool(rule.rescale and rule.full and own and own != rule.full)
    factor = (rule.full or WHOLE) / own if rescaled else WHOLE
    computed = _sum(scores).times(factor)
    bonus = _sum([item for item in items if item.kind == "bonus"]).at_most(rule.bonus_at_most)
    raw = computed.plus(bonus).plus(Range(adjustment, adjustment))
    bounded = raw.at_most(rule.most).at_least(rule.least)
    total = Total(
        items[0].group,
        items[0].unit,
        own * factor,
        computed,
        bonus,
        adjustment,
        tuple(one.gate.name for one in verdicts if one.strikes),
        _gated(bounded, verdicts),
        "",
        is_bare=not scores and any(item.kind == "score" for item in items),
    )
    return replace(total, because=_because(total, raw, own if rescaled else None))


def _sum(items: Sequence[Item]) -> Range:
    found = Range()
    for item in items:
        found = found.plus(Range(item.least or NOUGHT, item.most))
    return found


def _gated(found: Range, verdicts: Sequence[Verdict]) -> Range:
    """The total after the gates that take it away or cap it."""
    for verdict in verdicts:
        limit = limit_of(verdict.gate)
        if limit is None or verdict.gate.scores or verdict.strikes is False:
            continue
        capped = found.at_most(limit)
        found = capped if verdict.strikes else Range(capped.least, found.most)
    return found


def _because(total: Total, raw: Range, own: Fraction | None) -> str:
    """The sum as a sentence."""
    said = f"指标得分 {_range(total.computed)}"
    said += f"（满分 {number(own)} 分，折算到 {number(total.full)} 分）" if own is not None else ""
    said += f" + 奖励 {_range(total.bonus)}" if total.bonus != Range() else ""
    said += f" + 加减分 {number(total.adjustment)}" if total.adjustment else ""
    said += f" = {_range(raw)} 分"
    said += f"；触发{'、'.join(total.gates)}" if total.gates else ""
    return said if total.range == raw else f"{said}；按上下限和否决计 {_range(total.range)} 分"


def _range(found: Range) -> str:
    if found.points is not None:
        return number(found.points)
    return f"{number(found.least)} 至 {'不限' if found.most is None else number(found.most)}"


def ranked(totals: Sequence[Total], ranking: Ranking) -> list[Total]:
    """Each total with the places that it may take in its group, the highest first."""
    field = [one for one in totals if one.state != "left-out" and one.unit not in ranking.left_out]
    return [_placed(one, field, ranking) if one in field else one for one in totals]


def _placed(total: Total, field: Sequence[Total], ranking: Ranking) -> Total:
    others = [one.range.span for one in field if one is not total]
    best, worst = places(total.range.span, others, ranking.ties)
    return replace(total, best_rank=best, worst_rank=worst)


def graded(totals: Sequence[Total], grades: Sequence[Grade], barred: "Barred") -> list[Total]:
    """Each total with the first grade whose conditions it meets; pending where that hangs."""
    size = sum(one.best_rank is not None for one in totals)
    return [
        one if one.state == "left-out" else _graded(one, grades, size, barred) for one in totals
    ]


@dataclass(frozen=True, slots=True)
class Barred:
    """Which gates bar which units from grades: by unit, those that strike and those that may."""

    surely: dict[str, frozenset[str]]
    perhaps: dict[str, frozenset[str]]


def _graded(total: Total, grades: Sequence[Grade], size: int, barred: Barred) -> Total:
    places, taken = NOUGHT, NOUGHT
    for grade in grades:
        taken += grade.share or NOUGHT
        places = taken * size
        verdict = _meets(total, grade, floor(places), barred)
        if verdict:
            return replace(total, grade=grade.name)
        if verdict is None:
            return replace(total, grade_is_settled=False)
    return total


def _meets(total: Total, grade: Grade, places: int, barred: Barred) -> bool | None:
    """Whether a total meets a grade's conditions; None = it hangs on something."""
    found = total.range
    verdicts: list[bool | None] = []
    if grade.at_least is not None:
        above = found.least >= grade.at_least
        below = found.most is not None and found.most < grade.at_least
        verdicts.append(True if above else False if below else None)
    if grade.share is not None:
        best, worst = total.best_rank, total.worst_rank
        if best is None or worst is None or best > places:
            verdicts.append(False)
        else:
            verdicts.append(True if worst <= places else None)
    if grade.name in barred.surely.get(total.unit, ()):
        verdicts.append(False)
    elif grade.name in barred.perhaps.get(total.unit, ()):
        verdicts.append(None)
    if False in verdicts:
        return False
    return None if None in verdicts else True
