"""任务分解: the document's own tables, cells as written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xlplan import model
from xlplan.policy.schema import Policy, TargetRow, TargetTable
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Area, CellSpec, Print, Sheet, Value

if TYPE_CHECKING:
    from xlplan.model import Ledger


def blank_tables(policy: Policy) -> tuple[TargetTable, ...]:
    """A table per group without targets, for a policy that breaks nothing down."""
    measures = tuple(measure.name for measure in policy.measures if not measure.part_of)
    heads = tuple((name, "") for name in measures)
    blank = ("",) * len(measures)
    return tuple(
        TargetTable(
            group=group,
            title=group,
            measures=measures,
            heads=heads,
            rows=tuple(TargetRow(unit.name, blank) for unit in policy.units if unit.group == group),
            total=TargetRow("合计", blank),
            period=policy.period,
            clause="",
        )
        for group in policy.groups
    )


def tables_of(ledger: "Ledger", policy: Policy) -> tuple[TargetTable, ...]:
    """The policy's tables with the units and the cells as a workbook has them."""
    floors = ledger.targets[ledger.targets["bound"] == "floor"]
    names = ("group", "unit", "measure", "period")
    keys = zip(*(floors[name] for name in names), strict=True)
    written = dict(zip(keys, floors["text"], strict=True))
    of_area = tuple(table for table in policy.tables if table.group == policy.area)
    own = tuple(table for table in policy.tables if table not in of_area)
    tables = (*(own or blank_tables(policy)), *of_area)
    return tuple(
        _table_as_written(table, _units_of(table, tables, ledger), written) for table in tables
    )


def _units_of(table: TargetTable, tables: Sequence[TargetTable], ledger: "Ledger") -> list[str]:
    """The units of the table's group, but for those that another table of it is about."""
    beside = [
        known for known in tables if (known.group, known.period) == (table.group, table.period)
    ]
    elsewhere = {row.unit for known in beside if known is not table for row in known.rows}
    own = {row.unit for row in table.rows}
    return [
        unit
        for unit in ledger.units["unit"][ledger.units["group"] == table.group]
        if unit in own or (unit not in elsewhere and table is beside[0])
    ]


def _table_as_written(
    table: TargetTable, units: Sequence[str], written: Mapping[tuple[str, str, str, str], str]
) -> TargetTable:

    def row(unit: str) -> TargetRow:
        keys = ((table.group, unit, measure, table.period) for measure in table.measures)
        return TargetRow(unit, tuple(written.get(key, "") for key in keys))

    total = row("合计")
    kept = total if table.total.unit or any(total.cells) else table.total
    return replace(table, rows=tuple(row(unit) for unit in units), total=kept)


def as_cell(text: str) -> Value:
    """A cell as the document writes it: a plain number as a number, anything else as text.

    >>> as_cell("4"), as_cell("0.5"), as_cell("13个"), as_cell("")
    (4, 0.5, '13个', None)
    """
    if re.fullmatch(r"\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"\d+\.\d+", text) else text or None


def target_table_sheet(policy: Policy, tables: Sequence[TargetTable]) -> Sheet:
    """任务分解: the document's own tables under each other, cells as written."""
    width = max(len(table.measures) for table in tables) + 1
    cells = [
        CellSpec(1, 1, f"{policy.title}分解表", looks.TITLE),
        CellSpec(2, 1, "单位：亿元、个", looks.UNIT_REMARK),
    ]
    merges = [Area(1, 1, 1, width), Area(2, 1, 2, width)]
    heights = {1: layout.TITLE_HEIGHT}
    widths = {1: 18.0} | dict.fromkeys(range(2, width + 1), 15.0) | _wide_columns(tables)
    row = 3
    for table in tables:
        heads, tall = _table_head(table, row + 1)
        cells += [CellSpec(row, 1, table.title, looks.SECTION), *heads]
        cells += _table_body(table, row + 3)
        merges += [Area(row, 1, row, len(table.measures) + 1), *tall]
        lines: list[Sequence[str]] = [("", *(lower for _, lower in table.heads))]
        lines += [() for _ in range(len(table.rows) + 1)]
        heights |= layout.row_heights(row + 2, lines, widths) | {row: 30.0}
        heights[row + 1] = layout.ROW_HEIGHT
        row += len(table.rows) + 5
    return Sheet(
        model.TARGET_TABLE_SHEET,
        tuple(cells),
        merges=tuple(merges),
        widths=widths,
        heights=heights,
        print=Print(landscape=sum(widths.values()) > _PORTRAIT),
        tab_color=looks.INPUT_TAB,
    )


_PORTRAIT = 130.0
"""Characters that fit across an upright page before they become too small to read."""


def _wide_columns(tables: Sequence[TargetTable]) -> dict[int, float]:
    """Room for cells such as 110（其中：非工业30）."""
    return {
        column: 24.0
        for table in tables
        for row in table.rows
        for column, text in enumerate(row.cells, start=2)
        if len(text) > 8  # noqa: PLR2004 - eight Chinese characters fill fifteen columns
    }


def _table_head(table: TargetTable, row: int) -> tuple[list[CellSpec], list[Area]]:
    """The two head rows: equal upper heads in one wide cell, a head without a lower one tall."""
    cells = [CellSpec(row, 1, "责任单位", looks.HEAD), CellSpec(row + 1, 1, None, looks.HEAD)]
    merges = [Area(row, 1, row + 1, 1)]
    runs: list[tuple[str, int, int]] = []
    for column, (upper, lower) in enumerate(table.heads, start=2):
        cells.append(CellSpec(row + 1, column, lower or None, looks.HEAD))
        if not lower:
            merges.append(Area(row, column, row + 1, column))
        elif runs and runs[-1][0] == upper and runs[-1][2] == column - 1:
            runs[-1] = (upper, runs[-1][1], column)
            cells.append(CellSpec(row, column, None, looks.HEAD))
            continue
        else:
            runs.append((upper, column, column))
        cells.append(CellSpec(row, column, upper, looks.HEAD))
    merges += [Area(row, first, row, last) for _, first, last in runs if first < last]
    return cells, merges


def _table_body(table: TargetTable, row: int) -> list[CellSpec]:
    total = looks.CENTRED.but(bold=True, fill=looks.TOTAL_FILL)
    return [
        CellSpec(row + down, column, as_cell(text), total if line is table.total else looks.CENTRED)
        for down, line in enumerate([*table.rows, *([table.total] if table.total.unit else [])])
        for column, text in enumerate([line.unit, *line.cells], start=1)
    ]
