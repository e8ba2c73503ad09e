"""The corridor of reconciling: what the report holds, what is asked, and what is never changed."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import openpyxl
import pytest
from support import grids, handed_in

import xlplan
from xlplan.app import collecting
from xlplan.app.book import open_book
from xlplan.app.collecting import collect
from xlplan.app.collecting import handed_in as files_in
from xlplan.app.recalculation import Request
from xlplan.app.reconciled import write_report
from xlplan.app.reconciliation import Collection, reconcile_files
from xlplan.cli import main
from xlplan.diagnostics import RequestError
from xlplan.model import VERDICT_SHEET
from xlplan.reconciling import VERDICT_HEADS

DOUBTFUL = handed_in.TWO.replace("P003 | 示例三", " | 示例三期")
NEW = "| 全新的基地 | 外来 | 2 | 2 | 2021-09-01 | 东园 | 新材料产业"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    return handed_in.ledger(tmp_path_factory.mktemp("ledger"))


def reconciled(book, folder, **what):
    handed = tuple(files_in([folder]))
    request = Request(policy=handed_in.POLICY)
    return reconcile_files(open_book(book), request, Collection(handed, **what))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    files = {
        "东园.xlsx": handed_in.table(handed_in.ONE, DOUBTFUL, NEW),
        "西园.xlsx": handed_in.OTHER,
        "坏.xlsx": lambda: b"\0\1",
    }
    return handed_in.hand_in(files, tmp_path_factory.mktemp("in") / "报送")


@pytest.fixture(scope="module")
def report(ledger, folder):
    out = folder.parent / "报告.xlsx"
    write_report(reconciled(ledger, folder), out)
    return openpyxl.load_workbook(out)


def column(sheet, head):
    """The cells below a head of the third row."""
    at = next(cell.column for cell in sheet[3] if cell.value == head)
    return [row[at - 1].value for row in sheet.iter_rows(min_row=4) if row[0].value]


def test_every_project_is_placed_asked_about_or_new(ledger, folder):
    found = {one.entry.name: one.how for one in reconciled(ledger, folder).matching.matches}
    assert found == {"示例一": "id", "示例三期": "question", "全新的基地": "new", "示例四": "id"}


def test_a_question_shows_both_projects_and_waits_for_an_answer(report):
    sheet = report["疑似匹配"]
    assert column(sheet, "编号")[0] == "Q1"
    assert "示例三期" in column(sheet, "报送的项目")
    assert "P003 示例三" in column(sheet, "台账的项目")
    assert set(column(sheet, "判断")) == {None}
    [choice] = sheet.data_validations.dataValidation
    assert choice.formula1 == '"同一项目,不是同一项目"'
    assert str(choice.sqref).startswith("E4")


def test_places_are_links_to_the_files_as_seen_from_the_report(report):
    sheet = report["疑似匹配"]
    heads = [cell.value for cell in sheet[3]]
    told, ledger = (sheet.cell(4, heads.index(head) + 1) for head in ("报送位置", "台账位置"))
    assert (told.value, ledger.value) == ("东园.xlsx 报送!B4", "台账.xlsx 项目台账!A4")
    links = [unquote(cell.hyperlink.target) for cell in (told, ledger)]
    assert links[0] == "报送/东园.xlsx"
    assert re.fullmatch(r"\.\./ledger\d+/台账.xlsx", links[1])
    assert [cell.hyperlink.location for cell in (told, ledger)] == ["'报送'!B4", "'项目台账'!A4"]


def test_the_report_says_of_every_file_and_unit_how_it_stands(report):
    sheet = report["报送情况"]
    states = dict(zip(column(sheet, "责任单位"), column(sheet, "情况"), strict=True))
    assert states == {
        "东园": "已报",
        "西园": "已报",
        "商务局": "未报",
        "民政局": "未报",
        "（不明）": "读不了",
    }


def test_what_is_kept_for_the_day_of_applying_is_hidden(report):
    states = {sheet.title: sheet.sheet_state for sheet in report}
    assert states.pop("核对底稿") == "hidden"
    assert set(states.values()) == {"visible"}


def test_nothing_of_the_ledger_or_the_files_changes(ledger, folder, tmp_path):
    before = {path: path.read_bytes() for path in (ledger, *folder.iterdir())}
    write_report(reconciled(ledger, folder), tmp_path / "报告.xlsx")
    assert {path: path.read_bytes() for path in before} == before


def test_a_report_with_decisions_is_not_written_over(ledger, folder, tmp_path):
    out = tmp_path / "报告.xlsx"
    done = reconciled(ledger, folder)
    write_report(done, out)
    with pytest.raises(RequestError, match="XP859"):
        write_report(done, out)
    write_report(done, out, force=True)
    with pytest.raises(RequestError, match="XP710"):
        write_report(done, tmp_path / "报告.xls")


@pytest.mark.parametrize(("answer", "how"), [("同一项目", "verdict"), ("不是同一项目", "new")])
def test_what_was_said_before_is_not_asked_again(folder, tmp_path, answer, how):
    text = handed_in.LEDGER.read_text(encoding="utf-8")
    said = {"unit": "东园", "name": "示例三期", "project": "P003", "answer": answer}
    rows = [" | ".join(VERDICT_HEADS.values()), " | ".join(said.get(f, "") for f in VERDICT_HEADS)]
    text += "\n".join([f"\n== {VERDICT_SHEET} ==", "核对记录（自动记录）", *rows])
    book = grids.write(grids.book(text), tmp_path / "台账.xlsx")
    found = {one.entry.name: one.how for one in reconciled(book, folder).matching.matches}
    assert found["示例三期"] == how


def test_a_head_that_fits_nothing_is_asked_about_once_and_then_known(ledger, tmp_path):
    own = handed_in.table(handed_in.ONE).replace("投资额(亿元)", "盘子(亿元)")
    files = {"东园.xlsx": own, "东园续.xlsx": own.replace("P001", "P009")}
    given = handed_in.hand_in(files, tmp_path / "报送")
    write_report(reconciled(ledger, given), tmp_path / "报告.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "报告.xlsx")["列对照"]
    assert [cell.value for cell in sheet[4]][:3] == ["东园", "盘子(亿元)", None]
    assert sheet.max_row == 4
    for word, wanted in (("投资额", 20 * 10**10), ("不读", None)):
        text = handed_in.LEDGER.read_text(encoding="utf-8")
        text += f"\n== 列对照 ==\n报送单位 | 表头 | 对应列\n东部园区 | 盘子(亿元) | {word}"
        book = grids.write(grids.book(text), tmp_path / f"台账{word}.xlsx")
        first = reconciled(book, given).submissions[0]
        assert first.entries[0].investment == wanted
        assert first.unknown == ()
        assert "XP202" not in {found.code for found in first.found}


def test_files_are_read_alike_on_one_processor_and_on_several(ledger, folder):
    with ThreadPoolExecutor(2) as pool:
        several = reconciled(ledger, folder, executor=pool)
    alone = reconciled(ledger, folder)
    told, wanted = (
        [(one.file, one.unit, one.entries, one.failed) for one in done.submissions]
        for done in (several, alone)
    )
    assert told == wanted


@pytest.mark.skipif(sys.platform != "linux", reason="processes are only used where they are copies")
def test_enough_files_are_read_by_processes_of_their_own(monkeypatch, ledger, folder):
    monkeypatch.setattr(collecting, "WORTH_IT", 2)
    monkeypatch.setattr(collecting.os, "cpu_count", lambda: 2)
    counted = []
    done = reconciled(ledger, folder, done=counted.append)
    assert [row.file for row in done.board.rows if row.used] == ["东园.xlsx", "西园.xlsx"]
    assert sum(counted) == 3


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    for name in ("一", "二"):
        handed_in.hand_in({"东园.xlsx": handed_in.SOUND, "~$东园.xlsx": bytes}, tmp_path / name)
    names = [one.name for one in files_in([tmp_path])]
    assert names == ["一/东园.xlsx", "二/东园.xlsx"]


def test_a_program_error_in_one_file_leaves_the_others_alone(folder):
    class Broken:
        law = None

        def read(self, *_):
            raise ZeroDivisionError

    broken = Broken()
    broken.law = type("Law", (), {"register": type("Register", (), {"names": {}})})
    read = collect(files_in([folder]), broken)
    assert [bool(one.failed) for one in read] == [True] * 3


def test_the_library_does_the_same_and_writes_the_report_where_asked(ledger, folder, tmp_path):
    out = tmp_path / "报告.xlsx"
    how = {"policy": handed_in.POLICY, "due": "2021-10-08"}
    done = xlplan.reconcile(xlplan.open_book(ledger), [folder], out, **how)
    assert [row.file for row in done.board.rows if row.used] == ["东园.xlsx", "西园.xlsx"]
    assert out.exists()
    with pytest.raises(RequestError, match="XP859"):
        xlplan.reconcile(xlplan.open_book(ledger), [folder], out, **how)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_stopped_while_reading_it_says_so_and_writes_nothing(ledger, many_files, tmp_path):
    code, said = stopped(_READING, ledger, many_files, tmp_path)
    assert (code, said[-1].split()[0]) == (2, "XP019")
    assert not (tmp_path / "r.xlsx").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="reads in this process elsewhere")
def test_stopped_while_processes_begin_it_says_so_and_writes_nothing(ledger, many_files, tmp_path):
    code, said = stopped(_BEGINNING, ledger, many_files, tmp_path)
    assert (code, said[-1].split()[0]) == (2, "XP019")
    assert not (tmp_path / "r.xlsx").exists()


@pytest.fixture(scope="module")
def many_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("many") / "报送"
    handed_in.hand_in({"东园.xlsx": handed_in.SOUND}, folder)
    for number in range(150):
        shutil.copy(folder / "东园.xlsx", folder / f"东园{number}.xlsx")
    return folder


def stopped(program, ledger, folder, out):
    """Stop a program once it says that it is ready; how it ends, and what it says then."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    go_on = out / "go on"
    line = ["reconcile", ledger, folder, "--policy", handed_in.POLICY, "-o", out / "r.xlsx"]
    running = subprocess.Popen(
        [sys.executable, "-c", program, go_on, *map(str, line)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    with running:
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        go_on.touch()  # it waits for this: however slow the machine is, the stop comes first
        _, err = running.communicate()
    return running.returncode, err.decode().splitlines()


_WAITING = """
import os, sys, threading, time
from pathlib import Path
from xlplan.app import collecting
from xlplan.cli import main
go_on, told = Path(sys.argv.pop(1)), []
def wait():
    if not told:
        told.append(os.write(1, b"ready\\n"))
    while not go_on.exists():
        time.sleep(0.01)
"""

_READING = f"""{_WAITING}
read = collecting._read
def waiting(*given):
    wait()
    return read(*given)
collecting._read = waiting
sys.exit(main(sys.argv[1:]))
"""

# NumPy may keep such a thread; what a hook raises is printed and forgotten.
_BEGINNING = f"""{_WAITING}
threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
os.cpu_count = lambda: 2
os.register_at_fork(before=wait)
sys.exit(main(sys.argv[1:]))
"""


def test_the_json_tells_the_board_and_how_every_project_was_placed(capsys, ledger, folder):
    line = ["reconcile", str(ledger), str(folder), "--policy", str(handed_in.POLICY), "--json", "-"]
    main(line)
    told = json.loads(capsys.readouterr().out)
    placed = {one["name"]: (one["how"], one["project"]) for one in told["matches"]}
    assert placed["示例一"] == ("id", "P001")
    [asked] = [one for one in told["matches"] if one["how"] == "question"]
    assert asked["candidates"][0]["project"] == "P003"
