"""Crediting once more, slow and obvious: rows in loops, plain fractions, no arrays.

It shares nothing with `xlplan.crediting` but the policy's data, so that two independent readings
of the rules must agree on every random ledger.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product
from math import floor

from support.ledgers import Project, Receipt

from xlplan.model import ONE
from xlplan.policy import Measure, Policy, RuleSet, Split, Weight
from xlplan.quantity import Period

SILENT, CONFLICT = "silent", "conflict"


@dataclass(frozen=True)
class Line:
    """One credit: who, for what, how much, and how sure."""

    project: str
    unit: str
    role: str
    measure: str
    amount: int
    whole: int
    credit: int
    pending: int
    state: str
    open: frozenset[str]

    @property
    def sums(self) -> tuple[str | int, ...]:
        """All but the rulings, for sorting."""
        return (self.project, self.measure, self.unit, self.amount, self.credit, self.pending)


@dataclass(frozen=True)
class Answer:
    """What all worlds together say of one question: the state, the most it can be, on what."""

    state: str
    most: Fraction
    open: frozenset[str] = frozenset()


def half_up(value: Fraction) -> int:
    size = floor(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


def cut(value: Fraction) -> int:
    size = floor(abs(value))
    return size if value >= 0 else -size


class Reference:
    """Credits a list of projects and receipts under some choices."""

    def __init__(self, policy: Policy, chosen: dict[str, str], period: Period, as_of: date):
        self.policy = policy
        self.period = period
        self.as_of = as_of
        self.groups = {unit.name: unit.group for unit in policy.units}
        self.open = [ruling for ruling in policy.rulings if ruling.id not in chosen]
        self.worlds = [
            (options, policy.rules_under({**chosen, **options})) for options in self._closings()
        ]
        self.answers: dict[tuple, Answer] = {}

    def _closings(self) -> Iterator[dict[str, str]]:
        for options in product(*([o.id for o in ruling.options] for ruling in self.open)):
            yield dict(zip((ruling.id for ruling in self.open), options, strict=True))

    def _ask(self, *question) -> Answer:
        """Ask one question in every world there is, relevant or not."""
        if question not in self.answers:
            self.answers[question] = self._answer(question)
        return self.answers[question]

    def _answer(self, question: tuple) -> Answer:
        kind, *about = question
        told = [
            (options, getattr(self, f"_{kind}")(rules, *about)) for options, rules in self.worlds
        ]
        outcomes = [
            found[0] if len(found) == 1 else CONFLICT if found else SILENT for _, found in told
        ]
        most = max(max(found, default=Fraction(1)) for _, found in told)
        if all(outcome == outcomes[0] for outcome in outcomes):
            state = outcomes[0] if outcomes[0] in (SILENT, CONFLICT) else "settled"
            return Answer(state, most)
        return Answer("open", most, self._differing(told, outcomes))

    def _differing(self, told: list, outcomes: list) -> frozenset[str]:
        by_options = {
            tuple(options.items()): outcome
            for (options, _), outcome in zip(told, outcomes, strict=True)
        }
        return frozenset(
            ruling.id
            for ruling in self.open
            for (options, _), outcome in zip(told, outcomes, strict=True)
            for other in ruling.options
            if by_options[tuple({**options, ruling.id: other.id}.items())] != outcome
        )

    # The questions: each gives the values that the rules of one world find.

    def _weight(self, rules: RuleSet, measure: str, origin: str, unit: str) -> list[Fraction]:
        return [
            value
            for rule in rules.weights
            if measure in rule.measures
            and (not rule.origins or origin in rule.origins)
            and (not rule.scope or self._is_in(rules, rule.scope, unit))
            for value in self._weight_of(rules, rule, origin, unit)
        ]

    def _weight_of(self, rules: RuleSet, rule: Weight, origin: str, unit: str) -> list[Fraction]:
        if rule.like:
            return self._weight(rules, rule.like, origin, unit)
        return [rule.share]

    def _is_in(self, rules: RuleSet, scope: str, unit: str) -> bool:
        covered = set()
        for rule in rules.scopes:
            if rule.name == scope:
                covered |= set(rule.units)
                covered |= {name for name, group in self.groups.items() if group in rule.groups}
        return unit in covered

    def _share(
        self, rules: RuleSet, measure: str, role: str, joint: tuple[int, bool]
    ) -> list[Fraction]:
        partners, across = joint
        found = [
            rule
            for rule in rules.splits
            if measure in rule.measures
            and partners >= rule.partners[0]
            and (rule.partners[1] is None or partners <= rule.partners[1])
            and (rule.across_groups is None or rule.across_groups == across)
        ]
        if any(rule.prevails for rule in found):
            found = [rule for rule in found if rule.prevails]
        shares = []
        for rule in found:
            if rule.like:
                shares += self._share(rules, rule.like, role, joint)
            else:
                shares.append(self._share_of(rule, role, partners))
        return shares

    def _share_of(self, rule: Split, role: str, partners: int) -> Fraction:
        if role == "lead":
            return rule.lead
        return rule.cooperating / partners if rule.among == "equally" else rule.cooperating

    def _counts_below(self, rules: RuleSet) -> list[Fraction]:
        return [Fraction(rule.scope == "cumulative") for rule in rules.tier_counts]

    def _is_floor(self, rules: RuleSet) -> list[Fraction]:
        return [Fraction(rule.reading == "floor") for rule in rules.of_whichs]

    # What a project is, and which amounts it brings.

    def tier(self, project: Project) -> str | None:
        """The tier's name, "" below all of them, None when it cannot be told."""
        for tier in self.policy.tiers:
            told = [self._case(project, case) for case in tier.any_of]
            if True in told:
                return tier.name
            if None in told:
                return None
        return ""

    def _case(self, project: Project, case) -> bool | None:
        told = [self._bound(project, bound) for bound in case.thresholds]
        if case.sectors and project.sector:
            told.append(project.sector in case.sectors)
        elif case.sectors:
            told.append(False if "sector" in project.unreadable else None)
        if False in told:
            return False
        return None if None in told else True

    def _bound(self, project: Project, bound) -> bool | None:
        amount = getattr(project, bound.field)
        if amount is None:
            blank_output = bound.field == "output" and "output" not in project.unreadable
            return False if blank_output else None
        return {
            ">=": amount >= bound.value,
            ">": amount > bound.value,
            "<=": amount <= bound.value,
            "<": amount < bound.value,
        }[bound.comparison]

    def _counted(self, day: date | None) -> bool:
        return day is not None and self.period.contains(day) and day <= self.as_of

    def _amounts(
        self, project: Project, receipts: list[Receipt]
    ) -> Iterator[tuple[Measure, int, Answer]]:
        surely = Answer("settled", Fraction(1))
        for measure in self.policy.measures:
            if measure.amount == "receipts":
                for receipt in receipts:
                    if receipt.project == project.project and self._counted(receipt.received):
                        yield measure, receipt.amount, surely
            elif not self._counted(project.signed):
                continue
            elif measure.amount == "tier":
                yield from self._count(project, measure)
            elif project.agreement is not None and not measure.part_of:
                yield measure, project.agreement, surely
            elif project.agreement is not None and self._is_part(project, measure):
                yield measure, project.agreement, self._ask("is_floor")

    def _is_part(self, project: Project, measure: Measure) -> bool:
        return bool(project.sector) and project.sector not in measure.except_sectors

    def _count(self, project: Project, measure: Measure) -> Iterator[tuple[Measure, int, Answer]]:
        ids = [tier.id for tier in self.policy.tiers]
        names = [tier.name for tier in self.policy.tiers]
        tier = self.tier(project)
        if tier and names.index(tier) == ids.index(measure.tier):
            yield measure, ONE, Answer("settled", Fraction(1))
        elif tier and names.index(tier) < ids.index(measure.tier):
            yield measure, ONE, self._ask("counts_below")

    # The credits.

    def credit(self, projects: list[Project], receipts: list[Receipt]) -> list[Line]:
        return [
            line
            for project in projects
            if project.lead and project.origin
            for measure, amount, enters in self._amounts(project, receipts)
            if enters.most
            for line in self._lines(project, measure, amount, enters)
        ]

    def _lines(
        self, project: Project, measure: Measure, amount: int, enters: Answer
    ) -> Iterator[Line]:
        units = (project.lead, *project.cooperating)
        partners = len(project.cooperating)
        across = len({self.groups[unit] for unit in units}) > 1
        weights = {u: self._ask("weight", measure.name, project.origin, u) for u in units}
        wholes = {u: half_up(amount * weights[u].most) for u in units}
        lead = self._ask("share", measure.name, "lead", (partners, across))
        partner = Answer("settled", Fraction(0))
        if partners:
            partner = self._ask("share", measure.name, "cooperating", (partners, across))
        for unit in units:
            role, share = ("lead", lead) if unit == project.lead else ("cooperating", partner)
            value = cut(wholes[unit] * share.most)
            if role == "lead" and len(set(wholes.values())) == 1:
                together = half_up(wholes[unit] * (lead.most + partners * partner.most))
                value = together - partners * cut(wholes[unit] * partner.most)
            elif role == "lead":
                value = half_up(wholes[unit] * share.most)
            if not measure.part_of or self._has_part_target(unit, measure):
                state, hangs_on = combined(enters, weights[unit], share)
                yield Line(
                    project.project,
                    unit,
                    role,
                    measure.name,
                    amount,
                    wholes[unit],
                    value if state == "settled" else 0,
                    0 if state == "settled" else value,
                    state,
                    hangs_on,
                )

    def _has_part_target(self, unit: str, measure: Measure) -> bool:
        return any(
            target.unit == unit and target.measure == measure.name and target.bound == "of-which"
            for target in self.policy.targets
        )


def combined(*answers: Answer) -> tuple[str, frozenset[str]]:
    """All factors together; nothing is in doubt when one of them is certainly zero."""
    if any(answer.state == "settled" and answer.most == 0 for answer in answers):
        return "settled", frozenset()
    states = {answer.state for answer in answers}
    state = next((s for s in (CONFLICT, SILENT, "open") if s in states), "settled")
    return state, frozenset().union(*(answer.open for answer in answers))
