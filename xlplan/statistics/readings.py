"""The value of every statistic for every unit and total, with how it came about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import READINGS, STATISTIC_SHEET
from xlplan.policy import TOTAL
from xlplan.policy.describe import factor_said
from xlplan.policy.schema import Measure
from xlplan.quantity import exact_decimal
from xlplan.statistics.desk import Desk
from xlplan.statistics.reports import NOTHING, Found, Owner, State

if TYPE_CHECKING:
    from xlplan.policy.schema import Policy

_PLACES = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a statistic: a row of `model.READINGS` but for what its measure says."""

    owner: Owner
    measure: Measure
    value: Fraction | None
    numerator: Fraction | None
    denominator: Fraction | None
    part_unit: str
    state: State
    because: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Aimed:
    """Who has a target of the period in which measure; only of these a missing figure is said."""

    owners: frozenset[tuple[str, Owner]]

    def has(self, measure: Measure, owner: Owner) -> bool:
        """Whether somebody has a target in a measure."""
        return (measure.name, owner.key) in self.owners


def aimed_of(desk: Desk) -> Aimed:
    """The targets that are written for the period."""
    frame = desk.ledger.targets
    used = frame[frame["period"] == desk.period.text]
    named = zip(used["measure"], used["group"], used["unit"], strict=True)
    return Aimed(frozenset((name, Owner(group, unit).key) for name, group, unit in named))


def owners_of(desk: Desk, measure: Measure, units: set[str], aimed: Aimed) -> list[Owner]:
    """Units that have a figure or a target, each group's total, and the area's, in order."""
    policy, groups = desk.policy, desk.groups
    wanted = units | {owner.unit for name, owner in aimed.owners if name == measure.name}
    names = (measure.name, *measure.statistic.sources)
    reported = {owner for name in names for owner in desk.reports.owners(name)}
    found: list[Owner] = []
    for group in dict.fromkeys((*policy.groups, *groups.values())):
        own = [Owner(group, unit) for unit in groups if groups[unit] == group and unit in wanted]
        total = Owner(group, TOTAL)
        found += own
        found += [total] if own or total in reported or aimed.has(measure, total) else []
    area = Owner(policy.area, TOTAL)
    return [*found, area] if found or area in reported or aimed.has(measure, area) else []


def readings_of(desk: Desk, aimed: Aimed, diagnostics: Diagnostics) -> Iterator[Reading]:
    """The values of everything that is reported or computed from reports, but of no rate."""
    for measure in desk.policy.statistics:
        if measure.kind == "rate" or measure.statistic.feeds_only:
            continue
        missing = []
        for owner in owners_of(desk, measure, _units(desk, measure), aimed):
            reading, found = _read(desk, measure, owner)
            is_aimed = aimed.has(measure, owner)
            if not is_aimed and found == NOTHING:
                continue
            is_partial = measure.kind == "combined" and reading.state == "missing"
            if is_aimed and (found == NOTHING or is_partial):
                missing.append(owner.name)
            _report(reading, found, diagnostics)
            yield reading
        if missing:
            values = {"measure": measure.name, "period": desk.period.text}
            units = "、".join(missing)
            diagnostics.add("XP322", Cell(STATISTIC_SHEET), units=units, **values)


def _units(desk: Desk, measure: Measure) -> set[str]:
    """The units that have reported a measure, or have an amount in what it is computed from."""
    names = (measure.name, *measure.statistic.sources)
    units = {owner.unit for name in names for owner in desk.reports.owners(name)}
    units |= {unit for unit, name in desk.sums.done if name in names}
    return units - {TOTAL}


def _read(desk: Desk, measure: Measure, owner: Owner) -> tuple[Reading, Found]:
    """The value of one owner; what is reported outright wins over what would be computed."""
    direct = desk.direct(measure, owner)
    if measure.kind == "growth" and not direct.rows:
        return _grown(desk, measure, owner)
    if measure.kind == "ratio" and not direct.rows:
        return _divided(desk, measure, owner)
    if measure.kind == "combined" and not direct.rows:
        return _combined(desk, measure, owner)
    found = desk.figure(measure, owner) if measure.kind == "reported" else direct
    return _reading(measure, owner, found), found


def _reading(measure: Measure, owner: Owner, found: Found) -> Reading:
    return Reading(
        owner, measure, found.value, None, None, "", found.state, found.because, found.cell
    )


def _grown(desk: Desk, measure: Measure, owner: Owner) -> tuple[Reading, Found]:
    """This period's figure over its base, less 1; a base of nothing or less gives none."""
    of = desk.policy.measure(measure.statistic.of)
    pair = desk.pair(of, owner, measure.statistic.base)
    now, base = pair.now, pair.base
    why = pair.why or ("" if base is None or base > 0 else "基数是零或负数")
    value = now.value / base - 1 if now.value is not None and base and not why else None
    because = now.because
    if value is not None and now.value is not None and base is not None:
        because = f"{of.name} {_said(now.value, of)} ÷ 基数 {_said(base, of)} − 1（{now.because}）"
    elif now.value is not None:
        because = f"{of.name} {_said(now.value, of)}；{why}"
    state: State = now.state if now.value is None else "settled" if value is not None else "missing"
    reading = Reading(owner, measure, value, now.value, base, of.unit, state, because, now.cell)
    return reading, now


def _divided(desk: Desk, measure: Measure, owner: Owner) -> tuple[Reading, Found]:
    """One figure over another; over nothing there is no value."""
    names = (measure.statistic.numerator, measure.statistic.denominator)
    parts = [desk.policy.measure(name) for name in names]
    over, under = (desk.figure(part, owner) for part in parts)
    value = over.value / under.value if over.value is not None and under.value else None
    state: State = "settled"
    because = f"{names[0]} ÷ {names[1]}"
    if value is None:
        lacking = over if over.value is None else under
        name = names[0] if over.value is None else names[1]
        state = "missing" if lacking.value is not None else lacking.state
        because = f"{name}{'是零' if lacking.value is not None else lacking.because}"
    numbers = over.value, under.value
    reading = Reading(owner, measure, value, *numbers, parts[0].unit, state, because, over.cell)
    return reading, over if over.value is None else under


def _combined(desk: Desk, measure: Measure, owner: Owner) -> tuple[Reading, Found]:
    """Figures added up, each times its factor; one that is not known leaves it unknown."""
    terms = [(desk.policy.measure(name), by) for name, by in measure.statistic.terms]
    found = [(part, by, desk.figure(part, owner)) for part, by in terms]
    lacking = next(((part, one) for part, _, one in found if one.value is None), None)
    if lacking is not None:
        part, one = lacking
        because = f"{part.name}{one.because}"
        whole = one if all(each == NOTHING for *_, each in found) else Found(None, "open", because)
        return Reading(owner, measure, None, None, None, "", one.state, because, one.cell), whole
    known = [(part, by, one.value) for part, by, one in found if one.value is not None]
    value = sum((by * amount for _, by, amount in known), Fraction(0))
    said = [f"{part.name} {_said(amount, part)} × {factor_said(by)}" for part, by, amount in known]
    first = next((one for _, _, one in found if one.rows), found[0][2])
    because = " ＋ ".join(said)
    return Reading(owner, measure, value, None, None, "", "settled", because, first.cell), first


def _said(value: Fraction, measure: Measure) -> str:
    return f"{exact_decimal(value * 100 if measure.is_share else value)}{measure.unit}"


def _report(reading: Reading, found: Found, diagnostics: Diagnostics) -> None:
    """XP323 to XP327: a hole, not reported to the end, no base, over 0, parts that do not agree."""
    values = {"unit": reading.owner.name, "measure": reading.measure.name}
    if reading.owner.unit == TOTAL and found.because == "各单位之和":
        return
    if found.hole:
        diagnostics.add("XP323", found.cell, hole=found.hole, **values)
    elif found.until:
        diagnostics.add("XP324", found.rows[-1].cell, until=found.until, **values)
    elif found.parts is not None and found.value is not None:
        numbers = {"value": exact_decimal(found.value), "sum": exact_decimal(found.parts)}
        period = found.rows[0].period.text
        diagnostics.add("XP327", found.cell, period=period, **numbers, **values)
    place = found.cell if found.rows else Cell(STATISTIC_SHEET)
    is_known = reading.numerator is not None and reading.value is None
    if reading.measure.kind == "growth" and is_known:
        reason = reading.because.partition("；")[2]
        diagnostics.add("XP325", place, reason=reason, **values)
    elif reading.measure.kind == "ratio" and is_known and reading.denominator == 0:
        diagnostics.add("XP326", place, reason=reading.because, **values)


def reading_frame(readings: Sequence[Reading], desk: Desk) -> pd.DataFrame:
    """Readings as a frame (`model.READINGS`), in the order of the policy's measures."""
    return READINGS.of(
        {
            "group": [reading.owner.group for reading in readings],
            "unit": [reading.owner.unit for reading in readings],
            "measure": [reading.measure.name for reading in readings],
            "period": [desk.period.text for _ in readings],
            "value": [reading.value for reading in readings],
            "numerator": [reading.numerator for reading in readings],
            "denominator": [reading.denominator for reading in readings],
            "part_unit": [reading.part_unit for reading in readings],
            "state": [reading.state for reading in readings],
            "because": [reading.because for reading in readings],
            "rule": [f"measure.{reading.measure.id}" for reading in readings],
            "clause": [reading.measure.clause for reading in readings],
            "sheet": [reading.cell.sheet for reading in readings],
            "row": [reading.cell.row for reading in readings],
            "column": [reading.cell.column for reading in readings],
        }
    )


def in_order(readings: Sequence[Reading], policy: "Policy") -> list[Reading]:
    """Readings by measure in the policy's order, each measure's owners as they were made."""
    order = {measure.name: n for n, measure in enumerate(policy.measures)}
    return sorted(readings, key=lambda reading: order[reading.measure.name])
