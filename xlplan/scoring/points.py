"""How a figure becomes points, by each method; and what it earns at least and at most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from xlplan.policy.describe_scoring import INPUTS, STARTS, band_said, step_said
from xlplan.policy.marks import Efficacy, Ladder, Parts, Proportional, Score, Steps
from xlplan.scoring.figures import Figure
from xlplan.scoring.writing import figure, number

NOUGHT, WHOLE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Earned:
    """Points earned, at least and at most (None = no limit), and the arithmetic in Chinese."""

    least: Fraction
    most: Fraction | None
    because: str

    @property
    def points(self) -> Fraction | None:
        """The points, None while they hang on something."""
        return self.least if self.least == self.most else None


@dataclass(frozen=True, slots=True)
class Case:
    """One score as it is computed: its rule, the measure's unit, whether less is better.

    `reference` is where steps begin: the rate, value or place that the method names.
    """

    score: Score
    unit: str
    lower: bool
    reference: Fraction = NOUGHT

    def say(self, value: Fraction) -> str:
        """A figure as it is said."""
        return figure(value, self.score.of, self.unit)

    @property
    def what(self) -> str:
        """What is scored, as it is called."""
        return INPUTS[self.score.of]


def earned(case: Case, found: Figure, others: Sequence[Figure]) -> Earned:
    """What a figure earns beside the others of its group.

    Each end of what is pending is tried: one's own worse end beside the others' better ones, and
    the reverse. Where that makes no difference the points are settled.
    """
    if found.low is None or (_compares(case.score) and any(one.low is None for one in others)):
        return _unknown(case, found)
    worst = _at(case, found, others, better=False)
    best = _at(case, found, others, better=True)
    if worst[0] == best[0]:
        said = worst[1] if found.is_settled else f"{worst[1]}；待定部分不影响得分"
        return Earned(worst[0], best[0], said)
    ends = "、".join(dict.fromkeys((case.say(found.low), case.say(found.high or found.low))))
    bounds = f"最少 {number(worst[0])} 分，最多 {number(best[0])} 分"
    return Earned(worst[0], best[0], f"{case.what} {ends}，有待定：{bounds}")


def _compares(score: Score) -> bool:
    """Whether the points hang on the others of the group."""
    is_share = isinstance(score.method, Proportional) and score.of == "value"
    return isinstance(score.method, Efficacy) or is_share


def _at(
    case: Case, found: Figure, others: Sequence[Figure], *, better: bool
) -> tuple[Fraction, str]:
    mine = found.end(better=better, lower=case.lower)
    field = [one.end(better=not better, lower=case.lower) for one in others if one.low is not None]
    return points_of(case, mine, [mine, *field])


def _unknown(case: Case, found: Figure) -> Earned:
    """A figure that is not known, or whose group is not: all that the method can give."""
    method, full = case.score.method, case.score.full
    least, most = NOUGHT, full
    match method:
        case Proportional() if case.score.of == "rate":
            most_of = {"rate": full * (method.cap_at or WHOLE), "score": method.cap_at}
            return Earned(NOUGHT, most_of.get(method.cap), _said_unknown(found))
        case Efficacy():
            least = full * method.base
        case Steps():
            least, most = method.least, method.most
        case Ladder(bands):
            least, most = bands[-1].points, bands[0].points
        case _:
            pass
    return Earned(least, most, _said_unknown(found))


def _said_unknown(found: Figure) -> str:
    return f"{found.why or '本类有单位的数据未知，无法比较'}，得分待定"


def points_of(case: Case, mine: Fraction, field: Sequence[Fraction]) -> tuple[Fraction, str]:
    """The points of one known figure in a known field, and how they come about."""
    match case.score.method:
        case Proportional() as method:
            share = _share_of_rate if case.score.of == "rate" else _share_of_best
            return _proportional(case, method, *share(case, mine, field))
        case Efficacy() as method:
            return _efficacy(case, method, mine, field)
        case Steps() as method:
            return _steps(case, method, mine)
        case Ladder(bands):
            band = next(one for one in bands if one.bound is None or one.bound.holds(mine))
            where = band_said(band.bound, case.score.of)
            return (
                band.points,
                f"{case.what} {case.say(mine)}，属于“{where}”：{number(band.points)} 分",
            )


def _share_of_rate(case: Case, mine: Fraction, _field: Sequence[Fraction]) -> tuple[Fraction, str]:
    return mine, f"{case.what} {case.say(mine)}"


def _share_of_best(case: Case, mine: Fraction, field: Sequence[Fraction]) -> tuple[Fraction, str]:
    """The part of the group's best; where nobody has anything, nobody has a part."""
    best = min(field) if case.lower else max(field)
    over, under = (best, mine) if case.lower else (mine, best)
    part = over / under if under > 0 else WHOLE if case.lower and mine == best else NOUGHT
    return part, f"{case.what} {case.say(mine)}，本类最好 {case.say(best)}，占 {_percent(part)}"


def _percent(part: Fraction) -> str:
    return f"{number(part * 100)}%"


def _proportional(
    case: Case, method: Proportional, part: Fraction, said: str
) -> tuple[Fraction, str]:
    full = case.score.full
    if method.zero_below is not None and part < method.zero_below:
        return NOUGHT, f"{said}，不足 {_percent(method.zero_below)}，不得分"
    counted = part
    if method.cap == "rate" and method.cap_at is not None and part > method.cap_at:
        counted, said = method.cap_at, f"{said}，按 {_percent(method.cap_at)} 封顶"
    points = full * max(counted, NOUGHT)
    sum_ = f"{number(full)} 分 × {_percent(max(counted, NOUGHT))} = {number(points)} 分"
    if method.cap == "score" and method.cap_at is not None and points > method.cap_at:
        return method.cap_at, f"{said}：{sum_}，封顶 {number(method.cap_at)} 分"
    return points, f"{said}：{sum_}"


def _efficacy(
    case: Case, method: Efficacy, mine: Fraction, field: Sequence[Fraction]
) -> tuple[Fraction, str]:
    worst, best = (max(field), min(field)) if case.lower else (min(field), max(field))
    full, base = case.score.full, method.base
    if worst == best:
        points = full if method.all_equal == "full" else full * base
        rule = "满分" if method.all_equal == "full" else "基础分"
        return points, f"本类的{case.what}都是 {case.say(mine)}，按方案得{rule} {number(points)} 分"
    points = full * (base + (1 - base) * (mine - worst) / (best - worst))
    field_said = f"本类最差 {case.say(worst)}、最好 {case.say(best)}"
    place = f"{_percent(base)} + {_percent(1 - base)} × {_percent((mine - worst) / (best - worst))}"
    sum_ = f"{number(full)} 分 ×（{place}）= {number(points)} 分"
    return points, f"{case.what} {case.say(mine)}，{field_said}：{sum_}"


def _steps(case: Case, method: Steps, mine: Fraction) -> tuple[Fraction, str]:
    ahead = (case.reference - mine) if case.lower else (mine - case.reference)
    count = steps_in(abs(ahead) / method.per, method.parts)
    each, sign = (method.plus, "+") if ahead >= 0 else (method.minus, "−")
    raw = method.start + (count if ahead >= 0 else -count) * each
    points = min(max(raw, method.least), method.most)
    per = step_said(method.per, case.score.of, case.unit)
    side = "好" if ahead >= 0 else "差"
    said = f"{case.what} {case.say(mine)}，比{STARTS[method.reference]}"
    said += f" {case.say(case.reference)} " if method.reference in ("pace", "target") else ""
    said += f"{side} {number(count)} 步（每步 {per}）"
    sum_ = f"{number(method.start)} {sign} {number(count)} × {number(each)} = {number(raw)} 分"
    limit = "" if points == raw else f"，按 {number(points)} 分计"
    return points, f"{said}：{sum_}{limit}"


_WHOLE_STEPS: dict[Parts, Callable[[Fraction], Fraction]] = {
    "exact": lambda count: count,
    "drop": lambda count: Fraction(floor(count)),
    "up": lambda count: Fraction(ceil(count)),
}


def steps_in(count: Fraction, parts: Parts) -> Fraction:
    """How many steps count, a part of one as declared.

    >>> [str(steps_in(Fraction(38, 5), parts)) for parts in ("exact", "drop", "up")]
    ['38/5', '7', '8']
    """
    return _WHOLE_STEPS[parts](count)
