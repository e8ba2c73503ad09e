"""The fields of templates say what the result sheets say, and know the cells that say it."""

from fractions import Fraction

import openpyxl
import pytest
from support.sample import CHOSEN, figures

import xlplan
from xlplan import resources
from xlplan.documents.fields import Reader
from xlplan.documents.numbers import Number

GUANGAN = resources.shelf("samples") / "guangan-2023" / "任务分解表.xlsx"


@pytest.fixture(scope="module")
def reader():
    return Reader(figures())


def numbers(fields):
    """Every number anywhere in the fields."""
    if isinstance(fields, Number):
        yield fields
    parts = fields.values() if isinstance(fields, dict) else fields
    if isinstance(fields, dict | list):
        for part in parts:
            yield from numbers(part)


def test_every_number_of_a_standing_equals_the_cell_that_it_names(reader, tmp_path):
    book = xlplan.open_book(CHOSEN)
    xlplan.recalculate(book, as_of="2021-09-30")
    book.save(tmp_path / "结果.xlsx")
    written = openpyxl.load_workbook(tmp_path / "结果.xlsx", data_only=True)
    checked = 0
    for number in numbers([reader.whole, *map(reader.of_unit, reader.units)]):
        sheet, _, cell = number.source.partition("!")
        if number.value is None or sheet not in ("完成情况", "计入明细"):
            continue
        if number.name.endswith(("距序时", "距目标")):
            continue  # made of two cells; see below
        shown = Fraction(written[sheet][cell].value or 0)  # a zero 待定 is left blank
        scale = 100 if number.name.endswith("序时差(百分点)") else 1
        assert abs(shown - number.value * scale) < Fraction(1, 10**9), number
        checked += 1
    assert checked > 1000


def test_a_units_document_has_its_own_standing_and_its_own_credits(reader):
    fields = reader.of_unit("区商务委")
    assert fields["本单位"]["类别"] == "区级部门"
    done = fields["本单位"]["指标"]["协议资金"]["完成"].value
    mine = [row for row in fields["明细"] if row["指标"] == "协议资金"]
    assert sum(row["计入"].value for row in mine) == done == Fraction("6.6")
    assert all(row["条款"] for row in mine)
    with pytest.raises(KeyError):
        reader.of_unit("没有这个单位")


def test_every_unit_with_a_target_is_ahead_of_the_pace_or_behind_it(reader):
    for measure in reader.whole["指标"].values():
        ahead, behind = measure["超序时单位"], measure["欠序时单位"]
        left = measure["未计单位"]
        assert len({*ahead, *behind, *left}) == len(ahead) + len(behind) + len(left)
    assert "区商务委" in reader.whole["指标"]["协议资金"]["欠序时单位"]


def test_with_what_it_lacks_a_unit_would_be_at_the_pace_and_at_its_target(reader):
    paced = reached = 0
    for unit in reader.whole["单位"]:
        for own in unit["指标表"]:
            lack, left = own["距序时"].value, own["距目标"].value
            behind = own["序时差"].value is not None and own["序时差"].value < 0
            assert (lack is not None) == behind
            if lack is not None:
                done = own["完成"].value + lack
                assert done / own["目标"].value == own["序时进度"].value
                paced += 1
            if left is not None:
                assert own["完成"].value + left == own["目标"].value
                assert lack is None or left >= lack
                reached += 1
    assert paced > 10
    assert reached > 10


def test_the_lists_say_what_the_sheet_of_lists_says(tmp_path):
    book = xlplan.open_book(GUANGAN)
    result = xlplan.recalculate(book)
    book.save(tmp_path / "结果.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "结果.xlsx", data_only=True)["红黑榜"]
    boards = Reader(result.figures).whole["榜单"]
    assert [board["名称"] for board in boards] == ["红榜", "黑榜", "黑榜（超限）"]
    entries = [
        one for board in boards for name in ("上榜", "待定", "差一点") for one in board[name]
    ]
    assert len(entries) == len(result.figures.boards) > 10
    for entry in entries:
        said = sheet[entry["单元格"].partition("!")[2]]
        assert said.value == entry["说明"]
        assert sheet.cell(said.row, 2).value == entry["名称"]
        assert sheet[entry["完成率"].source.partition("!")[2]].column == 6
    listed = {one["指标"]: one["单位"] for board in boards for one in board["上榜指标"]}
    assert listed["财政专项资金"] == ["华蓥市"]


def test_the_parts_of_a_structure_add_up_to_the_projects_of_the_period(reader):
    projects = reader.whole["项目"]
    for kind in ("来源结构", "行业结构", "产业结构"):
        parts = reader.whole[kind]
        assert sum(part["个数"].value for part in parts) == len(projects)
        assert sum(part["占比"].value for part in parts) == 1
        total = sum(project["协议资金"].value or 0 for project in projects)
        assert sum(part["协议资金"].value for part in parts) == total
