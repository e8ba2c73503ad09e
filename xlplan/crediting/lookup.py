"""Which rules answer for one class of amounts, in one world: none is silence, two a conflict."""

from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.crediting.verdicts import WHOLLY, Finding
from xlplan.model import Role
from xlplan.policy.schema import Measure, OfWhich, Rule, RuleSet, Scope, Split, Tier


@dataclass(frozen=True, slots=True)
class Party:
    """A unit as the rules see it: its name and its group."""

    name: str
    group: str

    def is_in(self, scope: Scope) -> bool:
        """Whether that rule brings it into its scope."""
        return self.group in scope.groups or self.name in scope.units


@dataclass(frozen=True, slots=True)
class Joint:
    """How a project is shared: the number of cooperating units, and whether groups differ."""

    partners: int
    across_groups: bool


def weights(rules: RuleSet, measure: str, origin: str, party: Party) -> list[Finding]:
    """The weights 权重 that apply to a measure of that origin for that unit."""
    found = []
    for rule in rules.weights:
        if measure not in rule.measures or (rule.origins and origin not in rule.origins):
            continue
        by = _in_scope(rules, rule.scope, party)
        if by is None:
            continue
        if rule.share is not None:
            found.append(Finding(rule.share, (rule, *by)))
        else:
            followed = weights(rules, rule.like, origin, party)
            found += [Finding(other.value, (rule, *by, *other.rules)) for other in followed]
    return found


def _in_scope(rules: RuleSet, name: str, party: Party) -> tuple[Scope, ...] | None:
    """The rule that brings the unit into a scope: () for no scope at all, None when outside."""
    if not name:
        return ()
    scopes = (scope for scope in rules.scopes if scope.name == name and party.is_in(scope))
    first = next(scopes, None)
    return None if first is None else (first,)


def splits(rules: RuleSet, measure: str, joint: Joint, role: Role) -> list[Finding]:
    """The shares 份额 of that role; rules that prevail set the others aside."""
    found = [rule for rule in rules.splits if measure in rule.measures and _applies(rule, joint)]
    return list(_shares(rules, [rule for rule in found if rule.prevails] or found, joint, role))


def _applies(rule: Split, joint: Joint) -> bool:
    low, high = rule.partners
    enough = low <= joint.partners and (high is None or joint.partners <= high)
    return enough and rule.across_groups in (None, joint.across_groups)


def _shares(rules: RuleSet, found: list[Split], joint: Joint, role: Role) -> Iterator[Finding]:
    for rule in found:
        if rule.like:
            for other in splits(rules, rule.like, joint, role):
                yield Finding(other.value, (rule, *other.rules))
        elif rule.equally is not None:
            yield Finding(rule.equally / (joint.partners + 1), (rule,))
        elif role == "lead":
            yield Finding(rule.lead, (rule,))
        else:
            between = joint.partners if rule.among == "equally" else 1
            yield Finding(rule.cooperating / between, (rule,))


def counts(rules: RuleSet, tier: Tier, measure: Measure) -> list[Finding]:
    """Whether a project of that tier counts in a measure: surely in its own, by rule in a lower."""
    reached = Rule(tier.id, tier.clause)
    if tier.id == measure.tier:
        return [Finding(WHOLLY, (reached,))]
    return [
        Finding(WHOLLY * (rule.scope == "cumulative"), (reached, rule))
        for rule in rules.tier_counts
    ]


def floors(rules: RuleSet) -> list[Finding]:
    """Whether an of-which target 其中 is a floor of its own, so that amounts count towards it."""
    return [Finding(WHOLLY * _is_floor(rule), (rule,)) for rule in rules.of_whichs]


def _is_floor(rule: OfWhich) -> bool:
    return rule.reading == "floor"
