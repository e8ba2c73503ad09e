"""Which amounts a measure counts: the ways in which a project or receipt enters a measure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from xlplan.crediting import lookup
from xlplan.crediting.verdicts import CERTAIN, Finding, Stage, Verdict
from xlplan.policy.choices import World, worlds
from xlplan.policy.schema import Measure, Policy, RuleSet
from xlplan.policy.validity import in_force, rule_epochs


@dataclass(frozen=True, slots=True)
class Entry:
    """A measure, and for counts the tier of the projects that enter it, with the verdicts on that.

    `tier` is the tier's index in the policy; -1 when the measure counts no tier. There is a verdict
    for each epoch of the rules.
    """

    measure: Measure
    verdicts: tuple[Verdict, ...]
    tier: int = -1


@dataclass(frozen=True, slots=True)
class Stages:
    """The question to the rules of one kind, as they are in force in each epoch."""

    of_epochs: tuple[Stage, ...]

    @classmethod
    def of(cls, policy: Policy, chosen: Mapping[str, str], *tables: str) -> "Stages":
        """The stages of these tables of rules, which are field names of `RuleSet`."""
        known = worlds(policy, chosen, *tables)
        return cls(
            tuple(
                Stage(
                    tuple(World(world.options, in_force(world.rules, day)) for world in known),
                    chosen,
                )
                for day in rule_epochs(policy)
            )
        )

    def ask(self, question: Callable[[RuleSet], Sequence[Finding]]) -> tuple[Verdict, ...]:
        """The verdict of each epoch."""
        return tuple(stage.ask(question) for stage in self.of_epochs)


def entries_of(policy: Policy, chosen: Mapping[str, str]) -> tuple[Entry, ...]:
    """Every way into every measure, in the policy's order, without those that surely count 0."""
    parts = Stages.of(policy, chosen, "of_whichs")
    counts = Stages.of(policy, chosen, "tier_counts")
    certain = (CERTAIN,) * len(parts.of_epochs)
    found = (
        entry
        for measure in policy.sums
        for entry in (
            _by_tier(policy, measure, counts)
            if measure.amount == "tier"
            else [Entry(measure, parts.ask(lookup.floors) if measure.part_of else certain)]
        )
    )
    return tuple(entry for entry in found if any(one.value for one in entry.verdicts))


def _by_tier(policy: Policy, measure: Measure, stages: Stages) -> Iterator[Entry]:
    """Projects of the measure's own tier, and of each higher one."""
    own = [tier.id for tier in policy.tiers].index(measure.tier)
    for index, tier in enumerate(policy.tiers[: own + 1]):
        question = partial(lookup.counts, tier=tier, measure=measure)
        yield Entry(measure, stages.ask(question), index)
