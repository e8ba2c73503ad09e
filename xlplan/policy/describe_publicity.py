"""What a policy says of pace, ranking, red and black lists and calendars, as rows in Chinese."""

from fractions import Fraction

from xlplan.policy.notices import EVERY_NAMES, WEEKDAYS, Board, Calendar, Near
from xlplan.policy.schema import Pace, Policy, Ranking
from xlplan.quantity import format_decimal

_PACES = {
    "months": "按月（已过月数÷总月数）",
    "days": "按天（已过天数÷总天数）",
    "targets": "按分季目标（已过各季之和÷全年）",
    "none": "不计",
}
_BY = {"rate": "按完成率", "gap": "按序时差", "value": "按完成数"}
_TIES = {"skip": "并列者同名次，其后空出名次", "dense": "并列者同名次，其后名次连续"}


def pace_said(pace: Pace) -> str:
    """How far everybody should be.

    >>> pace_said(Pace("days")), pace_said(Pace("schedule", (Fraction(1, 4), Fraction(1))))
    ('按天（已过天数÷总天数）', '各季末 25%、100%')
    """
    if pace.kind != "schedule":
        return _PACES[pace.kind]
    return "各季末 " + "、".join(_percent(share) for share in pace.schedule)


def _percent(share: Fraction) -> str:
    return f"{format_decimal(share * 100, 1).removesuffix('.0')}%"


def ranking_said(ranking: Ranking) -> str:
    """Who ranks before whom, and who does not rank."""
    said = f"{_BY[ranking.by]}，{_TIES[ranking.ties]}"
    reason = f"（{ranking.reason}）" if ranking.reason else ""
    return f"{said}；不排名：{'、'.join(ranking.left_out)}{reason}" if ranking.left_out else said


def own_ways(policy: Policy) -> tuple[str, ...]:
    """The paces and rankings of single measures."""
    paces = [
        f"{'、'.join(pace.measures)}：{pace_said(pace)}〔{pace.clause}〕" for pace in policy.paces
    ]
    rankings = [
        f"{'、'.join(rule.measures)}：{ranking_said(rule)}〔{rule.clause}〕"
        for rule in policy.rankings
    ]
    return (*paces, *rankings)


def board_said(board: Board) -> str:
    """A list with its rule.

    >>> board_said(
    ...     Board("b", "红榜", "red", ("园区",), (), top=3, near=Near(places=2), clause="一")
    ... )
    '红榜（园区）：前 3 名；接近：差 2 名以内〔b，一〕'
    """
    whose = "、".join((*board.groups, *board.measures))
    out = f"；不列：{'、'.join(board.left_out)}" if board.left_out else ""
    name = f"{board.name}（{whose}）" if whose else board.name
    return f"{name}：{board.text}{out}{_near_said(board.near)}〔{board.id}，{board.clause}〕"


def _near_said(near: Near | None) -> str:
    if near is None:
        return ""
    if near.share is None:
        return f"；接近：差 {near.places} 名以内"
    return f"；接近：差 {_percent(near.share).removesuffix('%')} 个百分点以内"


def calendar_said(calendar: Calendar) -> str:
    """A round: how often, by when, what.

    >>> calendar_said(Calendar("c", "月通报", "month", "通报进度", "四", due=5))
    '月通报：每月，期满后 5 天内，通报进度〔c，四〕'
    """
    if calendar.weekday:
        due = f"周{WEEKDAYS[calendar.weekday - 1]}"
    else:
        due = f"期满后 {calendar.due} 天内" if calendar.due else "期满当日"
    said = f"{calendar.name}：{EVERY_NAMES[calendar.every]}，{due}，{calendar.what}"
    return f"{said}〔{calendar.id}，{calendar.clause}〕"
