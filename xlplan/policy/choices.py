"""What a workbook's choices leave open: the worlds in which the rules must be asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from xlplan.model import Choice
from xlplan.policy.schema import Policy, RuleSet, Ruling


@dataclass(frozen=True, slots=True)
class World:
    """One way to close the open rulings: the option of each, and the rules then in force."""

    options: Mapping[str, str]
    rules: RuleSet


def chosen_options(policy: Policy, choices: Mapping[str, Choice]) -> dict[str, str]:
    """The valid choices (ruling id → option id); a ruling without one is open."""
    return {
        ruling.id: choices[ruling.id].option
        for ruling in policy.rulings
        if ruling.id in choices and ruling.option(choices[ruling.id].option) is not None
    }


def worlds(policy: Policy, chosen: Mapping[str, str], *tables: str) -> tuple[World, ...]:
    """Every way to close the open rulings that could change these tables of rules.

    `tables` are field names of `RuleSet`. Without an open ruling there is one world.
    """
    opened = [
        ruling
        for ruling in policy.rulings
        if ruling.id not in chosen and _speaks_of(ruling, tables)
    ]
    return tuple(_worlds(policy, chosen, opened))


def _speaks_of(ruling: Ruling, tables: tuple[str, ...]) -> bool:
    return any(getattr(option.rules, table) for option in ruling.options for table in tables)


def _worlds(policy: Policy, chosen: Mapping[str, str], opened: list[Ruling]) -> Iterator[World]:
    for options in product(*(ruling.options for ruling in opened)):
        closed = {ruling.id: option.id for ruling, option in zip(opened, options, strict=True)}
        yield World(closed, policy.rules_under({**chosen, **closed}))
