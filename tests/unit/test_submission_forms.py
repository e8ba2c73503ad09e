"""Submission forms: who they are for, what can be written in them, and that they never vary."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from support.sample import figures

from xlplan import package
from xlplan.cli import main
from xlplan.policy import load_policy
from xlplan.sheets.forms import Form, form_sheets

POLICY = load_policy("fuling-2021")
UNIT = POLICY.units[0].name


def opened(form):
    return openpyxl.load_workbook(BytesIO(package.workbook_bytes(form_sheets(form))))


@pytest.fixture(scope="module")
def form():
    return opened(Form(POLICY, "2021Q3", UNIT))


def below(sheet, head, row=4):
    column = next(cell.column for cell in sheet[3] if cell.value == head)
    return sheet.cell(row, column)


def test_a_form_is_the_same_bytes_every_time():
    form = Form(POLICY, "2021Q3", UNIT)
    once, again = (package.workbook_bytes(form_sheets(form)) for _ in range(2))
    assert once == again


def test_a_form_knows_its_unit_policy_and_period(form):
    cover = form["填报说明"]
    said = {cover.cell(row, 1).value: cover.cell(row, 2).value for row in range(3, 7)}
    assert said == {
        "填报单位": UNIT,
        "考核方案": "fuling-2021",
        "填报期间": "2021Q3",
        "填报日期": None,
    }


def test_the_lists_of_a_form_are_hidden_and_its_sheets_are_not(form):
    states = {sheet.title: sheet.sheet_state for sheet in form}
    assert states == {
        "填报说明": "visible",
        "项目台账": "visible",
        "到位资金": "visible",
        "单位": "hidden",
        "设置": "hidden",
    }


def test_heads_and_example_are_locked_and_the_rows_below_are_not(form):
    for name in ("项目台账", "到位资金"):
        sheet = form[name]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        for cell in (*sheet[1], *sheet[3], *sheet[4]):
            assert cell.protection.locked
        for cell in (*sheet[5], *sheet[100]):
            assert not cell.protection.locked


def test_the_example_row_is_right_by_the_policy(form):
    sheet = form["项目台账"]
    assert below(sheet, "项目编号").value == "示例"
    assert below(sheet, "牵头单位").value == UNIT
    assert below(sheet, "来源").value in POLICY.origins
    assert below(sheet, "行业").value in POLICY.sectors
    assert below(sheet, "项目编号", 5).value is None


def test_every_closed_list_of_the_policy_has_its_drop_down(form):
    sheet = form["项目台账"]
    ranges = [str(rule.sqref) for rule in sheet.data_validations.dataValidation]
    for head in ("牵头单位", "落地单位", "招商组", "来源", "行业", "状态"):
        letter = below(sheet, head).column_letter
        assert any(area.startswith(f"{letter}4:") for area in ranges), head


def test_a_filled_form_holds_what_the_unit_leads_and_nothing_else():
    found = figures()
    form = opened(Form(POLICY, "2021", UNIT, found.ledger, filled=True))
    projects = found.ledger.projects
    own = list(projects["project"][projects["lead"] == UNIT])
    written = [row[0].value for row in form["项目台账"].iter_rows(min_row=5) if row[0].value]
    assert written == own
    receipts = found.ledger.receipts
    paid = [row[0].value for row in form["到位资金"].iter_rows(min_row=5) if row[0].value]
    assert paid == [project for project in receipts["project"] if project in own]
    assert isinstance(below(form["项目台账"], "签约日期", 5).value.date(), date)


def test_a_form_for_any_unit_asks_which(form):
    cover = opened(Form(POLICY, "2021"))["填报说明"]
    assert cover["B3"].value is None
    assert not cover["B3"].protection.locked
    (rule,) = cover.data_validations.dataValidation
    assert str(rule.sqref) == "B3"
    assert not form["填报说明"].data_validations.dataValidation


def test_the_command_makes_one_form_a_unit_and_keeps_those_that_are_there(capsys, tmp_path):
    out = tmp_path / "报送表"
    line = ["submission-form", "--policy", "fuling-2021", "--per-unit", "--out", str(out)]
    assert main(line) == 0
    assert len(list(out.iterdir())) == len(POLICY.units)
    before = {path: path.read_bytes() for path in out.iterdir()}
    capsys.readouterr()
    assert main(line) == 2
    assert capsys.readouterr().err.startswith("XP859")
    assert main([*line, "--force"]) == 0
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_a_unit_with_a_path_in_its_name_writes_inside_the_folder(tmp_path):
    policy = tmp_path / "p.toml"
    text = "../甲/乙\\丙"
    source = _POLICY.replace("{unit}", text.replace("\\", "\\\\"))
    policy.write_text(source, encoding="utf-8")
    out = tmp_path / "out"
    line = ["submission-form", "--policy", str(policy), "--per-unit", "--out", str(out)]
    assert main(line) == 0
    assert [path.name for path in out.iterdir()] == ["_甲_乙_丙报送表2021.xlsx"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "p.toml"]


_POLICY = """
[policy]
id = "p"
title = "某方案"
issued = 2021-01-10
area = "某区"
period = "2021"
bulletin = "quarter"
assessment = "year"
origins = ["外"]
sectors = []
groups = ["园区"]

[clauses]
"一" = "计入"

[[measure]]
id = "agreement"
name = "协议资金"
amount = "agreement"

[[unit]]
name = "{unit}"
group = "园区"

[[weight]]
id = "all"
measures = "all"
origins = ["外"]
share = "100%"
clause = "一"
"""
