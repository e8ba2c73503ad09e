"""The words by which clerks head their columns, as a table: field, then its heads, usual one first.

Heads are compared in plain form: full width as half width, no spaces or line breaks, brackets as
(), the unit of money taken out.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from xlplan.model import (
    ADJUSTMENT_SHEET,
    PROJECT_SHEET,
    RECEIPT_SHEET,
    RULING_SHEET,
    STATISTIC_SHEET,
    TARGET_SHEET,
    TARGET_TABLE_SHEET,
    TASK_PROGRESS_SHEET,
    UNIT_SHEET,
)
from xlplan.quantity import MONEY_UNITS, alternatives


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of table: its standard sheet, the heads of each field, and what makes it that kind.

    A header row is of this kind when it has all fields of `anchors` (each a set of alternatives)
    and none of `never`. `needed` fields are reported when missing.
    """

    sheet: str
    words: Mapping[str, tuple[str, ...]]
    anchors: tuple[frozenset[str], ...]
    needed: tuple[str, ...] = ()
    money: frozenset[str] = frozenset()


def _table(words: str) -> dict[str, tuple[str, ...]]:
    """Fields with their heads; a long field stands on two lines."""
    found: dict[str, tuple[str, ...]] = {}
    for field, *heads in map(str.split, words.strip().splitlines()):
        found[field] = (*found.get(field, ()), *heads)
    return found


PROJECTS = Table(
    PROJECT_SHEET,
    _table("""
        project     项目编号 编号 项目编码 项目代码 台账编号 编码 项目号
        name        项目名称 名称 项目 签约项目 招商项目 签约项目名称
        investor    投资主体 投资方 投资企业 投资单位 投资商 投资人 企业名称 签约企业 投资方名称
        investor    业主 乙方
        credit_code 统一社会信用代码 信用代码 社会信用代码 统一信用代码
        lead        牵头单位 牵头 牵头部门 责任单位(牵头) 牵头责任单位 责任单位 责任部门 引进单位
        lead        招商单位 主要引进单位
        cooperating 配合单位 配合 配合部门 责任单位(配合) 配合责任单位 协办单位 协作单位 联合单位
        cooperating 联合招商单位 共同招商单位 协助单位 参与单位 合作单位 协同单位 协助部门
        cooperating 参与部门 协办部门 协作部门 联合部门 合作部门 参与招商单位 配合招商单位
        landing     落地单位 落地园区 落户园区 落户单位 落地 落户地 落地地点 承接单位 承接园区
        team        招商组 专项招商组 招商专班 专班 所属招商组
        origin      来源 资金来源 项目来源地 项目来源 来源地 资金来源地 投资来源 投资来源地
        sector      行业 行业类别 行业类型 所属行业 行业分类 项目类别 项目类型
        industry    产业 产业类别 所属产业 产业方向 产业链 产业类型
        investment  投资额 总投资 计划投资 投资总额 总投资额 计划总投资 投资规模 投资金额
        investment  计划投资额 项目投资
        output      年产值 预计产值 产值 预计年产值 达产年产值 达产后年产值 年产值(达产后) 达产产值
        agreement   协议资金 协议金额 协议投资 合同金额 签约金额 协议投资额 合同资金 协议引资
        agreement   签约资金 合同投资额 协议资金额 协议额 协议
        signed      签约日期 签约时间 签订日期 签订时间 签约日 协议签订日期 协议签订时间
        signed      合同签订日期 合同签订时间 签约
        status      状态 项目状态 进展 项目进展 进展情况 目前状态 推进情况
        started     开工日期 开工时间 开工
        produced    投产日期 投产时间 投产 竣工投产时间 竣工投产日期
        remark      备注 说明 备注说明 其他
        level       督办级别 督办 督办层级 督办等级
        lists       名单 所属名单 入选名单 企业名单 榜单
        currency    币种 货币 币别 货币种类 计价货币
    """),
    anchors=(
        frozenset({"project", "name"}),
        frozenset({"lead", "origin", "investment", "signed"}),
        frozenset({"agreement", "investment", "output", "signed"}),
    ),
    needed=("project", "lead", "origin", "investment", "agreement", "signed"),
    money=frozenset({"investment", "output", "agreement"}),
)

RECEIPTS = Table(
    RECEIPT_SHEET,
    _table("""
        project  项目编号 编号 项目编码 项目代码 台账编号 编码 项目号
        name     项目名称 名称 项目
        received 到位日期 到位时间 到账日期 到账时间 资金到位时间 资金到位日期 收款日期 日期 时间
        received 到位
        amount   金额 到位金额 到位资金 到账金额 本次到位 本次到位金额 本次到位资金 资金到位额
        amount   到位资金额 实际到位资金 实际到位
        currency 币种 货币 币别 货币种类 计价货币
        remark   备注 说明 备注说明 其他
    """),
    anchors=(
        frozenset({"project", "name"}),
        frozenset({"received"}),
        frozenset({"amount"}),
    ),
    needed=("project", "received", "amount"),
    money=frozenset({"amount"}),
)

SUBMITTED = replace(
    PROJECTS,
    words={
        **PROJECTS.words,
        **_table("""
            received 累计到位资金 累计到位 到位资金 已到位资金 实际到位资金 实际到位 累计到账资金
            received 累计到位金额 到位金额 到位资金额 累计实际到位资金 累计到位资金额 资金到位
            tier     档次 项目档次 项目等级 规模档次 项目规模 项目级别
        """),
    },
    anchors=(
        frozenset({"project", "name"}),
        frozenset({"lead", "origin", "investment", "signed", "investor"}),
        frozenset({"agreement", "investment", "output", "signed", "received"}),
    ),
    money=PROJECTS.money | {"received"},
)
"""The project table as units hand it in: often with the cumulative receipts, and with a tier."""

UNITS = Table(
    UNIT_SHEET,
    _table("""
        unit       单位名称 单位 名称 责任单位 单位全称 部门 部门名称
        group      类别 组别 单位类别 分组 分类 单位类型 类型
        aliases    别名 简称 曾用名 别称 其他名称 又名
        valid_from 生效 生效日期 设立日期 启用日期 成立日期 生效时间
        valid_to   失效 失效日期 撤并日期 停用日期 撤销日期 失效时间
        successor  并入 并入单位 承接单位 撤并后单位 接续单位
    """),
    anchors=(
        frozenset({"unit"}),
        frozenset({"group", "aliases", "valid_from", "valid_to", "successor"}),
    ),
    needed=("unit",),
)

TARGETS = Table(
    TARGET_SHEET,
    _table("""
        unit     责任单位 单位 单位名称 部门 牵头单位
        measure  指标 指标名称 考核指标 目标指标
        period   期间 考核期间 时期 年度 季度 时间
        floor    下限 目标 目标值 目标任务 任务数 目标数
        ceiling  上限
        stretch  力争 力争目标 奋斗目标
        of_which 其中
        kind     增量/水平 增量或水平 类型
    """),
    anchors=(
        frozenset({"unit"}),
        frozenset({"measure"}),
        frozenset({"floor", "ceiling", "stretch", "of_which"}),
    ),
    needed=("unit", "measure"),
)

STATISTICS = Table(
    STATISTIC_SHEET,
    _table("""
        unit     责任单位 单位 单位名称 地区 区域 部门
        measure  指标 指标名称 统计指标 考核指标
        period   期间 报告期 时期 统计期间 年度 季度 月份 时间
        value    数值 本期 本期数 本期值 本期实际 实际数 统计数 完成数 实绩
        base     上年同期 上年同期数 去年同期 同期数 基数 基期数
        in_unit  计量单位 单位(计量)
        source   数据来源 来源 填报部门 报送部门 统计部门 出处
        remark   备注 说明
    """),
    anchors=(frozenset({"measure"}), frozenset({"value"})),
    needed=("measure", "period", "value"),
)

TASK_PROGRESS = Table(
    TASK_PROGRESS_SHEET,
    _table("""
        task     任务编号 任务号 任务序号
        unit     责任单位 单位 单位名称 部门 填报单位
        state    状态 进展 任务状态 办理状态 完成状态
        finished 完成日期 办结日期 完成时间 办结时间
        remark   说明 备注 进展情况 工作进展
    """),
    anchors=(frozenset({"task"}), frozenset({"state", "finished"})),
    needed=("task", "state"),
)

RULINGS = Table(
    RULING_SHEET,
    _table("""
        ruling     编号 口径编号 口径
        question   问题 口径问题 事项
        clause     条款 依据 文件依据 出处
        options    可选 选项 可选项
        option     选定 选择 选定口径 选定项 选定选项
        decided_by 决定人 审定人 确定人 决定者
        decided_on 日期 决定日期 决定时间 确定日期
        remark     备注 说明
    """),
    anchors=(frozenset({"ruling"}), frozenset({"option"})),
    needed=("ruling", "option"),
)

ADJUSTMENTS = Table(
    ADJUSTMENT_SHEET,
    _table("""
        unit       责任单位 单位 单位名称 部门 被考核单位 考核单位
        points     加减分 分值 加(减)分 加减分值 加减分数 得分调整
        reason     理由 事由 原因 加减分理由 加减分事由 事项
        basis      依据 文件依据 依据文件 依据文号 文号
        decided_by 决定人 审定人 批准人 决定者 审批人
        decided_on 日期 决定日期 决定时间 审定日期 批准日期
        remark     备注 说明
    """),
    anchors=(
        frozenset({"unit"}),
        frozenset({"points"}),
        frozenset({"reason", "basis"}),
    ),
    needed=("unit", "points", "decided_on"),
)

TASK_WORDS = _table("""
    unit   责任单位 单位 单位名称 牵头单位 部门 责任部门 园区 牵头部门
    group  类别 组别 单位类别 分组 分类 单位类型
    remark 备注 说明
""")

TASKS = TARGET_TABLE_SHEET

ROW_NUMBERS = frozenset({"序号", "序", "行号", "no", "no."})
GENERIC = frozenset({"金额", "数额", "额", "名称", "日期", "时间", "数", "情况", ""})
PREFIXES = ("项目", "招商", "签约项目")
AREA_TOTALS = frozenset({"总计", "全区合计", "全市合计", "总合计"})
TOTALS = frozenset({"合计"}) | AREA_TOTALS
SUBTOTALS = frozenset({"小计", "合计", "总计", "累计", "本页小计", "本页合计"})

_MONEY = {**MONEY_UNITS, "亿": "亿元", "万": "万元"}
_LARGE = tuple(unit for unit in MONEY_UNITS if unit[0] in "亿万")
_UNIT_BRACKET = re.compile(
    rf"[(\[【](?:单位:?)?(?:人民币)?({alternatives(_MONEY)}|个|家|户)[)\]】]", re.IGNORECASE
)
_HARMLESS = re.compile(r"\((?:必填|选填|年/?月/?日|可选|请填写?|下拉选择|全称)\)|[*:]+$|^[*]+")
_REMARK = re.compile(r"(?:^|[(\[,;。]|金额|计量|货币)单位:([^;。)]*)")
_YEAR = re.compile(r"^20\d\d年度?")


def plain(text: object) -> str:
    r"""A head in plain form.

    >>> plain("协议资金\n（亿元）"), plain(" 牵 头\u3000单位＊")
    ('协议资金(亿元)', '牵头单位*')
    """
    if not isinstance(text, str):
        return ""
    folded = unicodedata.normalize("NFKC", text).replace("【", "(").replace("】", ")")
    return "".join(folded.split())


def names_area(text: object, area: str) -> bool:
    """Whether a cell means the area as a whole by its name, with or without 合计.

    >>> names_area("示例区 合计", "示例区"), names_area("园区合计", "示例区")
    (True, False)
    """
    return plain(text) in {plain(area) + total for total in ("", "合计", "总计")}


_YEAR_FIRST = re.compile(r"(?P<year>(?:19|20)\d\d)年?度?版?(?P<name>\D.*)")
_YEAR_LAST = re.compile(r"(?P<name>.*[^\d(])\(?(?P<year>(?:19|20)\d\d)年?度?版?\)?")


def year_apart(text: str) -> tuple[str, str]:
    """The year of a yearly list and its name in plain form; "" = it names no year.

    >>> year_apart("2022年民企500强"), year_apart("民企500强（2022）"), year_apart("民企500强")
    (('2022', '民企500强'), ('2022', '民企500强'), ('', '民企500强'))
    """
    whole = plain(text)
    found = _YEAR_FIRST.fullmatch(whole) or _YEAR_LAST.fullmatch(whole)
    return (found["year"], found["name"]) if found else ("", whole)


def bare(head: str) -> str:
    """A plain head without its unit, marks and year.

    >>> bare("协议资金(亿元)"), bare("牵头单位*"), bare("2021年协议资金"), bare("金额/万美元")
    ('协议资金', '牵头单位', '协议资金', '金额')
    """
    shorter = _HARMLESS.sub("", _UNIT_BRACKET.sub("", head)).rstrip("/")
    for unit in filter(shorter.endswith, _LARGE):
        shorter = shorter.removesuffix(unit).rstrip("/,、:")
    return _YEAR.sub("", shorter) or shorter


def money_unit(head: str) -> str:
    """The unit of money that a plain head states, or "".

    >>> money_unit("投资额(万元)"), money_unit("协议资金/亿元"), money_unit("到位外资(万美金)")
    ('万元', '亿元', '万美元')
    """
    found = _UNIT_BRACKET.search(head)
    stated = _MONEY.get(found[1].upper(), "") if found else ""
    return stated or next((_MONEY[unit] for unit in _LARGE if head.endswith(unit)), "")


def remarked_unit(text: str) -> str:
    """The unit of money that a remark above a table states, or "".

    >>> remarked_unit("单位：万元"), remarked_unit("（单位：个、亿元）"), remarked_unit("责任单位")
    ('万元', '亿元', '')
    """
    line = plain(text)
    bracket, found = _UNIT_BRACKET.fullmatch(line), _REMARK.search(line)
    said = found[1] if found else (bracket[1] if bracket else "")
    units = (word.removeprefix("人民币") for word in re.split(r"[、,/和]", said))
    return next((_MONEY[unit.upper()] for unit in units if unit.upper() in _MONEY), "")
