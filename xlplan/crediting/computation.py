"""The joins in order: who, what, by which rules, how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xlplan.crediting.amounts import Worth, worth
from xlplan.crediting.classes import Applied, apply_rules
from xlplan.crediting.columns import Codes, Flags, Places
from xlplan.crediting.entries import Entry, entries_of
from xlplan.crediting.findings import audit_selections
from xlplan.crediting.foreign import ForeignAmounts
from xlplan.crediting.lines import Dimensions, Lines, lines_of
from xlplan.crediting.roles import Roles, roles_of
from xlplan.crediting.selection import select
from xlplan.crediting.sources import Material, Sources, sources_of
from xlplan.diagnostics import Cell, Diagnostics
from xlplan.policy import Policy


@dataclass(frozen=True, slots=True)
class Computed:
    """All lines with their worth and, by class, the rules applied.

    `kept` are the lines that stand; a part of a measure concerns only units with such a target.
    """

    places: Places
    roles: Roles
    sources: Sources
    lines: Lines
    applied: Sequence[Applied]
    worth: Worth
    kept: Codes
    foreign: ForeignAmounts
    findings: Diagnostics

    def cell(self, source: int) -> Cell:
        """The cell that an amount was read from."""
        sheet, field = self.sources.sheet[source], self.sources.field[source]
        row = int(self.sources.row[source])
        return Cell(self.places.sheets[sheet], row, int(self.places.columns[field, sheet]))


def compute(material: Material, policy: Policy, chosen: Mapping[str, str]) -> Computed:
    """Join the ledger's amounts to units and rules, whole columns at a time."""
    roles = roles_of(material.ledger, policy)
    entries = entries_of(policy, chosen)
    selections = [select(material, entry) for entry in entries]
    sources = sources_of(material, entries, [one.enters for one in selections])
    dimensions = Dimensions.of(material.ledger, policy, entries, roles)
    lines, classes = lines_of(sources, roles, dimensions)
    applied = apply_rules(policy, chosen, classes)
    # An of-which part, or a higher tier, may count in one epoch of the rules and not in another.
    counted = np.array([bool(one.of.enters.value) for one in applied], dtype=bool)
    kept = counted[lines.kind] if len(applied) else np.ones(len(lines.source), dtype=bool)
    for index, entry in enumerate(entries):
        if entry.measure.part_of:
            concerned = _has_part_target(material, entry, roles)
            kept &= (sources.entry[lines.source] != index) | concerned[lines.unit]
            selections[index] = selections[index].but(_projects_of(roles, concerned))
    return Computed(
        material.places,
        roles,
        sources,
        lines,
        applied,
        worth(sources.amount[lines.source], lines, applied),
        np.flatnonzero(kept),
        material.foreign,
        audit_selections(material, entries, [one.untold for one in selections]),
    )


def _has_part_target(material: Material, entry: Entry, roles: Roles) -> Flags:
    """The units, by their codes, with an of-which target 其中 of the entry's measure."""
    targets = material.ledger.targets
    of_which = (
        (targets["bound"] == "of-which")
        & (targets["measure"] == entry.measure.name)
        & (targets["period"] == material.window.period.text)
    )
    return np.isin(roles.names, targets["unit"][of_which].unique())


def _projects_of(roles: Roles, units: Flags) -> Flags:
    """The projects in which any of these units takes part."""
    projects = np.zeros(len(roles.size), dtype=bool)
    projects[np.repeat(np.arange(len(roles.size)), roles.size)[units[roles.members]]] = True
    return projects
