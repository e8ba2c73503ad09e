"""The single scores and bonuses of a unit, and which gates it meets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from xlplan.policy import Measure, Policy
from xlplan.policy.describe_scoring import effect_said, gate_condition
from xlplan.policy.marks import Bonus, Gate, NoTarget, Score, Steps
from xlplan.scoring.field import Field
from xlplan.scoring.figures import Figure, Stand
from xlplan.scoring.points import NOUGHT, WHOLE, Case, Earned, earned, steps_in
from xlplan.scoring.writing import figure, number

State = Literal["settled", "pending", "left-out"]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a unit's scores: a score, a bonus or a gate (see `model.SCORES`)."""

    group: str
    unit: str
    kind: Literal["score", "bonus", "gate"]
    score: str
    measure: str
    of: str
    input: Fraction | None
    full: Fraction | None
    points: Fraction | None
    least: Fraction | None
    most: Fraction | None
    state: State
    because: str
    clause: str
    strikes: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a gate strikes a unit; None = it hangs on something pending."""

    gate: Gate
    strikes: bool | None


@dataclass(frozen=True, slots=True)
class Words:
    """The words that the sheet 加减分 writes against units."""

    of_units: Mapping[str, frozenset[str]]

    def strike(self, unit: str, gate: Gate) -> bool:
        """Whether a gate's word is written against a unit."""
        return gate.word in self.of_units.get(unit, frozenset())


@dataclass(frozen=True, slots=True)
class Bench:
    """Where one group is scored: the policy, the group's field, the words against its units."""

    policy: Policy
    field: Field
    words: Words

    @property
    def measures(self) -> Mapping[str, Measure]:
        """The policy's measures by name."""
        return {measure.name: measure for measure in self.policy.measures}

    def verdicts(self, unit: str) -> list[Verdict]:
        """Every gate of the group, and whether it strikes."""
        return [
            Verdict(gate, self._strikes(unit, gate))
            for gate in self.policy.scoring.gates_of(self.field.group)
        ]

    def _strikes(self, unit: str, gate: Gate) -> bool | None:
        if gate.word:
            return self.words.strike(unit, gate)
        return self.field.holds(unit, self.measures[gate.measure], gate.when)

    def items(self, unit: str) -> Iterator[Item]:
        """All lines of a unit: its scores, bonuses, and the gates that it meets or may meet."""
        scoring, group = self.policy.scoring, self.field.group
        verdicts = self.verdicts(unit)
        for score in scoring.items(group):
            yield _gated(self._score(unit, score), verdicts)
        for bonus in scoring.bonuses_of(group):
            yield self._bonus(unit, bonus)
        for verdict in verdicts:
            yield self._gate(unit, verdict)

    def _score(self, unit: str, score: Score) -> Item:
        measure = self.measures[score.measure]
        stand = self.field.stand(unit, measure)
        found = self.field.figure(unit, measure, score.of)
        item = Item(
            self.field.group,
            unit,
            "score",
            score.id,
            score.measure,
            score.of,
            found.low if found.is_settled else None,
            score.full,
            None,
            None,
            None,
            "pending",
            "",
            score.clause,
        )
        reference = _reference(score, stand)
        asks = score.no_target and isinstance(score.method, Steps) and score.of == "value"
        if found.lack == "target" or (asks and stand.aim is None and found.low is not None):
            return _without_target(item, score.no_target, "没有目标")
        if found.lack == "rank":
            return _without_target(item, "left-out", found.why)
        if reference is None:
            found = Figure(lack="figure", why=f"没有{_REFERENCES[_from(score)]}")
        case = Case(score, measure.unit, _lower(score, measure), reference or NOUGHT)
        return _with(item, earned(case, found, self.field.others(unit, score, measure)))

    def _bonus(self, unit: str, bonus: Bonus) -> Item:
        measure = self.measures[bonus.measure]
        stand = self.field.stand(unit, measure)
        found = self.field.figure(unit, measure, bonus.of)
        item = Item(
            self.field.group,
            unit,
            "bonus",
            bonus.id,
            bonus.measure,
            bonus.of,
            found.low if found.is_settled else None,
            None,
            None,
            None,
            None,
            "pending",
            "",
            bonus.clause,
        )
        no_aim = bonus.reference == "target" and stand.aim is None and stand.value is not None
        if found.lack == "target" or no_aim:
            return _with(item, Earned(NOUGHT, NOUGHT, "没有目标，不奖励"))
        if found.low is None:
            most = bonus.most if bonus.each > 0 else NOUGHT
            least = NOUGHT if bonus.each > 0 else -(bonus.most or abs(bonus.each))
            return _with(item, Earned(least, most, f"{found.why}，奖励待定"))
        return _with(item, _bonus_earned(bonus, measure, stand, found))

    def _gate(self, unit: str, verdict: Verdict) -> Item:
        gate = verdict.gate
        bound = gate.when[0] if len(gate.when) == 1 else None
        shown = None
        if bound is not None:
            found = self.field.figure(unit, self.measures[gate.measure], bound.of)
            shown = found.low if found.is_settled else None
        strikes = verdict.strikes
        limit = limit_of(gate) if strikes and not gate.scores else None
        said = {True: "触发", False: "没有触发", None: "待定"}[strikes]
        because = f"{gate.name}（{gate_condition(gate)}）：{said}"
        because += f"，{effect_said(gate)}" if strikes is not False else ""
        return Item(
            self.field.group,
            unit,
            "gate",
            gate.id,
            gate.measure,
            bound.of if bound else "",
            shown,
            None,
            limit,
            limit,
            limit,
            "pending" if strikes is None else "settled",
            because,
            gate.clause,
            strikes is True,
        )


_REFERENCES = {"target": "目标", "pace": "序时进度"}


def _from(score: Score) -> str:
    return score.method.reference if isinstance(score.method, Steps) else ""


def _lower(score: Score, measure: Measure) -> bool:
    """Whether smaller figures are the better ones."""
    return score.of == "rank" or (score.of == "value" and measure.better == "lower")


def _reference(score: Score, stand: Stand) -> Fraction | None:
    """Where steps begin; None where the standing has no such thing."""
    match _from(score):
        case "target":
            return WHOLE if score.of == "rate" else stand.aim
        case "pace":
            return stand.pace
        case "first":
            return WHOLE
        case _:
            return NOUGHT


def _without_target(item: Item, said: NoTarget | Literal[""], why: str) -> Item:
    """What the policy declares for a unit without a target."""
    full = item.full or NOUGHT
    match said:
        case "full":
            return _with(item, Earned(full, full, f"{why}，按方案得满分 {number(full)} 分"))
        case "zero":
            return _with(item, Earned(NOUGHT, NOUGHT, f"{why}，按方案得 0 分"))
        case _:
            because = f"{why}，不计入满分"
            return replace(item, state="left-out", least=NOUGHT, most=NOUGHT, because=because)


def _with(item: Item, found: Earned) -> Item:
    settled = found.points is not None
    return replace(
        item,
        points=found.points,
        least=found.least,
        most=found.most,
        state="settled" if settled else "pending",
        because=found.because,
    )


def _bonus_earned(bonus: Bonus, measure: Measure, stand: Stand, found: Figure) -> Earned:
    """The bonus at both ends of what is pending."""
    reference = NOUGHT
    if bonus.reference == "target":
        reference = WHOLE if bonus.of == "rate" else stand.aim or NOUGHT
    lower = bonus.of == "value" and bonus.reference == "target" and measure.better == "lower"
    ends = [
        _bonus_at(bonus, measure, reference - end if lower else end - reference)
        for end in (found.low or NOUGHT, found.high or NOUGHT)
    ]
    low, high = sorted(ends, key=lambda end: end[0])
    if low[0] == high[0]:
        return Earned(low[0], high[0], low[1])
    return Earned(low[0], high[0], f"有待定：最少 {number(low[0])} 分，最多 {number(high[0])} 分")


def _bonus_at(bonus: Bonus, measure: Measure, ahead: Fraction) -> tuple[Fraction, str]:
    count = steps_in(max(ahead, NOUGHT) / bonus.per, bonus.parts)
    if bonus.once:
        count = min(count, WHOLE)
    raw = count * bonus.each
    limit = bonus.most
    points = raw if limit is None else min(max(raw, -limit), limit)
    over = "超出目标 " if bonus.reference == "target" else ""
    said = f"{over}{figure(max(ahead, NOUGHT), bonus.of, measure.unit)}，计 {number(count)} 次"
    once = "（只算一次）" if bonus.once else ""
    capped = "" if points == raw else f"，按 {number(points)} 分封顶"
    return (
        points,
        f"{said}{once}：{number(count)} × {number(bonus.each)} = {number(raw)} 分{capped}",
    )


def limit_of(gate: Gate) -> Fraction | None:
    """The most points that a gate leaves; None = it limits none."""
    return {"zero": NOUGHT, "cap": gate.at}.get(gate.effect)


def _gated(item: Item, verdicts: list[Verdict]) -> Item:
    """A score that gates take away or cap; one that hangs on a gate is pending with it."""
    concerned = [
        one for one in verdicts if item.score in one.gate.scores and one.strikes is not False
    ]
    for verdict in concerned if item.state != "left-out" else ():
        gate, limit = verdict.gate, limit_of(verdict.gate) or NOUGHT
        least, most = min(item.least or NOUGHT, limit), item.most
        said = f"{item.because}；是否触发“{gate.name}”待定"
        if verdict.strikes:
            most = limit if most is None else min(most, limit)
            said = f"{item.because}；触发“{gate.name}”，最多 {number(limit)} 分"
        item = _with(item, Earned(least, most, said))
    return item
