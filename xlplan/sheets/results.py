"""The result sheets, made from the figures of a recalculation."""

from xlplan.model import STANDING_SHEET, TIER_SHEET
from xlplan.sheets.credit_rows import FIRST_ROW as FIRST_CREDIT_ROW
from xlplan.sheets.credit_rows import check_room, credit_sheet
from xlplan.sheets.description import Sheet
from xlplan.sheets.figures import Figures
from xlplan.sheets.findings import finding_at, finding_sheet
from xlplan.sheets.lines import Figure
from xlplan.sheets.standings import standing_figures, standing_sheet
from xlplan.sheets.tiers import TIER_COUNT, listed_project, tier_figures, tier_sheet

__all__ = [
    "FIRST_CREDIT_ROW",
    "TIER_COUNT",
    "Figure",
    "Figures",
    "finding_at",
    "listed_project",
    "result_sheets",
    "standing_cells",
]


def result_sheets(figures: Figures) -> tuple[Sheet, ...]:
    """完成情况, 计入明细, 档次统计 and 诊断, in the contract's order; pure.

    Every computed figure is a live formula that carries its exact cached value; amounts stand in
    亿元, counts in 个.

    Raises:
        RequestError: XP702 when there are more credits than a sheet has rows.
    """
    check_room(figures)
    return (
        standing_sheet(figures),
        credit_sheet(figures),
        tier_sheet(figures),
        finding_sheet(figures),
    )


def standing_cells(figures: Figures, sheet: str = STANDING_SHEET) -> dict[tuple[int, int], Figure]:
    """What each cell (row, column) of 完成情况 or 档次统计 is about, from the sheets' own layout.

    A figure is (group, unit, measure, head of the column); unit is 合计 in a total's row. Row r of
    计入明细 is row r - `FIRST_CREDIT_ROW` of the frame of credits.
    """
    known = {STANDING_SHEET: standing_figures, TIER_SHEET: tier_figures}
    return known[sheet](figures) if sheet in known else {}
