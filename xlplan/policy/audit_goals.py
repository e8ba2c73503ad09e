"""Goals of the whole area against each other, and against the targets that are broken down."""

from collections.abc import Iterator
from itertools import combinations, permutations

from xlplan.diagnostics import Clause, Diagnostics
from xlplan.policy.figures import target_said
from xlplan.policy.schema import Goal, Policy, TargetTable
from xlplan.policy.targets import TOTAL
from xlplan.quantity import Period

_MONTHS = 12


def audit_goals(policy: Policy, found: Diagnostics) -> None:
    """XP557, XP558 and XP563, for goals whose measure is named."""
    goals = [goal for goal in policy.goals if goal.measure and goal.value is not None]
    for first, second in combinations(goals, 2):
        _check_same(policy, first, second, found)
    for yearly, whole in permutations(goals, 2):
        _check_years(policy, yearly, whole, found)
    for goal in goals:
        _check_targets(policy, goal, found)


def _is_floor(goal: Goal) -> bool:
    return goal.comparison.startswith(">")


def _said(policy: Policy, goal: Goal, value: int) -> str:
    return target_said(value, policy.measure(goal.measure))


def _check_same(policy: Policy, first: Goal, second: Goal, found: Diagnostics) -> None:
    """One goal has one figure, wherever the document names it."""
    asked = [(g.measure, g.period, g.each, _is_floor(g)) for g in (first, second)]
    if asked[0] == asked[1] and first.value != second.value:
        found.add(
            "XP563",
            Clause(policy.id, second.clause),
            first=first.name,
            before=_said(policy, first, first.value or 0),
            clause=first.clause,
            second=second.name,
            after=_said(policy, second, second.value or 0),
        )


def _check_years(policy: Policy, yearly: Goal, whole: Goal, found: Diagnostics) -> None:
    """A floor kept in every year is not to fall short of the floor for all years together."""
    same = (yearly.measure, yearly.period) == (whole.measure, whole.period)
    period = policy.period_named(whole.period)
    if not same or yearly.each != "year" or whole.each or period is None:
        return
    added, total = (yearly.value or 0) * period.months // _MONTHS, whole.value or 0
    if _is_floor(yearly) and _is_floor(whole) and added < total:
        found.add(
            "XP557",
            Clause(policy.id, whole.clause),
            first=yearly.name,
            sum=_said(policy, yearly, added),
            second=whole.name,
            total=_said(policy, whole, total),
        )


def _check_targets(policy: Policy, goal: Goal, found: Diagnostics) -> None:
    """What the tables of a period set, all groups together, is not to fall short of its goal."""
    span = policy.period_named(goal.period)
    if span is None or not _is_floor(goal) or not policy.measure(goal.measure).adds_up:
        return
    for period, tables in _tables(policy, goal, span):
        added = sum(_set_by(policy, table, goal.measure) for table in tables)
        if added < (goal.value or 0):
            found.add(
                "XP558",
                Clause(policy.id, tables[0].clause),
                measure=goal.measure,
                period=period,
                sum=_said(policy, goal, added),
                goal=goal.name,
                total=_said(policy, goal, goal.value or 0),
            )


def _tables(
    policy: Policy, goal: Goal, span: Period
) -> Iterator[tuple[str, tuple[TargetTable, ...]]]:
    """The tables with targets for what the goal is of, by each period that the goal is for.

    Where the area as a whole has a target, its table alone: the groups' are parts of it.
    """
    for name in dict.fromkeys(table.period for table in policy.tables):
        period = policy.period_named(name)
        if period is None:
            continue
        is_year = period.kind == "year" and span.start <= period.start and period.end <= span.end
        if is_year if goal.each else period == span:
            fits = [t for t in policy.tables if t.period == name and goal.measure in t.measures]
            whole = [table for table in fits if table.group == policy.area]
            if fits:
                yield name, tuple(whole or fits)


def _set_by(policy: Policy, table: TargetTable, measure: str) -> int:
    """What one table sets: its written total, else its units together."""
    units = {row.unit for row in table.rows}
    targets = [
        target
        for target in policy.targets
        if (target.group, target.period, target.measure) == (table.group, table.period, measure)
        and target.bound == "floor"
    ]
    total = [target.value for target in targets if target.unit == TOTAL and table.total.unit]
    return total[0] if total else sum(t.value for t in targets if t.unit in units)
