"""The units that are scored, group by group, with their standings side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xlplan.model import Ledger
from xlplan.policy import Measure, Policy
from xlplan.policy.marks import Bound, Input, Score
from xlplan.quantity import Period
from xlplan.scoring.figures import Figure, Stand, figure_of, nothing_done


@dataclass(frozen=True, slots=True)
class Scope:
    """What is scored by what, and for which time."""

    policy: Policy
    period: Period


@dataclass(frozen=True, slots=True)
class Field:
    """One group that is scored: its units in order, and the stand of each in every measure."""

    group: str
    units: tuple[str, ...]
    stands: Mapping[tuple[str, str], Stand]
    policy: Policy

    def stand(self, unit: str, measure: Measure) -> Stand:
        """Where a unit stands in a measure."""
        return self.stands.get((unit, measure.name)) or nothing_done(unit, measure, self.policy)

    def mates(self, measure: Measure) -> list[Stand]:
        """Where everyone of the group stands in a measure."""
        return [self.stand(unit, measure) for unit in self.units]

    def figure(self, unit: str, measure: Measure, of: Input) -> Figure:
        """What of a unit is scored."""
        ranking = self.policy.ranking_of(measure.name)
        return figure_of(self.stand(unit, measure), of, self.mates(measure), ranking)

    def others(self, unit: str, score: Score, measure: Measure) -> list[Figure]:
        """The same figure of everyone else who has one, or should have."""
        found = (self.figure(one, measure, score.of) for one in self.units if one != unit)
        return [figure for figure in found if figure.lack in ("", "figure")]

    def holds(self, unit: str, measure: Measure, when: Sequence[Bound]) -> bool | None:
        """Whether all bounds hold; None = it hangs on something.

        A unit without a target or a place has no rate, gap or place that could fulfil a bound.
        """
        found = [(bound, self.figure(unit, measure, bound.of)) for bound in when]
        verdicts = [_holds(bound, figure) for bound, figure in found]
        if False in verdicts:
            return False
        return None if None in verdicts else True


def _holds(bound: Bound, found: Figure) -> bool | None:
    if found.low is None or found.high is None:
        return None if found.lack == "figure" else False
    ends = {bound.holds(found.low), bound.holds(found.high)}
    return ends.pop() if len(ends) == 1 else None


def fields_of(
    stands: Mapping[tuple[str, str], Stand], frame: pd.DataFrame, ledger: Ledger, scope: Scope
) -> list[Field]:
    """The groups that are scored, each with the registered units valid in the period.

    Units that stand in 完成情况 without being valid are there for a reason, and are scored too.
    """
    register = ledger.units
    starts, ends = pd.Timestamp(scope.period.start), pd.Timestamp(scope.period.end)
    since, until = register["valid_from"], register["valid_to"]
    valid = ~(since >= ends) & ~(until <= starts)
    return [
        Field(
            group,
            tuple(
                dict.fromkeys(
                    [
                        *register["unit"][valid & (register["group"] == group)],
                        *frame["unit"][frame["group"] == group],
                    ]
                )
            ),
            stands,
            scope.policy,
        )
        for group in scope.policy.scoring.scored(_groups(register, scope.policy))
    ]


def _groups(register: pd.DataFrame, policy: Policy) -> list[str]:
    return list(dict.fromkeys([*policy.groups, *register["group"]]))
