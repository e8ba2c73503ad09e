"""Reads what a unit hands in: our own form, or a clerk's own layout by the meaning of its heads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from xlplan.diagnostics import Cell, Diagnostics, File
from xlplan.model import (
    OUTPUT_SHEETS,
    PROJECT_SHEET,
    RECEIPT_SHEET,
    SETTING_SHEET,
    UNIT_SHEET,
)
from xlplan.reconciling.nouns import LEDGER, Entry, StatedTotal, Submission
from xlplan.tables.blocks import Block, Finder
from xlplan.tables.covers import Cover, cover_of, is_label, period_in
from xlplan.tables.grid import Grid, Source
from xlplan.tables.ledgers import Law
from xlplan.tables.submitted_rows import Receipt, project_rows, receipt_rows
from xlplan.tables.words import RECEIPTS, SUBMITTED, plain
from xlplan.tables.workbook import INPUT_SHEETS, finder_of, needed_columns, report_heads

_OURS = frozenset({UNIT_SHEET, SETTING_SHEET, *OUTPUT_SHEETS})
"""Sheets of ours that hold nothing that is submitted."""
_TABLES = {PROJECT_SHEET: SUBMITTED, RECEIPT_SHEET: RECEIPTS}
_HALF = 2
_FAR = 1000
"""How many rows a sheet may be formatted beyond its last content before that is said."""

Heads = Mapping[str, Mapping[str, str]]
"""By unit ("" = any), heads in plain form → the field that each was confirmed to be, "" = none."""


@dataclass(frozen=True, slots=True)
class Came:
    """A file that came in: the name it is called by, its SHA-256, and when it was saved last.

    `texts` is what it says outside of tables, as a Word document does.
    """

    file: str
    digest: str = ""
    saved: datetime | None = None
    texts: tuple[str, ...] = ()

    @property
    def words(self) -> Grid:
        """Its texts, as a sheet that holds them one below the other."""
        return Grid("正文", [[text] for text in self.texts])


@dataclass(frozen=True)
class Reader:
    """Reads submissions under one law, knowing which heads were confirmed for which unit."""

    law: Law
    heads: Heads = field(default_factory=dict)

    @cached_property
    def _finders(self) -> dict[tuple[tuple[str, str], ...], Finder]:
        return {}

    def read(self, source: Source, came: Came) -> Submission:
        """One submission, as far as it can be read.

        Reports the columns and cells as the readers of ledgers do; XP914 tables on hidden sheets,
        XP915 two sheets that hold the same table, XP918 no table of projects, XP919 formats far
        below the content.

        Raises:
            RequestError: when a sheet of it is damaged or not safe to open.
        """
        found = Diagnostics()
        names = [name for name in source.sheet_names() if name not in _OURS]
        grids = {name: source.grid(name) for name in names}
        shown = {name: grid for name, grid in grids.items() if grid.visible}
        cover = cover_of({"": came.words, **shown})
        stated, how = self._stated_unit(cover, came.file)
        blocks = self._blocks(grids, stated, found)
        projects = [block for block in blocks if block.kind == PROJECT_SHEET]
        if not projects:
            found.add("XP918", File(came.file), looked="、".join(grids) or "（没有工作表）")
        entries, totals = self._told(blocks, came.file, found)
        unit, how = (stated, how) if stated else _unit_of_rows(entries, self.law)
        return Submission(
            came.file,
            came.digest,
            unit,
            how,
            *self._cover_texts(cover, came.texts, blocks),
            cover.filled_on,
            cover.is_form,
            _led_by(entries, unit, projects),
            totals,
            self._missing(projects, found),
            found,
            saved=came.saved,
            unknown=_unknown(projects),
            unit_said=cover.texts.get("unit", ""),
            otherwise=self._otherwise(unit, how, came.file, entries),
        )

    def _otherwise(
        self, unit: str, how: str, file: str, entries: Sequence[Entry]
    ) -> tuple[str, str] | None:
        """Where another unit is named than the one it is taken to be of, and which."""
        named = unit_in(file, self.law.register.names)
        if how in ("form", "cell") and named and named != unit:
            return "文件名里", named
        leads, _ = _unit_of_rows(entries, self.law)
        return ("牵头单位一列全都", leads) if unit and leads and leads != unit else None

    def _stated_unit(self, cover: Cover, file: str) -> tuple[str, str]:
        """The unit that the submission names, else the one that its file name does."""
        register = self.law.register
        unit = register.resolve(cover.texts.get("unit", ""))
        if unit:
            return unit, "form" if cover.is_form else "cell"
        unit = unit_in(file, register.names)
        return (unit, "name") if unit else ("", "")

    def _finder(self, unit: str) -> Finder:
        """A finder that knows the heads confirmed for a unit."""
        noted = tuple((head, name) for head, name in self._noted(unit).items() if name)
        if noted not in self._finders:  # most units have none: they share what one has learnt
            words = dict(SUBMITTED.words)
            for head, name in noted:
                words[name] = (*words.get(name, ()), head)
            known = (replace(SUBMITTED, words=words), RECEIPTS)
            self._finders[noted] = finder_of(self.law.policy, known)
        return self._finders[noted]

    def _asked_for(self, block: Block, unit: str) -> Block:
        """A table without the heads that somebody said are not to be read."""
        not_read = {head for head, name in self._noted(unit).items() if not name}
        left = tuple(head for head in block.unplaced if not not_read & {*head.readings})
        return replace(block, unplaced=left) if not_read else block

    def _noted(self, unit: str) -> Mapping[str, str]:
        """The heads that were confirmed for a unit."""
        return {**self.heads.get("", {}), **self.heads.get(unit, {})}

    def _blocks(self, grids: Mapping[str, Grid], unit: str, found: Diagnostics) -> list[Block]:
        """The tables of projects and receipts on the sheets that are shown."""
        finder, blocks = self._finder(unit), list[Block]()
        for name, grid in grids.items():
            here = [one for one in finder.blocks(grid) if one.kind in _TABLES]
            if grid.visible:
                blocks.extend(self._asked_for(block, unit) for block in here)
            elif here:
                found.add("XP914", Cell(name), sheet=name)
        for block in blocks:
            report_heads(block, _TABLES[block.kind], self.law.policy, found)
        _report_reach(blocks, found)
        return _without_copies(blocks, found)

    def _told(
        self, blocks: Sequence[Block], file: str, found: Diagnostics
    ) -> tuple[tuple[Entry, ...], tuple[StatedTotal, ...]]:
        """The projects of all tables with their receipts, and what the tables state as totals."""
        projects = (block for block in blocks if block.kind == PROJECT_SHEET)
        rows = [project_rows(block, file, self.law, found) for block in projects]
        paid = (block for block in blocks if block.kind == RECEIPT_SHEET)
        receipts = [one for block in paid for one in receipt_rows(block, self.law, found)]
        told = _once_each([entry for one in rows for entry in one.entries], found)
        totals = tuple(total for one in rows for total in one.totals)
        return _with_payments(told, receipts, file), totals

    def _cover_texts(
        self, cover: Cover, texts: Sequence[str], blocks: Sequence[Block]
    ) -> tuple[str, str]:
        """Policy and period as the submission tells them: by its labels, else by its titles."""
        policy = cover.texts.get("policy", "")
        stated = cover.texts.get("period", "")
        if stated:
            period = period_in(stated, self.law.policy)
            return policy, period.text if period else stated
        titles = [title for block in blocks for title in (*block.titles, block.grid.name)]
        told = (title for title in (*titles, *texts) if not is_label(title))
        periods = (period_in(title, self.law.policy) for title in told)
        return policy, next((period.text for period in periods if period), "")

    def _missing(self, projects: Sequence[Block], found: Diagnostics) -> tuple[str, ...]:
        """The needed fields that no table of projects has a column for (XP201).

        A unit need not know ids, nor say that it leads its own projects.
        """
        if not projects:
            return ()
        first, has = projects[0], {name for block in projects for name in block.columns}
        spared = has | {"lead", "project" if "name" in has else "name"}
        wanted = needed_columns(SUBMITTED, self.law.policy)
        missing = tuple(name for name in wanted if name not in spared)
        place = first.grid.cell(first.first_head, first.span[0])
        for name in missing:
            found.add("XP201", place, column=SUBMITTED.words[name][0], rows=first.head_rows)
        return missing


def unit_in(file: str, names: Mapping[str, str]) -> str:
    """The unit that a file's name holds, the longest name first; "" = none, or several.

    >>> unit_in("白涛园区报送表2021Q3.xlsx", {"白涛园区": "白涛园区", "白涛": "白涛园区"})
    '白涛园区'
    """
    text = plain(file)
    inside = {name for name in names if len(name) > 1 and name in text}
    longest = {name for name in inside if not any(name != o and name in o for o in inside)}
    units = {names[name] for name in longest}
    return units.pop() if len(units) == 1 else ""


def ledger_entries(blocks: Iterable[Block], law: Law) -> tuple[Entry, ...]:
    """The ledger's own projects with their receipts; what is wrong with it is not said here."""
    quiet = Diagnostics()
    tables = list(blocks)
    projects = (block for block in tables if block.kind == PROJECT_SHEET)
    entries = [e for block in projects for e in project_rows(block, LEDGER, law, quiet).entries]
    paid = (block for block in tables if block.kind == RECEIPT_SHEET)
    receipts = [one for block in paid for one in receipt_rows(block, law, quiet)]
    return _with_payments(_once_each(entries, quiet), receipts, "")


def _unit_of_rows(entries: Sequence[Entry], law: Law) -> tuple[str, str]:
    """The one unit that leads every project; none where they differ."""
    leads = {entry.lead for entry in entries if entry.lead}
    unit = law.register.resolve(leads.pop()) if len(leads) == 1 else None
    return (unit, "rows") if unit else ("", "")


def _led_by(entries: Sequence[Entry], unit: str, projects: Sequence[Block]) -> tuple[Entry, ...]:
    """The entries, led by the unit where no table says who leads."""
    if not unit or any("lead" in block.columns for block in projects):
        return tuple(entries)
    return tuple(replace(entry, lead=unit) for entry in entries)


def _identity(entry: Entry) -> str:
    """What tells a project apart within one file: its id, else its name."""
    return entry.project or plain(entry.name)


def _without_copies(blocks: Sequence[Block], found: Diagnostics) -> list[Block]:
    """The tables without those that hold mostly the projects of one before (XP915)."""
    kept: list[Block] = []
    known: list[tuple[Block, frozenset[str]]] = []
    for block in sorted(blocks, key=lambda one: one.grid.name not in INPUT_SHEETS):
        names = _names(block) if block.kind == PROJECT_SHEET else frozenset()
        twin = next(
            (o for o, have in known if names and _HALF * len(names & have) > len(names)), None
        )
        if twin is None:
            kept.append(block)
            known.append((block, names))
        else:
            place = block.grid.cell(block.first_head, block.span[0])
            first = twin.grid.cell(twin.first_head, twin.span[0])
            found.add("XP915", place, other=first)
    return [block for block in blocks if block in kept]


def _names(block: Block) -> frozenset[str]:
    """The names, or else ids, that stand in a table."""
    column = block.columns.get("name") or block.columns["project"]
    rows = range(block.last_head + 1, block.last_row + 1)
    return frozenset(filter(None, (plain(str(block.grid.at(row, column) or "")) for row in rows)))


def _once_each(entries: Sequence[Entry], found: Diagnostics) -> list[Entry]:
    """The first row of every project; a later one of the same id or name is set aside (XP913)."""
    first: dict[str, Entry] = {}
    for entry in entries:
        known = first.setdefault(_identity(entry), entry)
        if known is not entry:
            field_ = "project" if entry.project else "name"
            said = entry.project or entry.name
            found.add("XP913", entry.cell(field_), project=said, other=known.cell(field_))
    return list(first.values())


def _with_payments(
    entries: Sequence[Entry], receipts: Sequence[Receipt], file: str
) -> tuple[Entry, ...]:
    """The entries with their receipts; receipts of other projects make entries of their own."""
    if not receipts:
        return tuple(entries)
    by_id = {entry.project: at for at, entry in enumerate(entries) if entry.project}
    by_name = {plain(entry.name): at for at, entry in enumerate(entries) if entry.name}
    paid: dict[int, list[Receipt]] = {}
    alone: dict[str, list[Receipt]] = {}
    for one in receipts:
        at = by_id.get(one.project) if one.project else None
        at = by_name.get(plain(one.name)) if at is None and one.name else at
        if at is None:
            alone.setdefault(one.project or plain(one.name), []).append(one)
        else:
            paid.setdefault(at, []).append(one)
    own = [
        replace(entry, payments=tuple(one.payment for one in paid[at])) if at in paid else entry
        for at, entry in enumerate(entries)
    ]
    return (*own, *(_paid_only(file, group) for group in alone.values()))


def _paid_only(file: str, group: Sequence[Receipt]) -> Entry:
    """A project of which only receipts are told."""
    first = group[0].payment
    named = {"project": group[0].project, "name": group[0].name}
    texts = {name: text for name, text in named.items() if text}
    columns = {name: column for name, column in first.columns.items() if name in texts}
    payments = tuple(one.payment for one in group)
    place = (file, first.sheet, first.row)
    entry = Entry(*place, group[0].project, group[0].name, payments=payments)
    return replace(entry, columns=columns, texts=texts)


def _unknown(projects: Sequence[Block]) -> tuple[tuple[str, Cell], ...]:
    return tuple(
        (head.text, block.grid.cell(block.last_head, head.column))
        for block in projects
        for head in block.unplaced
    )


def _report_reach(blocks: Sequence[Block], found: Diagnostics) -> None:
    """Sheets that are formatted far below their last content (XP919)."""
    for grid in {block.grid.name: block.grid for block in blocks}.values():
        last = grid.first_row + len(grid.rows) - 1
        if grid.reach > last + _FAR:
            found.add("XP919", Cell(grid.name), last=grid.reach, row=last)
