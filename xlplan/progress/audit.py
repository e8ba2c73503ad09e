"""The self-check of a target table: against itself, and against the document."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import TARGET_TABLE_SHEET, Unset
from xlplan.policy import TOTAL, Policy
from xlplan.policy.figures import target_said

if TYPE_CHECKING:
    import pandas as pd

_ABOUT = 3
"""How many times off 10⁴ still is about that: some units of the table may be missing."""

QUARTERS = ("Q1", "Q2", "Q3", "Q4")


class Aim(NamedTuple):
    """What a target is set for; two targets with the same aim are the same target."""

    group: str
    unit: str
    measure: str
    period: str
    bound: str

    def but(self, **changes: str) -> "Aim":
        """The same aim but for some parts."""
        return self._replace(**changes)


class Written(NamedTuple):
    """A target as the table has it: its value in grains, its cell, and whether it is a level."""

    value: int
    cell: Cell
    basis: str = "flow"


Aims: TypeAlias = Mapping[Aim, Written]


@dataclass(frozen=True, slots=True)
class Table:
    """The targets by aim, and those that are lost to cells which were reported already.

    `area` is the group of the total of the whole area.
    """

    targets: Aims
    unset: frozenset[Unset] = frozenset()
    area: str = ""

    def has_lost(self, aim: Aim) -> bool:
        """Whether the target, or for a total one of the group's, is lost."""
        lost = [one for one in self.unset if (one.measure, one.period) == (aim.measure, aim.period)]
        if aim.unit == TOTAL:
            return any(aim.group in (one.group, self.area) for one in lost)
        return any(one.unit == aim.unit for one in lost)

    def parts_of(self, total: Aim) -> list[int]:
        """What a total is to be made of: its group's units; of the area every group's total.

        A group that writes no total adds its units.
        """
        same = {
            aim: written.value
            for aim, written in self.targets.items()
            if aim != total and aim.but(group=total.group, unit=TOTAL) == total
        }
        if total.group != self.area:
            return [value for aim, value in same.items() if aim.group == total.group]
        groups = {aim.group for aim in same if aim.unit == TOTAL}
        return [
            value for aim, value in same.items() if aim.unit == TOTAL or aim.group not in groups
        ]


def audit_targets(
    targets: "pd.DataFrame", policy: Policy, unset: Collection[Unset] = ()
) -> Diagnostics:
    """XP501 to XP503, XP505, XP507, XP511 and XP512 on a table of targets (`model.TARGETS`).

    Units against the written total, and groups against that of the area, which a slip of 万元 for
    亿元 makes ten thousand times too large or too small (XP511), quarters against the year,
    of-which parts against the whole; then values and units against those that the document was
    issued with. Days, shares and ranks do not add up, and nothing is added of them. Nothing is
    said of `unset` targets, whose cells were reported when they were read.
    """
    table = Table(_table(targets), frozenset(unset), policy.area)
    diagnostics = Diagnostics()
    checks: tuple[Callable[[Table, Policy, Diagnostics], None], ...] = (
        _check_totals,
        _check_quarters,
        _check_parts,
        _check_document,
    )
    for check in checks:
        check(table, policy, diagnostics)
    return diagnostics


def _table(targets: "pd.DataFrame") -> Aims:
    """The targets by aim; the first of two with the same aim stands."""
    found: dict[Aim, Written] = {}
    columns = (*Aim._fields, "value", "sheet", "row", "column", "basis")
    for *aim, value, sheet, row, column, basis in zip(*(targets[c] for c in columns), strict=True):
        cell = Cell(sheet, int(row), int(column))
        found.setdefault(Aim(*aim), Written(int(value), cell, basis))
    return found


def _check_totals(table: Table, policy: Policy, diagnostics: Diagnostics) -> None:
    for aim, total in table.targets.items():
        if aim.unit != TOTAL or table.has_lost(aim) or not policy.measure(aim.measure).adds_up:
            continue
        parts = table.parts_of(aim)
        if parts and sum(parts) != total.value:
            is_money = policy.measure(aim.measure).is_money
            diagnostics.add(
                "XP511" if is_money and _differ_by_a_unit(sum(parts), total.value) else "XP501",
                total.cell,
                sum=_worded(sum(parts), aim.measure, policy),
                total=_worded(total.value, aim.measure, policy),
                measure=aim.measure,
            )


def _differ_by_a_unit(one: int, other: int) -> bool:
    """Whether two amounts are about 10⁴ or 10⁸ times apart, as 元, 万元 and 亿元 are.

    >>> _differ_by_a_unit(800_000, 80), _differ_by_a_unit(80, 650_000), _differ_by_a_unit(80, 8000)
    (True, True, False)
    """
    small, large = sorted((one, other))
    return small > 0 and any(
        times <= _ABOUT * Fraction(large, small) <= times * _ABOUT**2 for times in (10**4, 10**8)
    )


def _check_quarters(table: Table, policy: Policy, diagnostics: Diagnostics) -> None:
    """Four amounts add up to their year; levels 水平 reached by then do not."""
    for aim, year in table.targets.items():
        quarters = [
            table.targets.get(aim.but(period=f"{aim.period}{quarter}")) for quarter in QUARTERS
        ]
        parts = [one.value for one in quarters if one is not None and one.basis == "flow"]
        is_sum = policy.measure(aim.measure).adds_up
        if is_sum and len(parts) == len(QUARTERS) and sum(parts) != year.value:
            diagnostics.add(
                "XP502",
                year.cell,
                sum=_worded(sum(parts), aim.measure, policy),
                total=_worded(year.value, aim.measure, policy),
                unit=aim.unit,
                measure=aim.measure,
            )


def _check_parts(table: Table, policy: Policy, diagnostics: Diagnostics) -> None:
    """Parts by different labels may overlap, so each is set against the whole on its own."""
    wholes = {measure.name: measure.part_of for measure in policy.measures if measure.part_of}
    for aim, part in table.targets.items():
        if aim.bound != "of-which" or aim.measure not in wholes:
            continue
        whole = table.targets.get(aim.but(measure=wholes[aim.measure], bound="floor"))
        if whole is not None and part.value > whole.value:
            diagnostics.add(
                "XP503",
                part.cell,
                part=_worded(part.value, aim.measure, policy),
                total=_worded(whole.value, aim.measure, policy),
                unit=aim.unit,
                measure=aim.measure,
            )


def _check_document(table: Table, policy: Policy, diagnostics: Diagnostics) -> None:
    """What differs from the targets as issued, and which units have lost theirs altogether.

    A group of which a document says nothing that has a target for the area as a whole is left to
    the office to break down: there is nothing to differ from.
    """
    issued = {Aim(*(getattr(t, name) for name in Aim._fields)): t.value for t in policy.targets}
    groups = {aim.group for aim in issued}
    written = {
        _ungrouped(aim): target
        for aim, target in table.targets.items()
        if aim.group in groups or policy.area not in groups
    }
    units = {aim.unit for aim in table.targets} | {lost.unit for lost in table.unset}
    missing = dict.fromkeys(aim.unit for aim in issued if aim.unit not in units)
    sheet = next((target.cell.sheet for target in written.values()), TARGET_TABLE_SHEET)
    expected = {_ungrouped(aim): value for aim, value in issued.items()}
    periods = {aim.period for aim in issued}
    for aim in dict.fromkeys((*expected, *(aim for aim in written if aim.period in periods))):
        target, value = written.get(aim), expected.get(aim)
        is_told = aim.unit in missing or table.has_lost(aim)
        if not is_told and (target and target.value) != value:
            diagnostics.add(
                "XP505",
                target.cell if target else Cell(sheet),
                unit=aim.unit,
                measure=aim.measure,
                value=_worded(target and target.value, aim.measure, policy),
                issued=_worded(value, aim.measure, policy),
            )
    if units_missing := [unit for unit in missing if unit != TOTAL]:
        diagnostics.add("XP507", Cell(sheet), units="、".join(units_missing))
    if TOTAL in missing:
        diagnostics.add("XP512", Cell(sheet))


def _ungrouped(aim: Aim) -> Aim:
    """A unit keeps its target when the register moves it to another group; a total does not."""
    return aim if aim.unit == TOTAL else aim.but(group="")


def _worded(value: int | None, name: str, policy: Policy) -> str:
    """A target with its unit of measure; 空白 when there is none."""
    if value is None:
        return "空白"
    return target_said(value, policy.measure(name))
