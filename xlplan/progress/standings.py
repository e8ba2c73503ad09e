"""Standings 完成情况: what each unit has done, what is pending, and how far that takes it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.model import STANDINGS
from xlplan.policy import Policy, Ranking
from xlplan.progress.sums import Sums
from xlplan.progress.targets import Targets

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit and measure, in grains; `target` is None where the table is blank."""

    group: str
    unit: str
    measure: str
    target: int | None
    done: int
    pending: int

    @property
    def rate(self) -> Fraction | None:
        """Done over target; there is none without a target, nor for a target of zero.

        >>> str(Standing("园区", "甲", "协议资金", 150, 12, 0).rate)
        '2/25'
        """
        return Fraction(self.done, self.target) if self.target else None


def standings_of(sums: Sums, targets: Targets, policy: Policy) -> list[Standing]:
    """Everyone with a target or an amount: by group, unit and measure in the policy's order."""
    return [
        Standing(
            group,
            unit,
            measure,
            targets.of_units.get((unit, measure)),
            sums.done.get((unit, measure), 0),
            sums.pending.get((unit, measure), 0),
        )
        for group, unit in _in_order(sums, targets, policy)
        for measure in _measures(group, unit, sums, targets, policy)
    ]


def _in_order(sums: Sums, targets: Targets, policy: Policy) -> list[tuple[str, str]]:
    """Groups as the policy lists them, and in each the units as the register does."""
    groups = {**targets.groups, **sums.groups}
    units = dict.fromkeys((*sums.groups, *targets.groups))
    order = list(dict.fromkeys((*policy.groups, *groups.values())))
    return sorted(((groups[unit], unit) for unit in units), key=lambda pair: order.index(pair[0]))


def _measures(group: str, unit: str, sums: Sums, targets: Targets, policy: Policy) -> Iterator[str]:
    """The measures that a unit stands in; none for a unit with neither target nor amount."""
    names = [measure.name for measure in policy.measures]
    own = {
        name
        for name in names
        if any((unit, name) in known for known in (targets.of_units, sums.done, sums.pending))
    }
    shared = targets.measures.get(group, frozenset()) if own else frozenset()
    return (name for name in names if name in own or name in shared)


def standing_frame(standings: Sequence[Standing], policy: Policy, pace: Fraction) -> "pd.DataFrame":
    """The standings with rate, gap to the pace and rank (`model.STANDINGS`)."""
    import pandas as pd  # noqa: PLC0415 - this module holds plain values; only its frame needs it

    aimed = [standing.target is not None for standing in standings]
    rates = [standing.rate for standing in standings]
    return STANDINGS.of(
        {
            **{
                name: [getattr(standing, name) for standing in standings]
                for name in ("group", "unit", "measure", "done", "pending")
            },
            "target": pd.array([standing.target for standing in standings], dtype="Int64"),
            "rate": rates,
            "pace": [pace if has_target else None for has_target in aimed],
            "gap": [None if rate is None else rate - pace for rate in rates],
            "rank": pd.array(ranks(standings, policy.ranking), dtype="Int64"),
        }
    )


def ranks(standings: Sequence[Standing], ranking: Ranking) -> list[int | None]:
    """The rank 位次 of each standing within its group and measure, the highest rate first."""
    fields: dict[tuple[str, str], list[Fraction]] = {}
    for standing in standings:
        if standing.rate is not None and standing.unit not in ranking.left_out:
            fields.setdefault((standing.group, standing.measure), []).append(standing.rate)
    places = {field: places_of(rates, ranking) for field, rates in fields.items()}
    return [
        None
        if standing.rate is None or standing.unit in ranking.left_out
        else places[standing.group, standing.measure][standing.rate]
        for standing in standings
    ]


def places_of(rates: Sequence[Fraction], ranking: Ranking) -> dict[Fraction, int]:
    """The rank of each rate among these; ties share one, by the policy's rule for the next.

    >>> rates = [Fraction(1), Fraction(2), Fraction(2), Fraction(3)]
    >>> sorted(places_of(rates, Ranking("skip")).values())
    [1, 2, 4]
    >>> sorted(places_of(rates, Ranking("dense")).values())
    [1, 2, 3]
    """
    field = sorted(set(rates) if ranking.ties == "dense" else rates, reverse=True)
    return {rate: place for place, rate in reversed(list(enumerate(field, 1)))}
