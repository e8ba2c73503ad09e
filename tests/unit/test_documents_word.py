"""Word templates: filled strictly, escaped, in a sandbox; untagged parts stay as they are."""

import io
import zipfile
from fractions import Fraction

import docx
import pytest
from jinja2 import TemplateError

from xlplan.documents.numbers import MissingValueError, Number, WrongFilterError
from xlplan.documents.word import WordTemplate


def template(*lines, rows=()):
    """A template with these paragraphs, and a table of these rows."""
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    if rows:
        table = paper.add_table(rows=len(rows), cols=len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    saved = io.BytesIO()
    paper.save(saved)
    return saved.getvalue()


def number(value, unit="亿元", source=""):
    return Number(None if value is None else Fraction(value), unit, source, "完成")


FIELDS = {
    "期间": "2021年",
    "指标": {"协议资金": {"完成": number("12.345", source="完成情况!E7"), "目标": number(None)}},
    "单位": [
        {"名称": "甲<园>&乙", "完成": number(3, source="完成情况!E4")},
        {"名称": "丙园", "完成": number("0.5", source="完成情况!E5")},
    ],
}


def filled(*lines, rows=()):
    data = WordTemplate(template(*lines, rows=rows), "模板.docx").fill(FIELDS).data
    return docx.Document(io.BytesIO(data))


def test_a_template_is_filled_and_what_is_printed_remembers_its_cells():
    made = WordTemplate(template("{{ 期间 }}完成{{ 指标.协议资金.完成|亿元(1) }}亿元"), "模板.docx")
    found = made.fill(FIELDS)
    assert docx.Document(io.BytesIO(found.data)).paragraphs[0].text == "2021年完成12.3亿元"
    assert [(text, text.source) for text in found.said] == [("12.3", "完成情况!E7")]


def test_paragraphs_and_rows_repeat_and_text_is_escaped():
    rows = [["{%tr for u in 单位 %}", ""], ["{{ u.名称 }}", "{{ u.完成 }}"], ["{%tr endfor %}", ""]]
    paper = filled("{%p for u in 单位 %}", "{{ u.名称 }}", "{%p endfor %}", rows=rows)
    assert [part.text for part in paper.paragraphs] == ["甲<园>&乙", "丙园"]
    cells = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert cells == [["甲<园>&乙", "3.00"], ["丙园", "0.50"]]


def test_a_tag_that_formatting_cut_into_runs_is_read_whole():
    paper = docx.Document()
    line = paper.add_paragraph("{{ 期")
    line.add_run("间 }").bold = True
    line.add_run("}的通报")
    saved = io.BytesIO()
    paper.save(saved)
    data = WordTemplate(saved.getvalue(), "模板.docx").fill(FIELDS).data
    assert docx.Document(io.BytesIO(data)).paragraphs[0].text == "2021年的通报"


def test_the_same_fields_give_the_same_bytes_and_untagged_parts_are_the_templates_own():
    source = template("{{ 期间 }}")
    made = WordTemplate(source, "模板.docx")
    first = made.fill(FIELDS).data
    assert made.fill(FIELDS).data == first
    before, after = (zipfile.ZipFile(io.BytesIO(data)) for data in (source, first))
    assert before.namelist() == after.namelist()
    for name in set(before.namelist()) - {"word/document.xml"}:
        assert before.read(name) == after.read(name)


@pytest.mark.parametrize(
    ("tag", "error"),
    [
        ("{{ 没有这一项 }}", TemplateError),
        ("{{ 指标.协议资金.没有 }}", TemplateError),
        ("{{ 指标.协议资金.目标 }}", MissingValueError),
        ("{{ 指标.协议资金.目标|亿元 }}", MissingValueError),
        ("{{ 期间|亿元 }}", WrongFilterError),
        ("{{ ''.__class__ }}", TemplateError),
        ("{{ 指标.keys() }}", TemplateError),
        ("{{ 期间.format(1) }}", TemplateError),
    ],
)
def test_what_the_fields_do_not_have_is_an_error_and_never_an_empty_place(tag, error):
    made = WordTemplate(template(tag), "模板.docx")
    with pytest.raises(error):
        made.fill(FIELDS)


@pytest.mark.parametrize("tag", ["{% include 'x' %}", "{{ 期间|tojson }}", "{%p for u in 单位 %}"])
def test_what_no_template_may_hold_does_not_compile(tag):
    with pytest.raises((TemplateError, TypeError)):
        WordTemplate(template(tag), "模板.docx").fill(FIELDS)
