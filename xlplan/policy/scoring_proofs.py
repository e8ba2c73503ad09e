"""Proves what a policy says of scores: names known, ladders whole, full marks that add up."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from xlplan.policy.marks import Band, Bonus, Bound, Gate, Grade, Ladder, Score, covers
from xlplan.policy.reading import Reading
from xlplan.policy.schema import Policy
from xlplan.quantity import exact_decimal

Named = tuple[str, str]
Cut = tuple[Fraction, int]

_RATES = {"rate": "完成率", "gap": "序时差"}
_FEWEST_BANDS = 2
_AFTER = {">=": 0, ">": 1, "<": 0, "<=": 1}


def prove_scoring(policy: Policy, reading: Reading) -> None:
    """Note the faults that show only when the parts of scoring are seen together."""
    _prove_rates(policy, reading)
    for n, score in enumerate(policy.scoring.scores, 1):
        path = f"score[{n}]"
        if isinstance(score.method, Ladder) and not reading.faulty(path):
            _prove_ladder(f"{path}.bands", score, policy, reading)
    if not reading.faulty("score"):
        _prove_full_marks(policy, reading)
    if not reading.faulty("grade"):
        for group in policy.groups:
            _prove_grades(policy, group, reading)


def _prove_rates(policy: Policy, reading: Reading) -> None:
    """What is better when smaller has no rate of completion, and no gap to a pace."""
    lower = {measure.name for measure in policy.measures if measure.better == "lower"}
    scoring = policy.scoring
    rules: dict[str, Sequence[Score | Bonus]] = {"score": scoring.scores, "bonus": scoring.bonuses}
    asked: list[tuple[str, str, str]] = [
        (f"{key}[{n}].of", rule.measure, rule.of)
        for key, listed in rules.items()
        for n, rule in enumerate(listed, 1)
    ]
    asked += [
        (f"gate[{n}].when.{bound.of}", gate.measure, bound.of)
        for n, gate in enumerate(policy.scoring.gates, 1)
        for bound in gate.when
    ]
    for path, measure, of in asked:
        if measure in lower and of in _RATES:
            reading.fault("XP678", path, measure=measure, what=_RATES[of])


def measures_named(policy: Policy) -> Iterator[Named]:
    """The measures that scoring speaks of, each with its key path."""
    for key, rules in _rules(policy):
        yield from ((f"{key}[{n}].measure", rule.measure) for n, rule in enumerate(rules, 1))


def groups_named(policy: Policy) -> Iterator[Named]:
    """The groups that scoring speaks of."""
    for key, rules in _tables(policy):
        for n, rule in enumerate(rules, 1):
            yield from ((f"{key}[{n}].groups[{m}]", it) for m, it in enumerate(rule.groups, 1))


def clauses_cited(policy: Policy) -> Iterator[Named]:
    """The clauses that scoring cites."""
    for key, rules in _tables(policy):
        yield from ((f"{key}[{n}].clause", rule.clause) for n, rule in enumerate(rules, 1))
    yield "adjustments.clause", policy.scoring.adjustments.clause
    yield "score_total.clause", policy.scoring.total.clause


def ids_given(policy: Policy) -> Iterator[Named]:
    """The ids of scores, bonuses and gates, which are rules like any other."""
    for key, rules in _rules(policy):
        yield from ((f"{key}[{n}].id", rule.id) for n, rule in enumerate(rules, 1))


def words_given(policy: Policy) -> Iterator[Named]:
    """The words of gates, which the sheet 加减分 tells them by."""
    yield from ((f"gate[{n}].word", gate.word) for n, gate in enumerate(policy.scoring.gates, 1))


def scores_of_gates(policy: Policy) -> Iterator[Named]:
    """The scores that gates take away or cap."""
    for n, gate in enumerate(policy.scoring.gates, 1):
        yield from ((f"gate[{n}].scores[{m}]", score) for m, score in enumerate(gate.scores, 1))


def grades_of_gates(policy: Policy) -> Iterator[Named]:
    """The grades that gates keep units out of."""
    for n, gate in enumerate(policy.scoring.gates, 1):
        yield from ((f"gate[{n}].grades[{m}]", grade) for m, grade in enumerate(gate.grades, 1))


def _rules(policy: Policy) -> list[tuple[str, Sequence[Score | Bonus | Gate]]]:
    scoring = policy.scoring
    return [("score", scoring.scores), ("bonus", scoring.bonuses), ("gate", scoring.gates)]


def _tables(policy: Policy) -> list[tuple[str, Sequence[Score | Bonus | Gate | Grade]]]:
    return [*_rules(policy), ("grade", policy.scoring.grades)]


def _prove_ladder(path: str, score: Score, policy: Policy, reading: Reading) -> None:
    """From the best band down without gap or overlap, each worth no more than the one above."""
    assert isinstance(score.method, Ladder)  # noqa: S101 - asked by the caller
    bands, towards = score.method.bands, _towards_worse(score, policy)
    if len(bands) < _FEWEST_BANDS:
        said = bands[0].text if bands else ""
        reading.fault("XP671", path, text=said, reason="至少写两档，最后一档写其余的")
        return
    for n, band in enumerate(bands[:-1], 1):
        if band.bound is None or band.bound.comparison[0] == towards:
            reading.fault("XP672", f"{path}[{n}]", text=band.text, reason="要从好到差写")
            return
    for n, (above, band) in enumerate(pairwise(bands), 2):
        here = f"{path}[{n}]"
        if band.points > above.points:
            reading.fault("XP674", f"{here}[2]", text=band.text, above=above.text)
        prove = _prove_last if n == len(bands) else _prove_rung
        prove(here, above, band, reading)


def _towards_worse(score: Score, policy: Policy) -> str:
    """The sign of a bound that figures worse than it fulfil."""
    known = {measure.name: measure for measure in policy.measures}
    lower = score.measure in known and known[score.measure].better == "lower"
    return ">" if score.of == "rank" or (score.of == "value" and lower) else "<"


def _prove_rung(path: str, above: Band, band: Band, reading: Reading) -> None:
    """A band below another begins further down: what reaches it has not reached that one."""
    if above.bound is None or band.bound is None:
        return  # said by the caller: only the last may say 其余
    upper, cut = _cut(above.bound), _cut(band.bound)
    falls = cut < upper if band.bound.comparison[0] == ">" else cut > upper
    if not falls:
        reading.fault("XP672", path, text=band.text, reason=f"符合的都已归入“{above.text}”")


def _prove_last(path: str, above: Band, band: Band, reading: Reading) -> None:
    """The last band takes exactly what the one above leaves."""
    if band.bound is None or above.bound is None:
        return
    upper, cut = _cut(above.bound), _cut(band.bound)
    if band.bound.comparison[0] == above.bound.comparison[0]:
        reading.fault("XP671", path, text=band.text, reason="再往下的没有写到")
    elif cut != upper:
        overlaps = (cut > upper) == (band.bound.comparison[0] == "<")
        reason = f"与“{above.text}”{'重叠' if overlaps else '之间有空档'}"
        reading.fault("XP673" if overlaps else "XP671", path, text=band.text, reason=reason)


def _cut(bound: Bound) -> Cut:
    """Where a bound cuts the figures: just before its value, or just after."""
    return bound.value, _AFTER[bound.comparison]


def _prove_full_marks(policy: Policy, reading: Reading) -> None:
    """Where full marks are declared, those of every group that is scored add up to them."""
    declared = policy.scoring.total.full
    for group in policy.groups if declared is not None else ():
        items = policy.scoring.items(group)
        whole = sum((score.full for score in items), Fraction(0))
        if items and whole != declared:
            said = {"sum": exact_decimal(whole), "total": exact_decimal(declared or Fraction(0))}
            reading.fault("XP675", "score_total.points", group=group, **said)


def _prove_grades(policy: Policy, group: str, reading: Reading) -> None:
    """A group's grades ask for less and less, and share out no more than everyone."""
    grades = [
        (n, grade)
        for n, grade in enumerate(policy.scoring.grades, 1)
        if covers(grade.groups, group)
    ]
    for (_, above), (n, grade) in pairwise(grades):
        if _takes_all_of(above, grade):
            reading.fault("XP676", f"grade[{n}]", text=grade.name, above=above.name)
    shares = sum((grade.share or Fraction(0) for _, grade in grades), Fraction(0))
    if shares > 1:
        reading.fault("XP677", "grade", group=group, sum=f"{exact_decimal(shares * 100)}%")


def _takes_all_of(above: Grade, grade: Grade) -> bool:
    """Whether nobody is left for a grade: the one above asks for no more points, and no place."""
    if above.share is not None:
        return False
    least = above.at_least
    return least is None or (grade.at_least is not None and grade.at_least >= least)
