"""Whether the units that are credited existed on the day: 生效, 失效 and 并入 of the register."""

import numpy as np
import pandas as pd

from xlplan.crediting.columns import Days, Flags, days
from xlplan.crediting.computation import Computed
from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import Ledger


def audit_validity(ledger: Ledger, computed: Computed) -> Diagnostics:
    """XP313 once for each project and unit, where the project names the unit; XP334 likewise.

    XP313 for a unit that did not exist on the day, XP334 for one that another stands in for.
    """
    diagnostics = Diagnostics()
    if ledger.units[["valid_from", "valid_to"]].isna().to_numpy().all():
        return diagnostics
    names, lines = computed.roles.names, computed.lines
    for line in _once(computed, _invalid(ledger, computed)):
        place, day = _place(ledger, computed, line)
        diagnostics.add("XP313", place, unit=names[lines.unit[line]], date=day)
    for line in _once(computed, (lines.named != lines.unit)[computed.kept]):
        place, day = _place(ledger, computed, line)
        unit, successor = names[lines.named[line]], names[lines.unit[line]]
        diagnostics.add("XP334", place, unit=unit, successor=successor, date=day)
    return diagnostics


def _once(computed: Computed, which: Flags) -> list[int]:
    """The flagged lines that stand, of each project and unit named there the first."""
    found = computed.kept[which]
    project = computed.sources.project[computed.lines.source[found]]
    pairs = project * len(computed.roles.names) + computed.lines.named[found]
    _, first = np.unique(pairs, return_index=True)
    return [int(line) for line in found[np.sort(first)]]


def _place(ledger: Ledger, computed: Computed, line: int) -> tuple[Cell, str]:
    """Where the project names the line's unit, and the day that the amount belongs to."""
    source = computed.lines.source[line]
    project, projects = computed.sources.project[source], ledger.projects
    sheet, row, block = (projects[name].iloc[project] for name in ("sheet", "row", "block"))
    field = "cooperating" if computed.lines.cooperates[line] else "lead"
    day = str(computed.sources.day[source].astype("datetime64[D]"))
    return ledger.cell(sheet, int(row), field, int(block)), day


def _invalid(ledger: Ledger, computed: Computed) -> Flags:
    """The lines that stand whose unit was not yet, or no longer, valid on the day."""
    day = computed.sources.day[computed.lines.source[computed.kept]]
    unit = computed.lines.unit[computed.kept]
    since, until = (_by_unit(ledger, computed, name)[unit] for name in ("valid_from", "valid_to"))
    return (day < since) | (day >= until)


def _by_unit(ledger: Ledger, computed: Computed, name: str) -> Days:
    """A date of the register for each unit's code; NaT for a unit that is not registered."""
    place = pd.Index(ledger.units["unit"]).get_indexer(pd.Index(computed.roles.names))
    dates: Days = np.append(days(ledger.units[name]), np.datetime64("NaT", "s"))[place]
    return dates
