"""Reads target tables before there is a policy: what a document's own heads and cells say.

Where a policy names its measures, the tables are found by those names. Here the heads below which
units stand give the names, so that any issued table is found by its own words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from xlplan.diagnostics import Cell
from xlplan.model import TARGET_SHEET, TARGET_TABLE_SHEET
from xlplan.quantity import Quantity, parse_quantity
from xlplan.tables.blocks import Block, Finder, Head, is_about_targets
from xlplan.tables.columns import said
from xlplan.tables.grid import Grid, Position
from xlplan.tables.words import ROW_NUMBERS, SUBTOTALS, TASK_WORDS, TOTALS, bare, plain

_MOST_HEAD_ROWS = 3
_LONGEST_NAME = 30
_UNIT_WORDS = frozenset(TASK_WORDS["unit"])
_NO_MEASURE = frozenset((*TASK_WORDS["remark"], *TASK_WORDS["group"])) | _UNIT_WORDS | ROW_NUMBERS
_PERIOD_WORD = re.compile(
    r"全年|年度|全年(?:目标|任务)|第?[一二三四1-4]季度?|[上下]半年|(?:1[0-2]|[1-9])月份?"
)
_WHOLE_AREA = re.compile("全[省市州区县旗镇乡](?:合计|总计)?")
_NO_UNIT = re.compile(r"^(?:备注|注|说明|附件|附表|填表|制表|审核|单位:|\d+[.、])|[。；]$")


@dataclass(frozen=True, slots=True)
class DraftColumn:
    """A column of targets: its printed heads, upper and lower ("" = one tall head), and its unit.

    `unit` is the unit of money that its head or a remark above the table states.
    """

    heads: tuple[str, str]
    unit: str

    @property
    def name(self) -> str:
        """What the lowest head that is no period calls it, without its unit."""
        upper, lower = self.heads
        return bare(plain(upper if self.period_word or not lower else lower))

    @property
    def full_name(self) -> str:
        """Both heads together, without the unit: 签约项目 above 个数 is 签约项目个数."""
        return self.name if self.period_word else "".join(bare(plain(head)) for head in self.heads)

    @property
    def period_word(self) -> str:
        """The period that the lower head names, such as 一季度 below 协议资金; "" = none."""
        lower = bare(plain(self.heads[1]))
        return lower if is_period_word(lower) else ""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row as written: its unit, a cell for each column of targets, and the group 类别 beside."""

    place: Cell
    unit: str
    cells: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A target table as written; `titles` are the texts above it, nearest first.

    A table with a column 类别 is one table for each `group` that it names.
    """

    name: str
    titles: tuple[str, ...]
    columns: tuple[DraftColumn, ...]
    rows: tuple[DraftRow, ...]
    total: DraftRow | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What fits nowhere: a column (head), a row, or a whole table (long), with what it says."""

    place: Cell
    text: str
    reason: Literal["head", "row", "long"]


@dataclass(slots=True)
class Drafted:
    """What a grid holds: tables, texts outside them, and what fits nowhere with its place."""

    tables: list[DraftTable] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def draft_tables(grid: Grid) -> Drafted:
    """The target tables of a grid by their own heads, and everything else that it says."""
    found, taken = Drafted(), set[Position]()
    for block in Finder(sorted(_names(grid))).blocks(grid):
        if block.kind == TARGET_TABLE_SHEET and is_about_targets(block):
            found.tables.extend(_tables(block, found, taken))
        elif block.kind in (TARGET_TABLE_SHEET, TARGET_SHEET) and _has_rows(block):
            place = block.grid.cell(block.first_head, block.span[0])
            found.left.append(Left(place, " ".join(head.text for head in block.heads), "long"))
    found.tables = [table for table in found.tables if table.rows]
    for row, cells in enumerate(grid.rows, grid.first_row):
        for column, cell in enumerate(cells, grid.first_column):
            if isinstance(cell, str) and cell.strip() and (row, column) not in taken:
                found.texts.extend(line.strip() for line in cell.splitlines() if line.strip())
    return found


def _names(grid: Grid) -> set[str]:
    """The heads beside and below every head of units: what the columns are called."""
    return {
        name
        for row, cells in enumerate(grid.rows, grid.first_row)
        for column, cell in enumerate(cells, grid.first_column)
        if isinstance(cell, str) and bare(plain(cell)) in _UNIT_WORDS
        if not any(map(_is_amount, cells))
        for name in _names_from(grid, row, column)
    }


def _names_from(grid: Grid, row: int, column: int) -> Iterator[str]:
    """The lowest head of each column in the rows that a head of units covers."""
    last = row
    while last - row < _MOST_HEAD_ROWS - 1 and _goes_on(grid, last + 1, column):
        last += 1
    width = max(map(len, grid.rows), default=0)
    for beside in range(grid.first_column, grid.first_column + width):
        texts = (plain(grid.at(n, beside)) for n in range(last, row - 1, -1))
        name = bare(next(filter(None, texts), ""))
        if is_period_word(name):
            name = bare(_above(grid, last, beside)) + name
        if name and name not in _NO_MEASURE and not _is_amount(name):
            yield name


def _above(grid: Grid, row: int, column: int) -> str:
    """What stands above a head, in the merged area that reaches over it."""
    for span in grid.merged:
        is_over = span.first_column <= column <= span.last_column
        if is_over and span.first_row < row <= span.last_row + 1:
            return plain(grid.at(span.first_row, span.first_column))
    return plain(grid.at(row - 1, column))


def is_period_word(text: str) -> bool:
    """Whether a plain head names a part of the year, or all of it.

    >>> is_period_word("一季度"), is_period_word("全年"), is_period_word("协议资金")
    (True, True, False)
    """
    return bool(_PERIOD_WORD.fullmatch(text))


def _goes_on(grid: Grid, row: int, column: int) -> bool:
    """Whether a row below heads is one of them: no unit in it, and words that are no amounts."""
    if any(
        span.first_row < row <= span.last_row and span.first_column <= column <= span.last_column
        for span in grid.merged
    ):
        return True
    cells = grid.rows[row - grid.first_row] if row - grid.first_row < len(grid.rows) else ()
    filled = [cell for cell in cells if said(cell)]
    return bool(filled) and not said(grid.at(row, column)) and not any(map(_is_amount, filled))


def _is_amount(cell: object) -> bool:
    return isinstance(parse_quantity(cell, "亿元"), Quantity)


def _has_rows(block: Block) -> bool:
    rows = range(block.last_head + 1, block.last_row + 1)
    return any(said(block.grid.at(row, at)) for row in rows for at in block.columns.values())


def _tables(block: Block, found: Drafted, taken: set[Position]) -> Iterator[DraftTable]:
    """The table of a block, or with a column 类别 one for each group in turn."""
    whole = _table(block, found, taken)
    groups = dict.fromkeys(row.group for row in whole.rows)
    if not any(groups):
        yield whole
        return
    if whole.total:
        found.left.append(Left(whole.total.place, _text(whole.total), "row"))
    for group in groups:
        rows = [row for row in whole.rows if row.group == group]
        sums = [row for row in rows if plain(row.unit) in SUBTOTALS]
        units = tuple(row for row in rows if row not in sums)
        found.left += [Left(row.place, _text(row), "row") for row in sums[1:]]
        yield replace(whole, rows=units, total=next(iter(sums), None), group=group)


def _text(row: DraftRow) -> str:
    return " ".join(filter(None, (row.unit, *row.cells)))


def _table(block: Block, found: Drafted, taken: set[Position]) -> DraftTable:
    placed = {name: at for name, at in block.columns.items() if name not in TASK_WORDS}
    heads = {head.column: head for head in block.heads}
    columns = [
        DraftColumn(_levels(heads[at]), block.units.get(name) or block.remark)
        for name, at in placed.items()
    ]
    taken |= {
        (row, column)
        for row in range(block.first_head, block.last_head + 1)
        for column in range(block.span[0], block.span[1] + 1)
    }
    rows, total = _rows(block, list(placed.values()), found, taken)
    remarks = [heads[at] for name, at in block.columns.items() if name == "remark"]
    doubled = [heads[second] for _, _, second in block.doubled]
    for head in [*block.unplaced, *doubled, *remarks]:
        cells = [
            f"{row.unit} {text}"
            for row in [*rows, *filter(None, [total])]
            if (text := _shown(block.grid, (row.place.row, head.column)))
        ]
        if cells or head not in remarks:
            place = block.grid.cell(block.last_head, head.column)
            found.left.append(Left(place, f"{head.text}（{'，'.join(cells)}）", "head"))
    titles = tuple(text for text in block.titles if text)
    return DraftTable(block.grid.name, titles, tuple(columns), tuple(rows), total)


def _levels(head: Head) -> tuple[str, str]:
    """The heads as the policy file has them: the upper one and the lowest."""
    levels = list(dict.fromkeys(filter(None, head.levels)))
    return (levels[-2], levels[-1]) if len(levels) > 1 else (levels[0], "")


def _rows(
    block: Block, columns: Sequence[int], found: Drafted, taken: set[Position]
) -> tuple[list[DraftRow], DraftRow | None]:
    """Rows of units and the table's total; other rows that say something are left over."""
    rows: list[DraftRow] = []
    total: DraftRow | None = None
    for number in range(block.last_head + 1, block.last_row + 1):
        row = _row(block, number, columns)
        name = plain(row.unit)
        if _is_text(block, row, name):
            continue
        taken |= {(number, at) for at in range(block.span[0], block.span[1] + 1)}
        is_group_sum = bool(row.group) and name in SUBTOTALS
        if _is_total(name) and total is None and not is_group_sum:
            total = row
        elif is_group_sum or (name and not _is_total(name) and not _is_subtotal(name)):
            rows.append(row)
        elif name or any(row.cells):
            found.left.append(Left(row.place, _text(row), "row"))
    return rows, total


def _is_total(name: str) -> bool:
    return name in TOTALS or bool(_WHOLE_AREA.fullmatch(name))


def _is_subtotal(name: str) -> bool:
    return name in SUBTOTALS or name.endswith(("合计", "小计"))


def _row(block: Block, number: int, columns: Sequence[int]) -> DraftRow:
    """One row; a total may stand in a cell that reaches over from the left."""
    grid, at = block.grid, block.columns["unit"]
    cells = tuple(_shown(grid, (number, column)) for column in columns)
    beside = (_shown(grid, (number, column)) for column in range(block.span[0], at))
    name = _shown(grid, (number, at)) or next((t for t in beside if _is_total(plain(t))), "")
    return DraftRow(grid.cell(number, at), name, cells, _group(block, number))


def _group(block: Block, number: int) -> str:
    """The group 类别 of a row: its own, or that which reaches down from above."""
    at = block.columns.get("group")
    if at is None:
        return ""
    for row in range(number, block.last_head, -1):
        if text := _shown(block.grid, (row, at)):
            return "" if _is_total(plain(text)) else text
    return ""


def _shown(grid: Grid, place: Position) -> str:
    """A cell as text; a formula without a saved result, or an error, is said to be that."""
    lost = place in grid.uncached or any(place == known for known, _ in grid.errors)
    return "（公式没有结果）" if lost else said(grid.at(*place))


def _is_text(block: Block, row: DraftRow, name: str) -> bool:
    """Whether a row is a note, a remark or the title of what follows, rather than a unit's."""
    if any(row.cells):
        return False
    at = row.place
    covers = any(
        span.first_row <= at.row <= span.last_row and span.first_column <= at.column
        and span.last_column > max(at.column, span.first_column)
        for span in block.grid.merged
    )  # fmt: skip
    return not name or covers or len(name) > _LONGEST_NAME or bool(_NO_UNIT.search(name))
