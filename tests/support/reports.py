"""Reports of a reconciliation made by hand, as a clerk sends them back, and a small ledger."""

from dataclasses import replace
from datetime import date
from functools import cache

from xlplan import package
from xlplan.diagnostics import Cell
from xlplan.model import Settings
from xlplan.policy import load_policy
from xlplan.reconciling.decisions import (
    DECISION_HEAD,
    DIFFERENCE_SHEET,
    NUMBER_HEAD,
    QUESTION_SHEET,
    VERDICT_HEAD,
    Draft,
    Question,
    Write,
)
from xlplan.sheets.decisions import draft_sheet
from xlplan.sheets.description import CellSpec, Sheet
from xlplan.sheets.inputs import Content, project_sheet, receipt_sheet, setting_sheet

DECIDED = {f"XP{number}" for number in range(950, 966)}
"""The codes that test_applying.py and test_slips.py show."""

FILE = "白涛园区.xlsx"
UNIT = "白涛园区"


@cache
def ledger():
    """A ledger of three projects and two receipts, as bytes."""
    policy, day = load_policy("fuling-2021"), date(2021, 3, 1)
    row = ("白涛园区", None, "白涛园区", None, "市外", "工业", None)
    projects = [
        (f"P00{n}", name, "某公司", None, *row, n + 0.5, None, n, day, "签约")
        for n, name in enumerate(("甲厂", "乙厂", "丙厂"), 1)
    ]
    content = Content(projects=projects, receipts=[("P001", day, 0.5, None), ("P002", day, 1, "x")])
    settings = setting_sheet(policy, Settings(policy.id, period="2021"))
    sheets = [project_sheet(policy, content), receipt_sheet(policy, content), settings]
    return package.workbook_bytes(sheets)


def change(number, field, after, place, before, **more):
    """A row that changes one cell: `place` is (sheet, row, column)."""
    whose = {"unit": UNIT, "file": FILE, "source": Cell("项目台账", 7, place[2])}
    return Write(number, "change", field, after, *place, before=before, **(whose | more))


def record(number, kind, sheet, at=0, **fields):
    """A new row of the ledger as its writes."""
    whose = {"unit": UNIT, "file": FILE, "source": Cell("项目台账", 9)}
    name = str(fields.get("name", ""))
    return [
        Write(number, kind, field, after, sheet, record=at, name=name, **whose)
        for field, after in fields.items()
    ]


def question(number, name, project, project_name=""):
    place = Cell("项目台账", 11, 2)
    return Question(number, UNIT, name, project, project_name, file=FILE, source=place)


def listed(sheet, head, rows):
    """A sheet of the report: title, remark, then number and decision among other columns."""
    heads = (NUMBER_HEAD, "问题", head)
    cells = [CellSpec(1, 1, sheet), CellSpec(2, 1, "说明")]
    cells += [CellSpec(3, at, said) for at, said in enumerate(heads, 1)]
    for row, (number, said) in enumerate(rows, 4):
        told = ((1, number), (2, "……"), (3, said))
        cells += [CellSpec(row, column, value) for column, value in told if value]
    return Sheet(sheet, tuple(cells))


def report(path, writes=(), decided=(), questions=(), **more):
    """Write a report; `decided` and `answered` are rows of number and word, `of` the ledger."""
    answered, of = more.get("answered", ()), more.get("of", "任务分解表.xlsx")
    draft = Draft(of, "0" * 64, "2021-10-08 09:30", tuple(writes), tuple(questions))
    draft = replace(draft, faults=tuple(more.get("faults", ())))
    sheets = [
        listed(DIFFERENCE_SHEET, DECISION_HEAD, decided),
        listed(QUESTION_SHEET, VERDICT_HEAD, answered),
        draft_sheet(draft),
    ]
    package.write_whole(path, package.workbook_bytes(sheets))
    return path
