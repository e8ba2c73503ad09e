"""A finished bulletin against its workbook: sound ones pass whole, every planted fault is found."""

import importlib.util
import io
import re
import sys
from pathlib import Path

import pytest
from support import grids
from support.sample import CHOSEN, OPEN, figures

import xlplan
from xlplan import resources
from xlplan.app import verification
from xlplan.app.bulletin import shipped_templates
from xlplan.app.recalculation import Request, recalculate
from xlplan.documents.fields import Reader
from xlplan.documents.letterhead import letterhead
from xlplan.documents.templates import open_template
from xlplan.documents.verify import verify
from xlplan.documents.verify.paper import read_paper
from xlplan.documents.verify.spotting import spot, without_labels
from xlplan.policy import shipped_policies
from xlplan.quantity.glyphs import normal

docx = pytest.importorskip("docx")

ROOT = Path(__file__).parents[2]
BULLETINS = ROOT / "samples" / "bulletins"


def builder():
    spec = importlib.util.spec_from_file_location("build_bulletins", BULLETINS / "build.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BUILD = builder()
WORD_TEMPLATES = {
    name: file for name, file in shipped_templates().items() if file.suffix == ".docx"
}


def said(verification):
    return [(found.code, found.place.where) for found in verification.findings]


# The samples


@pytest.mark.parametrize(("name", "text"), [("完好", BUILD.sound()), ("错误", BUILD.faulty())])
def test_a_sample_bulletin_says_what_its_text_says(name, text):
    shipped = (BULLETINS / f"{name}通报.docx").read_bytes()
    assert read_paper(BUILD.document(text), name) == read_paper(shipped, name)


def test_every_figure_of_the_sound_bulletin_is_supported_by_a_named_cell():
    found = verify((BULLETINS / "完好通报.docx").read_bytes(), "完好通报.docx", figures())
    assert said(found) == []
    assert all(one.is_supported and one.basis for one in found.figures)
    assert found.counts.keys() == {"exact", "rounded", "truncated", "approximate", "derived"}


@pytest.mark.parametrize("fault", BUILD.faults(), ids=lambda fault: f"{fault.code} {fault.instead}")
def test_a_planted_fault_is_found_at_its_place(fault):
    data = BUILD.document(fault.planted(BUILD.sound()))
    assert (fault.code, fault.place) in said(verify(data, "通报.docx", figures()))


def test_the_bulletin_with_every_fault_shows_every_code():
    found = verify((BULLETINS / "错误通报.docx").read_bytes(), "错误通报.docx", figures())
    assert {code for code, _ in said(found)} == {fault.code for fault in BUILD.faults()}


# What xlplan makes itself is supported whole


def unsupported(template, reader, unit=""):
    made = open_template(template.read_bytes(), template)
    filled = made.fill(reader.of_unit(unit) if unit else reader.whole)
    found = verify(filled.data, template.name, reader.figures)
    assert len(found.figures) > 0
    return [(one.placed.line.place, one.placed.said.text) for one in found.figures if one.code] + [
        finding.message() for finding in found.findings
    ]


@pytest.mark.parametrize("name", sorted(set(WORD_TEMPLATES) - {"unit-statement"}))
@pytest.mark.parametrize("path", [CHOSEN, OPEN], ids=["chosen", "open"])
def test_a_document_of_a_shipped_template_is_supported_whole(name, path):
    assert unsupported(WORD_TEMPLATES[name], Reader(figures(path))) == []


def test_numbers_and_days_of_head_and_foot_are_no_figures():
    given = {"印发单位": "示例区招商委", "文号": "示招〔2021〕12号", "主送": "3个园区"}
    given |= {"抄送": "区委办，10个街道", "印发机关": "委办公室", "印发日期": "2021-10-8"}
    reader = Reader(figures(CHOSEN), letterhead(given))
    for name in ("quarterly", "monthly", "annual-assessment"):
        assert unsupported(WORD_TEMPLATES[name], reader) == [], name


def test_what_changed_since_an_earlier_day_is_supported_whole():
    request = Request(previous="2021-06-30")
    reader = Reader(recalculate(xlplan.open_book(CHOSEN), request).figures)
    for name in ("quarterly", "monthly"):
        filled = open_template(WORD_TEMPLATES[name].read_bytes(), WORD_TEMPLATES[name])
        said = [line.text for line in read_paper(filled.fill(reader.whole).data, name)]
        assert (
            "与上期相比，到位资金增加69.87亿元，新到位增加71.60亿元，冲减更正减少1.73亿元。" in said
        )
        assert unsupported(WORD_TEMPLATES[name], reader) == [], name


def test_a_rate_that_changed_is_said_in_points_and_supported():
    book = ROOT / "samples" / "yanjiang-2023" / "任务分解表.xlsx"
    request = Request(as_of="2023-09-30", period="2023Q3", previous="2023Q2")
    reader = Reader(recalculate(xlplan.open_book(book), request).figures)
    filled = open_template(WORD_TEMPLATES["monthly"].read_bytes(), book).fill(reader.whole)
    said = "".join(line.text for line in read_paper(filled.data, "月通报"))
    assert "资金到位率增加0.9个百分点，其余增加0.9个百分点。" in said
    assert unsupported(WORD_TEMPLATES["monthly"], reader) == []


@pytest.mark.parametrize("path", [CHOSEN, OPEN], ids=["chosen", "open"])
def test_every_units_statement_is_supported_whole(path):
    reader = Reader(figures(path))
    for unit in reader.units:
        assert unsupported(WORD_TEMPLATES["unit-statement"], reader, unit) == [], unit


def sample_books():
    """Every workbook of every sample, and an empty one of its policy."""
    for folder in sorted((ROOT / "samples").glob("*/sample.toml")):
        for book in sorted(folder.parent.glob("*.xlsx")):
            yield pytest.param(book, id=f"{folder.parent.name} {book.stem}")


@pytest.mark.parametrize("book", list(sample_books()))
def test_documents_of_every_sample_are_supported_whole(book):
    reader = Reader(recalculate(xlplan.open_book(book), Request()).figures)
    for name in ("quarterly", "monthly", "annual-assessment"):
        assert unsupported(WORD_TEMPLATES[name], reader) == [], name
    for unit in reader.units[:5]:
        assert unsupported(WORD_TEMPLATES["unit-statement"], reader, unit) == [], unit


@pytest.mark.parametrize("policy", shipped_policies())
def test_documents_of_an_empty_book_of_every_policy_are_supported_whole(policy, tmp_path):
    xlplan.new_book(tmp_path / "新.xlsx", policy)
    reader = Reader(recalculate(xlplan.open_book(tmp_path / "新.xlsx"), Request()).figures)
    for name in ("quarterly", "monthly", "annual-assessment"):
        assert unsupported(WORD_TEMPLATES[name], reader) == [], name


LISTS = """
[[board]]
id = "board.red"
name = "红榜"
colour = "red"
measures = ["协议资金"]
top = "2"
near = "30%"
clause = "附件2备注2"

[[board]]
id = "board.black"
name = "黑榜"
colour = "black"
measures = ["协议资金"]
when = { gap = "< 0个百分点" }
near = "20个百分点"
clause = "附件2备注2"
"""


@pytest.fixture(scope="module")
def with_lists(tmp_path_factory):
    law = tmp_path_factory.mktemp("policy") / "有榜.toml"
    shipped = (ROOT / "xlplan" / "policies" / "fuling-2021.toml").read_text(encoding="utf-8")
    law.write_text(shipped + LISTS, encoding="utf-8")
    return Reader(recalculate(xlplan.open_book(CHOSEN), Request(policy=law)).figures)


def bulletin_of(reader):
    file = WORD_TEMPLATES["quarterly"]
    return open_template(file.read_bytes(), file).fill(reader.whole).data


def test_the_words_of_the_lists_are_supported_by_the_cell_that_says_them(with_lists):
    assert set(with_lists.figures.boards["state"]) == {"listed", "near"}
    data = bulletin_of(with_lists)
    lines = [line.text for line in read_paper(data, "通报")]
    assert sum("接近红榜：再有" in line for line in lines) >= 1
    assert sum("接近黑榜：序时差只比界限" in line for line in lines) >= 1
    assert unsupported(WORD_TEMPLATES["quarterly"], with_lists) == []


@pytest.mark.parametrize("mark", ["接近红榜：再有", "差一点就达到序时进度的"])
def test_what_is_said_to_be_missing_is_checked_like_any_figure(with_lists, mark):
    paper = docx.Document(io.BytesIO(bulletin_of(with_lists)))
    line = next(part for part in paper.paragraphs if mark in part.text and "亿元" in part.text)
    spoilt = re.sub(r"再有([0-9.]+)亿元", "再有77.31亿元", line.text, count=1)
    assert spoilt != line.text
    line.runs[0].text, rest = spoilt, line.runs[1:]
    for run in rest:
        run.text = ""
    saved = io.BytesIO()
    paper.save(saved)
    found = verify(saved.getvalue(), "通报.docx", with_lists.figures)
    assert [one.placed.said.text for one in found.figures if one.code] == ["77.31亿元"]


def test_scores_in_the_annual_assessment_and_in_statements_are_supported_whole(tmp_path):
    cases = ROOT / "tests" / "cases" / "diagnostics"
    text = (cases / "完好.txt").read_text(encoding="utf-8")
    book = grids.write(grids.book(text), tmp_path / "评分.xlsx")
    request = Request(policy=cases / "评分.toml")
    reader = Reader(recalculate(xlplan.open_book(book), request).figures)
    assert len(reader.whole["考核"]) == len(reader.figures.score_totals) > 0
    assert unsupported(WORD_TEMPLATES["annual-assessment"], reader) == []
    for unit in reader.units:
        assert unsupported(WORD_TEMPLATES["unit-statement"], reader, unit) == [], unit


# Numbers


@pytest.mark.parametrize(
    "text",
    [
        "截至2021年9月30日",
        "2021-09-30，2021.9.30，1—9月，第三季度，前三季度，2021—2025年",
        "示府发〔2021〕12号",
        "第3条第2款，附件1，备注2，表3",
        "1. 加强调度",
        "（1）加强调度",
        "附件：1. 完成情况表",
        "联系电话：023-72280000，13800000000",
        "统一社会信用代码91500102MA5U000001",
        "项目P001，来源单元格：项目台账!N19",
        "投资1亿元以上项目，20亿元及以上的工业项目",
        "于5个工作日内反馈，3日前报送",
        "一是抓招商，三个方面，十四五期间，双过半",
        "按5:5分摊，9:00开会",
    ],
)
def test_a_number_that_is_no_figure_is_left_out(text):
    assert list(spot(without_labels(normal(text)))) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("完成12亿元", "12"),
        ("完成１２．５亿元", "25/2"),
        ("完成1亿8千万元", "9/5"),
        ("完成三十六点五亿元", "73/2"),
        ("完成8000万元", "4/5"),
        ("占百分之十二", "3/25"),
        ("同比下降8%", "-2/25"),
        ("欠序时3.5个百分点", "-7/200"),
        ("下降到8%", "2/25"),
        ("增长-8%", "-2/25"),
        ("较上期减少0.3亿元", "-3/10"),
        ("排名第二", "2"),
        ("位居第12位", "12"),
        ("12个重点项目", "12"),
        ("两个园区", "2"),
    ],
)
def test_a_figure_is_read_with_its_unit_and_direction(text, value):
    (found,) = spot(without_labels(normal(text)))
    assert str(found.value) == value


# Other files, the library


def test_a_file_that_is_no_word_document_is_refused(tmp_path):
    book = xlplan.open_book(CHOSEN)
    with pytest.raises(xlplan.RequestError, match="XP002"):
        xlplan.verify(book, CHOSEN)
    (tmp_path / "a.docx").write_text("x")
    with pytest.raises(xlplan.RequestError, match="XP002"):
        xlplan.verify(book, tmp_path / "a.docx")


def test_the_page_lists_the_keys_that_are_really_written():
    page = (ROOT / "docs" / "核对.md").read_text(encoding="utf-8").partition("## 输出的 JSON")[2]
    keys = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    verified = xlplan.verify(xlplan.open_book(CHOSEN), BULLETINS / "错误通报.docx")
    told = verification.as_json(verified)
    assert keys == [*told, *told["figures"][0]]
    assert resources.shelf("samples").joinpath("bulletins").is_dir()
