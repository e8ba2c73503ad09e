"""Proves tasks and wildcards: every name is known, every wildcard covers a unit."""

from collections.abc import Iterable, Iterator

from xlplan.policy.reading import Reading
from xlplan.policy.schema import Policy, Wildcard

Named = tuple[str, str]


def duty_citations(policy: Policy) -> Iterator[Named]:
    """The clauses that tasks and wildcards cite, by key path."""
    for n, task in enumerate(policy.duties.tasks, 1):
        yield f"task[{n}].clause", task.clause
    for n, wildcard in enumerate(policy.duties.wildcards, 1):
        yield f"wildcard[{n}].clause", wildcard.clause


def duty_names(policy: Policy) -> dict[str, list[Named]]:
    """What may be given only once: ids of tasks, texts of wildcards."""
    duties = policy.duties
    return {
        "任务编号": [(f"task[{n}].id", task.id) for n, task in enumerate(duties.tasks, 1)],
        "统称": [(f"wildcard[{n}].text", card.text) for n, card in enumerate(duties.wildcards, 1)],
    }


def prove_duties(policy: Policy, reading: Reading) -> None:
    """Units, wildcards, groups and measures that are named are known (XP606); none is empty."""
    units = {unit.name for unit in policy.units}
    units |= {alias for unit in policy.units for alias in unit.aliases}
    for n, wildcard in enumerate(policy.duties.wildcards, 1):
        path = f"wildcard[{n}]"
        _known(path, "groups", wildcard.groups, ("类别", policy.groups), reading)
        for key, names in (("units", wildcard.units), ("except", wildcard.excluded)):
            _known(path, key, names, ("单位", units), reading)
        if not (covered(wildcard, policy) or (wildcard.teams and policy.teams)):
            reading.fault("XP680", path, text=wildcard.text)
    known = units | {wildcard.text for wildcard in policy.duties.wildcards}
    measures = [measure.name for measure in policy.measures]
    for n, task in enumerate(policy.duties.tasks, 1):
        for key, names in (("lead_units", task.lead_units), ("units", task.units)):
            _known(f"task[{n}]", key, names, ("单位或统称", known), reading)
        _known(f"task[{n}]", "measures", task.measures, ("指标", measures), reading)


def covered(wildcard: Wildcard, policy: Policy) -> tuple[str, ...]:
    """The units of the document that a wildcard stands for, in the document's order."""
    official = {alias: unit.name for unit in policy.units for alias in (unit.name, *unit.aliases)}
    named = {official.get(name, name) for name in wildcard.units}
    excluded = {official.get(name, name) for name in wildcard.excluded}
    return tuple(
        unit.name
        for unit in policy.units
        if (unit.name in named or unit.group in wildcard.groups) and unit.name not in excluded
    )


def _known(
    path: str, key: str, names: Iterable[str], among: tuple[str, Iterable[str]], reading: Reading
) -> None:
    what, known = among
    listed = list(known)
    for n, name in enumerate(names, 1):
        if name not in listed:
            said = "、".join(listed)
            reading.fault("XP606", f"{path}.{key}[{n}]", text=name, what=what, known=said)
