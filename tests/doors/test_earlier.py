"""Holding a result against an earlier one: the command, the library, the sheet, templates."""

import json
import shutil
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from support import golden, office, sample

import xlplan
from xlplan.cli import main
from xlplan.documents.fields import Reader
from xlplan.model import CHANGE_SHEET

PART_HEADS = ("新项目", "新到位", "冲减更正", "口径方案", "单位调整", "其他")


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


@pytest.fixture
def book(tmp_path):
    return Path(shutil.copy(sample.CHOSEN, tmp_path / "本期.xlsx"))


@pytest.fixture
def june(tmp_path):
    """The same book as it was kept in June: less signed, one project of another origin."""
    path = tmp_path / "上期.xlsx"
    read = openpyxl.load_workbook(sample.CHOSEN)
    for row in read["设置"].iter_rows():
        for cell in row:
            if cell.value == "截止日期":
                read["设置"].cell(cell.row, cell.column + 1).value = "2021-06-30"
    read.save(path)
    return path


@pytest.fixture(scope="module")
def against_june():
    return xlplan.recalculate(xlplan.open_book(sample.CHOSEN), previous="2021-06-30")


def sheet(result):
    return next(one for one in result.sheets if one.name == CHANGE_SHEET)


def test_a_workbook_its_json_and_the_day_alone_give_the_same_changes(tmp_path, book, june):
    seal = tmp_path / "上期.json"
    main(["recalculate", str(june), "--dry-run", "--json", str(seal)])
    frames = [
        xlplan.recalculate(xlplan.open_book(book), previous=previous).changes
        for previous in (june, seal, "2021-06-30")
    ]
    assert len(frames[0]) > 100
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


def test_the_sheet_reads_as_its_golden_text(against_june, matches_golden):
    matches_golden("任务分解表-变动", golden.dump(sheet(against_june)))


@pytest.mark.office
def test_the_sheet_says_the_same_when_a_real_program_recalculates_it(book, june):
    main(["recalculate", str(book), "--previous", str(june)])
    ours, theirs = (numbers(path) for path in (book, office.recalculated(book)))
    assert ours.keys() == theirs.keys()
    assert len(ours) > 800
    for place, value in ours.items():
        assert theirs[place] == pytest.approx(value, abs=1e-9), place


def numbers(path):
    """Every number of the sheet, by row and column."""
    with CalamineWorkbook.from_path(path) as read:
        rows = read.get_sheet_by_name(CHANGE_SHEET).to_python(skip_empty_area=False)
    return {
        (row, column): value
        for row, values in enumerate(rows, 1)
        for column, value in enumerate(values, 1)
        if isinstance(value, int | float)
    }


def test_the_terminal_shows_the_totals_with_their_parts(capsys, book):
    main(["recalculate", str(book), "--dry-run", "--previous", "2021-06-30"])
    out = capsys.readouterr().out
    assert "上期 2021年，截至2021年6月30日" in out
    assert "91.18" in out
    assert "-1.73" in out


def test_without_an_earlier_result_an_old_sheet_says_that_it_has_none(book):
    main(["recalculate", str(book), "--previous", "2021-06-30"])
    main(["recalculate", str(book)])
    cells = openpyxl.load_workbook(book)[CHANGE_SHEET]
    assert "--previous" in cells["A2"].value
    assert cells["A4"].value is None


def test_a_unit_that_nobody_stands_for_any_more_is_said(tmp_path, book, june):
    read = openpyxl.load_workbook(book)
    for row in read["单位"].iter_rows():
        for cell in row:
            if cell.value == "区财政局":
                cell.value = "区国库局"
    read.save(tmp_path / "改名.xlsx")
    seal = tmp_path / "上期.json"
    main(["recalculate", str(june), "--dry-run", "--json", str(seal)])
    told = json.loads(seal.read_text("utf-8"))
    for row in (*told["standings"], *told["credits"]):
        if row["unit"] == "区财政局":
            row["unit"] = "区库款局"
    seal.write_text(json.dumps(told), "utf-8")
    result = xlplan.recalculate(xlplan.open_book(book), previous=seal)
    said = [found for found in result.diagnostics if found.code == "XP899"]
    assert [found.values["name"] for found in said] == ["区库款局"]
    assert str(said[0].place) == "上期.json"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("{", "不是 xlplan"),
        ('{"period": "2021"}', "不是 xlplan"),
        ("[]", "XP002"),
        ('{"policy": "x", "period": "2021", "standings": [], "credits": []}', "旧版本"),
    ],
)
def test_a_file_that_is_no_sealed_result_is_refused(capsys, tmp_path, book, told, reason):
    path = tmp_path / "上期.json"
    path.write_text(told, encoding="utf-8")
    assert main(["recalculate", str(book), "--previous", str(path)]) == 2
    assert reason in capsys.readouterr().err


def test_a_result_of_another_place_is_refused(capsys, tmp_path, book):
    path = tmp_path / "别处.json"
    other = sample.SAMPLES / "zhengyang-2022" / "任务分解表.xlsx"
    main(["recalculate", str(other), "--dry-run", "--json", str(path)])
    told = json.loads(path.read_text("utf-8"))
    told["as_of"], told["period"] = "2021-06-30", "2021"
    path.write_text(json.dumps(told), "utf-8")
    capsys.readouterr()
    assert main(["recalculate", str(book), "--previous", str(path)]) == 2
    assert "没有一个单位相同" in capsys.readouterr().err


@pytest.fixture(scope="module")
def last_year(tmp_path_factory):
    """A sealed result of last September, with half of this year's figures."""
    path = tmp_path_factory.mktemp("year") / "上年.json"
    main(["recalculate", str(sample.CHOSEN), "--dry-run", "--json", str(path)])
    told = json.loads(path.read_text("utf-8"))
    told["as_of"], told["period"] = "2020-09-30", "2020"
    for row in (*told["standings"], *told["totals"]):
        if row["value"] is not None:
            row["value"] = str(Fraction(row["value"]) / 2)
    path.write_text(json.dumps(told), "utf-8")
    return path


def test_growth_over_last_year_is_in_the_sheet_and_in_templates(last_year):
    result = xlplan.recalculate(xlplan.open_book(sample.CHOSEN), last_year=last_year)
    assert set(result.figures.yearly["growth"]) == {Fraction(1), None}
    fields = Reader(result.figures).whole
    agreed = fields["指标"]["协议资金"]
    assert str(agreed["同比"]) == "100.0%"
    assert agreed["同比"].source.startswith("变动!")
    assert agreed["变动"].value is None
    assert "上年同期：2020年，截至2020年9月30日" in str([c.value for c in sheet(result).cells[:2]])


def test_growth_over_the_previous_quarter_needs_quarters():
    opened = xlplan.open_book(sample.CHOSEN)
    quarter = xlplan.recalculate(opened, period="2021Q3", previous="2021Q2")
    agreed = Reader(quarter.figures).whole["指标"]["协议资金"]
    assert agreed["环比"].value == agreed["完成"].value / agreed["上期完成"].value - 1
    year = Reader(xlplan.recalculate(opened, previous="2021-06-30").figures)
    assert year.whole["指标"]["协议资金"]["环比"].value is None


def test_the_parts_that_templates_print_add_up_and_stand_in_the_cells_they_name(
    against_june, tmp_path
):
    book = xlplan.open_book(sample.CHOSEN)
    xlplan.recalculate(book, previous="2021-06-30")
    book.save(tmp_path / "结果.xlsx")
    written = openpyxl.load_workbook(tmp_path / "结果.xlsx", data_only=True)
    fields = Reader(against_june.figures).whole
    assert fields["上期"] == "2021年，截至2021年6月30日"
    rows = fields["变动表"]
    assert len(rows) > 50
    for row in rows:
        parts = [row["变动构成"][head] for head in PART_HEADS]
        assert sum(part.value for part in parts) == row["变动"].value
        for number in (*parts, row["变动"], row["上期完成"], row["本期"]):
            sheet_name, _, cell = number.source.partition("!")
            assert abs(Fraction(written[sheet_name][cell].value) - number.value) < Fraction(
                1, 10**9
            )


def test_a_bulletin_with_changes_is_supported_whole(tmp_path, book):
    docx = pytest.importorskip("docx")
    paper = docx.Document()
    paper.add_paragraph(
        "协议资金完成{{ 指标.协议资金.去重完成|带单位 }}，较上期{{ 指标.协议资金.变动|增减额 }}，"
        "其中新项目{{ 指标.协议资金.变动构成.新项目|带单位 }}。"
    )
    paper.save(tmp_path / "模板.docx")
    asked = ["--template", str(tmp_path / "模板.docx"), "--out", str(tmp_path / "出")]
    main(["bulletin", str(book), *asked, "--previous", "2021-06-30"])
    (made,) = (tmp_path / "出").iterdir()
    text = docx.Document(made).paragraphs[0].text
    assert text == "协议资金完成534.34亿元，较上期增加91.18亿元，其中新项目91.18亿元。"
    opened = xlplan.open_book(book)
    assert not xlplan.verify(opened, made, previous="2021-06-30").findings.has_errors
    assert xlplan.verify(opened, made).findings.has_errors


@pytest.mark.parametrize(
    ("template", "says_growth"),
    [
        ("annual-assessment", True),
        ("monthly", True),
        ("quarterly", True),
        ("unit-statement", False),
    ],
)
def test_each_shipped_paper_is_whole_beside_last_year_and_says_growth_where_it_has_room_for_it(
    tmp_path, book, last_year, template, says_growth
):
    docx = pytest.importorskip("docx")
    against = ["--previous", "2021-06-30", "--last-year", str(last_year)]
    of_units = ["--per-unit"] if template == "unit-statement" else []
    asked = ["--template", template, "--out", str(tmp_path / "出"), *of_units]
    assert main(["bulletin", str(book), *asked, *against]) in {0, 1}
    made = sorted((tmp_path / "出").glob("*.docx"))
    text = "\n".join(paragraph.text for paragraph in docx.Document(made[0]).paragraphs)
    assert ("同比增长100.0%" in text) == says_growth, text
    opened = xlplan.open_book(book)
    earlier = {"previous": "2021-06-30", "last_year": last_year}
    assert not xlplan.verify(opened, made[0], **earlier).findings.has_errors
