"""Reads 统计数据: the figures that other offices report, one a row, each in its measure's unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import REPORTED
from xlplan.policy.figures import in_own_unit, read_figure, stated_unit
from xlplan.policy.schema import Measure, Policy
from xlplan.policy.targets import TOTAL
from xlplan.quantity import Quantity, Unreadable
from xlplan.tables.blocks import Block
from xlplan.tables.columns import Records, records, report_manner, said
from xlplan.tables.register import Register
from xlplan.tables.targets import shown
from xlplan.tables.words import TOTALS, names_area, plain

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported figure; value and base in the measure's unit, None = not written or unusable."""

    group: str
    unit: str
    measure: str
    period: str
    value: Fraction | None
    base: Fraction | None
    text: str
    source: str
    cell: Cell
    base_column: int

    @property
    def key(self) -> tuple[str, ...]:
        """What may be reported only once."""
        return self.group if self.unit == TOTAL else "", self.unit, self.measure, self.period


def read_reported(
    blocks: Sequence[Block], policy: Policy, register: Register, found: Diagnostics
) -> "pd.DataFrame":
    """All reported figures as a frame; of one reported twice the first is taken (XP321)."""
    known: dict[tuple[str, ...], Figure] = {}
    for block in blocks:
        reader = _Reader(policy, register, records(block, "measure", ("unit",), found), found)
        for at in range(len(reader.data)):
            figure = reader.figure(at)
            if figure is not None:
                first = known.setdefault(figure.key, figure)
                if first is not figure:
                    values = {"unit": figure.unit, "measure": figure.measure}
                    found.add(
                        "XP321", figure.cell, period=figure.period, other=first.cell, **values
                    )
    return _frame(list(known.values()))


@dataclass(frozen=True, slots=True)
class _Reader:
    """One table being read."""

    policy: Policy
    register: Register
    data: Records
    found: Diagnostics

    def figure(self, at: int) -> Figure | None:
        """The figure of one row; None when it reports nothing, or says not what (which is said)."""
        value, base = self._cell(at, "value"), self._cell(at, "base")
        is_broken = self.data.is_broken(at, "value")
        if not (said(value) or said(base) or is_broken):
            return None
        measure, period = self._measure(at), self._period(at)
        owner = self._owner(at)
        if measure is None or owner is None or not period:
            return None
        return Figure(
            *owner,
            measure.name,
            period,
            self._value(at, "value", measure),
            self._value(at, "base", measure),
            said(value),
            said(self._cell(at, "source")),
            self._place(at, "value"),
            self.data.block.columns.get("base", 0),
        )

    def _cell(self, at: int, field: str) -> object:
        return self.data.cells[field][at] if field in self.data.cells else ""

    def _place(self, at: int, field: str) -> Cell:
        return self.data.block.grid.cell(
            int(self.data.rows[at]), self.data.block.columns.get(field, 0)
        )

    def _measure(self, at: int) -> Measure | None:
        """The measure that a row is about: one of those that may be reported, else XP209."""
        names = {plain(measure.name): measure for measure in self.policy.reports}
        text = said(self._cell(at, "measure"))
        if plain(text) not in names:
            known = "、".join(measure.name for measure in names.values())
            self._refuse(at, "measure", "指标", known)
        return names.get(plain(text))

    def _period(self, at: int) -> str:
        """A row's period in canonical form, the policy's when blank; "" when unreadable (XP209)."""
        text = said(self._cell(at, "period"))
        found = self.policy.period_named(text) if text else None
        if text and found is None:
            self._refuse(at, "period", "期间", "2021、2021Q3、2021-09")
            return ""
        return found.text if found else self.policy.period

    def _refuse(self, at: int, field: str, name: str, known: str) -> None:
        text = said(self._cell(at, field)) or "（空白）"
        self.found.add("XP209", self._place(at, field), name=name, text=text, known=known)

    def _owner(self, at: int) -> tuple[str, str] | None:
        """Group and unit, or whose total it is; an unknown unit is XP302, none at all XP309.

        Where there is one unit only, or no column of units, a blank means that unit or the area.
        """
        groups, area = self.policy.groups, self.policy.area
        text = said(self._cell(at, "unit"))
        if plain(text) in TOTALS or (not text and "unit" not in self.data.cells):
            return (groups[0] if len(groups) == 1 else area), TOTAL
        for group in groups:
            if plain(text) == plain(group) + TOTAL:
                return group, TOTAL
        unit = self.register.resolve(text)
        if unit is not None:
            return self.register.groups.get(unit, ""), unit
        if names_area(text, area):
            return area, TOTAL
        place = self._place(at, "unit")
        if text:
            self.found.add("XP302", place, text=text, nearest=self.register.nearest(text))
        else:
            project = said(self._cell(at, "measure"))
            self.found.add("XP309", place, field="责任单位", project=project, effect="该行未用")
        return None

    def _value(self, at: int, field: str, measure: Measure) -> Fraction | None:
        """A figure in the measure's unit; one that cannot be read or does not fit is said."""
        cell = self._cell(at, field)
        block = self.data.block
        stated = block.units.get(field) or block.remark
        unit = said(self._cell(at, "in_unit")) or stated_unit(measure, stated)
        read = read_figure(cell, measure, unit)
        place = self._place(at, field)
        if isinstance(read, Unreadable):
            self.found.add("XP101", place, text=read.text)
        if not isinstance(read, Quantity):
            return None
        own = in_own_unit(read, measure)
        if own is None:
            values = {"text": f"{read.text}{'' if read.unit_is_written else unit}"}
            self.found.add("XP320", place, measure=measure.name, unit=measure.unit, **values)
            return None
        report_manner(own, place, shown(own.value, measure), self.found)
        return own.value


def _frame(figures: Sequence[Figure]) -> "pd.DataFrame":
    plain_fields = ("group", "unit", "measure", "period", "value", "base", "text", "source")
    columns: dict[str, object] = {
        name: [getattr(figure, name) for figure in figures] for name in plain_fields
    }
    columns |= {
        name: [getattr(figure.cell, name) for figure in figures]
        for name in ("sheet", "row", "column")
    }
    return REPORTED.of(columns | {"base_column": [figure.base_column for figure in figures]})
