"""Whether the units that are credited existed on the day: 生效 and 失效 of the register."""

import numpy as np
import pandas as pd

from xlplan.crediting.columns import Days, Flags, amounts, days, texts
from xlplan.crediting.computation import Computed
from xlplan.diagnostics import Diagnostics
from xlplan.model import Ledger


def audit_validity(ledger: Ledger, computed: Computed) -> Diagnostics:
    """XP313 once for each project and unit, where the project names the unit."""
    diagnostics = Diagnostics()
    if ledger.units[["valid_from", "valid_to"]].isna().to_numpy().all():
        return diagnostics
    sheets, rows = texts(ledger.projects["sheet"]), amounts(ledger.projects["row"])
    blocks = amounts(ledger.projects["block"])
    lines = computed.lines
    said: set[tuple[int, int]] = set()
    for line in computed.kept[_invalid(ledger, computed)]:
        source, unit = lines.source[line], lines.unit[line]
        project = computed.sources.project[source]
        if (project, unit) not in said:
            said.add((project, unit))
            field = "cooperating" if lines.cooperates[line] else "lead"
            place = ledger.cell(sheets[project], int(rows[project]), field, int(blocks[project]))
            day = str(computed.sources.day[source].astype("datetime64[D]"))
            diagnostics.add("XP313", place, unit=computed.roles.names[unit], date=day)
    return diagnostics


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
