"""对比: where two computations of one book differ, or what each ruling would change by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from xlplan.diagnostics import column_letters
from xlplan.model import DIFFERENCE_SHEET, DIFFERENCE_TITLES
from xlplan.policy.schema import Measure
from xlplan.sheets import layout, looks
from xlplan.sheets.boards import STATE_NAMES
from xlplan.sheets.comparison import Comparison, Flip
from xlplan.sheets.description import (
    Area,
    Block,
    BlockColumn,
    CellSpec,
    Highlight,
    Print,
    Sheet,
    Style,
    Value,
)
from xlplan.sheets.lines import Row, records, whole
from xlplan.sheets.scores import POINTS, places_said, spread
from xlplan.sheets.scores import TOTAL as TOTAL_SCORE
from xlplan.sheets.standings import UNKNOWN

if TYPE_CHECKING:
    import pandas as pd

NOW, THEN = "现行", "假设"
OPEN = "未定"
NOTHING = "两边的数字完全相同"
NOBODY = "不影响任何单位"
MENTIONED = 4
"""So many changes of rank are named beside an option; the table below has them all."""

ORDINALS = "一二三四"
FIRST_TABLE = 5
HEAD_ROWS = 3
"""A table's title and its two rows of heads."""

SIDE_WIDTHS = (11, 17, 20, 9, 12, 12, 16, 11, 11, 11, 11, 10, 10, 8, 8, 16)
RULING_WIDTHS = (9, 18, 30, 24, 24, 12, 12, 16, 11, 11, 9, 9)

UNCHANGED = looks.CENTRED.but(color=looks.GOOD)
TOTAL = looks.CENTRED.but(bold=True, fill=looks.TOTAL_FILL)


def difference_sheet(comparison: Comparison) -> Sheet:
    """对比, described: units, then projects; or options of rulings, then the units they touch.

    Amounts stand in 亿元, counts in 个; changes and sums are live formulas with cached values.
    """
    of_sides, of_rulings = DIFFERENCE_TITLES
    if comparison.is_of_rulings:
        return _sheet(comparison, of_rulings, RULING_WIDTHS, _ruling_tables(comparison))
    tables = [*_side_tables(comparison)]
    for differing, table in ((comparison.boards, _board_table), (comparison.scores, _score_table)):
        if len(differing):
            tables.append(table(comparison, tables[-1].end + 2, ORDINALS[len(tables)]))
    return _sheet(comparison, of_sides, SIDE_WIDTHS, tables)


def said_option(comparison: Comparison, ruling: str, option: str) -> str:
    """An option as a clerk reads it: its id and its label; 未定 while the ruling is open."""
    known = comparison.ruling(ruling)
    chosen = known.option(option) if known else None
    return f"{option}（{chosen.label}）" if chosen else option or OPEN


def said_flip(comparison: Comparison, flip: Flip) -> str:
    """A ruling and both its options."""
    before, after = (said_option(comparison, flip.ruling, one) for one in flip[1:])
    return f"口径 {flip.ruling}：{before} → {after}"


# The sheet around its tables


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head in two levels ("" below = one tall head) and its cells.

    It takes `span` columns of the sheet, merged in every row.
    """

    head: tuple[str, str]
    cells: Sequence[Value]
    style: Style = looks.CENTRED
    formula: str = ""
    styles: Sequence[Style] | None = None
    span: int = 1

    @property
    def blocks(self) -> Iterable[BlockColumn]:
        """The column's cells, then blank ones under the rest of its span."""
        yield BlockColumn(self.cells, self.style, self.formula, self.styles)
        for _ in range(self.span - 1):
            yield BlockColumn([None] * len(self.cells), self.style)


@dataclass(frozen=True)
class Table:
    """A table of the sheet, its title in `row`; `totals` are the cells below it, row by row."""

    row: int
    title: str
    columns: tuple[Column, ...]
    totals: tuple[tuple[CellSpec, ...], ...] = ()
    nothing: str = NOTHING

    @cached_property
    def count(self) -> int:
        """How many rows of data it has."""
        return len(self.columns[0].cells)

    @property
    def first(self) -> int:
        """The row of its first data."""
        return self.row + HEAD_ROWS

    @property
    def last(self) -> int:
        """Its last row of data, or the row that says there is none."""
        return self.first + max(self.count, 1) - 1

    @property
    def end(self) -> int:
        """Its last row, totals included."""
        return self.last + len(self.totals)

    @cached_property
    def starts(self) -> list[int]:
        """The sheet column at which each column begins, and that behind the last."""
        starts = [1]
        for column in self.columns:
            starts.append(starts[-1] + column.span)
        return starts

    def cells(self) -> list[CellSpec]:
        """Title, heads, totals; where there are no data, a row that says so."""
        found = [CellSpec(self.row, 1, self.title, looks.SECTION)]
        found += [cell for total in self.totals for cell in total]
        said = ""
        for column, (start, end) in zip(self.columns, self.spans, strict=True):
            upper, lower = column.head
            for at in range(start, end + 1):
                new = None if upper == said else upper
                found.append(CellSpec(self.row + 1, at, new, looks.HEAD))
                found.append(
                    CellSpec(self.row + 2, at, (at == start and lower) or None, looks.HEAD)
                )
                said = upper
        if not self.count:
            blank = [CellSpec(self.first, at, None, UNCHANGED) for at in range(2, self.starts[-1])]
            found += [CellSpec(self.first, 1, self.nothing, UNCHANGED), *blank]
        return found

    def merges(self) -> list[Area]:
        """Heads of one level or over several columns; cells of wide columns."""
        wide = [(start, end) for start, end in self.spans if end > start]
        rows = range(self.first, self.first + min(self.count, layout.HEIGHTS_LIMIT))
        if not self.count:
            wide, rows = [(1, self.starts[-1] - 1)], range(self.first, self.first + 1)
        return [
            *self._head_merges(),
            *(Area(row, start, row, end) for row in rows for start, end in wide),
        ]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First and last sheet column of each column."""
        return [(start, after - 1) for start, after in pairwise(self.starts)]

    def _head_merges(self) -> Iterable[Area]:
        placed = zip(self.columns, self.spans, strict=True)
        for _, group in groupby(placed, key=lambda pair: pair[0].head[0]):
            members = list(group)
            (first, (start, _)), (_, (_, end)) = members[0], members[-1]
            tall = 0 if first.head[1] else 1
            if tall or end > start:
                yield Area(self.row + 1, start, self.row + 1 + tall, end)
            for column, (first_at, last_at) in members:
                if column.head[1] and last_at > first_at:
                    yield Area(self.row + 2, first_at, self.row + 2, last_at)

    def block(self) -> tuple[Block, ...]:
        """The data."""
        blocks = tuple(block for column in self.columns for block in column.blocks)
        return (Block(self.first, 1, blocks),) if self.count else ()

    def heights(self, widths: Sequence[float]) -> dict[int, float]:
        """Heights that show wrapped texts whole."""
        wide = {
            at: float(sum(widths[start - 1 : end]))
            for at, (start, end) in enumerate(self.spans, start=1)
        }
        texts = list(zip(*(column.cells for column in self.columns), strict=True))
        fixed = {self.row: 26.0, self.row + 1: 20.0, self.row + 2: 20.0}
        fixed |= {self.last + down: layout.ROW_HEIGHT for down in range(1, len(self.totals) + 1)}
        return fixed | layout.row_heights(self.first, texts or [()], wide)


def _sheet(
    comparison: Comparison, title: str, widths: Sequence[float], tables: Sequence[Table]
) -> Sheet:
    across = len(widths)
    remarks = (_sides(comparison), _about(comparison))
    cells = [CellSpec(1, 1, title, looks.TITLE)]
    cells += [CellSpec(row, 1, said, looks.REMARK) for row, said in enumerate(remarks, start=2)]
    merges = [Area(row, 1, row, across) for row in (1, 2, 3)]
    lines = 1 + len(comparison.flips)
    heights = {1: layout.TITLE_HEIGHT, 2: layout.REMARK_HEIGHT * lines, 3: layout.REMARK_HEIGHT}
    for table in tables:
        cells += table.cells()
        merges += table.merges()
        heights |= table.heights(widths)
    return Sheet(
        DIFFERENCE_SHEET,
        tuple(cells),
        blocks=tuple(block for table in tables for block in table.block()),
        merges=tuple(merges),
        widths={column: float(width) for column, width in enumerate(widths, start=1)},
        heights=heights,
        freeze=(4, 4),
        highlights=tuple(mark for table in tables for mark in _highlights(table)),
        print=Print(title_rows=(1, 3)),
        tab_color=looks.FINDING_TAB,
    )


def _highlights(table: Table) -> Iterable[Highlight]:
    """Changes above and below nothing, pending amounts, and places that are not the same."""
    rows = (table.first, table.last)
    for column, start in zip(table.columns, table.starts, strict=False):
        at, upper, lower = f"${column_letters(start)}{table.first}", *column.head
        area = Area(rows[0], start, rows[1], start)
        if lower == "变动":
            yield Highlight(area, f"N({at})<0", color=looks.BAD)
            yield Highlight(area, f"N({at})>0", color=looks.GOOD)
        elif upper == "待定":
            yield Highlight(area, f"N({at})<>0", fill=looks.PENDING_FILL)
        elif upper in ("位次", "等次") and lower == THEN:
            before = f"${column_letters(start - 1)}{table.first}"
            yield Highlight(area, f"{at}<>{before}", fill="DDEBF7", bold=True)


def _sides(comparison: Comparison) -> str:
    """What stands against what."""
    before, after = comparison.before.policy, comparison.after.policy
    if comparison.is_of_rulings:
        return f"考核方案：{before.id}（{before.title}）　每次只改一项口径，其余照现行"
    sides = f"{NOW}：{before.id}　{THEN}：{comparison.against or after.id}"
    return "\n".join([sides, *(said_flip(comparison, flip) for flip in comparison.flips)])


def _about(comparison: Comparison) -> str:
    figures = comparison.before
    said = f"期间：{figures.shown_period}　截止：{figures.shown_as_of}　单位：亿元、个"
    if comparison.is_of_rulings:
        return said
    sums = "逐项目变动之和等于各单位的变动" if comparison.adds_up else "有的指标不由项目相加得出"
    return f"{said}　只列有差异的；{sums}"


# Cells


def _grains(comparison: Comparison, rows: Sequence[Row], name: str) -> list[Fraction | None]:
    """A column of grains in 亿元 or 个."""
    numbers = ((whole(row[name]), comparison.measure(str(row["measure"])).grains) for row in rows)
    return [None if number is None else Fraction(number, per) for number, per in numbers]


def _amounts(
    comparison: Comparison, rows: Sequence[Row], name: str, head: tuple[str, str]
) -> Column:
    """Amounts as 完成情况 shows them; a dash for none, or for 待定 of nothing."""
    values = _grains(comparison, rows, name)
    shown = looks.money(comparison.before.settings.places)
    right = looks.NUMBER
    styles = []
    for row in rows:
        measure = comparison.measure(str(row["measure"]))
        one = looks.SHARE if measure.is_share else shown if measure.is_money else "General"
        dashed = looks.zero_as_dash(one) if head[0] == "待定" else one
        styles.append(right.but(number_format=dashed))
    blank = UNKNOWN if head[0] == "完成" else looks.NONE
    return Column(head, [blank if one is None else one for one in values], styles=styles)


def _signed(measure: Measure, value: Fraction) -> Style:
    """A change is shown to the last 分, with its sign."""
    if measure.is_share:
        return looks.NUMBER.but(number_format="+0.0#%;-0.0#%;0")
    whole_count = not measure.is_money and value.denominator == 1
    shown = "+0;-0;0" if whole_count else "+0.00########;-0.00########;0"
    return looks.NUMBER.but(number_format=shown)


def _changes(
    comparison: Comparison, rows: Sequence[Row], head: tuple[str, str], formula: str
) -> Column:
    values = _grains(comparison, rows, "change")
    styles = _signs(comparison, rows, [one or Fraction(0) for one in values])
    return Column(head, values, formula=formula, styles=styles)


def _signs(comparison: Comparison, rows: Sequence[Row], values: Sequence[Fraction]) -> list[Style]:
    measures = (comparison.measure(str(row["measure"])) for row in rows)
    return [_signed(measure, value) for measure, value in zip(measures, values, strict=True)]


def _texts(rows: Sequence[Row], name: str, head: str, span: int = 1) -> Column:
    values = [str(row[name]) or looks.NONE for row in rows]
    return Column((head, ""), values, looks.CENTRED, span=span)


def _dashed(
    rows: Sequence[Row], name: str, head: tuple[str, str], style: Style, formula: str = ""
) -> Column:
    """Rates and places; a dash where there is none."""
    values: list[Value] = []
    for row in rows:
        value = row[name]
        values.append(value if isinstance(value, Fraction) else whole(value))
    shown = [looks.NONE if value is None else value for value in values]
    return Column(head, shown, style, formula)


def _measured(comparison: Comparison, rows: Sequence[Row]) -> Column:
    units = [comparison.measure(str(row["measure"])).unit for row in rows]
    return Column(("计量单位", ""), units)


# Two sides


def _side_tables(comparison: Comparison) -> tuple[Table, Table]:
    """Units above, projects below; each unit's change beside the sum of its projects'."""
    units, projects = records(comparison.units), records(comparison.projects)
    sums = list(comparison.sums(comparison.units))
    start = FIRST_TABLE + HEAD_ROWS + max(len(units), 1) + len(sums) + 1
    below = Table(start, "二、逐项目", _project_columns(comparison, projects))
    below = replace(below, totals=_totals(comparison, below, comparison.projects))
    above = Table(FIRST_TABLE, "一、逐单位", _unit_columns(comparison, units, below))
    return replace(above, totals=_totals(comparison, above, comparison.units)), below


def _unit_columns(comparison: Comparison, rows: Sequence[Row], below: Table) -> tuple[Column, ...]:
    percent = looks.CENTRED.but(number_format=looks.RATE, wrap=False)
    dash = f'"{looks.NONE}"'
    return (
        _texts(rows, "group", "类别"),
        _texts(rows, "unit", "责任单位"),
        _texts(rows, "measure", "指标"),
        _measured(comparison, rows),
        _amounts(comparison, rows, "done_before", ("完成", NOW)),
        _amounts(comparison, rows, "done_after", ("完成", THEN)),
        _changes(comparison, rows, ("完成", "变动"), "F{r}-E{r}"),
        _amounts(comparison, rows, "pending_before", ("待定", NOW)),
        _amounts(comparison, rows, "pending_after", ("待定", THEN)),
        _amounts(comparison, rows, "target_before", ("目标", NOW)),
        _amounts(comparison, rows, "target_after", ("目标", THEN)),
        _dashed(
            rows, "rate_before", ("完成率", NOW), percent, f"IF(N(J{{r}})>0,E{{r}}/J{{r}},{dash})"
        ),
        _dashed(
            rows, "rate_after", ("完成率", THEN), percent, f"IF(N(K{{r}})>0,F{{r}}/K{{r}},{dash})"
        ),
        _dashed(rows, "rank_before", ("位次", NOW), looks.CENTRED),
        _dashed(rows, "rank_after", ("位次", THEN), looks.CENTRED),
        _of_projects(comparison, rows, below),
    )


def _of_projects(comparison: Comparison, rows: Sequence[Row], below: Table) -> Column:
    """The sum of the changes of the unit's projects, which is the unit's change."""
    added: dict[tuple[object, object], int] = {}
    for row in records(comparison.projects):
        key = row["unit"], row["measure"]
        added[key] = added.get(key, 0) + (whole(row["change"]) or 0)
    measures = [comparison.measure(str(row["measure"])) for row in rows]
    values = [
        Fraction(added.get((row["unit"], row["measure"]), 0), measure.grains)
        if measure.is_sum
        else None
        for row, measure in zip(rows, measures, strict=True)
    ]
    styles = _signs(comparison, rows, [one or Fraction(0) for one in values])
    change, unit, measure = (
        layout.absolute(at, (below.first, below.last)) for at in ("G", "B", "C")
    )
    formula = f"SUMIFS({change},{unit},$B{{r}},{measure},$C{{r}})" if below.count else ""
    return Column(("项目变动合计", ""), values, formula=formula, styles=styles)


def _project_columns(comparison: Comparison, rows: Sequence[Row]) -> tuple[Column, ...]:
    return (
        replace(_texts(rows, "project", "项目编号"), style=looks.CODE),
        _texts(rows, "unit", "责任单位"),
        _texts(rows, "measure", "指标"),
        _measured(comparison, rows),
        _amounts(comparison, rows, "credit_before", ("计入", NOW)),
        _amounts(comparison, rows, "credit_after", ("计入", THEN)),
        _changes(comparison, rows, ("计入", "变动"), "F{r}-E{r}"),
        _amounts(comparison, rows, "pending_before", ("待定", NOW)),
        _amounts(comparison, rows, "pending_after", ("待定", THEN)),
        replace(_texts(rows, "name", "项目名称", span=2), style=looks.TEXT),
        Column(("起作用的规则", ""), [said_cause(row) for row in rows], looks.TEXT, span=4),
        _texts(rows, "clause", "条款"),
    )


def _board_table(comparison: Comparison, row: int, number: str) -> Table:
    """Who comes onto a red or black list, or off one."""
    rows = records(comparison.boards)
    columns = (
        _texts(rows, "name", "榜单"),
        _texts(rows, "unit", "责任单位"),
        _texts(rows, "measure", "指标"),
        _texts(rows, "group", "类别"),
        Column(("结论", NOW), [_state(one, "before") for one in rows]),
        Column(("结论", THEN), [_state(one, "after") for one in rows]),
        Column(("说明", NOW), [str(one["because_before"]) for one in rows], looks.TEXT, span=5),
        Column(("说明", THEN), [str(one["because_after"]) for one in rows], looks.TEXT, span=5),
    )
    return Table(row, f"{number}、红黑榜", columns)


def _score_table(comparison: Comparison, row: int, number: str) -> Table:
    """Whose total score differs, its place and its grade."""
    rows = records(comparison.scores)
    now, then, change = _totals_scored(rows, "D{r}-C{r}")
    columns = (
        _texts(rows, "group", "类别"),
        _texts(rows, "unit", "责任单位"),
        now,
        replace(then, span=2),
        replace(change, span=2),
        *_places_scored(rows),
        replace(_scores_said(rows), span=4),
        _texts(rows, "clause", "条款"),
    )
    return Table(row, f"{number}、{TOTAL_SCORE}", columns)


def _totals_scored(rows: Sequence[Row], formula: str) -> tuple[Column, Column, Column]:
    """Totals on both sides, as a range where they are pending; the change where both are known."""
    sides = []
    for when, head in (("before", NOW), ("after", THEN)):
        totals = [one[f"total_{when}"] for one in rows]
        ranges = [spread(one[f"least_{when}"], one[f"most_{when}"]) for one in rows]
        shown: list[Value] = [
            total if isinstance(total, Fraction) else said
            for total, said in zip(totals, ranges, strict=True)
        ]
        sides.append(Column(("总分", head), shown, POINTS))
    changes = [one["change"] for one in rows]
    known = [one if isinstance(one, Fraction) else None for one in changes]
    style = looks.NUMBER.but(number_format="+0.00##;-0.00##;0")
    return sides[0], sides[1], Column(("总分", "变动"), known, style, formula)


def _scores_said(rows: Sequence[Row]) -> Column:
    """The scores that differ, a line each."""
    return Column(("变动的得分", ""), [_lines_of(row["items"]) for row in rows], looks.TEXT)


def _lines_of(items: object) -> str:
    return str(items).replace("；", "\n") or looks.NONE


def _places_scored(rows: Sequence[Row]) -> Iterable[Column]:
    """Places and grades on both sides."""
    for when, head in (("before", NOW), ("after", THEN)):
        ends = [(one[f"best_rank_{when}"], one[f"worst_rank_{when}"]) for one in rows]
        yield Column(("位次", head), [places_said(whole(one), whole(two)) for one, two in ends])
    for when, head in (("before", NOW), ("after", THEN)):
        yield Column(("等次", head), [str(one[f"grade_{when}"]) or looks.NONE for one in rows])


def _state(row: Row, when: str) -> str:
    return STATE_NAMES.get(str(row[f"state_{when}"]), looks.NONE)


CAUSE_WORDS = {
    "ruling": "口径",
    "tier": "档次",
    "below": "未入档",
    "no_rule": "无规则可用",
    "nothing": "不计",
}


def said_cause(row: Row, words: Mapping[str, str] = CAUSE_WORDS) -> str:
    """What makes a difference of `model.PROJECT_CHANGES`: rulings, tiers, rules, a line each.

    >>> row = {"ruling": "home-weight", "tier_before": "", "tier_after": ""}
    >>> print(said_cause(row | {"rule_before": "weight.20", "rule_after": "", "pending_after": 1}))
    口径 home-weight
    weight.20 → 无规则可用
    """
    said = [f"{words['ruling']} {row['ruling']}"] if row["ruling"] else []
    if row["tier_before"] != row["tier_after"]:
        tiers = (row[f"tier_{when}"] or words["below"] for when in ("before", "after"))
        said.append(f"{words['tier']} {' → '.join(map(str, tiers))}")
    before, after = (
        str(row[f"rule_{when}"]) or words["no_rule" if row.get(f"pending_{when}") else "nothing"]
        for when in ("before", "after")
    )
    said.append(before if before == after else f"{before} → {after}")
    return "\n".join(said)


def _totals(
    comparison: Comparison, table: Table, frame: "pd.DataFrame"
) -> tuple[tuple[CellSpec, ...], ...]:
    """One row a measure: what its changes add up to."""
    across = table.starts[-1] - 1
    is_units = across == len(SIDE_WIDTHS) and table.columns[-1].head[0] == "项目变动合计"
    found = []
    for row, (name, grains) in enumerate(comparison.sums(frame), start=table.last + 1):
        measure = comparison.measure(name)
        value = Fraction(grains, measure.grains)
        cells = dict.fromkeys(range(1, across + 1), CellSpec(row, 1, None, TOTAL))
        said = {1: "合计", 3: name, 4: measure.unit}
        cells |= {at: CellSpec(row, at, text, TOTAL) for at, text in said.items()}
        for at in (7, across) if is_units else (7,):
            cells[at] = _total(table, row, at, value, _signed(measure, value))
        found.append(tuple(replace(cell, column=at) for at, cell in cells.items()))
    return tuple(found)


def _total(table: Table, row: int, at: int, value: Fraction, style: Style) -> CellSpec:
    letter, rows = column_letters(at), (table.first, table.last)
    style = style.but(bold=True, fill=looks.TOTAL_FILL)
    formula = f"SUMIFS({layout.absolute(letter, rows)},{layout.absolute('C', rows)},$C{row})"
    return CellSpec(row, at, value, style, formula)


# Each ruling by itself


def _ruling_tables(comparison: Comparison) -> tuple[Table, ...]:
    """Every option of every ruling; below it the units that each would move, and their scores."""
    options, effects = records(comparison.options), records(comparison.effects)
    above = Table(FIRST_TABLE, "一、各项口径改选后的影响", _option_columns(comparison, options))
    below = Table(above.end + 2, "二、逐单位", _effect_columns(comparison, effects), nothing=NOBODY)
    if not len(comparison.score_effects):
        return above, below
    rows = records(comparison.score_effects)
    title = f"{ORDINALS[2]}、{TOTAL_SCORE}"
    return above, below, Table(below.end + 2, title, _score_effect_columns(comparison, rows))


def _score_effect_columns(comparison: Comparison, rows: Sequence[Row]) -> tuple[Column, ...]:
    return (
        _texts(rows, "group", "类别"),
        _texts(rows, "ruling", "口径"),
        Column(("改为", ""), [_said(comparison, row, "option") for row in rows]),
        _texts(rows, "unit", "责任单位"),
        _scores_said(rows),
        *_totals_scored(rows, "G{r}-F{r}"),
        *_places_scored(rows),
    )


def _option_columns(comparison: Comparison, rows: Sequence[Row]) -> tuple[Column, ...]:
    moved = moves(comparison)
    left = looks.TEXT
    return (
        Column(("状态", ""), ["已定" if row["now"] else OPEN for row in rows]),
        _texts(rows, "ruling", "口径"),
        replace(_texts(rows, "question", "问题"), style=left),
        Column((NOW, ""), [_said(comparison, row, "now") for row in rows]),
        Column(("改为", ""), [_said(comparison, row, "option") for row in rows]),
        Column(("数字有变的单位", ""), [whole(row["units"]) for row in rows]),
        Column(("位次有变的单位", ""), [whole(row["ranked"]) for row in rows]),
        Column(
            ("位次变动", ""),
            [
                _mentioned(moved.get((row["ruling"], row["option"]), [])) + _lists_said(row)
                for row in rows
            ],
            left,
            span=5,
        ),
    )


def _said(comparison: Comparison, row: Row, name: str) -> str:
    return said_option(comparison, str(row["ruling"]), str(row[name]))


def moves(comparison: Comparison) -> Mapping[tuple[object, object], list[str]]:
    """The changes of rank by (ruling, option), each as 单位 指标 3→2.

    In the order of the options; of one option, those of total scores first.
    """
    options = records(comparison.options)
    found: dict[tuple[object, object], list[str]] = {
        (row["ruling"], row["option"]): [] for row in options
    }
    for row in records(comparison.score_effects):
        places = [
            places_said(whole(row[f"best_rank_{when}"]), whole(row[f"worst_rank_{when}"]))
            for when in ("before", "after")
        ]
        if places[0] != places[1]:
            said = f"{row['unit']} {TOTAL_SCORE} {places[0]}→{places[1]}"
            found[row["ruling"], row["option"]].append(said)
    for row in records(comparison.effects):
        if row["rank_before"] != row["rank_after"]:
            before, after = (row[name] or looks.NONE for name in ("rank_before", "rank_after"))
            said = f"{row['unit']} {row['measure']} {before}→{after}"
            found[row["ruling"], row["option"]].append(said)
    return {key: said for key, said in found.items() if said}


def _mentioned(moved: Sequence[str]) -> str:
    said = "；".join(moved[:MENTIONED]) or looks.NONE
    return f"{said}；等 {len(moved)} 处" if len(moved) > MENTIONED else said


def _lists_said(row: Row) -> str:
    """How many units would come onto a red or black list, or off one; whose scores would change."""
    lists = f"；红黑榜有变的单位 {row['listed']} 个" if row["listed"] else ""
    return lists + (f"；{TOTAL_SCORE}有变的单位 {row['scored']} 个" if row["scored"] else "")


def _effect_columns(comparison: Comparison, rows: Sequence[Row]) -> tuple[Column, ...]:
    return (
        _texts(rows, "group", "类别"),
        _texts(rows, "ruling", "口径"),
        Column(("改为", ""), [_said(comparison, row, "option") for row in rows]),
        _texts(rows, "unit", "责任单位"),
        _texts(rows, "measure", "指标"),
        _amounts(comparison, rows, "done_before", ("完成", NOW)),
        _amounts(comparison, rows, "done_after", ("完成", THEN)),
        _changes(comparison, rows, ("完成", "变动"), "G{r}-F{r}"),
        _amounts(comparison, rows, "pending_before", ("待定", NOW)),
        _amounts(comparison, rows, "pending_after", ("待定", THEN)),
        _dashed(rows, "rank_before", ("位次", NOW), looks.CENTRED),
        _dashed(rows, "rank_after", ("位次", THEN), looks.CENTRED),
    )
