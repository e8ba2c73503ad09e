"""From a submitted project to the cells that adopting it writes, and to what goes back."""

from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from support.reports import ledger, report

from xlplan.app import deciding
from xlplan.app.applying import Order, apply_report
from xlplan.app.book import open_book
from xlplan.app.ledger_places import Places
from xlplan.diagnostics import Cell, Diagnostics
from xlplan.policy import load_policy
from xlplan.reconcile.decisions import ADOPT, SAME
from xlplan.reconcile.nouns import Entry, Payment, Submission

ORIGIN = deciding.Origin("白涛园区", "白涛园区.xlsx")
COLUMNS = {"project": 1, "name": 2, "investor": 3, "lead": 5, "investment": 12, "signed": 15}
KNOWN = Entry("", "项目台账", 4, "P001", "甲厂", columns=COLUMNS)
PAID = Payment(date(2021, 9, 1), 50_000_000_00, "到位资金", 6, {"received": 2, "amount": 3})
HANDED = Entry(
    *("白涛园区.xlsx", "Sheet1", 7, "", "丁厂（一期）", "某公司"),
    lead="白涛园区",
    cooperating=("龙桥园区", "清溪园区"),
    origin="市外",
    investment=160_000_000_00,
    signed=date(2021, 8, 1),
    payments=(PAID,),
    columns={"name": 1, "investment": 3, "received": 4},
)


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    path = tmp_path / "任务分解表.xlsx"
    path.write_bytes(ledger())
    return path


def applied(book, writes, **more):
    decided = [(number, ADOPT) for number in dict.fromkeys(one.number for one in writes)]
    path = report(book.with_name("核对.xlsx"), writes, decided, **more)
    return apply_report(open_book(book), path, Order(by="汇总员"))


def test_each_differing_field_becomes_its_cell_of_the_ledger(book):
    source = open_book(book)
    pairs = (("D1", "investment"), ("D2", "signed"), ("D3", "investor"))
    rows = HANDED, KNOWN
    writes = [deciding.change(source, number, ORIGIN, rows, field) for number, field in pairs]
    assert [one.before for one in writes] == ["1.5", "2021-03-01", "某公司"]
    done = applied(book, writes)
    page = openpyxl.load_workbook(book)["项目台账"]
    assert (page["L4"].value, page["O4"].value.date()) == (1.6, date(2021, 8, 1))
    assert [found.code for found in done.diagnostics] == ["XP955"]


def test_a_new_project_is_entered_with_all_that_was_said_and_its_receipts(book):
    writes = list(deciding.new_project("D1", ORIGIN, HANDED))
    applied(book, writes)
    pages = openpyxl.load_workbook(book)
    row = [cell.value for cell in pages["项目台账"][7]]
    assert row[:2] + row[4:6] == ["P004", "丁厂（一期）", "白涛园区", "龙桥园区、清溪园区"]
    assert [cell.value for cell in pages["到位资金"][6]][::2] == ["P004", 0.5]


def test_an_id_that_the_ledger_gave_to_another_is_not_given_twice(book):
    taken = Entry(*("白涛园区.xlsx", "Sheet1", 7, "P002", "丁厂"))
    applied(book, list(deciding.new_project("D1", ORIGIN, taken)))
    assert openpyxl.load_workbook(book)["项目台账"]["A7"].value == "P004"


def test_a_receipt_of_a_known_project_goes_by_the_ledgers_id(book):
    applied(book, list(deciding.new_payment("D1", ORIGIN, (HANDED, PAID), "P003")))
    row = [cell.value for cell in openpyxl.load_workbook(book)["到位资金"][6]]
    assert (row[0], row[2]) == ("P003", 0.5)


def test_an_answered_question_is_kept(book):
    asked = deciding.question("Q1", ORIGIN, HANDED, KNOWN)
    applied(book, [], questions=[asked], answered=[("Q1", SAME)])
    row = [cell.value for cell in openpyxl.load_workbook(book)["核对记录"][4]]
    assert row[:2] + row[4:7] == ["白涛园区", "丁厂（一期）", "P001", "甲厂", SAME]


def test_what_goes_back_tells_a_right_example_of_the_field():
    submission = Submission("白涛园区.xlsx", "ab", entries=(HANDED,))
    sender = deciding.Sender(
        "白涛园区", "报送/白涛园区.xlsx", submission, load_policy("fuling-2021")
    )
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
    assert faults[0].path == "报送/白涛园区.xlsx"


def test_a_new_record_knows_how_often_the_ledger_says_the_same(book):
    places = Places(open_book(book), load_policy("fuling-2021"))
    paid = Payment(date(2021, 3, 1), 50_000_000_00, "到位资金", 6)
    writes = [
        *deciding.new_project("D1", ORIGIN, replace(HANDED, name="甲 厂", payments=())),
        *deciding.new_payment("D2", ORIGIN, (HANDED, paid), "P001"),
        *deciding.new_payment("D3", ORIGIN, (HANDED, PAID), "P001"),
    ]
    told = {one.number: one.before for one in deciding.counted(writes, places)}
    assert told == {"D1": "1", "D2": "1", "D3": ""}
