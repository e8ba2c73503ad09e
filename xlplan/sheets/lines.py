"""The rows of 完成情况, in one place: the sheet and whoever asks what a cell is about use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

import pandas as pd

from xlplan.sheets import layout
from xlplan.sheets.layout import FIRST_ROW

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

WIDTHS = {
    "类别": 11,
    "责任单位": 17,
    "指标": 20,
    "目标": 11,
    "完成": 12,
    "待定": 11,
    "完成率": 12,
    "序时进度": 10,
    "序时差(百分点)": 12,
    "位次": 7,
    "去重完成": 12,
    "计量单位": 9,
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
    """One row of the sheet; numbers are grains.

    `span` bounds the rows of its group's units, `addends` are the rows that an area total adds up.
    """

    row: int
    kind: Literal["unit", "total", "area"]
    group: str
    unit: str
    measure: str
    target: int | None
    done: int
    pending: int
    rate: Fraction | None
    rank: int | None = None
    distinct: int | None = None
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
    area = figures.totals[~figures.totals["group"].isin(known)]
    return lines + _area_lines(records(area), lines)


def groups_of(figures: "Figures") -> list[str]:
    """The groups in the policy's order, then any other that has a standing."""
    return list(dict.fromkeys([*figures.policy.groups, *figures.standings["group"]]))


def _group_lines(figures: "Figures", group: str, start: int) -> list[Line]:
    units = records(figures.standings[figures.standings["group"] == group])
    totals = records(figures.totals[figures.totals["group"] == group])
    span = (start, start + len(units) - 1) if units else None
    return [
        *(_unit_line(row, start + down, span) for down, row in enumerate(units)),
        *(
            _total_line(row, start + len(units) + down, span=span)
            for down, row in enumerate(totals)
        ),
    ]


def _area_lines(rows: Sequence[Row], lines: Sequence[Line]) -> list[Line]:
    start = FIRST_ROW + len(lines)
    return [
        _total_line(row, start + down, addends=_totals_of(row, lines))
        for down, row in enumerate(rows)
    ]


def _totals_of(row: Row, lines: Sequence[Line]) -> tuple[int, ...]:
    return tuple(
        line.row for line in lines if line.kind == "total" and line.measure == row["measure"]
    )


def _unit_line(row: Row, at: int, span: Span | None) -> Line:
    return Line(
        row=at,
        kind="unit",
        group=str(row["group"]),
        unit=str(row["unit"]),
        measure=str(row["measure"]),
        target=whole(row["target"]),
        done=whole(row["done"]) or 0,
        pending=whole(row["pending"]) or 0,
        rate=_fraction(row["rate"]),
        rank=whole(row["rank"]),
        span=span,
    )


def _total_line(
    row: Row, at: int, *, span: Span | None = None, addends: tuple[int, ...] | None = None
) -> Line:
    return Line(
        row=at,
        kind="total" if addends is None else "area",
        group=str(row["group"]),
        unit="合计",
        measure=str(row["measure"]),
        target=whole(row["target"]),
        done=whole(row["done"]) or 0,
        pending=whole(row["pending"]) or 0,
        rate=_fraction(row["rate"]),
        distinct=whole(row["distinct"]) or 0,
        span=span,
        addends=addends or (),
    )


def records(frame: pd.DataFrame) -> list[Row]:
    """Rows as plain mappings, None for what is missing."""
    plain = frame.astype(object)
    return [
        {str(key): value for key, value in record.items()}
        for record in plain.where(frame.notna(), None).to_dict("records")
    ]


def whole(value: object) -> int | None:
    """A whole number of a frame, None for a missing one."""
    return None if value is None else int(str(value))


def _fraction(value: object) -> Fraction | None:
    return value if isinstance(value, Fraction) else None
