"""Which amounts a measure counts: the ways in which a project or receipt enters a measure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from xlplan.crediting import lookup
from xlplan.crediting.verdicts import CERTAIN, Stage, Verdict
from xlplan.policy.choices import worlds
from xlplan.policy.schema import Measure, Policy


@dataclass(frozen=True, slots=True)
class Entry:
    """A measure, and for counts the tier of the projects that enter it, with the verdict on that.

    `tier` is the tier's index in the policy; -1 when the measure counts no tier.
    """

    measure: Measure
    verdict: Verdict
    tier: int = -1


def entries_of(policy: Policy, chosen: Mapping[str, str]) -> tuple[Entry, ...]:
    """Every way into every measure, in the policy's order, without those that surely count 0."""
    parts = Stage(worlds(policy, chosen, "of_whichs"), chosen)
    counts = Stage(worlds(policy, chosen, "tier_counts"), chosen)
    found = (
        entry
        for measure in policy.sums
        for entry in (
            _by_tier(policy, measure, counts)
            if measure.amount == "tier"
            else [Entry(measure, parts.ask(lookup.floors) if measure.part_of else CERTAIN)]
        )
    )
    return tuple(entry for entry in found if entry.verdict.value)


def _by_tier(policy: Policy, measure: Measure, stage: Stage) -> Iterator[Entry]:
    """Projects of the measure's own tier, and of each higher one."""
    own = [tier.id for tier in policy.tiers].index(measure.tier)
    for index, tier in enumerate(policy.tiers[: own + 1]):
        question = partial(lookup.counts, tier=tier, measure=measure)
        yield Entry(measure, stage.ask(question), index)
