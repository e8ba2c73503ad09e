"""Reads 任务进展: how far each unit is with each task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import TASK_PROGRESS, TASK_STATES
from xlplan.policy.schema import Policy
from xlplan.tables.blocks import Block
from xlplan.tables.columns import Records, days, records, texts
from xlplan.tables.register import Register
from xlplan.tables.words import plain

if TYPE_CHECKING:
    import pandas as pd

UNBEGUN, UNDER_WAY, FINISHED = TASK_STATES

_STATES = {
    **dict.fromkeys(("未启动", "未开始", "未开展", "尚未启动"), UNBEGUN),
    **dict.fromkeys(
        ("推进中", "进行中", "正在推进", "在办", "办理中", "序时推进", "有序推进"), UNDER_WAY
    ),
    **dict.fromkeys(("已完成", "完成", "办结", "已办结", "销号", "已销号"), FINISHED),
}


@dataclass(frozen=True, slots=True)
class Report:
    """One row: the task, who reports ("" = for all), the state, and the day it was finished."""

    task: str
    unit: str
    state: str
    finished: date | None
    remark: str
    cell: Cell


def read_task_progress(
    blocks: Sequence[Block], policy: Policy, register: Register, found: Diagnostics
) -> "pd.DataFrame":
    """What units report of their tasks, as a frame; of two rows the first is taken (XP352)."""
    known: dict[tuple[str, str], Report] = {}
    for block in blocks:
        data = records(block, "task", ("unit",), found)
        for report in _reports(data, policy, register, found):
            first = known.setdefault((report.task, report.unit), report)
            if first is not report:
                values = {"task": report.task, "unit": report.unit or "全部单位"}
                found.add("XP352", report.cell, other=first.cell, **values)
    return _frame(list(known.values()))


def _reports(
    data: Records, policy: Policy, register: Register, found: Diagnostics
) -> "list[Report]":
    length = len(data)
    tasks, units, states, remarks = (
        texts(data.column(name), length) for name in ("task", "unit", "state", "remark")
    )
    finished = days(data.column("finished"), length, found).days.tolist()
    reader = _Reader(data, policy, register, found)
    reports = []
    for at in range(length):
        if not (states[at] or finished[at]):
            continue
        task, unit = reader.task(at, tasks[at]), reader.unit(at, units[at])
        state = reader.state(at, states[at], is_dated=finished[at] is not None)
        if task and unit is not None and state:
            cell = reader.place(at, "state")
            reports.append(Report(task, unit, state, finished[at], remarks[at], cell))
    return reports


@dataclass(frozen=True, slots=True)
class _Reader:
    """One table being read."""

    data: Records
    policy: Policy
    register: Register
    found: Diagnostics

    def place(self, at: int, field: str) -> Cell:
        """The cell of a row that holds a field; the task's where there is no such column."""
        columns = self.data.block.columns
        column = columns.get(field, columns["task"])
        return self.data.block.grid.cell(int(self.data.rows[at]), column)

    def task(self, at: int, text: str) -> str:
        """The id of a task; "" when there is none of it (XP350)."""
        names = {plain(task.id): task.id for task in self.policy.duties.tasks}
        if plain(text) not in names:
            known = "、".join(names.values()) or "（方案没有任务）"
            self.found.add("XP350", self.place(at, "task"), text=text or "（空白）", known=known)
        return names.get(plain(text), "")

    def unit(self, at: int, text: str) -> str | None:
        """The unit that reports; "" for all of them, None when nobody knows it (XP302)."""
        unit = self.register.resolve(text) if text else ""
        if unit is None:
            nearest = self.register.nearest(text)
            self.found.add("XP302", self.place(at, "unit"), text=text, nearest=nearest)
        return unit

    def state(self, at: int, text: str, *, is_dated: bool) -> str:
        """The state in our words; a date alone says that it is finished."""
        if not text and is_dated:
            return FINISHED
        state = _STATES.get(plain(text), "")
        if not state:
            self.found.add("XP351", self.place(at, "state"), text=text)
        return state


def _frame(reports: Sequence[Report]) -> "pd.DataFrame":
    names = ("task", "unit", "state", "finished", "remark")
    columns: dict[str, object] = {
        name: [getattr(report, name) for report in reports] for name in names
    }
    columns |= {
        name: [getattr(report.cell, name) for report in reports]
        for name in ("sheet", "row", "column")
    }
    return TASK_PROGRESS.of(columns)
