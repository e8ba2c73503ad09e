"""Reads the cells of the target tables into targets; a blank cell or a dash is no target."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from xlplan.policy.amounts import figure
from xlplan.policy.reading import Reading
from xlplan.policy.schema import Measure, Target, TargetRow, TargetTable
from xlplan.quantity import Missing, Qualifier, parse_quantity

_BOUNDS: Mapping[Qualifier, Literal["floor", "ceiling"]] = {
    Qualifier.EXACT: "floor",
    Qualifier.AT_LEAST: "floor",
    Qualifier.STRIVE: "floor",  # 力争 beside no other figure is the target itself
    Qualifier.AT_MOST: "ceiling",
}

TOTAL = "合计"
"""The unit of a table's total row, which is a target of its own."""


@dataclass(frozen=True, slots=True)
class TableReader:
    """One target table being read: where it stands, and the measures that the policy knows."""

    reading: Reading
    path: str
    table: TargetTable
    measures: Mapping[str, Measure]

    def targets(self) -> Iterator[Target]:
        """What each filled cell says: floor (以上) or ceiling (以内), stretch, of-which parts."""
        for n, row in enumerate(self.table.rows, 1):
            yield from self._row(row, f"{self.path}.rows[{n}]")
        yield from self._row(TargetRow(TOTAL, self.table.total.cells), f"{self.path}.total")

    def _row(self, row: TargetRow, path: str) -> Iterator[Target]:
        """The unit's name is the first of a row's cells, so that measures count from 2."""
        for n, (name, text) in enumerate(zip(self.table.measures, row.cells, strict=False), 2):
            if name in self.measures and not isinstance(parse_quantity(text), Missing):
                yield from self._cell(row.unit, self.measures[name], text, f"{path}[{n}]")

    def _cell(self, unit: str, measure: Measure, text: str, path: str) -> Iterator[Target]:
        found = figure(self.reading, path, text, "亿元" if measure.is_money else "个")
        if found is None:
            return
        bound = _BOUNDS.get(found.qualifier)
        if bound is None:
            self.reading.fault("XP611", path, text=text, qualifier=found.qualifier.label)
            return
        group, period = self.table.group, self.table.period
        whole = Target(group, unit, measure.name, period, bound, "", found.value, text)
        yield whole
        if found.stretch is not None:
            yield replace(whole, bound="stretch", value=found.stretch)
        yield from self._parts(whole, found.parts, path)

    def _parts(
        self, whole: Target, parts: tuple[tuple[str, int], ...], path: str
    ) -> Iterator[Target]:
        """The of-which targets of a cell, each for a measure of its own."""
        if sum(value for _, value in parts) > whole.value:
            self.reading.fault("XP624", path, text=whole.text)
        for label, value in parts:
            name = f"{whole.measure}（{label}）"
            if name not in self.measures:
                self.reading.fault("XP623", path, label=label, measure=name)
            yield replace(whole, measure=name, bound="of-which", of_which=label, value=value)
