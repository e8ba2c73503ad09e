"""A report that came back, through the command line and the library."""

import pytest
from support.reports import change, ledger, record, report

import xlplan
from xlplan.cli import main
from xlplan.reconciling.decisions import ADOPT, KEEP

BOOK = "任务分解表.xlsx"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    (tmp_path / BOOK).write_bytes(ledger())
    writes = [
        change("D1", "investment", 160_000_000_00, ("项目台账", 5, 12), "2.5", project="P002"),
        change("D2", "investment", 1, ("项目台账", 6, 12), "9", project="P003"),
        *record("D3", "project", "项目台账", name="新厂", lead="白涛园区", origin="市外"),
    ]
    decided = [("D1", ADOPT), ("D2", KEEP), ("D3", ADOPT)]
    report(tmp_path / "核对.xlsx", writes, decided)
    return tmp_path


def run(capsys, *arguments):
    status = main(list(arguments))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_report_is_applied_once_and_taken_back(here, capsys):
    apply = ("reconcile", "--apply", "核对.xlsx", BOOK)
    status, out, _ = run(capsys, *apply, "--dry-run")
    assert (status, "没有写入" in out) == (0, True)
    assert (here / BOOK).read_bytes() == ledger()
    status, out, _ = run(capsys, *apply, "--by", "汇总岗")
    assert status == 0
    for said in ("采用报送 2，保留台账 1", "项目台账!L5  投资额：2.5 → 1.6", "变更记录"):
        assert said in out
    status, out, _ = run(capsys, *apply)
    assert "XP955" in out
    assert "XP964" in out
    run(capsys, "undo", BOOK)
    assert (here / BOOK).read_bytes() == ledger()


def test_what_is_left_makes_the_exit_status_1(here, capsys):
    writes = [change("D1", "investment", 1, ("项目台账", 5, 12), "9", project="P002")]
    report(here / "旧.xlsx", writes, [("D1", ADOPT)])
    status, out, _ = run(capsys, "reconcile", "--apply", "旧.xlsx", BOOK)
    assert (status, "XP954" in out) == (1, True)
    assert "没有要写进台账的内容" in out


WRONG = {
    "files beside a report": ("reconcile", "--apply", "核对.xlsx", BOOK, BOOK),
    "no report": ("reconcile", "--apply", BOOK, BOOK),
    "no such report": ("return-slips", "没有.xlsx"),
    "nothing to return": ("return-slips", "核对.xlsx"),
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_an_impossible_request_is_one_line(here, capsys, arguments):
    status, out, err = run(capsys, *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert (here / BOOK).read_bytes() == ledger()


def test_the_library_does_the_same(here):
    done = xlplan.apply(xlplan.open_book(here / BOOK), here / "核对.xlsx", by="汇总岗")
    assert [line.after for line in done.changes][:1] == ["1.6"]
    assert xlplan.undo(here / BOOK).read_bytes() == ledger()
    with pytest.raises(xlplan.RequestError, match="XP961"):
        xlplan.return_slips(here / "核对.xlsx", here / "退回")
