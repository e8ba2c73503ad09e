"""Reads the target tables: 任务分解 (units down, measures across) and 目标 (one target a row)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import TARGETS, YI
from xlplan.policy.schema import Measure, Policy
from xlplan.quantity import (
    Missing,
    Quantity,
    Unreadable,
    parse_period,
    parse_quantity,
    to_grains,
)
from xlplan.tables.blocks import Block
from xlplan.tables.columns import broken_cells, report_manner, said
from xlplan.tables.register import Register
from xlplan.tables.words import TASK_WORDS, TOTALS, plain

if TYPE_CHECKING:
    import pandas as pd

TOTAL = "合计"
_TITLE = re.compile(
    r"^(?:[(]?[一二三四五六七八九十\d]+[)、.]|附件|附表|注|备注|说明|单位:|填|制表|审核)"
)
_YEAR = re.compile(r"(20\d\d)年(?:度|重点|任务|目标|招商|度?(?!\d))")
_ROWS_TO_NEXT_HEADS = 3
Bound = Literal["floor", "ceiling", "stretch", "of-which"]
_BOUNDS: tuple[tuple[str, Bound], ...] = (
    ("floor", "floor"),
    ("ceiling", "ceiling"),
    ("stretch", "stretch"),
    ("of_which", "of-which"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """One target as read, with the cell that says it; value in grains of its measure."""

    group: str
    unit: str
    measure: str
    period: str
    bound: Bound
    of_which: str
    value: int
    text: str
    cell: Cell

    @property
    def key(self) -> tuple[str, ...]:
        """What may be said only once."""
        group = self.group if self.unit == TOTAL else ""
        return group, self.unit, self.measure, self.period, self.bound, self.of_which


@dataclass(frozen=True, slots=True)
class _Slot:
    """What a cell of a target table is about."""

    group: str
    unit: str
    measure: Measure
    period: str
    cell: Cell
    money_unit: str = "亿元"

    def target(self, bound: Bound, value: Fraction, text: str, *part: str) -> Written:
        """A target that the cell sets; an of-which part has a measure and a label of its own."""
        measure, label = part or (self.measure.name, "")
        grains = to_grains(value, _per_unit(self.measure))
        said = (self.group, self.unit, measure, self.period)
        return Written(*said, bound, label, grains, text, self.cell)


@dataclass(frozen=True, slots=True)
class TargetReader:
    """Reads target tables under a policy and a register."""

    policy: Policy
    register: Register
    found: Diagnostics
    default_unit: str = "亿元"
    _written: dict[tuple[str, ...], Written] = field(default_factory=dict)

    def read(self, tasks: Sequence[Block], long: Sequence[Block]) -> "pd.DataFrame":
        """All targets as a frame; of one written twice the first is taken (XP506)."""
        for block in tasks:
            self._take(self._wide(block))
        for block in long:
            self._take(self._long(block))
        return frame(list(self._written.values()))

    def _take(self, targets: Iterator[Written]) -> None:
        for target in targets:
            known = self._written.setdefault(target.key, target)
            if known is not target:
                values = {"unit": target.unit, "measure": target.measure, "other": known.cell}
                self.found.add("XP506", target.cell, **values)

    def _wide(self, block: Block) -> Iterator[Written]:
        """The targets of one block of 任务分解."""
        group, period = self._group(block), self._period(block)
        measures = {
            self.policy.measure(name): column
            for name, column in block.columns.items()
            if name not in TASK_WORDS
        }
        for row in self._unit_rows(block, list(measures.values())):
            unit = self._unit(block, row)
            if unit is None:
                continue
            for measure, column in measures.items():
                stated = block.units.get(measure.name) or block.remark or self.default_unit
                owner = group if unit == TOTAL else self.register.groups.get(unit) or group
                cell = block.grid.cell(row, column)
                slot = _Slot(owner, unit, measure, period, cell, stated)
                yield from self._targets(slot, block.grid.at(row, column))

    def _unit_rows(self, block: Block, columns: Sequence[int]) -> Iterator[int]:
        """Rows of units: not blank, and no title or note between two blocks."""
        broken = broken_cells(block, self.found)
        for row in range(block.last_head + 1, block.last_row + 1):
            name = said(block.grid.at(row, block.columns["unit"]))
            cells = ((row, column) for column in columns)
            filled = any(said(block.grid.at(*cell)) or cell in broken for cell in cells)
            is_note = bool(_TITLE.match(plain(name))) or self._is_title(block, row)
            if filled or (name and not is_note):
                yield row

    def _is_title(self, block: Block, row: int) -> bool:
        """A text above the next block that names a group or covers several columns."""
        column = block.columns["unit"]
        text = plain(block.grid.at(row, column))
        covers = any(
            span.first_row <= row <= span.last_row
            and span.first_column <= column < span.last_column
            for span in block.grid.merged
        )
        names_group = self.register.resolve(text) is None and any(
            group in text for group in self.policy.groups
        )
        return covers or names_group

    def _unit(self, block: Block, row: int) -> str | None:
        """The official name of a row's unit, 合计, or None when it is unknown (XP504)."""
        cell = block.grid.cell(row, block.columns["unit"])
        text = said(block.grid.at(row, cell.column))
        if plain(text) in TOTALS:
            return TOTAL
        unit = self.register.resolve(text)
        if unit is None:
            nearest = self.register.nearest(text) if text else ""
            self.found.add("XP504", cell, text=text, nearest=nearest)
        return unit

    def _group(self, block: Block) -> str:
        """The group that a block is about: by its titles, its sheet, else by its units."""
        for text in (*block.titles, plain(block.grid.name)):
            if self.register.resolve(text) is None:
                named = [group for group in self.policy.groups if plain(group) in text]
                if named:
                    return max(named, key=len)
        rows = range(block.last_head + 1, block.last_row + 1)
        names = (said(block.grid.at(row, block.columns["unit"])) for row in rows)
        units = filter(None, map(self.register.resolve, filter(None, names)))
        groups = [self.register.groups.get(unit, "") for unit in units]
        return max(groups, key=groups.count, default="")

    def _period(self, block: Block) -> str:
        """The policy's period, unless a title names another year."""
        years = (found[1] for text in block.titles if (found := _YEAR.search(text)))
        return next(years, self.policy.period)

    def _long(self, block: Block) -> Iterator[Written]:
        """The targets of one table in the long form 目标."""
        for row in range(block.last_head + 1, block.last_row + 1):
            line = {name: block.grid.at(row, column) for name, column in block.columns.items()}
            if not said(line["unit"]) and not said(line["measure"]):
                continue
            unit, measure = self._unit(block, row), self._measure(block, row)
            period = self._said_period(block, row)
            if unit is None or measure is None or not period:
                continue
            for name, bound in _BOUNDS:
                if name in block.columns:
                    cell = block.grid.cell(row, block.columns[name])
                    stated = block.units.get(name) or block.remark or self.default_unit
                    group = self.register.groups.get(unit, "")
                    slot = _Slot(group, unit, measure, period, cell, stated)
                    yield from self._targets(slot, line[name], bound)

    def _measure(self, block: Block, row: int) -> Measure | None:
        """The policy's measure that a row names; another one is XP209."""
        column = block.columns["measure"]
        text = said(block.grid.at(row, column))
        names = {plain(measure.name): measure for measure in self.policy.measures}
        if plain(text) not in names:
            known = "、".join(measure.name for measure in self.policy.measures)
            place = block.grid.cell(row, column)
            self.found.add("XP209", place, name="指标", text=text, known=known)
        return names.get(plain(text))

    def _said_period(self, block: Block, row: int) -> str:
        """A row's period in canonical form, the policy's when blank; "" when unreadable (XP209)."""
        column = block.columns.get("period", 0)
        cell = block.grid.at(row, column) if column else ""
        if not said(cell):
            return self.policy.period
        period = parse_period(said(cell))
        if period is None:
            place, known = block.grid.cell(row, column), "2021、2021Q3、2021-09、2021-2025"
            self.found.add("XP209", place, name="期间", text=said(cell), known=known)
        return period.text if period else ""

    def _targets(self, slot: _Slot, cell: object, bound: Bound = "floor") -> Iterator[Written]:
        """The targets that one cell sets: its figure, its stretch and its of-which parts."""
        amount = self._amount(slot, cell)
        if amount is not None:
            yield slot.target(bound, amount.value, amount.text)
            if amount.stretch is not None:
                yield slot.target("stretch", amount.stretch, amount.text)
            for part in amount.of_which:
                name = f"{slot.measure.name}（{part.label}）"
                yield slot.target(
                    "of-which", part.value, amount.text, self._named(name), part.label
                )

    def _named(self, name: str) -> str:
        """A measure's name as the policy writes it; one that it does not know stays as it is."""
        known = {plain(measure.name): measure.name for measure in self.policy.measures}
        return known.get(plain(name), name)

    def _amount(self, slot: _Slot, cell: object) -> Quantity | None:
        """A target's figure; what cannot be read is said and sets no target."""
        is_money = slot.measure.is_money
        amount = parse_quantity(cell, slot.money_unit if is_money else slot.measure.unit)
        if isinstance(amount, Missing):
            return None
        wanted = ("money",) if is_money else ("count", "number")
        if isinstance(amount, Unreadable) or amount.kind not in wanted:
            self.found.add("XP102" if is_money else "XP101", slot.cell, text=amount.text)
            return None
        if is_money and amount.currency not in ("", "CNY"):
            self.found.add("XP108", slot.cell, currency=amount.currency, text=amount.text)
            return None
        shown = to_grains(amount.value, _per_unit(slot.measure)) / slot.measure.grains
        report_manner(amount, slot.cell, f"{shown:g}{slot.measure.unit}", self.found)
        return amount


def _per_unit(measure: Measure) -> int:
    """Grains in 元 or in one project, as quantities count."""
    return YI // 10**8 if measure.is_money else measure.grains


def frame(targets: Sequence[Written]) -> "pd.DataFrame":
    """Targets as a frame."""
    plain_fields = ("group", "unit", "measure", "period", "bound", "of_which", "value", "text")
    columns: dict[str, object] = {
        name: [getattr(target, name) for target in targets] for name in plain_fields
    }
    columns |= {
        name: [getattr(target.cell, name) for target in targets]
        for name in ("sheet", "row", "column")
    }
    return TARGETS.of(columns)
