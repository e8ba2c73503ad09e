"""差异: where submissions and the ledger differ, for somebody to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xlplan.model import in_yi
from xlplan.policy import Policy
from xlplan.reconciling.decisions import (
    DECISION_HEAD,
    DECISIONS,
    DIFFERENCE_SHEET,
    NUMBER_HEAD,
)
from xlplan.reconciling.difference import KIND_TEXTS, Difference
from xlplan.reconciling.effects import Effect, shown, weight
from xlplan.sheets import looks
from xlplan.sheets.description import Area, DropDown, Sheet, Value
from xlplan.sheets.layout import FIRST_ROW
from xlplan.sheets.report_lists import AMOUNT, CENTRED, FILLED_IN, Column, Place, linked, listed

_UNKNOWN = "台账该行未计入，改好后再算"
_REMARK = (
    "影响大的在前。在“处理”里选采用报送、保留台账或退回，存盘后运行 xlplan reconcile --apply。"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the sheet: a difference, its number, its effects (None = cannot be told)."""

    number: str
    difference: Difference
    effects: tuple[Effect, ...] | None
    adoptable: bool


def difference_sheet(rows: Sequence[Told], policy: Policy, paths: Mapping[str, str]) -> Sheet:
    """The sheet: both sides, what adopting would change for each unit, and the decision.

    Rows that can be adopted stand before those that cannot, which have a shorter list to choose
    from.
    """
    told = [row.difference for row in rows]
    columns = (
        Column(NUMBER_HEAD, 8, [row.number for row in rows], CENTRED),
        Column("报送单位", 16, [one.unit for one in told], CENTRED),
        Column("项目", 30, [f"{one.project} {one.name}".strip() for one in told]),
        Column("差异", 20, [KIND_TEXTS[one.kind] for one in told], CENTRED),
        Column("字段", 18, [one.field_text for one in told], CENTRED),
        Column("报送", 22, [one.submitted for one in told]),
        Column("台账", 22, [one.known for one in told]),
        Column(DECISION_HEAD, 12, [None] * len(rows), FILLED_IN),
        Column("影响(亿元)", 12, [_weight(row, policy) for row in rows], AMOUNT),
        Column("对各单位计入的影响", 44, [_effects(row, policy) for row in rows]),
        Column("说明", 34, [one.note for one in told]),
        linked("报送位置", 30, [(one.file, one.cell) for one in told], paths),
        linked("台账位置", 24, [_other(one) for one in told], paths),
    )
    remark = _REMARK if rows else "报送与台账没有差异"
    sheet = listed(DIFFERENCE_SHEET, remark, columns, looks.FINDING_TAB, frozen=4)
    return replace(sheet, drop_downs=tuple(_choices(rows)))


def _choices(rows: Sequence[Told]) -> list[DropDown]:
    """What can be chosen: everything where something can be adopted, else to keep or return."""
    column = 8
    adoptable = sum(row.adoptable for row in rows)
    spans = ((0, adoptable, DECISIONS), (adoptable, len(rows), DECISIONS[1:]))
    return [
        DropDown(
            Area(FIRST_ROW + first, column, FIRST_ROW + after - 1, column), options=tuple(words)
        )
        for first, after, words in spans
        if after > first
    ]


def _weight(row: Told, policy: Policy) -> Value:
    grains = weight(row.effects or (), policy)
    return in_yi(grains) if grains else None


def _effects(row: Told, policy: Policy) -> str:
    return _UNKNOWN if row.effects is None else shown(row.effects, policy)


def _other(one: Difference) -> Place:
    return (one.other_file, one.other) if one.other is not None else None
