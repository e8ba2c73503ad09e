"""指标明细 and 统计数据: every value that is no sum, live and explained; a new book asks for it."""

import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from support import golden, grids, office

import xlplan
from xlplan.app.explanation import explain
from xlplan.app.recalculation import Request, recalculate
from xlplan.app.report import as_json
from xlplan.model import READING_SHEET, STANDING_SHEET, STATISTIC_SHEET
from xlplan.policy import load_policy
from xlplan.sheets.inputs import input_sheets

CASES = Path(__file__).parents[1] / "cases" / "diagnostics"
LAW = CASES / "示例.toml"
TEXT = (CASES / "完好.txt").read_text(encoding="utf-8")


def written(folder, text=TEXT):
    return grids.write(grids.book(text), folder / "测试.xlsx")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return written(tmp_path_factory.mktemp("readings"))


@pytest.fixture(scope="module")
def result(book):
    return recalculate(xlplan.open_book(book), Request(policy=LAW))


def sheet(result, name):
    return next(one for one in result.sheets if one.name == name)


def test_the_sheet_reads_as_its_golden_text(result, matches_golden):
    matches_golden("完好-指标明细", golden.dump(sheet(result, READING_SHEET)))


def test_done_of_a_statistic_looks_its_value_up(result):
    cells = {
        (cell.row, cell.column): cell
        for name in (READING_SHEET, STANDING_SHEET)
        for cell in sheet(result, name).cells
        if name == READING_SHEET
    }
    looked_up = [
        cell for cell in sheet(result, STANDING_SHEET).cells if READING_SHEET in cell.formula
    ]
    assert len(looked_up) == len(result.readings)
    for cell in looked_up:
        row = int(cell.formula.rpartition("$")[2])
        assert cells[row, 7].value == cell.value


def test_a_cell_of_the_sheet_explains_itself_down_to_projects_and_cells(result):
    said = str(explain(result.figures, f"{READING_SHEET}!G8"))
    assert "4.5亿元 ÷ 13亿元 ＝ 34.62%" in said
    assert "P003 示例三（项目台账!I4）：分母 3亿元，分子 1.5亿元" in said
    assert "measure.received-rate" in said


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("东园/税收增速", "税收 3.4亿元 ÷ 基数 3亿元 − 1"),
        ("东园/税收增速", "读自 统计数据!D4：税收 2021Q3 0.9亿元，上年同期 1亿元（统计数据!E4）"),
        (f"{STATISTIC_SHEET}!D3", "税收增速"),
        ("园区/资金到位率", "3 个项目，其中 2 个计入分子"),
        ("东部园区/审批时间", "读自 统计数据!D5"),
    ],
)
def test_what_is_asked_of_a_statistic_is_answered(result, what, words):
    assert words in str(explain(result.figures, what))


COMBINED = """[[measure]]
id = "factored"
name = "折算合计"
kind = "combined"
unit = "亿元"
terms = [["协议资金", "120%"], ["税收", "1/3"]]
clause = "附件1"

[[weight]]"""


def test_what_is_combined_is_explained_down_to_the_credits_and_reports_of_its_terms(book, tmp_path):
    law = tmp_path / "折算.toml"
    text = LAW.read_text(encoding="utf-8")
    law.write_text(text.replace("[[weight]]", COMBINED, 1), encoding="utf-8")
    figures = recalculate(xlplan.open_book(book), Request(policy=law)).figures
    said = str(explain(figures, "东园/折算合计"))
    assert "协议资金 11亿元 × 1.2 ＋ 税收 3.4亿元 × 1/3" in said
    assert "P003 示例三：在 项目台账!I4 读到，协议资金 3 亿元" in said
    assert "读自 统计数据!D3：税收 2021Q2 1.3亿元" in said
    total = str(explain(figures, "园区/折算合计"))
    assert "其中 西园 4 亿元。" in total


def test_what_is_not_known_is_said_and_is_no_zero(tmp_path):
    text = TEXT.replace("东园 | 审批时间 | 2021Q3 | 40 | | 个工作日\n", "")
    result = recalculate(xlplan.open_book(written(tmp_path, text)), Request(policy=LAW))
    assert "不知道（没有报送），不按零算" in str(explain(result.figures, "东园/审批时间"))
    values = [cell.value for cell in sheet(result, READING_SHEET).cells if cell.column == 7]
    assert "未报" in values


def test_the_json_holds_values_and_the_projects_of_rates(result):
    told = json.loads(json.dumps(as_json(result)))
    rate = next(one for one in told["readings"] if one["measure"] == "资金到位率")
    assert (rate["numerator"], rate["denominator"], rate["state"]) == ("4.5", "13", "settled")
    assert [one["counted"] for one in told["cohorts"] if one["unit"] == "东园"] == ["3", "1.5"]
    assert told["cohorts"][0]["source"] == "项目台账!I2"


def test_a_clerks_own_sheet_of_that_name_is_left_alone(tmp_path):
    text = f"{TEXT}== {READING_SHEET} ==\n我的明细 | 数\n"
    result = recalculate(xlplan.open_book(written(tmp_path, text)), Request(policy=LAW))
    assert READING_SHEET not in [one.name for one in result.sheets]
    assert not [one for one in sheet(result, STANDING_SHEET).cells if READING_SHEET in one.formula]


def test_a_new_book_asks_for_every_figure_that_a_target_waits_for():
    asked = next(one for one in input_sheets(load_policy(LAW)) if one.name == STATISTIC_SHEET)
    columns = asked.blocks[0].columns
    rows = zip(*(list(column.values)[:3] for column in columns[:3]), strict=True)
    assert list(rows) == [
        ("东园", "审批时间", "2021"),
        ("东园", "税收", "2021"),
        (None, None, None),
    ]


def test_a_policy_without_reports_has_no_such_sheet():
    names = [one.name for one in input_sheets(load_policy("fuling-2021"))]
    assert STATISTIC_SHEET not in names


@pytest.mark.office
def test_a_hard_recalculation_changes_no_value(book, result, tmp_path):
    from xlplan import package

    out = tmp_path / "结果.xlsx"
    package.write_sheets(book, result.sheets, out)
    before, after = (numbers(path) for path in (out, office.recalculated(out)))
    assert before.keys() == after.keys()
    assert len(before) > 50
    for place, value in before.items():
        assert after[place] == pytest.approx(value, abs=1e-9), place


def numbers(path):
    """Every number of the two sheets, by sheet, row and column."""
    with CalamineWorkbook.from_path(path) as read:
        return {
            (name, row, column): value
            for name in (READING_SHEET, STANDING_SHEET)
            for row, values in enumerate(
                read.get_sheet_by_name(name).to_python(skip_empty_area=False), 1
            )
            for column, value in enumerate(values, 1)
            if isinstance(value, (int, float))
        }
