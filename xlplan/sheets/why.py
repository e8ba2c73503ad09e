"""为什么: an explanation as a side sheet, each step with links to the cells that it names."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlplan.diagnostics import Cell
from xlplan.model import WHY_SHEET, WHY_TITLE
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Block, BlockColumn, Print, Sheet
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW

HEADS = ("步骤", "说明", "来源单元格")
WIDTHS = (8.0, 96.0, 24.0)

Step = tuple[str, bool]
"""What one step says, and whether it is a detail of the step before it."""


class Line(NamedTuple):
    """A row of the sheet: the step's number ("" within a step), its text, a cell it names."""

    number: str
    said: str
    cell: Cell | None


def why_sheet(about: str, steps: Sequence[Step], sheets: Sequence[str]) -> Sheet:
    """The explanation of a cell, described; `sheets` are the names that cells may be of.

    A step that names several cells takes one row a cell.
    """
    lines = list(_lines(steps, sheets))
    remark = "点“来源单元格”跳到原始数据；再选一个单元格点“为什么”，本表就换成它的说明。"
    cells, merges = layout.caption(f"{WHY_TITLE}　{about}", remark, "", len(HEADS))
    cells += layout.head_cells(HEADS)
    widths = dict(enumerate(WIDTHS, start=1))
    return Sheet(
        WHY_SHEET,
        tuple(cells),
        blocks=(_block(lines),),
        merges=tuple(merges),
        widths=widths,
        heights=layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, lines, widths),
        freeze=(FIRST_ROW, 1),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.FINDING_TAB,
    )


def _block(lines: Sequence[Line]) -> Block:
    """Numbers, sentences and links; a detail stands further in."""
    said = [
        looks.TEXT.but(horizontal="left", indent=0 if line.number else 2, bold=bool(line.number))
        for line in lines
    ]
    columns = (
        BlockColumn([line.number for line in lines], looks.CENTRED),
        BlockColumn([line.said for line in lines], styles=said),
        BlockColumn(
            [str(line.cell) if line.cell else None for line in lines],
            styles=[looks.LINK if line.cell else looks.CENTRED for line in lines],
            links=[layout.target_of(line.cell) if line.cell else "" for line in lines],
        ),
    )
    return Block(FIRST_ROW, 1, columns)


def _lines(steps: Sequence[Step], sheets: Sequence[str]) -> Iterator[Line]:
    number = 0
    for said, is_detail in steps:
        number += not is_detail
        cells = [*cells_in(said, sheets)]
        yield Line("" if is_detail else str(number), said, cells[0] if cells else None)
        for cell in cells[1:]:
            yield Line("", "", cell)


def cells_in(said: str, sheets: Sequence[str]) -> Iterator[Cell]:
    """The cells that a sentence names, each once, in the order in which it names them.

    >>> said = "在 项目台账!N19 读到，见口径!C4"
    >>> [str(cell) for cell in cells_in(said, ["项目台账", "口径"])]
    ['项目台账!N19', '口径!C4']
    """
    longest_first = sorted(sheets, key=len, reverse=True)
    if not longest_first:
        return
    names = "|".join(map(re.escape, longest_first))
    seen: set[Cell] = set()
    for found in re.finditer(rf"(?P<sheet>{names})!(?P<address>[A-Z]{{1,3}}[1-9]\d*)", said):
        cell = Cell.parse(found["sheet"], found["address"])
        if cell is not None and cell not in seen:
            seen.add(cell)
            yield cell
