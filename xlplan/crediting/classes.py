"""The rules applied to each distinct class of lines, before any line is looked at.

A line's class is all that a rule can ask for: how the amount enters its measure, the project's
origin, the unit's kind, how many cooperate, whether groups differ, the unit's role, and the epoch
of the rules. There are few classes, so the rules are asked in plain Python, and the lines take over
the answers by code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from xlplan.crediting import lookup
from xlplan.crediting.entries import Entry, Stages
from xlplan.crediting.lookup import Joint, Party
from xlplan.crediting.verdicts import Stage, Verdict
from xlplan.model import Role, State
from xlplan.policy.schema import Policy

NOBODY = Fraction(0)
"""The share of cooperating units where there are none."""


@dataclass(frozen=True, slots=True)
class Class:
    """One class of lines; `party` stands for every unit that the rules do not tell from it.

    `epoch` counts the spans of time between which the rules change; the amount's day decides.
    """

    entry: Entry
    origin: str
    party: Party
    joint: Joint
    role: Role
    epoch: int = 0

    @property
    def enters(self) -> Verdict:
        """Whether such an amount enters the measure."""
        return self.entry.verdicts[self.epoch]


@dataclass(frozen=True, slots=True)
class Applied:
    """What the rules say of a class: whether it counts, with which weight, with which share.

    `together` is the sum of all shares of a project of that class, `partner` the share of one
    cooperating unit: the lead unit takes what the others leave of the whole.
    """

    of: Class
    weight: Verdict
    share: Verdict
    partner: Fraction
    together: Fraction

    @property
    def verdicts(self) -> tuple[Verdict, Verdict, Verdict]:
        """The three verdicts in the order in which they are explained."""
        return self.of.enters, self.weight, self.share

    @property
    def state(self) -> State:
        """Settled when all is settled, or when one settled factor makes the product zero."""
        states = {verdict.state for verdict in self.verdicts}
        if any(verdict.state == "settled" and not verdict.value for verdict in self.verdicts):
            return "settled"
        gravest: tuple[State, ...] = ("conflict", "silent", "open")
        return next((state for state in gravest if state in states), "settled")

    @property
    def hangs_on(self) -> tuple[str, ...]:
        """The open rulings on which the amount hangs."""
        if self.state == "settled":
            return ()
        return tuple(dict.fromkeys(r for verdict in self.verdicts for r in verdict.open))

    @property
    def rulings(self) -> str:
        """The rulings that it relies on or hangs upon."""
        relied = (r for verdict in self.verdicts for r in verdict.relied)
        return "、".join(dict.fromkeys((*relied, *self.hangs_on)))

    @property
    def rules(self) -> str:
        """The ids of the rules applied."""
        rules = (rule.id for verdict in self.verdicts for rule in verdict.rules)
        return " + ".join(dict.fromkeys(rules))

    @property
    def clauses(self) -> str:
        """The clauses of the rules applied."""
        clauses = (rule.clause for verdict in self.verdicts for rule in verdict.rules)
        return "、".join(dict.fromkeys(clauses))


def apply_rules(
    policy: Policy, chosen: Mapping[str, str], classes: Sequence[Class]
) -> list[Applied]:
    """Ask the rules once for each distinct weight and each distinct split of each epoch."""
    by_origin = Stages.of(policy, chosen, "weights", "scopes").of_epochs
    by_role = Stages.of(policy, chosen, "splits").of_epochs
    weights = {
        key: by_origin[key[0]].ask(
            partial(lookup.weights, measure=key[1], origin=key[2], party=key[3])
        )
        for key in {(c.epoch, c.entry.measure.name, c.origin, c.party) for c in classes}
    }
    shares = {
        key: _shares(by_role[key[0]], key[1], key[2])
        for key in {(c.epoch, c.entry.measure.name, c.joint) for c in classes}
    }
    return [
        _applied(
            of,
            weights[of.epoch, of.entry.measure.name, of.origin, of.party],
            shares[of.epoch, of.entry.measure.name, of.joint],
        )
        for of in classes
    ]


def _shares(stage: Stage, measure: str, joint: Joint) -> Mapping[Role, Verdict]:
    """The verdict on the share of each role; without cooperating units there is only the lead."""
    roles: tuple[Role, ...] = ("lead", "cooperating") if joint.partners else ("lead",)
    return {
        role: stage.ask(partial(lookup.splits, measure=measure, joint=joint, role=role))
        for role in roles
    }


def _applied(of: Class, weight: Verdict, shares: Mapping[Role, Verdict]) -> Applied:
    partner = shares["cooperating"].value if of.joint.partners else NOBODY
    together = shares["lead"].value + of.joint.partners * partner
    return Applied(of, weight, shares[of.role], partner, together)
