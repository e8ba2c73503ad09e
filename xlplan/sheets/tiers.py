"""档次统计: projects by tier against the targets, and why each project has its tier."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from xlplan.diagnostics import column_letters
from xlplan.model import TIER_SHEET
from xlplan.sheets import credit_rows, layout, looks, tier_list
from xlplan.sheets.description import Area, CellSpec, Highlight, Print, Sheet, Style
from xlplan.sheets.layout import REMARK_ROW
from xlplan.sheets.lines import Figure, Row, groups_of, records, whole

if TYPE_CHECKING:
    from xlplan.policy.schema import Measure, Tier
    from xlplan.sheets.figures import Figures

HEAD_ROW, FIRST_ROW = 3, 5
FIGURES = ("目标", "完成", "待定")

Values = tuple[int | None, int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the summary; `counts` are (target, done, pending) grains by measure.

    `span` bounds the rows of its group's units, `others` counts the projects of tiers without a
    measure.
    """

    row: int
    group: str
    unit: str
    counts: tuple[Values, ...]
    others: tuple[int, ...]
    span: tuple[int, int] | None
    is_total: bool = False


def counted(figures: "Figures") -> list["Measure"]:
    """The measures that count projects of a tier."""
    return [measure for measure in figures.policy.measures if measure.amount == "tier"]


def uncounted(figures: "Figures") -> list["Tier"]:
    """The tiers that no measure counts, such as 一般."""
    ids = {measure.tier for measure in counted(figures)}
    return [tier for tier in figures.policy.tiers if tier.id not in ids]


def tier_lines(figures: "Figures") -> list[Line]:
    """The summary's rows: per group every unit of the standings or the tiers, then 合计."""
    numbers = tier_list.numbers(figures)
    lines: list[Line] = []
    for group in groups_of(figures):
        lines += _group_lines(figures, group, FIRST_ROW + len(lines), numbers)
    return lines


def _group_lines(
    figures: "Figures", group: str, start: int, numbers: Mapping[tuple[str, str], int]
) -> list[Line]:
    measures = [measure.name for measure in counted(figures)]
    tiers = [tier.name for tier in uncounted(figures)]
    units = _units(figures, group)
    span = (start, start + len(units) - 1) if units else None
    found = _values(figures.standings, group)
    totals = _values(figures.totals.assign(unit="合计"), group)
    others = [tuple(numbers.get((unit, tier), 0) for tier in tiers) for unit in units]
    lines = [
        Line(start + down, group, unit, _row_of(found, unit, measures), others[down], span)
        for down, unit in enumerate(units)
    ]
    if not totals:
        return lines
    values = _row_of(totals, "合计", measures)
    summed = tuple(sum(counts) for counts in zip(*others, strict=True))
    return [*lines, Line(start + len(units), group, "合计", values, summed, span, is_total=True)]


def _units(figures: "Figures", group: str) -> list[str]:
    """The group's units in the order of the standings, then those that only lead a project."""
    standings, register = figures.standings, figures.ledger.units
    leading = set(figures.tiers["unit"])
    ranked = standings["unit"][standings["group"] == group]
    others = (unit for unit in register["unit"][register["group"] == group] if unit in leading)
    return list(dict.fromkeys([*ranked, *others]))


def _values(frame: pd.DataFrame, group: str) -> dict[tuple[str, str], Values]:
    rows = records(frame[frame["group"] == group])
    return {(str(row["unit"]), str(row["measure"])): _value(row) for row in rows}


def _value(row: Row) -> Values:
    return whole(row["target"]), whole(row["done"]) or 0, whole(row["pending"]) or 0


def _row_of(
    found: dict[tuple[str, str], Values], unit: str, names: Sequence[str]
) -> tuple[Values, ...]:
    return tuple(found.get((unit, name), (None, 0, 0)) for name in names)


TIER_COUNT = "档次个数"
"""The column name of a count of projects whose tier no measure counts."""


def tier_figures(figures: "Figures") -> dict[tuple[int, int], Figure]:
    """What each cell (row, column) of the summary is about, by the sheet's own layout."""
    lines, start = tier_lines(figures), 3 + 3 * len(counted(figures))
    others = {
        (line.row, start + across): Figure(line.group, line.unit, tier.name, TIER_COUNT)
        for line in lines
        for across, tier in enumerate(uncounted(figures))
    }
    return others | {
        (line.row, 3 + 3 * across + down): Figure(line.group, line.unit, measure.name, head)
        for line in lines
        for across, measure in enumerate(counted(figures))
        for down, head in enumerate(FIGURES)
    }


def listed_project(figures: "Figures", row: int) -> str | None:
    """The project in a row of the list below the summary, by the sheet's own layout."""
    last = FIRST_ROW + max(len(tier_lines(figures)), 1) - 1
    first = tier_list.Listing(figures, last + 2).rows[0]
    if not first <= row < first + len(figures.tiers):
        return None
    return str(figures.tiers["project"].iloc[row - first])


def tier_sheet(figures: "Figures") -> Sheet:
    """档次统计, described: the summary, below it the list of projects."""
    lines = tier_lines(figures)
    width = max(2 + 3 * len(counted(figures)) + len(uncounted(figures)), len(tier_list.HEADS))
    last = FIRST_ROW + max(len(lines), 1) - 1
    listing = tier_list.Listing(figures, last + 2)
    captions, merges = _caption(figures, width)
    widths = {1: 12.0, 2: 28.0, 3: 16.0, 5: 18.0}
    widths = dict.fromkeys(range(1, width + 1), 13.0) | widths
    heads, head_merges = _head(counted(figures), uncounted(figures))
    summary = [cell for line in lines for cell in _cells(listing, line)]
    return Sheet(
        TIER_SHEET,
        (*captions, *heads, *summary, *listing.cells()),
        blocks=(listing.block(),),
        merges=(*merges, *head_merges),
        widths=widths,
        heights=_heights(listing, widths),
        freeze=(FIRST_ROW, 3),
        highlights=tuple(_highlights(len(counted(figures)), last)),
        print=Print(),
        tab_color=looks.OUTPUT_TAB,
    )


def _heights(listing: tier_list.Listing, widths: dict[int, float]) -> dict[int, float]:
    summary: list[Sequence[object]] = [()] * (listing.title_row - HEAD_ROW)
    return (
        {1: layout.TITLE_HEIGHT, REMARK_ROW: layout.REMARK_HEIGHT}
        | layout.row_heights(HEAD_ROW, summary, {})
        | layout.row_heights(listing.rows[0], listing.texts(), widths)
        | {listing.title_row: 30.0, listing.title_row + 1: layout.HEAD_HEIGHT}
    )


def _caption(figures: "Figures", width: int) -> tuple[list[CellSpec], list[Area]]:
    remark = f"{figures.policy.title}　期间：{figures.shown_period}　截止：{figures.shown_as_of}"
    title = f"{figures.policy.area}招商引资项目档次统计"
    return layout.caption(title, remark, "单位：个", width)


def _head(
    measures: Sequence["Measure"], others: Sequence["Tier"]
) -> tuple[list[CellSpec], list[Area]]:
    """Two rows: a measure over its three figures, everything else tall."""
    tall = [(1, "类别"), (2, "责任单位")]
    tall += [(3 + 3 * len(measures) + at, f"{tier.name}项目") for at, tier in enumerate(others)]
    cells = [CellSpec(HEAD_ROW, column, said, looks.HEAD) for column, said in tall]
    cells += [CellSpec(HEAD_ROW + 1, column, None, looks.HEAD) for column, _ in tall]
    merges = [Area(HEAD_ROW, column, HEAD_ROW + 1, column) for column, _ in tall]
    for across, measure in enumerate(measures):
        first = 3 + 3 * across
        upper = (measure.name, None, None)
        cells += [CellSpec(HEAD_ROW, first + n, said, looks.HEAD) for n, said in enumerate(upper)]
        cells += [
            CellSpec(HEAD_ROW + 1, first + n, said, looks.HEAD) for n, said in enumerate(FIGURES)
        ]
        merges.append(Area(HEAD_ROW, first, HEAD_ROW, first + 2))
    return cells, merges


def _highlights(measures: int, last: int) -> Iterator[Highlight]:
    """Targets that are met, and pending counts; a group's name stands out once."""
    group = f"$A{FIRST_ROW}=$A{FIRST_ROW - 1}"
    yield Highlight(Area(FIRST_ROW, 1, last, 1), group, color=looks.REPEATED)
    for column in range(3, 3 + 3 * measures, 3):
        target, done, pending = (f"{column_letters(column + n)}{FIRST_ROW}" for n in range(3))
        met = f"AND(ISNUMBER({target}),{done}>={target})"
        yield Highlight(
            Area(FIRST_ROW, column + 1, last, column + 1), met, color=looks.GOOD, bold=True
        )
        yield Highlight(
            Area(FIRST_ROW, column + 2, last, column + 2),
            f"{pending}<>0",
            fill=looks.PENDING_FILL,
            bold=True,
        )


# The summary's cells


def _cells(listing: tier_list.Listing, line: Line) -> list[CellSpec]:
    base = looks.CENTRED
    if line.is_total:
        base = base.but(bold=True, fill=looks.TOTAL_FILL)
    cells = [CellSpec(line.row, 1, line.group), CellSpec(line.row, 2, line.unit)]
    measures = counted(listing.figures)
    for across, measure in enumerate(measures):
        cells += _measure_cells(listing.figures, line, across, measure)
    cells += _other_cells(listing, line, 3 + 3 * len(measures))
    return [replace(cell, style=base.but(number_format=cell.style.number_format)) for cell in cells]


def _measure_cells(
    figures: "Figures", line: Line, across: int, measure: "Measure"
) -> list[CellSpec]:
    """Target, done and pending of a unit, or of a group as the sum of its units."""
    target, done, pending = (
        None if grains is None else Fraction(grains, measure.grains)
        for grains in line.counts[across]
    )
    column = 3 + 3 * across
    dashed = Style(number_format=looks.zero_as_dash("General"))
    return [
        CellSpec(line.row, column, target),
        CellSpec(line.row, column + 1, done, formula=_sum(figures, line, column + 1, measure)),
        CellSpec(line.row, column + 2, pending, dashed, _sum(figures, line, column + 2, measure)),
    ]


def _sum(figures: "Figures", line: Line, column: int, measure: "Measure") -> str:
    """The unit's rows of 计入明细 for the measure, or the group's units above."""
    if line.is_total:
        return _down(line, column)
    head = "计入" if column % 3 == 1 else "待定"
    summed, units, measures = (
        credit_rows.reference(figures, name) for name in (head, "单位", "指标")
    )
    return f'SUMIFS({summed},{units},$B{line.row},{measures},"{measure.name}")'


def _down(line: Line, column: int) -> str:
    if line.span is None:
        return ""
    letter = column_letters(column)
    return f"SUM({letter}{line.span[0]}:{letter}{line.span[1]})"


def _other_cells(listing: tier_list.Listing, line: Line, start: int) -> list[CellSpec]:
    """How many of this period's projects below have a tier that no measure counts."""
    unit, tier, current = map(listing.reference, ("牵头单位", "档次", "本期"))
    return [
        CellSpec(
            line.row,
            column,
            number,
            formula=_down(line, column)
            if line.is_total
            else f'COUNTIFS({unit},$B{line.row},{tier},"{named.name}",{current},"是")',
        )
        for column, number, named in zip(
            range(start, start + len(line.others)),
            line.others,
            uncounted(listing.figures),
            strict=True,
        )
    ]
