"""The form in which a unit submits its projects: the ledger's own heads, its name inside."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from xlplan import model
from xlplan.model import Settings
from xlplan.policy.schema import Policy
from xlplan.sheets import layout, looks
from xlplan.sheets.description import (
    Area,
    Block,
    BlockColumn,
    CellSpec,
    DropDown,
    Print,
    Sheet,
    Style,
    Value,
)
from xlplan.sheets.inputs import (
    STATUSES,
    UNIT_LIST,
    Content,
    project_heads,
    project_sheet,
    setting_sheet,
    unit_sheet,
)
from xlplan.sheets.listing import Listing, Row

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from xlplan.model import Ledger

EXAMPLE_NOTE = "示例行，不会读取；请从下一行填起"
_EXAMPLE = looks.CENTRED.but(color="7F7F7F", italic=True, fill="F2F2F2")
_FILLED_IN = looks.CENTRED.but(unlocked=True, fill="FFF2CC")
_STEPS = (
    "在“项目台账”表里一行填一个项目；灰色的示例行不用删，也不会读取。",
    "已有编号的项目请写上编号；新项目编号空着，由汇总单位统一编。",
    "一期、二期、扩建、增资是不同的项目，请在项目名称里写明，分行填。",
    "金额一律按亿元填，只写数字：8000 万元写 0.8。日期写全年月日，如 {day}。",
    "带下拉箭头的格请从列表里选；配合单位不止一家时用“、”分隔。",
    "到位资金一笔一行填在“到位资金”表；冲减写负数；新项目没有编号的写项目名称。",
    "没有把握的格请空着，不要填 0：空着表示没有，0 表示就是零。",
    "表头有保护（没有密码）；请不要改表头、不要合并单元格、不要隐藏行。",
    "填完写上填报日期，直接保存成 .xlsx 交回，文件名可以改。",
)


@dataclass(frozen=True, slots=True)
class Form:
    """What a form is for; without a unit it is chosen from a list when the form is filled in.

    `ledger` gives the register of units, and with `filled` the unit's projects as they stand.
    """

    policy: Policy
    period: str
    unit: str = ""
    ledger: "Ledger | None" = None
    filled: bool = False


def form_sheets(form: Form) -> tuple[Sheet, ...]:
    """The sheets of a form, the same bytes every time; the last two are hidden lists."""
    policy = form.policy
    settings = Settings(policy=policy.id, period=form.period)
    return (
        _cover(form),
        _projects(form),
        _receipts(form),
        replace(unit_sheet(policy, form.ledger), hidden=True, protected=True),
        replace(setting_sheet(policy, settings), hidden=True, protected=True),
    )


def _cover(form: Form) -> Sheet:
    """填报说明: whose form it is, for when, and how to fill it in."""
    title = f"{form.policy.area}招商引资项目报送表"
    cells, merges = layout.caption(title, form.policy.title, "", 2)
    said: Mapping[str, Value] = {
        "unit": form.unit or None,
        "policy": form.policy.id,
        "period": form.period,
        "filled_on": None,
    }
    open_ = {"filled_on"} if form.unit else {"filled_on", "unit"}
    for row, (name, label) in enumerate(model.FORM_LABELS.items(), start=layout.HEAD_ROW):
        style = _FILLED_IN if name in open_ else looks.CENTRED
        shown = "yyyy-mm-dd" if name == "filled_on" else "@"
        cells.append(CellSpec(row, 1, label, looks.HEAD))
        cells.append(CellSpec(row, 2, said[name], style.but(number_format=shown)))
    first = layout.HEAD_ROW + len(said) + 1
    steps = [step.format(day=form.policy.issued.isoformat()) for step in _STEPS]
    for row, step in enumerate(steps, start=first):
        cells.append(CellSpec(row, 1, f"第 {row - first + 1} 条", looks.CENTRED))
        cells.append(CellSpec(row, 2, step, looks.TEXT))
    unit = layout.HEAD_ROW
    drop_downs = () if form.unit else (DropDown(Area(unit, 2, unit, 2), source=UNIT_LIST),)
    widths = {1: 14.0, 2: 76.0}
    heights = layout.row_heights(layout.HEAD_ROW, [()] * len(said), widths)
    return Sheet(
        model.FORM_SHEET,
        tuple(cells),
        merges=tuple(merges),
        widths=widths,
        heights={layout.TITLE_ROW: layout.TITLE_HEIGHT}
        | heights
        | layout.row_heights(first, [("", step) for step in steps], widths),
        drop_downs=drop_downs,
        print=Print(landscape=False),
        tab_color=looks.FINDING_TAB,
        protected=True,
    )


def _whose(form: Form, what: str) -> str:
    return f"{form.unit}{what}（{form.period}）"


def _projects(form: Form) -> Sheet:
    """项目台账: the ledger's columns, an example row, then room for the unit's projects."""
    rows = (_example(form), *(_known_projects(form) if form.filled else ()))
    sheet = project_sheet(form.policy, Content(projects=rows))
    remark = "一行一个项目；金额单位亿元；已有编号的写编号，新项目编号空着。"
    return _as_form(sheet, _whose(form, "招商引资项目报送表"), remark)


def _receipts(form: Form) -> Sheet:
    """到位资金: one row a payment, of projects by id or by name."""
    heads, day = model.FORM_RECEIPT_HEADS, form.policy.issued
    rows: list[Row] = [(model.EXAMPLE, "某某新材料生产基地", day, 0.5, EXAMPLE_NOTE)]
    rows += _known_receipts(form) if form.filled else []
    sheet = Listing(
        model.RECEIPT_SHEET,
        "",
        "",
        heads,
        (14, 28, 16, 18, 44),
        rows,
        "单位：亿元",
    ).sheet()
    remark = "一行一笔；冲减写负数；新项目没有编号的写项目名称。"
    return _as_form(sheet, _whose(form, "到位资金报送表"), remark)


def _as_form(sheet: Sheet, title: str, remark: str) -> Sheet:
    """A listing of ours as a form: its own title, heads and example locked, rows below open."""
    written = {(layout.TITLE_ROW, 1): title, (layout.REMARK_ROW, 1): remark}
    cells = tuple(
        replace(cell, value=written.get((cell.row, cell.column), cell.value))
        for cell in sheet.cells
    )
    (body,) = sheet.blocks
    return replace(sheet, cells=cells, blocks=(_opened(body),), protected=True)


def _opened(body: Block) -> Block:
    """The body of a form: its first row is the example."""
    return replace(body, columns=tuple(map(_opened_column, body.columns)))


def _opened_column(column: BlockColumn) -> BlockColumn:
    example = _EXAMPLE.but(number_format=column.style.number_format)
    open_: Style = column.style.but(unlocked=True)
    return replace(column, styles=[example, *[open_] * (len(column.values) - 1)])


def _example(form: Form) -> Row:
    """A right example, in the words that the policy itself knows."""
    given = right_examples(form.policy, form.unit)
    return [given.get(head.field) for head in project_heads(form.policy)]


def right_examples(policy: Policy, unit: str = "") -> "dict[str, Value]":
    """For each field of a project how it is written rightly, in the words of the policy."""
    day = policy.issued
    others = [known.name for known in policy.units if known.name != unit]
    lead = unit or next((known.name for known in policy.units), None)
    return {
        "project": model.EXAMPLE,
        "name": "某某新材料生产基地（一期）",
        "investor": "某某新材料有限公司",
        "credit_code": "91000000MA00000000",
        "lead": lead,
        "cooperating": next(iter(others), None),
        "landing": lead,
        "team": next(iter(policy.words("team")), None),
        "origin": next(iter(policy.origins), None),
        "sector": next(iter(policy.sectors), None),
        "industry": next(iter(policy.industries), None),
        "investment": 2.5,
        "output": 4,
        "agreement": 2.5,
        "signed": day,
        "status": next(iter(policy.statuses or STATUSES)),
        "remark": EXAMPLE_NOTE,
        "level": next(iter(policy.words("level")), None),
        "lists": next(iter(policy.words("lists")), None),
    }


def _known_projects(form: Form) -> list[Row]:
    """The projects that the unit leads, as the ledger has them."""
    if form.ledger is None:
        return []
    projects = form.ledger.projects
    own = projects[projects["lead"] == form.unit]
    heads = project_heads(form.policy)
    columns = [[_shown(head.holds, value) for value in own[head.field]] for head in heads]
    return list(zip(*columns, strict=True))


def _known_receipts(form: Form) -> list[Row]:
    """The receipts of these projects."""
    if form.ledger is None:
        return []
    projects = form.ledger.projects
    names = dict(zip(projects["project"], projects["name"], strict=True))
    own = set(projects["project"][projects["lead"] == form.unit])
    receipts = form.ledger.receipts
    kept = receipts[receipts["project"].isin(own)]
    columns = (kept[name] for name in ("project", "received", "amount", "remark"))
    return [
        (
            project,
            names[project],
            _shown("date", received),
            _shown("money", amount),
            _shown("text", remark),
        )
        for project, received, amount, remark in zip(*columns, strict=True)
    ]


def _shown(holds: str, value: object) -> Value:
    """A value of the ledger as a clerk writes it: 亿元, a day, names joined by 、."""
    if isinstance(value, tuple):
        return "、".join(value) or None
    if pd.isna(value):  # type: ignore[call-overload]  # a scalar of the ledger
        return None
    if holds == "money":
        return model.in_yi(int(str(value)))
    if holds == "date":
        day: date = pd.Timestamp(str(value)).date()
        return day
    return str(value) or None
