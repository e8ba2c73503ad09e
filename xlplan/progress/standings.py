"""Standings 完成情况: what each unit has done, what is pending, and how far that takes it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from xlplan.model import STANDINGS
from xlplan.policy import Policy, Ranking
from xlplan.policy.schema import Measure
from xlplan.progress.pace import Clock
from xlplan.progress.sums import Sums
from xlplan.progress.targets import Aim, Targets
from xlplan.quantity import to_grains

if TYPE_CHECKING:
    import pandas as pd

Reached = Literal["stretch", "floor", "not", "within", "over", ""]
Known = Mapping[tuple[str, str], Fraction | None]


@dataclass(frozen=True, slots=True)
class Values:
    """What is known of measures that are no sums, by unit and measure, and by group and measure.

    None = not known.
    """

    of_units: Known
    of_groups: Known


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit and measure; `aim` is None where the table is blank.

    `value` is exact, in the measure's unit; None = not known, which is never 0. `pending` and the
    aim are grains.
    """

    group: str
    unit: str
    measure: Measure
    aim: Aim | None
    value: Fraction | None
    pending: int = 0
    pace: Fraction | None = None

    @property
    def wanted(self) -> Fraction | None:
        """The target in the measure's unit."""
        return Fraction(self.aim.value, self.measure.grains) if self.aim else None

    @property
    def stretch(self) -> int | None:
        """力争 in grains."""
        return self.aim.stretch if self.aim else None

    @property
    def done(self) -> int | None:
        """The value in whole grains, rounded half up where it has no end."""
        return None if self.value is None else to_grains(self.value, self.measure.grains)

    @property
    def rate(self) -> Fraction | None:
        """Value over target; there is none without a target above zero, nor for a ceiling.

        To stay under a ceiling is no share of anything: it holds or it does not.

        >>> funds = Measure("agreement", "协议资金", "agreement")
        >>> str(Standing("园区", "甲", funds, Aim(150 * funds.grains), Fraction(12)).rate)
        '2/25'
        """
        if self.aim is None or self.aim.bound == "ceiling" or self.value is None:
            return None
        return self.value / self.wanted if self.wanted and self.wanted > 0 else None

    @property
    def gap(self) -> Fraction | None:
        """How far ahead of the pace; where a level has none, how far above the target itself.

        Shares are subtracted from shares: 9% of 12% is 3 个百分点 short.
        """
        if self.rate is None or self.wanted is None or self.value is None:
            return None
        if self.pace is not None:
            return self.rate - self.pace
        if self.measure.is_share:
            return self.value - self.wanted
        return self.rate - 1 if self.aim is not None and self.aim.basis == "level" else None

    @property
    def reached(self) -> Reached:
        """Whether the target is reached by what is settled; "" = no target, or not known.

        >>> days = Measure("days", "审批时间", "", kind="reported", better="lower")
        >>> Standing("园区", "甲", days, Aim(45 * days.grains, "ceiling"), Fraction(46)).reached
        'over'
        """
        if self.aim is None or self.value is None:
            return ""
        grains = self.value * self.measure.grains
        if self.aim.bound == "ceiling":
            return "within" if grains <= self.aim.value else "over"
        if self.aim.stretch is not None and grains >= self.aim.stretch:
            return "stretch"
        return "floor" if grains >= self.aim.value else "not"


def standings_of(sums: Sums, values: Values, targets: Targets, clock: Clock) -> list[Standing]:
    """Everyone with a target or an amount: by group, unit and measure in the policy's order."""
    standings, known = [], frozenset(name for name, it in values.of_units.items() if it is not None)
    occurring = known.union(targets.of_units, sums.done, sums.pending)
    for group, unit in _in_order(sums, targets, clock.policy):
        shared = targets.measures.get(group, frozenset())
        for measure in _measures(unit, shared, occurring, clock.policy):
            aim, key = targets.of_units.get((unit, measure.name)), (unit, measure.name)
            value = sum_of(sums.done, key, measure) if measure.is_sum else values.of_units.get(key)
            pace = clock.of_unit(unit, measure, aim)
            pending = sums.pending.get(key, 0)
            standings.append(Standing(group, unit, measure, aim, value, pending, pace))
    return standings


def sum_of(sums: Mapping[tuple[str, str], int], key: tuple[str, str], measure: Measure) -> Fraction:
    """What adds up for a unit (or group) and measure, in the measure's unit."""
    return Fraction(sums.get(key, 0), measure.grains)


def _in_order(sums: Sums, targets: Targets, policy: Policy) -> list[tuple[str, str]]:
    """Groups as the policy lists them, and in each the units as the register does."""
    groups = {**targets.groups, **sums.groups}
    units = dict.fromkeys((*sums.groups, *targets.groups))
    order = list(dict.fromkeys((*policy.groups, *groups.values())))
    return sorted(((groups[unit], unit) for unit in units), key=lambda pair: order.index(pair[0]))


def _measures(
    unit: str, shared: frozenset[str], occurring: frozenset[tuple[str, str]], policy: Policy
) -> Iterator[Measure]:
    """The measures that a unit stands in: its own, and if it has any, the sums of its group.

    A sum of which it has nothing is 0; of what is no sum there is nothing to say unless it is
    known or asked for.
    """
    own = {one.name for one in policy.measures if (unit, one.name) in occurring}
    sums = {one.name for one in policy.measures if one.is_sum}
    wanted = own | (shared & sums) if own else own
    return (measure for measure in policy.measures if measure.name in wanted)


def standing_frame(standings: Sequence[Standing], policy: Policy) -> "pd.DataFrame":
    """The standings with rate, gap to the pace and rank (`model.STANDINGS`)."""
    import pandas as pd  # noqa: PLC0415 - this module holds plain values; only its frame needs it

    plain = ("group", "unit", "pending", "value", "rate", "pace", "gap", "reached")
    return STANDINGS.of(
        {
            **{name: [getattr(standing, name) for standing in standings] for name in plain},
            **aims_of(standings),
            "measure": [standing.measure.name for standing in standings],
            "done": pd.array([standing.done for standing in standings], dtype="Int64"),
            "rank": pd.array(ranks(standings, policy), dtype="Int64"),
        }
    )


def aims_of(standings: Sequence[Standing]) -> dict[str, object]:
    """The columns that say what is to be reached."""
    import pandas as pd  # noqa: PLC0415 - as above

    aims = [standing.aim for standing in standings]
    return {
        "target": pd.array([aim and aim.value for aim in aims], dtype="Int64"),
        "bound": [aim.bound if aim else "" for aim in aims],
        "stretch": pd.array([standing.stretch for standing in standings], dtype="Int64"),
        "aim": [standing.wanted for standing in standings],
    }


# Ranks


def ranks(standings: Sequence[Standing], policy: Policy) -> list[int | None]:
    """The rank 位次 of each standing within its group and measure, the best first."""
    fields: dict[tuple[str, str], list[Fraction]] = {}
    scores = [
        score_of(standing, policy.ranking_of(standing.measure.name)) for standing in standings
    ]
    for standing, score in zip(standings, scores, strict=True):
        if score is not None:
            fields.setdefault((standing.group, standing.measure.name), []).append(score)
    places = {
        (group, name): places_of(scores, policy.ranking_of(name))
        for (group, name), scores in fields.items()
    }
    return [
        None if score is None else places[standing.group, standing.measure.name][score]
        for standing, score in zip(standings, scores, strict=True)
    ]


def score_of(standing: Standing, ranking: Ranking) -> Fraction | None:
    """What a standing is ranked by, more being better; None = it is not ranked.

    Where less is better there is no rate to compare, and the value itself decides. Who has no
    target is ranked only where the value decides by the policy's own word.
    """
    if standing.unit in ranking.left_out or standing.value is None:
        return None
    if standing.aim is None and ranking.by != "value":
        return None
    if standing.measure.better == "lower":
        return -standing.value
    scores = {"value": standing.value, "gap": standing.gap, "rate": standing.rate}
    return scores[ranking.by]


def places_of(scores: Iterable[Fraction], ranking: Ranking) -> dict[Fraction, int]:
    """The rank of each score among these; ties share one, by the policy's rule for the next.

    >>> rates = [Fraction(1), Fraction(2), Fraction(2), Fraction(3)]
    >>> sorted(places_of(rates, Ranking("skip")).values())
    [1, 2, 4]
    >>> sorted(places_of(rates, Ranking("dense")).values())
    [1, 2, 3]
    """
    field = sorted(set(scores) if ranking.ties == "dense" else scores, reverse=True)
    return {score: place for place, score in reversed(list(enumerate(field, 1)))}
