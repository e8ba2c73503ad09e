"""考核得分: totals and grades; below them every score with its arithmetic; decisions apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell
from xlplan.model import OPTIONAL_SHEETS, SCORE_SHEET
from xlplan.quantity import exact_decimal, format_decimal
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Area, CellSpec, Highlight, Print, Sheet, Style, Value
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW
from xlplan.sheets.lines import records

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.sheets.figures import Figures
    from xlplan.sheets.lines import Row

WIDTHS = {
    "类别": 10,
    "责任单位": 17,
    "满分": 12,
    "得分小计": 18,
    "奖励": 12,
    "加减分": 10,
    "否决": 14,
    "总分": 12,
    "位次": 10,
    "等次": 12,
    "状态": 9,
    "说明": 60,
}
HEADS = tuple(WIDTHS)
AT = layout.letters(HEADS)

ITEM_HEADS = (
    *("类别", "责任单位", "种类", "指标", "计分依据", "计分值", "满分", "得分", "最少", "最多"),
    *("状态", "计算过程", "规则", "条款"),
)
ITEM_AT = layout.letters(ITEM_HEADS)

DECISION_HEADS = (
    "类别",
    "责任单位",
    "加减分",
    "是否计入",
    "决定人",
    "日期",
    "理由",
    "依据",
    "来源单元格",
)
DECISION_AT = layout.letters(DECISION_HEADS)

KINDS = {"score": "得分", "bonus": "奖励", "gate": "否决"}
STATES = {"settled": "已定", "pending": "待定", "left-out": "不计"}
BASES = {"rate": "完成率", "value": "完成数", "gap": "序时差", "rank": "位次", "": "—"}
PENDING = STATES["pending"]
DECIDED = "加减分"
TOTAL = "考核得分"
"""What a unit's total is called where a measure's name would stand."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the three parts stand: first and last row of totals, items and decisions."""

    totals: tuple[int, int]
    items: tuple[int, int]
    decisions: tuple[int, int]


def places_of(figures: "Figures") -> Places:
    """The rows of the three parts, one blank row where a part is empty."""
    totals = (FIRST_ROW, FIRST_ROW + max(len(figures.score_totals), 1) - 1)
    first = totals[1] + 4
    items = (first, first + max(len(figures.scores), 1) - 1)
    first = items[1] + 4
    return Places(totals, items, (first, first + max(len(figures.adjustments), 1) - 1))


def score_sheet(figures: "Figures") -> Sheet:
    """考核得分, described."""
    places = places_of(figures)
    cells, merges = layout.caption(
        f"{OPTIONAL_SHEETS[SCORE_SHEET]}　{figures.policy.area}",
        f"{figures.policy.title}　期间：{figures.shown_period}　截止：{figures.shown_as_of}",
        "单位：分",
        len(HEADS),
    )
    cells += layout.head_cells(HEADS)
    for row, total in enumerate(records(figures.score_totals), start=places.totals[0]):
        cells += _total(figures, total, row, places)
    cells += _heads("得分明细", ITEM_HEADS, places.items[0])
    for row, item in enumerate(records(figures.scores), start=places.items[0]):
        cells += _item(figures, item, row)
    cells += _decisions(figures, places.decisions[0])
    widths = dict(enumerate(map(float, WIDTHS.values()), start=1)) | {13: 22.0, 14: 14.0}
    return Sheet(
        SCORE_SHEET,
        tuple(cells),
        merges=tuple(merges),
        widths=widths,
        heights=_heights(figures, places, widths),
        freeze=(FIRST_ROW, 3),
        highlights=tuple(_highlights(places)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )


def _decisions(figures: "Figures", first: int) -> list[CellSpec]:
    """The decisions; nothing where the policy knows of none and none was written."""
    rows = list(records(figures.adjustments))
    if not rows and not figures.policy.scoring.adjustments.allowed:
        return []
    cells = _heads("加减分（另列，按“加减分”表）", DECISION_HEADS, first)
    for row, decision in enumerate(rows, start=first):
        cells += _decision(figures, decision, row)
    if not rows:
        cells.append(CellSpec(first, 1, "没有加减分", looks.REMARK))
    return cells


def _heads(title: str, heads: Sequence[str], first: int) -> list[CellSpec]:
    """A part's title and heads, in the two rows above its first."""
    return [
        CellSpec(first - 2, 1, title, looks.SECTION),
        *layout.head_cells(heads, first - 1),
    ]


def _heights(figures: "Figures", places: Places, widths: Mapping[int, float]) -> dict[int, float]:
    """Rows high enough for the arithmetic."""
    totals = [[None] * 11 + [row["because"]] for row in records(figures.score_totals)]
    items = [[None] * 11 + [row["because"]] for row in records(figures.scores)]
    decisions = [
        [None] * 6 + [row[name] for name in ("reason", "basis")]
        for row in records(figures.adjustments)
    ]
    parts = (places.items[0], places.decisions[0])
    titles = {first - 2: 30.0 for first in parts} | {first - 1: 20.0 for first in parts}
    return (
        layout.CAPTION_HEIGHTS
        | layout.row_heights(places.totals[0], totals, widths)
        | layout.row_heights(places.items[0], items, widths)
        | layout.row_heights(places.decisions[0], decisions, widths)
        | titles
    )


def _highlights(places: Places) -> Iterator[Highlight]:
    """What is pending is filled, whoever is struck stands out."""
    first, last = places.totals
    column = HEADS.index("状态") + 1
    yield Highlight(
        Area(first, column, last, column),
        f'${AT["状态"]}{first}="待定"',
        fill=looks.PENDING_FILL,
        bold=True,
    )
    gate = HEADS.index("否决") + 1
    yield Highlight(
        Area(first, gate, last, gate), f"LEN(${AT['否决']}{first})>1", color=looks.BAD, bold=True
    )


# Totals


def _total(figures: "Figures", total: "Row", row: int, places: Places) -> list[CellSpec]:
    """One unit's total; a part is a live formula wherever the plain sum is what counts."""
    contents = {
        "类别": (str(total["group"]), ""),
        "责任单位": (str(total["unit"]), ""),
        "满分": (_known(total["full"]), ""),
        "得分小计": (_known(total["computed"]), _summed(figures, total, row, places, "score")),
        "奖励": (_known(total["bonus"]), _summed(figures, total, row, places, "bonus")),
        "加减分": (_known(total["adjustment"]), _decided(figures, total, row, places)),
        "否决": (str(total["gates"]) or "—", ""),
        "总分": (_range(total), _added(total, row)),
        "位次": (_rank(total), ""),
        "等次": (str(total["grade"]) or (PENDING if not total["graded"] else "—"), ""),
        "状态": (STATES[str(total["state"])], ""),
        "说明": (str(total["because"]), ""),
    }
    return [
        CellSpec(row, column, contents[head][0], _style(head), contents[head][1])
        for column, head in enumerate(HEADS, start=1)
    ]


POINTS = looks.NUMBER.but(number_format="0.00##", horizontal="center")


def _style(head: str) -> Style:
    if head in ("满分", "得分小计", "奖励", "加减分", "总分"):
        return POINTS
    return looks.TEXT if head == "说明" else looks.CENTRED


def _known(value: object) -> Value:
    return value if isinstance(value, Fraction) else "待定"


def _range(total: "Row") -> Value:
    """The total, or from the least to the most that it can be."""
    if isinstance(total["total"], Fraction):
        return total["total"]
    return "—" if total["state"] == "left-out" else spread(total["least"], total["most"])


def spread(least: object, most: object) -> str:
    """From the least to the most points possible; one number where they are the same.

    >>> spread(Fraction(5), Fraction(17, 3)), spread(Fraction(5), None), spread(None, None)
    ('5～5.6667', '5～不限', '—')
    """
    if not isinstance(least, Fraction):
        return "—"
    upper = _short(most) if isinstance(most, Fraction) else "不限"
    return upper if least == most else f"{_short(least)}～{upper}"


def _short(points: Fraction) -> str:
    said = format_decimal(points, 4)
    return said.rstrip("0").rstrip(".") if "." in said else said


def points_said(item: "Row | None") -> str:
    """What a score, bonus or gate comes to; a dash where one is not scored by it.

    >>> points_said({"state": "settled", "kind": "gate", "strikes": True})
    '触发'
    """
    if item is None:
        return "—"
    if item["state"] == "left-out":
        return STATES["left-out"]
    if item["kind"] != "gate":
        return spread(item["least"], item["most"])
    return PENDING if item["state"] == "pending" else "触发" if item["strikes"] else "没有触发"


def places_said(best: object, worst: object) -> str:
    """The place, or the places that it may turn out to be.

    >>> places_said(2, 2), places_said(2, 3), places_said(None, None)
    ('2', '2～3', '—')
    """
    if best is None:
        return "—"
    return str(best) if best == worst else f"{best}～{worst}"


def _rank(total: "Row") -> Value:
    """The place as a number, or the places that it may turn out to be."""
    if total["rank"] is not None:
        return int(str(total["rank"]))
    return places_said(total["best_rank"], total["worst_rank"])


def _summed(figures: "Figures", total: "Row", row: int, places: Places, kind: str) -> str:
    """The sum over the items below, where nothing is rescaled, capped or pending."""
    frame = figures.scores
    mine = frame[
        (frame["unit"] == total["unit"])
        & (frame["group"] == total["group"])
        & (frame["kind"] == kind)
        & (frame["state"] != "left-out")
    ]["points"].tolist()
    name = "computed" if kind == "score" else "bonus"
    if any(points is None for points in mine) or sum(mine, Fraction(0)) != total[name]:
        return ""

    def under(head: str) -> str:
        return layout.absolute(ITEM_AT[head], places.items)

    keys = f'{under("责任单位")},$B{row},{under("类别")},$A{row},{under("种类")},"{KINDS[kind]}"'
    return f'SUMIFS({under("得分")},{keys},{under("状态")},"已定")'


def _decided(figures: "Figures", total: "Row", row: int, places: Places) -> str:
    """The sum of the decisions that count, where no cap cuts it."""
    frame = figures.adjustments
    mine = frame[(frame["unit"] == total["unit"]) & frame["counts"].astype(bool)]
    points = [point for point in mine["points"] if isinstance(point, Fraction)]
    if sum(points, Fraction(0)) != total["adjustment"]:
        return ""

    def under(head: str) -> str:
        return layout.absolute(DECISION_AT[head], places.decisions)

    return f'SUMIFS({under("加减分")},{under("责任单位")},$B{row},{under("是否计入")},"是")'


def _added(total: "Row", row: int) -> str:
    """The three parts added up, where neither a gate nor a bound changes that."""
    parts = [total[name] for name in ("computed", "bonus", "adjustment")]
    known = [part for part in parts if isinstance(part, Fraction)]
    if len(known) < len(parts) or sum(known, Fraction(0)) != total["total"]:
        return ""
    return f"{AT['得分小计']}{row}+{AT['奖励']}{row}+{AT['加减分']}{row}"


# Items and decisions


def _item(figures: "Figures", item: "Row", row: int) -> list[CellSpec]:
    """One score, bonus or gate of a unit; what is left out has no points."""
    points, is_out = item["points"], item["state"] == "left-out"
    least, most = (None if is_out else item[name] for name in ("least", "most"))
    values: list[tuple[Value, Style]] = [
        (str(item["group"]), looks.CENTRED),
        (str(item["unit"]), looks.CENTRED),
        (KINDS[str(item["kind"])], looks.CENTRED),
        (str(item["measure"]) or "—", looks.CENTRED),
        (BASES.get(str(item["of"]), str(item["of"])), looks.CENTRED),
        (_input(figures, item), looks.CENTRED),
        (_or_dash(item["full"]), POINTS),
        (_or_dash(points) if item["state"] != "pending" else "待定", POINTS),
        (_or_dash(least), POINTS),
        ("不限" if item["state"] == "pending" and most is None else _or_dash(most), POINTS),
        (STATES[str(item["state"])], looks.CENTRED),
        (str(item["because"]), looks.TEXT),
        (str(item["score"]), looks.CENTRED),
        (str(item["clause"]), looks.CENTRED),
    ]
    return [CellSpec(row, n, value, style) for n, (value, style) in enumerate(values, start=1)]


def _input(figures: "Figures", item: "Row") -> Value:
    """What is scored, as text: rates and shares in per cent, the rest in their unit."""
    value = item["input"]
    if not isinstance(value, Fraction):
        return "—"
    if item["of"] in ("rate", "gap") or (item["of"] == "value" and _is_share(figures, item)):
        return f"{format_decimal(value * 100, 2)}%"
    return exact_decimal(value, 4)


def _is_share(figures: "Figures", item: "Row") -> bool:
    return any(one.name == item["measure"] and one.is_share for one in figures.policy.measures)


def _or_dash(value: object) -> Value:
    return value if isinstance(value, Fraction) else "—"


def _decision(figures: "Figures", decision: "Row", row: int) -> list[CellSpec]:
    """One row of 加减分, with a link to it."""
    cell = Cell(str(decision["sheet"]), int(str(decision["row"])), int(str(decision["column"])))
    link = layout.target_of(cell) if figures.beside and decision["sheet"] else ""
    day = decision["decided_on"]
    values: list[tuple[Value, Style, str]] = [
        (str(decision["group"]), looks.CENTRED, ""),
        (str(decision["unit"]), looks.CENTRED, ""),
        (_written(decision), POINTS, ""),
        ("是" if decision["counts"] else "否", looks.CENTRED, ""),
        (str(decision["decided_by"]) or "未写", looks.CENTRED, ""),
        (day.date() if hasattr(day, "date") else None, looks.DATE, ""),
        (str(decision["reason"]) or "未写", looks.TEXT, ""),
        (str(decision["basis"]) or "未写", looks.TEXT, ""),
        (str(cell), looks.LINK if link else looks.CENTRED, link),
    ]
    return [
        CellSpec(row, n, value, style, link=where)
        for n, (value, style, where) in enumerate(values, start=1)
    ]


def _written(decision: "Row") -> Value:
    points = decision["points"]
    return points if isinstance(points, Fraction) else str(decision["word"])


def decision_at(figures: "Figures", cell: Cell) -> "pd.DataFrame":
    """The decision in the row of a cell of 考核得分; none elsewhere."""
    at = cell.row - places_of(figures).decisions[0]
    return figures.adjustments.iloc[max(at, 0) : max(at + 1, 0)]


def scored_at(figures: "Figures", cell: Cell) -> tuple[str, str] | None:
    """The unit, and the score ("" = its total), that a cell of 考核得分 is about."""
    places = places_of(figures)
    for span, frame in ((places.totals, figures.score_totals), (places.items, figures.scores)):
        if span[0] <= cell.row <= span[1] and cell.row - span[0] < len(frame):
            row = frame.iloc[cell.row - span[0]]
            return str(row["unit"]), str(row.get("score", ""))
    return None
