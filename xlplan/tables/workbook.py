"""Reads a whole workbook under a policy: which tables it has, and what they say together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostics, File, RequestError
from xlplan.model import (
    ADJUSTMENT_SHEET,
    DIFFERENCE_SHEET,
    DIFFERENCE_TITLES,
    LOG_TITLES,
    MORE_PROJECT_HEADS,
    OPTIONAL_SHEETS,
    OUTPUT_SHEETS,
    PROJECT_SHEET,
    RECEIPT_SHEET,
    RULING_SHEET,
    SETTING_SHEET,
    STATISTIC_SHEET,
    TARGET_SHEET,
    TARGET_TABLE_SHEET,
    TARGETS,
    TASK_PROGRESS_SHEET,
    UNIT_SHEET,
    WHY_SHEET,
    WHY_TITLE,
    Ledger,
    Settings,
)
from xlplan.policy.schema import Policy
from xlplan.tables.adjustments import read_adjustments
from xlplan.tables.blocks import LEDGER_TABLES, Block, Finder, is_about_targets, printed_head
from xlplan.tables.grid import Source, Stored
from xlplan.tables.ledgers import Known, Law, read_projects, read_receipts
from xlplan.tables.lists import read_choices, read_units, settings_of
from xlplan.tables.reported import read_reported
from xlplan.tables.targets import TargetReader
from xlplan.tables.task_progress import read_task_progress
from xlplan.tables.words import (
    ADJUSTMENTS,
    PROJECTS,
    RECEIPTS,
    RULINGS,
    STATISTICS,
    TASK_PROGRESS,
    TASK_WORDS,
    UNITS,
    Table,
    plain,
)
from xlplan.tables.words import TARGETS as LONG_TARGETS

if TYPE_CHECKING:
    import pandas as pd

INPUT_SHEETS = frozenset(
    {
        *(TARGET_TABLE_SHEET, TARGET_SHEET, UNIT_SHEET, PROJECT_SHEET, RECEIPT_SHEET),
        *(STATISTIC_SHEET, TASK_PROGRESS_SHEET, RULING_SHEET, ADJUSTMENT_SHEET),
    }
)
_TABLES: Mapping[str, Table] = {
    table.sheet: table
    for table in (
        PROJECTS,
        RECEIPTS,
        UNITS,
        LONG_TARGETS,
        STATISTICS,
        TASK_PROGRESS,
        RULINGS,
        ADJUSTMENTS,
    )
}


_TITLES: Mapping[str, tuple[str, ...]] = {
    **{name: (title,) for name, title in (*OPTIONAL_SHEETS.items(), *LOG_TITLES.items())},
    WHY_SHEET: (WHY_TITLE,),
    DIFFERENCE_SHEET: tuple(DIFFERENCE_TITLES),
}
"""How the first cell of a sheet of results begins whose name a clerk may use too."""

_NOTHING = "与它有关的数字无法计算"
_ISSUED = "目标按考核方案自带的计算"


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook as understood under a policy, and all that was found wrong on the way."""

    ledger: Ledger
    settings: Settings
    diagnostics: Diagnostics


def read_settings(source: Source) -> tuple[Settings, Diagnostics]:
    """What the sheet 设置 says; empty settings without that sheet."""
    found = Diagnostics()
    if SETTING_SHEET not in source.sheet_names():
        return Settings(), found
    return settings_of(source.grid(SETTING_SHEET), found), found


def read_ledger(source: Source, policy: Policy) -> Reading:
    """Everything that the workbook says under the policy.

    Sheets of results are passed over unread, hidden sheets too unless they have a standard name.
    Without a target table the policy's own targets hold, which is said (XP207). What is wrong with
    the settings is for `read_settings` to say, which a caller needs first, to know the policy.

    Raises RequestError XP016 when it holds neither targets nor projects.
    """
    found = Diagnostics()
    settings, _ = read_settings(source)
    blocks = find_blocks(source, policy)
    if not any(block.kind in (TARGET_TABLE_SHEET, TARGET_SHEET, PROJECT_SHEET) for block in blocks):
        raise RequestError("XP016", sheets=f"“{TARGET_TABLE_SHEET}”或“{PROJECT_SHEET}”")
    _report_structure(blocks, policy, found)
    ledger = _ledger(source, policy, blocks, found)
    return Reading(ledger, settings, found)


def find_blocks(source: Source, policy: Policy) -> list[Block]:
    """All tables of the input sheets, in the order of the sheets."""
    finder = finder_of(policy)
    blocks: list[Block] = []
    for name in source.sheet_names():
        if name in (*OUTPUT_SHEETS, SETTING_SHEET) or _is_ours(source, name):
            continue
        grid = source.grid(name)
        if grid.visible or name in INPUT_SHEETS:
            blocks.extend(finder.blocks(grid))
    return [block for block in blocks if _is_asked_for(block, policy)]


def _is_asked_for(block: Block, policy: Policy) -> bool:
    """Whether a table is input: no results, and no statistics where the policy has none."""
    if block.kind == STATISTIC_SHEET:
        return bool(policy.reports)
    if block.kind == TASK_PROGRESS_SHEET:
        return bool(policy.duties.tasks)
    return block.kind != TARGET_TABLE_SHEET or is_about_targets(block)


def optional_sheets(source: Source) -> tuple[frozenset[str], frozenset[str]]:
    """Which sheets named as `model.OPTIONAL_SHEETS` are ours, and which are the clerk's own."""
    named = frozenset(source.sheet_names()) & frozenset(OPTIONAL_SHEETS)
    ours = frozenset(name for name in named if _is_ours(source, name))
    return ours, named - ours


def _is_ours(source: Source, name: str) -> bool:
    """Whether a sheet that a clerk may own too says in its first cell that it is a result."""
    titles = _TITLES.get(name)
    if titles is None:
        return False
    title = source.title(name) if isinstance(source, Stored) else source.grid(name).at(1, 1)
    return title in titles if name == DIFFERENCE_SHEET else str(title).startswith(titles)


def _ledger(source: Source, policy: Policy, blocks: Sequence[Block], found: Diagnostics) -> Ledger:
    kinds: dict[str, list[Block]] = {}
    for block in blocks:
        kinds.setdefault(block.kind, []).append(block)
    units, register = read_units(kinds.get(UNIT_SHEET, []), policy, found)
    law = Law(policy, register)
    looked = "、".join(source.sheet_names())
    projects, aside = read_projects(kinds.get(PROJECT_SHEET, []), law, found)
    known = Known(frozenset(projects["project"]), aside)
    receipts = read_receipts(kinds.get(RECEIPT_SHEET, []), law, known, found)
    tasks, long = kinds.get(TARGET_TABLE_SHEET, []), kinds.get(TARGET_SHEET, [])
    reader = TargetReader(policy, register, found)
    targets = reader.read(tasks, long)
    unknown = _report_unknown_heads(source, policy, blocks, found)
    for sheet in (PROJECT_SHEET, RECEIPT_SHEET, TARGET_TABLE_SHEET):
        if not kinds.get(sheet) and not (sheet == TARGET_TABLE_SHEET and long):
            if sheet not in unknown:
                holds = sheet == TARGET_TABLE_SHEET and policy.targets
                effect = _ISSUED if holds else _NOTHING
                values = {"sheet": sheet, "looked": looked, "effect": effect}
                found.add("XP207", File(source.name), **values)
            elif sheet == TARGET_TABLE_SHEET:
                found.add("XP213", Cell(sheet), policy=policy.id)
    if not tasks and not long:
        targets = issued_targets(policy)
    choices = read_choices(kinds.get(RULING_SHEET, []), policy, found)
    adjustments = read_adjustments(kinds.get(ADJUSTMENT_SHEET, []), law, found)
    reported = read_reported(kinds.get(STATISTIC_SHEET, []), policy, register, found)
    tasks_done = read_task_progress(kinds.get(TASK_PROGRESS_SHEET, []), policy, register, found)
    return Ledger(
        *(units, targets, projects, receipts, choices, _columns(blocks)),
        frozenset(reader.unset),
        reported,
        adjustments=adjustments,
        task_progress=tasks_done,
    )


def _report_unknown_heads(
    source: Source, policy: Policy, blocks: Sequence[Block], found: Diagnostics
) -> set[str]:
    """The standard sheets that hold something, but no table of theirs: what they lack (XP201)."""
    finder, unknown = finder_of(policy), set[str]()
    taken = {block.grid.name for block in blocks} | {block.kind for block in blocks}
    for sheet in source.sheet_names():
        if sheet not in INPUT_SHEETS or sheet in taken:
            continue
        grid = source.grid(sheet)
        if any(isinstance(cell, str) and cell.strip() for row in grid.rows for cell in row):
            rows, lacking = finder.likest(grid, sheet)
            words = _TABLES[sheet].words if sheet in _TABLES else TASK_WORDS
            for fields in lacking:
                usual = [words[name][0] for name in words if name in fields] or sorted(fields)
                column = "”或“".join(usual[:3])
                found.add("XP201", Cell(sheet), column=column, rows=rows)
            unknown.add(sheet)
    return unknown


def finder_of(policy: Policy, known: Sequence[Table] = LEDGER_TABLES) -> Finder:
    """A finder that knows the document's measures, and the heads that its tables print for them.

    A head that stands for two measures in two tables tells neither. `known` are the kinds of table
    that it looks for.
    """
    named: dict[str, set[str]] = {}
    for table in policy.tables:
        for measure, head in zip(table.measures, table.heads, strict=True):
            named.setdefault(printed_head(*head), set()).add(measure)
    printed = {head: next(iter(names)) for head, names in named.items() if head and len(names) == 1}
    return Finder([measure.name for measure in policy.measures], printed, known)


def issued_targets(policy: Policy) -> "pd.DataFrame":
    """The targets of the document itself, as a frame without cells."""
    names = ("group", "unit", "measure", "period", "bound", "of_which", "value", "text", "basis")
    columns: dict[str, object] = {
        name: [getattr(target, name) for target in policy.targets] for name in names
    }
    nowhere = [0] * len(policy.targets)
    return TARGETS.of(columns | {"sheet": [""] * len(nowhere), "row": nowhere, "column": nowhere})


def _columns(blocks: Sequence[Block]) -> dict[tuple[str, int, str], int]:
    """Where each field stands in each table of each sheet."""
    found = {
        (block.grid.name, block.number, name): column
        for block in blocks
        for name, column in block.columns.items()
    }
    # Where projects go by their names, these stand for the ids.
    by_name = {
        (block.grid.name, block.number, "project"): block.columns["name"]
        for block in blocks
        if "name" in block.columns
    }
    return by_name | found


def _report_structure(blocks: Sequence[Block], policy: Policy, found: Diagnostics) -> None:
    """Heads that fit nothing, two that fit the same, needed columns missing, no unit of money."""
    for block in blocks:
        table = _TABLES.get(block.kind)
        words = table.words if table else {}
        place = block.grid.cell(block.first_head, block.span[0])
        for name in needed_columns(table, policy) if table else ():
            if name not in block.columns:
                found.add("XP201", place, column=words[name][0], rows=block.head_rows)
        report_heads(block, table, policy, found)


def report_heads(block: Block, table: Table | None, policy: Policy, found: Diagnostics) -> None:
    """Heads that fit nothing (XP202), two that fit the same (XP203), no unit of money (XP208)."""
    words = table.words if table else {}
    for head in block.unplaced:
        known = "、".join(words[name][0] for name in words if _may_be(name, block, policy))
        cell = block.grid.cell(block.last_head, head.column)
        found.add("XP202", cell, header=head.text, known=known or "（标准列已齐）")
    for name, first, second in block.doubled:
        _report_double(block, table, name, (first, second), found)
    _report_money_unit(block, policy, table, found)


def _may_be(name: str, block: Block, policy: Policy) -> bool:
    """Whether a column that fits nothing may be meant for a field: one still free, and of use."""
    more = {head.field for head in MORE_PROJECT_HEADS}
    if name == "currency" and not policy.currencies:
        return False
    return name not in block.columns and (name not in more or name in policy.needs)


def needed_columns(table: Table, policy: Policy) -> list[str]:
    """The columns whose absence is said: in a ledger those too that the policy's measures need."""
    if table.sheet != PROJECT_SHEET:
        return list(table.needed)
    needed, more = (
        [name for name in table.needed if name != "origin" or policy.origins],
        policy.needs,
    )
    return needed + [name for name in table.words if name in more and name not in needed]


def _report_double(
    block: Block, table: Table | None, name: str, columns: tuple[int, int], found: Diagnostics
) -> None:
    heads = {head.column: head.text for head in block.heads}
    first, second = (Cell(block.grid.name, block.last_head, column) for column in columns)
    values = {"first": f"{first.address}“{heads[columns[0]]}”"}
    values |= {"second": f"{second.address}“{heads[columns[1]]}”"}
    column = table.words[name][0] if table and name in table.words else name
    found.add("XP203", second, column=column, **values)


def _report_money_unit(
    block: Block, policy: Policy, table: Table | None, found: Diagnostics
) -> None:
    """Money columns of which neither head nor remark says the unit (XP208), once a table."""
    in_money = {measure.name for measure in policy.measures if measure.is_money}
    named = table.money if table else in_money
    silent = sorted(
        column
        for name, column in block.columns.items()
        if name in named and name not in block.units
    )
    if silent and not block.remark and not (table is None and _says_yuan(block, silent)):
        found.add("XP208", block.grid.cell(block.last_head, silent[0]), unit="亿元")


def _says_yuan(block: Block, columns: Sequence[int]) -> bool:
    """Whether a target table's own cells name the unit, as its 合计 row does."""
    rows = range(block.last_head + 1, block.last_row + 1)
    cells = (block.grid.at(row, column) for row in rows for column in columns)
    return any("亿元" in plain(cell) for cell in cells)
