"""Bulletins as a user makes them: the command, the library, one a unit, and what can go wrong."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from support import grids

import xlplan
from xlplan import resources
from xlplan.cli import main
from xlplan.documents import output

docx = pytest.importorskip("docx")

SAMPLE = resources.shelf("samples") / "fuling-2021" / "任务分解表.xlsx"
CASES = Path(__file__).parents[1] / "cases" / "diagnostics"


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


@pytest.fixture
def book(tmp_path):
    return Path(shutil.copy(SAMPLE, tmp_path / "任务分解表.xlsx"))


def template(folder, *lines, name="通报.docx"):
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    paper.save(folder / name)
    return folder / name


def text(path):
    return "\n".join(part.text for part in docx.Document(path).paragraphs)


def test_a_bulletin_says_what_the_result_sheets_say(capsys, book, tmp_path):
    line = "截至{{ 截止 }}，协议资金{{ 指标.协议资金.去重完成|亿元 }}亿元。"
    made = template(tmp_path, line)
    before = book.read_bytes()
    status = main(["bulletin", str(book), "--template", str(made), "--out", str(tmp_path / "出")])
    assert status == 1  # the sample's two planted errors
    assert "已写出 1 份" in capsys.readouterr().out
    said = text(tmp_path / "出" / "2021年涪陵区通报.docx")
    assert said == "截至2021年9月30日，协议资金534.34亿元。"
    assert book.read_bytes() == before


def test_every_unit_gets_a_document_of_its_own_figures(book, tmp_path):
    line = "{{ 本单位.名称 }}：{{ 本单位.指标.协议资金.完成|亿元 }}亿元，{{ 明细|length }}笔"
    made = template(tmp_path, line.replace("，{{ 明细|length }}笔", ""))
    found = xlplan.bulletin(xlplan.open_book(book), made, tmp_path / "出", per_unit=True)
    assert len(found.documents) == 22
    assert not found.failed
    assert text(tmp_path / "出" / "2021年区商务委通报.docx") == "区商务委：6.60亿元"
    assert {path.name for path in (tmp_path / "出").iterdir()} == {
        issued.path.name for issued in found.documents
    }


def test_a_document_that_fails_leaves_the_others_and_is_named(capsys, book, tmp_path):
    made = template(tmp_path, "{{ 本单位.指标.到位资金.目标|亿元 }}")
    out = tmp_path / "出"
    status = main(["bulletin", str(book), "--template", str(made), "--out", str(out), "--per-unit"])
    said = capsys.readouterr().out
    assert status == 1
    assert "已写出 6 份" in said
    assert "16 份没有写好" in said
    assert "2021年区商务委通报.docx：" in said
    assert len(list(out.iterdir())) == 6


def test_nothing_is_overwritten_without_force(capsys, book, tmp_path):
    made, out = template(tmp_path, "{{ 期间 }}"), tmp_path / "出"
    asked = ["bulletin", str(book), "--template", str(made), "--out", str(out)]
    main(asked)
    written = out / "2021年涪陵区通报.docx"
    written.write_bytes(b"mine")
    capsys.readouterr()
    assert main(asked) == 2
    assert capsys.readouterr().err.startswith("XP859")
    assert written.read_bytes() == b"mine"
    main([*asked, "--force"])
    assert text(written) == "2021年"


def test_a_full_disk_midway_is_said_for_the_documents_it_hits(book, tmp_path, monkeypatch):
    made, count = template(tmp_path, "{{ 本单位.名称 }}"), 0
    whole = output.place

    def place(path, data):
        nonlocal count
        count += 1
        if count > 5:
            raise OSError(28, os.strerror(28))
        whole(path, data)

    monkeypatch.setattr(output, "place", place)
    found = xlplan.bulletin(xlplan.open_book(book), made, tmp_path / "出", per_unit=True)
    assert len(found.failed) == 17
    assert all(issued.trouble for issued in found.failed)
    assert len(list((tmp_path / "出").iterdir())) == 5


@pytest.mark.parametrize("name", ["a.docm", "b.docx"])
def test_a_template_with_macros_is_refused_whatever_it_is_called(capsys, book, tmp_path, name):
    import zipfile

    made = template(tmp_path, "{{ 期间 }}", name=name)
    with zipfile.ZipFile(made, "a") as package:
        package.writestr("word/vbaProject.bin", b"x")
    asked = ["bulletin", str(book), "--template", str(made), "--out", str(tmp_path / "出")]
    assert main(asked) == 2
    assert "宏" in capsys.readouterr().err


HUGE = (60_000).to_bytes(2, "big") * 2
BOMBS = {
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (100_000).to_bytes(4, "big") * 2,
    "gif": b"GIF89a" + (60_000).to_bytes(2, "little") * 2,
    "bmp": b"BM"
    + b"\0" * 16
    + (60_000).to_bytes(4, "little")
    + (-60_000 & 0xFFFFFFFF).to_bytes(4, "little"),
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 10 + b"\xff\xc2\0\x11\x08" + HUGE + b"\3" * 9,
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_picture_that_unfolds_to_a_bomb_is_refused(capsys, book, tmp_path, kind):
    import zipfile

    made = template(tmp_path, "{{ 期间 }}")
    with zipfile.ZipFile(made, "a") as package:
        package.writestr("word/media/image1.png", BOMBS[kind])
    asked = ["bulletin", str(book), "--template", str(made), "--out", str(tmp_path / "出")]
    assert main(asked) == 2
    assert "image1.png" in capsys.readouterr().err


def test_a_file_in_the_folders_place_is_said(capsys, book, tmp_path):
    made = template(tmp_path, "{{ 期间 }}")
    (tmp_path / "出").write_text("x")
    asked = ["bulletin", str(book), "--template", str(made), "--out", str(tmp_path / "出")]
    assert main(asked) == 2
    assert capsys.readouterr().err.startswith("XP018")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that nobody can write to")
@pytest.mark.parametrize("place", ["/proc/通报", "/dev/null/通报"])
def test_a_folder_that_cannot_be_made_is_said(capsys, book, tmp_path, place):
    made = template(tmp_path, "{{ 期间 }}")
    assert main(["bulletin", str(book), "--template", str(made), "--out", place]) == 2
    said = capsys.readouterr().err
    assert said.startswith("XP018")
    assert said.count("\n") == 1


def test_units_with_names_that_lead_elsewhere_get_their_documents_in_the_folder(tmp_path):
    law = tmp_path / "怪名.toml"
    names = {"东园": "东/园", "西园": "../西园", "商务局": ".."}
    texts = [CASES / "示例.toml", CASES / "完好.txt"]
    said, sound = (text.read_text(encoding="utf-8") for text in texts)
    for old, new in names.items():
        said, sound = (re.sub(f"(?<![东西区部]){old}", new, text) for text in (said, sound))
    law.write_text(said, encoding="utf-8")
    book = grids.write(grids.book(sound), tmp_path / "怪名.xlsx")
    made, out = template(tmp_path, "{{ 本单位.名称 }}"), tmp_path / "里" / "出"
    found = xlplan.bulletin(xlplan.open_book(book), made, out, per_unit=True, policy=law)
    assert not found.failed
    assert {text(one.path) for one in found.documents} >= set(names.values())
    assert sorted(out.rglob("*")) == sorted(one.path for one in found.documents)
    assert [path.name for path in out.parent.iterdir()] == ["出"]


def test_the_last_table_says_of_each_document_what_is_not_settled(capsys, tmp_path):
    book = shutil.copy(SAMPLE.with_name("口径未定.xlsx"), tmp_path / "b.xlsx")
    made = template(tmp_path, "{{ 本单位.名称 }}")
    asked = ["bulletin", str(book), "--template", str(made), "--out", str(tmp_path / "出")]
    main([*asked, "--per-unit"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["文件", "责任单位", "填入数字", "提醒"]
    (line,) = (line for line in lines if "白涛" in line)
    assert "待定：" in line


def test_a_terminal_sees_how_many_documents_are_written(book, tmp_path):
    pty = pytest.importorskip("pty")
    made = template(tmp_path, "{{ 本单位.名称 }}")
    asked = ["bulletin", str(book), "--template", str(made), "--out", str(tmp_path / "出")]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "xlplan", *asked, "--per-unit"],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as running:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # the other end is closed
            while more := os.read(ours, 4096):
                shown += more
        assert running.wait(60) == 1
    os.close(ours)
    said = shown.decode(errors="replace")
    assert "写出 1/22 份" in said
    assert "写出 22/22 份" in said


@pytest.mark.parametrize("unit", ["甲/乙", "../../逃", "CON", "..", "丙" * 300, "a:b*c?"])
def test_a_units_name_never_leads_out_of_the_folder(tmp_path, unit):
    (name,) = output.names([f"2021年{unit}通报" if unit != "CON" else unit], ".docx")
    path = tmp_path / name
    assert path.resolve().parent == tmp_path.resolve()
    path.write_bytes(b"")
    assert not set(name) & set('<>:"/\\|?*')


# Head and foot

GIVEN = {
    "印发单位": "示例区<招商>&投资委",
    "文号": "示招[2021]12号",
    "主送": "各园区：",
    "抄送": "区委办。",
    "印发机关": "委办公室",
    "印发日期": "2021.10.8",
}


def test_what_is_set_stands_in_head_and_foot_and_command_and_library_make_the_same(book, tmp_path):
    asked = ["bulletin", str(book), "--template", "monthly", "--out", str(tmp_path / "令")]
    main([*asked, *(word for name, said in GIVEN.items() for word in ("--set", f"{name}={said}"))])
    (made,) = (tmp_path / "令").iterdir()
    lines = [part.text for part in docx.Document(made).paragraphs]
    assert lines[0] == "示例区<招商>&投资委文件"
    assert "示招〔2021〕12号" in lines
    assert "各园区：" in lines
    assert lines[-2:] == ["抄送：区委办。", "委办公室\t2021年10月8日印发"]
    again = xlplan.bulletin(xlplan.open_book(book), "monthly", tmp_path / "库", given=GIVEN)
    assert again.documents[0].path.read_bytes() == made.read_bytes()


def test_head_and_foot_may_stand_in_the_settings_and_the_command_goes_before_them(book, tmp_path):
    import openpyxl

    read = openpyxl.load_workbook(book)
    sheet = read["设置"]
    column = next(cell.column for line in sheet for cell in line if cell.value == "截止日期")
    last = sheet.max_row
    written = {"印发单位": "示例区招商委", "文号": "示招〔2021〕1号", "印发日期": date(2021, 10, 8)}
    for down, (name, value) in enumerate(written.items(), 1):
        sheet.cell(last + down, column).value = name
        sheet.cell(last + down, column + 1).value = value
    read.save(book)
    opened = xlplan.open_book(book)
    given = {"文号": "示招〔2021〕2号"}
    made = xlplan.bulletin(opened, "monthly", tmp_path / "出", given=given)
    lines = text(made.documents[0].path).split("\n")
    assert lines[0] == "示例区招商委文件"
    assert "示招〔2021〕2号" in lines
    assert "2021年10月8日" in lines
    assert not [one for one in made.result.diagnostics if one.code in ("XP209", "XP210")]


def test_what_is_not_set_leaves_no_place(book, tmp_path):
    made = xlplan.bulletin(xlplan.open_book(book), "monthly", tmp_path / "出")
    said = text(made.documents[0].path)
    assert said.startswith("涪陵区招商引资工作月通报")
    assert "文件" not in said
    assert "抄送" not in said
    assert "印发\n" not in said
    assert "各责任单位：" in said


def test_a_template_of_ones_own_may_ask_for_what_was_not_set(capsys, book, tmp_path):
    made = template(tmp_path, "{{ 文号 }}")
    asked = ["bulletin", str(book), "--template", str(made), "--out", str(tmp_path / "出")]
    assert main(asked) == 2
    assert "XP852" in capsys.readouterr().err
    main([*asked, "--set", "文号=示招〔2021〕12号"])
    assert text(tmp_path / "出" / "2021年涪陵区通报.docx") == "示招〔2021〕12号"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["文号"], "没有等号"),
        (["发文字号=12"], "发文字号"),
        (["文号="], "没有内容"),
        (["抄送=抄送：。"], "没有内容"),
        (["文号=1", "文号=2"], "两次"),
        (["印发日期=10月8日"], "一天"),
        (["印发日期=2021年10月"], "一天"),
        (["主送=甲\n乙"], "一行"),
        (["主送=" + "甲" * 501], "一行"),
    ],
)
def test_what_cannot_be_set_is_said_in_one_line_before_anything_is_written(
    capsys, book, tmp_path, given, said
):
    asked = ["bulletin", str(book), "--template", "monthly", "--out", str(tmp_path / "出")]
    assert main([*asked, *(word for one in given for word in ("--set", one))]) == 2
    line = capsys.readouterr().err
    assert line.startswith("XP868")
    assert said in line
    assert line.count("\n") == 1
    assert not (tmp_path / "出").exists()


# Checking a finished document

BULLETINS = SAMPLE.parents[1] / "bulletins"


def test_a_sound_bulletin_passes_and_its_figures_name_their_cells(capsys, book):
    before = book.read_bytes()
    assert main(["bulletin", "--verify", str(BULLETINS / "完好通报.docx"), str(book)]) == 0
    out = capsys.readouterr().out
    assert "534.34亿元" in out
    assert "完成情况!F131" in out
    assert "没有对不上的数" in out
    assert book.read_bytes() == before


def test_a_faulty_bulletin_is_status_one_with_every_finding_at_its_place(capsys, book):
    assert main(["bulletin", "--verify", str(BULLETINS / "错误通报.docx"), str(book)]) == 1
    out = capsys.readouterr().out
    assert "XP893] 错误通报.docx 表1第8行第4格：" in out
    assert "XP895] 错误通报.docx 第1段：" in out


def test_the_json_of_a_check_goes_alone_to_standard_output(capsys, book):
    import json

    asked = ["bulletin", "--verify", str(BULLETINS / "错误通报.docx"), str(book), "--json", "-"]
    assert main(asked) == 1
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["counts"]["wrong"] == sum(one["verdict"] == "wrong" for one in told["figures"])
    assert "核对 错误通报.docx" in said.err


def test_a_bulletin_of_another_day_is_checked_by_that_day(capsys, book):
    asked = ["bulletin", "--verify", str(BULLETINS / "完好通报.docx"), str(book)]
    assert main([*asked, "--as-of", "2021-06-30"]) == 1
    assert "XP895" in capsys.readouterr().out


@pytest.mark.parametrize("more", [["--template", "quarterly"], ["--out", "出"]])
def test_checking_and_filling_are_not_asked_for_together(capsys, book, more):
    asked = ["bulletin", "--verify", str(BULLETINS / "完好通报.docx"), str(book)]
    assert main([*asked, *more]) == 2
    assert "--verify" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["--template", "quarterly"], ["--out", "出"], []])
def test_a_bulletin_needs_a_template_and_a_folder(capsys, book, given):
    assert main(["bulletin", str(book), *given]) == 2
    assert "缺少" in capsys.readouterr().err
