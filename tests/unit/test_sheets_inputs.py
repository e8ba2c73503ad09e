"""The input sheets: the contract's heads, the document's table, drop-downs, marks."""

from dataclasses import replace
from datetime import date

import pytest
from support import golden, sample

from xlplan import model
from xlplan.model import Choice, Settings
from xlplan.policy import load_policy
from xlplan.policy.schema import Option, Ruling
from xlplan.sheets import inputs
from xlplan.sheets.description import Area
from xlplan.sheets.inputs import Content, input_sheets
from xlplan.sheets.listing import LAST_PREPARED, is_literal

POLICY = load_policy("fuling-2021")
HEADS = {
    "目标": "责任单位 指标 期间 下限 上限 力争 其中 增量/水平",
    "单位": "单位名称 类别 别名 生效 失效",
    "项目台账": "项目编号 项目名称 投资主体 统一社会信用代码 牵头单位 配合单位 落地单位 招商组 "
    "来源 行业 产业 投资额(亿元) 年产值(亿元) 协议资金(亿元) 签约日期 状态 开工日期 投产日期 备注",
    "到位资金": "项目编号 到位日期 金额(亿元) 备注",
    "口径": "编号 问题 条款 可选 选定 决定人 日期",
    "设置": "设置项 内容 说明",
}


def sheets(**arguments):
    return {sheet.name: sheet for sheet in input_sheets(POLICY, **arguments)}


def at(sheet, row, column):
    cell = next((c for c in sheet.cells if (c.row, c.column) == (row, column)), None)
    if cell is not None:
        return cell.value
    block = sheet.blocks[0]
    return block.columns[column - block.column].values[row - block.row]


def column_of(sheet, head):
    return next(cell.column for cell in sheet.cells if cell.value == head and cell.row == 3)


def test_the_input_sheets_stand_in_the_order_of_the_contract():
    assert list(sheets()) == ["任务分解", *HEADS, "任务进展"]


@pytest.mark.parametrize(("name", "heads"), HEADS.items())
def test_every_listing_has_its_heads_in_row_3_in_the_order_of_the_contract(name, heads):
    row = sorted((c for c in sheets()[name].cells if c.row == 3), key=lambda c: c.column)
    assert [cell.value for cell in row] == heads.split()


@pytest.mark.parametrize(
    "name", ["任务分解", "目标", "单位", "项目台账", "到位资金", "口径", "设置"]
)
def test_an_empty_workbook_of_the_policy_reads_as_its_golden_text(name, matches_golden):
    matches_golden(f"new-{name}", golden.dump(sheets()[name]))


@pytest.mark.parametrize("name", ["项目台账", "到位资金", "口径", "设置"])
def test_the_sample_reads_as_its_golden_text(name, matches_golden):
    builder = sample.builder()
    source = sample.CHOSEN.parent
    content = builder.content_of(source, sample.policy())
    described = sheets(content=content, settings=builder.settings_of(source))
    matches_golden(f"sample-{name}", golden.dump(described[name], rows=12))


def test_a_blank_cell_of_the_document_stays_blank_and_a_written_one_stays_as_written():
    described = sheets()["任务分解"]
    cells = {(c.row, c.column): c.value for c in described.cells}
    row = next(row for (row, column), value in cells.items() if value == "清溪园区")
    assert [cells[row, column] for column in range(1, 7)] == ["清溪园区", None, 1, 2, 30, 7]
    assert "160（其中：非工业60）" in cells.values()
    assert "13个" in cells.values()


def test_the_two_head_rows_are_merged_as_in_the_document():
    described = sheets()["任务分解"]
    top = next(c.row for c in described.cells if c.value == "责任单位")
    assert {
        Area(top, 1, top + 1, 1),
        Area(top, 2, top, 4),
        Area(top, 5, top, 6),
    } <= set(described.merges)


def test_every_closed_list_of_the_ledger_has_a_drop_down():
    ledger = sheets()["项目台账"]
    listed = {one.area.first_column: one for one in ledger.drop_downs}
    expected = ("牵头单位", "落地单位", "招商组", "来源", "行业", "状态")
    assert set(listed) == {column_of(ledger, head) for head in expected}
    assert listed[column_of(ledger, "来源")].options == POLICY.origins
    assert listed[column_of(ledger, "来源")].strict
    assert "单位" in listed[column_of(ledger, "牵头单位")].source
    assert all(one.area.last_row == LAST_PREPARED for one in ledger.drop_downs)


def test_a_team_whose_name_holds_an_enumeration_comma_is_one_choice():
    ledger = sheets()["项目台账"]
    teams = next(d for d in ledger.drop_downs if "生物医药、医疗器械产业" in d.options)
    assert len(teams.options) == 12


def test_every_ruling_offers_its_options_with_their_chinese_labels():
    rulings = sheets()["口径"]
    assert [at(rulings, row, 1) for row in range(4, 14)] == [r.id for r in POLICY.rulings]
    for row, (ruling, choice) in enumerate(zip(POLICY.rulings, rulings.drop_downs, strict=True), 4):
        assert choice.area == Area(row, 5, row, 5)
        assert choice.options == tuple(f"{o.id}｜{o.label}" for o in ruling.options)
        assert at(rulings, row, 5) is None


def test_a_choice_stands_with_its_label_who_and_when():
    choices = {"home-weight": Choice("home-weight", "20%", "示例", date(2021, 7, 20))}
    rulings = sheets(content=Content(choices=choices))["口径"]
    assert str(at(rulings, 4, 5)).startswith("20%｜")
    assert (at(rulings, 4, 6), at(rulings, 4, 7)) == ("示例", date(2021, 7, 20))


def test_a_list_too_long_for_a_drop_down_is_kept_in_the_sheet_of_settings():
    long = tuple(Option(f"option-{n}", "很长的说明" * 5) for n in range(12))
    policy = replace(POLICY, rulings=(Ruling("long", "选哪一个？", "附件2备注2", long),))
    described = {sheet.name: sheet for sheet in input_sheets(policy)}
    (choice,) = described["口径"].drop_downs
    assert choice.options == ()
    assert choice.source == "'设置'!$H$4:$H$15"
    kept = [c.value for c in described["设置"].cells if c.column == 8 and c.row >= 4]
    assert kept == [f"option-{n}｜{'很长的说明' * 5}" for n in range(12)]


@pytest.mark.parametrize(
    ("options", "fits"),
    [(["市外", "区内"], True), (["一,二"], False), (["长" * 300], False)],
)
def test_only_short_lists_without_commas_are_written_into_a_drop_down(options, fits):
    assert is_literal(options) is fits


def test_made_up_rows_are_marked_in_the_sheet_and_real_targets_are_not():
    described = sheets(content=Content(projects=[["P001"] + [None] * 18], mark="示例数据"))
    assert "示例数据" in at(described["项目台账"], 1, 1)
    assert "示例数据" in at(described["项目台账"], 2, 1)
    assert "示例数据" not in at(described["任务分解"], 1, 1)
    assert "示例数据" not in at(described["到位资金"], 1, 1)


def test_settings_are_written_and_what_is_not_set_stays_blank():
    cells = {c.value: c.row for c in sheets()["设置"].cells if c.column == 1}
    described = sheets()["设置"]
    assert at(described, cells["考核方案"], 2) == "fuling-2021"
    assert at(described, cells["截止日期"], 2) is None
    dated = sheets(settings=Settings(as_of=date(2021, 9, 30)))["设置"]
    assert at(dated, cells["截止日期"], 2) == date(2021, 9, 30)


def test_units_and_targets_of_an_old_book_take_the_place_of_the_policys():
    _, read = sample.reading()
    ledger = read.ledger
    adjusted = ledger.targets.copy()
    mark = (adjusted["unit"] == "白涛园区") & (adjusted["measure"] == "协议资金")
    adjusted.loc[mark, "text"] = "155"
    units = ledger.units[ledger.units["unit"] != "清溪园区"]
    described = sheets(ledger=replace(ledger, targets=adjusted, units=units))
    values = [cell.value for cell in described["任务分解"].cells]
    assert values[values.index("白涛园区") + 4] == 155
    assert "清溪园区" not in values
    assert "清溪园区" not in described["单位"].blocks[0].columns[0].values


def test_a_policy_without_tables_still_gets_a_table_to_fill_in():
    described = input_sheets(replace(POLICY, tables=()))[0]
    values = {cell.value for cell in described.cells}
    assert {"白涛园区", "协议资金", "合计", "园区"} <= values


def test_what_the_sheets_name_is_what_the_reader_looks_for():
    names = [sheet.name for sheet in input_sheets(POLICY)]
    assert names == [
        model.TARGET_TABLE_SHEET,
        model.TARGET_SHEET,
        model.UNIT_SHEET,
        model.PROJECT_SHEET,
        model.RECEIPT_SHEET,
        model.RULING_SHEET,
        model.SETTING_SHEET,
        model.TASK_PROGRESS_SHEET,
    ]
    assert inputs.chosen_text(POLICY.rulings[0], "没有这个选项") is None
