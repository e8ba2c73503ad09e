"""A roll-up as frames, for those who compute on (`model.ROLLUP_LINES` and the two after it)."""

from typing import TYPE_CHECKING

from xlplan.counties.nouns import Area
from xlplan.diagnostics import Cell
from xlplan.model import ROLLUP_LINES, ROLLUP_SHARED, ROLLUP_TOTALS

if TYPE_CHECKING:
    import pandas as pd

_NOWHERE = Cell("")
_FIGURES = ("target", "pending", "rate", "numerator", "denominator")


def line_frame(area: Area) -> "pd.DataFrame":
    """One row a county, group or unit and measure."""
    lines, cells = area.lines, [line.cell or _NOWHERE for line in area.lines]
    plain = ("county", "kind", "group", "unit", *_FIGURES, "state", "own")
    return ROLLUP_LINES.of(
        {
            **{name: [getattr(line, name) for line in lines] for name in plain},
            "done": [line.done if line.measure.is_sum else line.rate for line in lines],
            "measure": [line.measure.name for line in lines],
            "measured_in": [line.measure.unit for line in lines],
            "policy": [line.report.policy if line.report else "" for line in lines],
            "book": [line.report.address if line.report else "" for line in lines],
            **_places(cells),
        }
    )


def total_frame(area: Area) -> "pd.DataFrame":
    """One row a measure of the area."""
    totals, plain = area.totals, (*_FIGURES, "done", "added", "taken_off", "lacking")
    return ROLLUP_TOTALS.of(
        {
            **{name: [getattr(total, name) for total in totals] for name in plain},
            "measure": [total.measure.name for total in totals],
            "measured_in": [total.measure.unit for total in totals],
            "how": [total.measure.how for total in totals],
        }
    )


def shared_frame(area: Area) -> "pd.DataFrame":
    """One row a shared project, county and figure."""
    shared = area.shared
    plain = ("number", "part", "county", "project", "name", "credit_code")
    return ROLLUP_SHARED.of(
        {
            **{
                name: [getattr(one, name) for one in shared]
                for name in (*plain, "amount", "counted", "pending")
            },
            "measure": [one.measure.name for one in shared],
            "book": [one.report.address for one in shared],
            **_places([one.cell for one in shared]),
        }
    )


def _places(cells: list[Cell]) -> dict[str, object]:
    return {name: [getattr(cell, name) for cell in cells] for name in ("sheet", "row", "column")}
