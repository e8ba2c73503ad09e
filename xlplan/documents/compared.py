"""The fields of a figure that was held against an earlier one; of others they have no value."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.documents.numbers import Number
from xlplan.model import CHANGE_SHEET
from xlplan.sheets import changes

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

Fields = dict[str, object]
Key = tuple[str, str, str]
"""Group, unit (合计 for a total) and measure."""


def compared(figures: "Figures") -> Mapping[Key, Fields]:
    """What each figure was, how it grew, and what its change is made of."""
    return {line.key: _change(line) for line in changes.change_lines(figures)}


def changed(figures: "Figures") -> list[Fields]:
    """The rows of 变动 of figures that are not what they were, in order."""
    return [
        {
            "类别": line.key[0],
            "单位": line.key[1],
            "指标": line.key[2],
            "计量单位": line.measure.unit,
            "本期": _number(line, "本期", line.after),
            **_change(line),
        }
        for line in changes.change_lines(figures)
        if line.change
    ]


def _number(line: changes.Line, head: str, value: Fraction | None) -> Number:
    """A number of a row of 变动."""
    unit = "%" if head in ("环比", "同比") else line.measure.unit
    cell = f"{CHANGE_SHEET}!{changes.AT[head]}{line.row}"
    return Number(value, unit, cell, f"{line.key[2]}{head}")


def _change(line: changes.Line) -> Fields:
    parts = changes.PART_HEADS.items()
    return {
        "上期完成": _number(line, "上期", line.before),
        "变动": _number(line, "变动", line.change),
        "变动构成": {head: _number(line, head, line.parts[name]) for name, head in parts},
        "环比": _number(line, "环比", line.growth),
        "上年完成": _number(line, "上年同期", line.base),
        "同比": _number(line, "同比", line.yearly),
    }


NOT_COMPARED: Fields = {
    name: Number(None, "", name=name) for name in ("上期完成", "变动", "环比", "上年完成", "同比")
} | {"变动构成": {head: Number(None, "", name=head) for head in changes.PART_HEADS.values()}}
"""The same of a figure that was not held against anything."""
