"""The field of a measure: the standings of one group that are ranked together, and its cases.

What is pending may come or not. So a unit is looked at with what is settled, then with its own
pending amounts counted and the others' not, and the other way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

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


@dataclass(frozen=True, slots=True)
class Field:
    """The standings that are ranked together, with what is pending and without."""

    ranking: Ranking
    settled: tuple[Standing, ...]
    counting: tuple[Standing, ...]
    scores: tuple[tuple[Fraction | None, Fraction | None], ...]

    @classmethod
    def of(cls, standings: Sequence[Standing], ranking: Ranking) -> "Field":
        """The field of these standings."""
        counting = tuple(map(_counting, standings))
        both = zip(standings, counting, strict=True)
        scores = tuple((score_of(one, ranking), score_of(other, ranking)) for one, other in both)
        return cls(ranking, tuple(standings), counting, scores)

    def cases(self, at: int) -> tuple[Facts, ...]:
        """How the unit at that place stands: settled, then at its best and at its worst."""
        now = self._facts(self.settled[at], [settled for settled, _ in self.scores], at)
        if self.counting == self.settled:
            return (now,)
        best = [counting if n == at else one for n, (one, counting) in enumerate(self.scores)]
        worst = [one if n == at else counting for n, (one, counting) in enumerate(self.scores)]
        return (
            now,
            self._facts(self.counting[at], best, at),
            self._facts(self.settled[at], worst, at),
        )

    def _facts(self, standing: Standing, scores: Sequence[Fraction | None], at: int) -> Facts:
        ranked = tuple(sorted((one for one in scores if one is not None), reverse=True))
        return Facts(standing, self.ranking, ranked, scores[at])


def _counting(standing: Standing) -> Standing:
    """The standing if what is pending counted."""
    if standing.value is None or not standing.pending:
        return standing
    grown = standing.value + Fraction(standing.pending, standing.measure.grains)
    return replace(standing, value=grown, pending=0)
