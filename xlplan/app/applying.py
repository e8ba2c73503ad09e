"""The corridor of applying a report: what was decided there goes into the ledger, in one step.

Nothing is applied that changed meanwhile or that could not go without harm: it is said and left. A
row of the report is applied as a whole or not at all. What was done stands in 变更记录, what was
said about 疑似匹配 in 核对记录, both in the ledger's own workbook and written with the changes, so
that one undo takes everything back.
"""

import getpass
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan import files, package, tables
from xlplan.app.ledger_places import HEADS, Misplaced, Places, Table, given, shown
from xlplan.app.logs import Line, VerdictLine, log_edits
from xlplan.app.recalculation import Request, policy_of
from xlplan.diagnostics import Cell, Diagnostics, File, RequestError
from xlplan.reconciling.decisions import (
    ADOPT,
    KIND_NAMES,
    Kind,
    Question,
    Write,
    seen,
)
from xlplan.reconciling.new_ids import next_ids
from xlplan.sheets.description import Value
from xlplan.tables.decisions import Report, read_report
from xlplan.tables.head_notes import HeadNote, head_notes

if TYPE_CHECKING:
    from xlplan.app.book import FileBook
    from xlplan.package import CellEdit, Written

_BLANK = "（空白）"


@dataclass(frozen=True, slots=True)
class Order:
    """How a report is applied: by whom ("" = the user of this computer), and whether in earnest."""

    by: str = ""
    dry_run: bool = False
    policy: str | Path | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it: every change, the verdicts kept, what was left and why.

    `notes` are heads of units that are known from now on. `decided` counts the rows by what was
    decided; `written` is None where nothing was to be written, or nothing was meant to be.
    """

    changes: tuple[Line, ...]
    verdicts: tuple[VerdictLine, ...]
    decided: Mapping[str, int]
    diagnostics: Diagnostics
    written: "Written | None" = None
    notes: tuple[HeadNote, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    """A new row of the ledger: the table that it goes below, its values by column."""

    number: str
    kind: Kind
    table: Table
    values: Mapping[int, Value]
    writes: Sequence[Write]


@dataclass(slots=True)
class _Plan:
    """The rows that will be applied, each with what it writes; what cannot be is said and left."""

    places: Places
    found: Diagnostics
    changes: list[tuple[Line, package.SetCell]] = field(default_factory=list)
    records: list[_Record] = field(default_factory=list)

    def take(self, report: Report) -> None:
        """What the adopted rows write, as far as the ledger still is as the report says."""
        by_number: dict[str, list[Write]] = {}
        for write in report.draft.writes:
            by_number.setdefault(write.number, []).append(write)
        for number, decided in report.decisions.items():
            if decided.word != ADOPT:
                continue
            try:
                row = self._row(by_number[number])
            except Misplaced as reason:
                self.found.add("XP956", decided.place, number=number, reason=str(reason))
                continue
            if row is not None:
                self.changes += row[0]
                self.records += row[1]
        self._leave_contradictions()
        self._give_ids()

    def _row(
        self, writes: Sequence[Write]
    ) -> tuple[list[tuple[Line, package.SetCell]], list[_Record]] | None:
        """One row of 差异: its cells, its new records; None where a cell is not as it was."""
        changes = []
        for write in writes:
            if not write.is_new:
                changed = self._change(write)
                if changed is None:
                    return None
                changes += changed
        added = [write for write in writes if write.is_new]
        groups = groupby(added, key=lambda one: (one.kind, one.record))
        records = [self._record(list(record)) for _, record in groups]
        return None if self._came_meanwhile(records) else (changes, records)

    def _came_meanwhile(self, records: Sequence[_Record]) -> bool:
        """Whether the ledger says more of these by now than when the report was made."""
        for one in records:
            alike = self.places.alike(one.kind, one.writes)
            if len(alike) > int(one.writes[0].before or 0):
                name = one.writes[0].name or one.writes[0].project
                self.found.add("XP964", alike[-1], number=one.number, name=name)
                return True
        return False

    def _change(self, write: Write) -> list[tuple[Line, package.SetCell]] | None:
        """A cell's change; nothing where it says so already, None where it says something else."""
        table, cell = self.places.cell(write)
        now = seen(table.grid.at(cell.row, cell.column))
        value = table.value(write.field, write.after)
        wanted = shown(value)
        if now == wanted:
            self.found.add("XP955", cell, number=write.number, now=now or _BLANK)
            return []
        if now != write.before:
            values = {"now": now or _BLANK, "before": write.before or _BLANK}
            self.found.add("XP954", cell, number=write.number, **values)
            return None
        edit = package.SetCell(cell.sheet, cell.row, cell.column, value)
        return [(_line(write, cell, now, wanted), edit)]

    def _record(self, fields: Sequence[Write]) -> _Record:
        first = fields[0]
        table = self.places.below(first.kind, first.sheet)
        own_id = {"project"} if first.kind == "project" else set()
        values = {
            table.column(one.field): table.value(one.field, one.after)
            for one in fields
            if one.after is not None and one.field not in own_id
        }
        return _Record(first.number, first.kind, table, values, fields)

    def _leave_contradictions(self) -> None:
        """Two rows that write one cell differently are both left."""
        by_cell: dict[Cell, list[tuple[Line, package.SetCell]]] = {}
        for line, edit in self.changes:
            by_cell.setdefault(line.cell, []).append((line, edit))
        for cell, each in by_cell.items():
            if len({shown(edit.value) for _, edit in each}) > 1:
                numbers = [line.number for line, _ in each]
                for number in numbers:
                    others = "、".join(one for one in numbers if one != number)
                    self.found.add("XP957", cell, number=number, other=others)
                    self._drop(number)

    def _drop(self, number: str) -> None:
        """Leave a row as a whole."""
        self.changes = [one for one in self.changes if one[0].number != number]
        self.records = [one for one in self.records if one.number != number]

    def _give_ids(self) -> None:
        """Number new projects behind the ledger's highest id; their receipts go by the same."""
        new = [one for one in self.records if one.kind == "project"]
        taken = set(self.places.project_ids())
        asked = {one.number: str(given(one.writes, "project") or "") for one in new}
        own: dict[str, str] = {}
        for number, said in asked.items():
            if said and said not in taken:
                own[number] = said
                taken.add(said)
        fresh = iter(next_ids(taken, len(new)))
        ids = {one.number: own.get(one.number) or next(fresh, "") for one in new}
        self.records = [_with_id(one, ids.get(one.number, "")) for one in self.records]

    def possible(self, path: Path) -> "list[CellEdit]":
        """The edits that can go without harm; rows of which one cannot are said and left."""
        while edits := self._edits():
            refused = package.refusals(path, edits)
            if not refused:
                break
            numbers = {
                number: refusal for refusal in refused for number in self._numbers(refusal.edit)
            }
            for number, refusal in numbers.items():
                self.found.add("XP960", refusal.place, number=number, reason=refusal.reason)
                self._drop(number)
        return edits

    def _edits(self) -> "list[CellEdit]":
        return [*(edit for _, edit in self.changes), *(edit for edit, _ in self._added())]

    def _numbers(self, edit: "CellEdit") -> list[str]:
        """The rows of the report that an edit is for."""
        numbers = [line.number for line, one in self.changes if one == edit]
        return numbers + [
            record.number for one, records in self._added() if one == edit for record in records
        ]

    def _added(self) -> list[tuple[package.AddRows, list[_Record]]]:
        """The new rows of each table in one edit, in the report's order."""
        by_table: dict[tuple[str, int], list[_Record]] = {}
        for record in self.records:
            key = record.table.sheet, record.table.block.number
            by_table.setdefault(key, []).append(record)
        return [(_below(together), together) for together in by_table.values()]

    def told(self) -> list[Line]:
        """Every change, in the order of the report's numbers."""
        lines = [line for line, _ in self.changes]
        lines += [line for edit, records in self._added() for line in _told(edit, records)]
        return sorted(lines, key=lambda one: _order(one.number))


def _below(records: Sequence[_Record]) -> package.AddRows:
    table = records[0].table
    rows = tuple(record.values for record in records)
    return package.AddRows(table.sheet, table.below, table.block.span, rows, table.like)


def apply_report(book: "FileBook", report: Path, order: Order | None = None) -> Applied:
    """Apply what a report's 处理 and 判断 say to the ledger that it was made from.

    Raises:
        RequestError: as `open_book` for the report, XP953 where it is none; as `write_edits` for
            the ledger, which is untouched then; XP958 where a sheet of a log's name is not ours.
    """
    order = order or Order()
    if not book.takes_results:
        raise RequestError("XP017", path=book.path)
    opened = files.open_workbook(report)
    said = read_report(opened)
    found = Diagnostics(said.found)
    if said.draft.book != book.name:
        found.add("XP959", File(book.name), other=said.draft.book, book=book.name)
    settings, _ = tables.read_settings(book)
    policy = policy_of(book.name, Request(policy=order.policy), settings)
    who = order.by or getpass.getuser()
    plan = _Plan(Places(book, policy), found)
    plan.take(said)
    edits = plan.possible(book.path)
    lines = plan.told()
    sheets, log = log_edits(book, lines, _verdicts(said, who), who, head_notes(opened))
    applied = Applied(tuple(lines), log.verdicts, _decided(said), found, notes=log.notes)
    if order.dry_run or not (lines or log.verdicts or log.notes):
        return applied
    written = package.write_edits(
        book.path, [*edits, *log.edits], sheets, source_digest=book.digest
    )
    return replace(applied, written=written)


def _decided(report: Report) -> dict[str, int]:
    """How many rows were decided how, and how many not."""
    counts: dict[str, int] = {}
    for one in (*report.decisions.values(), *report.verdicts.values()):
        counts[one.word] = counts.get(one.word, 0) + 1
    return counts


def _line(write: Write, cell: Cell, before: str, after: str, name: str = "") -> Line:
    return Line(
        write.number,
        KIND_NAMES[write.kind],
        write.project,
        write.name,
        name or HEADS.get(write.field, write.field),
        before,
        after,
        cell,
        write.unit,
        write.file,
        write.source,
    )


def _with_id(record: _Record, project: str) -> _Record:
    """A new record with its project's id, where it has none yet."""
    column = record.table.block.columns.get("project", 0)
    if not (project and column) or record.values.get(column):
        return record
    writes = [replace(one, project=project) for one in record.writes]
    return replace(record, values={column: project, **record.values}, writes=writes)


def _order(number: str) -> tuple[str, int]:
    """D2 before D10."""
    digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return number[: len(number) - len(digits)], int(digits) if digits.isdecimal() else 0


def _told(edit: package.AddRows, records: Sequence[_Record]) -> Iterator[Line]:
    """One line a new record: what it says, and where it stands."""
    for row, record in enumerate(records, start=edit.at):
        heads = {column: name for name, column in record.table.block.columns.items()}
        after = "；".join(
            f"{HEADS.get(heads[column], heads[column])} {shown(value)}"
            for column, value in sorted(record.values.items())
        )
        yield _line(record.writes[0], Cell(edit.sheet, row), "", after, "整行")


def _verdicts(report: Report, who: str) -> list[VerdictLine]:
    """What was said about 疑似匹配."""
    asked: dict[str, Question] = {one.number: one for one in report.draft.questions}
    return [
        VerdictLine(asked[number], decided.word, who)
        for number, decided in report.verdicts.items()
        if number in asked
    ]
