"""Reads the tables of scoring: scores, bonuses, gates, grades, adjustments and the total."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, get_args

from xlplan.policy.amounts import share
from xlplan.policy.marks import (
    Adjustments,
    Band,
    Bonus,
    Bound,
    Effect,
    Efficacy,
    Gate,
    Grade,
    Input,
    Ladder,
    Method,
    NoTarget,
    Parts,
    Proportional,
    Reference,
    Score,
    Scoring,
    Steps,
    Total,
)
from xlplan.policy.points import bound, figure_of, points, read_points, share_of
from xlplan.policy.reading import Table
from xlplan.policy.schema import Measure

MethodName = Literal["proportional", "efficacy", "steps", "ladder"]
Measures = Mapping[str, Measure]

NOUGHT, ONE = Fraction(0), Fraction(1)
REST = "其余"
"""What the last band of a ladder may write for everything that the bands above leave."""

_METHODS: tuple[MethodName, ...] = get_args(MethodName)
_INPUTS: tuple[Input, ...] = get_args(Input)
_PARTS: tuple[Parts, ...] = get_args(Parts)
_REFERENCES: tuple[Reference, ...] = get_args(Reference)
_EFFECTS: tuple[Effect, ...] = get_args(Effect)
_CAPS: tuple[Literal["rate", "score", "none"], ...] = ("none", "rate", "score")
_ALL_EQUAL: tuple[Literal["full", "base"], ...] = ("full", "base")
_NO_TARGET: tuple[NoTarget, ...] = get_args(NoTarget)
_BONUS_INPUTS: tuple[Literal["value", "rate"], ...] = ("value", "rate")
_BONUS_FROM: tuple[Literal["zero", "target"], ...] = ("zero", "target")

_NEEDED: Mapping[MethodName, tuple[str, ...]] = {
    "proportional": ("cap",),
    "efficacy": ("base", "all_equal"),
    "steps": ("per", "from", "parts"),
    "ladder": ("bands",),
}
_POSSIBLE: Mapping[MethodName, tuple[str, ...]] = {
    "proportional": ("cap_at", "zero_below"),
    "efficacy": (),
    "steps": ("plus", "minus", "least", "most", "start"),
    "ladder": (),
}
_OF: Mapping[MethodName, tuple[Input, ...]] = {
    "proportional": ("rate", "value"),
    "efficacy": ("value", "rate"),
    "steps": ("rate", "value", "rank"),
    "ladder": ("rate", "value", "gap", "rank"),
}
_FROM: Mapping[Input, tuple[Reference, ...]] = {
    "rate": ("target", "pace"),
    "value": ("target", "zero"),
    "rank": ("first",),
}


def scoring(top: Table, measures: Sequence[Measure]) -> Scoring:
    """Everything that the file says of scores."""
    known = {measure.name: measure for measure in measures}
    return Scoring(
        scores=top.each("score", lambda table: _score(table, known)),
        bonuses=top.each("bonus", lambda table: _bonus(table, known)),
        gates=top.each("gate", lambda table: _gate(table, known)),
        grades=top.each("grade", _grade),
        adjustments=_adjustments(top),
        total=top.one("score_total", _total),
    )


def _score(table: Table, measures: Measures) -> Score:
    """A measure, its full marks, and by which method its figures become points."""
    name, method = table.text("measure"), table.choice("method", _METHODS)
    of, full = table.choice("of", _INPUTS, _OF[method][0]), points(table, "points")
    if full is None and not table.has("points"):
        table.fault("XP604", "points", key="points")
    if full is not None and full <= 0:
        table.fault("XP670", "points", text=table.text("points"), reason="满分要大于 0")
    _refuse_idle(table, method)
    if of not in _OF[method] and not table.reading.faulty(table.at("method")):
        said = {"text": of, "what": f"{method} 的 of", "known": "、".join(_OF[method])}
        table.fault("XP606", "of", **said)
    how = _every_method(table, of, measures.get(name), full or ONE)
    return Score(
        table.text("id"),
        name,
        table.texts("groups", ()),
        full or ONE,
        of,
        how[method],
        _no_target(table, of, how[method]),
        table.text("clause"),
    )


def _refuse_idle(table: Table, method: MethodName) -> None:
    """Keys of other methods, and those that this one cannot be without."""
    if table.reading.faulty(table.at("method")):
        return
    known = (*_NEEDED[method], *_POSSIBLE[method])
    for other in _METHODS:
        for key in (*_NEEDED[other], *_POSSIBLE[other]):
            if table.has(key) and key not in known:
                table.fault("XP627", key, key=key, reason=f'method = "{method}"')
    for key in _NEEDED[method]:
        if not table.has(key):
            table.fault("XP604", key, key=key)


def _every_method(
    table: Table, of: Input, measure: Measure | None, full: Fraction
) -> Mapping[MethodName, Method]:
    """What the table says by each method; every key is asked for, so that the schema knows it."""
    return {
        "proportional": _proportional(table),
        "efficacy": _efficacy(table),
        "steps": _steps(table, of, measure, full),
        "ladder": _ladder(table, of, measure),
    }


def _proportional(table: Table) -> Proportional:
    cap = table.choice("cap", _CAPS, "none")
    if table.has("cap_at") == (cap == "none") and table.has("cap"):
        code = "XP627" if cap == "none" else "XP604"
        table.fault(code, "cap_at", key="cap_at", reason='cap = "none"')
    at = points(table, "cap_at") if cap == "score" else share_of(table, "cap_at")
    return Proportional(cap, at, share_of(table, "zero_below"))


def _efficacy(table: Table) -> Efficacy:
    text = table.text("base", "")
    base = share(table.reading, table.at("base"), text) if text else NOUGHT
    return Efficacy(base or NOUGHT, table.choice("all_equal", _ALL_EQUAL, "full"))


def _steps(table: Table, of: Input, measure: Measure | None, full: Fraction) -> Steps:
    """Steps from a reference; they begin with the full marks, but from zero with none."""
    possible = _FROM.get(of, _REFERENCES)
    reference = table.choice("from", _REFERENCES, possible[0])
    if reference not in possible:
        said = {"what": f'of = "{of}" 的 from', "known": "、".join(possible)}
        table.fault("XP606", "from", text=reference, **said)
    start, least, most = (points(table, key) for key in ("start", "least", "most"))
    begin = start if start is not None else NOUGHT if reference == "zero" else full
    lowest, highest = least or NOUGHT, full if most is None else most
    if not lowest <= begin <= highest and table.has("per"):
        said = {
            "text": table.text("least", "") or table.text("most", "") or table.text("start", "")
        }
        table.fault("XP670", "most", reason="要有 least ≤ start ≤ most", **said)
    per = figure_of(table, "per", of, measure)
    if per is not None and per <= 0:
        table.fault("XP670", "per", text=table.text("per", ""), reason="每一步要大于 0")
    return Steps(
        per or ONE,
        points(table, "plus") or NOUGHT,
        points(table, "minus") or NOUGHT,
        lowest,
        highest,
        begin,
        reference,
        table.choice("parts", _PARTS, "exact"),
    )


def _ladder(table: Table, of: Input, measure: Measure | None) -> Ladder:
    rows = table.text_rows("bands") if table.has("bands") else ()
    return Ladder(tuple(_bands(table, rows, of, measure)))


def _bands(
    table: Table, rows: Sequence[tuple[str, ...]], of: Input, measure: Measure | None
) -> Iterator[Band]:
    """The bands that can be read; one that cannot is noted, and the ladder not proved."""
    for n, row in enumerate(rows, 1):
        path = f"{table.at('bands')}[{n}]"
        if len(row) != len(("bound", "points")):
            table.reading.fault("XP622", path, count=len(row), expected=2)
            continue
        text, is_rest = row[0], row[0] == REST
        reached = None if is_rest else bound(table.reading, f"{path}[1]", text, of, measure)
        earned = read_points(table.reading, f"{path}[2]", row[1])
        if earned is not None and (reached or is_rest):
            yield Band(reached, earned, text)


def _no_target(table: Table, of: Input, method: Method) -> NoTarget | Literal[""]:
    """What a unit without a target gets: declared where the method asks for a target."""
    from_zero = isinstance(method, Steps) and method.reference == "zero"
    needed = of != "value" or (isinstance(method, Steps) and not from_zero)
    if not needed and table.has("no_target"):
        table.fault("XP627", "no_target", key="no_target", reason=f'of = "{of}"，不看目标')
    if needed and not table.has("no_target"):
        table.fault("XP604", "no_target", key="no_target")
    said = table.choice("no_target", _NO_TARGET, "left-out")
    return said if needed else ""


def _bonus(table: Table, measures: Measures) -> Bonus:
    """Points for each unit of a measure, or for each step of its rate above the target."""
    name, of = table.text("measure"), table.choice("of", _BONUS_INPUTS, "value")
    reference = table.choice("from", _BONUS_FROM, _BONUS_FROM[of == "rate"])
    if of == "rate" and reference == "zero":
        said = {"what": 'of = "rate" 的 from', "known": "target"}
        table.fault("XP606", "from", text=reference, **said)
    each, most = points(table, "each"), points(table, "most")
    if each is None and not table.has("each"):
        table.fault("XP604", "each", key="each")
    per = figure_of(table, "per", of, measures.get(name))
    for key, found in (("each", each), ("per", per), ("most", most)):
        if found is not None and (found == 0 or (key != "each" and found < 0)):
            table.fault("XP670", key, text=table.text(key, ""), reason="要大于 0")
    return Bonus(
        table.text("id"),
        name,
        table.texts("groups", ()),
        of,
        reference,
        each or ONE,
        per or (ONE if of == "value" else Fraction(1, 100)),
        table.choice("parts", _PARTS, "drop"),
        most,
        table.flag("once", default=False) is True,
        table.text("clause"),
    )


def _gate(table: Table, measures: Measures) -> Gate:
    """A condition on a measure, or a word of the sheet 加减分, and what it decides."""
    if table.has("when") == table.has("word"):
        table.fault("XP614", first="when", second="word")
    name, effect = table.text("measure", ""), table.choice("effect", _EFFECTS)
    when = table.one("when", lambda inner: _when(inner, measures.get(name)))
    if table.has("measure") != table.has("when"):
        code = "XP604" if table.has("when") else "XP627"
        table.fault(code, "measure", key="measure", reason="没有 when")
    _prove_effect(table, effect)
    return Gate(
        table.text("id"),
        table.text("name"),
        table.texts("groups", ()),
        name,
        when,
        table.text("word", ""),
        effect,
        points(table, "at"),
        table.texts("scores", ()),
        table.texts("grades", ()),
        table.text("clause"),
    )


def _when(table: Table, measure: Measure | None) -> tuple[Bound, ...]:
    """Bounds that must all hold."""
    written = [(of, table.text(of, "")) for of in _INPUTS]
    found = (bound(table.reading, table.at(of), text, of, measure) for of, text in written if text)
    return tuple(known for known in found if known)


def _prove_effect(table: Table, effect: Effect) -> None:
    """A cap says at how many points, an exclusion from which grades; neither says the other's."""
    if table.reading.faulty(table.at("effect")):
        return
    for key, own in (("at", "cap"), ("grades", "no-grade")):
        if effect == own and not table.has(key):
            table.fault("XP604", key, key=key)
        if effect != own and table.has(key):
            table.fault("XP627", key, key=key, reason=f'effect = "{effect}"')
    if effect == "no-grade" and table.has("scores"):
        table.fault("XP627", "scores", key="scores", reason=f'effect = "{effect}"')


def _grade(table: Table) -> Grade:
    text = table.text("share", "")
    return Grade(
        table.text("name"),
        points(table, "at_least"),
        share(table.reading, table.at("share"), text) if text else None,
        table.texts("groups", ()),
        table.text("clause"),
    )


def _adjustments(top: Table) -> Adjustments:
    """Points by decision are allowed only where the document says so."""
    allowed = top.has("adjustments")
    return top.one("adjustments", _allowed) if allowed else Adjustments()


def _allowed(table: Table) -> Adjustments:
    plus, minus = points(table, "plus_at_most"), points(table, "minus_at_most")
    for key, found in (("plus_at_most", plus), ("minus_at_most", minus)):
        if found is not None and found < 0:
            table.fault("XP670", key, text=table.text(key, ""), reason="写成不带负号的分数")
    clause = table.text("clause")
    return Adjustments(allowed=True, plus_at_most=plus, minus_at_most=minus, clause=clause)


def _total(table: Table) -> Total:
    full, least, most = (points(table, key) for key in ("points", "least", "most"))
    rescale = table.flag("rescale", default=False) is True
    if rescale and full is None and not table.reading.faulty(table.at("points")):
        table.fault("XP604", "points", key="points")
    if least is not None and most is not None and least > most:
        table.fault("XP670", "least", text=table.text("least", ""), reason="least 大于 most")
    return Total(
        full,
        least or NOUGHT,
        most,
        points(table, "bonus_at_most"),
        rescale,
        table.text("clause", ""),
    )
