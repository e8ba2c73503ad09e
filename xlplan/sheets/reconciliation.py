"""The report of a reconciliation: who submitted what, where it differs, what is to be decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostic, Severity
from xlplan.model import DIAGNOSTIC_SHEET
from xlplan.reconcile.board import STATE_NAMES, Arrival, Board, State
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Area, Block, BlockColumn, Print, Sheet, Style, Value
from xlplan.sheets.findings import FILLS, NAMES, NOTHING, WORST_FIRST
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW

if TYPE_CHECKING:
    from xlplan.policy import Policy
    from xlplan.quantity import Period

BOARD_SHEET = "报送情况"


_LONGEST_LINK = 255
"""Characters of a text inside a formula that Excel takes."""

_BAD: frozenset[State] = frozenset({"missing", "failed", "no-unit", "wrong-period", "copied"})
_ODD: frozenset[State] = frozenset({"overtaken", "empty", "late", "columns", "another"})
_SHOWN = 3
"""How many findings the board quotes for a file; all of them stand in 诊断."""

_TEXT = looks.TEXT.but(number_format="@")
_CENTRED = looks.CENTRED.but(number_format="@")
_LINK = looks.LINK.but(horizontal="left", wrap=True)


@dataclass(frozen=True, slots=True)
class Report:
    """What the sheets tell: the board of a call for submissions.

    `paths` are where the files lie, as seen from the report; a file without one is not linked.
    """

    book: str
    policy: "Policy"
    period: "Period"
    board: Board
    due: date | None = None
    paths: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a list: its head, width and cells."""

    head: str
    width: float
    values: Sequence[Value]
    style: Style = _TEXT
    styles: Sequence[Style] | None = None
    formula: str = ""


def report_sheets(report: Report) -> tuple[Sheet, ...]:
    """All sheets of the report in their order."""
    return (_board(report), _findings(report))


def _board(report: Report) -> Sheet:
    rows = report.board.rows
    styles = [_CENTRED.but(fill=_fill(row.states)) for row in rows]
    columns = (
        _Column("责任单位", 20, [row.unit or "（不明）" for row in rows], _CENTRED),
        _Column("情况", 16, [row.shown for row in rows], styles=styles),
        _linked("文件", 42, [Cell("") if row.file else None for row in rows], rows, report.paths),
        _Column("填报日期", 14, [row.day for row in rows], looks.DATE),
        _Column("期间", 11, [row.period for row in rows], _CENTRED),
        _Column("项目数", 9, [row.projects if row.file else None for row in rows], looks.NUMBER),
        _Column("参加核对", 10, ["是" if row.used else "否" for row in rows], _CENTRED),
        _Column("说明", 64, [_said(row) for row in rows]),
    )
    counts = report.board.counts
    told = "，".join(f"{STATE_NAMES[state]} {count}" for state, count in counts.items())
    due = f"　报送截止：{report.due.isoformat()}" if report.due else ""
    remark = f"{report.book}　期间：{report.period.text}{due}　{told}"
    return _list(BOARD_SHEET, remark, columns, looks.OUTPUT_TAB)


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


def _findings(report: Report) -> Sheet:
    """诊断 of all files, the worst first."""
    found = [(row, one) for row in report.board.rows for one in row.found]
    found.sort(key=lambda pair: WORST_FIRST.index(pair[1].severity))
    files = [row for row, _ in found]
    places = [one.place if isinstance(one.place, Cell) else None for _, one in found]
    fills = {severity: _CENTRED.but(fill=fill) for severity, fill in FILLS.items()}
    severities = [one.severity for _, one in found]
    columns = (
        _Column("级别", 8, [NAMES[s] for s in severities], styles=[fills[s] for s in severities]),
        _Column("代码", 9, [one.code for _, one in found], _CENTRED),
        _Column("责任单位", 18, [row.unit for row in files], _CENTRED),
        _linked("位置", 40, places, files, report.paths),
        _Column("问题", 56, [one.message() for _, one in found]),
        _Column("怎么改", 50, [one.hint() for _, one in found]),
    )
    counts = {name: sum(s is severity for s in severities) for severity, name in NAMES.items()}
    remark = "，".join(f"{name} {count} 条" for name, count in counts.items()) if found else NOTHING
    return _list(DIAGNOSTIC_SHEET, remark, columns, looks.FINDING_TAB)


def _linked(
    head: str,
    width: float,
    cells: Sequence[Cell | None],
    rows: Sequence[Arrival],
    paths: Mapping[str, str],
) -> _Column:
    """Places in files as links that open the file there; what has no path is only named."""
    pairs = [
        _place(row.file, cell, paths.get(row.file, ""))
        for row, cell in zip(rows, cells, strict=True)
    ]
    return _Column(head, width, pairs, _LINK, formula='HYPERLINK("{v}","{v}")')


def _place(file: str, cell: Cell | None, path: str) -> str | None:
    """A place as a link says it.

    >>> _place("a.xlsx", Cell("项目台账", 5, 4), "报送/a.xlsx")
    '报送/a.xlsx#项目台账!D5'
    """
    if not file:
        return None
    at = f"#{_reference(cell)}" if cell and cell.sheet else ""
    told = f"{path or file}{at}"
    return told if len(told) <= _LONGEST_LINK else file[:_LONGEST_LINK]


def _reference(cell: Cell) -> str:
    """A cell as a reference, its sheet quoted where it must be."""
    sheet = cell.sheet if cell.sheet.isidentifier() else layout.quoted(cell.sheet)
    return f"{sheet}!{cell.address or 'A1'}"


def _list(name: str, remark: str, columns: Sequence[_Column], tab: str) -> Sheet:
    """A sheet of one list: title, remark, heads in row 3, frozen and filtered."""
    heads = [column.head for column in columns]
    cells, merges = layout.caption(name, remark, "", len(columns))
    cells += layout.head_cells(heads)
    count = len(columns[0].values)
    widths = {at: float(column.width) for at, column in enumerate(columns, start=1)}
    body = tuple(
        BlockColumn(column.values, column.style, column.formula, column.styles)
        for column in columns
    )
    shown = list(zip(*(column.values for column in columns), strict=True))
    return Sheet(
        name,
        tuple(cells),
        blocks=(Block(FIRST_ROW, 1, body),) if count else (),
        merges=tuple(merges),
        widths=widths,
        heights=layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, shown or [()], widths),
        freeze=(FIRST_ROW, 2),
        filter=Area(HEAD_ROW, 1, HEAD_ROW + max(count, 1), len(columns)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=tab,
    )
