"""Where a change to the ledger goes: the cell that is meant by now, or the row below a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import (
    MORE_PROJECT_HEADS,
    PROJECT_HEADS,
    PROJECT_SHEET,
    RECEIPT_HEADS,
    RECEIPT_SHEET,
)
from xlplan.policy import Policy
from xlplan.quantity import unit_named
from xlplan.reconciling.decisions import After, Kind, Write, seen
from xlplan.sheets.description import Value
from xlplan.sheets.primitives import primitive
from xlplan.tables.blocks import Block
from xlplan.tables.columns import records
from xlplan.tables.grid import Grid, Source
from xlplan.tables.words import plain
from xlplan.tables.workbook import find_blocks

_RECORDS: Mapping[Kind, str] = {"project": PROJECT_SHEET, "receipt": RECEIPT_SHEET}
HEADS: Mapping[str, str] = {
    head.field: head.head for head in (*RECEIPT_HEADS, *PROJECT_HEADS, *MORE_PROJECT_HEADS)
}


class Misplaced(Exception):  # noqa: N818 - no error: a reason that the caller tells
    """A change that has no place in the ledger, and why."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the ledger with the rows of its records."""

    block: Block
    rows: tuple[int, ...]

    @property
    def sheet(self) -> str:
        """The sheet where it stands."""
        return self.block.grid.name

    @property
    def grid(self) -> Grid:
        """The cells of its sheet."""
        return self.block.grid

    @property
    def like(self) -> int:
        """Its last record's row; 0 where it has none."""
        return self.rows[-1] if self.rows else 0

    @property
    def below(self) -> int:
        """The row below its last record."""
        return (self.like or self.block.last_head) + 1

    def said(self, row: int, name: str) -> str:
        """What a field of a row says."""
        column = self.block.columns.get(name, 0)
        return seen(self.grid.at(row, column)) if column else ""

    def column(self, name: str) -> int:
        """Where a field stands."""
        if name not in self.block.columns:
            head = HEADS.get(name, name)
            raise Misplaced(f"“{self.sheet}”表没有“{head}”列")
        return self.block.columns[name]

    def value(self, name: str, after: After) -> Value:
        """A value as this table writes it: money in the unit of its column."""
        if not isinstance(after, int):
            return after
        written = self.block.units.get(name) or self.block.remark or "亿元"
        unit = unit_named(written)
        if unit is None or unit.currency != "CNY":
            raise Misplaced(f"“{self.sheet}”表“{HEADS.get(name, name)}”的单位是{written}")
        return Fraction(after, 100) / unit.scale


class Places:
    """The tables of a ledger's workbook as they are now."""

    def __init__(self, source: Source, policy: Policy) -> None:
        self.tables = [_table(block) for block in find_blocks(source, policy)]
        self._rows: dict[tuple[int, str], Mapping[str, Sequence[int]]] = {}

    def cell(self, write: Write) -> tuple[Table, Cell]:
        """The cell that a change means: of the row that it names, or where its project is now."""
        table = self._holding(write)
        column = table.column(write.field)
        row = write.row if _is_of(table, write.row, write) else self._moved(table, write)
        return table, Cell(table.sheet, row, column)

    def _holding(self, write: Write) -> Table:
        """The table of that sheet which has the row, else the first with the project."""
        there = [table for table in self.tables if table.sheet == write.sheet]
        for table in there:
            if table.block.last_head < write.row <= table.block.last_row:
                return table
        for table in there:
            if any(_is_of(table, row, write) for row in table.rows):
                return table
        raise Misplaced(f"“{write.sheet}”表里找不到这一行所在的表格")

    def _moved(self, table: Table, write: Write) -> int:
        rows = [row for row in table.rows if _is_of(table, row, write)]
        if len(rows) != 1:
            whose = f"{write.project} {write.name}".strip()
            where = "找不到" if not rows else "有不止一行是"
            raise Misplaced(f"“{table.sheet}”表里{where}“{whose}”")
        return rows[0]

    def below(self, kind: Kind, sheet: str) -> Table:
        """The table that takes new records of a kind: on the sheet named, else the first."""
        name = _RECORDS[kind]
        fitting = [table for table in self.tables if table.block.kind == name]
        on_sheet = [table for table in fitting if table.sheet == sheet]
        if not fitting:
            raise Misplaced(f"台账里没有“{name}”表")
        return (on_sheet or fitting)[0]

    def alike(self, kind: Kind, record: Sequence[Write]) -> list[Cell]:
        """The rows that say already what a new record would: they came meanwhile, or are another.

        Projects go by their names, receipts by project, day and amount.
        """
        name, says_so = ("name", _is_named) if kind == "project" else ("project", _is_paid)
        wanted = plain(str(given(record, name) or ""))
        return [
            Cell(table.sheet, row)
            for at, table in enumerate(self.tables)
            if table.block.kind == _RECORDS[kind]
            for row in self._by(at, name).get(wanted, ())
            if says_so(table, row, record)
        ]

    def _by(self, at: int, name: str) -> Mapping[str, Sequence[int]]:
        """A table's rows by what they say in a field, in plain form."""
        if (at, name) not in self._rows:
            rows: dict[str, list[int]] = {}
            for row in self.tables[at].rows:
                rows.setdefault(plain(self.tables[at].said(row, name)), []).append(row)
            self._rows[at, name] = rows
        return self._rows[at, name]

    def project_ids(self) -> Iterable[str]:
        """All ids that the ledger has given."""
        for table in self.tables:
            if table.block.kind == PROJECT_SHEET:
                yield from (table.said(row, "project") for row in table.rows)


def _table(block: Block) -> Table:
    key = "project" if "project" in block.columns else "name"
    if key not in block.columns:
        return Table(block, ())
    found = records(block, key, (), Diagnostics())
    return Table(block, tuple(int(row) for row in found.rows))


def _is_of(table: Table, row: int, write: Write) -> bool:
    """Whether a row is about the project that a change is about."""
    has_id = bool(write.project) and "project" in table.block.columns
    if has_id:
        return table.said(row, "project") == write.project
    return table.said(row, "name") == write.name


def _is_named(table: Table, row: int, record: Sequence[Write]) -> bool:
    name = given(record, "name")
    return bool(name) and plain(table.said(row, "name")) == plain(name)


def _is_paid(table: Table, row: int, record: Sequence[Write]) -> bool:
    """Whether a row is a receipt of that project, day and amount."""
    fields = ("project", "received", "amount")
    if given(record, "project") is None or any(f not in table.block.columns for f in fields):
        return False
    return all(
        table.said(row, one) == shown(table.value(one, given(record, one))) for one in fields
    )


def shown(value: Value) -> str:
    """What a cell says that holds a value, as `seen` writes it."""
    return seen(value) if isinstance(value, date) else seen(primitive(value))


def given(writes: Sequence[Write], name: str) -> After:
    """What the writes of one record say of a field."""
    return next((one.after for one in writes if one.field == name), None)
