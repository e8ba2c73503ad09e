"""Where things stand on a sheet of ours, and how one sheet refers to another."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil

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
    """A title over the whole width; below it a remark, and a unit, if any, at the right edge.

    The table is at least four columns wide where it has a unit.
    """
    wide = width - 2 if unit else width
    cells = [
        CellSpec(TITLE_ROW, 1, title, TITLE),
        CellSpec(REMARK_ROW, 1, remark, REMARK),
    ]
    merges = [Area(TITLE_ROW, 1, TITLE_ROW, width), Area(REMARK_ROW, 1, REMARK_ROW, wide)]
    if unit:
        cells.append(CellSpec(REMARK_ROW, wide + 1, unit, UNIT_REMARK))
        merges.append(Area(REMARK_ROW, wide + 1, REMARK_ROW, width))
    return cells, merges


PIXEL = 0.75
"""Points of a pixel."""

_DIGIT, _PADDING, _DEFAULT_WIDTH = 8, 5, 8.38


def column_points(width: float | None) -> float:
    """How many points a column of that many characters takes in 宋体 11, Chinese Excel's font.

    >>> column_points(16), column_points(None)
    (99.75, 54.0)
    """
    characters_ = _DEFAULT_WIDTH if width is None else width
    return (round(characters_ * _DIGIT) + _PADDING) * PIXEL


ROW_HEIGHT, LINE_HEIGHT = 20.0, 15.0
"""Points of a row of one line, and of every further line."""

HEIGHTS_LIMIT = 2000
"""Sheets with more rows than this are data to filter, not tables to print: rows keep one line."""


def characters(text: str) -> int:
    """How wide a text is in a column's characters; a Chinese one is two wide.

    >>> characters("P001"), characters("口径")
    (4, 4)
    """
    return len(text) if text.isascii() else sum(map(_width, text))


@cache
def _width(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WFA" else 1


def row_heights(
    first: int, rows: Sequence[Sequence[object]], widths: Mapping[int, float]
) -> dict[int, float]:
    """Heights that show wrapped texts whole; spreadsheets do not do it for rows they load.

    >>> row_heights(4, [["短", "长" * 20]], {1: 10.0, 2: 20.0})
    {4: 35.0}
    """
    return {
        first + down: ROW_HEIGHT + LINE_HEIGHT * (_lines(row, widths) - 1)
        for down, row in enumerate(rows[:HEIGHTS_LIMIT])
    }


def _lines(row: Sequence[object], widths: Mapping[int, float]) -> int:
    """How many lines the row's longest text takes in its column."""
    texts = ((column, said) for column, said in enumerate(row, start=1) if isinstance(said, str))
    return max(
        (
            sum(max(ceil(characters(line) / widths[column]), 1) for line in said.split("\n"))
            for column, said in texts
            if column in widths and (2 * len(said) > widths[column] or "\n" in said)
        ),
        default=1,
    )


CAPTION_HEIGHTS = {TITLE_ROW: TITLE_HEIGHT, REMARK_ROW: REMARK_HEIGHT, HEAD_ROW: HEAD_HEIGHT}
