"""Reads the target tables: 任务分解 (units down, measures across) and 目标 (one target a row)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import TARGETS, Unset
from xlplan.policy.figures import in_own_unit, read_figure, stated_unit
from xlplan.policy.schema import Basis, Measure, Policy
from xlplan.policy.targets import bound_of
from xlplan.quantity import (
    MONEY_WORDS,
    Missing,
    Part,
    Qualifier,
    Quantity,
    Unreadable,
    exact_decimal,
    parse_period,
    parse_quantity,
    to_grains,
)
from xlplan.tables.blocks import Block
from xlplan.tables.columns import broken_cells, report_hidden, report_manner, said
from xlplan.tables.grid import Position
from xlplan.tables.register import Register
from xlplan.tables.words import (
    AREA_TOTALS,
    SUBTOTALS,
    TASK_WORDS,
    TOTALS,
    names_area,
    plain,
)

if TYPE_CHECKING:
    import pandas as pd

TOTAL = "合计"
_TITLE = re.compile(
    r"^(?:[(]?[一二三四五六七八九十\d]+[)、.]|附件|附表|注|备注|说明|单位:|填|制表|审核)"
)
_OF_WHICH = re.compile(r"^[(（]?其中[:：]?|[)）]$")
_YEAR = re.compile(r"(20\d\d)年(?:度|重点|任务|目标|招商|度?(?!\d))")
_QUARTER = re.compile(r"20\d\d(?:年第?[一二三四1-4]季度?|-?Q[1-4])")
_REMARK = re.compile(r"^[(]?(?:金额|计量|货币)?单位:")
_BASES: Mapping[str, Basis] = {
    **dict.fromkeys(("增量", "流量", "当期", "本期"), "flow"),
    **dict.fromkeys(("水平", "累计", "累计水平", "累计数"), "level"),
}
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
    basis: Basis = "flow"

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
    basis: Basis = "flow"

    @property
    def own_unit(self) -> str:
        """The unit of the cell's bare numbers."""
        return stated_unit(self.measure, self.money_unit)

    def target(self, bound: Bound, value: Fraction, text: str) -> Written:
        """A target that the cell sets; a measure that is a part of another has no other floor."""
        label = self.measure.label
        if label and bound == "floor":
            bound = "of-which"
        grains = to_grains(value, self.measure.grains)
        said = (self.group, self.unit, self.measure.name, self.period)
        return Written(*said, bound, label, grains, text, self.cell, self.basis)


@dataclass(frozen=True, slots=True)
class TargetReader:
    """Reads target tables under a policy and a register.

    `unset` are the targets that a cell was to set and does not, each of them reported.
    """

    policy: Policy
    register: Register
    found: Diagnostics
    default_unit: str = "亿元"
    unset: set[Unset] = field(default_factory=set)
    _written: dict[tuple[str, ...], Written] = field(default_factory=dict)

    def read(self, tasks: Sequence[Block], long: Sequence[Block]) -> "pd.DataFrame":
        """All targets as a frame; of one written twice the first is taken (XP506)."""
        for block in tasks:
            self._take(self._wide(block))
        for block in long:
            self._take(self._long(block))
        return frame(self._of_one_basis(list(self._written.values())))

    def _of_one_basis(self, targets: list[Written]) -> list[Written]:
        """Of a sum and period that has amounts and levels only the amounts (XP430)."""
        flows = {(one.measure, one.period): one for one in reversed(targets) if one.basis == "flow"}
        kept = []
        for target in targets:
            other = flows.get((target.measure, target.period))
            is_sum = self.policy.measure(target.measure).is_sum
            if target.basis == "flow" or other is None or not is_sum:
                kept.append(target)
            else:
                values = {"measure": target.measure, "period": target.period, "other": other.cell}
                self.found.add("XP430", target.cell, **values)
                self.unset.add(Unset(target.group, target.unit, target.measure, target.period))
        return kept

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
        broken = broken_cells(block, self.found)
        rows = list(self._unit_rows(block, list(measures.values()), broken))
        report_hidden(block, rows, self.found)
        names = {row: plain(block.grid.at(row, block.columns["unit"])) for row in rows}
        for row in rows:
            is_over_all = TOTAL in names.values() and names[row] in AREA_TOTALS
            named = self._named_group(block, row) or group
            owner = self._owner(block, row, self.policy.area if is_over_all else named)
            if owner is None:
                continue
            for measure, column in measures.items():
                stated = block.units.get(measure.name) or block.remark or self.default_unit
                basis = self.policy.basis_of(measure.name, period)
                slot = _Slot(*owner, measure, period, block.grid.cell(row, column), stated, basis)
                if (row, column) in broken:
                    self._unset(slot)
                yield from self._targets(slot, block.grid.at(row, column))

    def _unit_rows(
        self, block: Block, columns: Sequence[int], broken: frozenset[Position]
    ) -> Iterator[int]:
        """Rows of units: not blank, and no title or note between two blocks."""
        for row in range(block.last_head + 1, block.last_row + 1):
            name = plain(said(block.grid.at(row, block.columns["unit"])))
            is_note = bool(_TITLE.match(name)) or self._is_title(block, row)
            cells = [(row, column) for column in columns]
            filled = [block.grid.at(*cell) for cell in cells if said(block.grid.at(*cell))]
            sets = any(cell in broken for cell in cells) or any(
                _sets_a_target(cell) if is_note else not _REMARK.match(plain(cell))
                for cell in filled
            )
            if name in SUBTOTALS - TOTALS:
                cell = block.grid.cell(row, block.columns["unit"])
                self.found.add("XP204", cell, text=name)
            elif sets or (name and not is_note):
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

    def _owner(self, block: Block, row: int, group: str) -> tuple[str, str] | None:
        """The group and official name of a row's unit, or of 合计; None when unknown (XP504).

        `group` is the one that a total stands for, unless it names another: 园区合计. A row of the
        area's own name is its total.
        """
        cell = block.grid.cell(row, block.columns["unit"])
        text = said(block.grid.at(row, cell.column))
        if plain(text) in TOTALS:
            return group, TOTAL
        for named in self.policy.groups:
            if plain(text) == plain(named) + TOTAL:
                return named, TOTAL
        unit = self.register.resolve(text)
        if unit is None and names_area(text, self.policy.area):
            return self.policy.area, TOTAL
        if unit is None:
            nearest = self.register.nearest(text) if text else ""
            self.found.add("XP504", cell, text=text, nearest=nearest)
            return None
        return self.register.groups.get(unit) or group, unit

    def _named_group(self, block: Block, row: int) -> str:
        """The policy's group that a row names in a column of groups, merged or not; "" if none."""
        column = block.columns.get("group", 0)
        tops = (
            span.first_row
            for span in block.grid.merged
            if span.first_column <= column <= span.last_column
            and span.first_row <= row <= span.last_row
        )
        text = plain(block.grid.at(next(tops, row), column)) if column else ""
        return next((group for group in self.policy.groups if plain(group) == text), "")

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
        """The policy's period, unless a title names another year, or a quarter of one."""
        quarters = (_QUARTER.search(text) for text in block.titles)
        quarter = next((parse_period(found[0]) for found in quarters if found), None)
        if quarter is not None:
            return quarter.text
        years = (found[1] for text in block.titles if (found := _YEAR.search(text)))
        return next(years, self.policy.period)

    def _long(self, block: Block) -> Iterator[Written]:
        """The targets of one table in the long form 目标."""
        broken = broken_cells(block, self.found)
        filled = {row for row, _ in broken}
        columns = block.columns.values()
        rows = [
            row
            for row in range(block.last_head + 1, block.last_row + 1)
            if row in filled or any(said(block.grid.at(row, column)) for column in columns)
        ]
        report_hidden(block, rows, self.found)
        for row in rows:
            if not _TITLE.match(plain(said(block.grid.at(row, block.columns["unit"])))):
                yield from self._line(block, row, broken)

    def _line(self, block: Block, row: int, broken: frozenset[Position]) -> Iterator[Written]:
        """The targets of one row of 目标; a total without a group's name is the whole area's."""
        groups = self.policy.groups
        owner = self._owner(block, row, groups[0] if len(groups) == 1 else self.policy.area)
        measure, period = self._measure(block, row), self._said_period(block, row)
        if owner is None or measure is None or not period:
            return
        basis = self._basis(block, row, measure, period)
        if basis is None:
            return
        for name, bound in _BOUNDS:
            if name in block.columns:
                cell = block.grid.cell(row, block.columns[name])
                stated = block.units.get(name) or block.remark or self.default_unit
                slot = _Slot(*owner, measure, period, cell, stated, basis)
                if (row, cell.column) in broken:
                    self._unset(slot)
                elif bound == "of-which":
                    yield from self._parts_alone(slot, block.grid.at(row, cell.column))
                else:
                    yield from self._targets(slot, block.grid.at(row, cell.column), bound)

    def _basis(self, block: Block, row: int, measure: Measure, period: str) -> Basis | None:
        """Whether a row sets what its period adds, or a level 水平 reached by then.

        A blank cell leaves it to the document; another word is XP209.
        """
        column = block.columns.get("kind", 0)
        text = said(block.grid.at(row, column)) if column else ""
        if not plain(text):
            return self.policy.basis_of(measure.name, period)
        if plain(text) not in _BASES:
            place, known = block.grid.cell(row, column), "增量（本期新增）、水平（累计达到）"
            self.found.add("XP209", place, name="增量/水平", text=text, known=known)
        return _BASES.get(plain(text))

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
        amount = self._amount(slot, cell, bound)
        if amount is None:
            return
        if bound == "floor":
            below = amount.qualifier is Qualifier.BELOW
            bound = "ceiling" if below else bound_of(amount.qualifier, slot.measure) or "floor"
        if self._is_possible(slot, amount.value, amount.text):
            yield slot.target(bound, amount.value, amount.text)
        if amount.stretch is not None and self._is_possible(slot, amount.stretch, amount.text):
            yield slot.target("stretch", amount.stretch, amount.text)
        for part in amount.of_which:
            yield from self._part(slot, part, amount.text)

    def _is_possible(self, slot: _Slot, value: Fraction, text: str) -> bool:
        """Whether an amount can be a target: neither negative nor a broken count (XP509)."""
        measure = slot.measure
        is_broken = measure.is_sum and not measure.is_money and value.denominator > 1
        reason = "是负数" if value < 0 and measure.is_sum else "个数不是整数" if is_broken else ""
        if reason:
            self.found.add("XP509", slot.cell, text=text, reason=reason)
            self._unset(slot)
        return not reason

    def _part(self, slot: _Slot, part: Part, text: str) -> Iterator[Written]:
        """The target of an of-which part, which needs a measure of its own (XP508)."""
        parts = self._parts_of(slot.measure)
        measure = next((m for m in parts if plain(m.label) == plain(part.label)), None)
        if measure is None:
            self._lost_part(slot, part.label)
        else:
            own = replace(slot, measure=measure)
            if self._is_possible(own, part.value, text):
                yield own.target("of-which", part.value, text)

    def _parts_alone(self, slot: _Slot, cell: object) -> Iterator[Written]:
        """The targets of a cell that holds parts without their whole, such as 非工业60."""
        text = said(cell)
        if isinstance(parse_quantity(cell, slot.own_unit), Missing):
            return
        # The grammar knows parts behind a whole; any whole will do, since it sets no target here.
        read = parse_quantity(f"0（其中：{_OF_WHICH.sub('', text)}）", slot.own_unit)
        own = in_own_unit(read, slot.measure) if isinstance(read, Quantity) else None
        if own is not None and own.of_which:
            for part in own.of_which:
                yield from self._part(slot, part, text)
        else:
            self._lost_part(slot, text)

    def _lost_part(self, slot: _Slot, label: str) -> None:
        """An of-which part that no measure of the policy stands for (XP508)."""
        parts = self._parts_of(slot.measure)
        known = "、".join(measure.label for measure in parts) or "（没有）"
        values = {"label": label, "measure": slot.measure.name, "known": known}
        self.found.add("XP508", slot.cell, **values)
        for measure in parts:
            self._unset(replace(slot, measure=measure))

    def _parts_of(self, measure: Measure) -> list[Measure]:
        return [part for part in self.policy.measures if part.part_of == measure.name]

    def _unset(self, slot: _Slot) -> None:
        """Note that the cell sets neither its target nor its parts, which is said elsewhere."""
        for measure in (slot.measure, *self._parts_of(slot.measure)):
            self.unset.add(Unset(slot.group, slot.unit, measure.name, slot.period))

    def _amount(self, slot: _Slot, cell: object, bound: Bound) -> Quantity | None:
        """A target's figure in its measure's unit; what cannot be read is said and sets none."""
        amount = self._read(slot, cell)
        if amount is None:
            return None
        own = amount if amount.kind == "number" and not slot.measure.is_money else None
        own = in_own_unit(amount, slot.measure) or (own if _may_count(amount, slot) else None)
        if own is None:
            self._refuse(slot, amount)
            return None
        plainly = (
            replace(own, qualifier=Qualifier.EXACT) if _says(own, bound, slot.measure) else own
        )
        report_manner(plainly, slot.cell, shown(own.value, slot.measure), self.found)
        return own

    def _read(self, slot: _Slot, cell: object) -> Quantity | None:
        """What a cell writes; nothing is no target, and what cannot be read is said."""
        found = read_figure(cell, slot.measure, slot.own_unit)
        if isinstance(found, Unreadable):
            self._refuse(slot, found)
        return found if isinstance(found, Quantity) else None

    def _refuse(self, slot: _Slot, amount: Quantity | Unreadable) -> None:
        """A cell that sets no target: in a currency (XP108), of another kind (XP101, XP102)."""
        is_money = slot.measure.is_money
        if isinstance(amount, Quantity) and is_money and amount.kind == "money":
            currency = MONEY_WORDS[amount.currency]
            self.found.add("XP108", slot.cell, currency=currency, text=amount.text)
        elif slot.measure.is_sum:
            self.found.add("XP102" if is_money else "XP101", slot.cell, text=amount.text)
        else:
            values = {"text": amount.text, "measure": slot.measure.name}
            self.found.add("XP320", slot.cell, unit=slot.measure.unit, **values)
        self._unset(slot)


def _says(amount: Quantity, bound: Bound, measure: Measure) -> bool:
    """Whether 以上, 以内 or 力争 only says what the bound is: a floor of 30以上 is a floor of 30.

    力争 beside no other figure is the target itself; where lower is better 以内 is what is meant.
    """
    if amount.qualifier is Qualifier.STRIVE:
        return bound != "of-which"
    if amount.qualifier is Qualifier.AT_LEAST:
        return bound in ("floor", "stretch")
    is_ceiling = bound == "ceiling" or (bound == "floor" and measure.better == "lower")
    return amount.qualifier is Qualifier.AT_MOST and is_ceiling


def _sets_a_target(cell: object) -> bool:
    """Whether a cell in a row that looks like a title or a note holds an amount all the same."""
    return isinstance(parse_quantity(cell, "亿元"), Quantity)


def _may_count(amount: Quantity, slot: _Slot) -> bool:
    """Whether a number without a unit counts: 20 projects in a column that names no unit."""
    return slot.measure.is_sum and not amount.unit_is_written


def shown(value: Fraction, measure: Measure) -> str:
    """A value with its measure's unit.

    >>> shown(Fraction(12, 100), Measure("a", "增速", "", kind="growth"))
    '12%'
    """
    return f"{exact_decimal(value * 100 if measure.is_share else value)}{measure.unit}"


def frame(targets: Sequence[Written]) -> "pd.DataFrame":
    """Targets as a frame."""
    plain_fields = (
        *("group", "unit", "measure", "period", "bound", "of_which", "value", "text", "basis"),
    )
    columns: dict[str, object] = {
        name: [getattr(target, name) for target in targets] for name in plain_fields
    }
    columns |= {
        name: [getattr(target.cell, name) for target in targets]
        for name in ("sheet", "row", "column")
    }
    return TARGETS.of(columns)
