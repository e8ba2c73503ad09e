"""Every diagnostic code has a way to make it appear, through the doors that users use.

Findings: tests/cases/diagnostics breaks one sound workbook in one place at a time. Requests: the
table `REQUESTS` here. Policy files, write-backs and documents that do not agree with themselves:
their own tables (tests/cases/broken_policies, support.zips.FAULTS, support.audits), which other
tests run. The last test says that no code is left over.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import grids, tables
from support.audits import AUDITED
from support.computers import SICK
from support.handed_in import TROUBLES
from support.reports import DECIDED
from support.zips import FAULTS, packed, parts

import xlplan
from xlplan.cli import main
from xlplan.diagnostics import KINDS, RequestError, Severity

TESTS = Path(__file__).parents[1]
CASES = TESTS / "cases" / "diagnostics"
POLICY = CASES / "示例.toml"
POLICIES = TESTS / "cases" / "broken_policies"
SOUND = grids.book((CASES / "完好.txt").read_text(encoding="utf-8"))
SAMPLE = TESTS.parent / "samples" / "fuling-2021" / "任务分解表.xlsx"
NAME = "测试.xlsx"


@dataclass(frozen=True)
class Break:
    """A line of 坏处.txt: what is broken, and the findings that this must give."""

    code: str
    place: str
    edits: str
    others: frozenset[str]

    @property
    def policy(self):
        """The policy that it is computed by: 示例, unless an edit names another."""
        named = re.search(r"方案 (\w+)", self.edits)
        return CASES / f"{named[1]}.toml" if named else POLICY

    @classmethod
    def parse(cls, line):
        head, _, rest = line.partition("←")
        code, place = head.split(maxsplit=1)
        edits, _, others = rest.partition("⇒")
        place = place.strip().format(book=NAME, policy=POLICY.stem)
        return cls(code, place, edits.strip(), frozenset(others.split()))

    def as_case(self):
        return pytest.param(self, id=f"{self.code} {self.edits}")


BREAKS = [
    Break.parse(line)
    for line in (CASES / "坏处.txt").read_text(encoding="utf-8").splitlines()
    if line.startswith("XP")
]
ONE_OF_EACH = list({case.code: case for case in BREAKS}.values())
IN_POLICIES = {
    code
    for file in POLICIES.glob("*.toml")
    for code in re.findall(r"^# (XP6\d\d) ", file.read_text(encoding="utf-8"), re.MULTILINE)
}


PLANTED = set(
    re.findall(
        r"^(XP\d{3}) ",
        (SAMPLE.parents[1] / "bulletins" / "坏处.txt").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)
"""Faults planted in a finished bulletin; test_documents_verify.py finds each at its place."""


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


# Findings in a workbook.


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return grids.write(SOUND, tmp_path_factory.mktemp("sound") / NAME)


def broken(sound, edits, folder):
    """A copy of the sound workbook with these edits made in it."""
    import openpyxl

    book = openpyxl.load_workbook(sound)
    for edit in filter(None, map(str.strip, edits.split(";"))):
        change(book, edit)
    path = folder / NAME
    book.save(path)
    return path


def change(book, edit):
    verb, _, rest = edit.partition(" ")
    if verb == "方案":
        return
    if verb == "删表":
        del book[rest]
    elif verb in ("隐藏", "筛选"):
        sheet, _, row = rest.partition("!")
        book[sheet].row_dimensions[int(row)].hidden = True
        if verb == "筛选":
            book[sheet].auto_filter.ref = book[sheet].dimensions
            book[sheet].auto_filter.add_filter_column(0, ["x"])
    else:
        place, _, text = (part.strip() for part in edit.partition("="))
        sheet, _, address = place.partition("!")
        if sheet not in book.sheetnames:
            book.create_sheet(sheet)
        book[sheet][address] = value(text)


def value(text):
    """A cell's value, written as in tests/support/grids.py."""
    if text == "=?":
        return "=1+1"
    return text if text.startswith("#") else (grids._value(text) or None)


def findings(path, policy=POLICY):
    result = xlplan.recalculate(xlplan.open_book(path), policy=policy)
    return [(found.code, str(found.place)) for found in result.diagnostics]


def test_the_sound_workbook_has_nothing_to_report(sound):
    assert findings(sound) == []


@pytest.mark.parametrize("case", [case.as_case() for case in BREAKS])
def test_a_workbook_broken_in_one_place_gives_its_code_there_and_nothing_unforeseen(
    sound, tmp_path, case
):
    found = findings(broken(sound, case.edits, tmp_path), case.policy)
    assert [place for code, place in found if code == case.code] == [case.place]
    assert {code for code, _ in found} == {case.code} | case.others


def test_a_conflict_names_the_weights_that_differ_and_no_scopes(sound, tmp_path):
    path = broken(sound, "单位!B4 = 园区", tmp_path)
    result = xlplan.recalculate(xlplan.open_book(path), policy=POLICY)
    (said,) = (one.message() for one in result.diagnostics if one.code == "XP403")
    assert "：weight.home.parks、weight.home.bureaus（" in said


@pytest.mark.parametrize("case", [case.as_case() for case in ONE_OF_EACH])
def test_check_says_it_and_the_severities_decide_the_exit_status(capsys, sound, tmp_path, case):
    path = broken(sound, case.edits, tmp_path)
    before = path.read_bytes()
    status = main(["check", str(path), "--policy", str(case.policy)])
    out = capsys.readouterr().out
    assert f" {case.code}] {case.place}：" in out
    assert not re.search(r"[{}]", out)
    severities = {KINDS[code].severity for code in {case.code} | case.others}
    assert status == (Severity.ERROR in severities)
    assert path.read_bytes() == before


# Requests that are impossible.


def nothing(_book):
    """The request itself is what is wrong."""


def fault(name):
    """The workbook is one of the faulty files of the write-back's own list."""
    return lambda book: book.write_bytes(FAULTS[name].data())


def as_folder(book):
    book.unlink()
    book.mkdir()


def without(*sheets):
    """The workbook has lost these sheets."""

    def lose(book):
        import openpyxl

        read = openpyxl.load_workbook(book)
        for name in sheets:
            del read[name]
        read.save(book)

    return lose


def without_units(book):
    """The sheet 单位 has heads only."""
    import openpyxl

    read = openpyxl.load_workbook(book)
    read["单位"].delete_rows(4, 200)
    read.save(book)


def template_of(*lines):
    """A harm that puts a template beside the book."""

    def put(book):
        docx = pytest.importorskip("docx")
        paper = docx.Document()
        for line in lines:
            paper.add_paragraph(line)
        paper.save(book.with_name("模板.docx"))

    return put


def one_issued(book):
    """The bulletin that would be written is there already."""
    template_of("{{ 期间 }}")(book)
    book.with_name("2021年涪陵区模板.docx").touch()


REQUESTS: list[tuple[str, str, Callable[[Path], None]]] = [
    ("XP001", "check {book}", Path.unlink),
    ("XP001", "check {book} --policy {folder}/没有.toml", nothing),
    ("XP002", "check {book}", fault("html named xlsx")),
    ("XP003", "check {book}", fault("password-protected")),
    ("XP004", "check {book}", fault("truncated")),
    ("XP005", "recalculate {book}", lambda book: book.with_name(f"~${book.name}").touch()),
    ("XP006", "recalculate {book}", lambda book: book.chmod(0o444)),
    ("XP007", "check {book}", as_folder),
    ("XP008", "check {book}", fault("zip bomb")),
    ("XP009", "check {book} --policy 没有这个方案", nothing),
    ("XP010", "check {book}", without("设置")),
    ("XP011", "check {book} --as-of 9月30日", nothing),
    ("XP012", "check {book} --period 去年", nothing),
    ("XP013", "explain {book} 无此单位/协议资金", nothing),
    ("XP014", "new --policy fuling-2021 {book}", nothing),
    ("XP016", "check {book} --policy fuling-2021", without("任务分解", "目标", "项目台账")),
    ("XP018", "recalculate {book} -o {folder}/没有/结果.xlsx", nothing),
    ("XP020", "undo {book}", nothing),
    ("XP022", "recalculate {book} --compare --ruling 没有这个口径=0%", nothing),
    ("XP023", "recalculate {book} --compare --ruling home-weight=一半", nothing),
    ("XP601", "check {book} --policy {cases}/several-faults-at-once.toml", nothing),
    ("XP710", "recalculate {book} -o {folder}/结果.xlsm", nothing),
    ("XP820", "excel install", nothing),
    ("XP858", "bulletin {book} --template {book} --out {folder}/通报", nothing),
    ("XP859", "bulletin {book} --template {folder}/模板.docx --out {folder}", one_issued),
    (
        "XP862",
        "bulletin {book} --template {folder}/模板.docx --out {folder}/通报 --period 2012",
        template_of("{{ 期间 }}"),
    ),
    ("XP896", "recalculate {book} --previous {folder}/没有.xlsx", nothing),
    ("XP897", "recalculate {book} --previous 2021-09-30", nothing),
    ("XP898", "recalculate {book} --last-year {book}", nothing),
    ("XP863", "bulletin {book} --template 没有这个 --out {folder}/通报", nothing),
    (
        "XP868",
        "bulletin {book} --template quarterly --out {folder}/通报 --set 发文字号=12号",
        nothing,
    ),
    ("XP868", "bulletin {book} --template quarterly --out {folder}/通报 --set 文号", nothing),
    ("XP900", "submission-form {book} --per-unit --out {folder}/表", without_units),
    ("XP970", "batch check {folder}/没有*.xlsx", nothing),
    ("XP927", "reconcile {book} {folder}/空", lambda book: book.with_name("空").mkdir()),
    ("XP929", "reconcile {book} {book} --due 国庆前", nothing),
    ("XP865", "check-document {book}", nothing),
    ("XP866", "check-document {book} --variant {folder}/没有.toml", nothing),
]


@pytest.mark.parametrize(
    ("code", "line", "harm"), REQUESTS, ids=[f"{code} {line}" for code, line, _ in REQUESTS]
)
def test_an_impossible_request_is_one_line_with_its_code_and_changes_nothing(
    capsys, tmp_path, code, line, harm
):
    book = Path(shutil.copy(SAMPLE, tmp_path / SAMPLE.name))
    harm(book)
    before = {path.name: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()}
    status = main(
        [word.format(book=book, folder=tmp_path, cases=POLICIES) for word in line.split()]
    )
    said = capsys.readouterr()
    assert (status, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.split()[0] == code
    after = {path.name: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()}
    assert after == before


def test_a_word_document_without_the_package_that_reads_it_names_that_package(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "docx", None)  # as Python finds it where it is not installed
    document = tmp_path / "文件.docx"
    document.write_bytes(FAULTS["a Word file"].data())
    new = ["new", "--policy", "fuling-2021", "--from", str(document), str(tmp_path / "新.xlsx")]
    status = main(new)
    said = capsys.readouterr()
    assert (status, said.out, said.err.split()[0]) == (2, "", "XP021")
    assert "pip install" in said.err
    assert [left.name for left in tmp_path.iterdir()] == [document.name]


def test_an_address_without_the_package_that_reaches_it_names_that_package(capsys, monkeypatch):
    import fsspec

    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    # Where LibreOffice's module was loaded before, its imports look among attributes as well.
    monkeypatch.delattr(fsspec, "core", raising=False)
    assert main(["batch", "check", "memory://市/*.xlsx"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.split()[0]) == ("", "XP975")
    assert "pip install" in said.err


def test_a_pdf_without_libreoffice_is_refused_before_anything_is_written(
    capsys, tmp_path, monkeypatch
):
    book = Path(shutil.copy(SAMPLE, tmp_path / SAMPLE.name))
    monkeypatch.setattr("xlplan.documents.pdf.shutil.which", lambda _name: None)
    monkeypatch.setattr("xlplan.documents.pdf._USUAL", ())
    made = ["bulletin", str(book), "--template", "quarterly", "--pdf", "--out"]
    assert main([*made, str(tmp_path / "通报")]) == 2
    assert capsys.readouterr().err.split()[0] == "XP867"
    assert [left.name for left in tmp_path.iterdir()] == [book.name]


def test_a_book_that_changed_between_reading_and_saving_is_left_alone(tmp_path):
    book = Path(shutil.copy(SAMPLE, tmp_path / SAMPLE.name))
    read = xlplan.open_book(book)
    xlplan.recalculate(read)
    without("目标")(book)
    changed = book.read_bytes()
    with pytest.raises(RequestError, match="XP015"):
        read.save()
    assert book.read_bytes() == changed


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_stopped_while_it_prints_it_says_so_and_writes_nothing(tmp_path):
    book = Path(shutil.copy(SAMPLE, tmp_path / SAMPLE.name))
    # A suite in the background may ignore the signal, and would pass that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    running = subprocess.Popen(
        [sys.executable, "-m", "xlplan", "recalculate", str(book), "--dry-run", "--json", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    with running:
        running.stdout.read(1)  # far more than a pipe holds is still to come: it waits for us
        running.send_signal(signal.SIGINT)
        _, err = running.communicate()
    assert running.returncode == 2
    assert err.decode().splitlines()[-1].startswith("XP019")
    assert book.read_bytes() == SAMPLE.read_bytes()


# Write-backs that would not be lossless.


def many_columns():
    import pandas as pd

    return pd.DataFrame([range(16_385)], columns=[f"列{n}" for n in range(16_385)])


def one_column():
    import pandas as pd

    return pd.DataFrame({"单位": ["甲"]})


WRITES = [
    ("XP017", FAULTS["ods"].data, "结果", one_column),
    ("XP701", lambda: packed(parts(styles=b"<styles/>")), "结果", one_column),
    ("XP702", lambda: packed(parts()), "结果", many_columns),
    ("XP703", FAULTS["signed"].data, "结果", one_column),
    ("XP704", FAULTS["rights management"].data, "结果", one_column),
    ("XP705", FAULTS["shared in the old way"].data, "结果", one_column),
    ("XP706", FAULTS["protected structure, new sheet"].data, "诊断", one_column),
    ("XP707", FAULTS["the name belongs to a chart sheet"].data, "结果", one_column),
    ("XP708", FAULTS["a pivot table on the result sheet"].data, "结果", one_column),
    ("XP709", lambda: packed(parts()), "一/二", one_column),
]


@pytest.mark.parametrize(("code", "data", "name", "frame"), WRITES, ids=[w[0] for w in WRITES])
def test_a_write_back_that_could_lose_something_is_refused(tmp_path, code, data, name, frame):
    path = tmp_path / "别人的.xlsx"
    path.write_bytes(data())
    before = path.read_bytes()
    with pytest.raises(RequestError) as refused:
        xlplan.write_sheets(path, {name: frame()})
    assert refused.value.kind.code == code
    assert path.read_bytes() == before
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


# Templates.

TEMPLATES = [
    ("XP851", "{{ 没有这个字段 }}"),
    ("XP851", "{% for u in 单位 %}{{ u.完城率 }}{% endfor %}"),
    ("XP852", "{{ 指标.协议资金.目标 }}"),
    ("XP852", "{{ 指标.协议资金.目标|亿元 }}"),
    ("XP853", "｛｛ 期间 ｝｝"),
    ("XP853", "{ { 期间 } }"),
    ("XP855", "{% for u in 单位 %}"),
    ("XP855", "{{ 期间 }"),
    ("XP856", "{{ 期间|亿元 }}"),
    ("XP856", "{{ 期间|没有 }}"),
    ("XP856", "{{ 指标 }}"),
    ("XP856", "{% for u in 项目|差一点 %}{{ u.编号 }}{% endfor %}"),
    ("XP856", "{% if 期间|差一点 %}{% endif %}"),
    ("XP857", "{{ 指标.keys() }}"),
    ("XP857", "{% include '/etc/passwd' %}"),
    ("XP851", "{{ 期间.__class__.__mro__ }}"),
    ("XP856", "{{ 期间|attr('__class__') }}"),
    ("XP869", "{{ 本单位.名称 }}"),
]


@pytest.mark.parametrize(("code", "tag"), TEMPLATES)
def test_a_faulty_template_is_refused_with_the_place_of_its_fault(capsys, tmp_path, code, tag):
    docx = pytest.importorskip("docx")
    paper = docx.Document()
    paper.add_paragraph("好的一段{{ 期间 }}")
    paper.add_paragraph(tag)
    paper.save(tmp_path / "模板.docx")
    out = tmp_path / "通报"
    status = main(
        ["bulletin", str(SAMPLE), "--template", str(tmp_path / "模板.docx"), "--out", str(out)]
    )
    said = capsys.readouterr()
    assert (status, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith("XP850")
    assert "第2段" in said.err
    assert f"（{code}）" in said.err
    assert not out.exists()


NESTED = "{%tr for c in 类别 %}\n{%tr for u in c.单位 %}\n1\n{%tr endfor %}\n{%tr endfor %}"
TABLES = [
    ("XP851", "A2", "1\n{{ 没有这个字段 }}"),
    ("XP852", "B2", "1\n x | {{ 指标.协议资金.力争 }}"),
    ("XP853", "A1", "｛｛ 期间 ｝｝ | {{ 期间 }}"),
    ("XP855", "A1", "{% for u in 单位 %}"),
    ("XP855", "A1", "{%p for u in 单位 %}"),
    ("XP855", "A2", "1\n{%tr for u in 单位 %}\n1"),
    ("XP856", "A1", "{{ 期间|亿元 }}"),
    ("XP857", "A1", "{{ 指标.keys() }}"),
    ("XP875", "B1", "{%tr for u in 单位 %} | 单位\n1\n{%tr endfor %}"),
    ("XP876", "A4", "{%tr for u in 单位 %}\n1\n{%tr endfor %}\n=A2*2"),
    ("XP876", "A6", f"{NESTED}\n=ROUND(A3,1)"),
    ("XP877", "A1", "{{ 期间 }}\n1"),
]


@pytest.mark.parametrize(("code", "address", "text"), TABLES)
def test_a_faulty_table_is_refused_with_the_cell_of_its_fault(
    capsys, tmp_path, code, address, text
):
    from openpyxl.worksheet.table import Table

    book = tables.drawn(text)
    if code == "XP877":
        book.active.add_table(Table(displayName="表", ref="A1:A2"))
    book.save(tmp_path / "模板.xlsx")
    out = tmp_path / "通报"
    asked = ["bulletin", str(SAMPLE), "--template", str(tmp_path / "模板.xlsx"), "--out", str(out)]
    status = main(asked)
    said = capsys.readouterr()
    assert (status, said.out, said.err.count("\n")) == (2, "", 1)
    assert f"附表!{address}“" in said.err
    assert f"（{code}）" in said.err
    assert not out.exists()


def test_a_rate_that_shows_as_a_fraction_is_filled_with_a_warning(capsys, tmp_path):
    tables.drawn("{{ 类别[0].合计.协议资金.完成率 }}").save(tmp_path / "模板.xlsx")
    out = tmp_path / "通报"
    main(["bulletin", str(SAMPLE), "--template", str(tmp_path / "模板.xlsx"), "--out", str(out)])
    assert "XP878" in capsys.readouterr().out
    assert len(list(out.iterdir())) == 1


def test_a_tag_of_several_formats_is_filled_with_a_warning(capsys, tmp_path):
    docx = pytest.importorskip("docx")
    paper = docx.Document()
    paper.add_paragraph("{{ 期").add_run("间 }}").bold = True
    paper.save(tmp_path / "模板.docx")
    out = tmp_path / "通报"
    main(["bulletin", str(SAMPLE), "--template", str(tmp_path / "模板.docx"), "--out", str(out)])
    assert "XP854" in capsys.readouterr().out
    assert len(list(out.iterdir())) == 1


# What only a workbook that is open in a program can show: tests/doors/test_clicks.py makes them.
CLICKS = {"XP801", "XP802", "XP803", "XP804", "XP805", "XP806", "XP807"} | {"XP808", "XP809"}


def test_every_code_of_the_table_can_be_made_to_appear():
    templates = {code for code, _ in TEMPLATES} | {code for code, *_ in TABLES}
    templates |= {"XP850", "XP854", "XP878"}
    shown = (
        {case.code for case in BREAKS} | IN_POLICIES | {"XP015", "XP019", "XP021", "XP867", "XP975"}
    )
    shown |= {code for code, *_ in REQUESTS} | {code for code, *_ in WRITES}
    shown |= {code for code, *_ in AUDITED.values()} | CLICKS | DECIDED
    shown |= {code for code, _ in SICK.values()}
    shown |= {"XP821", "XP829", "XP832", "XP835"}  # test_excel_install.py
    shown |= PLANTED | {"XP899"}  # test_earlier.py
    shown |= {"XP971", "XP972", "XP973", "XP977", "XP978"}  # test_batch.py
    shown |= {"XP974", "XP976"}  # test_batch_cluster.py
    shown |= {"XP711"}  # test_package_edits.py
    shown |= TROUBLES.keys()  # test_submission_troubles.py
    shown |= {f"XP{code}" for code in range(930, 949)}  # test_reconcile_….py
    shown |= {f"XP{code}" for code in range(979, 990)}  # test_counties, test_rollup
    assert shown | templates == KINDS.keys()
