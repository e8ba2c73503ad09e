"""Many workbooks through one command: failures stay single, what is done is not done again."""

import json
import operator
import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from support import many

import xlplan
from xlplan.app.batch import books as finding
from xlplan.app.batch.running import Run
from xlplan.cli import main
from xlplan.diagnostics import RequestError

COUNTIES = ("甲区", "丙县")


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Two workbooks as they come, and the bytes of one recalculated by itself."""
    folder = tmp_path_factory.mktemp("sound")
    many.county_books(folder, COUNTIES)
    alone = folder / "单独.xlsx"
    shutil.copy(folder / "市" / "甲区" / "任务分解表.xlsx", alone)
    book = xlplan.open_book(alone)
    xlplan.recalculate(book, policy=many.POLICY)
    book.save()
    return folder / "市", alone.read_bytes()


@pytest.fixture
def city(sound, tmp_path):
    return Path(shutil.copytree(sound[0], tmp_path / "市"))


def books_of(city):
    return sorted(city.rglob("*.xlsx"))


@pytest.fixture
def threads():
    """An executor of somebody else's: quick to start, and in this process."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def batch(verb, city, threads, **how):
    return xlplan.batch(verb, [city], executor=threads, policy=many.POLICY, **how)


# One command


def test_one_damaged_book_fails_alone_and_the_others_are_as_if_recalculated_by_themselves(
    sound, city, capsys
):
    (city / "坏.xlsx").write_bytes((city / "甲区" / "任务分解表.xlsx").read_bytes()[:4000])
    line = ["batch", "recalculate", str(city), "--policy", str(many.POLICY), "--jobs", "2"]
    assert main(line) == 1
    said = capsys.readouterr()
    assert re.search(r"坏\.xlsx +失败 +— +— ", said.out)
    assert re.search(r"  坏\.xlsx：XP00\d .*坏\.xlsx", said.out)
    assert "共 3 本：正常 2，有错误 0，失败 1" in said.out
    assert "用时" in said.out
    assert "[3/3]" in said.err
    done = [path.read_bytes() for path in books_of(city) if path.name != "坏.xlsx"]
    assert done == [sound[1]] * 2


def test_the_json_says_of_every_book_what_came_of_it(city, tmp_path, capsys):
    (city / "空.xlsx").touch()
    target = tmp_path / "结果.json"
    line = ["batch", "check", str(city), "--policy", str(many.POLICY), "--json", str(target)]
    assert main([*line, "--jobs", "1"]) == 1
    told = json.loads(target.read_text("utf-8"))
    assert told["verb"] == "check"
    assert [(one["label"], one["state"]) for one in told["books"]] == [
        ("空.xlsx", "failed"),
        *((f"{name}/任务分解表.xlsx", "clean") for name in sorted(COUNTIES)),
    ]
    assert told["books"][0]["trouble"]["code"].startswith("XP00")
    assert {(one["policy"], one["projects"]) for one in told["books"][1:]} == {("示例", 4)}
    capsys.readouterr()


def test_where_no_book_can_be_treated_the_request_was_impossible(tmp_path, threads):
    (tmp_path / "空.xlsx").touch()
    assert batch("check", tmp_path, threads).status == 2


def test_a_book_is_treated_with_findings_of_its_own_and_the_status_says_so(city, threads):
    import openpyxl

    path = books_of(city)[0]
    book = openpyxl.load_workbook(path)
    book["项目台账"]["I2"] = "约三亿左右吧"
    book.save(path)
    done = batch("check", city, threads)
    assert [one.state for one in done.outcomes] == ["findings", "clean"]
    assert done.outcomes[0].codes["XP102"] == 1
    assert done.status == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("batch 撤销 甲.xlsx", "不能成批运行"),
        ("batch check", "缺少"),
        ("batch bulletin 甲.xlsx --out 通报", "--template"),
        ("batch bulletin 甲.xlsx --template quarterly", "--out"),
        ("batch check 甲.xlsx --out 结果", "--out"),
        ("batch recalculate 甲.xlsx --pdf", "--pdf"),
        ("batch check 甲.xlsx --jobs 0", "--jobs"),
        ("batch check 甲.xlsx --jobs 2 --cluster tcp://无:1", "--cluster"),
    ],
)
def test_a_wrong_line_is_one_line_that_says_so(capsys, line, said):
    assert main(line.split()) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


# What is done is not done again


def labels_done(done):
    return [one.label.split("/")[0] for one in done.outcomes if not one.kept]


def test_a_second_run_passes_over_what_is_done_and_does_what_changed(city, threads):
    assert len(labels_done(batch("recalculate", city, threads))) == 2
    before = [path.read_bytes() for path in books_of(city)]
    again = batch("recalculate", city, threads)
    assert (again.kept, again.status) == (2, 0)
    shutil.copy(city / "甲区" / "任务分解表.xlsx", city / "丁县.xlsx")
    assert labels_done(batch("recalculate", city, threads)) == ["丁县.xlsx"]
    xlplan.undo(city / "甲区" / "任务分解表.xlsx")
    assert labels_done(batch("recalculate", city, threads)) == ["甲区"]
    (city / "丁县.xlsx").unlink()
    assert [path.read_bytes() for path in books_of(city)] == before


def test_other_options_another_policy_and_the_word_again_do_all_books_again(
    city, threads, tmp_path
):
    policy = tmp_path / "示例.toml"
    shutil.copy(many.POLICY, policy)
    run = partial(xlplan.batch, "check", books_of(city)[:1], executor=threads, policy=policy)
    assert [len(labels_done(run())) for _ in range(2)] == [1, 0]
    assert len(labels_done(run(period="2021Q1"))) == 1
    assert len(labels_done(run(again=True))) == 1
    policy.write_text(policy.read_text("utf-8") + "\n# 改了\n", encoding="utf-8")
    assert len(labels_done(run())) == 1


def test_a_failure_is_tried_again_and_a_torn_line_of_the_journal_is_none(city, threads):
    path = books_of(city)[0]
    whole = path.read_bytes()
    path.write_bytes(whole[:4000])
    assert batch("check", city, threads).count("failed") == 1
    (journal,) = (Path(os.environ["XLPLAN_STATE"]) / "batch").glob("*.jsonl")
    journal.write_bytes(journal.read_bytes()[:-30])
    path.write_bytes(whole)
    again = labels_done(batch("check", city, threads))
    assert again == ["丙县", "甲区"]  # the failure, and the book whose line was torn


def test_where_nothing_can_be_kept_it_is_said_before_any_work(city, threads, tmp_path, monkeypatch):
    (tmp_path / "文件").touch()
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "文件"))
    before = [path.read_bytes() for path in books_of(city)]
    with pytest.raises(RequestError, match="XP018"):
        batch("recalculate", city, threads)
    assert [path.read_bytes() for path in books_of(city)] == before


def test_what_counts_up_to_today_is_done_again_tomorrow(monkeypatch):
    from xlplan.app.batch import journal

    class Tomorrow(journal.date):
        @classmethod
        def today(cls):
            return super().today() + journal.date.resolution

    from xlplan.app.batch.work import Outcome

    rolling = Outcome("甲", "甲", as_of=journal.date.today().isoformat(), rolling=True)
    kept = journal.Journal(journal.Order("check"))
    kept.add(rolling)
    job = journal.Job("甲", "甲", journal.Order("check"))
    assert kept.done(job) is not None
    monkeypatch.setattr(journal, "date", Tomorrow)
    assert kept.done(job) is None


# Stopping


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_stopped_in_the_middle_nothing_is_half_written_and_the_next_run_goes_on(sound, tmp_path):
    first = books_of(sound[0])[0]
    before = first.read_bytes()
    (tmp_path / "市").mkdir()
    books = [Path(shutil.copy(first, tmp_path / "市" / f"{number}区.xlsx")) for number in range(8)]
    line = [sys.executable, "-m", "xlplan", "batch", "recalculate", str(tmp_path / "市")]
    line += ["--policy", str(many.POLICY), "--jobs", "1"]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    env = os.environ | {"PYTHONUTF8": "1"}
    with subprocess.Popen(line, **pipes, env=env, start_new_session=True) as running:
        assert b"[1/8]" in running.stderr.readline()
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does it: every process hears it
        out, err = running.communicate()
    assert running.returncode == 2
    assert "Traceback" not in err.decode()
    assert "已停止" in err.decode()
    assert "再次运行同一条命令" in out.decode()
    done = [path.read_bytes() for path in books].count(sound[1])
    assert 1 <= done < 8
    assert [path.read_bytes() for path in books].count(before) == 8 - done
    rest = subprocess.run(line, capture_output=True, check=True, env=env).stdout.decode()
    assert f"而跳过 {done}" in rest
    assert [path.read_bytes() for path in books] == [sound[1]] * 8


def test_a_job_that_kills_its_process_fails_alone():
    told = {}
    run = Run(operator.call, lambda _job, why: why.kind.code, told.__setitem__)
    jobs = [partial(int, "1"), partial(os._exit, 3), partial(int, "2")]
    run.over(jobs, None, 1)
    assert [told[job] for job in jobs] == [1, "XP972", 2]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_stop_waits_until_what_is_being_told_is_told():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    told = {}

    def tell(job, result):
        os.kill(os.getpid(), signal.SIGINT)
        told[job] = result

    jobs = [partial(int, str(number)) for number in range(9)]
    with ThreadPoolExecutor(1) as one, pytest.raises(KeyboardInterrupt):
        Run(operator.call, lambda _job, why: why.kind.code, tell).over(jobs, one)
    assert told[jobs[0]] == 0
    assert all(told[job] == job() for job in told)


def test_an_executor_of_the_users_that_breaks_is_said_of_what_was_left():
    told = {}
    run = Run(operator.call, lambda _job, why: why.kind.code, told.__setitem__)
    jobs = [partial(os._exit, 3), *(partial(int, text) for text in "12")]
    with ProcessPoolExecutor(1) as pool:
        run.over(jobs, pool)
    assert told[jobs[0]] == "XP972"
    assert told.keys() == set(jobs)


def test_a_defect_of_the_program_is_said_of_its_book_and_logged(city, threads, monkeypatch):
    from xlplan.app.batch import work

    def broken(_job, _book):
        raise ZeroDivisionError

    monkeypatch.setitem(work._VERBS, "check", broken)
    done = batch("check", city, threads)
    assert {one.code for one in done.outcomes} == {"XP973"}
    log = Path(os.environ["XLPLAN_STATE"]) / "xlplan.log"
    assert "ZeroDivisionError" in log.read_text("utf-8")


# Where results go


def test_copies_with_results_keep_the_folders_and_leave_the_books_alone(
    sound, city, threads, tmp_path
):
    before = [path.read_bytes() for path in books_of(city)]
    done = batch("recalculate", city, threads, out=tmp_path / "结果")
    assert [path.read_bytes() for path in books_of(city)] == before
    copies = [tmp_path / "结果" / name / "任务分解表.xlsx" for name in sorted(COUNTIES)]
    assert [path.read_bytes() for path in copies] == [sound[1]] * 2
    assert [one.wrote for one in done.outcomes] == [(path.as_posix(),) for path in copies]
    copies[0].unlink()
    again = batch("recalculate", city, threads, out=tmp_path / "结果")
    assert labels_done(again) == ["丙县"]
    assert copies[0].exists()


def test_bulletins_go_into_a_folder_a_book_and_one_that_stands_there_is_kept(
    city, threads, tmp_path
):
    docx = pytest.importorskip("docx")
    paper = docx.Document()
    paper.add_paragraph("{{ 期间 }}")
    paper.save(tmp_path / "简报.docx")
    kept = tmp_path / "通报" / "甲区" / "任务分解表"
    kept.mkdir(parents=True)
    (kept / "2021年示例区简报.docx").touch()
    done = batch("bulletin", city, threads, template=tmp_path / "简报.docx", out=tmp_path / "通报")
    assert [one.code for one in done.outcomes] == ["", "XP859"]
    made = sorted((tmp_path / "通报").rglob("*.docx"))
    assert [path.relative_to(tmp_path / "通报").parts[0] for path in made] == sorted(COUNTIES)
    assert (kept / "2021年示例区简报.docx").stat().st_size == 0


def test_bulletins_that_could_not_all_be_written_are_a_failure_with_its_reason(
    city, threads, tmp_path
):
    docx = pytest.importorskip("docx")
    paper = docx.Document()
    paper.add_paragraph("{{ 本单位.指标.到位资金.目标|亿元 }}")
    paper.save(tmp_path / "对账单.docx")
    how = {"template": tmp_path / "对账单.docx", "out": tmp_path / "通报", "per_unit": True}
    (done,) = xlplan.batch(
        "bulletin", [books_of(city)[0]], executor=threads, policy=many.POLICY, **how
    ).outcomes
    assert (done.code, done.state) == ("XP971", "failed")
    assert len(done.wrote) == len(list((tmp_path / "通报").rglob("*.docx"))) == 1


# Which books are meant


def test_folders_and_patterns_mean_workbooks_each_once_and_nothing_that_lies_beside_them(city):
    first = books_of(city)[0]
    for name in ("~$任务分解表.xlsx", ".~xlplan-a.xlsx", "任务分解表-结果.xlsx", "说明.docx"):
        (first.parent / name).touch()
    (city / ".备份").mkdir()
    shutil.copy(first, city / ".备份")
    (city / "结果").mkdir()
    shutil.copy(first, city / "结果")
    meant = finding.books([city, f"{city}/*/*.xlsx", str(first)], str(city / "结果"))
    assert [one.label for one in meant] == [f"{name}/任务分解表.xlsx" for name in sorted(COUNTIES)]


def test_a_file_that_is_not_there_is_the_trouble_of_that_file_alone(city, threads):
    done = xlplan.batch("check", [city / "没有.xlsx", city], executor=threads, policy=many.POLICY)
    assert [one.code for one in done.outcomes] == ["XP001", "", ""]


# Addresses


@pytest.fixture
def store():
    """A store that is no disk."""
    pytest.importorskip("fsspec")
    from fsspec.implementations.memory import MemoryFileSystem

    yield MemoryFileSystem
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]


def test_books_at_addresses_are_read_there_and_results_put_there(sound, city, threads, store):
    for path in books_of(city):
        memory = store()
        memory.makedirs(f"/市/{path.parent.name}", exist_ok=True)
        memory.pipe(f"/市/{path.parent.name}/任务分解表.xlsx", path.read_bytes())
    before = {name: memory.cat(name) for name in memory.find("/市")}
    run = partial(xlplan.batch, "recalculate", executor=threads, policy=many.POLICY)
    assert {one.code for one in run(["memory://市"]).outcomes} == {"XP977"}
    done = run(["memory://市/*/*.xlsx"], out="memory://结果")
    assert done.status == 0
    assert {name: memory.cat(name) for name in memory.find("/市")} == before
    assert [memory.cat(name) for name in memory.find("/结果")] == [sound[1]] * 2
    assert run(["memory://市/*/*.xlsx"], out="memory://结果").kept == 2
    gone = run(["memory://市/没有.xlsx"], out="memory://结果")
    assert [one.code for one in gone.outcomes] == ["XP001"]


def test_a_store_that_nobody_knows_is_said_in_one_line(threads):
    pytest.importorskip("fsspec")
    with pytest.raises(RequestError, match="XP978"):
        xlplan.batch("check", ["没有这种://市/*.xlsx"], executor=threads)
