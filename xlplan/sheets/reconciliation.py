"""The report of a reconciliation: who submitted what, where it differs, what is to be decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostic, Diagnostics, Severity
from xlplan.model import DIAGNOSTIC_SHEET, HEAD_NOTE_SHEET
from xlplan.reconciling import LEDGER, Submission
from xlplan.reconciling.board import STATE_NAMES, Arrival, Board, State
from xlplan.reconciling.decisions import Draft
from xlplan.reconciling.heads import FIELD_NAMES, NOT_READ, NOTE_HEADS
from xlplan.sheets import looks
from xlplan.sheets.decisions import draft_sheet
from xlplan.sheets.description import Sheet
from xlplan.sheets.differing import Told, difference_sheet
from xlplan.sheets.findings import FILLS, NAMES, NOTHING, WORST_FIRST
from xlplan.sheets.questions import Asked, question_sheet
from xlplan.sheets.report_lists import CENTRED, FILLED_IN, Column, Place, linked, listed

if TYPE_CHECKING:
    from xlplan.policy import Policy

BOARD_SHEET = "报送情况"


_BAD: frozenset[State] = frozenset({"missing", "failed", "no-unit", "wrong-period", "copied"})
_ODD: frozenset[State] = frozenset({"overtaken", "empty", "late", "columns", "another"})
_SHOWN = 3
"""How many findings the board quotes for a file; all of them stand in 诊断."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the sheets tell: who submitted what, where it differs, what is asked.

    `draft` is what the hidden sheet keeps for the day of applying, `ours` what was found in the
    ledger. `paths` are where the files lie, as seen from the report, `LEDGER` the ledger; a file
    without one is not linked.
    """

    policy: "Policy"
    board: Board
    draft: Draft
    rows: Sequence[Told]
    questions: Sequence[Asked]
    ours: Diagnostics
    submissions: Sequence[Submission] = ()
    due: date | None = None
    paths: Mapping[str, str] = field(default_factory=dict)


def report_sheets(report: Report) -> tuple[Sheet, ...]:
    """All sheets of the report in their order."""
    return (
        _board(report),
        difference_sheet(report.rows, report.policy, report.paths),
        question_sheet(report.questions, report.paths),
        *_heads(report),
        _findings(report),
        draft_sheet(report.draft),
    )


def _heads(report: Report) -> tuple[Sheet, ...]:
    """列对照: heads that fit nothing, to be given a meaning once; no sheet where there are none."""
    first = {
        (one.unit, head): (one.file, cell)
        for one in reversed(report.submissions)
        for head, cell in reversed(one.unknown)
    }
    if not first:
        return ()
    rows = sorted(first)
    unit, head, word = NOTE_HEADS
    choices = (*FIELD_NAMES.values(), NOT_READ)
    columns = (
        Column(unit, 18, [of for of, _ in rows], CENTRED),
        Column(head, 30, [text for _, text in rows]),
        Column(word, 20, [None] * len(rows), FILLED_IN, options=choices),
        linked("位置", 44, [first[one] for one in rows], report.paths),
    )
    remark = "这些列没有读。选了对应的列（或“不读”）再运行 xlplan reconcile --apply，下次就认得。"
    return (listed(HEAD_NOTE_SHEET, remark, columns, looks.FINDING_TAB),)


def _board(report: Report) -> Sheet:
    rows = report.board.rows
    styles = [CENTRED.but(fill=_fill(row.states)) for row in rows]
    columns = (
        Column("责任单位", 20, [row.unit or "（不明）" for row in rows], CENTRED),
        Column("情况", 16, [row.shown for row in rows], styles=styles),
        linked("文件", 42, [(row.file, None) if row.file else None for row in rows], report.paths),
        Column("填报日期", 14, [row.day for row in rows], looks.DATE),
        Column("期间", 11, [row.period for row in rows], CENTRED),
        Column("项目数", 9, [row.projects if row.file else None for row in rows], looks.NUMBER),
        Column("参加核对", 10, ["是" if row.used else "否" for row in rows], CENTRED),
        Column("说明", 64, [_said(row) for row in rows]),
    )
    counts = report.board.counts
    told = "，".join(f"{STATE_NAMES[state]} {count}" for state, count in counts.items())
    due = f"　报送截止：{report.due.isoformat()}" if report.due else ""
    remark = f"{report.draft.book}　期间：{report.draft.period}{due}　{told}"
    return listed(BOARD_SHEET, remark, columns, looks.OUTPUT_TAB)


def _fill(states: Sequence[State]) -> str:
    if _BAD.intersection(states):
        return FILLS[Severity.ERROR]
    return FILLS[Severity.WARNING] if _ODD.intersection(states) else ""


def _said(row: Arrival) -> str:
    """The worst findings of a file in a few lines."""
    worst = sorted(row.found, key=lambda one: WORST_FIRST.index(one.severity))
    told = [f"{_at(one)}{one.message()}" for one in worst if one.severity is not Severity.NOTE]
    more = f"\n……另有 {len(told) - _SHOWN} 条，见“{DIAGNOSTIC_SHEET}”" if len(told) > _SHOWN else ""
    return "\n".join(told[:_SHOWN]) + more


def _at(found: Diagnostic) -> str:
    return f"{found.place}：" if isinstance(found.place, Cell) else ""


def _whereabouts(row: Arrival, found: Diagnostic) -> Place:
    """The cell of a finding, or its file; a unit that handed in nothing is nowhere."""
    if not row.file and not row.unit:
        return LEDGER, found.place if isinstance(found.place, Cell) else None
    cell = found.place if isinstance(found.place, Cell) else None
    return (row.file, cell) if row.file else None


def _findings(report: Report) -> Sheet:
    """诊断 of all files, the worst first."""
    ours = Arrival("", found=report.ours)
    found = [(row, one) for row in (ours, *report.board.rows) for one in row.found]
    found.sort(key=lambda pair: WORST_FIRST.index(pair[1].severity))
    places = [_whereabouts(row, one) for row, one in found]
    fills = {severity: CENTRED.but(fill=fill) for severity, fill in FILLS.items()}
    severities = [one.severity for _, one in found]
    columns = (
        Column("级别", 8, [NAMES[s] for s in severities], styles=[fills[s] for s in severities]),
        Column("代码", 9, [one.code for _, one in found], CENTRED),
        Column("责任单位", 18, [row.unit for row, _ in found], CENTRED),
        linked("位置", 40, places, report.paths),
        Column("问题", 56, [one.message() for _, one in found]),
        Column("怎么改", 50, [one.hint() for _, one in found]),
    )
    counts = {name: sum(s is severity for s in severities) for severity, name in NAMES.items()}
    remark = "，".join(f"{name} {count} 条" for name, count in counts.items()) if found else NOTHING
    return listed(DIAGNOSTIC_SHEET, remark, columns, looks.FINDING_TAB)
