"""The field of a measure: the standings of one group that are ranked together, and its cases.

What is pending may come or not, and a correction 冲减 takes away. So a unit is looked at with what
is settled, then at its highest while the others are at their lowest, and the other way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from xlplan.policy import Ranking
from xlplan.progress.standings import Standing, places_of, score_of


@dataclass(frozen=True, slots=True)
class Facts:
    """How a unit stands in one case, its place from either end, and what places are at.

    `scores` are those of the field, the best first; `own` is the unit's; None = it is not ranked.
    """

    standing: Standing
    ranking: Ranking
    scores: tuple[Fraction, ...] = ()
    own: Fraction | None = None

    @property
    def rank(self) -> int | None:
        """The place from the best."""
        return None if self.own is None else places_of(self.scores, self.ranking)[self.own]

    @property
    def last(self) -> int | None:
        """The place from the worst."""
        if self.own is None:
            return None
        return places_of([-score for score in self.scores], self.ranking)[-self.own]

    def figure(self, of: str) -> Fraction | None:
        """The figure that a bound is on: rate, value, gap or rank."""
        if of == "rank":
            return None if self.rank is None else Fraction(self.rank)
        figures = {
            "rate": self.standing.rate,
            "value": self.standing.value,
            "gap": self.standing.gap,
        }
        return figures[of]

    def behind(self, place: int) -> Fraction | None:
        """How far behind the unit at a place, in what ranks; None where nobody has the place."""
        if self.own is None:
            return None
        at = [score for score, n in places_of(self.scores, self.ranking).items() if n <= place]
        return min(at) - self.own if at else None

    def ahead(self, place: int) -> Fraction | None:
        """How far ahead of the unit at a place from the worst, likewise."""
        if self.own is None:
            return None
        turned = places_of([-score for score in self.scores], self.ranking)
        at = [-score for score, n in turned.items() if n <= place]
        return self.own - max(at) if at else None


class Scored(NamedTuple):
    """A standing and what ranks it."""

    standing: Standing
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class Field:
    """The standings that are ranked together: as settled, at their lowest and at their highest."""

    ranking: Ranking
    settled: tuple[Scored, ...]
    low: tuple[Scored, ...]
    high: tuple[Scored, ...]

    @classmethod
    def of(cls, standings: Sequence[Standing], ranking: Ranking) -> "Field":
        """The field of these standings."""
        settled = tuple(Scored(one, score_of(one, ranking)) for one in standings)
        counting = tuple(_counting(one, ranking) for one in settled)
        both = list(zip(settled, counting, strict=True))
        low = tuple(two if one.standing.pending < 0 else one for one, two in both)
        high = tuple(two if one.standing.pending > 0 else one for one, two in both)
        return cls(ranking, settled, low, high)

    def cases(self, at: int) -> tuple[Facts, ...]:
        """How the unit at that place stands: settled, then at its best and at its worst.

        Which of the last two is the better one depends on whether more or less is better.
        """
        now = self._facts(self.settled, self.settled, at)
        if self.low == self.high:
            return (now,)
        return (now, self._facts(self.high, self.low, at), self._facts(self.low, self.high, at))

    def _facts(self, own: Sequence[Scored], others: Sequence[Scored], at: int) -> Facts:
        scores = [(own if n == at else others)[n].score for n in range(len(own))]
        ranked = tuple(sorted((one for one in scores if one is not None), reverse=True))
        return Facts(own[at].standing, self.ranking, ranked, own[at].score)


def _counting(scored: Scored, ranking: Ranking) -> Scored:
    """The same if what is pending counted."""
    standing = scored.standing
    if standing.value is None or not standing.pending:
        return scored
    grown = standing.value + Fraction(standing.pending, standing.measure.grains)
    counting = replace(standing, value=grown, pending=0)
    return Scored(counting, score_of(counting, ranking))
