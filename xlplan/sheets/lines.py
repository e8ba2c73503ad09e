"""The rows of 完成情况, in one place: the sheet and whoever asks what a cell is about use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from xlplan.policy.schema import Measure
from xlplan.sheets import layout
from xlplan.sheets.layout import FIRST_ROW

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

WIDTHS = {
    "类别": 10,
    "责任单位": 16,
    "指标": 20,
    "目标": 10,
    "力争": 9,
    "完成": 11,
    "待定": 10,
    "完成率": 10,
    "序时进度": 10,
    "序时差(百分点)": 11,
    "达标": 10,
    "位次": 7,
    "去重完成": 10,
    "计量单位": 10,
}
HEADS = tuple(WIDTHS)
AT = layout.letters(HEADS)
GAP = "序时差(百分点)"

Row = Mapping[str, object]
Span = tuple[int, int]


class Figure(NamedTuple):
    """What a cell of a result sheet is about; unit is 合计 in a total's row."""

    group: str
    unit: str
    measure: str
    column: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sheet, numbers in the measure's own unit; None = there is none, or unknown.

    `span` bounds the rows of its group's units, `addends` are the rows that an area total adds up.
    """

    row: int
    kind: Literal["unit", "total", "area"]
    group: str
    unit: str
    measure: Measure
    target: Fraction | None
    stretch: Fraction | None
    bound: str
    done: Fraction | None
    pending: Fraction | None
    rate: Fraction | None
    pace: Fraction | None
    gap: Fraction | None
    reached: str
    rank: int | None = None
    distinct: Fraction | None = None
    span: Span | None = None
    addends: tuple[int, ...] = ()

    def at(self, head: str) -> str:
        """The cell of this row under a head."""
        return f"{AT[head]}{self.row}"

    def key(self, head: str) -> str:
        """The same, its column anchored."""
        return f"${self.at(head)}"

    def mates(self, head: str) -> str:
        """The cells of the group's units under a head, anchored."""
        return layout.absolute(AT[head], self.span or (self.row, self.row))


def standing_lines(figures: "Figures") -> list[Line]:
    """Every row in order: per group the units and then its totals, at last the whole area."""
    lines: list[Line] = []
    for group in groups_of(figures):
        lines += _group_lines(figures, group, FIRST_ROW + len(lines))
    known = {line.group for line in lines}
    area = records(figures.totals[~figures.totals["group"].isin(known)])
    return [
        *lines,
        *(
            _line(figures, row, at, kind="area", addends=_totals_of(row, lines))
            for at, row in enumerate(area, FIRST_ROW + len(lines))
        ),
    ]


def groups_of(figures: "Figures") -> list[str]:
    """The groups in the policy's order, then any other that has a standing."""
    return list(dict.fromkeys([*figures.policy.groups, *figures.standings["group"]]))


def _group_lines(figures: "Figures", group: str, start: int) -> list[Line]:
    units = records(figures.standings[figures.standings["group"] == group])
    totals = records(figures.totals[figures.totals["group"] == group])
    span = (start, start + len(units) - 1) if units else None
    rows = [("unit", row) for row in units] + [("total", row) for row in totals]
    return [
        _line(figures, row, at, kind=kind, span=span) for at, (kind, row) in enumerate(rows, start)
    ]


def _totals_of(row: Row, lines: Sequence[Line]) -> tuple[int, ...]:
    return tuple(
        line.row for line in lines if line.kind == "total" and line.measure.name == row["measure"]
    )


def _line(figures: "Figures", row: Row, at: int, **placed: Any) -> Line:  # noqa: ANN401 - fields of `Line`
    """A row of standings or totals as a line; a total shows what its units add up to."""
    measure = figures.policy.measure(str(row["measure"]))

    def amount(name: str) -> Fraction | None:
        grains = whole(row.get(name))
        return None if grains is None else Fraction(grains, measure.grains)

    is_area = placed["kind"] == "area"
    return Line(
        row=at,
        group=str(row["group"]),
        unit=str(row.get("unit", "合计")),
        measure=measure,
        target=_fraction(row["aim"]),
        stretch=amount("stretch"),
        bound=str(row["bound"]),
        done=amount("done") if is_area and measure.is_sum else _fraction(row["value"]),
        pending=amount("pending"),
        reached=str(row["reached"]),
        rank=whole(row.get("rank")),
        distinct=amount("distinct"),
        rate=_fraction(row["rate"]),
        pace=_fraction(row["pace"]),
        gap=_fraction(row["gap"]),
        **placed,
    )


def records(frame: pd.DataFrame) -> list[Row]:
    """Rows as plain mappings, None for what is missing."""
    names = [str(name) for name in frame.columns]
    columns = [_plain(column) for _, column in frame.items()]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(column: pd.Series) -> list[object]:
    """A column's values as Python's own, None for what is missing."""
    missing = column.isna().to_numpy()
    held = column.astype(object).tolist()
    return [
        None if absent else value.item() if isinstance(value, np.generic) else value
        for value, absent in zip(held, missing, strict=True)
    ]


def whole(value: object) -> int | None:
    """A whole number of a frame, None for a missing one."""
    return None if value is None else int(str(value))


def _fraction(value: object) -> Fraction | None:
    return value if isinstance(value, Fraction) else None
