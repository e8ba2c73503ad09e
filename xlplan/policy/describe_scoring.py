"""What a policy says of scores, as plain rows in Chinese."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from xlplan.policy.marks import (
    Bonus,
    Bound,
    Efficacy,
    Gate,
    Grade,
    Input,
    Ladder,
    Proportional,
    Score,
    Scoring,
    Steps,
)
from xlplan.quantity import exact_decimal

INPUTS: dict[Input, str] = {
    "rate": "完成率",
    "value": "完成数",
    "gap": "序时差",
    "rank": "位次",
}
STARTS = {"target": "目标", "pace": "序时进度", "zero": "零", "first": "第1名"}
_NO_TARGET = {"left-out": "不计入满分", "full": "得满分", "zero": "得 0 分"}
_PARTS = {"exact": "不足一步按比例", "drop": "不足一步不计", "up": "不足一步按一步"}
_COMPARED = {">=": "{}及以上", ">": "超过{}", "<=": "{}及以下", "<": "不足{}"}


def scoring_said(scoring: Scoring, units: Mapping[str, str]) -> tuple[str, ...]:
    """Every score, bonus, gate, grade and bound, one a row; `units` are those of the measures."""
    return (
        *(score_said(score, units.get(score.measure, "")) for score in scoring.scores),
        *(bonus_said(bonus, units.get(bonus.measure, "")) for bonus in scoring.bonuses),
        *map(gate_said, scoring.gates),
        *map(_grade_said, scoring.grades),
        *_adjustments_said(scoring),
        *_total_said(scoring),
    )


def score_said(score: Score, unit: str) -> str:
    """A score in one line: whom, what, how many points, and how.

    >>> score = Score("a", "协议资金", (), Fraction(30), "rate", Proportional(), "zero", "备注")
    >>> score_said(score, "亿元")
    '协议资金 30 分：按完成率比例得分；没有目标的得 0 分〔a，备注〕'
    """
    what = f"{_groups(score.groups)}{score.measure} {mark(score.full)} 分"
    how = "；".join([method_said(score, unit), *_no_target(score)])
    return f"{what}：{how}〔{score.id}，{score.clause}〕"


def method_said(score: Score, unit: str) -> str:
    """How figures become points."""
    what = INPUTS[score.of]
    match score.method:
        case Proportional() as method:
            return f"按{_against(score)}比例得分{_capped(method)}{_least_rate(method)}"
        case Efficacy() as method:
            equal = "满分" if method.all_equal == "full" else "基础分"
            return f"功效系数：{what}最差得 {share(method.base)}，最好得满分，全都相同得{equal}"
        case Steps() as method:
            return _steps(method, step_said(method.per, score.of, unit))
        case Ladder(bands):
            said = (f"{band_said(band.bound, score.of)} {mark(band.points)} 分" for band in bands)
            return f"{what}分档：{'，'.join(said)}"


def _against(score: Score) -> str:
    return "完成率" if score.of == "rate" else "完成数占本类最好的"


def _capped(method: Proportional) -> str:
    if method.cap_at is None or method.cap == "none":
        return ""
    at = share(method.cap_at) if method.cap == "rate" else f"{mark(method.cap_at)} 分"
    return f"，最高按 {at} 计" if method.cap == "rate" else f"，最多 {at}"


def _least_rate(method: Proportional) -> str:
    return "" if method.zero_below is None else f"，不足 {share(method.zero_below)} 不得分"


def _steps(method: Steps, per: str) -> str:
    said = [f"从{STARTS[method.reference]}起 {mark(method.start)} 分"]
    said += [f"每好 {per}加 {mark(method.plus)} 分"] if method.plus else []
    said += [f"每差 {per}减 {mark(method.minus)} 分"] if method.minus else []
    said += [_PARTS[method.parts], f"在 {mark(method.least)} 至 {mark(method.most)} 分之间"]
    return "，".join(said)


def step_said(per: Fraction, of: Input, unit: str = "") -> str:
    """One step as it is said.

    >>> step_said(Fraction(1, 100), "rate"), step_said(Fraction(1), "rank")
    ('1 个百分点', '1 名')
    """
    if of in ("rate", "gap"):
        return f"{mark(per * 100)} 个百分点"
    return f"{mark(per)} {'名' if of == 'rank' else unit}"


def band_said(bound: Bound | None, of: Input) -> str:
    """A bound of a ladder or gate as it is said.

    >>> band_said(Bound("rate", ">=", Fraction(4, 5), ">= 80%"), "rate"), band_said(None, "rate")
    ('80%及以上', '其余')
    """
    if bound is None:
        return "其余"
    figure = bound.text.removeprefix(bound.comparison).strip()
    if of == "rank":
        figure = f"第 {mark(bound.value)} 名"
        return {
            ">=": f"{figure}及以后",
            ">": f"{figure}以后",
            "<=": f"前 {mark(bound.value)} 名",
        }.get(bound.comparison, f"{figure}以前")
    return _COMPARED[bound.comparison].format(figure)


def _no_target(score: Score) -> list[str]:
    return [f"没有目标的{_NO_TARGET[score.no_target]}"] if score.no_target else []


def bonus_said(bonus: Bonus, unit: str) -> str:
    """A bonus in one line."""
    per = step_said(bonus.per, bonus.of, unit)
    over = "超出目标部分" if bonus.reference == "target" else ""
    verb = "加" if bonus.each > 0 else "减"
    what = f"{_groups(bonus.groups)}{bonus.measure}{over}"
    said = f"奖励 {what}每 {per}{verb} {mark(abs(bonus.each))} 分"
    said += "，只算一次" if bonus.once else ""
    said += f"，最多 {mark(bonus.most)} 分" if bonus.most is not None else ""
    return f"{said}〔{bonus.id}，{bonus.clause}〕"


def gate_said(gate: Gate) -> str:
    """A gate in one line."""
    said = f"{gate_condition(gate)}，{effect_said(gate)}"
    return f"{_groups(gate.groups)}{gate.name}：{said}〔{gate.id}，{gate.clause}〕"


def gate_condition(gate: Gate) -> str:
    """When a gate strikes."""
    if gate.word:
        return f"“加减分”写明“{gate.word}”的"
    return gate.measure + "且".join(
        f"{INPUTS[bound.of]}{band_said(bound, bound.of)}" for bound in gate.when
    )


def effect_said(gate: Gate) -> str:
    """What a gate decides."""
    what = "所列各项" if gate.scores else "总分"
    match gate.effect:
        case "zero":
            return f"{what}为 0"
        case "cap":
            return f"{what}不超过 {mark(gate.at or Fraction(0))} 分"
        case _:
            return f"不得评为{'、'.join(gate.grades)}"


def _grade_said(grade: Grade) -> str:
    said = [f"{mark(grade.at_least)} 分及以上"] if grade.at_least is not None else []
    said += [f"名额为本类的 {share(grade.share)}"] if grade.share is not None else []
    return (
        f"等次 {_groups(grade.groups)}{grade.name}：{'，'.join(said) or '其余'}〔{grade.clause}〕"
    )


def _adjustments_said(scoring: Scoring) -> Iterator[str]:
    rule = scoring.adjustments
    if rule.allowed:
        plus = "不限" if rule.plus_at_most is None else f"最多 {mark(rule.plus_at_most)} 分"
        minus = "不限" if rule.minus_at_most is None else f"最多 {mark(rule.minus_at_most)} 分"
        yield f"加减分：加分{plus}，减分{minus}〔{rule.clause}〕"


def _total_said(scoring: Scoring) -> Iterator[str]:
    total = scoring.total
    said = [f"满分 {mark(total.full)} 分"] if total.full is not None else []
    said += ["有不计入的项目时折算回满分"] if total.rescale else []
    said += (
        [f"奖励合计最多 {mark(total.bonus_at_most)} 分"] if total.bonus_at_most is not None else []
    )
    said += [f"总分最多 {mark(total.most)} 分"] if total.most is not None else []
    if said:
        yield f"总分：{'，'.join(said)}" + (f"〔{total.clause}〕" if total.clause else "")


def _groups(groups: tuple[str, ...]) -> str:
    return f"{'、'.join(groups)} " if groups else ""


def mark(points: Fraction) -> str:
    """Points as they are said: exactly, a repeating decimal as a fraction.

    >>> mark(Fraction(1, 2)), mark(Fraction(100, 3))
    ('0.5', '100/3')
    """
    said = exact_decimal(points)
    return said if Fraction(said) == points else str(points)


def share(part: Fraction) -> str:
    """A share in per cent, exactly.

    >>> share(Fraction(3, 5)), share(Fraction(1, 3))
    ('60%', '100/3%')
    """
    return f"{mark(part * 100)}%"
