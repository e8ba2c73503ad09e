"""汇总明细 and 重复项目: every line that a roll-up is made of, with its file, sheet and cell."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

from xlplan.counties import Added, Area, Line
from xlplan.sheets import layout, looks
from xlplan.sheets.credit_rows import LINK_LIMIT
from xlplan.sheets.description import Area as Cells
from xlplan.sheets.description import Block, BlockColumn, CellSpec, Print, Sheet, Style, Value
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW
from xlplan.sheets.rollup_places import Places

DETAIL_SHEET, SHARED_SHEET = "汇总明细", "重复项目"

DETAIL_WIDTHS: Mapping[str, float] = {
    "区县": 14,
    "类别": 12,
    "责任单位": 18,
    "指标": 20,
    "目标": 11,
    "完成": 12,
    "待定": 10,
    "完成率": 10,
    "分子": 10,
    "分母": 10,
    "计量单位": 9,
    "方案": 16,
    "方案里的指标": 20,
    "工作簿": 26,
    "来源单元格": 18,
}
SHARED_WIDTHS: Mapping[str, float] = {
    "序号": 7,
    "指标": 20,
    "数项": 8,
    "项目名称": 26,
    "统一社会信用代码": 22,
    "区县": 14,
    "项目编号": 12,
    "区县计入": 12,
    "全域计入": 12,
    "待定": 10,
    "扣减": 12,
    "工作簿": 26,
    "来源单元格": 18,
}
DETAIL_AT = layout.letters(tuple(DETAIL_WIDTHS))
SHARED_AT = layout.letters(tuple(SHARED_WIDTHS))

STATES: Mapping[str, str] = {
    "missing": "缺报",
    "none": "无此项",
    "unit": "不可比",
    "unknown": "未报",
    "": looks.NONE,
}
PARTS: Mapping[str, str] = {"value": "数值", "numerator": "分子", "denominator": "分母"}
WHOLE = "全区县"


def number_style(base: Style, unit: str) -> Style:
    """How an amount in that unit looks."""
    formats = {"%": looks.RATE, "亿元": looks.money(2)}
    return base.but(horizontal="right", wrap=False, number_format=formats.get(unit, "General"))


def value_of(line: Line) -> Fraction | None:
    """What a line has done; of a rate, the rate."""
    return line.done if line.measure.is_sum else line.rate


def detail_sheet(area: Area, places: Places) -> Sheet:
    """汇总明细, described: units, groups and the whole of each county, measure by measure."""
    lines = area.lines
    remark = "点来源单元格打开那本工作簿；全区县的目标没有单独写明的，为各类合计之和"
    bold = {True: looks.CENTRED.but(bold=True, fill=looks.TOTAL_FILL), False: looks.CENTRED}
    bases = [bold[line.kind == "area"] for line in lines]

    def texts(said: Sequence[Value]) -> BlockColumn:
        return BlockColumn(said, styles=bases)

    def amounts(said: Sequence[Value], units: Sequence[str]) -> BlockColumn:
        pairs = zip(bases, units, strict=True)
        return BlockColumn(said, styles=[number_style(base, unit) for base, unit in pairs])

    units = [line.measure.unit for line in lines]
    parts = [line.measure.part_unit for line in lines]
    links = [
        places.link(line.report.address, line.cell) if line.report and line.cell else ""
        for line in lines
    ]
    columns = (
        texts([line.county for line in lines]),
        texts([line.group if line.kind != "area" else "" for line in lines]),
        texts([WHOLE if line.kind == "area" else line.unit for line in lines]),
        texts([line.measure.name for line in lines]),
        amounts([line.target for line in lines], units),
        amounts([_shown(line) for line in lines], units),
        amounts([line.pending or None for line in lines], units),
        _rates(lines, bases),
        amounts([line.numerator for line in lines], parts),
        amounts([line.denominator for line in lines], parts),
        texts(units),
        texts([line.report.policy if line.report else "" for line in lines]),
        texts([line.own for line in lines]),
        texts([line.report.label if line.report else "" for line in lines]),
        _linked([str(line.cell) if line.cell else "" for line in lines], links),
    )
    return _sheet(DETAIL_SHEET, remark, DETAIL_WIDTHS, columns, len(lines))


def _shown(line: Line) -> Value:
    value = value_of(line)
    return STATES[line.state or ""] if value is None else value


def _rates(lines: Sequence[Line], bases: Sequence[Style]) -> BlockColumn:
    """Done over target of each sum, in a live formula."""
    done, target = DETAIL_AT["完成"], DETAIL_AT["目标"]
    return BlockColumn(
        [line.rate if line.measure.is_sum else None for line in lines],
        formula=f"{done}{{r}}/{target}{{r}}",
        styles=[number_style(base, "%") for base in bases],
    )


def shared_sheet(area: Area, places: Places) -> Sheet:
    """重复项目, described: what several counties have, what of it counts, what is taken off."""
    rows, ruled = area.shared, area.scope.when_different
    remark = f"{_same_said(area)}；{_DIFFERENT[ruled]}"
    links = [places.link(one.report.address, one.cell) for one in rows]
    numbers = {
        name: BlockColumn(
            [getattr(one, field) for one in rows],
            formula=formula,
            styles=[number_style(looks.TEXT, _unit(one.measure, one.part)) for one in rows],
        )
        for name, field, formula in (
            ("区县计入", "amount", ""),
            ("全域计入", "counted", ""),
            ("待定", "pending", ""),
            ("扣减", "taken_off", f"{SHARED_AT['区县计入']}{{r}}-{SHARED_AT['全域计入']}{{r}}"),
        )
    }
    columns = (
        BlockColumn([one.number for one in rows], looks.CENTRED),
        BlockColumn([one.measure.name for one in rows], looks.CENTRED),
        BlockColumn([PARTS[one.part] for one in rows], looks.CENTRED),
        BlockColumn([one.name for one in rows], looks.TEXT),
        BlockColumn([one.credit_code for one in rows], looks.CODE),
        BlockColumn([one.county for one in rows], looks.CENTRED),
        BlockColumn([one.project for one in rows], looks.CODE),
        *numbers.values(),
        BlockColumn([one.report.label for one in rows], looks.CENTRED),
        _linked([str(one.cell) for one in rows], links),
    )
    return _sheet(SHARED_SHEET, remark, SHARED_WIDTHS, columns, len(rows))


_DIFFERENT: Mapping[str, str] = {
    "": "各区县数额不同的没有裁定，全部待定",
    "largest": "各区县数额不同的，计最大的一个",
    "smallest": "各区县数额不同的，计最小的一个",
    "add": "各区县数额不同的，相加",
}


def _same_said(area: Area) -> str:
    """Which projects are one, in words."""
    from xlplan.counties.sharing import FIELD_NAMES  # noqa: PLC0415 - not for readers of this module

    ways = ["、".join(FIELD_NAMES[name] for name in one) for one in area.scope.same]
    return f"{'，或'.join(ways)}相同的是同一项目，只计一次" if ways else "没有规定怎样算同一项目"


def _unit(measure: Added, part: Literal["value", "numerator", "denominator"]) -> str:
    return measure.unit if part == "value" else measure.part_unit


def _linked(said: Sequence[str], links: Sequence[str]) -> BlockColumn:
    kept = [link if at < LINK_LIMIT else "" for at, link in enumerate(links)]
    return BlockColumn(
        [text or None for text in said],
        styles=[looks.LINK if link else looks.CENTRED for link in kept],
        links=kept,
    )


def _sheet(
    name: str,
    remark: str,
    widths: Mapping[str, float],
    columns: tuple[BlockColumn, ...],
    rows: int,
) -> Sheet:
    """A long list under one head row; an empty one says so."""
    cells, merges = layout.caption(name, remark, "单位：亿元、个" if rows else "", len(widths))
    cells += layout.head_cells(tuple(widths))
    if not rows:
        cells += [CellSpec(FIRST_ROW, 1, "没有", looks.CENTRED)]
    return Sheet(
        name,
        tuple(cells),
        blocks=(Block(FIRST_ROW, 1, columns),) if rows else (),
        merges=tuple(merges),
        widths=dict(enumerate(widths.values(), start=1)),
        heights=layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, [()] * rows, {}),
        freeze=(FIRST_ROW, 2),
        filter=Cells(HEAD_ROW, 1, FIRST_ROW + max(rows, 1) - 1, len(widths)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )
