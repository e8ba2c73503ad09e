"""The result sheets, made from the figures of a recalculation."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import (
    BOARD_SHEET,
    CALENDAR_SHEET,
    CHANGE_SHEET,
    CREDIT_SHEET,
    DIAGNOSTIC_SHEET,
    OPTIONAL_SHEETS,
    READING_SHEET,
    SCORE_SHEET,
    STANDING_SHEET,
    TEAM_SHEET,
    TIER_SHEET,
)
from xlplan.sheets import changes, layout, looks, readings
from xlplan.sheets.boards import board_sheet, listed_unit
from xlplan.sheets.credit_rows import FIRST_ROW as FIRST_CREDIT_ROW
from xlplan.sheets.credit_rows import check_room, credit_sheet
from xlplan.sheets.dates import date_sheet
from xlplan.sheets.description import Sheet
from xlplan.sheets.duties import BUILDERS, tasks_at
from xlplan.sheets.figures import Figures
from xlplan.sheets.findings import finding_at, finding_sheet
from xlplan.sheets.layout import FIRST_ROW as FIRST_DATE_ROW
from xlplan.sheets.lines import Figure
from xlplan.sheets.readings import reading_cells
from xlplan.sheets.scores import decision_at, score_sheet, scored_at
from xlplan.sheets.standings import standing_figures, standing_sheet
from xlplan.sheets.teams import team_sheet
from xlplan.sheets.tiers import TIER_COUNT, listed_project, tier_figures, tier_sheet

__all__ = [
    "FIRST_CREDIT_ROW",
    "FIRST_DATE_ROW",
    "TIER_COUNT",
    "Figure",
    "Figures",
    "decision_at",
    "finding_at",
    "kept_back",
    "listed_project",
    "listed_unit",
    "reading_cells",
    "result_sheets",
    "scored_at",
    "sheet_builders",
    "standing_cells",
    "tasks_at",
]


def result_sheets(figures: Figures) -> tuple[Sheet, ...]:
    """完成情况, 计入明细, 档次统计, those that the policy calls for, and 诊断; pure.

    Every computed figure is a live formula that carries its exact cached value; amounts stand in
    亿元, counts in 个.

    Raises:
        RequestError: XP702 when there are more credits than a sheet has rows.
    """
    return tuple(build() for build in sheet_builders(figures).values())


def sheet_builders(figures: Figures) -> dict[str, Callable[[], Sheet]]:
    """The same, each still to be described: whoever shows one may begin before the next.

    Raises:
        RequestError: XP702 when there are more credits than a sheet has rows.
    """
    check_room(figures)
    return {
        STANDING_SHEET: partial(standing_sheet, figures),
        CREDIT_SHEET: partial(credit_sheet, figures),
        TIER_SHEET: partial(tier_sheet, figures),
        **_optional_builders(figures),
        DIAGNOSTIC_SHEET: partial(finding_sheet, figures),
    }


class Optional(NamedTuple):
    """A result sheet that only some policies have: whether these figures need it, and how."""

    is_wanted: Callable[[Figures], bool]
    build: Callable[[Figures], Sheet]


OPTIONAL: Mapping[str, Optional] = {
    READING_SHEET: Optional(readings.is_wanted, readings.reading_sheet),
    BOARD_SHEET: Optional(lambda figures: bool(figures.policy.boards), board_sheet),
    CALENDAR_SHEET: Optional(lambda figures: bool(figures.policy.calendars), date_sheet),
    SCORE_SHEET: Optional(lambda figures: figures.policy.scoring.is_declared, score_sheet),
    TEAM_SHEET: Optional(lambda figures: bool(figures.policy.teams), team_sheet),
    **{
        name: Optional(lambda figures: bool(len(figures.tasks)), build)
        for name, build in BUILDERS.items()
    },
    CHANGE_SHEET: Optional(changes.is_wanted, changes.change_sheet),
}
"""The builders of `model.OPTIONAL_SHEETS`, by name."""


def optional_sheets(figures: Figures) -> tuple[Sheet, ...]:
    """The optional sheets that are wanted, but for those whose name the clerk's own sheet has.

    A sheet of ours that is wanted no longer says so, rather than show figures of another day.
    """
    return tuple(build() for build in _optional_builders(figures).values())


def _optional_builders(figures: Figures) -> dict[str, Callable[[], Sheet]]:
    wanted = wanted_sheets(figures)
    return {
        name: partial(OPTIONAL[name].build, figures) if name in wanted else partial(_blank, name)
        for name in OPTIONAL_SHEETS
        if name not in figures.theirs and name in {*wanted, *figures.ours}
    }


def wanted_sheets(figures: Figures) -> tuple[str, ...]:
    """The names of the optional sheets that the figures call for."""
    return tuple(name for name, sheet in OPTIONAL.items() if sheet.is_wanted(figures))


def kept_back(figures: Figures) -> Diagnostics:
    """XP520 for every sheet that is wanted, but whose name the clerk's own sheet has."""
    found = Diagnostics()
    for name in wanted_sheets(figures):
        if name in figures.theirs:
            found.add("XP520", Cell(name, 1, 1), sheet=name)
    return found


def _blank(name: str) -> Sheet:
    """A sheet that once held results, and for which the policy gives none."""
    said = "考核方案没有这一项，本表不再有内容"
    if name == CHANGE_SHEET:
        said = "这次重算没有与上期对比（--previous），本表不再有内容"
    cells, merges = layout.caption(OPTIONAL_SHEETS[name], said, "", 4)
    widths = dict.fromkeys(range(1, 5), 18.0)
    return Sheet(
        name, tuple(cells), merges=tuple(merges), widths=widths, tab_color=looks.OUTPUT_TAB
    )


def standing_cells(figures: Figures, sheet: str = STANDING_SHEET) -> dict[tuple[int, int], Figure]:
    """What each cell (row, column) of 完成情况 or 档次统计 is about, from the sheets' own layout.

    A figure is (group, unit, measure, head of the column); unit is 合计 in a total's row. Row r of
    计入明细 is row r - `FIRST_CREDIT_ROW` of the frame of credits.
    """
    known = {
        STANDING_SHEET: standing_figures,
        TIER_SHEET: tier_figures,
        CHANGE_SHEET: changes.change_cells,
    }
    return known[sheet](figures) if sheet in known else {}
