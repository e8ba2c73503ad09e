"""指标明细: every value that is no sum, with numerator, denominator, reason and source; live.

Below the values stand the projects of the rates: who is in the denominator, who counts, and why.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from xlplan.diagnostics import Cell
from xlplan.model import ONE, READING_SHEET, YI
from xlplan.policy import TOTAL
from xlplan.policy.schema import MONEY_UNIT
from xlplan.sheets import layout, looks
from xlplan.sheets.columns import dates, listed
from xlplan.sheets.credit_rows import LINK_LIMIT
from xlplan.sheets.description import (
    Area,
    Block,
    BlockColumn,
    CellSpec,
    Highlight,
    Print,
    Sheet,
)
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW

if TYPE_CHECKING:
    from xlplan.policy.schema import Measure
    from xlplan.sheets.figures import Figures

TITLE = f"{READING_SHEET}（自动计算）"

WIDTHS = {
    "责任单位": 16,
    "类别": 10,
    "指标": 24,
    "期间": 10,
    "分子（本期数）": 12,
    "分母（基数）": 12,
    "数值": 12,
    "计量单位": 9,
    "状态": 9,
    "依据": 40,
    "条款": 18,
    "来源单元格": 16,
}
HEADS = tuple(WIDTHS)
PROJECT_HEADS = (
    *("责任单位", "类别", "指标", "项目编号", "计入分子", "计入分母", "日期", "本类计次"),
    *("全区计次", "依据", "项目名称", "来源单元格"),
)
AT = layout.letters(HEADS)
PROJECT_AT = layout.letters(PROJECT_HEADS)

STATES = {"settled": "已算出", "missing": "未报", "open": "待定"}

_MONEY = looks.NUMBER.but(number_format=looks.EXACT)
_SECTION_HEIGHT = 26.0

Key = tuple[str, str, str]
"""Group, unit and measure of a value."""


def is_wanted(figures: "Figures") -> bool:
    """Whether the policy has any measure that is no sum, but for those that only feed others."""
    return any(not measure.statistic.feeds_only for measure in figures.policy.statistics)


def reading_sheet(figures: "Figures") -> Sheet:
    """指标明细, described: one row a value from `FIRST_ROW` on, then the projects of the rates."""
    said = f"{figures.shown_period}，截至{figures.shown_as_of}。"
    remark = said + "比率＝分子÷分母，增速＝本期数÷基数－1；合计用分子、分母之和来算，不取平均。"
    cells, merges = layout.caption(TITLE, remark, "金额单位：亿元", len(HEADS))
    cells += [*layout.head_cells(HEADS), *_rows(figures), *_project_cells(figures)]
    last = FIRST_ROW + max(len(figures.readings), 1) - 1
    texts = [(*(None,) * 9, because, clause) for because, clause in _prose(figures)]
    widths = {column: float(width) for column, width in enumerate(WIDTHS.values(), start=1)}
    return Sheet(
        READING_SHEET,
        tuple(cells),
        blocks=(_projects(figures),) if len(figures.cohorts) else (),
        merges=tuple(merges),
        widths=widths,
        heights=layout.CAPTION_HEIGHTS
        | layout.row_heights(FIRST_ROW, texts, widths)
        | _project_heights(figures, widths),
        freeze=(FIRST_ROW, 4),
        highlights=(
            Highlight(
                Area(FIRST_ROW, 1, last, len(HEADS)),
                f'${AT["状态"]}{FIRST_ROW}="待定"',
                fill=looks.PENDING_FILL,
            ),
            Highlight(Area(FIRST_ROW, 7, last, 7), f"ISTEXT($G{FIRST_ROW})", color=looks.BAD),
        ),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )


def reading_cells(figures: "Figures") -> dict[tuple[int, int], Key]:
    """What each cell (row, column) is about: group, unit and measure of its value."""
    frame = figures.readings
    keys = zip(frame["group"], frame["unit"], frame["measure"], strict=True)
    found = {
        (row, column): key
        for row, key in enumerate(keys, start=FIRST_ROW)
        for column in range(1, len(HEADS) + 1)
    }
    cohort = figures.cohorts
    mine = zip(cohort["group"], cohort["unit"], cohort["measure"], strict=True)
    return found | {
        (row, column): key
        for row, key in enumerate(mine, start=_first_project(figures))
        for column in range(1, len(PROJECT_HEADS) + 1)
    }


def value_cells(figures: "Figures") -> dict[Key, str]:
    """Where another sheet finds each known value: '指标明细'!$G$7; nowhere on a clerk's own."""
    if READING_SHEET in figures.theirs:
        return {}
    frame = figures.readings
    columns = (frame[name] for name in ("group", "unit", "measure", "value"))
    return {
        key: f"{layout.quoted(READING_SHEET)}!${AT['数值']}${row}"
        for row, (*names, value) in enumerate(zip(*columns, strict=True), start=FIRST_ROW)
        for key in [(str(names[0]), str(names[1]), str(names[2]))]
        if value is not None
    }


def _shown(number: Fraction, unit: str) -> str:
    """How a number is shown: per cent, money, or as it is.

    >>> _shown(Fraction(9, 10), "%"), _shown(Fraction(3), "亿元"), _shown(Fraction(40), "天")
    ('0.0##%', '0.00######', 'General')
    """
    if unit == "%":
        return "0.0##%"
    if unit == MONEY_UNIT:
        return looks.EXACT
    return "General" if number.denominator == 1 else "0.00####"


def _prose(figures: "Figures") -> Iterator[tuple[str, str]]:
    yield from zip(figures.readings["because"], figures.readings["clause"], strict=True)


def _first_project(figures: "Figures") -> int:
    """The row of the first project; a blank row, a title and the heads stand above it."""
    return FIRST_ROW + max(len(figures.readings), 1) + 3


def _rows(figures: "Figures") -> Iterator[CellSpec]:
    """One row a value."""
    measures = {measure.name: measure for measure in figures.policy.statistics}
    for row, reading in enumerate(figures.readings.to_dict("records"), start=FIRST_ROW):
        measure = measures[str(reading["measure"])]
        yield from _words(row, reading, measure)
        yield from _numbers(figures, row, reading, measure)
        yield _source(figures, row, reading)


def _words(row: int, reading: Mapping[Any, Any], measure: "Measure") -> Iterator[CellSpec]:
    """What is said of a value rather than computed."""
    is_total = reading["unit"] == TOTAL
    fill = looks.TOTAL_FILL if is_total else ""
    texts = {
        "责任单位": (reading["unit"], looks.CENTRED),
        "类别": (reading["group"], looks.CENTRED),
        "指标": (reading["measure"], looks.CENTRED),
        "期间": (reading["period"], looks.CODE),
        "计量单位": (measure.unit, looks.CENTRED),
        "状态": (_state(reading, measure), looks.CENTRED),
        "依据": (reading["because"], looks.TEXT),
        "条款": (reading["clause"], looks.TEXT),
    }
    for head, (text, style) in texts.items():
        yield CellSpec(row, HEADS.index(head) + 1, text or None, style.but(fill=fill))


def _state(reading: Mapping[Any, Any], measure: "Measure") -> str:
    """In a word how far a value is known; a rate or ratio without a value has no denominator."""
    lacks = reading["state"] == "missing" and reading["numerator"] is not None
    if lacks:
        return "无基数" if measure.kind == "growth" else "无分母"
    return STATES[str(reading["state"])]


def _numbers(
    figures: "Figures", row: int, reading: Mapping[Any, Any], measure: "Measure"
) -> Iterator[CellSpec]:
    """Numerator, denominator and value; those of a rate add up the projects below."""
    fill = looks.TOTAL_FILL if reading["unit"] == TOTAL else ""
    style = looks.NUMBER.but(fill=fill)
    is_rate = measure.kind == "rate" and len(figures.cohorts) > 0
    for head, name in (("分子（本期数）", "numerator"), ("分母（基数）", "denominator")):
        number: Fraction | None = reading[name]
        if number is None:
            yield CellSpec(row, HEADS.index(head) + 1, None, style)
            continue
        formula = _added(figures, row, reading, name) if is_rate else ""
        shown = style.but(number_format=_shown(number, str(reading["part_unit"])))
        yield CellSpec(row, HEADS.index(head) + 1, number, shown, formula)
    value: Fraction | None = reading["value"]
    column = HEADS.index("数值") + 1
    if value is None:
        said = _state(reading, measure)
        yield CellSpec(row, column, said, looks.CENTRED.but(fill=fill))
        return
    shown = style.but(bold=True, number_format=_shown(value, measure.unit))
    yield CellSpec(row, column, value, shown, _formula(row, reading, measure))


def _formula(row: int, reading: Mapping[Any, Any], measure: "Measure") -> str:
    """The value from its two parts; what is reported outright has none."""
    if reading["numerator"] is None or reading["denominator"] is None:
        return ""
    quotient = f"{AT['分子（本期数）']}{row}/{AT['分母（基数）']}{row}"
    return f"{quotient}-1" if measure.kind == "growth" else quotient


def _added(figures: "Figures", row: int, reading: Mapping[Any, Any], name: str) -> str:
    """The numbers of the projects below that are in this rate, added up."""
    first = _first_project(figures)
    rows = first, first + len(figures.cohorts) - 1
    numbers = PROJECT_AT["计入分子" if name == "numerator" else "计入分母"]
    wanted = [("指标", f"{AT['指标']}{row}")]
    if reading["unit"] != TOTAL:
        wanted.append(("责任单位", f"{AT['责任单位']}{row}"))
    elif reading["group"] == figures.policy.area:
        wanted.append(("全区计次", "1"))
    else:
        wanted += [("类别", f"{AT['类别']}{row}"), ("本类计次", "1")]
    asked = ",".join(f"{layout.absolute(PROJECT_AT[head], rows)},{cell}" for head, cell in wanted)
    return f"SUMIFS({layout.absolute(numbers, rows)},{asked})"


def _source(figures: "Figures", row: int, reading: Mapping[Any, Any]) -> CellSpec:
    """The first cell that a value was read from, linked where it is in reach."""
    fill = looks.TOTAL_FILL if reading["unit"] == TOTAL else ""
    column = HEADS.index("来源单元格") + 1
    if not reading["row"]:
        return CellSpec(row, column, None, looks.CENTRED.but(fill=fill))
    cell = Cell(str(reading["sheet"]), int(reading["row"]), int(reading["column"]))
    if not figures.beside:
        return CellSpec(row, column, str(cell), looks.CENTRED.but(fill=fill))
    link = layout.target_of(cell)
    return CellSpec(row, column, str(cell), looks.LINK.but(fill=fill), link=link)


def _project_cells(figures: "Figures") -> list[CellSpec]:
    """The title and heads of the list of projects; none without a rate."""
    if not len(figures.cohorts):
        return []
    row = _first_project(figures) - 2
    title = "比率的项目清单（分母里有谁，谁计入了分子，为什么）"
    return [CellSpec(row, 1, title, looks.SECTION), *layout.head_cells(PROJECT_HEADS, row + 1)]


def _project_heights(figures: "Figures", widths: Mapping[int, float]) -> dict[int, float]:
    shown = figures.cohorts.head(layout.HEIGHTS_LIMIT)
    if shown.empty:
        return {}
    texts = [(*(None,) * 9, *said) for said in zip(shown["because"], shown["name"], strict=True)]
    first = _first_project(figures)
    above = {first - 2: _SECTION_HEIGHT, first - 1: layout.HEAD_HEIGHT}
    return above | layout.row_heights(first, texts, widths)


def _projects(figures: "Figures") -> Block:
    """The projects of every rate, in the order of the measures."""
    frame = figures.cohorts
    columns = {
        "责任单位": BlockColumn(listed(frame["unit"]), looks.CENTRED),
        "类别": BlockColumn(listed(frame["group"]), looks.CENTRED),
        "指标": BlockColumn(listed(frame["measure"]), looks.CENTRED),
        "项目编号": BlockColumn(listed(frame["project"]), looks.CODE),
        "计入分子": _grains(figures, "counted"),
        "计入分母": _grains(figures, "amount"),
        "日期": BlockColumn(dates(frame["date"]), looks.DATE),
        "本类计次": BlockColumn(_once(frame, ["measure", "group", "project"]), looks.CENTRED),
        "全区计次": BlockColumn(_once(frame, ["measure", "project"]), looks.CENTRED),
        "依据": BlockColumn(listed(frame["because"]), looks.TEXT),
        "项目名称": BlockColumn(listed(frame["name"]), looks.TEXT),
        "来源单元格": _places(figures),
    }
    return Block(_first_project(figures), 1, tuple(columns[head] for head in PROJECT_HEADS))


def _once(frame: pd.DataFrame, keys: Sequence[str]) -> list[int]:
    """1 where a total counts the row, 0 where it has counted the project before."""
    return [int(not again) for again in frame.duplicated(list(keys))]


def _grains(figures: "Figures", name: str) -> BlockColumn:
    """Grains of each project in the unit of its rate's parts: 个 or 亿元."""
    frame = figures.cohorts
    counts = {
        measure.name: measure.statistic.counts_projects for measure in figures.policy.statistics
    }
    per = [ONE if counts[said] else YI for said in frame["measure"]]
    values = [Fraction(grains, unit) for grains, unit in zip(frame[name], per, strict=True)]
    styles = [looks.NUMBER if unit == ONE else _MONEY for unit in per]
    return BlockColumn(values, styles=styles)


def _places(figures: "Figures") -> BlockColumn:
    """The cell that decides, linked where it is in reach."""
    frame = figures.cohorts
    places = zip(frame["sheet"], frame["row"], frame["column"], strict=True)
    cells = [Cell(str(sheet), int(row), int(column)) for sheet, row, column in places]
    said = [str(cell) for cell in cells]
    if not figures.beside or len(cells) > LINK_LIMIT:
        return BlockColumn(said, looks.CENTRED)
    return BlockColumn(said, looks.LINK, links=[layout.target_of(cell) for cell in cells])
