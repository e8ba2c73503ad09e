"""Scores as fields: each unit's total, place and grade, and the items that it is made of."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell
from xlplan.documents.numbers import Number
from xlplan.model import SCORE_SHEET
from xlplan.sheets import scores
from xlplan.sheets.lines import records, whole

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures
    from xlplan.sheets.lines import Row

Fields = dict[str, object]
Key = tuple[str, str]
"""Group and unit."""

_OF_TOTAL = {
    "满分": "full",
    "得分小计": "computed",
    "奖励": "bonus",
    "加减分": "adjustment",
    "总分": "total",
}
_OF_ITEM = {"满分": "full", "得分": "points"}

NOT_SCORED: Fields = {
    **{head: Number(None, "分", name=head) for head in _OF_TOTAL},
    "位次": Number(None, "位", name="位次"),
    **dict.fromkeys(("否决", "等次", "状态", "说明"), ""),
    "得分项": [],
}
"""The same of a unit that nothing is scored of."""


def scored(figures: "Figures") -> Mapping[Key, Fields]:
    """Every unit's total of 考核得分 in order, with its items; empty where nothing is scored."""
    items: dict[Key, list[Fields]] = {}
    places = scores.places_of(figures)
    for at, row in enumerate(records(figures.scores), start=places.items[0]):
        items.setdefault(_key(row), []).append(_item(row, at))
    return {
        _key(row): _total(row, at) | {"得分项": items.get(_key(row), [])}
        for at, row in enumerate(records(figures.score_totals), start=places.totals[0])
    }


def _key(row: "Row") -> Key:
    return str(row["group"]), str(row["unit"])


def _total(row: "Row", at: int) -> Fields:
    rank, named = whole(row["rank"]), f"{row['unit']}考核"
    place = Number(
        None if rank is None else Fraction(rank),
        "位",
        _cell(at, scores.HEADS.index("位次")),
        f"{named}位次",
    )
    return {
        "名称": str(row["unit"]),
        "类别": str(row["group"]),
        **{
            head: _points(row[name], _cell(at, scores.HEADS.index(head)), f"{named}{head}")
            for head, name in _OF_TOTAL.items()
        },
        "位次": place,
        "否决": str(row["gates"]),
        "等次": str(row["grade"]) or ("" if row["graded"] else scores.PENDING),
        "状态": scores.STATES[str(row["state"])],
        "说明": str(row["because"]),
    }


def _item(row: "Row", at: int) -> Fields:
    """One score, bonus or gate."""
    return {
        "种类": scores.KINDS[str(row["kind"])],
        "指标": str(row["measure"]),
        "计分依据": scores.BASES.get(str(row["of"]), str(row["of"])),
        **{
            head: _points(
                row[name], _cell(at, scores.ITEM_HEADS.index(head)), f"{row['unit']}{head}"
            )
            for head, name in _OF_ITEM.items()
        },
        "状态": scores.STATES[str(row["state"])],
        "计算过程": str(row["because"]),
        "单元格": _cell(at, scores.ITEM_HEADS.index("计算过程")),
        "条款": str(row["clause"]),
    }


def _points(value: object, cell: str, name: str) -> Number:
    return Number(value if isinstance(value, Fraction) else None, "分", cell, name)


def _cell(at: int, column: int) -> str:
    return str(Cell(SCORE_SHEET, at, column + 1))
