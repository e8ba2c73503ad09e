"""New sheets brought into an open workbook whole, out of a file in memory.

A program that imports sheets of another workbook does at once what takes thousands of calls when
each range is painted. What a sheet loses on that way is given to it afterwards: formulas that
lead to other sheets, links beyond the few that can be laid, and what is a matter of the window.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xlplan.live.content import Content, content, linked_by_formula
from xlplan.live.looks import add_buttons, show
from xlplan.live.painting import Rectangle, merged
from xlplan.sheets.description import Area, Block, CellSpec, Highlight, Sheet

if TYPE_CHECKING:
    import xlwings as xw

FileOf = Callable[[Sequence[Sheet]], bytes]
"""Writes sheets as a workbook, in memory."""

_OTHER_SHEET = "!"
_MOST_LOOKS = 500


def bring(sheets: Sequence[Sheet], book: "xw.Book", file_of: FileOf | None) -> bool:
    """Bring new sheets in after the last one; False, nothing done, where they must be painted."""
    take_in = getattr(book.impl, "take_in", None)
    if take_in is None or file_of is None or not sheets:
        return False
    alone = [_alone(sheet) for sheet in sheets]
    taken = book.impl.numbered_looks()
    if taken > _MOST_LOOKS:
        return False
    take_in(file_of([_others_looks(taken), *alone]), [sheet.name for sheet in sheets])
    front = book.sheets.active
    for sheet, brought in zip(sheets, alone, strict=True):
        target = book.sheets[sheet.name]
        _complete(sheet, brought, target)
        show(sheet, target)
    front.impl.activate()
    return True


def _others_looks(count: int) -> Sheet:
    """A sheet that stays behind; it takes the numbers under which the workbook has looks already.

    The looks of conditional formats are numbered in each file, and a number that is taken means
    the workbook's own looks, not those that came with the sheets.
    """
    place = Area(1, 1, 1, 1)
    lights = (Highlight(place, "FALSE", color=f"{at:06X}", fill="010203") for at in range(count))
    return Sheet("占位", (CellSpec(1, 1),), highlights=tuple(lights))


def _alone(sheet: Sheet) -> Sheet:
    """The sheet as it can stand in a workbook without the others; formulas keep their values."""
    laid = linked_by_formula(sheet) is sheet
    blocks = tuple(_block_alone(block, laid=laid) for block in sheet.blocks)
    cells = tuple(
        replace(cell, formula="") if _OTHER_SHEET in cell.formula else cell for cell in sheet.cells
    )
    return replace(sheet, cells=cells, blocks=blocks, buttons=())


def _block_alone(block: Block, *, laid: bool) -> Block:
    columns = (
        replace(
            column,
            formula="" if _OTHER_SHEET in column.formula else column.formula,
            links=column.links if laid else None,
        )
        for column in block.columns
    )
    return replace(block, columns=tuple(columns))


def _complete(sheet: Sheet, brought: Sheet, target: "xw.Sheet") -> None:
    """Give a sheet what it can have in this workbook only."""
    add_buttons(sheet, target)
    known = linked_by_formula(sheet)
    if known is sheet and not _leads_elsewhere(sheet):
        return
    date1904 = bool(target.book.api.Date1904)
    wanted = content(known, date1904=date1904).rows
    there = content(brought, date1904=date1904).rows
    places = [
        (row, column, row, column)
        for row, (line, held) in enumerate(zip(wanted, there, strict=True), start=1)
        for column, (one, other) in enumerate(zip(line, held, strict=True), start=1)
        if one != other
    ]
    target.impl.lay_formulas((area, _cut(wanted, area)) for area in merged(places))


def _leads_elsewhere(sheet: Sheet) -> bool:
    formulas = [cell.formula for cell in sheet.cells]
    formulas += [column.formula for block in sheet.blocks for column in block.columns]
    return any(_OTHER_SHEET in formula for formula in formulas)


def _cut(rows: Sequence[Sequence[Content]], area: Rectangle) -> list[Sequence[Content]]:
    top, left, bottom, right = area
    return [row[left - 1 : right] for row in rows[top - 1 : bottom]]
