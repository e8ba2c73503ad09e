"""Totals: each group against its own written total, and the area with no project counted twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlplan.model import TOTALS
from xlplan.policy import TOTAL
from xlplan.policy.schema import Measure
from xlplan.progress.pace import Clock
from xlplan.progress.standings import Standing, Values, aims_of, sum_of
from xlplan.progress.sums import Sums
from xlplan.progress.targets import Targets

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Total:
    """How a group (or the area) stands, and what its units add up to, in grains.

    Of a measure that is no sum nothing is added up: `done` is its own value, `distinct` None.
    """

    standing: Standing
    done: int | None
    distinct: int | None


def total_frame(totals: Sequence[Total]) -> "pd.DataFrame":
    """One row per group and measure, then the area's rows (`model.TOTALS`)."""
    import pandas as pd  # noqa: PLC0415 - this module holds plain values; only its frame needs it

    standings = [total.standing for total in totals]
    plain = ("group", "pending", "value", "rate", "pace", "gap", "reached")
    return TOTALS.of(
        {
            **{name: [getattr(standing, name) for standing in standings] for name in plain},
            **aims_of(standings),
            "measure": [standing.measure.name for standing in standings],
            "done": pd.array([total.done for total in totals], dtype="Int64"),
            "distinct": pd.array([total.distinct for total in totals], dtype="Int64"),
        }
    )


@dataclass(frozen=True, slots=True)
class Totals:
    """What totals are made from: the units' standings, the sums, and what is known otherwise."""

    standings: Sequence[Standing]
    sums: Sums
    values: Values
    targets: Targets
    clock: Clock

    def all(self) -> list[Total]:
        """Every group in the policy's order, then the whole area."""
        return [*self._of_groups(), *self._of_area()]

    def _of_groups(self) -> Iterator[Total]:
        """A group's total is a target of its own (合计): its units may add up to more or less."""
        shown = {(one.group, one.measure.name) for one in self.standings}
        shown |= {key for key in self.targets.of_groups if key[0] != self.clock.policy.area}
        groups = dict.fromkeys(
            (*self.clock.policy.groups, *(standing.group for standing in self.standings))
        )
        for group in groups:
            for measure in self.clock.policy.measures:
                if (group, measure.name) in shown:
                    yield self._total(group, measure)

    def _of_area(self) -> Iterator[Total]:
        """The whole area, which has a target only where the document writes one."""
        area = self.clock.policy.area
        shown = {one.measure.name for one in self.standings}
        for measure in self.clock.policy.measures:
            if measure.name in shown or (area, measure.name) in self.targets.of_groups:
                yield self._total(area, measure)

    def _total(self, group: str, measure: Measure) -> Total:
        """One total; the area's own progress is that of its distinct total."""
        is_area, key = group == self.clock.policy.area, (group, measure.name)
        aim = self.targets.of_groups.get(key)
        pace = self.clock.of_group(group, measure, aim)
        if not measure.is_sum:
            standing = Standing(group, TOTAL, measure, aim, self.values.of_groups.get(key), 0, pace)
            return Total(standing, standing.done, None)
        done, pending = self._added(measure, None if is_area else group)
        overall = {(group, name): grains for name, grains in self.sums.overall.items()}
        distinct = (overall if is_area else self.sums.distinct).get(key, 0)
        value = sum_of({key: distinct if is_area else done}, key, measure)
        return Total(Standing(group, TOTAL, measure, aim, value, pending, pace), done, distinct)

    def _added(self, measure: Measure, group: str | None) -> tuple[int, int]:
        """Done and pending of all units of the group; of every unit when no group is named."""
        added = [
            standing
            for standing in self.standings
            if standing.measure == measure and group in (None, standing.group)
        ]
        return sum(one.done or 0 for one in added), sum(one.pending for one in added)
