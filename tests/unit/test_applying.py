"""What was decided in a report goes into the ledger: in one step, with a record, or not at all."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from support.fidelity import changed_members
from support.reports import change, ledger, listed, question, record, report

from xlplan import package
from xlplan.app.applying import Order, apply_report
from xlplan.app.book import open_book
from xlplan.diagnostics import Cell, RequestError
from xlplan.reconciling.decisions import (
    ADOPT,
    DIFFERENCE_SHEET,
    KEEP,
    OTHER,
    RETURN,
    SAME,
    Fault,
)
from xlplan.sheets.description import CellSpec, Sheet

PROJECTS, RECEIPTS = "项目台账", "到位资金"
ME = Order(by="汇总员")


@pytest.fixture(autouse=True)
def _state_elsewhere(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "任务分解表.xlsx"
    path.write_bytes(ledger())
    return path


@pytest.fixture(scope="module")
def held():
    return openpyxl.load_workbook(io.BytesIO(ledger()))


def sheet(path, name=PROJECTS):
    return openpyxl.load_workbook(path)[name]


def investment(held, number="D1", after=99_000_000_00, **more):
    """A change of the investment of the ledger's second project, as it stands there."""
    page = held[PROJECTS]
    whose = {"project": page["A5"].value, "name": page["B5"].value}
    before = f"{page['L5'].value:g}"
    return change(number, "investment", after, (PROJECTS, 5, 12), before, **(whose | more))


def applied(book, tmp_path, order=ME, **what):
    what.setdefault("decided", [("D1", ADOPT)])
    return apply_report(open_book(book), report(tmp_path / "核对.xlsx", **what), order)


def codes(done):
    return [(found.code, str(found.place)) for found in done.diagnostics]


def test_an_adopted_change_stands_in_the_cell_and_in_the_record(book, held, tmp_path):
    done = applied(book, tmp_path, writes=[investment(held)])
    assert sheet(book)["L5"].value == 0.99
    assert codes(done) == []
    rows = list(sheet(book, "变更记录").iter_rows(min_row=3, values_only=True))
    assert rows[0][:3] == ("时间", "操作人", "动作")
    assert rows[1][1:] == (
        *("汇总员", "改格", held[PROJECTS]["A5"].value, held[PROJECTS]["B5"].value, "投资额"),
        *(f"{held[PROJECTS]['L5'].value:g}", "0.99", "项目台账!L5", "白涛园区", "白涛园区.xlsx"),
        *("项目台账!L7", "D1"),
    )
    data = ledger()
    package.undo(book)
    assert book.read_bytes() == data


def test_only_the_ledgers_sheet_and_the_record_differ(book, held, tmp_path):
    applied(book, tmp_path, writes=[investment(held)])
    changed = set(changed_members(ledger(), book.read_bytes()))
    sheets = {name for name in changed if name.startswith("xl/worksheets/")}
    assert len(sheets) == 1
    assert changed - sheets <= {
        *("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"),
    }


def test_the_record_only_grows_and_is_no_ledger(book, held, tmp_path):
    applied(book, tmp_path, writes=[investment(held)])
    first = list(sheet(book, "变更记录").iter_rows(values_only=True))
    again = replace(investment(held, after=50_000_000_00), before="0.99")
    done = applied(book, tmp_path, writes=[again])
    rows = list(sheet(book, "变更记录").iter_rows(values_only=True))
    assert rows[: len(first)] == first
    assert (len(rows), rows[-1][6:8]) == (len(first) + 1, ("0.99", "0.5"))
    assert codes(done) == []
    from xlplan.app.recalculation import Request, read

    assert not [f for f in read(open_book(book), Request()).found if "变更记录" in str(f.place)]


def test_kept_and_returned_rows_change_nothing(book, held, tmp_path):
    writes = [investment(held, "D1"), investment(held, "D2")]
    done = applied(book, tmp_path, writes=writes, decided=[("D1", KEEP), ("D2", RETURN)])
    assert done.written is None
    assert done.decided == {KEEP: 1, RETURN: 1}
    assert book.read_bytes() == ledger()


def test_a_dry_run_tells_the_changes_and_writes_nothing(book, held, tmp_path):
    done = applied(book, tmp_path, Order(dry_run=True), writes=[investment(held)])
    assert [(str(line.cell), line.after) for line in done.changes] == [("项目台账!L5", "0.99")]
    assert done.written is None
    assert book.read_bytes() == ledger()


def test_what_changed_meanwhile_is_said_and_left(book, held, tmp_path):
    package.write_edits(book, [package.SetCell(PROJECTS, 5, 12, 7.5)])
    before = book.read_bytes()
    done = applied(book, tmp_path, writes=[investment(held)])
    assert codes(done) == [("XP954", "项目台账!L5")]
    assert "7.5" in next(iter(done.diagnostics)).message()
    assert book.read_bytes() == before


def test_what_is_so_already_is_only_noted(book, held, tmp_path):
    package.write_edits(book, [package.SetCell(PROJECTS, 5, 12, 0.99)])
    done = applied(book, tmp_path, writes=[investment(held)])
    assert codes(done) == [("XP955", "项目台账!L5")]
    assert done.written is None


def test_a_project_that_moved_to_another_row_is_found_there(book, held, tmp_path):
    page = held[PROJECTS]
    applied(book, tmp_path, writes=[replace(investment(held), row=6)])
    assert sheet(book)["L5"].value == 0.99
    assert sheet(book)["L6"].value == page["L6"].value


def test_a_project_that_is_gone_is_said_and_left(book, held, tmp_path):
    gone = investment(held, project="P999", name="没有的项目")
    assert codes(applied(book, tmp_path, writes=[gone])) == [("XP956", "差异!C4")]


NEW = {
    "name": "新厂一期",
    "lead": "白涛园区",
    "origin": "市外",
    "agreement": 160_000_000_00,
    "signed": date(2021, 8, 1),
    "investment": None,
}


def last_row(page):
    return max(row for row in range(1, page.max_row + 1) if page.cell(row, 1).value)


def test_a_new_project_comes_below_the_others_with_an_id_and_its_receipts(book, held, tmp_path):
    writes = [
        *record("D1", "project", PROJECTS, project=None, **NEW),
        *record("D1", "receipt", RECEIPTS, 1, received=date(2021, 9, 1), amount=50_000_000_00),
    ]
    done = applied(book, tmp_path, writes=writes)
    row = last_row(held[PROJECTS]) + 1
    page, receipts = sheet(book), sheet(book, RECEIPTS)
    assert [page.cell(row, at).value for at in (1, 2, 5, 12, 14)] == [
        *("P004", "新厂一期", "白涛园区", None, 1.6),
    ]
    assert page.cell(row, 15).value.date() == date(2021, 8, 1)
    assert page.cell(row, 14).number_format == page.cell(row - 1, 14).number_format
    paid = last_row(held[RECEIPTS]) + 1
    assert [receipts.cell(paid, at).value for at in (1, 3)] == ["P004", 0.5]
    assert [line.action for line in done.changes] == ["增项目", "增到位"]
    assert "项目名称 新厂一期" in done.changes[0].after
    assert done.changes[1].project == "P004"


def test_what_was_added_is_not_added_again(book, tmp_path):
    paid = {"project": "P001", "received": date(2021, 9, 2), "amount": 1_000_000_00}
    writes = [*record("D1", "project", PROJECTS, **NEW), *record("D2", "receipt", RECEIPTS, **paid)]
    both = [("D1", ADOPT), ("D2", ADOPT)]
    assert len(applied(book, tmp_path, writes=writes, decided=both).changes) == 2
    again = applied(book, tmp_path, writes=writes, decided=both)
    assert codes(again) == [("XP964", "项目台账!7:7"), ("XP964", "到位资金!6:6")]
    assert again.written is None


def test_what_the_ledger_said_once_before_may_be_said_twice(book, tmp_path):
    known = {"project": "P001", "received": date(2021, 3, 1), "amount": 50_000_000_00}
    writes = [replace(one, before="1") for one in record("D1", "receipt", RECEIPTS, **known)]
    assert len(applied(book, tmp_path, writes=writes).changes) == 1


def test_a_receipt_of_a_known_project_goes_by_its_id(book, held, tmp_path):
    paid = {"project": "P001", "received": date(2021, 9, 2), "amount": -1_000_000_00}
    applied(book, tmp_path, writes=record("D1", "receipt", RECEIPTS, **paid))
    page = sheet(book, RECEIPTS)
    row = last_row(held[RECEIPTS]) + 1
    assert [page.cell(row, at).value for at in (1, 3)] == ["P001", -0.01]


def test_a_row_is_applied_as_a_whole_or_not_at_all(book, held, tmp_path):
    below = last_row(held[RECEIPTS]) + 1
    package.write_edits(book, [package.SetCell(RECEIPTS, below, 3, "合计")])
    before = book.read_bytes()
    writes = [
        *record("D1", "project", PROJECTS, **NEW),
        *record("D1", "receipt", RECEIPTS, 1, amount=50_000_000_00),
        investment(held, "D2"),
    ]
    done = applied(book, tmp_path, writes=writes, decided=[("D1", ADOPT), ("D2", ADOPT)])
    assert [found.code for found in done.diagnostics] == ["XP960"]
    assert [line.number for line in done.changes] == ["D2"]
    assert book.read_bytes() != before
    assert not sheet(book).cell(last_row(held[PROJECTS]) + 1, 1).value


def test_two_rows_that_set_one_cell_differently_are_both_left(book, held, tmp_path):
    writes = [investment(held, "D1"), investment(held, "D2", after=1)]
    done = applied(book, tmp_path, writes=writes, decided=[("D1", ADOPT), ("D2", ADOPT)])
    assert codes(done) == [("XP957", "项目台账!L5")] * 2
    assert done.written is None


def test_amounts_go_in_the_unit_of_the_ledgers_own_column(tmp_path):
    path = tmp_path / "任务分解表.xlsx"
    heads = ("项目编号", "项目名称", "牵头单位", "来源", "投资额(万元)", "协议资金(万美元)")
    cells = [CellSpec(1, at, head) for at, head in enumerate(heads, 1)]
    row = ("P001", "甲厂", "白涛园区", "市外", 15000, 3)
    cells += [CellSpec(2, at, said) for at, said in enumerate(row, 1)]
    package.new_workbook(path, [Sheet(PROJECTS, tuple(cells))])
    whose = {"project": "P001", "name": "甲厂"}
    writes = [
        change("D1", "investment", 160_000_000_00, (PROJECTS, 2, 5), "15000", **whose),
        change("D2", "agreement", 1, (PROJECTS, 2, 6), "3", **whose),
    ]
    order = Order(by="汇总员", policy="fuling-2021")
    done = applied(path, tmp_path, order, writes=writes, decided=[("D1", ADOPT), ("D2", ADOPT)])
    assert sheet(path)["E2"].value == 16000
    assert [found.code for found in done.diagnostics] == ["XP956"]


def test_a_formula_is_never_overwritten(book, held, tmp_path):
    page = openpyxl.load_workbook(book)
    page[PROJECTS]["L5"] = "=M5*2"
    page.save(book)
    before = book.read_bytes()
    done = applied(book, tmp_path, writes=[replace(investment(held), before="")])
    assert [found.code for found in done.diagnostics] == ["XP960"]
    assert book.read_bytes() == before


def test_verdicts_are_kept_and_not_written_twice(book, tmp_path):
    asked = [question("Q1", "华兰厂", "P007", "华峰厂"), question("Q2", "甲厂二期", "P001")]
    what = {"questions": asked, "answered": [("Q1", OTHER), ("Q2", SAME)], "decided": []}
    done = applied(book, tmp_path, **what)
    rows = list(sheet(book, "核对记录").iter_rows(min_row=4, values_only=True))
    assert [row[:2] + row[4:8] for row in rows] == [
        ("白涛园区", "华兰厂", "P007", "华峰厂", OTHER, "汇总员"),
        ("白涛园区", "甲厂二期", "P001", None, SAME, "汇总员"),
    ]
    assert len(done.verdicts) == 2
    assert applied(book, tmp_path, **what).written is None
    changed_mind = applied(book, tmp_path, **(what | {"answered": [("Q1", SAME)]}))
    assert [one.word for one in changed_mind.verdicts] == [SAME]
    assert len(list(sheet(book, "核对记录").iter_rows(min_row=4))) == 3


def test_words_and_numbers_that_mean_nothing_are_said(book, held, tmp_path):
    decided = [("D1", "同意"), ("D9", ADOPT), ("D2", ADOPT), ("D2", KEEP), ("D8", RETURN)]
    writes = [investment(held, "D1"), investment(held, "D2")]
    done = applied(book, tmp_path, writes=writes, decided=decided)
    assert codes(done) == [("XP950", "差异!C4"), ("XP952", "差异!C5"), ("XP951", "差异!C7")]
    assert done.written is None


def test_a_row_that_only_informs_cannot_be_adopted(book, tmp_path):
    told = Fault("白涛园区", "a.xlsx", "a.xlsx", "", Cell("项目", 2), "没有报送", number="D1")
    done = applied(book, tmp_path, writes=(), faults=(told,))
    assert codes(done) == [("XP965", "差异!C4")]


def test_another_ledgers_report_is_warned_of(book, held, tmp_path):
    done = applied(book, tmp_path, writes=[investment(held)], of="别的台账.xlsx")
    assert codes(done) == [("XP959", "任务分解表.xlsx")]
    assert done.written


def test_what_is_no_report_is_refused(book, tmp_path):
    plain = tmp_path / "不是.xlsx"
    package.new_workbook(plain, [listed(DIFFERENCE_SHEET, "处理", [("D1", ADOPT)])])
    with pytest.raises(RequestError, match="XP953"):
        apply_report(open_book(book), plain)


def test_a_hidden_sheet_that_somebody_changed_is_refused(book, held, tmp_path):
    path = report(tmp_path / "核对.xlsx", [investment(held)], [("D1", ADOPT)])
    made = openpyxl.load_workbook(path)
    page = made["核对底稿"]
    cell = next(c for row in page.iter_rows() for c in row if c.value == "改格")
    cell.value = "随便"
    made.save(path)
    with pytest.raises(RequestError, match="XP953"):
        apply_report(open_book(book), path)


def test_a_clerks_own_sheet_of_that_name_is_not_touched(book, held, tmp_path):
    package.write_sheets(book, [Sheet("变更记录", (CellSpec(1, 1, "我自己的"),))])
    before = book.read_bytes()
    with pytest.raises(RequestError, match="XP958"):
        applied(book, tmp_path, writes=[investment(held)])
    assert book.read_bytes() == before


def test_a_ledger_that_cannot_be_written_back_is_refused(tmp_path):
    with pytest.raises(RequestError, match="XP017"):
        apply_report(type("Old", (), {"takes_results": False, "path": tmp_path})(), tmp_path)
