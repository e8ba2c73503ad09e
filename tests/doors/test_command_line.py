"""The command line as a user meets it: the contract's commands on the sample, and bad requests."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from xlplan import resources
from xlplan.app import VERBS
from xlplan.cli import main
from xlplan.diagnostics import KINDS
from xlplan.model import OUTPUT_SHEETS

SAMPLE = resources.shelf("samples") / "fuling-2021" / "任务分解表.xlsx"


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


@pytest.fixture
def book(tmp_path):
    return Path(shutil.copy(SAMPLE, tmp_path / "任务分解表.xlsx"))


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_every_verb_has_a_command_with_help_in_both_languages(capsys):
    for verb in VERBS:
        for language, words in (("zh", verb.zh), ("en", verb.en)):
            status, out, _ = run(capsys, verb.name, "--help", "--lang", language)
            assert (status, words in " ".join(out.split())) == (0, True), (verb.name, out)


def test_help_is_chinese_unless_asked_otherwise(capsys, monkeypatch):
    assert "用法：" in run(capsys, "--help")[1]
    monkeypatch.setenv("XLPLAN_LANG", "en")
    assert "Usage:" in run(capsys, "--help")[1]


def test_recalculate_writes_the_four_result_sheets(capsys, book):
    status, out, _ = run(capsys, "recalculate", book)
    assert status in {0, 1}
    assert all(sheet in out for sheet in OUTPUT_SHEETS)
    names = CalamineWorkbook.from_path(book).sheet_names
    assert set(OUTPUT_SHEETS) <= set(names)


def test_recalculating_twice_changes_not_one_byte(capsys, book):
    run(capsys, "recalculate", book)
    first = book.read_bytes()
    _, out, _ = run(capsys, "recalculate", book)
    assert book.read_bytes() == first
    assert "没有变化" in out


def test_undo_puts_back_every_byte(capsys, book):
    before = book.read_bytes()
    run(capsys, "recalculate", book)
    assert book.read_bytes() != before
    assert run(capsys, "undo", book)[0] == 0
    assert book.read_bytes() == before


def test_check_and_dry_run_write_nothing(capsys, book):
    before = book.read_bytes()
    run(capsys, "check", book)
    _, out, _ = run(capsys, "recalculate", book, "--dry-run")
    assert "没有写入" in out
    assert book.read_bytes() == before
    assert [path.name for path in book.parent.iterdir()] == [book.name]


def test_out_leaves_the_book_alone(capsys, book, tmp_path):
    before = book.read_bytes()
    run(capsys, "recalculate", book, "-o", tmp_path / "结果.xlsx")
    assert book.read_bytes() == before
    assert set(OUTPUT_SHEETS) <= set(CalamineWorkbook.from_path(tmp_path / "结果.xlsx").sheet_names)


def test_json_on_standard_output_is_json_alone(capfdbinary, book):
    status = main(["recalculate", str(book), "--dry-run", "--json", "-"])
    told = json.loads(capfdbinary.readouterr().out.decode())
    assert status in {0, 1}
    assert told["policy"] == "fuling-2021"
    assert told["as_of"] == "2021-09-30"
    assert {standing["measure"] for standing in told["standings"]} >= {"重大项目", "协议资金"}
    assert all(isinstance(standing["done"], str) for standing in told["standings"])


def test_json_done_is_the_sum_of_its_credits(book, tmp_path):
    main(["recalculate", str(book), "--dry-run", "--json", str(tmp_path / "r.json")])
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    for standing in told["standings"]:
        key = standing["unit"], standing["measure"]
        credits_ = [c for c in told["credits"] if (c["unit"], c["measure"]) == key]
        assert sum(Decimal(c["credit"]) for c in credits_) == Decimal(standing["done"]), key
        assert sum(Decimal(c["pending"]) for c in credits_) == Decimal(standing["pending"]), key


def test_a_unit_without_target_has_neither_rate_nor_rank(book, tmp_path):
    main(["recalculate", str(book), "--dry-run", "--json", str(tmp_path / "r.json")])
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    without = [standing for standing in told["standings"] if standing["target"] is None]
    assert without
    assert all(standing["rate"] is standing["rank"] is None for standing in without)


@pytest.mark.parametrize(
    "what", ["涪陵新城区/协议资金", "新城区/重大项目", "完成情况!D8", "项目台账!A5"]
)
def test_explain_leads_to_a_clause_and_a_source_cell(capsys, book, what):
    status, out, _ = run(capsys, "explain", book, what)
    assert status == 0
    assert "附件2" in out
    assert "项目台账!" in out or "到位资金!" in out


EXPLAINED = [
    ("完成情况!E7", "完成"),
    ("档次统计!L5", "档次为一般"),
    ("档次统计!D32", "P001"),
    ("诊断!C4", "XP309"),
    ("任务分解!E6", "目标 160 亿元"),
    ("到位资金!C4", "没有计入"),
    ("到位资金!C9", "计入"),
    ("p011", "P011"),
    ("P079", "缺少签约日期"),
    ("计入明细!I2", "计入"),
]


@pytest.mark.parametrize(("what", "words"), EXPLAINED)
def test_explain_answers_for_any_cell_that_says_something(capsys, book, what, words):
    status, out, _ = run(capsys, "explain", book, what)
    assert status == 0
    assert words in out


def test_explain_says_where_the_remainder_of_a_division_went(capsys, book):
    out = run(capsys, "explain", book, "P011")[1]
    assert "8.5 亿元 × 100% × 80% = 6.8000000002 亿元（含除不尽的尾差 0.02 元）" in out
    assert "8.5 亿元 × 100% × 1/15 = 0.5666666666 亿元（不足一分的归牵头单位）" in out


def test_new_makes_a_book_that_checks_clean_of_errors(capsys, tmp_path):
    path = tmp_path / "新.xlsx"
    assert run(capsys, "new", "--policy", "fuling-2021", path)[0] == 0
    status, out, _ = run(capsys, "check", path)
    assert status == 0, out


def test_new_never_overwrites(capsys, book):
    before = book.read_bytes()
    status, _, err = run(capsys, "new", "--policy", "fuling-2021", book)
    assert (status, err[:5], book.read_bytes()) == (2, "XP014", before)


def test_policies_and_policy_say_what_ships(capsys):
    assert "fuling-2021" in run(capsys, "policies")[1]
    out = run(capsys, "policy", "fuling-2021")[1]
    assert "joint-received" in out
    assert "附件2备注2" in out


def test_demo_shows_both_tables_and_names_its_files(capsys, tmp_path):
    status, out, _ = run(capsys, "demo", tmp_path / "demo")
    assert status == 0
    assert "园区" in out
    assert "区级部门" in out
    assert str(tmp_path / "demo" / "任务分解表.xlsx") in out
    assert run(capsys, "demo", tmp_path / "demo")[0] == 0


def _bytes(content):
    return lambda path: path.write_bytes(content)


def _truncated(path):
    path.write_bytes(SAMPLE.read_bytes()[:20000])


def _bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook>" + b" " * 50_000_000)


def _entities(path):
    with zipfile.ZipFile(SAMPLE) as good, zipfile.ZipFile(path, "w") as bad:
        for member in good.namelist():
            content = good.read(member)
            if member.endswith("workbook.xml"):
                head, _, rest = content.partition(b"?>")
                content = head + b'?><!DOCTYPE x [<!ENTITY a "b">]>' + rest
            bad.writestr(member, content)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16le")

BAD_FILES = [
    ("a missing file", None, {"XP001"}),
    ("a folder", Path.mkdir, {"XP007"}),
    ("zero bytes", _bytes(b""), {"XP002"}),
    ("plain text", _bytes("你好".encode()), {"XP002"}),
    ("a web page named .xlsx", _bytes(b"<html><table><tr><td>1</td></tr></table>"), {"XP002"}),
    ("a truncated zip", _truncated, {"XP004"}),
    ("an empty zip", _bytes(b"PK\x05\x06" + b"\0" * 18), {"XP002", "XP004"}),
    ("a zip bomb", _bomb, {"XP008"}),
    ("an entity bomb", _entities, {"XP008"}),
    ("an encrypted workbook", _bytes(ENCRYPTED), {"XP003", "XP004", "XP002"}),
]


@pytest.mark.parametrize(("_name", "make", "codes"), BAD_FILES, ids=[it[0] for it in BAD_FILES])
@pytest.mark.parametrize("verb", ["check", "recalculate"])
def test_a_bad_file_is_one_clear_line_and_status_2(capsys, tmp_path, verb, _name, make, codes):
    path = tmp_path / "坏.xlsx"
    if make is not None:
        make(path)
    status, out, err = run(capsys, verb, path)
    assert (status, out) == (2, "")
    assert err.split()[0] in codes, err
    assert err.count("\n") == 1
    assert "Traceback" not in err


BAD_REQUESTS = [
    (["recalculate"], "缺少"),
    (["recalculate", "{book}", "--nonsense"], "没有这个选项"),
    (["nonsense"], "xlplan"),
    (["recalculate", "{book}", "--as-of", "9月30日"], "XP011"),
    (["recalculate", "{book}", "--period", "去年"], "XP012"),
    (["recalculate", "{book}", "--policy", "nowhere-1999"], "XP009"),
    (["explain", "{book}", "不存在/协议资金"], "XP013"),
    (["explain", "{book}", "完成情况!ZZ999"], "XP013"),
    (["undo", "{book}"], "XP020"),
    (["new", "{book}"], "--policy"),
    (["check", "{book}", "{book}"], "多出来的参数"),
    (["check", "{book}", "--lang", "xx"], "--lang"),
    (["check", "{book}", "--lang"], "--lang"),
    (["recalculate", "{book}", "-o", "."], "XP007"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD_REQUESTS)
def test_an_impossible_request_writes_nothing(capsys, book, arguments, words):
    before = book.read_bytes()
    status, _, err = run(capsys, *(argument.format(book=book) for argument in arguments))
    assert status == 2
    assert words in err
    assert book.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_read_only_book_is_refused(capsys, book):
    book.chmod(0o444)
    status, _, err = run(capsys, "recalculate", book)
    assert (status, err[:5]) == (2, "XP006")


def test_a_book_that_excel_holds_is_refused(capsys, book):
    book.with_name("~$" + book.name).write_bytes(b"\x05clerk")
    before = book.read_bytes()
    status, _, err = run(capsys, "recalculate", book)
    assert (status, err[:5], book.read_bytes()) == (2, "XP005", before)


@pytest.mark.parametrize(
    "command",
    [["policies"], ["undo", "无.xlsx"], ["check-document", "无.docx"], ["new", "--policy"]],
)
def test_a_command_that_computes_nothing_loads_nothing_that_computes(command):
    assert not {"pandas", "numpy", "openpyxl", "python_calamine"} & loaded_by(command)


def test_asking_for_help_does_not_even_load_the_kinds_of_trouble():
    loaded = loaded_by(["--help"])
    assert not {"pandas", "numpy", "xlplan.diagnostics", "xlwings"} & loaded


def loaded_by(command):
    """The modules that a command has loaded when it ends."""
    code = (
        f"import sys, xlplan, xlplan.cli\n"
        f"xlplan.cli.main({command})\n"
        f"print('@', *sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return set(done.stderr.rpartition("@")[2].split())


def test_every_code_is_documented():
    listed = (Path(__file__).parents[2] / "docs" / "diagnostics.md").read_text("utf-8")
    missing = [code for code in KINDS if f"## {code}" not in listed]
    assert not missing


WITHOUT_EXTRAS = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"jinja2", "docxtpl", "docx", "lxml", "xlwings"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
from xlplan.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["recalculate", "{book}", "--dry-run"], 1, ""),
        (["check", "{book}"], 1, ""),
        (["bulletin", "{book}", "--template", "quarterly", "--out", "通报"], 2, "XP021"),
    ],
)
def test_what_needs_no_extra_runs_without_them(book, tmp_path, arguments, status, code):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS, *(part.format(book=book) for part in arguments)],
        capture_output=True,
        cwd=tmp_path,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr.partition(" ")[0]) == (status, code), done.stderr


def test_what_computes_says_at_the_end_how_long_it_took(capsys, book, tmp_path):
    lines = [
        ("check", book),
        ("recalculate", book, "--dry-run"),
        ("recalculate", book, "--compare", "--ruling", "home-weight=0%"),
        ("submission-form", book, "--out", tmp_path / "表"),
    ]
    for line in lines:
        out = run(capsys, *line)[1]
        assert re.search(r"^用时 \d+\.\d 秒$", out, re.MULTILINE), line
