"""What is said of scores: what is pending and why, which gates strike, fields without spread."""

from collections.abc import Iterable, Sequence

from xlplan.diagnostics import Cell, Clause, Diagnostics, Key, Place
from xlplan.policy import Policy
from xlplan.policy.describe_scoring import effect_said
from xlplan.policy.marks import Efficacy, Gate
from xlplan.scoring.field import Field
from xlplan.scoring.items import Item


def report(
    policy: Policy, fields: Sequence[Field], items: Sequence[Item], words: dict[str, Cell]
) -> Diagnostics:
    """XP530 to XP533; `words` are the cells of 加减分 that strike, by unit and word."""
    found = Diagnostics()
    for field in fields:
        mine = [item for item in items if item.group == field.group]
        _report_pending(policy, field, mine, found)
        _report_equal(policy, field, mine, found)
        _report_gates(policy, mine, words, found)
    return found


def _report_pending(
    policy: Policy, field: Field, items: Sequence[Item], found: Diagnostics
) -> None:
    """Scores and bonuses that cannot be told yet, once a rule and group, with the first reason."""
    pending = [item for item in items if item.state == "pending" and item.kind != "gate"]
    for rule in dict.fromkeys(item.score for item in pending):
        mine = [item for item in pending if item.score == rule]
        said = {"group": field.group, "measure": mine[0].measure, "count": len(mine)}
        units = "、".join(item.unit for item in mine)
        place = Key(policy.id, rule)
        found.add("XP530", place, units=units, reason=mine[0].because, **said)


def _report_equal(policy: Policy, field: Field, items: Sequence[Item], found: Diagnostics) -> None:
    """Efficacy scores of a group without spread, where the declared rule stands for a division."""
    for score in policy.scoring.items(field.group):
        mine = [item for item in items if item.score == score.id and item.state == "settled"]
        inputs = {item.input for item in mine}
        if isinstance(score.method, Efficacy) and len(mine) > 1 and len(inputs) == 1:
            said = {"group": field.group, "measure": score.measure, "count": len(mine)}
            found.add("XP532", Key(policy.id, score.id), because=mine[0].because, **said)


def _report_gates(
    policy: Policy, items: Sequence[Item], words: dict[str, Cell], found: Diagnostics
) -> None:
    """Gates that strike (XP531), and those that hang on something (XP533), once each."""
    for gate in policy.scoring.gates:
        mine = [item for item in items if item.score == gate.id]
        for code, units in (("XP531", _struck(mine)), ("XP533", _hanging(mine))):
            if units:
                said = {"name": gate.name, "units": "、".join(units), "effect": effect_said(gate)}
                found.add(code, _place(policy, gate, units, words), **said)


def _struck(items: Iterable[Item]) -> list[str]:
    return [it.unit for it in items if it.state == "settled" and it.strikes]


def _hanging(items: Iterable[Item]) -> list[str]:
    return [item.unit for item in items if item.state == "pending"]


def _place(policy: Policy, gate: Gate, units: Sequence[str], words: dict[str, Cell]) -> Place:
    """The cell that writes the word, else the clause."""
    return words.get(f"{units[0]}/{gate.word}") or Clause(policy.id, gate.clause)
