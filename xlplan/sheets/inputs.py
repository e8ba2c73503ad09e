"""The input sheets of a standard workbook: heads, drop-downs, and what is already known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xlplan import model
from xlplan.diagnostics import column_letters
from xlplan.model import Choice, Head, Settings
from xlplan.policy.schema import Policy, Ruling, TargetTable
from xlplan.policy.targets import TOTAL
from xlplan.sheets import layout, looks
from xlplan.sheets.breakdown import as_cell, blank_tables, tables_of, target_table_sheet
from xlplan.sheets.description import Area, CellSpec, DropDown, Highlight, Print, Sheet, Value
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW
from xlplan.sheets.listing import BLANK_ROWS, Listing, Row, choose, is_literal, printed, under

if TYPE_CHECKING:
    from xlplan.model import Ledger

STATUSES = ("签约", "开工", "在建", "竣工", "投产", "终止")
BASIS_NAMES: Mapping[str, str] = {"flow": "增量", "level": "水平"}
UNIT_LIST = f"{layout.quoted(model.UNIT_SHEET)}!$A${FIRST_ROW}:$A${FIRST_ROW + BLANK_ROWS - 1}"

LIST_COLUMN = 8
"""Where 设置 keeps the lists that are too long to be written into a drop-down."""


@dataclass(frozen=True, slots=True)
class Content:
    """What stands under the heads of the input sheets; a row follows the order of the heads.

    `mark` says what kind of data this is, such as 示例数据, in the title of every sheet that
    holds rows of it.
    """

    targets: Sequence[Row] = ()
    projects: Sequence[Row] = ()
    receipts: Sequence[Row] = ()
    choices: Mapping[str, Choice] = field(default_factory=dict)
    statistics: Sequence[Row] = ()
    task_progress: Sequence[Row] = ()
    adjustments: Sequence[Row] = ()
    mark: str = ""

    def title(self, title: str, rows: object) -> str:
        """The sheet's title, marked when the sheet holds rows of this content.

        >>> Content(mark="示例数据").title("项目台账", ["一行"])
        '项目台账（示例数据）'
        """
        return f"{title}（{self.mark}）" if self.mark and rows else title

    def remark(self, remark: str, rows: object) -> str:
        """The sheet's remark, led by the mark when the sheet holds rows of this content."""
        return f"{self.mark}，均为虚构。{remark}" if self.mark and rows else remark


def input_sheets(
    policy: Policy,
    *,
    ledger: "Ledger | None" = None,
    settings: Settings | None = None,
    content: Content | None = None,
) -> tuple[Sheet, ...]:
    """The input sheets in the contract's order, seven and those that only some policies need.

    Units and targets come from `ledger` when it is given, else from the policy; `content` fills
    the rows that a clerk would write. Amounts stand in 亿元.
    """
    filled = content or Content()
    tables = policy.tables if ledger is None else tables_of(ledger, policy)
    wide = [t for t in tables if t.period == policy.period and t.group in policy.groups]
    others = [table for table in tables if table not in wide]
    return (
        target_table_sheet(policy, wide or blank_tables(policy)),
        target_sheet(policy, with_targets(filled, in_long_form(others, policy.area))),
        unit_sheet(policy, ledger),
        project_sheet(policy, filled),
        receipt_sheet(policy, filled),
        ruling_sheet(policy, filled),
        setting_sheet(policy, settings or Settings()),
        *([statistic_sheet(policy, filled)] if policy.reports else []),
        *([task_progress_sheet(policy, filled)] if policy.duties.tasks else []),
        *([adjustment_sheet(policy, filled)] if policy.scoring.is_declared else []),
    )


def with_targets(content: Content, issued: Sequence[Row]) -> Content:
    """The content with the document's own targets below; these are never marked as made up.

    >>> filled = with_targets(Content(mark="示例数据"), [("东园", "协议资金")])
    >>> filled.title("目标", filled.targets)
    '目标'
    """
    mark = content.mark if content.targets else ""
    return replace(content, targets=(*content.targets, *issued), mark=mark)


def _total_of(group: str, area: str) -> str:
    """What a total is called in a list: 园区合计, and 合计 for the whole area."""
    return TOTAL if group == area else f"{group}{TOTAL}"


def in_long_form(tables: Sequence[TargetTable], area: str = "") -> list[Row]:
    """The targets of tables as rows of 目标, cells as written; a group's total under its name.

    >>> from xlplan.policy.schema import TargetRow
    >>> head = ("协议资金", "")
    >>> row = TargetRow("东园", ("1亿元以上",))
    >>> table = TargetTable("园区", "", ("协议资金",), (head,), (row,), row, "2021Q1", "")
    >>> in_long_form([table])[0]
    ('东园', '协议资金', '2021Q1', '1亿元以上', None, None, None, None)
    """
    rows: list[Row] = []
    for table in tables:
        kind = BASIS_NAMES[table.basis] if table.basis else None
        total = replace(table.total, unit=_total_of(table.group, area))
        for line in (*table.rows, *([total] if table.total.unit else [])):
            rows += [
                (line.unit, measure, table.period, as_cell(cell), None, None, None, kind)
                for measure, cell in zip(table.measures, line.cells, strict=True)
                if cell
            ]
    return rows


def target_sheet(policy: Policy, content: Content) -> Sheet:
    """目标: targets in long form, for what the wide form cannot say."""
    heads, lists = model.TARGET_HEADS, kept_lists(policy)
    measures = [measure.name for measure in policy.measures if not measure.part_of]
    return Listing(
        model.TARGET_SHEET,
        content.title("目标（补充）", content.targets),
        content.remark(
            "“任务分解”表写不下的目标写在这里，可以空着；期间写 2021Q1 这样的编号。",
            content.targets,
        ),
        heads,
        (16, 20, 14, 12, 12, 12, 16, 12),
        content.targets,
        "单位：亿元、个",
        (
            DropDown(under(heads, "unit"), source=UNIT_LIST, strict=False),
            choose(under(heads, "measure"), lists.get("指标", ""), measures, strict=False),
            DropDown(under(heads, "kind"), options=tuple(BASIS_NAMES.values())),
        ),
    ).sheet()


def unit_sheet(policy: Policy, ledger: "Ledger | None") -> Sheet:
    """单位: the register of units with groups and aliases."""
    rows = _policy_units(policy) if ledger is None else _ledger_units(ledger)
    merged = any(row[-1] for row in rows)
    heads = (*model.UNIT_HEADS, *[model.SUCCESSOR_HEAD] * merged)
    return Listing(
        model.UNIT_SHEET,
        "责任单位",
        "各表中的单位名称以此为准；别名用“、”分隔。新设、撤并的单位填写生效、失效日期。",
        heads,
        (20, 14, 60, 14, 14, *[20] * merged),
        [row[: len(heads)] for row in rows],
        "",
        (
            DropDown(
                Area(FIRST_ROW, 2, FIRST_ROW + BLANK_ROWS - 1, 2), options=tuple(policy.groups)
            ),
        ),
    ).sheet()


def _policy_units(policy: Policy) -> list[Row]:
    return [
        (
            unit.name,
            unit.group,
            "、".join(unit.aliases) or None,
            unit.valid_from,
            unit.valid_to,
            unit.successor or None,
        )
        for unit in policy.units
    ]


def _ledger_units(ledger: "Ledger") -> list[Row]:
    frame = ledger.units
    aliases = ["、".join(names) or None for names in frame["aliases"]]
    since, until = (
        [None if day != day else day.date() for day in frame[name]]  # noqa: PLR0124 - NaT
        for name in ("valid_from", "valid_to")
    )
    successors = [unit or None for unit in frame["successor"]]
    columns = (frame["unit"], frame["group"], aliases, since, until, successors)
    return list(zip(*columns, strict=True))


def project_heads(policy: Policy) -> tuple[Head, ...]:
    """The heads of 项目台账; the columns that only some policies need stand last."""
    more = (head for head in model.MORE_PROJECT_HEADS if _has_list(policy, head.field))
    return (*model.PROJECT_HEADS, *more)


def project_sheet(policy: Policy, content: Content) -> Sheet:
    """项目台账: one row a project."""
    heads, lists = project_heads(policy), kept_lists(policy)
    more = heads[len(model.PROJECT_HEADS) :]
    chosen = (
        ("team", "招商组", policy.words("team"), False),
        ("origin", "来源", policy.origins, True),
        ("sector", "行业", policy.sectors, True),
        ("industry", "产业", policy.industries, True),
        ("status", "状态", policy.statuses or STATUSES, False),
        *((head.field, head.head, (*policy.words(head.field), "无"), False) for head in more),
    )
    return Listing(
        model.PROJECT_SHEET,
        content.title("招商引资项目台账", content.projects),
        content.remark(
            f"一行一个项目；配合单位不止一家时用“、”分隔；日期写全年月日。{in_currencies(policy)}",
            content.projects,
        ),
        heads,
        (9, 24, 22, 20, 14, 18, 14, 18, 10, 9, 12, 11, 11, 11, 12, 8, 12, 12, 32)
        + (14,) * len(more),
        [(*row, *(None,) * (len(heads) - len(row))) for row in content.projects],
        "单位：亿元",
        (
            DropDown(under(heads, "lead"), source=UNIT_LIST, strict=False),
            DropDown(under(heads, "landing"), source=UNIT_LIST, strict=False),
            *(
                choose(under(heads, name), lists.get(head, ""), options, strict=strict)
                for name, head, options, strict in chosen
                if options
            ),
        ),
    ).sheet()


def _has_list(policy: Policy, field: str) -> bool:
    """Whether the policy declares the words of a field, or asks for it."""
    return bool(policy.words(field)) or field in policy.needs


def in_currencies(policy: Policy) -> str:
    """How amounts in foreign currencies are written, where the policy knows of any."""
    named = [currency.name for currency in policy.currencies]
    return f"外币连同币种写，如 700万{named[0]}。" if named else ""


def receipt_sheet(policy: Policy, content: Content) -> Sheet:
    """到位资金: one row a payment, negative rows for corrections."""
    return Listing(
        model.RECEIPT_SHEET,
        content.title("到位资金流水", content.receipts),
        content.remark(
            f"一行一笔；冲减写负数；项目编号与台账一致。{in_currencies(policy)}", content.receipts
        ),
        model.RECEIPT_HEADS,
        (14, 16, 18, 44),
        content.receipts,
        "单位：亿元",
    ).sheet()


def statistic_sheet(policy: Policy, content: Content) -> Sheet:
    """统计数据: one row a figure of another office, those that the policy asks for made ready."""
    heads, lists = model.STATISTIC_HEADS, kept_lists(policy)
    names = [measure.name for measure in policy.reports]
    return Listing(
        model.STATISTIC_SHEET,
        content.title("统计数据", content.statistics),
        content.remark(
            "一行一个数；没有填的列为未报，不按零算。百分数连同百分号写；增速写了“上年同期”自动算。",
            content.statistics,
        ),
        heads,
        (18, 30, 12, 14, 14, 12, 20, 32),
        content.statistics or asked_figures(policy),
        "",
        (
            DropDown(under(heads, "unit"), source=UNIT_LIST, strict=False),
            choose(under(heads, "measure"), lists.get("统计指标", ""), names, strict=False),
        ),
    ).sheet()


def asked_figures(policy: Policy) -> list[Row]:
    """A row for each figure that a target of the policy waits for, still without its value."""
    reports = {measure.name: measure for measure in policy.reports}
    asked: dict[tuple[str, str, str], Row] = {}
    for target in policy.targets:
        measure = policy.measure(target.measure)
        own = [name for name in measure.statistic.sources if not policy.measure(name).is_sum]
        for name in own or ([measure.name] if measure.name in reports else []):
            is_total = target.unit == TOTAL
            unit = _total_of(target.group, policy.area) if is_total else target.unit
            row = (unit, name, target.period, None, None, reports[name].unit, None, None)
            asked.setdefault((unit, name, target.period), row)
    return list(asked.values())


def task_progress_sheet(policy: Policy, content: Content) -> Sheet:
    """任务进展: one row for each task and unit that has something to report."""
    heads, lists = model.TASK_PROGRESS_HEADS, kept_lists(policy)
    tasks = [task.id for task in policy.duties.tasks]
    return Listing(
        model.TASK_PROGRESS_SHEET,
        content.title("任务进展", content.task_progress),
        content.remark(
            "一行一个单位的一项任务；责任单位空着表示全部单位；没有填的列为未报，不当作完成。",
            content.task_progress,
        ),
        heads,
        (14, 20, 12, 14, 48),
        content.task_progress,
        "",
        (
            choose(under(heads, "task"), lists.get("任务编号", ""), tasks),
            DropDown(under(heads, "unit"), source=UNIT_LIST, strict=False),
            DropDown(under(heads, "state"), options=model.TASK_STATES),
        ),
    ).sheet()


def adjustment_sheet(policy: Policy, content: Content) -> Sheet:
    """加减分: one row a decision that adds or takes points, with its grounds."""
    heads = model.ADJUSTMENT_HEADS
    words = "、".join(gate.word for gate in policy.scoring.gates if gate.word)
    remark = "一行一项；扣分写负数；理由、依据、决定人、日期都要写，单列在“考核得分”里。"
    return Listing(
        model.ADJUSTMENT_SHEET,
        content.title("加减分", content.adjustments),
        content.remark(remark + (f"否决写：{words}。" if words else ""), content.adjustments),
        heads,
        (20, 12, 40, 36, 14, 14),
        content.adjustments,
        "单位：分",
        (DropDown(under(heads, "unit"), source=UNIT_LIST, strict=False),),
    ).sheet()


def chosen_text(ruling: Ruling, option: str) -> str | None:
    """An option as the drop-down shows it: its id and its Chinese label; None while open."""
    found = ruling.option(option)
    return f"{found.id}｜{found.label}" if found else None


def ruling_sheet(policy: Policy, content: Content) -> Sheet:
    """口径: one row a gap of the document, to be closed by choosing an option."""
    heads, lists = model.RULING_HEADS, kept_lists(policy)
    remark = "文件没有写明的，选定之前有关数字一律列为待定；选定后请填决定人和日期。"
    cells, merges = layout.caption(
        content.title("计算口径", content.choices),
        content.remark(remark, content.choices),
        "",
        len(heads),
    )
    cells += layout.head_cells([printed(head) for head in heads])
    heights = dict(layout.CAPTION_HEIGHTS)
    drop_downs = []
    for row, ruling in enumerate(policy.rulings, start=FIRST_ROW):
        cells += _ruling_row(row, ruling, content.choices.get(ruling.id, Choice(ruling.id, "")))
        heights[row] = 17.0 * max(len(ruling.options), 2) + 8
        options = [chosen_text(ruling, option.id) or "" for option in ruling.options]
        area = Area(row, 5, row, 5)
        drop_downs.append(choose(area, lists.get(ruling.id, ""), options))
    return Sheet(
        model.RULING_SHEET,
        tuple(cells),
        merges=tuple(merges),
        widths=dict(enumerate((18, 34, 14, 44, 42, 12, 13), start=1)),
        heights=heights,
        freeze=(FIRST_ROW, 2),
        drop_downs=tuple(drop_downs),
        highlights=(_open_highlight(len(policy.rulings)),) if policy.rulings else (),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.INPUT_TAB,
    )


def _open_highlight(rulings: int) -> Highlight:
    """Where nothing is chosen yet."""
    area = Area(FIRST_ROW, 5, FIRST_ROW + rulings - 1, 5)
    return Highlight(area, f'$E{FIRST_ROW}=""', fill=looks.PENDING_FILL)


def _ruling_row(row: int, ruling: Ruling, choice: Choice) -> list[CellSpec]:
    options = "\n".join(f"{option.id}｜{option.label}" for option in ruling.options)
    return [
        CellSpec(row, 1, ruling.id, looks.CODE),
        CellSpec(row, 2, ruling.question, looks.TEXT),
        CellSpec(row, 3, ruling.silent_at, looks.CENTRED),
        CellSpec(row, 4, options, looks.TEXT),
        CellSpec(row, 5, chosen_text(ruling, choice.option), looks.TEXT),
        CellSpec(row, 6, choice.decided_by or None, looks.CENTRED),
        CellSpec(row, 7, choice.decided_on, looks.DATE),
    ]


SETTING_REMARKS = {
    "policy": "方案编号；xlplan policies 列出随附的方案",
    "as_of": "只计到这一天；不填时为运行当日，不晚于期末",
    "period": "如 2021、2021Q3、2021-09；不填时按方案",
    "places": "表中金额显示几位小数（四舍五入，只影响显示）",
}


def setting_sheet(policy: Policy, settings: Settings) -> Sheet:
    """设置: policy, as-of date, period and rounding, one row each."""
    values: dict[str, Value] = {
        "policy": settings.policy or policy.id,
        "as_of": settings.as_of,
        "period": settings.period or policy.period,
        "places": settings.places,
    }
    cells, merges = layout.caption("计算设置", "改完后重新运行“重算”。", "", 3)
    cells += layout.head_cells(("设置项", "内容", "说明"))
    for row, (name, label) in enumerate(model.SETTING_NAMES.items(), start=FIRST_ROW):
        style = looks.DATE if name == "as_of" else looks.CENTRED
        cells += [
            CellSpec(row, 1, label, looks.CENTRED),
            CellSpec(
                row, 2, values[name], style.but(number_format="@") if name == "period" else style
            ),
            CellSpec(row, 3, SETTING_REMARKS[name], looks.TEXT),
        ]
    places = FIRST_ROW + list(model.SETTING_NAMES).index("places")
    return Sheet(
        model.SETTING_SHEET,
        (*cells, *_list_cells(policy)),
        merges=tuple(merges),
        widths={1: 16.0, 2: 24.0, 3: 52.0},
        heights=layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, [()] * len(values), {}),
        drop_downs=(DropDown(Area(places, 2, places, 2), options=("0", "1", "2", "3", "4")),),
        print=Print(landscape=False),
        tab_color=looks.INPUT_TAB,
    )


def _long_lists(policy: Policy) -> dict[str, list[str]]:
    """The closed lists that do not fit into a drop-down itself, by the head they serve."""
    lists = {
        "指标": [measure.name for measure in policy.measures if not measure.part_of],
        "招商组": list(policy.words("team")),
        "来源": list(policy.origins),
        "行业": list(policy.sectors),
        "产业": list(policy.industries),
        "状态": list(policy.statuses),
        "督办级别": [*policy.levels, "无"],
        "名单": [*policy.lists, "无"],
        "统计指标": [measure.name for measure in policy.reports],
        "任务编号": [task.id for task in policy.duties.tasks],
    }
    for ruling in policy.rulings:
        lists[ruling.id] = [chosen_text(ruling, option.id) or "" for option in ruling.options]
    return {name: options for name, options in lists.items() if not is_literal(options)}


def kept_lists(policy: Policy) -> dict[str, str]:
    """Where 设置 keeps each long list: its cells, anchored."""
    return {
        name: layout.absolute(column_letters(column), (FIRST_ROW, FIRST_ROW + len(options) - 1))
        for column, (name, options) in enumerate(_long_lists(policy).items(), start=LIST_COLUMN)
    }


def _list_cells(policy: Policy) -> list[CellSpec]:
    return [
        CellSpec(row, column, said, looks.HEAD if row == HEAD_ROW else looks.TEXT)
        for column, (name, options) in enumerate(_long_lists(policy).items(), start=LIST_COLUMN)
        for row, said in enumerate([f"下拉选项：{name}", *options], start=HEAD_ROW)
    ]
