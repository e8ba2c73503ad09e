"""变动: what changed since the previous period, and what makes it up; growth over last year."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from xlplan.model import CHANGE_SHEET, OPTIONAL_SHEETS, STANDING_SHEET
from xlplan.policy import TOTAL
from xlplan.policy.schema import Measure
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Area, CellSpec, Highlight, Print, Sheet, Style, Value
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW
from xlplan.sheets.lines import Figure, Row, records, standing_lines, whole
from xlplan.sheets.standings import UNKNOWN

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

PART_HEADS = {
    "new": "新项目",
    "receipts": "新到位",
    "corrections": "冲减更正",
    "rulings": "口径方案",
    "units": "单位调整",
    "others": "其他",
}
"""The head of each part of a change."""

WIDTHS = {
    "类别": 11,
    "责任单位": 17,
    "指标": 20,
    "计量单位": 9,
    "上期": 11,
    "本期": 11,
    "变动": 11,
    **dict.fromkeys(PART_HEADS.values(), 10),
    "环比": 9,
    "上年同期": 11,
    "同比": 9,
}
HEADS = tuple(WIDTHS)
AT = layout.letters(HEADS)
_FIRST_PART, _LAST_PART = AT["新项目"], AT["单位调整"]
_AREA = "去重完成"
_LEFT = {"others": f"ROUND({AT['变动']}{{r}}-SUM({_FIRST_PART}{{r}}:{_LAST_PART}{{r}}),10)"}
"""What the other parts leave; rounded to a 分, so that adding up floats leaves nothing."""

Key = tuple[str, str, str]


def is_wanted(figures: "Figures") -> bool:
    """Whether the result was held against an earlier one."""
    return bool(figures.previous or figures.last_year)


class Line(NamedTuple):
    """A row of the sheet: a figure then and now; None = not known, or not compared."""

    row: int
    key: Key
    measure: Measure
    before: Fraction | None
    after: Fraction | None
    change: Fraction | None
    parts: Mapping[str, Fraction | None]
    growth: Fraction | None
    base: Fraction | None
    yearly: Fraction | None


def change_lines(figures: "Figures") -> list[Line]:
    """Every figure that is known on one of the sides, in the order of 完成情况."""
    changes = {_key(row): row for row in records(figures.changes)}
    growths = {_key(row): row for row in records(figures.growths)}
    yearly = {_key(row): row for row in records(figures.yearly)}
    keys = [
        key
        for key in dict.fromkeys((*changes, *yearly))
        if key in yearly or whole(changes[key]["before"]) or whole(changes[key]["after"])
    ]
    return [
        _line(figures, at, key, (changes.get(key, {}), growths.get(key, {}), yearly.get(key, {})))
        for at, key in enumerate(keys, FIRST_ROW)
    ]


def _key(row: Row) -> Key:
    return str(row["group"]), str(row["unit"]), str(row["measure"])


def _line(figures: "Figures", at: int, key: Key, rows: tuple[Row, Row, Row]) -> Line:
    change, growth, year = rows
    measure = figures.policy.measure(key[2])

    def amount(name: str) -> Fraction | None:
        grains = whole(change.get(name))
        return None if grains is None else Fraction(grains, measure.grains)

    after = amount("after")
    return Line(
        at,
        key,
        measure,
        amount("before"),
        _fraction(year.get("value")) if after is None else after,
        amount("change"),
        {name: amount(name) for name in PART_HEADS},
        _fraction(growth.get("growth")),
        _fraction(year.get("base")),
        _fraction(year.get("growth")),
    )


def _fraction(value: object) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def change_cells(figures: "Figures") -> dict[tuple[int, int], Figure]:
    """What each cell (row, column) of 变动 is about."""
    return {
        (line.row, column): Figure(*line.key, head)
        for line in change_lines(figures)
        for column, head in enumerate(HEADS, 1)
    }


def change_sheet(figures: "Figures") -> Sheet:
    """变动, described: differences, growth and the rest 其他 are live, and carry their values."""
    lines = change_lines(figures)
    cells, merges = layout.caption(OPTIONAL_SHEETS[CHANGE_SHEET], _remark(figures), "", len(HEADS))
    cells += layout.head_cells(HEADS)
    sheet = Body(figures)
    for line in lines:
        cells += sheet.row(line)
    last = FIRST_ROW + max(len(lines), 1) - 1
    widths = {column: float(width) for column, width in enumerate(WIDTHS.values(), 1)}
    texts = [line.key for line in lines]
    return Sheet(
        CHANGE_SHEET,
        tuple(cells),
        merges=tuple(merges),
        widths=widths,
        heights=layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, texts, widths),
        freeze=(FIRST_ROW, 4),
        highlights=tuple(_highlights(last)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )


def _remark(figures: "Figures") -> str:
    """What is held against what."""
    said = [f"本期：{figures.shown_period}，截至{figures.shown_as_of}"]
    if figures.previous:
        said.append(f"上期：{figures.previous}")
    if figures.last_year:
        said.append(f"上年同期：{figures.last_year}")
    return "　".join([*said, "变动＝新项目＋新到位＋冲减更正＋口径方案＋单位调整＋其他"])


class Body:
    """The rows of the sheet; 本期 refers to 完成情况."""

    def __init__(self, figures: "Figures") -> None:
        self._figures = figures

    @cached_property
    def _standings(self) -> Mapping[Key, str]:
        """The cell of 完成情况 that shows each figure now."""
        area = self._figures.policy.area
        sheet = layout.quoted(STANDING_SHEET)
        found = {}
        for line in standing_lines(self._figures):
            head = _AREA if line.group == area and line.measure.is_sum else "完成"
            unit = line.unit if line.kind == "unit" else TOTAL
            found[line.group, unit, line.measure.name] = f"{sheet}!{line.at(head)}"
        return found

    def row(self, line: Line) -> Iterator[CellSpec]:
        """The cells of one row."""
        group, unit, measure = line.key
        fill = looks.TOTAL_FILL if unit == TOTAL else ""
        texts = (group, unit, measure, line.measure.unit)
        for column, text in enumerate(texts, 1):
            yield CellSpec(line.row, column, text, looks.CENTRED.but(fill=fill))
        shown, signed = (style.but(fill=fill) for style in _styles(self._figures, line.measure))
        rate = looks.NUMBER.but(number_format="+0.0%;-0.0%;0.0%", fill=fill)
        numbers: Sequence[tuple[str, Fraction | None, str, Style]] = (
            ("上期", line.before, "", shown),
            ("本期", line.after, self._standings.get(line.key, ""), shown),
            ("变动", line.change, f"{AT['本期']}{{r}}-{AT['上期']}{{r}}", signed),
            *(
                (PART_HEADS[name], line.parts[name], _LEFT.get(name, ""), signed)
                for name in PART_HEADS
            ),
            ("环比", line.growth, f"{AT['本期']}{{r}}/{AT['上期']}{{r}}-1", rate),
            ("上年同期", line.base, "", shown),
            ("同比", line.yearly, f"{AT['本期']}{{r}}/{AT['上年同期']}{{r}}-1", rate),
        )
        for head, value, formula, style in numbers:
            yield _number(line.row, head, value, formula, style)


def _number(row: int, head: str, value: Fraction | None, formula: str, style: Style) -> CellSpec:
    """A figure, live where there is one; a dash where nothing is compared."""
    column = HEADS.index(head) + 1
    if value is None:
        blank: Value = UNKNOWN if head == "本期" else looks.NONE
        return CellSpec(row, column, blank, looks.CENTRED.but(fill=style.fill))
    return CellSpec(row, column, value, style, formula.replace("{r}", str(row)))


def _styles(figures: "Figures", measure: Measure) -> tuple[Style, Style]:
    """How an amount and a change of it are shown."""
    if measure.is_share:
        return (
            looks.NUMBER.but(number_format=looks.SHARE),
            looks.NUMBER.but(number_format='+0.0#%;-0.0#%;"–"'),
        )
    if not measure.is_money:
        return looks.NUMBER, looks.NUMBER.but(number_format='+0.##;-0.##;"–"')
    money = looks.money(figures.settings.places)
    return (
        looks.NUMBER.but(number_format=money),
        looks.NUMBER.but(number_format=f'+{money};-{money};"–"'),
    )


def _highlights(last: int) -> Iterator[Highlight]:
    """Rises and falls."""
    at = AT["变动"]
    column = HEADS.index("变动") + 1
    area = Area(FIRST_ROW, column, last, column)
    yield Highlight(area, f"N(${at}{FIRST_ROW})<0", color=looks.BAD)
    yield Highlight(area, f"N(${at}{FIRST_ROW})>0", color=looks.GOOD)
