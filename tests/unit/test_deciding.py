"""From a difference to the cells that adopting it writes, and to what goes back to the unit."""

from datetime import date

import openpyxl
import pytest
from support.reports import ledger, report

from xlplan import package
from xlplan.app import deciding
from xlplan.app.applying import Order, apply_report
from xlplan.app.book import open_book
from xlplan.app.collecting import handed_in
from xlplan.app.recalculation import Request
from xlplan.app.reconciliation import Collection, reconcile_files
from xlplan.diagnostics import Cell, Diagnostics
from xlplan.policy import load_policy
from xlplan.reconciling.decisions import ADOPT
from xlplan.reconciling.nouns import Entry, Payment, Submission
from xlplan.sheets.description import CellSpec, Sheet

UNIT = "白涛园区"
HEADS = ("项目编号", "项目名称", "牵头单位", "来源", "投资额(亿元)", "协议资金(万元)", "签约日期")
KNOWN = ("P001", "甲厂", UNIT, "市外", 1.5, 10000, date(2021, 3, 1))
PAID = ("项目编号", "项目名称", "到位日期", "金额(亿元)")


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    path = tmp_path / "任务分解表.xlsx"
    path.write_bytes(ledger())
    return path


def table(name, *rows):
    cells = [CellSpec(r, c, it) for r, row in enumerate(rows, 1) for c, it in enumerate(row, 1)]
    return Sheet(name, tuple(cell for cell in cells if cell.value is not None))


def handed(book, rows, payments=()):
    """A unit's own table of projects, and one of receipts where there are any."""
    path = book.with_name(f"{UNIT}.xlsx")
    sheets = [table("项目", HEADS, *rows)]
    sheets += [table("到位资金", PAID, *payments)] if payments else []
    path.write_bytes(package.workbook_bytes(sheets))
    return path


def told(book, file):
    """The differences of a file by their numbers, each with what adopting it writes."""
    what = Collection(tuple(handed_in([file])))
    done = reconcile_files(open_book(book), Request(), what)
    return {row.number: (row.difference, row.writes) for row in done.rows}


def adopted(book, rows):
    writes = [write for _, each in rows.values() for write in each]
    decided = [(number, ADOPT) for number, (_, each) in rows.items() if each]
    path = report(book.with_name("核对.xlsx"), writes, decided)
    return apply_report(open_book(book), path, Order(by="汇总岗"))


ROWS = {
    "another amount": [(*KNOWN[:4], 1.6, *KNOWN[5:])],
    "another day": [(*KNOWN[:6], date(2021, 3, 5))],
    "an amount in 万元, no day": [(*KNOWN[:5], 25000)],
    "a new project": [KNOWN, (None, "丁厂", UNIT, "境外", 3, 30000, date(2021, 8, 1))],
    "two new ones, one with an id": [
        KNOWN,
        (None, "丁厂", UNIT, "境外", 3, 30000, date(2021, 8, 1)),
        ("P009", "戊厂", UNIT, "市外", 3, 100, date(2021, 8, 2)),
    ],
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_adopting_everything_leaves_nothing_to_adopt(book, rows):
    file = handed(book, rows)
    first = told(book, file)
    assert any(writes for _, writes in first.values())
    done = adopted(book, first)
    assert list(done.diagnostics) == []
    left = {one.kind: writes for one, writes in told(book, file).values() if writes}
    assert left == {}


def test_a_receipt_that_is_new_and_one_that_changed_are_adopted(book):
    payments = [
        ("P001", "甲厂", date(2021, 3, 1), 0.75),
        ("P001", "甲厂", date(2021, 9, 1), 0.25),
        (None, "丁厂", date(2021, 9, 2), 0.1),
    ]
    new = (None, "丁厂", UNIT, "市外", 3, 30000, date(2021, 8, 1))
    file = handed(book, [KNOWN, new], payments)
    done = adopted(book, told(book, file))
    assert list(done.diagnostics) == []
    page = openpyxl.load_workbook(book)["到位资金"]
    rows = [[cell.value for cell in row[:3]] for row in page.iter_rows(min_row=4, max_row=7)]
    assert {(row[0], row[2]) for row in rows} == {
        *(("P001", 0.75), ("P002", 1), ("P001", 0.25), ("P004", 0.1)),
    }
    assert not [writes for _, writes in told(book, file).values() if writes]


def test_what_only_informs_writes_nothing(book):
    rows = told(book, handed(book, [(*KNOWN[:4], None, *KNOWN[5:])]))
    assert {one.kind for one, writes in rows.values() if not writes} >= {"blank"}


def test_what_is_returned_tells_both_sides_and_a_right_example(book):
    file = handed(book, [(*KNOWN[:4], 15000, *KNOWN[5:])])
    submission = Submission(file.name, "ab")
    sender = deciding.Sender(UNIT, file.name, submission, load_policy("fuling-2021"))
    ((number, one),) = ((n, row[0]) for n, row in told(book, file).items() if row[0].kind == "slip")
    fault = sender.returned(number, one)
    assert fault.text == (
        "疑为万元、亿元写错：甲厂的投资额；报送“15000亿元”，台账“1.5亿元”；正好差 10000 倍"
    )
    assert (fault.number, fault.place) == (number, Cell("项目", 2, 5))
    assert (fault.hint, fault.example) == ("请核对单位，按亿元写", "2.5（亿元）")


def test_a_ledger_without_ids_goes_by_names(book):
    rows = (HEADS[1:], KNOWN[1:], ("乙厂", UNIT, "市外", 2.5, 20000, date(2021, 4, 1)))
    package.write_sheets(book, [table("项目台账", *rows)])
    file = handed(book, [(None, "乙 厂", UNIT, "市外", 2.6, 20000, date(2021, 4, 1))])
    done = adopted(book, told(book, file))
    assert openpyxl.load_workbook(book)["项目台账"]["D3"].value == 2.6
    assert list(done.diagnostics) == []


def test_a_fault_of_a_file_tells_a_right_example_of_the_field():
    paid = Payment(date(2021, 9, 1), 50_000_000_00, "到位资金", 6, {"received": 2, "amount": 3})
    columns = {"name": 1, "investment": 3, "received": 4}
    entry = Entry("a.xlsx", "Sheet1", 7, payments=(paid,), columns=columns)
    submission = Submission("a.xlsx", "ab", entries=(entry,))
    sender = deciding.Sender(UNIT, "报送/a.xlsx", submission, load_policy("fuling-2021"))
    found = Diagnostics()
    for column in (1, 3, 4, 9):
        found.add("XP102", Cell("Sheet1", 7, column), text="？")
    found.add("XP102", Cell("到位资金", 6, 2), text="？")
    found.add("XP955", Cell("Sheet1", 7, 3), number="D1", now="1")
    faults = list(sender.faults(found))
    assert [one.example for one in faults] == [
        *("某某新材料生产基地（一期）", "2.5（亿元）", "0.5（亿元）", "", "2021-07-10"),
    ]
    assert "？" in faults[0].text
    assert faults[0].path == "报送/a.xlsx"
