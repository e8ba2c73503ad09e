"""Reads the cells of the target tables into targets; a blank cell or a dash is no target."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from xlplan.policy.amounts import Figure, figure
from xlplan.policy.figures import in_own_unit, read_figure, whole_grains
from xlplan.policy.reading import Reading
from xlplan.policy.schema import Measure, Target, TargetRow, TargetTable
from xlplan.quantity import Missing, Qualifier, Quantity, parse_quantity

_BOUNDS: Mapping[Qualifier, Literal["floor", "ceiling"]] = {
    Qualifier.AT_LEAST: "floor",
    Qualifier.AT_MOST: "ceiling",
}

TOTAL = "合计"
"""The unit of a table's total row, which is a target of its own."""


def bound_of(qualifier: Qualifier, measure: Measure) -> Literal["floor", "ceiling"] | None:
    """What a target's wording makes it; a plain one is a floor, or a ceiling if lower is better.

    力争 beside no other figure is the target itself. None = it is no exact bound.

    >>> days = Measure("a", "审批时间", "", kind="reported", better="lower")
    >>> bound_of(Qualifier.EXACT, days), bound_of(Qualifier.AT_LEAST, days)
    ('ceiling', 'floor')
    """
    if qualifier in (Qualifier.EXACT, Qualifier.STRIVE):
        return "ceiling" if measure.better == "lower" else "floor"
    return _BOUNDS.get(qualifier)


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
        found = self._figure(measure, text, path)
        if found is None:
            return
        bound = bound_of(found.qualifier, measure)
        if bound is None:
            self.reading.fault("XP611", path, text=text, qualifier=found.qualifier.label)
            return
        group, period = self.table.group, self.table.period
        whole = Target(group, unit, measure.name, period, bound, "", found.value, text)
        whole = replace(whole, basis=self.table.basis or measure.basis)
        yield whole
        if found.stretch is not None:
            yield replace(whole, bound="stretch", value=found.stretch)
        yield from self._parts(whole, found.parts, path)

    def _figure(self, measure: Measure, text: str, path: str) -> Figure | None:
        """The figure a cell writes for a measure, in its grains; None = a fault that is noted."""
        if measure.is_sum and not measure.currency:
            return figure(self.reading, path, text, "亿元" if measure.is_money else "个")
        read = read_figure(text, measure)
        own = in_own_unit(read, measure) if isinstance(read, Quantity) else None
        value = None if own is None else whole_grains(own.value, measure)
        stretch = None if own is None or own.stretch is None else own.stretch * measure.grains
        if own is None or value is None or own.of_which:
            what, example = f"数量（{measure.unit}）", f"5{measure.unit}"
            self.reading.fault("XP610", path, what=what, text=text, example=example)
            return None
        return Figure(value, own.qualifier, None if stretch is None else int(stretch), ())

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
