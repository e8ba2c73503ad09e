"""A sheet put again where it stands: only the cells that changed, where it looks the same."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from xlplan.live.content import Content, Content2D, content, linked_by_formula
from xlplan.live.painting import Rectangle, merged
from xlplan.live.render import links, render
from xlplan.sheets.description import Block, BlockColumn, CellSpec, Sheet, Style, Value

if TYPE_CHECKING:
    import xlwings as xw

_FEW = 30
"""Rectangles that are written one by one; beyond, the one around them all."""

_AS_DESCRIBED = ("name", "merges", "widths", "heights", "drop_downs", "data_bars", "highlights")


def put_again(sheet: Sheet, last: Sheet | None, target: "xw.Sheet") -> bool:
    """Put a sheet where `last` stands unchanged; None where nobody knows what stands there.

    Whether anything on it is other than before, what its formulas give included.
    """
    date1904 = bool(target.book.api.Date1904)
    areas = None if last is None else changed(sheet, last, date1904=date1904)
    if last is None or areas is None:
        render(sheet, target, fresh=False)
        return True
    rows = content(linked_by_formula(sheet), date1904=date1904).rows if areas else []
    for top, left, bottom, right in areas:
        part = [row[left - 1 : right] for row in rows[top - 1 : bottom]]
        target.impl.range((top, left, bottom - top + 1, right - left + 1)).formula = part
    return bool(areas) or not _says_the_same(sheet, last)


def _says_the_same(sheet: Sheet, last: Sheet) -> bool:
    """Whether two sheets that look the same have the same values, those of formulas too."""
    return [*_values(sheet)] == [*_values(last)]


def _values(sheet: Sheet) -> Iterator[list[Value]]:
    """What the single cells hold, then each column."""
    yield [cell.value for cell in sheet.cells]
    for block in sheet.blocks:
        yield from ([*column.values] for column in block.columns)


def changed(sheet: Sheet, last: Sheet, *, date1904: bool = False) -> list[Rectangle] | None:
    """The cells that hold something else than last time; None where more than that is different.

    >>> first = Sheet("表", (CellSpec(1, 1, "甲"), CellSpec(1, 2, 3)))
    >>> second = Sheet("表", (CellSpec(1, 1, "甲"), CellSpec(1, 2, 4)))
    >>> [changed(one, first) for one in (second, first, Sheet("表"))]
    [[(1, 2, 1, 2)], [], None]
    """
    if not same_looks(sheet, last):
        return None
    now, before = (content(linked_by_formula(one), date1904=date1904) for one in (sheet, last))
    cells = list(_different(now, before))
    laid = linked_by_formula(sheet) is sheet and {(row, col) for row, col, _ in links(sheet)}
    if laid and any((row, column) in laid for row, column, *_ in cells):
        return None
    areas = merged(cells)
    if len(areas) > _FEW:
        if laid:
            return None
        areas = [_around(areas)]
    return None if _has_odd_texts(now, areas) else areas


def _different(now: Content2D, before: Content2D) -> Iterator[Rectangle]:
    for row, (line, held) in enumerate(zip(now.rows, before.rows, strict=True), start=1):
        if line != held:
            for column, (one, other) in enumerate(zip(line, held, strict=True), start=1):
                if one != other or type(one) is not type(other):
                    yield (row, column, row, column)


def _around(areas: list[Rectangle]) -> Rectangle:
    tops, lefts, bottoms, rights = zip(*areas, strict=True)
    return min(tops), min(lefts), max(bottoms), max(rights)


def _has_odd_texts(now: Content2D, areas: list[Rectangle]) -> bool:
    """Whether a text is among them that would be taken for a formula."""
    return any(
        isinstance(value, str) and value.startswith("=") for value in _texts(now.rows, now.texts)
    ) and bool(areas)


def _texts(rows: list[list[Content]], texts: list[Rectangle]) -> Iterator[Content]:
    for top, left, bottom, right in texts:
        for row in rows[top - 1 : bottom]:
            yield from row[left - 1 : right]


def same_looks(sheet: Sheet, last: Sheet) -> bool:
    """Whether two sheets differ in nothing but what their cells hold."""
    return (
        all(getattr(sheet, name) == getattr(last, name) for name in _AS_DESCRIBED)
        and len(sheet.cells) == len(last.cells)
        and all(map(_same_cell, sheet.cells, last.cells))
        and len(sheet.blocks) == len(last.blocks)
        and all(map(_same_block, sheet.blocks, last.blocks))
    )


def _same_cell(one: CellSpec, other: CellSpec) -> bool:
    return (
        (one.row, one.column, one.link) == (other.row, other.column, other.link)
        and one.style == other.style
        and _is_day(one.value) == _is_day(other.value)
    )


def _same_block(one: Block, other: Block) -> bool:
    shape = (one.row, one.column, one.height, len(one.columns))
    return shape == (other.row, other.column, other.height, len(other.columns)) and all(
        map(_same_column, one.columns, other.columns)
    )


def _same_column(one: BlockColumn, other: BlockColumn) -> bool:
    """Days are shown as such, and a sparse column has no border where it holds nothing."""
    if one.style != other.style or one.sparse != other.sparse:
        return False
    if _listed(one.styles) != _listed(other.styles) or _listed(one.links) != _listed(other.links):
        return False
    return all(
        _is_day(value) == _is_day(held) and (not one.sparse or (value is None) == (held is None))
        for value, held in zip(one.values, other.values, strict=True)
    )


def _listed(said: Sequence[Style] | Sequence[str] | None) -> list[Style | str] | None:
    return None if said is None else [*said]


def _is_day(value: object) -> bool:
    return isinstance(value, date)
