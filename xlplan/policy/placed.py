"""Every rule of a policy with its key path, and which rules can be in force together."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from xlplan.policy.schema import Policy, Rule, RuleSet
from xlplan.policy.validity import overlap

R = TypeVar("R", bound=Rule)

_KEYS = {
    "weights": "weight",
    "splits": "split",
    "tier_counts": "tier_count",
    "of_whichs": "of_which",
    "scopes": "scope",
}


@dataclass(frozen=True, slots=True)
class Placed(Generic[R]):
    """A rule, its key path, and the option it belongs to ("" and "" = a base rule)."""

    rule: R
    path: str
    ruling: str = ""
    option: str = ""

    def meets(self, other: "Placed[Any]") -> bool:
        """Whether both can be in force: at one time, not in two options of the same ruling.

        Rules of which each two can be so can be so together: a ruling has one option at a time,
        and spans of time of which each two overlap have a day in common.
        """
        together = not self.ruling or self.ruling != other.ruling or self.option == other.option
        return together and overlap(self.rule, other.rule)


def placed(policy: Policy, kind: type[R]) -> list[Placed[R]]:
    """Every rule of a kind (`Rule` = of any kind): base rules first, then the options' rules."""
    return [
        Placed(rule, path, ruling, option)
        for rule, path, ruling, option in _every(policy)
        if isinstance(rule, kind)
    ]


def _every(policy: Policy) -> Iterator[tuple[Rule, str, str, str]]:
    for path, rule in _of(policy.rules):
        yield rule, path, "", ""
    for n, ruling in enumerate(policy.rulings, 1):
        for m, option in enumerate(ruling.options, 1):
            for path, rule in _of(option.rules):
                yield rule, f"ruling[{n}].option[{m}].{path}", ruling.id, option.id


def _of(rules: RuleSet) -> Iterator[tuple[str, Rule]]:
    for table, key in _KEYS.items():
        for n, rule in enumerate(getattr(rules, table), 1):
            yield f"{key}[{n}]", rule
