"""Figures and their bases, from what is reported or what the ledger credits; each as an owner's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from xlplan.crediting import credit
from xlplan.model import Ledger
from xlplan.policy import TOTAL
from xlplan.policy.schema import Base, Measure, Policy
from xlplan.progress.sums import Sums, sum_credits
from xlplan.quantity import Period, unit_named
from xlplan.statistics.reports import NOTHING, Found, Owner, Reports, Row, figure_of
from xlplan.statistics.windows import day_before, earlier

_KINDS_THAT_ADD = ("money", "count")


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure and the base it is set against; `why` says what is wrong with a missing base."""

    now: Found
    base: Fraction | None
    why: str = ""


@dataclass(frozen=True)
class Desk:
    """Everything that figures come from, for one period as of one day.

    `sums` are what the ledger credits in that period; those of an earlier one are credited when
    they are asked for.
    """

    ledger: Ledger
    policy: Policy
    period: Period
    as_of: date
    reports: Reports
    sums: Sums
    _earlier: dict[str, Sums] = field(default_factory=dict)

    @property
    def groups(self) -> Mapping[str, str]:
        """The group of every registered unit, in the register's order."""
        units = self.ledger.units
        return dict(zip(units["unit"], units["group"], strict=True))

    def figure(self, measure: Measure, owner: Owner) -> Found:
        """The figure of a sum or a reported measure."""
        if measure.is_sum:
            return _credited(self.sums, measure, owner, self.policy)
        found = self._reported(measure, owner)
        if found.rows or owner.unit != TOTAL or not adds_up(measure):
            return found
        return self._added(self.figure(measure, part) for part in self._parts(measure, owner))

    def pair(self, measure: Measure, owner: Owner, base: Base) -> Pair:
        """A figure and its base: 上年同期 beside it, the earlier period's row, or the ledger.

        That of a total which nobody has reported is added up from those of its units.
        """
        now = self.figure(measure, owner)
        parts = self._parts(measure, owner) if owner.unit == TOTAL else []
        if not measure.is_sum and not self.reports.of(measure.name, owner) and parts:
            bases = [self.pair(measure, part, base).base for part in parts]
            known = [value for value in bases if value is not None]
            if len(known) < len(bases):
                return Pair(now, None, "有单位没有基数")
            return Pair(now, sum(known, Fraction(0)))
        return self._based(measure, owner, base, now)

    def _reported(self, measure: Measure, owner: Owner) -> Found:
        rows = self.reports.of(measure.name, owner)
        basis = measure.basis if measure.kind == "reported" else "level"
        return figure_of(rows, basis, self.period, measure.counted_to(self.as_of))

    def direct(self, measure: Measure, owner: Owner) -> Found:
        """What is reported as a growth, a ratio or a rank outright."""
        return self._reported(measure, owner)

    def _parts(self, measure: Measure, owner: Owner) -> list[Owner]:
        """The units that a total is of: those that have reported the measure."""
        known = {one.unit for one in self.reports.owners(measure.name)}
        return [
            Owner(group, unit)
            for unit, group in self.groups.items()
            if unit in known and owner.group in (group, self.policy.area)
        ]

    def _added(self, figures: Iterable[Found]) -> Found:
        """Figures of units added up to a total; one that is not known leaves it unknown."""
        found = list(figures)
        values = [one.value for one in found if one.value is not None]
        if not found:
            return NOTHING
        rows = tuple(row for one in found for row in one.rows)
        if len(values) < len(found):
            return Found(None, "missing", "有单位没有报送", rows)
        return Found(sum(values, Fraction(0)), "settled", "各单位之和", rows)

    def _based(self, measure: Measure, owner: Owner, base: Base, now: Found) -> Pair:
        """A figure with its own base, period by period where it is added up from several."""
        rows = self.reports.of(measure.name, owner)
        if measure.is_sum:
            rows = [row for row in rows if row.period.text == self.period.text]
            now_rows = tuple(rows[:1])
        else:
            now_rows = now.rows
        bases = [self._base_of(measure, owner, base, row) for row in now_rows]
        known = [value for value in bases if value is not None]
        if bases and len(known) == len(bases):
            return Pair(now, sum(known, Fraction(0)))
        before = earlier(self.period, base, self.policy)
        if measure.is_sum and before is not None:
            own = self._base_of(measure, owner, base, None)
            return Pair(now, self._credited_before(measure, owner, before) if own is None else own)
        lacking = [row.period.text for row, value in zip(now_rows, bases, strict=True) if not value]
        named = "、".join(lacking) or self.period.text
        return Pair(now, None, f"{named} 没有上年同期或上期的数")

    def _base_of(
        self, measure: Measure, owner: Owner, base: Base, row: Row | None
    ) -> Fraction | None:
        """The base of one row: what stands beside it, else the row of the earlier period."""
        if row is not None and row.base is not None and base == "previous-year":
            return row.base
        before = earlier(row.period if row else self.period, base, self.policy)
        rows = self.reports.of(measure.name, owner)
        return next((one.value for one in rows if before and one.period == before), None)

    def _credited_before(self, measure: Measure, owner: Owner, before: Period) -> Fraction | None:
        """What the ledger credits in an earlier period, up to the same day of it."""
        if before.text not in self._earlier:
            as_of = day_before(self.as_of, self.period, before)
            credited = credit(self.ledger, self.policy, before, as_of).credits
            self._earlier[before.text] = sum_credits(credited, self.ledger)
        return _credited(self._earlier[before.text], measure, owner, self.policy).value


def adds_up(measure: Measure) -> bool:
    """Whether figures of units add up to those of their group: money and counts, but no ranks."""
    unit = unit_named(measure.unit)
    adds = unit is not None and unit.kind in _KINDS_THAT_ADD
    return measure.is_sum or (measure.kind == "reported" and adds)


def _credited(sums: Sums, measure: Measure, owner: Owner, policy: Policy) -> Found:
    """What the ledger credits; a pending amount leaves the figure open."""
    if owner.unit != TOTAL:
        done = sums.done.get((owner.unit, measure.name), 0)
        pending = sums.pending.get((owner.unit, measure.name), 0)
    else:
        is_area = owner.group == policy.area
        done = (
            sums.overall.get(measure.name, 0)
            if is_area
            else sums.distinct.get((owner.group, measure.name), 0)
        )
        pending = sum(
            grains
            for (unit, name), grains in sums.pending.items()
            if name == measure.name and (is_area or sums.groups.get(unit) == owner.group)
        )
    found = Found(Fraction(done, measure.grains), "settled", "按台账和流水计入")
    return replace(found, value=None, state="open", because="另有待定金额") if pending else found
