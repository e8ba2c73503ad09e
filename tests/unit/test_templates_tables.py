"""The shipped Excel template is what its text says, fills for every sample, and calculates."""

import importlib.util
import io
from pathlib import Path

import openpyxl
import pytest
from support import office
from support.sample import figures

from xlplan.app.book import open_book
from xlplan.app.recalculation import Request, recalculate
from xlplan.documents.fields import Reader
from xlplan.documents.templates import open_template

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
TEXTS = sorted((TEMPLATES / "tables").glob("*.txt"))
SAMPLES = sorted((ROOT / "samples").glob("*/任务分解表.xlsx"))


def builder():
    spec = importlib.util.spec_from_file_location("build_tables", TEMPLATES / "build_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def template():
    file = TEMPLATES / "quarterly-tables.xlsx"
    return open_template(file.read_bytes(), file)


@pytest.fixture(scope="module")
def reader():
    return Reader(figures())


@pytest.fixture(scope="module")
def tables(reader):
    return template().fill(reader.whole).data


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.stem)
def test_a_shipped_table_is_built_from_its_text_byte_for_byte(text):
    shipped = (TEMPLATES / f"{text.stem}.xlsx").read_bytes()
    assert builder().build(text.read_text(encoding="utf-8")) == shipped


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.parent.name)
def test_it_has_no_fault_and_fills_every_sample(sample):
    fields = Reader(recalculate(open_book(sample), Request()).figures).whole
    made = template()
    assert made.lint(fields) == []
    book = openpyxl.load_workbook(io.BytesIO(made.fill(fields).data))
    assert book.sheetnames == ["附表1 单位完成情况", "附表2 亿元以上项目", "附图"]


def test_every_unit_stands_there_with_its_figures_as_numbers(reader, tables):
    page = openpyxl.load_workbook(io.BytesIO(tables)).worksheets[0]
    shown = {(row[0], row[1]): row for row in page.iter_rows(values_only=True) if row[1]}
    for unit in reader.whole["单位"]:
        for measure in unit["指标表"]:
            row = shown[unit["名称"] if measure is unit["指标表"][0] else None, measure["名称"]]
            done, target = measure["完成"].value, measure["目标"].value
            assert row[5] == pytest.approx(float(done))
            assert row[3] == ("-" if target is None else pytest.approx(float(target)))
            break


def test_a_unit_is_one_cell_beside_its_measures(reader, tables):
    page = openpyxl.load_workbook(io.BytesIO(tables)).worksheets[0]
    heights = [
        area.max_row - area.min_row + 1
        for area in page.merged_cells.ranges
        if area.max_col == 1 and page.cell(area.min_row, 2).value != "指标"
    ]
    units = [len(unit["指标表"]) for unit in reader.whole["单位"]]
    totals = [len(group["合计表"]) for group in reader.whole["类别"]]
    assert sorted(heights) == sorted(units + totals)


def test_the_charts_hold_the_rows_and_the_values_of_their_sheet(tables):
    page = openpyxl.load_workbook(io.BytesIO(tables))["附图"]
    bars, pace = page._charts
    assert bars.series[0].val.numRef.f == "附图!$B$3:$B$24"
    cached = [float(point.v) for point in bars.series[0].val.numRef.numCache.pt]
    assert cached == [page.cell(row, 2).value for row in range(3, 25)]
    labels = [point.v for point in bars.series[0].cat.strRef.strCache.pt]
    assert labels == [page.cell(row, 1).value for row in range(3, 25)]
    assert pace.series[0].val.numRef.f == "附图!$B$27:$B$35"


def test_a_list_without_projects_says_so_and_sums_to_nothing(reader):
    fields = {**reader.whole, "亿元以上项目": []}
    page = openpyxl.load_workbook(io.BytesIO(template().fill(fields).data)).worksheets[1]
    assert [row[0] for row in page.iter_rows(min_row=3, values_only=True)] == [
        "项目编号",
        "无",
        "合计",
    ]
    assert page["G5"].value == "=SUM(G4:G4)"


@pytest.mark.office
def test_libreoffice_calculates_what_the_fields_say(reader, tables, tmp_path):
    (tmp_path / "附表.xlsx").write_bytes(tables)
    computed = openpyxl.load_workbook(office.recalculated(tmp_path / "附表.xlsx"), data_only=True)
    ours = openpyxl.load_workbook(io.BytesIO(tables))
    for page in ours.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    assert computed[page.title][cell.coordinate].value == pytest.approx(cell.value)
    projects = computed["附表2 亿元以上项目"]
    invested = [project["投资额"].value for project in reader.whole["亿元以上项目"]]
    assert projects.cell(projects.max_row, 7).value == pytest.approx(float(sum(invested)))
