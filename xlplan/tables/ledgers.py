"""Reads 项目台账 and 到位资金 into frames; rows that cannot be credited are set aside and said."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import MORE_PROJECT_HEADS, NONE_WORDS, PROJECT_HEADS, PROJECTS, RECEIPTS, Foreign
from xlplan.policy.schema import Policy
from xlplan.quantity import Missing, parse_quantity
from xlplan.tables.blocks import Block
from xlplan.tables.columns import (
    Column,
    Money,
    Records,
    days,
    identities,
    money,
    records,
    said,
    texts,
)
from xlplan.tables.currencies import Converted, Exchange, currencies_of
from xlplan.tables.register import Register
from xlplan.tables.words import plain, year_apart

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TEXTS = ("name", "investor", "credit_code", "remark")
_WORDS = ("team", "industry", "status", "level")
_MONEY = ("investment", "output", "agreement")
_DATES = ("signed", "started", "produced")
_HEADS = {head.field: head.head for head in (*PROJECT_HEADS, *MORE_PROJECT_HEADS)}
_BETWEEN_LISTS = re.compile(r"[、，,；;/\n]")
_T = TypeVar("_T")
NONE = "无"
_NO_WORDS = frozenset({"", NONE})
_ROW_EFFECT = "该行未计入"
_RECEIPT_EFFECT = "该笔未计入"


@dataclass(frozen=True, slots=True)
class Law:
    """What the readers need to know besides the cells: the policy's lists and the units."""

    policy: Policy
    register: Register
    default_unit: str = "亿元"


@dataclass(frozen=True, slots=True)
class Known:
    """Project ids: those of the ledger's frame, and those of rows that were set aside there."""

    counted: frozenset[str]
    set_aside: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Sheet:
    """One block being read: which rows stay, and what was found in it."""

    data: Records
    law: Law
    found: Diagnostics
    kept: "NDArray[np.bool_]" = field(init=False)
    unreadable: dict[int, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kept = np.ones(len(self.data), np.bool_)
        at = {int(row): n for n, row in enumerate(self.data.rows)} if self.data.broken else {}
        for row, name in sorted(self.data.broken):
            if row in at:
                self.unreadable.setdefault(at[row], []).append(name)

    def column(self, name: str) -> Column | None:
        """A field's column, with the unit of money that its head or the table states."""
        block = self.data.block
        unit = block.units.get(name) or block.remark or self.law.default_unit
        return self.data.column(name, unit)

    def place(self, name: str, at: int) -> Cell:
        """A cell of a record; the whole row when it has no such column.

        Where projects go by their names, these stand for the ids.
        """
        columns = self.data.block.columns
        other = columns.get("name", 0) if name == "project" else 0
        return self.data.block.grid.cell(int(self.data.rows[at]), columns.get(name, other))

    def say(self, code: str, name: str, at: int, **values: object) -> None:
        """Report something of a cell, unless the cell was reported for being broken."""
        if not self.data.is_broken(at, name):
            self.found.add(code, self.place(name, at), **values)

    def set_aside(self, code: str, name: str, at: int, **values: object) -> None:
        """Report something that takes the whole row out of the count."""
        self.say(code, name, at, **values)
        self.kept[at] = False

    def texts(self, name: str) -> list[str]:
        """A field as texts."""
        return texts(self.column(name), len(self.data))

    def money(self, name: str) -> Money:
        """A field as money; what is unreadable is noted with the row."""
        accepted = [currency.name for currency in self.law.policy.currencies]
        read = money(self.column(name), len(self.data), self.found, accepted)
        self.note(name, read.unreadable)
        return read

    def currencies(self) -> list[str]:
        """The currency that the column 币种 names for each row."""
        return currencies_of(self.column("currency"), len(self.data), self.found)

    def converted(
        self, name: str, read: Money, named: list[str], days_: "NDArray[np.datetime64]"
    ) -> Converted:
        """A field's money in 元, as far as the document converts it on these days."""
        column = self.column(name)
        if column is None:
            return Converted(read.grains, read.known, {})
        return Exchange(self.law.policy, column, days_, self.found).converted(read, named)

    def dates(self, name: str) -> "NDArray[np.datetime64]":
        """A field as dates; what is unreadable is noted with the row.

        So is a missing column that every row needs, since XP201 says it once for all of them.
        """
        if name == "signed" and name not in self.data.cells:
            self.note(name, range(len(self.data)))
        read = days(self.column(name), len(self.data), self.found)
        self.note(name, read.unreadable)
        return read.days

    def note(self, name: str, rows: Iterable[int]) -> None:
        """Remember that a field of these rows is unreadable."""
        for at in rows:
            self.unreadable.setdefault(at, []).append(name)

    def unreadables(self) -> list[tuple[str, ...]]:
        """The unreadable fields of every row."""
        if not self.unreadable:
            return [()] * len(self.data)
        return [tuple(self.unreadable.get(at, ())) for at in range(len(self.data))]


def read_projects(
    blocks: Sequence[Block], law: Law, found: Diagnostics
) -> tuple[pd.DataFrame, frozenset[str]]:
    """All project ledgers of a workbook as one frame, and the ids of the rows set aside.

    A later row of the same id is set aside (XP301).
    """
    sheets = [_open(block, law, found) for block in blocks]
    frames = [_projects(sheet) for sheet in sheets]
    if not frames:
        return PROJECTS.empty(), frozenset()
    together = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    whole = _without_doubles(together, blocks, found)
    everyone = {said for sheet in sheets if not sheet.kept.all() for said in _ids(sheet)}
    return whole, frozenset(everyone.difference(whole["project"]))


def _open(block: Block, law: Law, found: Diagnostics) -> _Sheet:
    is_ledger = "received" not in block.columns
    spread = {*block.columns} - {*_MONEY, "amount", "project" if is_ledger else "amount"}
    key = "project" if "project" in block.columns else "name"
    return _Sheet(records(block, key, spread, found), law, found)


def _projects(sheet: _Sheet) -> pd.DataFrame:
    length = len(sheet.data)
    columns: dict[str, object] = {name: sheet.texts(name) for name in _TEXTS}
    columns["project"] = _project_ids(sheet)
    columns |= _units(sheet)
    columns["origin"] = _origins(sheet)
    columns["sector"] = _sectors(sheet)
    columns |= {name: _worded(sheet, name) for name in _WORDS}
    columns["lists"] = _lists(sheet)
    read = {name: _project_money(sheet, name) for name in _MONEY}
    days = {name: sheet.dates(name) for name in _DATES}
    columns |= {**_in_yuan(sheet, read, days["signed"]), **days}
    _note_missing(sheet)
    columns["unreadable"] = sheet.unreadables()
    columns["sheet"] = [sheet.data.block.grid.name] * length
    columns["row"] = sheet.data.rows
    columns["block"] = [sheet.data.block.number] * length
    frame = PROJECTS.of(columns)
    return frame if sheet.kept.all() else frame[sheet.kept].reset_index(drop=True)


def _ids(sheet: _Sheet) -> list[str]:
    """Ids; a table without a column of ids is told apart by the projects' names."""
    name = "project" if "project" in sheet.data.cells else "name"
    return identities(sheet.column(name), len(sheet.data))


def _project_ids(sheet: _Sheet) -> list[str]:
    """Ids of a ledger; a row without one is set aside."""
    ids = _ids(sheet)
    for at in [n for n, text in enumerate(ids) if not text]:
        sheet.set_aside("XP311", "project", at)
    return ids


def _units(sheet: _Sheet) -> dict[str, object]:
    """Lead, cooperating and landing units by their official names."""
    register = sheet.law.register
    lead = _each(sheet, "lead", lambda text: register.resolve(text) or "")
    cooperating = _each(sheet, "cooperating", lambda text: together(text, register))
    if "cooperating" not in sheet.data.cells:
        _report_no_cooperating(sheet)
    landing = _each(sheet, "landing", lambda text: register.resolve(text) or text)
    _report_landing(sheet, landing)
    _report_leads(sheet, lead)
    _report_cooperating(sheet, lead, cooperating)
    cooperating = _once_each(sheet, cooperating)
    return {"lead": lead, "cooperating": cooperating, "landing": landing}


def _report_landing(sheet: _Sheet, landing: list[str]) -> None:
    """A landing unit that nobody knows, where a measure asks for it (XP317)."""
    if "landing" not in sheet.law.policy.needs:
        return
    official = frozenset(sheet.law.register.names.values())
    for at, text in enumerate(landing):
        if text and text not in official and plain(text) not in NONE_WORDS:
            known = "、".join(unit.name for unit in sheet.law.policy.units)
            values = {"field": _HEADS["landing"], "text": text, "known": known}
            sheet.say("XP317", "landing", at, **values)


def together(text: str, register: Register) -> tuple[str, ...]:
    """The units that a cell names, as often as it does; 无 and dashes name none."""
    if register.resolve(text) is None and _says_none(text):
        return ()
    return tuple(register.split(text))


def _says_none(text: str) -> bool:
    return plain(text) in NONE_WORDS or isinstance(parse_quantity(text), Missing)


def _once_each(sheet: _Sheet, cooperating: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Every unit once; one that a cell names twice, if by an alias, is said (XP318)."""
    once = {units: tuple(dict.fromkeys(units)) for units in set(cooperating)}
    doubled = {units for units in once if len(once[units]) < len(units)}
    if not doubled:
        return cooperating
    for at in [n for n, units in enumerate(cooperating) if units in doubled]:
        for unit in once[cooperating[at]]:
            if cooperating[at].count(unit) > 1:
                sheet.say("XP318", "cooperating", at, unit=unit)
    return [once[units] for units in cooperating]


def _report_no_cooperating(sheet: _Sheet) -> None:
    """Without the column no joint project is known: an error where another column holds units."""
    block = sheet.data.block
    policy = sheet.law.policy
    chosen = (option.rules for ruling in policy.rulings for option in ruling.options)
    if not any(rules.splits for rules in (policy.rules, *chosen)):
        return
    likely = next((head for head in block.unplaced if _holds_units(sheet, head.column)), None)
    if likely is None:
        found = block.grid.cell(block.first_head, block.span[0])
        sheet.found.add("XP212", found, column=_HEADS["cooperating"], rows=block.head_rows)
    else:
        place = block.grid.cell(block.last_head, likely.column)
        sheet.found.add("XP211", place, column=_HEADS["cooperating"], header=likely.text)


def _holds_units(sheet: _Sheet, column: int) -> bool:
    """Whether most filled cells of a column name registered units, others than the lead unit."""
    register, grid = sheet.law.register, sheet.data.block.grid
    official = set(register.names.values())
    cells = [said(grid.at(int(row), column)) for row in sheet.data.rows]
    named = [
        text != register.resolve(lead) and official.issuperset(together(text, register))
        for text, lead in zip(cells, sheet.texts("lead"), strict=True)
        if text and together(text, register)
    ]
    return bool(named) and 2 * sum(named) > len(named)


def _each(sheet: _Sheet, name: str, meaning: Callable[[str], _T]) -> list[_T]:
    """A column of which every different text is understood once."""
    cells = sheet.texts(name)
    known = {text: meaning(text) for text in set(cells)}
    return [known[text] for text in cells]


def _report_leads(sheet: _Sheet, lead: list[str]) -> None:
    """A row without a known lead unit is set aside; a missing column was reported as such."""
    if "lead" not in sheet.data.cells:
        sheet.kept[:] = False
        return
    cells = sheet.texts("lead") if "" in lead else []
    for at, text in enumerate(cells):
        if not text:
            _missing(sheet, "lead", at)
        elif not lead[at]:
            nearest = sheet.law.register.nearest(text)
            sheet.set_aside("XP302", "lead", at, text=text, nearest=nearest)


def _missing(sheet: _Sheet, name: str, at: int) -> None:
    """A row in which a field is blank that no row can be credited without."""
    project = said(sheet.data.cells.get("project", sheet.data.cells.get("name", ()))[at])
    values = {"field": _HEADS[name], "project": project, "effect": _ROW_EFFECT}
    sheet.set_aside("XP309", name, at, **values)


def _report_cooperating(sheet: _Sheet, lead: list[str], cooperating: list[tuple[str, ...]]) -> None:
    """Cooperating units are known, and none of them is the lead."""
    official = set(sheet.law.register.names.values())
    strange = {units for units in set(cooperating) if not official.issuperset(units)}
    for at, units in enumerate(cooperating):
        if units in strange:
            for text in [unit for unit in units if unit not in official]:
                nearest = sheet.law.register.nearest(text)
                sheet.set_aside("XP302", "cooperating", at, text=text, nearest=nearest)
        elif lead[at] in units:
            sheet.set_aside("XP310", "cooperating", at, unit=lead[at])


def _origins(sheet: _Sheet) -> list[str]:
    """Origins of the policy's list; without one a row is set aside, unless there is no list."""
    known = {plain(origin): origin for origin in sheet.law.policy.origins}
    origins = _each(sheet, "origin", lambda text: known.get(plain(text), ""))
    if not known:
        return sheet.texts("origin")
    if "origin" not in sheet.data.cells:
        sheet.kept[:] = False
        return origins
    cells = sheet.texts("origin") if "" in origins else []
    for at, text in enumerate(cells):
        if not text:
            _missing(sheet, "origin", at)
        elif not origins[at]:
            listed = "、".join(sheet.law.policy.origins)
            sheet.set_aside("XP303", "origin", at, text=text, known=listed)
    return origins


def _sectors(sheet: _Sheet) -> list[str]:
    """Sectors of the policy's list; another one counts as none and is said."""
    policy = sheet.law.policy
    known = {plain(sector): sector for sector in policy.sectors}
    sectors = _each(sheet, "sector", lambda text: known.get(plain(text), ""))
    if policy.sectors and "" in sectors:
        for at, text in enumerate(sheet.texts("sector")):
            if text and not sectors[at]:
                sheet.say("XP314", "sector", at, text=text, known="、".join(policy.sectors))
                sheet.note("sector", [at])
    return sectors


def _worded(sheet: _Sheet, name: str) -> list[str]:
    """A column of words; a word outside the policy's closed list stays, and is said (XP317)."""
    policy = sheet.law.policy
    listed_too = policy.not_counted if name == "status" else ()
    known = {plain(word): word for word in (*policy.words(name), *listed_too)}
    if not known or (name == "team" and name not in policy.needs):
        return sheet.texts(name)
    words = _each(sheet, name, lambda text: known_word(text, known))
    if not policy.words(name):
        return words
    listed = set(known.values())
    for at in [n for n, word in enumerate(words) if word not in listed and word not in _NO_WORDS]:
        _unknown(sheet, name, at, words[at])
    return words


def known_word(text: str, known: Mapping[str, str]) -> str:
    """The policy's writing of a word; 无 for every way to say that there is none."""
    return NONE if plain(text) in NONE_WORDS else known.get(plain(text), text)


def _unknown(sheet: _Sheet, name: str, at: int, text: str) -> None:
    known = "、".join(sheet.law.policy.words(name))
    sheet.say("XP317", name, at, field=_HEADS[name], text=text, known=known)


def _lists(sheet: _Sheet) -> list[tuple[str, ...]]:
    """The lists that a project stands on, such as those of the largest enterprises."""
    known = {plain(word): word for word in sheet.law.policy.words("lists")}
    found = _each(sheet, "lists", lambda text: tuple(split_lists(text, known)))
    if known:
        strange = {lists for lists in set(found) if not {*known.values(), NONE}.issuperset(lists)}
        for at in [n for n, lists in enumerate(found) if lists in strange]:
            for text in sorted({*found[at]} - {*known.values(), NONE}):
                _unknown(sheet, "lists", at, text)
    return found


def split_lists(text: str, known: Mapping[str, str]) -> list[str]:
    """The lists that a cell names; a name of the policy's may itself hold a separator."""
    whole = known_word(text, known)
    parts = [whole] if whole in known.values() or whole == NONE else _BETWEEN_LISTS.split(text)
    return [_listed(part.strip(), known) for part in parts if part.strip()]


def _listed(text: str, known: Mapping[str, str]) -> str:
    """The policy's writing of a list: of the year that the cell names, else of every year.

    A list of one year is no list of another, nor is one whose year the cell does not say.
    """
    word = known_word(text, known)
    if word in known.values() or word == NONE:
        return word
    year, name = year_apart(text)
    said = {year_apart(listed): listed for listed in known.values()}
    return said.get((year, name)) or said.get(("", name)) or text


def _note_missing(sheet: _Sheet) -> None:
    """A missing column that the policy's measures need is said once (XP201), not for every row."""
    for name in sheet.law.policy.needs - sheet.data.cells.keys() - {"signed"}:
        sheet.note(name, range(len(sheet.data)))


def _project_money(sheet: _Sheet, name: str) -> Money:
    """Money of a project; a negative amount sets the row aside."""
    read = sheet.money(name)
    if name == "agreement" and name not in sheet.data.cells:
        sheet.note(name, range(len(sheet.data)))
    below = [at for at, (_, grains) in read.foreign.items() if grains < 0]
    for at in sorted([*np.flatnonzero(read.grains < 0).tolist(), *below]):
        sheet.set_aside("XP304", name, at, text=said(sheet.data.cells[name][at]))
    return read


def _in_yuan(
    sheet: _Sheet, read: Mapping[str, Money], signed: "NDArray[np.datetime64]"
) -> dict[str, object]:
    """The amounts of projects in 分, NA where there is none; those in other currencies beside."""
    named = sheet.currencies()
    columns: dict[str, object] = {}
    foreign: list[tuple[Foreign, ...]] = [()] * len(sheet.data)
    for name, amounts in read.items():
        converted = sheet.converted(name, amounts, named, signed)
        sheet.note(name, converted.unreadable)
        columns[name] = pd.arrays.IntegerArray(converted.grains, ~converted.known)
        for at, amount in converted.foreign.items():
            foreign[at] = (*foreign[at], amount)
    return columns | {"foreign": foreign}


def _without_doubles(
    frame: pd.DataFrame, blocks: Sequence[Block], found: Diagnostics
) -> pd.DataFrame:
    """The first row of every project; the later ones are reported (XP301)."""
    double = frame["project"].duplicated()
    if not double.any():
        return frame
    columns = {
        (b.grid.name, b.number): b.columns.get("project") or b.columns.get("name", 0)
        for b in blocks
    }
    places = [
        Cell(sheet, int(row), columns[sheet, int(number)])
        for sheet, row, number in frame[["sheet", "row", "block"]].itertuples(index=False)
    ]
    first: dict[str, Cell] = {}
    for project, place in zip(frame["project"], places, strict=True):
        known = first.setdefault(project, place)
        if known is not place:
            found.add("XP301", place, project=project, other=known)
    return frame[~double].reset_index(drop=True)


def read_receipts(
    blocks: Sequence[Block], law: Law, known: Known, found: Diagnostics
) -> pd.DataFrame:
    """All receipts of a workbook as one frame, those of unknown projects set aside (XP306).

    A receipt without a date stays, with NaT; one with an unreadable date or amount does not.
    """
    frames = [_receipts(_open(block, law, found), known) for block in blocks]
    if not frames:
        return RECEIPTS.empty()
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def _receipts(sheet: _Sheet, known: Known) -> pd.DataFrame:
    length = len(sheet.data)
    project = _receipt_projects(sheet, known)
    read = sheet.money("amount")
    received = sheet.dates("received")
    amount = sheet.converted("amount", read, sheet.currencies(), received)
    # What is only not converted stays: a measure in its own currency may count it.
    sheet.note("amount", [at for at in amount.unreadable if at not in amount.foreign])
    for at, names in sheet.unreadable.items():
        sheet.kept[at] &= not {"amount", "received", "project"} & set(names)
    blank = np.flatnonzero(~amount.known & sheet.kept).tolist()
    for at in [at for at in blank if at not in amount.foreign]:
        values = {"field": "金额", "project": project[at], "effect": _RECEIPT_EFFECT}
        sheet.set_aside("XP309", "amount", at, **values)
    columns: dict[str, object] = {"project": project, "received": received}
    columns |= {"amount": pd.arrays.IntegerArray(amount.grains, ~amount.known)}
    columns |= {"remark": sheet.texts("remark"), "foreign": amount.tuples()}
    columns |= {"sheet": [sheet.data.block.grid.name] * length, "row": sheet.data.rows}
    columns |= {"block": [sheet.data.block.number] * length}
    frame = RECEIPTS.of(columns)
    return frame if sheet.kept.all() else frame[sheet.kept].reset_index(drop=True)


def _receipt_projects(sheet: _Sheet, known: Known) -> list[str]:
    """Project ids of receipts; a receipt of a project that is not in the ledger is set aside."""
    ids = _ids(sheet)
    if known.counted.issuperset(ids):
        return ids
    for at in [n for n, project in enumerate(ids) if project not in known.counted]:
        if not ids[at]:
            sheet.set_aside("XP311", "project", at)
        else:
            why = "（台账中该项目未计入）" if ids[at] in known.set_aside else ""
            sheet.set_aside("XP306", "project", at, project=ids[at] + why)
    return ids
