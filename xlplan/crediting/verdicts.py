"""Whether the rules settle a question: asked in every world that the open rulings allow."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from xlplan.model import State
from xlplan.policy.choices import World
from xlplan.policy.schema import Rule, RuleSet

WHOLLY = Fraction(1)
"""What a silent rule could give at most, for the pending amount: all of it."""

Outcome = Fraction | Literal["silent", "conflict"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule answers, and the rules that led there."""

    value: Fraction
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one class of amounts.

    `value` is the largest possible one unless the state is settled. `open` names the open rulings
    that make a difference, `relied` the chosen ones that were followed.
    """

    state: State
    value: Fraction
    rules: tuple[Rule, ...] = ()
    open: tuple[str, ...] = ()
    relied: tuple[str, ...] = ()


CERTAIN = Verdict("settled", WHOLLY)
"""The verdict on a question that needs no rule."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A question to the rules: the worlds in which it is asked, and the choices made."""

    worlds: tuple[World, ...]
    chosen: Mapping[str, str] = field(default_factory=dict)

    def ask(self, question: Callable[[RuleSet], Sequence[Finding]]) -> Verdict:
        """Settled when every world gives the same value, else open, silent or in conflict."""
        answers = [question(world.rules) for world in self.worlds]
        outcomes = [_outcome(found) for found in answers]
        largest = max(answers, key=lambda found: (_largest(found), bool(found)))
        rules = tuple({rule.id: rule for found in largest for rule in found.rules}.values())
        return Verdict(
            _state(outcomes),
            _largest(largest),
            rules,
            tuple(self._decisive(outcomes)),
            tuple(dict.fromkeys(rule.ruling for rule in rules if rule.ruling in self.chosen)),
        )

    def _decisive(self, outcomes: Sequence[Outcome]) -> Iterator[str]:
        """The open rulings of which another option alone would change the outcome."""
        for ruling in self.worlds[0].options:
            elsewhere: dict[tuple[str, ...], Outcome] = {}
            for world, outcome in zip(self.worlds, outcomes, strict=True):
                others = tuple(world.options[other] for other in world.options if other != ruling)
                if elsewhere.setdefault(others, outcome) != outcome:
                    yield ruling
                    break


def _outcome(found: Sequence[Finding]) -> Outcome:
    if len(found) == 1:
        return found[0].value
    return "conflict" if found else "silent"


def _largest(found: Sequence[Finding]) -> Fraction:
    return max((finding.value for finding in found), default=WHOLLY)


def _state(outcomes: Sequence[Outcome]) -> State:
    first = outcomes[0]
    if any(outcome != first for outcome in outcomes):
        return "open"
    return "settled" if isinstance(first, Fraction) else first
