"""区县汇总: counties down, measures across; the area at the foot, each shared project once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from xlplan.counties import Added, Area, Line, Total
from xlplan.diagnostics import column_letters
from xlplan.model import DIAGNOSTIC_SHEET, ROLLUP_SHEET
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Area as Cells
from xlplan.sheets.description import CellSpec, Print, Sheet, Style, Value
from xlplan.sheets.findings import listed_sheet, summary, worst_first
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW, REMARK_ROW, TITLE_ROW
from xlplan.sheets.rollup_detail import (
    DETAIL_AT,
    DETAIL_SHEET,
    PARTS,
    SHARED_AT,
    SHARED_SHEET,
    STATES,
    detail_sheet,
    number_style,
    shared_sheet,
    value_of,
)
from xlplan.sheets.rollup_places import Places

ROLLUP_SHEETS = (ROLLUP_SHEET, DETAIL_SHEET, SHARED_SHEET, DIAGNOSTIC_SHEET)

_FIRST = HEAD_ROW + 2
_NAMES = (("区县", 13.0), ("工作簿", 20.0))
_PLACE_WIDTH = 44.0
_TOTALS = ("区县相加", "减：重复项目")
_COUNTY = looks.CENTRED
_TOTAL = looks.CENTRED.but(bold=True, fill=looks.TOTAL_FILL)


def rollup_sheets(area: Area, beside: Path) -> tuple[Sheet, ...]:
    """The sheets of a roll-up that will lie in that file; pure.

    Every computed figure is a live formula that carries its exact cached value.
    """
    places = Places.of_area(area, beside)
    found = worst_first(area.diagnostics)
    return (
        county_sheet(area, places),
        detail_sheet(area, places),
        shared_sheet(area, places),
        listed_sheet(found, summary(found), [places.of(one) for one in found], _PLACE_WIDTH),
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one measure, from `first` on, by head."""

    measure: Added
    heads: tuple[str, ...]
    first: int

    def at(self, head: str) -> int:
        """The number of a column."""
        return self.first + self.heads.index(head)

    def cell(self, head: str, row: int) -> str:
        """A cell of it."""
        return f"{column_letters(self.at(head))}{row}"


def columns_of(area: Area) -> list[Columns]:
    """Which columns each measure has; pending only where something is."""
    found: list[Columns] = []
    first = len(_NAMES) + 1
    for measure, total in zip(area.measures, area.totals, strict=True):
        pending = ("待定",) if total.pending else ()
        heads = (
            ("目标", "完成", *pending, "完成率", "位次")
            if measure.is_sum
            else ("分子", "分母", "数值", "位次")
        )
        found.append(Columns(measure, heads, first))
        first += len(heads)
    return found


@dataclass(frozen=True, slots=True)
class Board:
    """What the rows of 区县汇总 are made from; `ranks` by county and measure."""

    area: Area
    places: Places
    columns: tuple[Columns, ...]
    whole: Mapping[tuple[str, str], tuple[int, Line]]
    ranks: Mapping[tuple[str, str], int]

    @property
    def last(self) -> int:
        """The row of the last county."""
        return _FIRST + len(self.area.counties) - 1

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(_NAMES) + sum(len(one.heads) for one in self.columns)


def county_sheet(area: Area, places: Places) -> Sheet:
    """区县汇总, described."""
    board = Board(area, places, tuple(columns_of(area)), area.whole, _ranks(area))
    cells, merges = _caption(board)
    for at, county in enumerate(area.counties):
        cells += _county(board, county, _FIRST + at)
    cells += _foot(board)
    widths = {at: width for at, (_, width) in enumerate(_NAMES, start=1)}
    widths |= dict.fromkeys(range(len(_NAMES) + 1, board.width + 1), 8.6)
    rows = len(area.counties) + len(_TOTALS) + 1
    return Sheet(
        ROLLUP_SHEET,
        tuple(cells),
        merges=tuple(merges),
        widths=widths,
        heights={TITLE_ROW: layout.TITLE_HEIGHT, REMARK_ROW: layout.REMARK_HEIGHT}
        | layout.row_heights(HEAD_ROW, [()] * (rows + 1), {})
        | {board.last + 2: 36.0, board.last + 3: 36.0},
        freeze=(_FIRST, 2),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW + 1)),
        tab_color=looks.OUTPUT_TAB,
    )


def _ranks(area: Area) -> dict[tuple[str, str], int]:
    """The place of each county that has a rate, the highest first; ties share one, skip the next.

    Where less is better there is no rate, and so no place.
    """
    rates: dict[str, list[Fraction]] = {}
    known = {key: line.rate for key, (_, line) in area.whole.items() if line.rate is not None}
    for (_, measure), rate in known.items():
        rates.setdefault(measure, []).append(rate)
    return {
        (county, measure): 1 + sum(other > rate for other in rates[measure])
        for (county, measure), rate in known.items()
    }


def _caption(board: Board) -> tuple[list[CellSpec], list[Cells]]:
    """Title, remark, and a head of two rows: measures over their columns."""
    area, scope = board.area, board.area.scope
    day = f"{area.as_of.year}年{area.as_of.month}月{area.as_of.day}日"
    said = scope.title or "没有汇总方案：区县以文件名为名，谁缺报无从核对"
    remark = f"{said}　期间：{area.period}　截止：{day}"
    title = f"{scope.area}区县汇总"
    cells, merges = layout.caption(title, remark, "单位：亿元、个", max(board.width, 4))
    for at, (name, _) in enumerate(_NAMES, start=1):
        cells += _headed(at, name, "")
        merges.append(Cells(HEAD_ROW, at, _FIRST - 1, at))
    for one in board.columns:
        last = one.first + len(one.heads) - 1
        for at, head in enumerate(one.heads, start=one.first):
            said = f"{one.measure.name}（{one.measure.unit}）" if at == one.first else ""
            cells += _headed(at, said, head)
        merges.append(Cells(HEAD_ROW, one.first, HEAD_ROW, last))
    return cells, merges


def _headed(at: int, upper: str, lower: str) -> list[CellSpec]:
    """The two head cells of a column."""
    return [
        CellSpec(HEAD_ROW, at, upper or None, looks.HEAD),
        CellSpec(HEAD_ROW + 1, at, lower or None, looks.HEAD),
    ]


def _county(board: Board, county: str, row: int) -> Iterator[CellSpec]:
    """The row of a county; one that has not reported says so."""
    whole = [(one, *board.whole[county, one.measure.name]) for one in board.columns]
    report = next((line.report for _, _, line in whole if line.report), None)
    yield CellSpec(row, 1, county, _COUNTY)
    link = board.places.link(report.address) if report else ""
    said = report.label if report else STATES["missing"]
    yield CellSpec(row, 2, said, looks.LINK if link else _COUNTY, link=link)
    for one, at, line in whole:
        values = _values(line) | {"位次": board.ranks.get((county, one.measure.name))}
        for head in one.heads:
            value, formula = values[head], _formula(board, one, head, (row, FIRST_ROW + at))
            style = _style(_COUNTY, one.measure, head)
            if value is None:
                text = STATES[line.state] if head in ("完成", "数值") else looks.NONE
                yield CellSpec(row, one.at(head), text, style.but(horizontal="center"))
            else:
                yield CellSpec(row, one.at(head), value, style, formula)


def _values(line: Line) -> dict[str, Value]:
    """What the columns of a measure say of a county."""
    return {
        "目标": line.target,
        "完成": line.done,
        "待定": line.pending if line.done is not None else None,
        "完成率": line.rate,
        "分子": line.numerator,
        "分母": line.denominator,
        "数值": value_of(line),
    }


def _formula(board: Board, one: Columns, head: str, rows: tuple[int, int]) -> str:
    """The formula of a county's cell, from its row here and that in 汇总明细."""
    row, detail = rows
    if head == "位次":
        letter = column_letters(one.at("完成率" if one.measure.is_sum else "数值"))
        return f"RANK({letter}{row},{letter}${_FIRST}:{letter}${board.last})"
    if head == "完成率":
        return f"{one.cell('完成', row)}/{one.cell('目标', row)}"
    if head == "数值":
        return _rate_formula(one, row)
    return f"{layout.quoted(DETAIL_SHEET)}!{DETAIL_AT[head]}{detail}"


def _rate_formula(one: Columns, row: int) -> str:
    less = "-1" if one.measure.how == "growth" else ""
    return f"{one.cell('分子', row)}/{one.cell('分母', row)}{less}"


def _style(base: Style, measure: Added, head: str) -> Style:
    """How a figure under a head looks."""
    if head == "位次":
        return base.but(wrap=False)
    if head == "完成率":
        return number_style(base, "%")
    return number_style(base, measure.part_unit if head in ("分子", "分母") else measure.unit)


# The foot


def _foot(board: Board) -> Iterator[CellSpec]:
    """The counties added up, what shared projects count twice, and the area without that."""
    area, last = board.area, board.last
    added = "（待定另加）" if any(total.open for total in area.totals) else ""
    names = (_TOTALS[0], _TOTALS[1] + added, f"{area.scope.area or '全域'}（同一项目只计一次）")
    for at, name in enumerate(names):
        row = last + 1 + at
        yield CellSpec(row, 1, name, _TOTAL.but(wrap=True))
        yield CellSpec(row, 2, None, _TOTAL)
        for one, total in zip(board.columns, area.totals, strict=True):
            for head in one.heads:
                value, formula = _foot_content(one, total, head, at, last)
                style = _style(_TOTAL, one.measure, head)
                if value is None:
                    yield CellSpec(row, one.at(head), looks.NONE, style.but(horizontal="center"))
                else:
                    yield CellSpec(row, one.at(head), value, style, formula)


_KEYS = {"完成": "value", "分子": "numerator", "分母": "denominator", "待定": "value"}


def _foot_content(one: Columns, total: Total, head: str, at: int, last: int) -> tuple[Value, str]:
    """Value and formula of a cell at the foot, in the row `at` below the counties."""
    row = last + 1 + at
    letter = column_letters(one.at(head))
    if head in _KEYS:
        sums = _sums(total, head)
        formulas = (
            f"SUM({letter}{_FIRST}:{letter}{last})",
            _of_shared(one.measure, head),
            f"{letter}{row - 2}{'+' if head == '待定' else '-'}{letter}{row - 1}",
        )
        return sums[at], formulas[at]
    if at < len(_TOTALS):
        if head == "目标" and at == 0 and one.measure.target is None:
            return total.target, f"SUM({letter}{_FIRST}:{letter}{last})"
        return None, ""
    if head == "目标":
        own = one.measure.target is not None
        return total.target, "" if own else f"{letter}{last + 1}"
    if head == "完成率":
        return total.rate, f"{one.cell('完成', row)}/{one.cell('目标', row)}"
    return (total.done, _rate_formula(one, row)) if head == "数值" else (None, "")


def _sums(total: Total, head: str) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """What is added up, taken off (or added, of what is pending), and left."""
    if head == "完成":
        return total.added, total.taken_off, total.done
    if head == "待定":
        return total.pending - total.open, total.open, total.pending
    whole = total.numerator if head == "分子" else total.denominator
    off = total.numerator_off if head == "分子" else total.denominator_off
    return None if whole is None else whole + off, off, whole


def _of_shared(measure: Added, head: str) -> str:
    """The sum over 重复项目 of one measure and part."""
    sheet, column = layout.quoted(SHARED_SHEET), "待定" if head == "待定" else "扣减"
    name = measure.name.replace('"', '""')

    def whole(head: str) -> str:
        return f"{sheet}!${SHARED_AT[head]}:${SHARED_AT[head]}"

    part = PARTS[_KEYS[head]]
    return f'SUMIFS({whole(column)},{whole("指标")},"{name}",{whole("数项")},"{part}")'
