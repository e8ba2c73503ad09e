"""Proves a policy against itself before anything is computed with it.

Here: every name that is used is known, every name is given once, every clause is cited. The order
of tiers and the rules' cases have rooms of their own (`ladder`, `conflicts`).
"""

from collections.abc import Iterable, Iterator
from typing import get_args

from xlplan.policy.conflicts import prove_rules
from xlplan.policy.duty_proofs import duty_citations, duty_names, prove_duties
from xlplan.policy.ladder import Rung, are_empty, prove_tiers
from xlplan.policy.placed import Placed, placed
from xlplan.policy.publicity import clauses_of, given_once, names_used, prove_publicity
from xlplan.policy.reading import Reading
from xlplan.policy.schema import (
    COUNTED,
    LISTED,
    MONEY_UNIT,
    Case,
    Dated,
    Measure,
    Policy,
    Rule,
    Scope,
    Split,
    TargetTable,
    Tier,
    Weight,
    Where,
)
from xlplan.policy.scoring_proofs import (
    clauses_cited,
    grades_of_gates,
    groups_named,
    ids_given,
    measures_named,
    prove_scoring,
    scores_of_gates,
    words_given,
)
from xlplan.policy.statistic_proofs import prove_statistics

_LIST_NAMES = {
    "industries": "产业",
    "statuses": "状态",
    "teams": "招商组",
    "levels": "督办级别",
    "lists": "名单",
    "landing": "单位",
    "units": "单位",
}

Named = tuple[str, str]
"""A key path and the text that stands there."""


def prove(policy: Policy, reading: Reading) -> None:
    """Note every fault that shows only when the parts are seen together."""
    _prove_once(policy, reading)
    _prove_clauses(policy, reading)
    _prove_measures(policy, reading)
    prove_statistics(policy, reading)
    _prove_rule_names(policy, reading)
    _prove_scoring_names(policy, reading)
    prove_scoring(policy, reading)
    _prove_publicity(policy, reading)
    _prove_units(policy, reading)
    _prove_goals(policy, reading)
    for n, table in enumerate(policy.tables, 1):
        _prove_table(f"table[{n}]", table, policy, reading)
    _prove_target_once(policy, reading)
    _prove_one_basis(policy, reading)
    _prove_successors(policy, reading)
    if not reading.faulty("tier["):
        prove_tiers(policy.tiers, reading)
    prove_rules(policy, reading)
    prove_duties(policy, reading)


def _prove_once(policy: Policy, reading: Reading) -> None:
    """Ids and names are given once; a unit's aliases are names of it alone."""
    once = {
        "来源": _list("policy.origins", policy.origins),
        "行业": _list("policy.sectors", policy.sectors),
        "类别": _list("policy.groups", policy.groups),
        "产业": _list("policy.industries", policy.industries),
        "状态": _list("policy.statuses", policy.statuses),
        "督办级别": _list("policy.levels", policy.levels),
        "名单": _list("policy.lists", policy.lists),
        "指标编号": _each("measure", "id", (m.id for m in policy.measures)),
        "指标": _each("measure", "name", (m.name for m in policy.measures)),
        "档次编号": _each("tier", "id", (t.id for t in policy.tiers)),
        "档次": _each("tier", "name", (t.name for t in policy.tiers)),
        "规则编号": [
            *((f"{found.path}.id", found.rule.id) for found in placed(policy, Rule)),
            *ids_given(policy),
        ],
        "否决用语": words_given(policy),
        "口径": _each("ruling", "id", (r.id for r in policy.rulings)),
        "单位名称": _unit_names(policy),
        "招商组": _each("team", "name", (t.name for t in policy.teams)),
        "总目标": _each("goal", "name", (g.name for g in policy.goals)),
        "外币": _each("currency", "name", (c.name for c in policy.currencies)),
    }
    once |= given_once(policy)
    once |= duty_names(policy)
    for n, ruling in enumerate(policy.rulings, 1):
        options = (option.id for option in ruling.options)
        once[f"{ruling.id} 的选项"] = _each(f"ruling[{n}].option", "id", options)
    for what, named in once.items():
        _unique(what, named, reading)


def _unique(what: str, named: Iterable[Named], reading: Reading) -> None:
    seen: dict[str, str] = {}
    for path, text in named:
        if text and text in seen:
            reading.fault("XP609", path, what=what, text=text, other=seen[text])
        seen.setdefault(text, path)


def _list(path: str, texts: Iterable[str]) -> list[Named]:
    return [(f"{path}[{n}]", text) for n, text in enumerate(texts, 1)]


def _each(path: str, key: str, texts: Iterable[str]) -> list[Named]:
    return [(f"{path}[{n}].{key}", text) for n, text in enumerate(texts, 1)]


def _unit_names(policy: Policy) -> list[Named]:
    """Official names first, so that an alias that is another unit's name is the one at fault."""
    names = _each("unit", "name", (unit.name for unit in policy.units))
    for n, unit in enumerate(policy.units, 1):
        names += _list(f"unit[{n}].aliases", unit.aliases)
    return names


def _prove_clauses(policy: Policy, reading: Reading) -> None:
    """Every cited clause is restated, and every restated clause is cited."""
    cited = [(path, place) for path, place in _citations(policy) if place]
    for path, place in cited:
        if place not in policy.clauses:
            reading.fault("XP607", path, text=place)
    for place in policy.clauses.keys() - {place for _, place in cited}:
        reading.fault("XP608", f'clauses."{place}"', text=place)


def _citations(policy: Policy) -> Iterator[Named]:
    yield "policy.calendar_clause", policy.calendar_clause
    yield "policy.not_counted_clause", policy.not_counted_clause
    yield "pace.clause", policy.pace.clause
    yield "ranking.clause", policy.ranking.clause
    yield from clauses_of(policy)
    yield from _each("measure", "clause", (measure.clause for measure in policy.measures))
    yield from _each("tier", "clause", (tier.clause for tier in policy.tiers))
    yield from ((f"{found.path}.clause", found.rule.clause) for found in placed(policy, Rule))
    yield from _each("ruling", "silent_at", (ruling.silent_at for ruling in policy.rulings))
    yield from _each("table", "clause", (table.clause for table in policy.tables))
    yield from _each("team", "clause", (team.clause for team in policy.teams))
    yield from _each("goal", "clause", (goal.clause for goal in policy.goals))
    yield from duty_citations(policy)
    yield from clauses_cited(policy)
    yield from _each("currency", "clause", (one.clause for one in policy.currencies))


def _prove_measures(policy: Policy, reading: Reading) -> None:
    if policy.statuses:
        terminated = _list("policy.not_counted", policy.not_counted)
        _known(terminated, "状态", policy.statuses, reading)
    if policy.not_counted_clause and not policy.not_counted:
        said = {"key": "not_counted_clause", "reason": "没有 not_counted"}
        reading.fault("XP627", "policy.not_counted_clause", **said)
    tiers = [tier.id for tier in policy.tiers]
    for n, measure in enumerate(policy.measures, 1):
        path = f"measure[{n}]"
        if measure.tier:
            _known([(f"{path}.tier", measure.tier)], "档次编号", tiers, reading)
        _prove_tier_of(path, measure, reading)
        currencies = [known.name for known in policy.currencies]
        _known([(f"{path}.currency", measure.currency)], "[[currency]]", currencies, reading)
        for key, where in measure.filters:
            _prove_where(f"{path}.{key}", where, policy, reading)
        _prove_part(path, measure, policy, reading)
    for n, tier in enumerate(policy.tiers, 1):
        for m, case in enumerate(tier.any_of, 1):
            named = [(f"tier[{n}].any_of[{m}].sector", sector) for sector in case.sectors]
            _known(named, "行业", policy.sectors, reading)


def _prove_tier_of(path: str, measure: Measure, reading: Reading) -> None:
    if measure.amount != "tier" and measure.tier:
        reading.fault("XP627", f"{path}.tier", key="tier", reason='amount 不是 "tier"')
    if measure.amount == "tier" and not measure.tier:
        reading.fault("XP604", f"{path}.tier", key="tier")


def _prove_where(path: str, where: Where, policy: Policy, reading: Reading) -> None:
    """Every word is of a list that the policy declares, and some project can fulfil the bounds."""
    units = tuple(unit.name for unit in policy.units)
    lists = {"origins": ("来源", policy.origins), "sectors": ("行业", policy.sectors)}
    lists |= {name: (_LIST_NAMES[name], policy.words(field)) for name, field in LISTED.items()}
    lists |= dict.fromkeys(("landing", "units"), ("单位", units))
    excluded = dict(where.excluded)
    for name, (what, known) in lists.items():
        wanted, unwanted = getattr(where, name), excluded.get(name, ())
        _known(_list(f"{path}.{name}", wanted), what, known, reading)
        _known(_list(f"{path}.except_{name}", unwanted), what, known, reading)
        if wanted and set(wanted) <= set(unwanted):
            reading.fault("XP620", f"{path}.except_{name}", text="、".join(wanted))
    case = Case(where.thresholds)
    if Rung(Tier("", "", (case,), ""), case, path).is_empty:
        reading.fault("XP620", path, text=case.text)
    for field in get_args(Dated):
        bounds = [bound for bound in where.days if bound.field == field]
        if are_empty(bounds):
            reading.fault("XP620", f"{path}.{field}", text="、".join(b.text for b in bounds))


def _prove_part(path: str, measure: Measure, policy: Policy, reading: Reading) -> None:
    """An of-which measure is named after a measure that is none itself, and leaves sectors out."""
    sectors = _list(f"{path}.except_sectors", measure.except_sectors)
    _known(sectors, "行业", policy.sectors, reading)
    if not measure.part_of:
        if measure.except_sectors:
            at, reason = f"{path}.except_sectors", "没有 part_of"
            reading.fault("XP627", at, key="except_sectors", reason=reason)
        return
    wholes = [known.name for known in policy.sums if not known.part_of]
    _known([(f"{path}.part_of", measure.part_of)], "指标", wholes, reading)
    if not (measure.name.startswith(f"{measure.part_of}（") and measure.name.endswith("）")):
        said = {"what": "其中项的名称", "example": f"{measure.part_of}（非工业）"}
        reading.fault("XP610", f"{path}.name", text=measure.name, **said)


def _prove_rule_names(policy: Policy, reading: Reading) -> None:
    measures = [measure.name for measure in policy.sums]
    scopes = [scope.rule.name for scope in placed(policy, Scope)]
    for found in placed(policy, Rule):
        if isinstance(found.rule, Weight | Split):
            _known(_list(f"{found.path}.measures", found.rule.measures), "指标", measures, reading)
            _known([(f"{found.path}.like", found.rule.like)], "指标", measures, reading)
    for weight in placed(policy, Weight):
        origins = _list(f"{weight.path}.origins", weight.rule.origins)
        _known(origins, "来源", policy.origins, reading)
        _known([(f"{weight.path}.scope", weight.rule.scope)], "范围", scopes, reading)
    for scope in placed(policy, Scope):
        _prove_scope(scope, policy, reading)


def _prove_publicity(policy: Policy, reading: Reading) -> None:
    """Measures, groups and units that paces, rankings and lists name are known."""
    known = {
        "指标": [measure.name for measure in policy.measures],
        "类别": list(policy.groups),
        "单位": [unit.name for unit in policy.units],
    }
    for what, named in names_used(policy):
        _known(named, what, known[what], reading)
    prove_publicity(policy, reading)


def _prove_scoring_names(policy: Policy, reading: Reading) -> None:
    """Measures, groups, scores and grades that scoring names are known."""
    measures = [measure.name for measure in policy.measures]
    scores = [score.id for score in policy.scoring.scores]
    grades = [grade.name for grade in policy.scoring.grades]
    _known(measures_named(policy), "指标", measures, reading)
    _known(groups_named(policy), "类别", policy.groups, reading)
    _known(scores_of_gates(policy), "评分项编号", scores, reading)
    _known(grades_of_gates(policy), "等次", grades, reading)


def _prove_scope(scope: Placed[Scope], policy: Policy, reading: Reading) -> None:
    units = [unit.name for unit in policy.units]
    _known(_list(f"{scope.path}.groups", scope.rule.groups), "类别", policy.groups, reading)
    _known(_list(f"{scope.path}.units", scope.rule.units), "单位", units, reading)


def _prove_units(policy: Policy, reading: Reading) -> None:
    units = [unit.name for unit in policy.units]
    groups = _each("unit", "group", (unit.group for unit in policy.units))
    _known(groups, "类别", policy.groups, reading)
    _known(_list("ranking.left_out", policy.ranking.left_out), "单位", units, reading)
    for n, team in enumerate(policy.teams, 1):
        named = _list(f"team[{n}].landing_units", team.landing_units)
        _known(named, "单位", units, reading)


def _prove_table(path: str, table: TargetTable, policy: Policy, reading: Reading) -> None:
    """A table's group, measures and units are known, and the units are of that group.

    The area as a whole may have a total where it has several groups, but no units.
    """
    measures = [measure.name for measure in policy.measures]
    units = [unit.name for unit in policy.units if unit.group == table.group]
    groups = (*policy.groups, policy.area) if len(policy.groups) > 1 else policy.groups
    _known([(f"{path}.group", table.group)], "类别", groups, reading)
    _known(_list(f"{path}.measures", table.measures), "指标", measures, reading)
    named = [(f"{path}.rows[{n}][1]", row.unit) for n, row in enumerate(table.rows, 1)]
    if table.group in groups:
        _known(named, f"“{table.group}”的单位", units, reading)


def _prove_goals(policy: Policy, reading: Reading) -> None:
    """A goal's measure is known, and counted in what its bound is written in."""
    known = {measure.name: measure for measure in policy.measures}
    for n, goal in enumerate(policy.goals, 1):
        _known([(f"goal[{n}].measure", goal.measure)], "指标", known, reading)
        measure = known.get(goal.measure)
        if measure is None or goal.value is None:
            continue
        is_count = goal.bound.endswith(COUNTED)
        if measure.unit not in (COUNTED if is_count else (MONEY_UNIT,)):
            said = {"measure": measure.name, "unit": measure.unit}
            reading.fault("XP690", f"goal[{n}].bound", text=goal.bound, **said)


def _prove_target_once(policy: Policy, reading: Reading) -> None:
    """No unit has two targets for one measure and period."""
    seen: dict[tuple[str, str, str], str] = {}
    for n, table in enumerate(policy.tables, 1):
        for m, row in enumerate(table.rows, 1):
            path = f"table[{n}].rows[{m}]"
            keys = [(row.unit, measure, table.period) for measure in table.measures]
            other = next((seen[key] for key in keys if key in seen), None)
            if other:
                reading.fault("XP609", path, what="单位的目标", text=row.unit, other=other)
            seen.update(dict.fromkeys(keys, path))


def _prove_one_basis(policy: Policy, reading: Reading) -> None:
    """For one measure and period all targets are amounts of the period, or all levels (XP652)."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for n, table in enumerate(policy.tables, 1):
        for measure in (m for m in policy.measures if m.is_sum and m.name in table.measures):
            name, basis = measure.name, table.basis or measure.basis
            first, other = seen.setdefault((name, table.period), (basis, f"table[{n}]"))
            if first != basis:
                said = {"measure": name, "period": table.period, "other": other}
                reading.fault("XP652", f"table[{n}]", **said)


def _prove_successors(policy: Policy, reading: Reading) -> None:
    """A successor is a unit of the document, and no unit succeeds itself (XP651)."""
    names = [unit.name for unit in policy.units]
    heirs = {unit.name: unit.successor for unit in policy.units if unit.successor in names}
    for n, unit in enumerate(policy.units, 1):
        _known([(f"unit[{n}].successor", unit.successor)], "单位", names, reading)
        line = [unit.name]
        while (heir := heirs.get(line[-1])) and heir not in line:
            line.append(heir)
        if heir == unit.name:
            reading.fault("XP651", f"unit[{n}].successor", names=" → ".join([*line, heir]))
        if unit.includes_predecessor and unit.name not in heirs.values():
            reason = "没有单位并入它"
            at = f"unit[{n}].includes_predecessor"
            reading.fault("XP627", at, key="includes_predecessor", reason=reason)


def _known(named: Iterable[Named], what: str, known: Iterable[str], reading: Reading) -> None:
    """Texts that are written must be among the known ones; an empty one is not written."""
    listed = list(known)
    for path, text in named:
        if text and text not in listed:
            reading.fault("XP606", path, text=text, what=what, known="、".join(listed))
