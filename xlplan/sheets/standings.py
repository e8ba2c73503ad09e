"""完成情况: where every unit stands, summed live over 计入明细."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell
from xlplan.model import STANDING_SHEET
from xlplan.sheets import credit_rows, layout, looks
from xlplan.sheets.description import (
    Area,
    CellSpec,
    DataBar,
    Highlight,
    Print,
    Sheet,
    Style,
    Value,
)
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW, REMARK_ROW
from xlplan.sheets.lines import AT, GAP, HEADS, WIDTHS, Figure, Line, records, standing_lines, whole

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

PACE_CELL = "$H$2"

NOISE = "1E-12"
"""Rates closer than this are the same rate: what adding up floats may leave."""

DASH = f'"{looks.NONE}"'

TargetCells = Mapping[tuple[str, str, str], tuple[int, Cell]]


def standing_figures(figures: "Figures") -> dict[tuple[int, int], Figure]:
    """What each cell (row, column) of 完成情况 is about, by the sheet's own layout."""
    return {
        (line.row, column): Figure(line.group, line.unit, line.measure, head)
        for line in standing_lines(figures)
        for column, head in enumerate(HEADS, start=1)
    }


def standing_sheet(figures: "Figures") -> Sheet:
    """完成情况, described."""
    lines = standing_lines(figures)
    cells, merges = _caption(figures)
    book = Book(figures, target_cells(figures))
    for line in lines:
        cells += _cells(book, line)
    last = FIRST_ROW + max(len(lines), 1) - 1
    return Sheet(
        STANDING_SHEET,
        tuple(cells),
        merges=tuple(merges),
        widths={column: float(width) for column, width in enumerate(WIDTHS.values(), start=1)},
        heights=layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, [()] * len(lines), {}),
        freeze=(FIRST_ROW, 4),
        filter=Area(HEAD_ROW, 1, last, len(HEADS)),
        data_bars=(DataBar(Area(FIRST_ROW, 7, last, 7), looks.BAR),),
        highlights=tuple(_highlights(last)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )


def _caption(figures: "Figures") -> tuple[list[CellSpec], list[Area]]:
    """Title; below it policy, period and as-of date, the pace in a cell of its own, the units."""
    remark = f"{figures.policy.title}　期间：{figures.shown_period}　截止：{figures.shown_as_of}"
    pace = looks.REMARK.but(horizontal="center", number_format=looks.RATE, wrap=False)
    cells = [
        CellSpec(1, 1, f"{figures.policy.area}招商引资目标任务完成情况", looks.TITLE),
        CellSpec(REMARK_ROW, 1, remark, looks.REMARK),
        CellSpec(REMARK_ROW, 7, "序时进度：", looks.UNIT_REMARK),
        CellSpec(REMARK_ROW, 8, figures.pace, pace),
        CellSpec(REMARK_ROW, 9, "单位：亿元、个", looks.UNIT_REMARK),
        *layout.head_cells(HEADS),
    ]
    return cells, [
        Area(1, 1, 1, len(HEADS)),
        Area(REMARK_ROW, 1, REMARK_ROW, 6),
        Area(REMARK_ROW, 9, REMARK_ROW, len(HEADS)),
    ]


def _highlights(last: int) -> Iterator[Highlight]:
    """Ahead and behind pace, negative and pending amounts; a unit's name stands out once."""
    row = FIRST_ROW

    def area(head: str) -> Area:
        column = HEADS.index(head) + 1
        return Area(row, column, last, column)

    gap, done, pending = (f"${AT[head]}{row}" for head in (GAP, "完成", "待定"))
    yield Highlight(area(GAP), f"AND(ISNUMBER({gap}),{gap}<0)", color=looks.BAD, bold=True)
    yield Highlight(area(GAP), f"AND(ISNUMBER({gap}),{gap}>=0)", color=looks.GOOD)
    yield Highlight(area("完成"), f"{done}<0", color=looks.BAD)
    yield Highlight(area("待定"), f"{pending}<>0", fill=looks.PENDING_FILL, bold=True)
    for head in ("类别", "责任单位"):
        above = f"${AT[head]}{row}=${AT[head]}{row - 1}"
        yield Highlight(area(head), above, color=looks.REPEATED)


# One row's cells


@dataclass(frozen=True, slots=True)
class Content:
    """What a cell holds: value, formula when it is computed, and its look."""

    value: Value
    style: Style
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """What the rows' formulas refer to beyond their own row."""

    figures: "Figures"
    targets: TargetCells = field(default_factory=dict)

    def credits(self, head: str) -> str:
        """All of 计入明细 under a head."""
        return credit_rows.reference(self.figures, head)


def _cells(book: Book, line: Line) -> list[CellSpec]:
    """The cells of a row in the order of `HEADS`."""
    contents = {**_names(book, line), **_amounts(book, line), **_progress(book, line)}
    return [
        CellSpec(
            line.row, column, contents[head].value, contents[head].style, contents[head].formula
        )
        for column, head in enumerate(HEADS, start=1)
    ]


def _base(line: Line) -> Style:
    if line.kind == "unit":
        return looks.CENTRED
    return looks.CENTRED.but(bold=True, fill=looks.TOTAL_FILL)


def _names(book: Book, line: Line) -> dict[str, Content]:
    base = _base(line)
    return {
        "类别": Content(line.group, base),
        "责任单位": Content("总计" if line.kind == "area" else line.unit, base),
        "指标": Content(line.measure, base),
        "计量单位": Content(book.figures.policy.measure(line.measure).unit, base),
    }


def _amounts(book: Book, line: Line) -> dict[str, Content]:
    """Target, done, pending, and what a total counts once; 亿元 or 个."""
    measure = book.figures.policy.measure(line.measure)
    shown = looks.money(book.figures.settings.places) if measure.is_money else "General"
    style = _base(line).but(horizontal="right", number_format=shown, wrap=False)
    dashed = style.but(number_format=looks.zero_as_dash(shown))
    target, done, pending, distinct = (
        None if grains is None else Fraction(grains, measure.grains)
        for grains in (line.target, line.done, line.pending, line.distinct)
    )
    return {
        "目标": Content(target, style, _target(book, line)),
        "完成": Content(done, style, _sum(book, line, "计入", "完成")),
        "待定": Content(pending, dashed, _sum(book, line, "待定", "待定")),
        "去重完成": Content(distinct, style, _distinct(book, line)),
    }


def _progress(book: Book, line: Line) -> dict[str, Content]:
    """Rate, pace, gap and rank; dashes where there is no target."""
    base, rate, pace = _base(line), line.rate, book.figures.pace
    right = base.but(horizontal="right", wrap=False)
    percent = right.but(number_format=looks.RATE)
    points = None if rate is None else (rate - pace) * 100
    part = line.at("去重完成" if line.kind == "area" else "完成")
    target, shown = line.at("目标"), line.at("完成率")
    return {
        "完成率": _or_dash(rate, percent, f"IF(N({target})>0,{part}/{target},{DASH})"),
        "序时进度": _or_dash(
            None if rate is None else pace, percent, f"IF(ISNUMBER({shown}),{PACE_CELL},{DASH})"
        ),
        GAP: _or_dash(
            points,
            right.but(number_format=looks.POINTS),
            f"IF(ISNUMBER({shown}),({shown}-{line.at('序时进度')})*100,{DASH})",
        ),
        "位次": _or_dash(line.rank, base, _rank(book, line)),
    }


def _or_dash(value: Value, style: Style, formula: str) -> Content:
    if value is None:
        return Content(looks.NONE, style.but(horizontal="center"), formula)
    return Content(value, style, formula)


# Formulas


def _sum(book: Book, line: Line, credit: str, head: str) -> str:
    """A unit sums its credits, a group its units, the area its groups."""
    if line.kind == "area":
        return "+".join(f"{AT[head]}{row}" for row in line.addends)
    if line.kind == "unit":
        whose = f"{book.credits('单位')},{line.key('责任单位')}"
        what = f"{book.credits('指标')},{line.key('指标')}"
        return f"SUMIFS({book.credits(credit)},{whose},{what})"
    if line.span is None:
        return ""
    return f"SUMIFS({line.mates(head)},{line.mates('指标')},{line.key('指标')})"


def _distinct(book: Book, line: Line) -> str:
    """A total less what 计入明细 marks as repeated: a joint project counts once."""
    what = f"{book.credits('指标')},{line.key('指标')}"
    if line.kind == "area":
        return f"{line.at('完成')}-SUMIFS({book.credits('全区重复')},{what})"
    if line.kind == "unit":
        return ""
    whose = f"{book.credits('类别')},{line.key('类别')}"
    return f"{line.at('完成')}-SUMIFS({book.credits('本类重复')},{whose},{what})"


def _rank(book: Book, line: Line) -> str:
    """One more than the number of mates ahead by more than noise; "" where nobody is ranked."""
    ranking = book.figures.policy.ranking
    if line.kind != "unit" or line.unit in ranking.left_out:
        return ""
    shown = line.at("完成率")
    if ranking.ties == "dense":
        ahead = _distinct_rates_ahead(line, shown)
    else:
        same = f"{line.mates('类别')},{line.key('类别')},{line.mates('指标')},{line.key('指标')}"
        others = "".join(f',{line.mates("责任单位")},"<>{unit}"' for unit in ranking.left_out)
        ahead = f'COUNTIFS({same},{line.mates("完成率")},">"&({shown}+{NOISE}){others})'
    return f"IF(ISNUMBER({shown}),{ahead}+1,{DASH})"


def _distinct_rates_ahead(line: Line, shown: str) -> str:
    """How many different rates are ahead: each counts as one over how often it stands there."""
    rates, measures = line.mates("完成率"), line.mates("指标")
    ahead = f"ISNUMBER({rates})*({measures}={line.key('指标')})*({rates}>{shown}+{NOISE})"
    return f"SUMPRODUCT({ahead}/COUNTIFS({measures},{measures},{rates},{rates}))"


def _target(book: Book, line: Line) -> str:
    """The target's cell in the table of targets, where it holds the plain number."""
    if line.kind == "area":
        return _sum(book, line, "", "目标") if _adds_up(book, line) else ""
    value, cell = book.targets.get((line.group, line.unit, line.measure), (None, None))
    if cell is None or value != line.target:
        return ""
    return f"VALUE({layout.target_of(cell)})"


def _adds_up(book: Book, line: Line) -> bool:
    """Whether the area's target is the sum of its groups' and each group has one."""
    totals = book.figures.totals
    ours = totals[(totals["measure"] == line.measure) & (totals["group"] != line.group)]["target"]
    return bool(ours.notna().all()) and line.target == int(ours.sum())


def target_cells(figures: "Figures") -> TargetCells:
    """Where the floor of (group, unit, measure) is written as a plain number in 亿元 or 个."""
    if not figures.beside:
        return {}
    found: dict[tuple[str, str, str], tuple[int, Cell]] = {}
    targets = figures.ledger.targets
    period = figures.period.text
    floors = targets[(targets["bound"] == "floor") & (targets["period"] == period)]
    for row in records(floors):
        measure, text = str(row["measure"]), str(row["text"])
        grains = figures.policy.measure(measure).grains
        if _is_plain(text) and Fraction(text) * grains == row["value"]:
            key = (str(row["group"]), str(row["unit"]), measure)
            cell = Cell(str(row["sheet"]), whole(row["row"]) or 0, whole(row["column"]) or 0)
            found.setdefault(key, (whole(row["value"]) or 0, cell))
    return found


def _is_plain(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None
