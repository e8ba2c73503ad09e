"""What of a standing is scored, and between which bounds it lies while something is pending."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from xlplan.policy import Measure, Policy, Ranking
from xlplan.policy.marks import Input
from xlplan.scoring.places import OPEN, Span, places

if TYPE_CHECKING:
    import pandas as pd

Lack = Literal["", "target", "rank", "figure"]


@dataclass(frozen=True, slots=True)
class Stand:
    """One unit's standing in one measure, in the measure's unit, 100% being 1.

    `value` is None where it is not known, `aim` None where there is no target; `pending` is what
    may still be added. A unit that has no standing in a sum has done nothing of it.
    """

    unit: str
    measure: Measure
    value: Fraction | None
    pending: Fraction = Fraction(0)
    aim: Fraction | None = None
    rate: Fraction | None = None
    pace: Fraction | None = None
    gap: Fraction | None = None
    rank: int | None = None
    is_ranked: bool = True
    bound: str = ""

    @property
    def growth(self) -> Fraction:
        """By how much the rate grows if all that is pending comes to count."""
        return self.pending / self.aim if self.aim else Fraction(0)


@dataclass(frozen=True, slots=True)
class Figure:
    """What is scored, from its lowest to its highest; None = it cannot be told.

    `lack` says what is missing then: the target, a place in the ranking, or the figure itself;
    `why` says so in Chinese.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    lack: Lack = ""
    why: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether it is known, and one number."""
        return self.low is not None and self.low == self.high

    def end(self, *, better: bool, lower: bool) -> Fraction:
        """Its better or worse end, where `lower` figures are the better ones.

        >>> str(Figure(Fraction(1), Fraction(2)).end(better=True, lower=True))
        '1'
        """
        found = self.low if better == lower else self.high
        assert found is not None  # noqa: S101 - asked only of figures that are known
        return found


def stands_of(frame: "pd.DataFrame", policy: Policy) -> dict[tuple[str, str], Stand]:
    """The standings (`model.STANDINGS`) by unit and measure."""
    measures = {measure.name: measure for measure in policy.measures}
    rows = (dict(zip(frame.columns, row, strict=True)) for row in _plain(frame))
    return {
        (str(row["unit"]), str(row["measure"])): _stand(row, measures[str(row["measure"])], policy)
        for row in rows
    }


def _plain(frame: "pd.DataFrame") -> Iterator[tuple[object, ...]]:
    """Rows with None for every missing value."""
    plain = frame.astype(object)
    return plain.where(frame.notna(), None).itertuples(index=False, name=None)


def _stand(row: Mapping[str, object], measure: Measure, policy: Policy) -> Stand:
    rank = row["rank"]
    return Stand(
        str(row["unit"]),
        measure,
        _fraction(row["value"]),
        Fraction(int(str(row["pending"])), measure.grains),
        _fraction(row["aim"]),
        _fraction(row["rate"]),
        _fraction(row["pace"]),
        _fraction(row["gap"]),
        None if rank is None else int(str(rank)),
        row["unit"] not in policy.ranking_of(measure.name).left_out,
        str(row["bound"]),
    )


def _fraction(value: object) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def nothing_done(unit: str, measure: Measure, policy: Policy) -> Stand:
    """The stand of a unit without a standing: nothing of a sum, not known of a statistic."""
    value = Fraction(0) if measure.is_sum else None
    ranked = unit not in policy.ranking_of(measure.name).left_out
    return Stand(unit, measure, value, is_ranked=ranked)


def figure_of(stand: Stand, of: Input, mates: Sequence[Stand], ranking: Ranking) -> Figure:
    """What of a stand is scored; `mates` are those of its group in the same measure."""
    if of == "rank":
        return _rank(stand, mates, ranking)
    if of != "value" and stand.aim is None:
        return Figure(lack="target", why="没有目标")
    if stand.value is None:
        return Figure(lack="figure", why="没有报送，或算不出")
    if of == "value":
        return _between(stand.value, stand.value + stand.pending)
    known = stand.rate if of == "rate" else stand.gap
    if known is None:
        return Figure(lack="figure", why=_why_no_rate(stand, of))
    return _between(known, known + stand.growth)


def _between(one: Fraction, other: Fraction) -> Figure:
    return Figure(min(one, other), max(one, other))


def _why_no_rate(stand: Stand, of: Input) -> str:
    if stand.bound == "ceiling":
        return "上限目标没有完成率"
    if stand.rate is None:
        return "目标为 0，算不出完成率"
    return "没有序时差" if of == "gap" else "没有完成率"


def _rank(stand: Stand, mates: Sequence[Stand], ranking: Ranking) -> Figure:
    """A place; while anything is not settled in the group, the places that it may turn out to be.

    Who should have a figure and has none may come to stand anywhere.
    """
    if not stand.is_ranked:
        return Figure(lack="rank", why="不参加位次")
    if stand.aim is None and ranking.by != "value":
        return Figure(lack="target", why="没有目标")
    if stand.rank is None:
        return Figure(lack="figure", why="没有报送，或算不出，没有位次")
    others = [mate for mate in mates if mate is not stand and _competes(mate, ranking)]
    spans = [_merit(mate, ranking) for mate in others]
    best, worst = places(_merit(stand, ranking), spans, ranking.ties)
    return Figure(Fraction(best), Fraction(worst))


def _competes(mate: Stand, ranking: Ranking) -> bool:
    """Whether someone takes a place, or will when the figure is known."""
    if mate.rank is not None:
        return True
    return mate.is_ranked and mate.value is None and (mate.aim is not None or ranking.by == "value")


def _merit(stand: Stand, ranking: Ranking) -> Span:
    """What a stand is ranked by, more being better, with what is pending and without."""
    if stand.value is None:
        return OPEN
    if stand.measure.better == "lower":
        merit, growth = -stand.value, -stand.pending
    elif ranking.by == "value":
        merit, growth = stand.value, stand.pending
    else:
        known = stand.rate if ranking.by == "rate" else stand.gap
        merit, growth = known or Fraction(0), stand.growth
    return min(merit, merit + growth), max(merit, merit + growth)
