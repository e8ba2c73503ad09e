"""Where things stand on a sheet of ours, and how one sheet refers to another."""

from collections.abc import Sequence

from xlplan.diagnostics import Cell, column_letters
from xlplan.sheets.description import Area, CellSpec, Style
from xlplan.sheets.looks import HEAD, REMARK, TITLE, UNIT_REMARK

TITLE_ROW, REMARK_ROW, HEAD_ROW, FIRST_ROW = 1, 2, 3, 4
TITLE_HEIGHT, REMARK_HEIGHT, HEAD_HEIGHT = 32.0, 20.0, 32.0


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links write it.

    >>> quoted("计入明细"), quoted("7月'草稿'")
    ("'计入明细'", "'7月''草稿'''")
    """
    return "'" + sheet.replace("'", "''") + "'"


def target_of(cell: Cell) -> str:
    """The link target of a place, the sheet's first cell when only the sheet is known.

    >>> target_of(Cell("项目台账", 19, 14)), target_of(Cell("口径"))
    ("'项目台账'!N19", "'口径'!A1")
    """
    return f"{quoted(cell.sheet)}!{cell.address or 'A1'}"


def absolute(column: str, rows: tuple[int, int]) -> str:
    """Rows of one column, anchored.

    >>> absolute("C", (4, 33))
    '$C$4:$C$33'
    """
    return f"${column}${rows[0]}:${column}${rows[1]}"


def letters(heads: Sequence[str]) -> dict[str, str]:
    """The column letters under which heads stand, from column A on.

    >>> letters(["项目编号", "项目名称"])
    {'项目编号': 'A', '项目名称': 'B'}
    """
    return {head: column_letters(number) for number, head in enumerate(heads, start=1)}


def head_cells(heads: Sequence[str], row: int = HEAD_ROW, style: Style = HEAD) -> list[CellSpec]:
    """A head row from column A on."""
    return [CellSpec(row, column, head, style) for column, head in enumerate(heads, start=1)]


def caption(title: str, remark: str, unit: str, width: int) -> tuple[list[CellSpec], list[Area]]:
    """A title over the whole width; below it a remark, and the unit of money at the right edge."""
    wide = max(width - 2, 1)
    cells = [
        CellSpec(TITLE_ROW, 1, title, TITLE),
        CellSpec(REMARK_ROW, 1, remark, REMARK),
        CellSpec(REMARK_ROW, wide + 1, unit, UNIT_REMARK),
    ]
    merges = [
        Area(TITLE_ROW, 1, TITLE_ROW, width),
        Area(REMARK_ROW, 1, REMARK_ROW, wide),
        Area(REMARK_ROW, wide + 1, REMARK_ROW, width),
    ]
    return cells, [area for area in merges if area.first_column < area.last_column]


CAPTION_HEIGHTS = {TITLE_ROW: TITLE_HEIGHT, REMARK_ROW: REMARK_HEIGHT, HEAD_ROW: HEAD_HEIGHT}
