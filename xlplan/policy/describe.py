"""What a policy says, as plain rows in Chinese for a terminal or a sheet; nothing is printed."""

from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from xlplan.policy.describe_publicity import (
    board_said,
    calendar_said,
    own_ways,
    pace_said,
    ranking_said,
)
from xlplan.policy.describe_scoring import scoring_said
from xlplan.policy.schema import (
    Case,
    Currency,
    DayBound,
    Measure,
    OfWhich,
    Policy,
    Rule,
    Ruling,
    Scope,
    Split,
    TargetRow,
    TargetTable,
    TierCount,
    Weight,
    Where,
)
from xlplan.policy.validity import is_dated
from xlplan.quantity import CALENDAR, exact_decimal

_AMOUNTS = {"investment": "投资额", "output": "年产值"}
_DATES = {"started": "按开工日期", "produced": "按投产日期"}
_COLUMNS = {
    "origin": "来源",
    "sector": "行业",
    "industry": "产业",
    "status": "状态",
    "team": "招商组",
    "level": "督办级别",
    "lists": "名单",
    "landing": "落地单位",
    "lead": "牵头单位",
}
_FIELDS = {"investment": "投资额", "output": "年产值", "agreement": "协议资金"}
_DAYS = {"signed": "签约日期", "started": "开工日期", "produced": "投产日期"}
_PERIODS = {
    "previous-year": "上年",
    "year": "本年（截至截止日期）",
    "period": "本期（截至截止日期）",
    "all-before": "截止日期以前",
}
_RATED = {
    "project": "个数",
    "agreement": "协议资金",
    "investment": "投资额",
    "output": "年产值",
    "receipts": "截至截止日期的到位资金",
}
_COMPARED_DAYS = {">=": "{}起", ">": "{}之后", "<=": "{}及以前", "<": "{}之前"}
_COMPARED = {">=": "{}及以上", ">": "超过{}", "<=": "{}及以下", "<": "不足{}"}
_CALENDAR = {"month": "月通报", "quarter": "季通报"}
_ASSESSED = {"quarter": "季考核", "year": "年考核"}


class Section(NamedTuple):
    """A heading and its rows, each one line of text."""

    heading: str
    rows: tuple[str, ...]


def describe(policy: Policy) -> list[Section]:
    """The sections of a policy in reading order; those that say nothing are left out."""
    rules = policy.rules
    sections = [
        Section("方案", _head(policy)),
        Section("指标", tuple(map(measure_said, policy.measures))),
        Section("外币", tuple(map(_currency, policy.currencies))),
        Section("档次（从高到低）", _tiers(policy)),
        Section("权重", tuple(map(said, rules.weights))),
        Section("分摊", tuple(map(said, rules.splits))),
        Section("适用范围", tuple(map(said, rules.scopes))),
        Section("计数与其中项", tuple(map(said, (*rules.tier_counts, *rules.of_whichs)))),
        Section("口径（文件未规定，选定之前列入待定）", _rulings(policy)),
        Section("目标表", _tables(policy)),
        Section("评分", scoring_said(policy.scoring, {m.name: m.unit for m in policy.measures})),
        Section("单独规定的序时进度和排名", own_ways(policy)),
        Section("红黑榜", tuple(map(board_said, policy.boards))),
        Section("日程", tuple(map(calendar_said, policy.calendars))),
        Section("总目标", tuple(_goals(policy))),
        Section("专项招商组", tuple(_teams(policy))),
        Section("任务", tuple(_tasks(policy))),
        Section("条款", tuple(f"{place}：{gist}" for place, gist in policy.clauses.items())),
    ]
    return [section for section in sections if section.rows]


def said(rule: Rule) -> str:
    """One rule as a line: what it decides, its id, its clause.

    >>> said(TierCount("tier-count.highest", "附件2备注1", scope="highest"))
    '项目只计入最高的一档〔tier-count.highest，附件2备注1〕'
    """
    match rule:
        case Weight():
            gist = _weight(rule)
        case Split():
            gist = _split(rule)
        case Scope():
            gist = f"{rule.name}：{'、'.join((*rule.groups, *rule.units))}"
        case TierCount():
            highest = rule.scope == "highest"
            gist = "项目只计入最高的一档" if highest else "项目同时计入以下各档"
        case OfWhich():
            gist = "“其中”是单独的下限" if rule.reading == "floor" else "“其中”仅作说明"
        case _:
            raise TypeError(rule)
    valid = [_span_said(rule.valid_from, rule.valid_to)] if is_dated(rule) else []
    return f"{gist}〔{'，'.join([rule.id, rule.clause, *valid])}〕"


def _span_said(start: date | None, end: date | None) -> str:
    """Since when and until when something is valid.

    >>> _span_said(date(2022, 1, 1), None), _span_said(None, date(2022, 1, 1))
    ('自 2022-01-01 起', '至 2022-01-01 之前')
    """
    since = [f"自 {start} 起"] if start else []
    return "".join([*since, *([f"至 {end} 之前"] if end else [])])


def measure_said(measure: Measure) -> str:
    """A measure with its unit and, where they are not the usual ones, what and when it counts.

    >>> from xlplan.policy.schema import Threshold, Where
    >>> at = Where(lists=("名企",), thresholds=(Threshold("investment", ">=", 0, ">= 1亿元"),))
    >>> measure_said(Measure("a", "开工项目", "project", dated_by="started", where=at))
    '开工项目（个）：按开工日期；名单为名企；投资额1亿元及以上'
    """
    said = [_AMOUNTS[measure.amount]] if measure.amount in _AMOUNTS else []
    said += [_DATES[measure.dated_by]] if measure.dated_by in _DATES else []
    said += [f"只计以{measure.currency}写的金额，不折算"] if measure.currency else []
    said += [f"滞后 {measure.lag} 个月"] if measure.lag else []
    said += ["目标为累计水平"] if measure.basis == "level" else []
    name = f"{measure.name}（{measure.unit}）"
    said += filter(None, [statistic_said(measure), where_said(measure)])
    return f"{name}：{'；'.join(said)}" if said else name


def statistic_said(measure: Measure) -> str:
    """What a measure that is no sum is, in one phrase; "" for a sum.

    >>> from xlplan.policy.schema import Statistic
    >>> statistic_said(Measure("a", "增速", "", kind="growth", statistic=Statistic(of="税收")))
    '税收同比增长'
    """
    said = measure.statistic
    reported = "期内最近一次报送的数" if measure.basis == "level" else "各期报送之和"
    return {
        "rate": _rate_said(measure),
        "reported": f"统计数据：{reported}{'，只供别的指标取数' if said.feeds_only else ''}",
        "growth": f"{said.of}{'同比' if said.base == 'previous-year' else '环比'}增长",
        "ratio": f"{said.numerator}÷{said.denominator}",
        "rank": "统计数据：报送的位次，越小越好",
        "combined": "＋".join(f"{name}×{factor_said(by)}" for name, by in said.terms),
    }.get(measure.kind, "")


def factor_said(factor: Fraction) -> str:
    """A factor 折算系数 as a decimal, or as a fraction where no decimal is exact.

    >>> factor_said(Fraction(6, 5)), factor_said(Fraction(1, 3))
    ('1.2', '1/3')
    """
    decimal = exact_decimal(factor)
    return decimal if Fraction(decimal) == factor else str(factor)


def _rate_said(measure: Measure) -> str:
    """A rate by its two halves: of which projects, and which of them count."""
    cohort, counted = measure.statistic.cohort, measure.statistic.fulfilled
    fixed = f"{cohort.period}年" if cohort.period.isdigit() else cohort.period
    of = f"{_PERIODS.get(cohort.period, fixed)}{_DAYS[cohort.dated_by][:2]}的项目"
    of += f"（{filter_said(cohort.where)}）" if filter_said(cohort.where) else ""
    over = [filter_said(counted.where)] if filter_said(counted.where) else []
    over += [f"{_DAYS[counted.dated_by]}不晚于截止日期"] if counted.dated_by else []
    what = _RATED[cohort.amount], _RATED[counted.amount]
    return f"分母：{of}的{what[0]}；分子：其中{'且'.join(over) or '各项目'}的{what[1]}"


def where_said(measure: Measure) -> str:
    """Which projects a measure counts, in the words of the ledger's heads; "" = all."""
    said = [filter_said(measure.where)] if filter_said(measure.where) else []
    said += ["同一投资主体只算第一个"] if measure.distinct_by else []
    return "；".join(said)


def filter_said(where: Where) -> str:
    """A filter in the words of the ledger's heads; "" = all projects."""
    said = [
        f"{_COLUMNS[one.field]}{'不为' if one.excluded else '为'}{'、'.join(one.words)}"
        for one in where.words
    ]
    said += [f"{_FIELDS[bound.field]}{_bound(bound.text)}" for bound in where.thresholds]
    said += [_day_said(bound) for bound in where.days]
    return "；".join(said)


def _day_said(bound: DayBound) -> str:
    """A bound on a day in the words of the law.

    >>> _day_said(DayBound("signed", "<", date(2022, 1, 1), "< 2022-01-01"))
    '签约日期2022-01-01之前'
    """
    return _DAYS[bound.field] + _COMPARED_DAYS[bound.comparison].format(bound.day)


def case_said(case: Case) -> str:
    """A tier's case in the words of the law, such as 投资额20亿元及以上."""
    sectors = [f"{'、'.join(case.sectors)}项目"] if case.sectors else []
    bounds = [f"{_FIELDS[bound.field]}{_bound(bound.text)}" for bound in case.thresholds]
    valid = [_span_said(case.valid_from, case.valid_to)] if is_dated(case) else []
    return "，".join([*sectors, *bounds, *valid])


def _bound(text: str) -> str:
    """A bound in the words of the law; words that are no bound stay as they are.

    >>> _bound(">= 20亿元"), _bound("第一梯队")
    ('20亿元及以上', '第一梯队')
    """
    sign = next((sign for sign in _COMPARED if text.startswith(sign)), "")
    return _COMPARED[sign].format(text.removeprefix(sign).strip()) if sign else text


def _head(policy: Policy) -> tuple[str, ...]:
    return (
        f"编号：{policy.id}",
        f"名称：{policy.title}",
        f"印发：{policy.issued:%Y-%m-%d}",
        f"地区：{policy.area}，期间：{policy.period}{_year(policy)}",
        f"通报考核：{_CALENDAR[policy.bulletin]}、{_ASSESSED[policy.assessment]}",
        f"来源：{'、'.join(policy.origins) or '不分'}；行业：{'、'.join(policy.sectors) or '不分'}",
        f"序时进度：{pace_said(policy.pace)}；位次：{ranking_said(policy.ranking)}",
        *(f"不计入：状态为{status}的项目" for status in policy.not_counted),
    )


def _year(policy: Policy) -> str:
    """The assessment year where it is not the calendar's."""
    found = policy.period_named(policy.period)
    if policy.year == CALENDAR or found is None:
        return ""
    return f"（{found.start} 至 {found.end - timedelta(days=1)}）"


def _currency(currency: Currency) -> str:
    """How amounts in a currency count.

    >>> _currency(Currency("美元", "fixed", ((None, Fraction("6.9")),), "附件"))
    '美元：1美元 = 6.9元〔附件〕'
    """
    said = [
        f"{f'{since} 起 ' if since else ''}1{currency.name} = {exact_decimal(rate)}元"
        for since, rate in currency.rates
    ]
    ways = "；".join(said) or "不折算，只计入以它计的指标"
    return f"{currency.name}：{ways}〔{currency.clause}〕"


def percent(share: Fraction) -> str:
    """A share as a percentage where that is exact, else as a fraction.

    >>> percent(Fraction(4, 5)), percent(Fraction(1, 8)), percent(Fraction(1, 3))
    ('80%', '12.5%', '1/3')
    """
    hundred = share * 100
    decimal = f"{float(hundred):g}"
    return f"{decimal}%" if Fraction(decimal) == hundred else str(share)


def _tiers(policy: Policy) -> tuple[str, ...]:
    return tuple(
        f"{tier.name}：{'；或'.join(map(case_said, tier.any_of))}〔tier.{tier.id}，{tier.clause}〕"
        for tier in policy.tiers
    )


def _weight(rule: Weight) -> str:
    where = f"（{rule.scope}）" if rule.scope else ""
    share = f"与{rule.like}同一权重" if rule.share is None else f"按 {percent(rule.share)} 计入"
    return f"{'、'.join(rule.origins) or '任何来源'}的{'、'.join(rule.measures)}{where}{share}"


def _split(rule: Split) -> str:
    least, most = rule.partners
    number = f"{least} 家及以上" if most is None else f"{least} 家" if least == most else ""
    partners = f"配合单位 {number or f'{least} 至 {most} 家'}"
    if rule.across_groups is not None:
        partners += "且跨类别" if rule.across_groups else "且同类别"
    return f"{'、'.join(rule.measures)}，{partners}：{_shares(rule)}"


def _shares(rule: Split) -> str:
    if rule.like:
        return f"同{rule.like}"
    if rule.equally is not None:
        return f"各单位（含牵头）平分 {percent(rule.equally)}"
    if rule.partners == (0, 0):
        return f"牵头单位 {percent(rule.lead)}"
    each = "每家" if rule.among == "each" else "共"
    first = "（优先于其他分摊规则）" if rule.prevails else ""
    return f"牵头 {percent(rule.lead)}，配合{each} {percent(rule.cooperating)}{first}"


def _rulings(policy: Policy) -> tuple[str, ...]:
    return tuple(line for ruling in policy.rulings for line in _ruling(ruling))


def _ruling(ruling: Ruling) -> tuple[str, ...]:
    head = f"{ruling.id}：{ruling.question}〔{ruling.silent_at}〕"
    return (head, *(f"  {option.id}　{option.label}" for option in ruling.options))


def _tables(policy: Policy) -> tuple[str, ...]:
    """Each table's units, and the written totals of its measures."""
    return tuple(
        f"{table.title}：{f'{len(table.rows)} 个单位，' if table.rows else ''}{_total(table)}"
        f"〔{table.period}，{table.clause}〕"
        for table in policy.tables
    )


def _total(table: TargetTable) -> str:
    """The written 合计, or the cells of the only unit of a table without one."""
    only = table.rows[0] if len(table.rows) == 1 else TargetRow("", ())
    cells = (table.total if table.total.unit else only).cells
    named = (f"{name} {cell}" for name, cell in zip(table.measures, cells, strict=False) if cell)
    said = "、".join(named)
    return f"合计 {said}" if table.total.unit else said or "没有写合计"


def _goals(policy: Policy) -> list[str]:
    return [
        f"{goal.name}：{'每年' * (goal.each == 'year')}{_bound(goal.bound)}"
        f"（{goal.period}）〔{goal.clause}〕"
        for goal in policy.goals
    ]


def _tasks(policy: Policy) -> list[str]:
    """Each task with who must do it, then what the general names stand for."""
    rows = []
    for task in policy.duties.tasks:
        lead = "、".join((*task.lead_offices, *task.lead_units))
        others = "、".join((*task.units, *task.offices, *task.leaders))
        due = f"，时限 {task.due:%Y-%m-%d}" if task.due else ""
        who = "；".join(
            f"{role} {said}" for role, said in (("牵头", lead), ("责任", others)) if said
        )
        rows.append(f"{task.id} {task.name}（{task.clause}）：{who}{due}")
    for card in policy.duties.wildcards:
        covers = "、".join((*card.groups, *card.units, *(["全部招商组"] if card.teams else [])))
        but = f"，除 {'、'.join(card.excluded)}" if card.excluded else ""
        rows.append(f"统称“{card.text}”：{covers}{but}（{card.clause}）")
    return rows


def _teams(policy: Policy) -> list[str]:
    return [
        f"{team.name}：组长 {team.leader}；第一招商专员 {'、'.join(team.commissioners[:1])}；"
        f"落地 {'、'.join(team.landing_units)}〔{team.clause}〕"
        for team in policy.teams
    ]
