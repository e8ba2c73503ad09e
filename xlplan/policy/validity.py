"""Since when, and until when, rules hold: the epochs that their first and last days make."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Protocol

from xlplan.policy.schema import Policy, Rule, RuleSet

BEGINNING = date.min
"""The first day of the first epoch."""


class Dated(Protocol):
    """What holds from `valid_from` to before `valid_to`; None = without end."""

    @property
    def valid_from(self) -> date | None:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The first day that it does not hold any more."""


def holds_on(dated: Dated, day: date) -> bool:
    """Whether it holds on a day.

    >>> holds_on(Rule("a", "", valid_to=date(2022, 1, 1)), date(2022, 1, 1))
    False
    """
    return (dated.valid_from or BEGINNING) <= day and (
        dated.valid_to is None or day < dated.valid_to
    )


def is_dated(dated: Dated) -> bool:
    """Whether it begins or ends at all."""
    return dated.valid_from is not None or dated.valid_to is not None


def overlap(one: Dated, other: Dated) -> bool:
    """Whether there is a day on which both hold."""
    start = max(one.valid_from or BEGINNING, other.valid_from or BEGINNING)
    return all(end is None or start < end for end in (one.valid_to, other.valid_to))


def epochs(dated: Iterable[Dated]) -> tuple[date, ...]:
    """The first day of each span of time in which nothing begins or ends to hold, in order.

    >>> epochs([Rule("a", "", valid_to=date(2022, 1, 1)), Rule("b", "")])
    (datetime.date(1, 1, 1), datetime.date(2022, 1, 1))
    """
    turns = {day for one in dated for day in (one.valid_from, one.valid_to) if day is not None}
    return tuple(sorted(turns | {BEGINNING}))


def rule_epochs(policy: Policy) -> tuple[date, ...]:
    """The epochs of all rules, those of options included."""
    options = (option.rules for ruling in policy.rulings for option in ruling.options)
    return epochs(rule for rules in (policy.rules, *options) for rule in _every(rules))


def in_force(rules: RuleSet, day: date) -> RuleSet:
    """The rules that hold on a day."""
    return RuleSet(
        *(
            tuple(rule for rule in getattr(rules, table.name) if holds_on(rule, day))
            for table in fields(RuleSet)
        )
    )


def _every(rules: RuleSet) -> Iterable[Rule]:
    return (rule for table in fields(RuleSet) for rule in getattr(rules, table.name))
