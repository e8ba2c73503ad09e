"""Totals: each group against its own written total, and the area with no project counted twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.model import TOTALS
from xlplan.policy import Policy
from xlplan.progress.standings import Standing
from xlplan.progress.sums import Sums
from xlplan.progress.targets import Targets

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Total:
    """One group (or the area) and measure, in grains; `rate` is exact, None without a target."""

    group: str
    measure: str
    target: int | None
    done: int
    pending: int
    distinct: int
    rate: Fraction | None


def total_frame(
    standings: Sequence[Standing], sums: Sums, targets: Targets, policy: Policy
) -> "pd.DataFrame":
    """One row per group and measure, then the area's rows (`model.TOTALS`)."""
    import pandas as pd  # noqa: PLC0415 - this module holds plain values; only its frame needs it

    rows = [
        *_of_groups(standings, sums, targets, policy),
        *_of_area(standings, sums, targets, policy),
    ]
    columns = {name: [getattr(row, name) for row in rows] for name in TOTALS.names}
    return TOTALS.of(columns | {"target": pd.array(columns["target"], dtype="Int64")})


def _of_groups(
    standings: Sequence[Standing], sums: Sums, targets: Targets, policy: Policy
) -> Iterator[Total]:
    """A group's total is a target of its own (合计): its units may add up to more or less."""
    names = [measure.name for measure in policy.measures]
    shown = {(standing.group, standing.measure) for standing in standings} | set(targets.of_groups)
    groups = dict.fromkeys((*policy.groups, *(standing.group for standing in standings)))
    for group in groups:
        for measure in names:
            if (group, measure) in shown:
                target = targets.of_groups.get((group, measure))
                done, pending = _added(standings, measure, group)
                distinct = sums.distinct.get((group, measure), 0)
                yield Total(group, measure, target, done, pending, distinct, _rate(done, target))


def _of_area(
    standings: Sequence[Standing], sums: Sums, targets: Targets, policy: Policy
) -> Iterator[Total]:
    """The whole area, which has a target only where the document writes one."""
    shown = {standing.measure for standing in standings}
    for measure in policy.measures:
        if measure.name in shown:
            target = targets.of_groups.get((policy.area, measure.name))
            done, pending = _added(standings, measure.name)
            distinct = sums.overall.get(measure.name, 0)
            rate = _rate(distinct, target)
            yield Total(policy.area, measure.name, target, done, pending, distinct, rate)


def _added(
    standings: Sequence[Standing], measure: str, group: str | None = None
) -> tuple[int, int]:
    """Done and pending of all units of the group; of every unit when no group is named."""
    added = [
        standing
        for standing in standings
        if standing.measure == measure and group in (None, standing.group)
    ]
    return sum(one.done for one in added), sum(one.pending for one in added)


def _rate(done: int, target: int | None) -> Fraction | None:
    return Fraction(done, target) if target else None
