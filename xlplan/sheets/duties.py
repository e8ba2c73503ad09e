"""任务清单, 责任清单 and 时限清单: what is to be done, by whom, and by when."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell
from xlplan.model import DEADLINE_SHEET, DUTY_SHEET, OPTIONAL_SHEETS, TASK_SHEET
from xlplan.quantity import format_decimal
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Area, CellSpec, Highlight, Print, Sheet, Style, Value
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW
from xlplan.sheets.lines import records

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures
    from xlplan.sheets.lines import Row

VERDICTS = {
    "overdue": "逾期",
    "near": "临近时限",
    "open": "推进中",
    "late": "逾期完成",
    "done": "已完成",
    "measured": "看指标",
    "": "未报",
}
"""How a verdict of `model.TASK_STANDINGS` is said."""

ROLES = ("牵头单位", "责任单位", "责任领导", "责任科室")

TASK_WIDTHS = {
    "任务编号": 12,
    "任务": 32,
    "牵头单位": 20,
    "责任单位": 40,
    "责任领导": 16,
    "责任科室": 16,
    "时限": 12,
    "剩余天数": 9,
    "进度": 10,
    "未完成的单位": 30,
    "对应指标": 30,
    "条款": 14,
}
DUTY_WIDTHS = {
    "责任主体": 20,
    "类别": 12,
    "角色": 10,
    "任务编号": 12,
    "任务": 34,
    "时限": 12,
    "报送状态": 10,
    "完成日期": 12,
    "进度": 10,
    "文件原文": 18,
    "统称依据": 14,
    "条款": 14,
}
DEADLINE_WIDTHS = {
    "时限": 12,
    "剩余天数": 9,
    "进度": 10,
    "任务编号": 12,
    "任务": 34,
    "未完成的单位": 40,
    "条款": 14,
}

AS_OF_CELL = "$B$2"
"""Where each list keeps the day from which days are counted."""


def task_sheet(figures: "Figures") -> Sheet:
    """任务清单, described: one row a task."""
    duties = records(figures.duties)
    rows = [_task_row(figures, task, duties) for task in records(figures.tasks)]
    return _sheet(figures, TASK_SHEET, TASK_WIDTHS, rows)


def _task_row(figures: "Figures", task: "Row", duties: Sequence["Row"]) -> dict[str, Value]:
    mine = [duty for duty in duties if duty["task"] == task["task"]]
    return {
        "任务编号": str(task["task"]),
        "任务": str(task["name"]),
        **{role: _named([duty for duty in mine if duty["role"] == role]) for role in ROLES},
        "时限": _day(task["due"]),
        "剩余天数": _days(task),
        "进度": VERDICTS[str(task["verdict"])],
        "未完成的单位": _unfinished(task),
        "对应指标": "；".join(_measures(figures, task)) or None,
        "条款": str(task["clause"]),
    }


def duty_sheet(figures: "Figures") -> Sheet:
    """责任清单, described: one row for each who must do something, those of one together."""
    tasks = {str(task["task"]): task for task in records(figures.tasks)}
    order = {who: n for n, who in enumerate(dict.fromkeys(figures.duties["who"]))}
    duties = sorted(
        records(figures.duties), key=lambda duty: (_rank(duty), order[str(duty["who"])])
    )
    rows: list[dict[str, Value]] = [
        {
            "责任主体": str(duty["who"]),
            "类别": str(duty["group"]) or None,
            "角色": str(duty["role"]),
            "任务编号": str(duty["task"]),
            "任务": str(tasks[str(duty["task"])]["name"]),
            "时限": _day(tasks[str(duty["task"])]["due"]),
            "报送状态": str(duty["state"]) or "未报",
            "完成日期": _day(duty["finished"]),
            "进度": VERDICTS[str(duty["verdict"])],
            "文件原文": str(duty["words"]),
            "统称依据": str(duty["wildcard"]) or None,
            "条款": str(tasks[str(duty["task"])]["clause"]),
        }
        for duty in duties
    ]
    return _sheet(figures, DUTY_SHEET, DUTY_WIDTHS, rows)


def deadline_sheet(figures: "Figures") -> Sheet:
    """时限清单, described: the earliest unfinished deadline first; last what has none."""
    finished = ("done", "late")
    tasks = sorted(
        records(figures.tasks),
        key=lambda task: (
            task["due"] is None,
            str(task["verdict"]) in finished,
            str(task["due"]),
        ),
    )
    rows: list[dict[str, Value]] = [
        {
            "时限": _day(task["due"]) or "没有时限",
            "剩余天数": _days(task),
            "进度": VERDICTS[str(task["verdict"])],
            "任务编号": str(task["task"]),
            "任务": str(task["name"]),
            "未完成的单位": _unfinished(task),
            "条款": str(task["clause"]),
        }
        for task in tasks
    ]
    return _sheet(figures, DEADLINE_SHEET, DEADLINE_WIDTHS, rows)


def _rank(duty: "Row") -> int:
    return ROLES.index(str(duty["role"])) >= ROLES.index("责任领导")


def _named(duties: Sequence["Row"]) -> str | None:
    """The document's own words; a general name says for how many it stands (see 责任清单)."""
    standing = Counter(str(duty["words"]) for duty in duties if duty["wildcard"])
    words = dict.fromkeys(str(duty["words"]) for duty in duties)
    said = (f"{word}（{standing[word]}个）" if word in standing else word for word in words)
    return "、".join(said) or None


def _day(value: object) -> date | None:
    return value.date() if hasattr(value, "date") else None


def _days(task: "Row") -> int | None:
    return None if task["days"] is None else int(str(task["days"]))


def _unfinished(task: "Row") -> str | None:
    """Who has not finished; nobody is named where nothing is expected to be reported."""
    units = task["unfinished"]
    if str(task["verdict"]) == "measured" or not isinstance(units, tuple):
        return None
    more = f"等 {len(units)} 个" if len(units) > _MENTIONED else ""
    return ("、".join(units[:_MENTIONED]) + more) or None


_MENTIONED = 6
"""So many units are named in one cell; 责任清单 has them all."""


def _measures(figures: "Figures", task: "Row") -> list[str]:
    """The measures that a task carries, with the rate that the whole area has reached."""
    names = task["measures"] if isinstance(task["measures"], tuple) else ()
    totals = figures.totals[figures.totals["group"] == figures.policy.area]
    rates = dict(zip(totals["measure"], totals["rate"], strict=True))
    rows = figures.standings
    said = []
    for name in names:
        rate = rates.get(name)
        if rate is None and (rows["measure"] == name).sum() == 1:
            rate = rows[rows["measure"] == name]["rate"].iloc[0]
        shown = f"{format_decimal(rate * 100, 1)}%" if isinstance(rate, Fraction) else "—"
        said.append(f"{name} {shown}")
    return said


def _sheet(
    figures: "Figures", name: str, columns: dict[str, int], rows: Sequence[dict[str, Value]]
) -> Sheet:
    """A list under its heads; days left are counted live from the as-of date."""
    heads = tuple(columns)
    letters = layout.letters(heads)
    widths = {column: float(width) for column, width in enumerate(columns.values(), start=1)}
    cells, merges = _caption(figures, name, len(heads))
    cells += layout.head_cells(heads)
    for row, values in enumerate(rows, start=FIRST_ROW):
        for column, head in enumerate(heads, start=1):
            formula = _left(letters, row) if head == "剩余天数" and values[head] is not None else ""
            cells.append(CellSpec(row, column, values[head], _style(head), formula))
    last = FIRST_ROW + max(len(rows), 1) - 1
    texts = [[values[head] for head in heads] for values in rows]
    return Sheet(
        name,
        tuple(cells),
        merges=tuple(merges),
        widths=widths,
        heights=layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, texts, widths),
        freeze=(FIRST_ROW, 3),
        filter=Area(HEAD_ROW, 1, last, len(heads)),
        highlights=tuple(_highlights(letters, last)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )


def _caption(figures: "Figures", name: str, width: int) -> tuple[list[CellSpec], list[Area]]:
    """Title; below it the as-of date in a cell of its own, and what the list is of."""
    remark = f"{figures.policy.title}　任务进展见“任务进展”表；没有报送的列为未报，不当作完成"
    cells = [
        CellSpec(1, 1, f"{OPTIONAL_SHEETS[name]}　{figures.policy.area}", looks.TITLE),
        CellSpec(2, 1, "截止日期：", looks.REMARK),
        CellSpec(2, 2, figures.as_of, looks.DATE.but(border="", horizontal="left")),
        CellSpec(2, 3, remark, looks.REMARK),
    ]
    return cells, [Area(1, 1, 1, width), Area(2, 3, 2, width)]


def _left(letters: dict[str, str], row: int) -> str:
    return f"{letters['时限']}{row}-{AS_OF_CELL}"


_STYLES: dict[str, Style] = {
    "任务编号": looks.CODE,
    "任务": looks.TEXT,
    "牵头单位": looks.TEXT,
    "责任单位": looks.TEXT,
    "未完成的单位": looks.TEXT,
    "对应指标": looks.TEXT,
    "时限": looks.DATE,
    "完成日期": looks.DATE,
    "剩余天数": looks.CENTRED.but(number_format="0"),
}


def _style(head: str) -> Style:
    return _STYLES.get(head, looks.CENTRED)


def _highlights(letters: dict[str, str], last: int) -> list[Highlight]:
    """Overdue stands out in red, what is near is filled."""
    column = letters["进度"]
    number = list(letters).index("进度") + 1
    area = Area(FIRST_ROW, number, last, number)
    at = f"${column}{FIRST_ROW}"
    return [
        Highlight(area, f'{at}="逾期"', color=looks.BAD, bold=True),
        Highlight(area, f'{at}="临近时限"', fill=looks.PENDING_FILL),
        Highlight(area, f'{at}="已完成"', color=looks.GOOD),
    ]


BUILDERS: dict[str, Callable[["Figures"], Sheet]] = {
    TASK_SHEET: task_sheet,
    DUTY_SHEET: duty_sheet,
    DEADLINE_SHEET: deadline_sheet,
}
"""The three lists by sheet."""


def tasks_at(figures: "Figures", cell: Cell) -> list[str]:
    """The task in a row of one of the three lists; none in a head or below the last."""
    sheet = BUILDERS[cell.sheet](figures)
    column = next(spec.column for spec in sheet.cells if spec.value == "任务编号")
    at = (cell.row, column)
    return [
        str(spec.value)
        for spec in sheet.cells
        if (spec.row, spec.column) == at and cell.row >= FIRST_ROW
    ]
