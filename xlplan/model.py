"""The nouns, and the documented columns of every frame that passes between the rooms.

Numbers in frames are whole numbers of a *grain*: money counts 分 (0.01 元), so 1 亿元 is `YI`
grains; a count of projects counts millionths, so 1 个 is `ONE` grains (an origin weight may touch
counts, and 20% of a project must stay exact). A missing value is missing (`pd.NA`, `NaT`, ""),
never 0.
"""

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlplan.diagnostics import Cell
from xlplan.quantity import Quantity, exact_decimal, format_quantity, unit_named

if TYPE_CHECKING:
    import pandas as pd

YI = 10**10
"""分 in one 亿元."""

_CENTS = 100
"""Hundredths in one of a currency."""

ONE = 10**6
"""Grains in one project."""

Role = Literal["lead", "cooperating"]
State = Literal["settled", "open", "silent", "conflict"]

ROLE_NAMES: Mapping[str, str] = {"lead": "牵头", "cooperating": "配合"}


@dataclass(frozen=True, slots=True)
class Head:
    """One column of a standard input sheet: the field it fills, its printed head, what it holds."""

    field: str
    head: str
    holds: Literal["text", "unit", "units", "money", "date"] = "text"


TARGET_TABLE_SHEET = "任务分解"
TARGET_SHEET = "目标"
UNIT_SHEET = "单位"
PROJECT_SHEET = "项目台账"
RECEIPT_SHEET = "到位资金"
RULING_SHEET = "口径"
SETTING_SHEET = "设置"
STATISTIC_SHEET = "统计数据"
STANDING_SHEET = "完成情况"
CREDIT_SHEET = "计入明细"
TIER_SHEET = "档次统计"
DIAGNOSTIC_SHEET = "诊断"
READING_SHEET = "指标明细"
ADJUSTMENT_SHEET = "加减分"
FORM_SHEET = "填报说明"
SCORE_SHEET = "考核得分"
DIFFERENCE_SHEET = "对比"
DIFFERENCE_TITLES = ("假设对比", "口径影响")
"""What stands in the first cell of 对比 when it is ours: a clerk may have a sheet of that name."""

OUTPUT_SHEETS = (STANDING_SHEET, CREDIT_SHEET, TIER_SHEET, DIAGNOSTIC_SHEET)

TASK_PROGRESS_SHEET = "任务进展"
BOARD_SHEET = "红黑榜"
CALENDAR_SHEET = "日程"
SCORE_SHEET = "考核得分"
TEAM_SHEET = "招商组情况"
TASK_SHEET = "任务清单"
DUTY_SHEET = "责任清单"
DEADLINE_SHEET = "时限清单"

CHANGE_SHEET = "变动"
ROLLUP_SHEET = "区县汇总"

OPTIONAL_SHEETS: Mapping[str, str] = {
    name: f"{name}（自动计算）"
    for name in (
        READING_SHEET,
        BOARD_SHEET,
        CALENDAR_SHEET,
        SCORE_SHEET,
        TEAM_SHEET,
        TASK_SHEET,
        DUTY_SHEET,
        DEADLINE_SHEET,
        CHANGE_SHEET,
    )
}
"""Result sheets that only some policies have, and how their first cell begins when they are ours.

A clerk may own a sheet of such a name: then it is read as any other, and never written.
"""

CHANGE_LOG_SHEET, VERDICT_SHEET, HEAD_NOTE_SHEET = "变更记录", "核对记录", "列对照"
LOG_TITLES: Mapping[str, str] = {
    name: f"{name}（自动记录）" for name in (CHANGE_LOG_SHEET, VERDICT_SHEET, HEAD_NOTE_SHEET)
}
"""Lists that `reconcile --apply` keeps in the ledger, and how their first cell begins."""

CONF_SHEET = "xlplan.conf"
"""Words and settings for the macros of a workbook with buttons; hidden there."""

WHY_SHEET = "为什么"
WHY_TITLE = f"{WHY_SHEET}（自动计算）"
"""The side sheet of the button 为什么, and how its first cell begins when it is ours."""

PROJECT_HEADS = (
    Head("project", "项目编号"),
    Head("name", "项目名称"),
    Head("investor", "投资主体"),
    Head("credit_code", "统一社会信用代码"),
    Head("lead", "牵头单位", "unit"),
    Head("cooperating", "配合单位", "units"),
    Head("landing", "落地单位", "unit"),
    Head("team", "招商组"),
    Head("origin", "来源"),
    Head("sector", "行业"),
    Head("industry", "产业"),
    Head("investment", "投资额", "money"),
    Head("output", "年产值", "money"),
    Head("agreement", "协议资金", "money"),
    Head("signed", "签约日期", "date"),
    Head("status", "状态"),
    Head("started", "开工日期", "date"),
    Head("produced", "投产日期", "date"),
    Head("remark", "备注"),
)

MORE_PROJECT_HEADS = (
    Head("level", "督办级别"),
    Head("lists", "名单"),
)
"""Columns of the ledger that only some policies need."""

NONE_WORDS = frozenset({"无", "没有", "否", "-", "—", "——", "/"})
"""What a clerk writes in such a column to say that a project has none, which a blank does not."""

FALLEN_THROUGH = frozenset({"终止", "已终止", "中止", "解约", "已解约", "取消", "撤销", "退出"})
"""How a clerk writes in 状态 that nothing will come of a project any more."""

RECEIPT_HEADS = (
    Head("project", "项目编号"),
    Head("received", "到位日期", "date"),
    Head("amount", "金额", "money"),
    Head("remark", "备注"),
)

FORM_RECEIPT_HEADS = (
    RECEIPT_HEADS[0],
    Head("name", "项目名称"),
    *RECEIPT_HEADS[1:],
)
"""Receipts in a form: a project that is new has no id yet, and goes by its name."""

FORM_LABELS: Mapping[str, str] = {
    "unit": "填报单位",
    "policy": "考核方案",
    "period": "填报期间",
    "filled_on": "填报日期",
}
"""What a submission says of itself, label and value side by side."""

EXAMPLE = "示例"
"""What stands for the id in a form's example row, which is never read as a project."""

UNIT_HEADS = (
    Head("unit", "单位名称"),
    Head("group", "类别"),
    Head("aliases", "别名"),
    Head("valid_from", "生效", "date"),
    Head("valid_to", "失效", "date"),
)

SUCCESSOR_HEAD = Head("successor", "并入")
"""A column of 单位 that stands there only where units are merged."""

TARGET_HEADS = (
    Head("unit", "责任单位", "unit"),
    Head("measure", "指标"),
    Head("period", "期间"),
    Head("floor", "下限"),
    Head("ceiling", "上限"),
    Head("stretch", "力争"),
    Head("of_which", "其中"),
    Head("kind", "增量/水平"),
)

STATISTIC_HEADS = (
    Head("unit", "责任单位", "unit"),
    Head("measure", "指标"),
    Head("period", "期间"),
    Head("value", "数值"),
    Head("base", "上年同期"),
    Head("in_unit", "计量单位"),
    Head("source", "数据来源"),
    Head("remark", "备注"),
)

RULING_HEADS = (
    Head("ruling", "编号"),
    Head("question", "问题"),
    Head("clause", "条款"),
    Head("options", "可选"),
    Head("option", "选定"),
    Head("decided_by", "决定人"),
    Head("decided_on", "日期", "date"),
)

TASK_PROGRESS_HEADS = (
    Head("task", "任务编号"),
    Head("unit", "责任单位", "unit"),
    Head("state", "状态"),
    Head("finished", "完成日期", "date"),
    Head("remark", "说明"),
)

TASK_STATES = ("未启动", "推进中", "已完成")

LETTERHEAD = ("印发单位", "文号", "主送", "抄送", "印发机关", "印发日期")
"""What a document's head and foot say that no figure tells; may be written in 设置."""

SETTING_NAMES = {
    "policy": "考核方案",
    "as_of": "截止日期",
    "period": "期间",
    "places": "舍入",
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """An amount that is not written in 元: its field, and hundredths of its currency.

    `rate` is what one of that currency is worth in 元 by the policy; None = not converted.
    """

    field: str
    currency: str
    grains: int
    rate: Fraction | None = None

    @property
    def text(self) -> str:
        """The amount as it was written, times its rate.

        >>> Foreign("agreement", "美元", 700_000_000, Fraction("6.9")).text
        '700万美元 × 6.9'
        """
        return self.amount if self.rate is None else f"{self.amount} × {exact_decimal(self.rate)}"

    @property
    def amount(self) -> str:
        """The amount alone, in 万 or 亿 as it is large.

        >>> Foreign("agreement", "港元", 10**10, Fraction("0.9")).amount
        '1亿港元'
        """
        own = unit_named(self.currency)
        code = own.currency if own else ""
        return format_quantity(Quantity(Fraction(self.grains, _CENTS), "money", "", code))


_FOREIGN_FIELDS = {
    "investment": "投资额",
    "output": "年产值",
    "agreement": "协议",
    "amount": "到位",
}


def foreign_said(amounts: Iterable[Foreign]) -> str:
    """Amounts in other currencies in words, those of one field and currency added up.

    >>> foreign_said([Foreign("amount", "欧元", 10**8), Foreign("amount", "欧元", 2 * 10**8)])
    '到位 300万欧元'
    """
    total: dict[tuple[str, str], int] = {}
    for one in amounts:
        total[one.field, one.currency] = total.get((one.field, one.currency), 0) + one.grains
    return "、".join(
        f"{_FOREIGN_FIELDS[field]} {Foreign(field, currency, grains).amount}"
        for (field, currency), grains in total.items()
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One documented column of a frame; one with a default may be left out when it is made."""

    name: str
    dtype: str
    meaning: str
    default: int | str | tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FrameKind:
    """A frame that passes between rooms: its name and its columns in order."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The column names in order."""
        return [column.name for column in self.columns]

    def empty(self) -> "pd.DataFrame":
        """A frame of this kind without rows."""
        return self.of({column.name: [] for column in self.columns})

    def of(self, columns: Mapping[str, object]) -> "pd.DataFrame":
        """Make a frame of this kind; no column may be extra, none missing without a default."""
        import pandas as pd  # noqa: PLC0415 - pandas costs a third of a second; paid when needed

        columns = self._defaults(columns) | dict(columns)
        given, wanted = set(columns), set(self.names)
        assert given == wanted, f"{self.name}: {sorted(given ^ wanted)}"  # noqa: S101 - a bug
        # Typed one by one: integers beside a missing value would pass through floats otherwise.
        typed = {
            column.name: pd.Series(columns[column.name], dtype=column.dtype, copy=False)
            for column in self.columns
        }
        return pd.DataFrame(typed, copy=False)

    def _defaults(self, columns: Mapping[str, object]) -> dict[str, object]:
        """The columns that are left out, as long as the others."""
        length = next((len(one) for one in columns.values() if isinstance(one, Sized)), 0)
        return {
            column.name: [column.default] * length
            for column in self.columns
            if column.default is not None
        }


_PLACE = (
    Column("sheet", "object", "sheet it was read from"),
    Column("row", "int64", "row there, counting from 1"),
)

_BLOCK = Column("block", "int64", "number of its table on that sheet, counting from 0", default=0)

UNITS = FrameKind(
    "units",
    (
        Column("unit", "object", "official name 单位名称"),
        Column("group", "object", "group 类别, such as 园区"),
        Column("aliases", "object", "tuple of other names 别名"),
        Column("valid_from", "datetime64[s]", "生效; NaT = always"),
        Column("valid_to", "datetime64[s]", "失效, the first day no longer valid; NaT = never"),
        Column("successor", "object", "并入, the unit that succeeds it from then on", default=""),
        *_PLACE,
    ),
)

TARGETS = FrameKind(
    "targets",
    (
        Column("group", "object", "group of the unit"),
        Column("unit", "object", "official name; 合计 for the group's own total"),
        Column("measure", "object", "measure by the policy's name"),
        Column("period", "object", "2021, 2021Q1, 2021-03 or 2021-2025"),
        Column("bound", "object", "floor 下限, ceiling 上限, stretch 力争 or of-which 其中"),
        Column("of_which", "object", "label of an of-which target, else ''"),
        Column("value", "int64", "grains of the measure (分, or millionths of 个)"),
        Column("text", "object", "the cell as written"),
        *_PLACE,
        Column("column", "int64", "column there, counting from 1"),
        Column(
            "basis", "object", "flow 增量, or level 水平: reached by its period", default="flow"
        ),
    ),
)

PROJECTS = FrameKind(
    "projects",
    (
        Column("project", "object", "项目编号, unique"),
        Column("name", "object", "项目名称"),
        Column("investor", "object", "投资主体"),
        Column("credit_code", "object", "统一社会信用代码"),
        Column("lead", "object", "牵头单位, official name"),
        Column("cooperating", "object", "tuple of 配合单位, official names in order"),
        Column("landing", "object", "落地单位"),
        Column("team", "object", "招商组"),
        Column("origin", "object", "来源, one of the policy's origins"),
        Column("sector", "object", "行业, one of the policy's sectors, or ''"),
        Column("industry", "object", "产业"),
        Column("investment", "Int64", "投资额 in 分; NA = blank, unreadable or not converted"),
        Column("output", "Int64", "年产值 in 分; NA = blank, unreadable or not converted"),
        Column("agreement", "Int64", "协议资金 in 分; NA = blank, unreadable or not converted"),
        Column("unreadable", "object", "tuple of the fields whose cell holds something unreadable"),
        Column("signed", "datetime64[s]", "签约日期; NaT = missing or unreadable"),
        Column("status", "object", "状态"),
        Column("started", "datetime64[s]", "开工日期"),
        Column("produced", "datetime64[s]", "投产日期"),
        Column("remark", "object", "备注"),
        Column("level", "object", "督办级别; 无 = none, '' = not said", default=""),
        Column("lists", "object", "tuple of 名单; (无,) = none, () = not said", default=()),
        Column("foreign", "object", "tuple of `Foreign`: amounts not written in 元", default=()),
        *_PLACE,
        _BLOCK,
    ),
)

RECEIPTS = FrameKind(
    "receipts",
    (
        Column("project", "object", "项目编号, known to the ledger"),
        Column("received", "datetime64[s]", "到位日期"),
        Column("amount", "Int64", "分; negative for 冲减; NA = in a currency not converted"),
        Column("remark", "object", "备注"),
        Column("foreign", "object", "(`Foreign`,) of an amount not written in 元", default=()),
        *_PLACE,
        _BLOCK,
    ),
)

ADJUSTMENT_HEADS = (
    Head("unit", "责任单位", "unit"),
    Head("points", "加减分"),
    Head("reason", "理由"),
    Head("basis", "依据"),
    Head("decided_by", "决定人"),
    Head("decided_on", "日期", "date"),
)

ADJUSTMENTS = FrameKind(
    "adjustments",
    (
        Column("group", "object", "group of the unit"),
        Column("unit", "object", "official name"),
        Column("points", "object", "Fraction in 分, negative when taken; None for a gate's word"),
        Column("word", "object", "the word of a gate, such as 一票否决; '' = points"),
        Column("reason", "object", "理由"),
        Column("basis", "object", "依据, the paper that it rests on"),
        Column("decided_by", "object", "决定人"),
        Column("decided_on", "datetime64[s]", "日期; NaT = missing or unreadable"),
        *_PLACE,
        Column("column", "int64", "column of the points there"),
        Column("counts", "bool", "whether it belongs to the period and is used", default=True),
    ),
)

SCORES = FrameKind(
    "scores",
    (
        Column("group", "object", "group of the unit"),
        Column("unit", "object", "unit"),
        Column("kind", "object", "score, bonus or gate"),
        Column("score", "object", "id of the rule in the policy"),
        Column("measure", "object", "measure by the policy's name; '' = a gate with a word"),
        Column("of", "object", "rate, value, gap or rank; '' = a gate with a word"),
        Column("input", "object", "Fraction that is scored, 100% = 1; None = not known, or none"),
        Column("full", "object", "Fraction: full marks in 分; None for a bonus or a gate"),
        Column("points", "object", "Fraction earned, a gate's limit; None = pending, or no limit"),
        Column("least", "object", "Fraction: the fewest points possible"),
        Column("most", "object", "Fraction: the most points possible; None = no limit"),
        Column("state", "object", "settled, pending 待定, or left-out: not in the full marks"),
        Column("strikes", "bool", "whether a gate strikes; False of scores and bonuses"),
        Column("because", "object", "the arithmetic, in Chinese"),
        Column("clause", "object", "its clause"),
    ),
)

SCORE_TOTALS = FrameKind(
    "score_totals",
    (
        Column("group", "object", "group of the unit"),
        Column("unit", "object", "unit"),
        Column("full", "object", "Fraction: full marks of the items that it is scored by"),
        Column(
            "computed", "object", "Fraction: points of these items, rescaled as declared; or None"
        ),
        Column("bonus", "object", "Fraction: bonuses within their common cap; None = pending"),
        Column("adjustment", "object", "Fraction: 加减分 within the caps, shown apart"),
        Column("gates", "object", "names of the gates that struck, joined by '、'"),
        Column("total", "object", "Fraction after gates and bounds; None = pending or left out"),
        Column("least", "object", "Fraction: the least that the total can be"),
        Column("most", "object", "Fraction: the most that it can be; None = no limit"),
        Column("rank", "Int64", "位次 in the group; NA = pending, or not ranked"),
        Column("best_rank", "Int64", "the best place possible; NA = not ranked"),
        Column("worst_rank", "Int64", "the worst place possible; NA = not ranked"),
        Column("grade", "object", "等次; '' = none, or pending"),
        Column("graded", "bool", "False while the grade is pending"),
        Column("state", "object", "settled, pending 待定, or left-out: scored by nothing"),
        Column("because", "object", "the sum, in Chinese"),
    ),
)

REPORTED = FrameKind(
    "reported",
    (
        Column("group", "object", "group of the unit; the whole area's name for its total"),
        Column("unit", "object", "official name; 合计 for the total of a group or of the area"),
        Column("measure", "object", "measure by the policy's name"),
        Column("period", "object", "2021, 2021Q1, 2021-03"),
        Column(
            "value", "object", "Fraction in the measure's unit, 100% = 1; None = cannot be read"
        ),
        Column("base", "object", "Fraction 上年同期 likewise; None = not written or not readable"),
        Column("text", "object", "the cell as written"),
        Column("source", "object", "数据来源"),
        *_PLACE,
        Column("column", "int64", "column of the value there"),
        Column("base_column", "int64", "column of 上年同期; 0 = none"),
    ),
)

CREDITS = FrameKind(
    "credits",
    (
        Column("project", "object", "项目编号"),
        Column("name", "object", "项目名称"),
        Column("unit", "object", "the unit that is credited"),
        Column("group", "object", "its group"),
        Column("role", "object", "lead or cooperating"),
        Column("measure", "object", "measure by the policy's name"),
        Column("date", "datetime64[s]", "the day it belongs to; 到位日期 for received funds"),
        Column("amount", "int64", "grains before weight and share 原值"),
        Column("weight_num", "int64", "weight 权重, numerator; the largest possible when pending"),
        Column("weight_den", "int64", "weight, denominator"),
        Column("share_num", "int64", "share 份额, numerator; the largest possible when pending"),
        Column("share_den", "int64", "share, denominator"),
        Column("credit", "int64", "grains credited 计入; 0 when state is not settled"),
        Column("pending", "int64", "grains that hang on an open ruling or a silent rule 待定"),
        Column("whole", "int64", "amount × weight: what a total counts once for the project"),
        Column("state", "object", "settled, open, silent or conflict"),
        Column("rule", "object", "ids of the rules applied, joined by ' + '"),
        Column("clause", "object", "their clauses, joined by '、'"),
        Column("ruling", "object", "rulings relied on or hung upon, joined by '、'; '' = none"),
        *_PLACE,
        Column("column", "int64", "column of the amount there"),
        Column("foreign", "object", "`Foreign` of an amount not written in 元, else None"),
    ),
)

TIERS = FrameKind(
    "tiers",
    (
        Column("project", "object", "项目编号"),
        Column("name", "object", "项目名称"),
        Column("unit", "object", "lead unit"),
        Column("tier", "object", "tier by the policy's name; '' = below every tier"),
        Column("because", "object", "the condition that made it, as in the policy file"),
        Column("clause", "object", "its clause"),
        *_PLACE,
    ),
)

READINGS = FrameKind(
    "readings",
    (
        Column("group", "object", "group; the policy's name of the whole area for its own rows"),
        Column("unit", "object", "unit; 合计 for the total of the group or area"),
        Column("measure", "object", "a measure that is no sum"),
        Column("period", "object", "the period computed"),
        Column("value", "object", "Fraction in the measure's unit, 100% = 1; None = not known"),
        Column("numerator", "object", "Fraction: what counts, or this period's figure; or None"),
        Column("denominator", "object", "Fraction: of how much, or the base's figure; or None"),
        Column("part_unit", "object", "the unit of numerator and denominator; '' = none"),
        Column("state", "object", "settled; missing: not reported; open: it cannot be told"),
        Column("because", "object", "how it came about, in Chinese"),
        Column("rule", "object", "the measure's id as a rule: measure.ID"),
        Column("clause", "object", "its clause"),
        *_PLACE,
        Column("column", "int64", "column of the first source cell; row and column 0 = none"),
    ),
)

COHORTS = FrameKind(
    "cohorts",
    (
        Column("measure", "object", "a rate"),
        Column("group", "object", "group of the unit"),
        Column("unit", "object", "the unit whose rate the project is in"),
        Column("project", "object", "项目编号"),
        Column("name", "object", "项目名称"),
        Column("date", "datetime64[s]", "the day that puts it into the cohort"),
        Column("amount", "int64", "grains in the denominator"),
        Column("counted", "int64", "grains in the numerator"),
        Column("first", "bool", "False for a further unit of the project: totals count it once"),
        Column("because", "object", "why it counts in the numerator or not, in Chinese"),
        *_PLACE,
        Column("column", "int64", "column there of what decides"),
    ),
)

STANDINGS = FrameKind(
    "standings",
    (
        Column("group", "object", "group"),
        Column("unit", "object", "unit"),
        Column("measure", "object", "measure by the policy's name"),
        Column("target", "Int64", "grains: the floor or ceiling; NA = no target"),
        Column("bound", "object", "floor 下限 or ceiling 上限; '' = no target"),
        Column("stretch", "Int64", "grains 力争; NA = none"),
        Column("done", "Int64", "`value` in whole grains, 四舍五入; NA = not known"),
        Column("pending", "int64", "grains 待定"),
        Column("value", "object", "exact Fraction in the measure's unit, 100% = 1; None = unknown"),
        Column("aim", "object", "the target likewise; None = no target"),
        Column("rate", "object", "Fraction value/aim of a floor, or None"),
        Column("pace", "object", "Fraction 序时进度, or None: no target, a ceiling, or a level"),
        Column(
            "gap",
            "object",
            "Fraction (×100 = 个百分点), or None: rate - pace; of a level value - aim in shares, "
            "else rate - 1",
        ),
        Column("rank", "Int64", "位次 within group and measure; NA = not ranked"),
        Column("reached", "object", "stretch, floor, not; within, over; '' = cannot be told"),
    ),
)

REACHED_NAMES: Mapping[str, str] = {
    "stretch": "力争完成",
    "floor": "达标",
    "not": "未达标",
    "within": "未超限",
    "over": "超限",
}
"""What a standing's `reached` is called."""

TOTALS = FrameKind(
    "totals",
    (
        Column("group", "object", "group; the policy's name of the whole area for the last rows"),
        Column("measure", "object", "measure"),
        Column("target", "Int64", "the written 合计, a target of its own; NA = none"),
        Column("bound", "object", "as in `STANDINGS`, and so are the other columns of its names"),
        Column("stretch", "Int64", "grains 力争; NA = none"),
        Column("done", "Int64", "sum over the units; of a statistic its own; NA = not known"),
        Column("pending", "int64", "sum over the units"),
        Column("distinct", "Int64", "each project once with its weighted whole; NA = a statistic"),
        Column("value", "object", "exact Fraction: distinct for the area, done for a group"),
        Column("aim", "object", "Fraction, or None"),
        Column("rate", "object", "Fraction distinct/target for the area, done/target for a group"),
        Column("pace", "object", "Fraction, or None"),
        Column("gap", "object", "Fraction, or None"),
        Column("reached", "object", "stretch, floor, not; within, over; '' = cannot be told"),
    ),
)


BOARDS = FrameKind(
    "boards",
    (
        Column("board", "object", "the list's id, which is its rule"),
        Column("name", "object", "what it is called, 红榜"),
        Column("colour", "object", "red or black"),
        Column("group", "object", "group of the unit"),
        Column("unit", "object", "unit"),
        Column("measure", "object", "measure; several joined by '、' where the list counts them"),
        Column(
            "state", "object", "listed; pending: it hangs on what is 待定 or 未报; near: a miss"
        ),
        Column("value", "object", "Fraction as in `STANDINGS`; None where several are counted"),
        Column("rate", "object", "Fraction, or None"),
        Column("gap", "object", "Fraction, or None"),
        Column("rank", "Int64", "位次; NA = not ranked"),
        Column("because", "object", "how it meets the rule, or what is missing, in Chinese"),
        Column("clause", "object", "its clause"),
    ),
)

DATES = FrameKind(
    "dates",
    (
        Column("calendar", "object", "the calendar's id, which is its rule"),
        Column("name", "object", "what it is called, 月通报"),
        Column("starts", "datetime64[s]", "first day of the span that is reported"),
        Column("ends", "datetime64[s]", "its last day"),
        Column("due", "datetime64[s]", "the day by which"),
        Column("what", "object", "what is due then"),
        Column("state", "object", "past: due up to the as-of date; next of its calendar; ahead"),
        Column("clause", "object", "its clause"),
    ),
)


TASK_PROGRESS = FrameKind(
    "task_progress",
    (
        Column("task", "object", "任务编号, known to the policy"),
        Column("unit", "object", "the unit that reports; '' = for all of them"),
        Column("state", "object", "未启动, 推进中 or 已完成"),
        Column("finished", "datetime64[s]", "完成日期; NaT = none"),
        Column("remark", "object", "说明"),
        *_PLACE,
        Column("column", "int64", "column of the state there"),
    ),
)

DUTIES = FrameKind(
    "duties",
    (
        Column("task", "object", "任务编号"),
        Column("role", "object", "责任领导, 责任科室, 牵头单位 or 责任单位"),
        Column("who", "object", "a post, an office, or a unit by its official name"),
        Column("group", "object", "group of a unit, else ''"),
        Column("words", "object", "the document's words that name it"),
        Column("wildcard", "object", "clause of the wildcard that the words are; '' = a name"),
        Column("state", "object", "what the unit reports; '' = nothing"),
        Column("finished", "datetime64[s]", "完成日期"),
        Column("verdict", "object", "see TASKS; of this unit alone"),
        *_PLACE,
    ),
)

TASK_STANDINGS = FrameKind(
    "tasks",
    (
        Column("task", "object", "任务编号"),
        Column("name", "object", "what is to be done"),
        Column("clause", "object", "its clause"),
        Column("due", "datetime64[s]", "时限, the last day; NaT = none"),
        Column("days", "Int64", "days left on the as-of date, negative when overdue; NA = no 时限"),
        Column(
            "verdict",
            "object",
            "overdue, near, open, late (finished after 时限), done, measured, or '' = not reported",
        ),
        Column("unfinished", "object", "tuple of the units that have not reported it finished"),
        Column("measures", "object", "tuple of the measures it carries"),
    ),
)

TEAM_REPORT = FrameKind(
    "team_report",
    (
        Column("team", "object", "招商组; '' for projects that name none"),
        Column("project", "object", "项目编号"),
        Column("name", "object", "项目名称"),
        Column("lead", "object", "牵头单位"),
        Column("landing", "object", "落地单位 in the ledger"),
        Column(
            "inside", "bool", "whether that is one of the team's landing units, or none is told"
        ),
        Column("tier", "object", "档次"),
        Column("agreement", "Int64", "协议资金 in 分, as in the ledger; NA = unknown"),
        Column(
            "received",
            "Int64",
            "分 received within the period, as in the ledger; NA = all of it in a currency not "
            "converted",
        ),
        Column(
            "foreign", "object", "tuple of `Foreign`: agreed and received, but not converted", ()
        ),
        *_PLACE,
    ),
)

UNIT_CHANGES = FrameKind(
    "unit_changes",
    (
        Column("group", "object", "group; a unit that changes its group has a row in each"),
        Column("unit", "object", "unit"),
        Column("measure", "object", "measure"),
        Column(
            "done_before",
            "Int64",
            "grains; of a sum 0 for a unit unknown to that side; NA = a statistic not known",
        ),
        Column("done_after", "Int64", "the same under the other policy or rulings"),
        Column("change", "Int64", "done_after - done_before; NA = one of them is not known"),
        Column("pending_before", "int64", "grains 待定"),
        Column("pending_after", "int64", "grains 待定"),
        Column("target_before", "Int64", "grains; NA = no target"),
        Column("target_after", "Int64", "grains; NA = no target"),
        Column("rate_before", "object", "Fraction, or None"),
        Column("rate_after", "object", "Fraction, or None"),
        Column("rank_before", "Int64", "位次; NA = not ranked"),
        Column("rank_after", "Int64", "位次; NA = not ranked"),
        Column("reached_before", "object", "as in `STANDINGS`"),
        Column("reached_after", "object", "as in `STANDINGS`"),
    ),
)

BOARD_CHANGES = FrameKind(
    "board_changes",
    (
        Column("board", "object", "the list's id"),
        Column("name", "object", "what it is called"),
        Column("group", "object", "group of the unit"),
        Column("unit", "object", "unit"),
        Column("measure", "object", "measure; '' where the list counts several"),
        Column("state_before", "object", "listed, pending or near, as in `BOARDS`; '' = neither"),
        Column("state_after", "object", "the same under the other policy or rulings"),
        Column("because_before", "object", "as in `BOARDS`"),
        Column("because_after", "object", "as in `BOARDS`"),
    ),
)

SCORE_CHANGES = FrameKind(
    "score_changes",
    (
        Column("group", "object", "group of the unit"),
        Column("unit", "object", "unit"),
        Column("total_before", "object", "Fraction in 分; None = pending, left out or not scored"),
        Column("total_after", "object", "the same under the other policy or rulings"),
        Column("change", "object", "Fraction: total_after - total_before; None = one is None"),
        Column("least_before", "object", "Fraction: the least possible; None = not scored"),
        Column("least_after", "object", "Fraction, or None"),
        Column("most_before", "object", "Fraction: the most possible; None = no limit, or none"),
        Column("most_after", "object", "Fraction, or None"),
        Column("best_rank_before", "Int64", "the best place possible; NA = not ranked"),
        Column("best_rank_after", "Int64", "the best place possible; NA = not ranked"),
        Column("worst_rank_before", "Int64", "the worst place possible; NA = not ranked"),
        Column("worst_rank_after", "Int64", "the worst place possible; NA = not ranked"),
        Column("grade_before", "object", "等次; 待定 while pending; '' = none"),
        Column("grade_after", "object", "等次; 待定 while pending; '' = none"),
        Column("items", "object", "the scores, bonuses and gates that differ, in Chinese"),
        Column("clause", "object", "the clauses of these"),
    ),
)

PROJECT_CHANGES = FrameKind(
    "project_changes",
    (
        Column("project", "object", "项目编号"),
        Column("name", "object", "项目名称"),
        Column("unit", "object", "the unit that is credited"),
        Column("measure", "object", "measure"),
        Column("credit_before", "int64", "grains of all its amounts of that measure"),
        Column("credit_after", "int64", "the same under the other policy or rulings"),
        Column("change", "int64", "credit_after - credit_before"),
        Column("pending_before", "int64", "grains 待定"),
        Column("pending_after", "int64", "grains 待定"),
        Column("tier_before", "object", "tier, where a count changes with it, else ''"),
        Column("tier_after", "object", "tier, where a count changes with it, else ''"),
        Column("rule_before", "object", "ids of the rules that make the difference; '' = none"),
        Column("rule_after", "object", "ids of the rules in their place; '' = none"),
        Column("clause", "object", "the clauses of both"),
        Column("ruling", "object", "the rulings that make the difference; '' = none"),
    ),
)

PERIOD_CHANGES = FrameKind(
    "period_changes",
    (
        Column("group", "object", "group; the policy's name of the whole area for its own rows"),
        Column("unit", "object", "unit; 合计 for the total of a group or of the area"),
        Column("measure", "object", "measure"),
        Column("before", "Int64", "grains of the earlier result; NA = not known"),
        Column("after", "Int64", "grains now; NA = not known"),
        Column("change", "Int64", "after - before, which the parts add up to; NA = not known"),
        Column("new", "Int64", "of projects that count since then, or were not in that ledger"),
        Column("receipts", "Int64", "received since then, or not in that ledger"),
        Column(
            "corrections", "Int64", "冲减, amounts and facts changed in the ledger, or struck out"
        ),
        Column("rulings", "Int64", "by rulings chosen otherwise, or another policy"),
        Column("units", "Int64", "gone over to a successor, a new name or another group"),
        Column("others", "Int64", "outside one of the periods, or of a measure that is no sum"),
    ),
)

GROWTHS = FrameKind(
    "growths",
    (
        Column("group", "object", "as in `PERIOD_CHANGES`"),
        Column("unit", "object", "unit; 合计 for a total"),
        Column("measure", "object", "measure"),
        Column("base", "object", "Fraction: the earlier value, in the measure's unit"),
        Column("value", "object", "Fraction: the value now"),
        Column("growth", "object", "Fraction value / base - 1, or None: there was nothing"),
    ),
)

MEMBERS = FrameKind(
    "members",
    (
        Column("measure", "object", "measure by the book's own policy"),
        Column("project", "object", "项目编号"),
        Column("name", "object", "项目名称"),
        Column("credit_code", "object", "统一社会信用代码"),
        Column("investor", "object", "投资主体"),
        Column("amount", "int64", "grains that it counts for its county; of a rate, denominator"),
        Column("counted", "int64", "grains in the numerator of a rate; 0 of a sum"),
        *_PLACE,
        Column("column", "int64", "column there of the first amount, counting from 1"),
    ),
)

_ROLLED_UP = (
    Column("measure", "object", "measure of the area"),
    Column("target", "object", "Fraction in the measure's unit, 100% = 1; None = none"),
    Column("done", "object", "Fraction; of a rate, the rate; None = not known"),
    Column("pending", "object", "Fraction 待定"),
    Column("rate", "object", "Fraction done/target; of a rate, the rate; or None"),
    Column("numerator", "object", "Fraction: of a rate, what counts; else None"),
    Column("denominator", "object", "Fraction: of a rate, of how much; else None"),
    Column("measured_in", "object", "unit of the measure, such as 亿元"),
)

ROLLUP_LINES = FrameKind(
    "rollup lines",
    (
        Column("county", "object", "county 区县"),
        Column("kind", "object", "unit, total of a group, or area: the whole county"),
        Column("group", "object", "group of the unit; '' = the whole county"),
        Column("unit", "object", "unit; 合计 for a group, '' for the whole county"),
        *_ROLLED_UP,
        Column("state", "object", "'', missing: no book, none: no such measure, unit, unknown"),
        Column("policy", "object", "the policy that computed it; '' = no book"),
        Column("own", "object", "the measure as that policy calls it"),
        Column("book", "object", "path or address of the workbook; '' = none"),
        *_PLACE,
        Column("column", "int64", "column there, counting from 1; 0 = a sheet or row as a whole"),
    ),
)

ROLLUP_TOTALS = FrameKind(
    "rollup totals",
    (
        *_ROLLED_UP,
        Column("how", "object", "once, sum, rate or growth"),
        Column("added", "object", "Fraction: what the counties add up to; None of a rate"),
        Column("taken_off", "object", "Fraction: what shared projects would count twice"),
        Column("lacking", "object", "tuple of the counties of which there is no figure"),
    ),
)

ROLLUP_SHARED = FrameKind(
    "rollup shared",
    (
        Column("measure", "object", "measure of the area"),
        Column("number", "int64", "number of the project among those shared in the measure"),
        Column("part", "object", "value, numerator or denominator"),
        Column("county", "object", "a county that has it"),
        Column("project", "object", "项目编号 there"),
        Column("name", "object", "项目名称"),
        Column("credit_code", "object", "统一社会信用代码"),
        Column("amount", "object", "Fraction that it counts for that county"),
        Column("counted", "object", "Fraction of it that counts for the area"),
        Column("pending", "object", "Fraction of it that hangs on a ruling"),
        Column("book", "object", "path or address of the workbook"),
        *_PLACE,
        Column("column", "int64", "column there, counting from 1"),
    ),
)

RULING_OPTIONS = FrameKind(
    "ruling_options",
    (
        Column("ruling", "object", "编号"),
        Column("question", "object", "问题"),
        Column("now", "object", "the option chosen in the book; '' while the ruling is open"),
        Column("option", "object", "another option"),
        Column("label", "object", "what that option says"),
        Column("units", "int64", "units of which done or pending changes when it is chosen"),
        Column("ranked", "int64", "units of which a rank changes"),
        Column("listed", "int64", "units that come onto a red or black list, or off one"),
        Column("scored", "int64", "units of which a score, the total, its place or grade changes"),
    ),
)

RULING_EFFECTS = FrameKind(
    "ruling_effects",
    (
        Column("ruling", "object", "编号"),
        Column("option", "object", "the option, the other rulings staying as they are"),
        *(one for one in UNIT_CHANGES.columns if not one.name.startswith("rate")),
    ),
)

SCORE_EFFECTS = FrameKind(
    "score_effects",
    (
        Column("ruling", "object", "编号"),
        Column("option", "object", "the option, the other rulings staying as they are"),
        *SCORE_CHANGES.columns,
    ),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the sheet 口径 says of one ruling; `option` is "" while it is open."""

    ruling: str
    option: str
    decided_by: str = ""
    decided_on: date | None = None
    cell: Cell = field(default_factory=lambda: Cell("口径"))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the sheet 设置 says; None = not written there.

    `given` holds what of `LETTERHEAD` is written, by name.
    """

    policy: str | None = None
    as_of: date | None = None
    period: str | None = None
    places: int = 2
    given: tuple[tuple[str, str], ...] = ()


class Unset(NamedTuple):
    """A target that a cell was to set, but holds nothing that can be read or used."""

    group: str
    unit: str
    measure: str
    period: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that a workbook says, read and resolved: the input of the engines.

    `unset` are the targets lost to cells that were reported already.
    `columns` maps (sheet, number of the table on it, field) to the column of that field, so that a
    row of `projects` or `receipts` knows the address of each of its cells; see `cell`.
    """

    units: "pd.DataFrame"
    targets: "pd.DataFrame"
    projects: "pd.DataFrame"
    receipts: "pd.DataFrame"
    choices: Mapping[str, Choice] = field(default_factory=dict)
    columns: Mapping[tuple[str, int, str], int] = field(default_factory=dict)
    unset: frozenset[Unset] = frozenset()
    reported: "pd.DataFrame" = field(default_factory=REPORTED.empty)
    adjustments: "pd.DataFrame" = field(default_factory=ADJUSTMENTS.empty)
    task_progress: "pd.DataFrame" = field(default_factory=TASK_PROGRESS.empty)

    def cell(self, sheet: str, row: int, name: str, block: int = 0) -> Cell:
        """The cell that holds a field of a row; the whole row when the column is unknown."""
        return Cell(sheet, row, self.columns.get((sheet, block, name), 0))


def in_yi(grains: int) -> Fraction:
    """Money in 亿元 from 分, exactly.

    >>> in_yi(160_000_000_00)
    Fraction(8, 5)
    """
    return Fraction(grains, YI)
