"""Native charts: in the sheet or the document, editable, with the figures that the fields say."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from support import office
from support.sample import figures
from support.tables import drawn, groups, saved

from xlplan.documents.fields import Reader
from xlplan.documents.templates import open_template
from xlplan.documents.word import WordTemplate

TEMPLATES = Path(__file__).parents[2] / "templates"
CHART, BOOK = "word/charts/chart{}.xml", "word/embeddings/chart{}.xlsx"


def template(name):
    file = TEMPLATES / name
    return open_template(file.read_bytes(), file)


@pytest.fixture(scope="module")
def fields():
    return Reader(figures()).whole


@pytest.fixture(scope="module")
def bulletin(fields):
    return zipfile.ZipFile(io.BytesIO(template("quarterly.docx").fill(fields).data))


def series(chart):
    """The references and cached values of each series of a chart part, in order."""
    return [
        (reference, re.findall(r"<c:v>([^<]*)</c:v>", cache))
        for reference, cache in re.findall(
            r"<c:f>([^<]*)</c:f><c:(?:num|str)Cache>(.*?)</c:(?:num|str)Cache>", chart
        )
    ]


def behind(package, number):
    """The sheet of the workbook behind a chart."""
    data = package.read(BOOK.format(number))
    return openpyxl.load_workbook(io.BytesIO(data)).active


@pytest.mark.parametrize("number", [1, 2])
def test_a_chart_shows_what_the_workbook_behind_it_holds(bulletin, number):
    page = behind(bulletin, number)
    found = series(bulletin.read(CHART.format(number)).decode())
    assert len(found) >= 3
    for reference, cached in found:
        area = reference.replace("$", "").removeprefix("数据!")
        cells = page[area] if ":" in area else ((page[area],),)
        shown = [cell.value for row in cells for cell in row]
        assert [
            float(value) if isinstance(cell, float) else value
            for value, cell in zip(cached, shown, strict=True)
        ] == shown


def test_the_rates_by_unit_are_those_of_the_fields(bulletin, fields):
    page = behind(bulletin, 2)
    wanted = [(u["名称"], float(u["完成率"].value)) for u in fields["主指标"]["各单位"]]
    assert [(row[0], row[1]) for row in page.iter_rows(min_row=2, values_only=True)] == wanted


def test_the_pace_stands_beside_the_rate(bulletin, fields):
    rows = list(behind(bulletin, 1).iter_rows(min_row=2, values_only=True))
    assert {row[2] for row in rows} == {float(fields["序时"].value)}
    kinds = bulletin.read(CHART.format(1)).decode()
    assert "<c:barChart>" in kinds
    assert "<c:lineChart>" in kinds


def test_the_figures_of_a_chart_remember_their_cells(fields):
    said = template("quarterly.docx").fill(fields).said
    rates = {str(u["完成率"].source) for u in fields["主指标"]["各单位"]}
    assert rates <= {printed.source for printed in said}


def test_a_chart_without_rows_is_empty_and_sound(fields):
    data = template("quarterly.docx").fill({**fields, "主指标": {**fields["主指标"], "各单位": []}})
    package = zipfile.ZipFile(io.BytesIO(data.data))
    found = dict(series(package.read(CHART.format(2)).decode()))
    assert found["数据!$B$2"] == []


def test_every_part_that_a_chart_leads_to_is_there(bulletin):
    for number in (1, 2):
        relations = bulletin.read(f"word/charts/_rels/chart{number}.xml.rels").decode()
        (target,) = re.findall(r'Target="([^"]*)"', relations)
        assert f"word/{target.removeprefix('../')}" in bulletin.namelist()
        assert f"/word/charts/chart{number}.xml" in bulletin.read("[Content_Types].xml").decode()


def changed(book=None, **texts):
    """The shipped bulletin with another workbook behind its second chart, or other texts in it."""
    made = io.BytesIO()
    source = zipfile.ZipFile(TEMPLATES / "quarterly.docx")
    with zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == BOOK.format(2) and book is not None:
                data = saved(book)
            if name == CHART.format(2):
                for old, new in texts.items():
                    data = data.replace(old.encode(), new.encode())
            target.writestr(name, data)
    return WordTemplate(made.getvalue(), "x")


def test_a_fault_behind_a_chart_is_named_by_chart_and_cell(fields):
    made = changed(drawn("单位 | 完成率\n{{ 主指标.名乘 }} | 1", sheet="数据"))
    (fault,) = made.lint(fields)
    assert (fault.code, fault.passage.place) == ("XP851", "图表2的数据 数据!A2")


def test_a_fault_in_the_title_of_a_chart_is_named(fields):
    made = changed(主指标="主旨标")
    assert [(fault.code, fault.passage.place) for fault in made.lint(fields)] == [
        ("XP851", "图表2")
    ]


def test_a_chart_without_tags_is_left_as_it_is(fields):
    made = changed(
        drawn("单位 | 完成率\n甲 | 1", sheet="数据"), **{"{{ 期间 }}": "", "{{ 主指标.名称 }}": ""}
    )
    before = made._container
    package = zipfile.ZipFile(io.BytesIO(made.fill(fields).data))
    for name in (CHART.format(2), BOOK.format(2)):
        assert package.read(name) == before.part(name)


def test_a_chart_over_groups_with_rows_between_takes_their_ranges_alone():
    from openpyxl.chart import BarChart, Reference

    from xlplan.documents.workbook import WorkbookTemplate

    book = drawn(
        "{%tr for c in 类别 %}\n{{ c.名称 }}\n{%tr for u in c.单位 %}\n"
        "{{ u.名称 }} | {{ u.完成 }}\n{%tr endfor %}\n{%tr endfor %}"
    )
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=2, min_row=4, max_row=4))
    book.active.add_chart(chart, "D1")
    data = WorkbookTemplate(saved(book), "x").fill({"类别": groups(2, 1)}).data
    drawn_chart = zipfile.ZipFile(io.BytesIO(data)).read("xl/charts/chart1.xml").decode()
    assert "('附表'!$B$2:$B$3,'附表'!$B$5)" in drawn_chart


@pytest.mark.office
@pytest.mark.parametrize(
    ("name", "form"), [("quarterly.docx", "odt"), ("quarterly-tables.xlsx", "ods")]
)
def test_libreoffice_draws_the_same_figures(fields, tmp_path, name, form):
    (tmp_path / name).write_bytes(template(name).fill(fields).data)
    made = zipfile.ZipFile(office.convert(tmp_path / name, form, tmp_path))
    charts = [
        made.read(part).decode()
        for part in made.namelist()
        if part.startswith("Object") and part.count("/") == 1 and part.endswith("content.xml")
    ]
    drawn_ones = [chart for chart in charts if "chart:series" in chart]
    assert len(drawn_ones) == 2
    values = {
        f"{float(v):.6f}"
        for chart in drawn_ones
        for v in re.findall(r'office:value="([\d.eE+-]+)"', chart)
    }
    assert {f"{float(u['完成率'].value):.6f}" for u in fields["主指标"]["各单位"]} <= values
