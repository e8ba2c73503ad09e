"""完成情况: where every unit stands, summed live over 计入明细."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell
from xlplan.model import REACHED_NAMES, STANDING_SHEET
from xlplan.policy import TOTAL
from xlplan.policy.schema import Ranking
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
from xlplan.sheets.readings import value_cells

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

PACE_CELL = "$I$2"

NOISE = "1E-12"
"""Rates closer than this are the same rate: what adding up floats may leave."""

DASH = f'"{looks.NONE}"'

UNKNOWN = "未报"
"""What stands for a value that is not known, so that it is never taken for 0."""

OPEN = "待定"
"""What stands for a value that cannot be told yet, for another reason than that it is missing."""

LEFT_OUT = "不排名"
"""What stands in place of a rank for a unit that the policy leaves out of the ranking."""

NOT_YET = "尚未达标"
"""未达标 while the period is not over."""

GOOD_WORDS = tuple(REACHED_NAMES[name] for name in ("stretch", "floor", "within"))
BAD_WORDS = tuple(REACHED_NAMES[name] for name in ("not", "over"))
AFTER_PACE = HEADS.index("序时进度") + 2
PLACES = 10
"""Decimals to which a value and its target are compared: a 分 in 亿元 is the finest grain."""

TargetCells = Mapping[tuple[str, str, str], tuple[int, Cell]]


def standing_figures(figures: "Figures") -> dict[tuple[int, int], Figure]:
    """What each cell (row, column) of 完成情况 is about, by the sheet's own layout."""
    return {
        (line.row, column): Figure(line.group, line.unit, line.measure.name, head)
        for line in standing_lines(figures)
        for column, head in enumerate(HEADS, start=1)
    }


def standing_sheet(figures: "Figures") -> Sheet:
    """完成情况, described."""
    lines = standing_lines(figures)
    cells, merges = _caption(figures)
    book = Book(figures, target_cells(figures), open_values(figures), value_cells(figures))
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
        data_bars=(DataBar(_under("完成率", last), looks.BAR),),
        highlights=tuple(_highlights(last)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )


def _caption(figures: "Figures") -> tuple[list[CellSpec], list[Area]]:
    """Title; below it policy, period and as-of date, the pace in a cell of its own, the units."""
    remark = f"{figures.policy.title}　期间：{figures.shown_period}　截止：{figures.shown_as_of}"
    cells = [
        CellSpec(1, 1, f"{figures.policy.area}招商引资目标任务完成情况", looks.TITLE),
        CellSpec(REMARK_ROW, 1, remark, looks.REMARK),
        *_pace_cells(figures),
        CellSpec(REMARK_ROW, AFTER_PACE, _units_said(figures), looks.UNIT_REMARK),
        *layout.head_cells(HEADS),
    ]
    return cells, [
        Area(1, 1, 1, len(HEADS)),
        Area(REMARK_ROW, 1, REMARK_ROW, AFTER_PACE - 3),
        Area(REMARK_ROW, AFTER_PACE, REMARK_ROW, len(HEADS)),
    ]


def _pace_cells(figures: "Figures") -> list[CellSpec]:
    """The pace that holds for all, if there is one, in a cell that the rows refer to."""
    if figures.pace is None:
        return []
    pace = looks.REMARK.but(horizontal="center", number_format=looks.RATE, wrap=False)
    return [
        CellSpec(REMARK_ROW, AFTER_PACE - 2, "序时进度：", looks.UNIT_REMARK),
        CellSpec(REMARK_ROW, AFTER_PACE - 1, figures.pace, pace),
    ]


def _units_said(figures: "Figures") -> str:
    usual = all(measure.unit in ("亿元", "个") for measure in figures.policy.measures)
    return "单位：亿元、个" if usual else "计量单位见末列"


def _under(head: str, last: int) -> Area:
    column = HEADS.index(head) + 1
    return Area(FIRST_ROW, column, last, column)


def _highlights(last: int) -> Iterator[Highlight]:
    """Ahead and behind, reached and over, negative, pending, unknown; a unit stands out once."""
    row = FIRST_ROW
    gap, done, pending, reached = (f"${AT[head]}{row}" for head in (GAP, "完成", "待定", "达标"))
    yield Highlight(_under(GAP, last), f"AND(ISNUMBER({gap}),{gap}<0)", color=looks.BAD, bold=True)
    yield Highlight(_under(GAP, last), f"AND(ISNUMBER({gap}),{gap}>=0)", color=looks.GOOD)
    yield Highlight(_under("完成", last), f"N({done})<0", color=looks.BAD)
    unknown = f'OR({done}="{UNKNOWN}",{done}="{OPEN}")'
    yield Highlight(_under("完成", last), unknown, fill=looks.PENDING_FILL, bold=True)
    yield Highlight(_under("待定", last), f"{pending}<>0", fill=looks.PENDING_FILL, bold=True)
    for words, color in ((GOOD_WORDS, looks.GOOD), (BAD_WORDS, looks.BAD)):
        said = ",".join(f'{reached}="{word}"' for word in words)
        yield Highlight(_under("达标", last), f"OR({said})", color=color, bold=True)
    for head in ("类别", "责任单位"):
        above = f"${AT[head]}{row}=${AT[head]}{row - 1}"
        yield Highlight(_under(head, last), above, color=looks.REPEATED)


# One row's cells


@dataclass(frozen=True, slots=True)
class Content:
    """What a cell holds: value, formula when it is computed, and its look."""

    value: Value
    style: Style
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """What the rows' formulas refer to beyond their own row.

    `open` are the values, by group, unit and measure, that cannot be told yet though reported;
    `values` says likewise where 指标明细 has what is no sum.
    """

    figures: "Figures"
    targets: TargetCells = field(default_factory=dict)
    open: frozenset[tuple[str, str, str]] = frozenset()
    values: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def credits(self, head: str) -> str:
        """All of 计入明细 under a head."""
        return credit_rows.reference(self.figures, head)


def _cells(book: Book, line: Line) -> list[CellSpec]:
    """The cells of a row in the order of `HEADS`."""
    contents = {**_names(line), **_amounts(book, line), **_progress(book, line)}
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


def _names(line: Line) -> dict[str, Content]:
    base = _base(line)
    return {
        "类别": Content(line.group, base),
        "责任单位": Content("总计" if line.kind == "area" else line.unit, base),
        "指标": Content(line.measure.name, base),
        "计量单位": Content(line.measure.unit, base),
    }


def _amounts(book: Book, line: Line) -> dict[str, Content]:
    """Target, done, pending, and what a total counts once, in the measure's unit."""
    shown = _number_format(book, line)
    style = _base(line).but(horizontal="right", number_format=shown, wrap=False)
    dashed = style.but(number_format=looks.zero_as_dash(shown))
    done = Content(line.done, style, _sum(book, line, "计入", "完成"))
    return {
        "目标": Content(line.target, style, _target(book, line)),
        "力争": Content(line.stretch, style),
        "完成": _unknown(book, line, style) if line.done is None else done,
        "待定": Content(line.pending, dashed, _sum(book, line, "待定", "待定")),
        "去重完成": Content(line.distinct, style, _distinct(book, line)),
    }


def _unknown(book: Book, line: Line, style: Style) -> Content:
    """未报 or 待定 where a target waits for a figure; a dash where nobody asks for one."""
    said = looks.NONE if line.target is None else UNKNOWN
    if line.target is not None and (line.group, line.unit, line.measure.name) in book.open:
        said = OPEN
    return Content(said, style.but(horizontal="center"))


def _number_format(book: Book, line: Line) -> str:
    if line.measure.is_money:
        return looks.money(book.figures.settings.places)
    if line.measure.is_share:
        return looks.SHARE
    numbers = (line.done, line.target, line.stretch)
    is_whole = all(number is None or number.denominator == 1 for number in numbers)
    return "General" if line.measure.is_sum or is_whole else "0.00##"


def _progress(book: Book, line: Line) -> dict[str, Content]:
    """Rate, pace, gap, what is reached, and rank; dashes where there is no target."""
    base = _base(line)
    right = base.but(horizontal="right", wrap=False)
    percent = right.but(number_format=looks.RATE)
    points = None if line.gap is None else line.gap * 100
    return {
        "完成率": _or_dash(line.rate, percent, _rate(line)),
        "序时进度": _or_dash(
            line.pace if line.rate is not None else None, percent, _pace(book, line)
        ),
        GAP: _or_dash(points, right.but(number_format=looks.POINTS), _gap(line)),
        "达标": _or_dash(reached_said(book.figures, line.reached), base, _reached(book, line)),
        "位次": _placed(book, line, base),
    }


def _placed(book: Book, line: Line, base: Style) -> Content:
    """The rank, or that the policy leaves the unit out."""
    if line.unit in book.figures.policy.ranking_of(line.measure.name).left_out:
        return Content(LEFT_OUT, base)
    return _or_dash(line.rank, base, _rank(book, line))


def reached_said(figures: "Figures", reached: str) -> str | None:
    """What a clerk calls it; a target that is not reached may yet be, while the period lasts."""
    if reached == "not" and figures.as_of < figures.period.end - timedelta(days=1):
        return NOT_YET
    return REACHED_NAMES.get(reached)


def _or_dash(value: Value, style: Style, formula: str) -> Content:
    if value is None:
        return Content(looks.NONE, style.but(horizontal="center"), formula)
    return Content(value, style, formula)


# Formulas


def _done(line: Line) -> str:
    """The cell of what is set against the target: of the area what counts once."""
    return line.at("去重完成" if line.kind == "area" and line.measure.is_sum else "完成")


def _rate(line: Line) -> str:
    """Done over target; none for a ceiling."""
    if line.bound == "ceiling":
        return ""
    target, done = line.at("目标"), _done(line)
    is_known = f"N({target})>0" if line.measure.is_sum else f"AND(N({target})>0,ISNUMBER({done}))"
    return f"IF({is_known},{done}/{target},{DASH})"


def _pace(book: Book, line: Line) -> str:
    """The pace of all; one of the line's own is no formula."""
    if line.pace is None or line.pace != book.figures.pace:
        return ""
    return f"IF(ISNUMBER({line.at('完成率')}),{PACE_CELL},{DASH})"


def _gap(line: Line) -> str:
    """Rate less pace; where there is none, value less target of a share, rate less 1 of a level."""
    if line.gap is None and line.pace is None:
        return ""
    rate, less = line.at("完成率"), line.at("序时进度")
    if line.pace is None:
        less = "1"
    if line.pace is None and line.measure.is_share:
        rate, less = line.at("完成"), line.at("目标")
    return f"IF(ISNUMBER({line.at('完成率')}),({rate}-{less})*100,{DASH})"


def _reached(book: Book, line: Line) -> str:
    """Which of its targets the value reaches, compared to the grain."""
    if line.target is None:
        return ""
    done, target, stretch = (
        f"ROUND({cell},{PLACES})" for cell in (_done(line), line.at("目标"), line.at("力争"))
    )
    if line.bound == "ceiling":
        said = f'IF({done}<={target},"{REACHED_NAMES["within"]}","{REACHED_NAMES["over"]}")'
    else:
        short = reached_said(book.figures, "not")
        said = f'IF({done}>={target},"{REACHED_NAMES["floor"]}","{short}")'
        if line.stretch is not None:
            said = f'IF({done}>={stretch},"{REACHED_NAMES["stretch"]}",{said})'
    return said if line.measure.is_sum else f"IF(ISNUMBER({line.at('完成')}),{said},{DASH})"


def _sum(book: Book, line: Line, credit: str, head: str) -> str:
    """A unit sums its credits, a group its units, the area its groups."""
    if not line.measure.is_sum:
        unit = line.unit if line.kind == "unit" else TOTAL
        known = book.values.get((line.group, unit, line.measure.name), "")
        return known if head == "完成" else ""
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
    if line.kind == "unit" or not line.measure.is_sum:
        return ""
    if line.kind == "area":
        return f"{line.at('完成')}-SUMIFS({book.credits('全区重复')},{what})"
    whose = f"{book.credits('类别')},{line.key('类别')}"
    return f"{line.at('完成')}-SUMIFS({book.credits('本类重复')},{whose},{what})"


def _rank(book: Book, line: Line) -> str:
    """One more than the number of mates ahead by more than noise; "" where nobody is ranked."""
    ranking = book.figures.policy.ranking_of(line.measure.name)
    if line.kind != "unit":
        return ""
    is_ranked = f"ISNUMBER({line.at(_ranked_by(line, ranking))})"
    if _needs_target(line, ranking):
        is_ranked = f"AND({is_ranked},ISNUMBER({line.at('目标')}))"
    return f"IF({is_ranked},{_ahead(line, ranking)}+1,{DASH})"


def _ranked_by(line: Line, ranking: Ranking) -> str:
    """The head of the column that ranks: where less is better it is the value itself."""
    if line.measure.better == "lower" or ranking.by == "value":
        return "完成"
    return "完成率" if ranking.by == "rate" else GAP


def _needs_target(line: Line, ranking: Ranking) -> bool:
    """Whether only those with a target are ranked by their value."""
    return _ranked_by(line, ranking) == "完成" and ranking.by != "value"


def _ahead(line: Line, ranking: Ranking) -> str:
    """How many mates are ahead, or how many different figures of theirs."""
    head = _ranked_by(line, ranking)
    shown, figures, measures = line.at(head), line.mates(head), line.mates("指标")
    fewer = line.measure.better == "lower"
    beyond = f"<{shown}-{NOISE}" if fewer else f">{shown}+{NOISE}"
    needs_target = _needs_target(line, ranking)
    if ranking.ties == "dense":
        ahead = f"ISNUMBER({figures})*({measures}={line.key('指标')})*({figures}{beyond})"
        ahead += f"*ISNUMBER({line.mates('目标')})" if needs_target else ""
        return f"SUMPRODUCT({ahead}/COUNTIFS({measures},{measures},{figures},{figures}))"
    same = f"{line.mates('类别')},{line.key('类别')},{measures},{line.key('指标')}"
    others = "".join(f',{line.mates("责任单位")},"<>{unit}"' for unit in ranking.left_out)
    others += f',{line.mates("目标")},">=0"' if needs_target else ""
    sign = "<" if fewer else ">"
    return f'COUNTIFS({same},{figures},"{sign}"&({beyond[1:]}){others})'


def _target(book: Book, line: Line) -> str:
    """The target's cell in the table of targets, where it holds the plain number."""
    if line.kind == "area":
        return _sum(book, line, "", "目标") if _adds_up(book, line) else ""
    value, cell = book.targets.get((line.group, line.unit, line.measure.name), (None, None))
    if cell is None or line.target is None or value != line.target * line.measure.grains:
        return ""
    return f"VALUE({layout.target_of(cell)})"


def _adds_up(book: Book, line: Line) -> bool:
    """Whether the area's target is the sum of its groups' and each group has one."""
    totals = book.figures.totals
    named = totals["measure"] == line.measure.name
    ours = totals[named & (totals["group"] != line.group)]["target"]
    return bool(ours.notna().all()) and line.target == Fraction(
        int(ours.sum()), line.measure.grains
    )


def open_values(figures: "Figures") -> frozenset[tuple[str, str, str]]:
    """The readings that hang on something else than a report, by group, unit and measure."""
    rows = figures.readings[figures.readings["state"] == "open"]
    keys = zip(rows["group"], rows["unit"], rows["measure"], strict=True)
    return frozenset((str(group), str(unit), str(name)) for group, unit, name in keys)


def target_cells(figures: "Figures") -> TargetCells:
    """Where the target of (group, unit, measure) is written as a plain number in its unit."""
    if not figures.beside:
        return {}
    found: dict[tuple[str, str, str], tuple[int, Cell]] = {}
    targets = figures.ledger.targets
    period = figures.period.text
    bounds = targets["bound"].isin(["floor", "ceiling"])
    for row in records(targets[bounds & (targets["period"] == period)]):
        measure, text = str(row["measure"]), str(row["text"])
        grains = figures.policy.measure(measure).grains
        if _is_plain(text) and Fraction(text) * grains == row["value"]:
            key = (str(row["group"]), str(row["unit"]), measure)
            cell = Cell(str(row["sheet"]), whole(row["row"]) or 0, whole(row["column"]) or 0)
            found.setdefault(key, (whole(row["value"]) or 0, cell))
    return found


def _is_plain(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None
