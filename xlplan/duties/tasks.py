"""How far tasks are: what units report, against the deadline on the as-of date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Clause, Diagnostic, Diagnostics
from xlplan.duties.expansion import Duty
from xlplan.model import DUTIES, TASK_STANDINGS, TASK_STATES, Ledger
from xlplan.policy.schema import Policy, Task

if TYPE_CHECKING:
    import pandas as pd

FINISHED = TASK_STATES[-1]
MENTIONED = 5
"""So many units are named in one message."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A duty with what is reported of it, and the verdict on it; see `model.TASK_STANDINGS`."""

    duty: Duty
    state: str
    finished: date | None
    verdict: str
    cell: Cell


def judge(duties: Sequence[Duty], ledger: Ledger, policy: Policy, as_of: date) -> list[Judged]:
    """Each duty with its report, a unit's own before one for all units; posts report nothing."""
    reports = _reports(ledger)
    judged = []
    for duty in duties:
        own = reports.get((duty.task.id, duty.who)) if duty.reports else None
        report = own or reports.get((duty.task.id, ""))
        state, finished, cell = report or ("", None, Cell(""))
        verdict = _verdict(duty.task, (state, finished), policy.duties.near, as_of)
        judged.append(Judged(duty, state, finished, verdict, cell))
    return judged


def _reports(ledger: Ledger) -> dict[tuple[str, str], tuple[str, date | None, Cell]]:
    """What 任务进展 says of each task and unit."""
    frame = ledger.task_progress
    names = ("task", "unit", "state", "finished", "sheet", "row", "column")
    return {
        (task, unit): (state, _day(finished), Cell(sheet, int(row), int(column)))
        for task, unit, state, finished, sheet, row, column in zip(
            *(frame[name] for name in names), strict=True
        )
    }


def _day(value: object) -> date | None:
    return value.date() if hasattr(value, "date") and value == value else None  # noqa: PLR0124 - NaT


def _verdict(task: Task, report: tuple[str, date | None], near: int, as_of: date) -> str:
    """Done, late, overdue, near, open, measured, or "" where nothing can be said.

    >>> task = Task("a", "甲", "一", due=date(2022, 6, 30))
    >>> day = date(2022, 7, 10)
    >>> _verdict(task, ("", None), 30, day), _verdict(task, ("已完成", date(2022, 7, 2)), 30, day)
    ('overdue', 'late')
    >>> _verdict(task, ("推进中", None), 30, date(2022, 6, 10))
    'near'
    """
    state, finished = report
    if state == FINISHED:
        is_late = finished is not None and task.due is not None and finished > task.due
        return "late" if is_late else "done"
    if task.due is not None:
        left = (task.due - as_of).days
        if left < 0:
            return "overdue"
        if left <= near:
            return "near"
    if state:
        return "open"
    return "measured" if task.measures else ""


ORDER = ("overdue", "near", "open", "", "measured", "late", "done")
"""A task is as far as the duty that is least far."""


def task_frame(judged: Sequence[Judged], policy: Policy, as_of: date) -> "pd.DataFrame":
    """One row a task, in the document's order (`model.TASK_STANDINGS`)."""
    import pandas as pd  # noqa: PLC0415 - this module holds plain values; only its frames need it

    rows = []
    for task in policy.duties.tasks:
        mine = [one for one in judged if one.duty.task is task]
        units = [one for one in mine if one.duty.reports] or mine
        open_ = tuple(one.duty.who for one in units if one.state != FINISHED)
        verdict = min((one.verdict for one in units), key=ORDER.index, default="")
        days = None if task.due is None else (task.due - as_of).days
        rows.append((task, verdict, open_, days))
    return TASK_STANDINGS.of(
        {
            "task": [task.id for task, *_ in rows],
            "name": [task.name for task, *_ in rows],
            "clause": [task.clause for task, *_ in rows],
            "due": pd.Series([task.due for task, *_ in rows], dtype="datetime64[s]"),
            "days": pd.array([days for *_, days in rows], dtype="Int64"),
            "verdict": [verdict for _, verdict, *_ in rows],
            "unfinished": [open_ for _, _, open_, _ in rows],
            "measures": [task.measures for task, *_ in rows],
        }
    )


def duty_frame(judged: Sequence[Judged]) -> "pd.DataFrame":
    """One row a duty (`model.DUTIES`)."""
    import pandas as pd  # noqa: PLC0415 - as above

    duty = ("role", "who", "group", "words", "wildcard")
    return DUTIES.of(
        {
            "task": [one.duty.task.id for one in judged],
            **{name: [getattr(one.duty, name) for one in judged] for name in duty},
            "state": [one.state for one in judged],
            "finished": pd.Series([one.finished for one in judged], dtype="datetime64[s]"),
            "verdict": [one.verdict for one in judged],
            "sheet": [one.cell.sheet for one in judged],
            "row": [one.cell.row for one in judged],
        }
    )


def audit_reports(ledger: Ledger, duties: Sequence[Duty]) -> Iterator[Diagnostic]:
    """XP353 finished without a day, XP354 a report of a unit that the task does not name."""
    found = Diagnostics()
    for (task, unit), (state, finished, cell) in _reports(ledger).items():
        if state == FINISHED and finished is None:
            found.add("XP353", cell, task=task, unit=unit or "全部单位")
        known = [duty.who for duty in duties if duty.task.id == task and duty.reports]
        if unit and known and unit not in known:
            found.add("XP354", cell, task=task, unit=unit, known="、".join(known[:MENTIONED]))
    return iter(found)


def overdue(tasks: "pd.DataFrame", policy: Policy) -> Iterator[Diagnostic]:
    """XP540 for each task past its deadline, at its clause."""
    found = Diagnostics()
    late = tasks[tasks["verdict"] == "overdue"]
    names = ("task", "name", "clause", "due", "days", "unfinished")
    for task, name, clause, due, days, units in zip(*(late[key] for key in names), strict=True):
        said = "、".join(units[:MENTIONED]) or "（没有列出单位）"
        more = f"等 {len(units)} 个" if len(units) > MENTIONED else ""
        values = {"task": task, "name": name, "due": due.date().isoformat(), "days": -int(days)}
        found.add("XP540", Clause(policy.id, clause), units=said + more, **values)
    return iter(found)
