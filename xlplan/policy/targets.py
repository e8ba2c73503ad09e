"""Reads the cells of the target tables into targets; a blank cell is no target."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlplan.policy.amounts import figure
from xlplan.policy.reading import Reading
from xlplan.policy.schema import Measure, Target, TargetRow, TargetTable

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
        """A floor for each filled cell, and one for each of-which part."""
        for n, row in enumerate(self.table.rows, 1):
            yield from self._row(row, f"{self.path}.rows[{n}]")
        yield from self._row(TargetRow(TOTAL, self.table.total.cells), f"{self.path}.total")

    def _row(self, row: TargetRow, path: str) -> Iterator[Target]:
        """The unit's name is the first of a row's cells, so that measures count from 2."""
        for n, (name, text) in enumerate(zip(self.table.measures, row.cells, strict=False), 2):
            if name in self.measures and text.strip():
                yield from self._cell(row.unit, self.measures[name], text, f"{path}[{n}]")

    def _cell(self, unit: str, measure: Measure, text: str, path: str) -> Iterator[Target]:
        found = figure(self.reading, path, text, "亿元" if measure.is_money else "个")
        if found is None:
            return
        table = self.table
        yield Target(table.group, unit, measure.name, table.period, "floor", "", found.value, text)
        if sum(value for _, value in found.parts) > found.value:
            self.reading.fault("XP624", path, text=text)
        for label, value in found.parts:
            name = f"{measure.name}（{label}）"
            if name not in self.measures:
                self.reading.fault("XP623", path, label=label, measure=name)
            yield Target(table.group, unit, name, table.period, "of-which", label, value, text)
