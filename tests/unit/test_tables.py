"""Reading clerks' workbooks: tables found by meaning, values with their cells, nothing lost."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.grids import book, write

from xlplan.crediting import credit
from xlplan.diagnostics import Cell, RequestError
from xlplan.files import open_workbook
from xlplan.model import YI, Choice
from xlplan.policy import load_policy
from xlplan.progress import Counted, progress
from xlplan.quantity import parse_period
from xlplan.tables import ledgers, read_ledger, read_settings
from xlplan.tables.columns import scale
from xlplan.tables.lists import option_id
from xlplan.tables.register import Register
from xlplan.tables.words import plain

POLICY = load_policy("fuling-2021")
HEADS = "项目编号 | 牵头单位 | 来源 | 投资额(亿元) | 协议资金(亿元) | 签约日期"
TARGETS = """
== 任务分解 ==
责任单位 | 重大项目 | 协议资金(亿元)
白涛园区 | 4 | 150
"""
RECEIPTS = "\n== 到位资金 ==\n项目编号 | 到位日期 | 金额(亿元)\nP001 | 2021-08-01 | 1"


def ledger_of(rows, heads=HEADS):
    return f"{TARGETS}\n== 项目台账 ==\n{heads}\n{rows}{RECEIPTS}"


def read(text):
    reading = read_ledger(book(text), POLICY)
    found = [(found.code, str(found.place)) for found in reading.diagnostics]
    # Few of the small ledgers here have a column 配合单位, the absence of which is XP212.
    return reading.ledger, [(code, place) for code, place in found if code != "XP212"]


def targets(text):
    frame = read(text)[0].targets
    keys = zip(frame["group"], frame["unit"], frame["measure"], frame["bound"], strict=True)
    return dict(zip(keys, frame["value"].tolist(), strict=True))


DOCUMENT = """
== 任务分解 ==
2021年重点任务分解表 | < | < | < | < | <
单位：个、亿元
（一）园区
责任单位 | 引进项目 | < | < | 经济贡献 | <
^ | 重大项目 | 较大项目 | 重点项目 | 协议资金 | 到位资金
涪陵新城区 | 4 | 4 | 10 | 160（其中：非工业60） | 60
清溪工业园区 | | 1 | 2 | 30 | -
合计 | 13个 | 17个 | 31个 | 580亿元 | 201亿元
---
（二）区级部门
责任单位 | 引进项目 | < | < | 经济贡献协议资金
^ | 重大项目 | 较大项目 | 重点项目 | ^
区发改委 | 1 | 1 | | 5
区 教 委 | | 1 | 1 | 0.5
合计 | 6 | 8 | 14 | 80亿元
"""


def test_the_documents_own_table_is_read_block_by_block():
    found = targets(DOCUMENT)
    assert found["园区", "涪陵新城区", "协议资金", "floor"] == 160 * YI
    assert found["园区", "涪陵新城区", "协议资金（非工业）", "of-which"] == 60 * YI
    assert found["园区", "清溪园区", "重点项目", "floor"] == 2_000_000
    assert found["园区", "合计", "到位资金", "floor"] == 201 * YI
    assert found["区级部门", "区发展改革委", "协议资金", "floor"] == 5 * YI
    assert found["区级部门", "区教委", "协议资金", "floor"] == YI // 2
    assert found["区级部门", "合计", "重大项目", "floor"] == 6_000_000
    assert read(DOCUMENT)[1] == [("XP207", "测试.xlsx"), ("XP207", "测试.xlsx")]


IN_WAN = """
== 任务分解 ==
单位：万元
（一）园区
责任单位 | 协议资金
白涛园区 | 1500000
合计 | 150亿元
---
（二）区级部门{remark}
责任单位 | 协议资金
区教委 | 50000
合计 | {total}
"""


@pytest.mark.parametrize(
    ("remark", "grains"), [("", 5 * YI), ("（单位：亿元）", 50000 * YI), ("（单位：元）", 50000_00)]
)
def test_a_remark_on_the_unit_holds_for_every_table_below_until_another(remark, grains):
    found = targets(IN_WAN.format(remark=remark, total="5亿元"))
    assert found["园区", "白涛园区", "协议资金", "floor"] == 150 * YI
    assert found["区级部门", "区教委", "协议资金", "floor"] == grains
    assert found["区级部门", "合计", "协议资金", "floor"] == 5 * YI


@pytest.mark.parametrize(
    ("top", "titles", "grains"),
    [
        ("单位：万元 | ", "（一）园区 | | | （二）区级部门", 5 * YI),
        (" | | | | 单位：万元", "（一）园区 | | | （二）区级部门", 5 * YI),
        ("2021年任务分解", "（一）园区（单位：万元） | | | （二）区级部门", 50000 * YI),
    ],
)
def test_a_remark_over_tables_side_by_side_holds_for_both_and_one_in_a_title_for_its_own(
    top, titles, grains
):
    text = f"""
== 任务分解 ==
{top}
{titles}
责任单位 | 协议资金 | | 责任单位 | 协议资金
白涛园区 | 1500000 | | 区教委 | 50000
"""
    found = targets(text)
    assert found["园区", "白涛园区", "协议资金", "floor"] == 150 * YI
    assert found["区级部门", "区教委", "协议资金", "floor"] == grains


def test_a_blank_or_dashed_cell_is_no_target():
    found = targets(DOCUMENT)
    assert ("园区", "清溪园区", "重大项目", "floor") not in found
    assert ("园区", "清溪园区", "到位资金", "floor") not in found


def test_blocks_may_stand_side_by_side_or_on_sheets_of_their_own():
    beside = """
    == 任务分解 ==
    （一）园区 | < | < | | （二）区级部门 | < | <
    责任单位 | 重大项目 | 协议资金(亿元) | | 责任单位 | 重大项目 | 协议资金(亿元)
    白涛园区 | 4 | 150 | | 区教委 | 1 | 5
    合计 | 4 | 150 | | 区财政局 | | 3
     | | | | 合计 | 1 | 8
    """
    apart = """
    == 园区 ==
    2021年目标任务
    责任单位 | 重大项目 | 协议资金(亿元)
    白涛园区 | 4 | 150
    合计 | 4 | 150
    == 区级部门 ==
    2021年目标任务
    责任单位 | 重大项目 | 协议资金(亿元)
    区教委 | 1 | 5
    区财政局 | | 3
    合计 | 1 | 8
    """
    adjacent = beside.replace("| | 责", "| 责").replace("| | （", "| （")
    adjacent = adjacent.replace("150 | | ", "150 | ").replace("| | | | 合计", "| | | 合计")
    assert targets(beside) == targets(apart) == targets(adjacent)
    assert targets(beside)["区级部门", "合计", "协议资金", "floor"] == 8 * YI


def test_a_block_without_a_title_takes_its_group_from_its_units():
    assert ("区级部门", "合计", "协议资金", "floor") in targets("""
    == 目标任务 ==
    单位 | 协议资金(亿元)
    区教委 | 5
    合计 | 5
    """)


@pytest.mark.parametrize(
    "between",
    [
        "（二）区级部门 | | 单位：亿元",
        "二、区级部门 | 单位：个、亿元 | <",
        " | | （单位：亿元）",
        "区级部门 | | 2021年7月",
    ],
)
def test_a_remark_in_the_title_row_of_a_lower_block_makes_it_no_unit(between):
    found = read(f"""
    == 任务分解 ==
    责任单位 | 重大项目 | 协议资金(亿元)
    白涛园区 | 4 | 150
    {between}
    责任单位 | 重大项目 | 协议资金(亿元)
    区教委 | 1 | 5
    """)
    assert found[0].targets["unit"].tolist() == ["白涛园区", "白涛园区", "区教委", "区教委"]
    assert {code for code, _ in found[1]} == {"XP207"}


def test_a_row_that_looks_like_a_title_but_holds_a_target_is_a_unit_nobody_knows():
    _, found = read(TARGETS + "一、区税务局 | | 5")
    assert ("XP504", "任务分解!A3") in found


LONG = """
== 目标 ==
责任单位 | 指标 | 期间 | 下限(亿元) | 其中
"""


@pytest.mark.parametrize(
    ("row", "target", "codes"),
    [
        ("白涛园区 | 协议资金 | 2021 | 60 | 非工业20", ("白涛园区", "floor", 60), []),
        ("白涛园区 | 协议资金 | 2021 | | 其中：非工业20亿元", ("白涛园区", "of-which", 20), []),
        ("白涛园区 | 协议资金 | 2021 | | 非工业2000万", ("白涛园区", "of-which", "0.2"), []),
        ("白涛园区 | 协议资金（非工业） | 2021 | 20", ("白涛园区", "of-which", 20), []),
        ("白涛园区 | 协议资金 | 2021 | | 20", None, ["XP508"]),
        ("白涛园区 | 协议资金 | 2021 | | 农业20", None, ["XP508"]),
        ("白涛园区 | 协议资金 | 2021 | | -", None, []),
        ("白涛园区 | 协议资金 | 2021 | 30以内", ("白涛园区", "ceiling", 30), ["XP104"]),
        ("白涛园区 | 协议资金 | 2021 | 30以上", ("白涛园区", "floor", 30), []),
        ("白涛园区 | 协议资金 | 2021 | 力争30以上", ("白涛园区", "floor", 30), []),
        ("白涛园区 | 协议资金 | 2021 | 30余", ("白涛园区", "floor", 30), ["XP104"]),
        ("白涛园区 | 协议资金 | 2021 | -30", None, ["XP509"]),
        ("白涛园区 | 重大项目 | 2021 | 2.5", None, ["XP509"]),
        ("白涛园区 | 协议资金 | 2021 | =?", None, ["XP105"]),
        ("园区合计 | 协议资金 | 2021Q1 | 100", ("合计", "floor", 100), []),
        ("备注：以上为暂定数", None, []),
    ],
)
def test_a_row_of_the_long_form_sets_its_target_or_says_why_not(row, target, codes):
    ledger, found = read(LONG + row)
    rows = [
        (unit, bound, Fraction(value, YI))
        for unit, bound, value in zip(
            *(ledger.targets[name] for name in ("unit", "bound", "value")), strict=True
        )
    ]
    assert rows[:1] == ([(*target[:2], Fraction(target[2]))] if target else [])
    assert [code for code, _ in found if code != "XP207"] == codes


def test_totals_of_the_long_form_belong_to_a_group_or_to_the_area():
    ledger, _ = read(LONG + "园区合计 | 协议资金 | 2021 | 3\n合计 | 协议资金 | 2021 | 8")
    assert ledger.targets["group"].tolist() == ["园区", POLICY.area]


@pytest.mark.parametrize("name", [POLICY.area, f"{POLICY.area}合计", f"{POLICY.area}总计"])
def test_a_target_under_the_areas_own_name_is_the_areas(name):
    ledger, found = read(LONG + f"{name} | 协议资金 | 2021 | 8")
    assert ledger.targets["group"].tolist() == [POLICY.area]
    assert ledger.targets["unit"].tolist() == ["合计"]
    assert {code for code, _ in found} == {"XP207"}


def test_a_grand_total_below_a_tables_own_total_is_the_areas():
    ledger, found = read(TARGETS + "合计 | 4 | 150\n全区合计 | 9 | 300")
    assert {code for code, _ in found} == {"XP207"}
    totals = ledger.targets[ledger.targets["unit"] == "合计"]
    assert totals["group"].tolist() == ["园区", "园区", POLICY.area, POLICY.area]
    alone, _ = read(TARGETS + "总计 | 4 | 150")
    assert set(alone.targets["group"]) == {"园区"}


def test_a_cell_that_sets_no_target_is_noted_with_the_parts_that_it_may_have_held():
    ledger, _ = read(TARGETS.replace("150", "一百多吧"))
    lost = {(one.group, one.unit, one.measure, one.period) for one in ledger.unset}
    assert lost == {
        ("园区", "白涛园区", "协议资金", "2021"),
        ("园区", "白涛园区", "协议资金（非工业）", "2021"),
    }


def test_a_blank_group_of_a_unit_is_the_documents():
    units = "\n== 单位 ==\n单位名称 | 类别 | 别名\n白涛园区 | | 白涛\n新单位 | |"
    ledger, found = read(TARGETS + units)
    assert ledger.units["group"].tolist() == ["园区", ""]
    assert ("XP315", "单位!B3") in found


def test_an_alias_without_a_unit_is_said():
    _, found = read(TARGETS + "\n== 单位 ==\n单位名称 | 类别 | 别名\n | 园区 | 白涛")
    assert ("XP309", "单位!A2") in found


def test_a_year_in_the_title_is_the_period():
    ledger, _ = read(TARGETS.replace("责任", "2022年招商引资任务分解表\n责任", 1))
    assert set(ledger.targets["period"]) == {"2022"}
    assert set(read(TARGETS)[0].targets["period"]) == {"2021"}


def test_a_summary_of_results_is_not_mistaken_for_targets():
    ledger, found = read(f"{TARGETS}\n== 汇总 ==\n各单位完成情况\n责任单位 | 协议资金\n区教委 | 9")
    assert "区教委" not in set(ledger.targets["unit"])
    assert "XP506" not in {code for code, _ in found}


def test_the_long_form_says_what_the_wide_one_cannot():
    ledger, found = read("""
    == 目标 ==
    责任单位 | 指标 | 期间 | 下限 | 上限 | 力争 | 其中 | 增量/水平
    白涛园区 | 协议资金 | 2021Q1 | 30亿元 | | 35亿元 | | 增量
    区教委 | 重大项目 | | 1 | | | |
    """)
    rows = ledger.targets[["unit", "period", "bound", "value"]].to_numpy().tolist()
    assert rows == [
        ["白涛园区", "2021Q1", "floor", 30 * YI],
        ["白涛园区", "2021Q1", "stretch", 35 * YI],
        ["区教委", "2021", "floor", 1_000_000],
    ]
    assert {code for code, _ in found} <= {"XP207", "XP208"}


def test_without_a_target_table_the_documents_targets_hold_and_it_is_said():
    ledger, found = read(f"== 项目台账 ==\n{HEADS}\nP001 | 区教委 | 市外 | 1 | 1 | 2021-07-10")
    assert len(ledger.targets) == len(POLICY.targets)
    assert found.count(("XP207", "测试.xlsx")) == 2


@pytest.mark.parametrize(
    ("sheet", "text", "codes", "said"),
    [
        ("到位资金", "项目编号 | 哪天 | 金额(亿元)\nP001 | 2021-08-01 | 1", ["XP201"], "到位日期"),
        ("单位", "名字 | 哪一类\n白涛园区 | 园区", ["XP201"], "单位名称"),
        ("目标", "单位 | 考核什么 | 下限\n白涛园区 | 协议资金 | 3", ["XP201"], "指标"),
        ("口径", "编号 | 怎么定\nhome-weight | 两成", ["XP201"], "选定"),
        ("任务分解", "承担者 | 协议资金\n白涛园区 | 3", ["XP201", "XP213"], "责任单位"),
    ],
)
def test_a_standard_sheet_whose_heads_nobody_knows_says_what_it_lacks(sheet, text, codes, said):
    sheets = ledger_of("P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10")
    before = "\n== ".join(part for part in sheets.split("\n== ") if not part.startswith(sheet))
    reading = read_ledger(book(f"{before}\n== {sheet} ==\n{text}"), POLICY)
    found = [one for one in reading.diagnostics if str(one.place) == sheet]
    assert sorted({one.code for one in found}) == codes
    assert any(f"“{said}" in one.message() and "第 1 行" in one.message() for one in found)
    assert "XP207" not in {one.code for one in reading.diagnostics}


def test_a_deleted_target_table_is_said_with_what_holds_instead():
    text = f"== 项目台账 ==\n{HEADS}\nP001 | 区教委 | 市外 | 1 | 1 | 2021-07-10{RECEIPTS}"
    (found,) = (f for f in read_ledger(book(text), POLICY).diagnostics if f.code == "XP207")
    assert "目标按考核方案自带的计算" in found.message()
    assert "无法计算" not in found.message() + found.hint()


def test_a_workbook_with_neither_targets_nor_projects_is_an_impossible_request():
    with pytest.raises(RequestError, match="XP016"):
        read("== 表一 ==\n今天 | 天气\n晴 | 好")


CLERKS = """
== 一季度 ==
XX区2021年招商引资签约项目台账 | < | < | < | < | < | < | < | < | <
填报单位：招商部门 | | | | | | | | | 单位：万元
序号 | 项目编号 | 项目 | < | 责任单位 | < | 资金情况 | < | 签约时间 | 来源地
^ | ^ | 名称 | 投资方 | 牵头 | 配合 | 总投资 | 协议金额 | ^ | ^
1 | 1001 | 示例一 | 示例公司 | 区 财 政 局 | 区教委、区商务委 | 200000 | 100000 | '2021.7.10 | 市外
 | | 小计 | | | | 200000 | 100000 | |
---
---
2 | 1002 | 示例二 | 示例公司 | 白涛工业园区 | | 约3亿元 | '８０００ | 20210711 | 区外市内
备注：以上为一季度数据
== 二季度 ==
项目编号 | 来源 | 牵头单位 | 投资额（亿元） | 协议资金（亿元） | 签约日期 | 项目名称
2001 | 境外 | 区教委 | 1.5 | 0.1 | 44387 | 示例三
"""


def test_a_clerks_own_ledger_is_read_over_several_sheets_in_its_own_units():
    ledger, found = read(TARGETS + CLERKS)
    projects = ledger.projects.set_index("project")
    assert list(projects.index) == ["1001", "1002", "2001"]
    assert projects["agreement"].tolist() == [10 * YI, 8 * YI // 10, YI // 10]
    assert projects["investment"].tolist() == [20 * YI, 3 * YI, 3 * YI // 2]
    assert projects["lead"].tolist() == ["区财政局", "白涛园区", "区教委"]
    assert projects["cooperating"].tolist() == [("区教委", "区商务委"), (), ()]
    days = [day.date() for day in projects["signed"]]
    assert days == [date(2021, 7, 10), date(2021, 7, 11), date(2021, 7, 10)]
    assert found == [
        ("XP204", "一季度!C6"),
        ("XP104", "一季度!G9"),
        ("XP207", "测试.xlsx"),
    ]


def test_every_value_knows_its_cell():
    ledger, _ = read(TARGETS + CLERKS)
    row = ledger.projects.iloc[1]
    assert str(ledger.cell(row["sheet"], row["row"], "agreement")) == "一季度!H9"
    assert str(ledger.cell("二季度", 2, "agreement")) == "二季度!E2"


BELOW = """
== 台账 ==
项目编号 | 牵头单位 | 来源 | 投资额(亿元) | 协议资金(亿元) | 签约日期
P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10
---
协议资金(亿元) | 项目编号 | 牵头单位 | 来源 | 投资额(亿元) | 签约日期
3 | P002 | 区财政局 | 市外 | 4 | 2021-07-11
面议 | P003 | 区财政局 | 市外 | 4 | 2021-07-11
"""
BESIDE = """
== 台账 ==
项目编号 | 牵头单位 | 来源 | 投资额(亿元) | 协议资金(亿元) | 签约日期 | | 项目编号 | 到位日期 | 金额(亿元) | | 金额(亿元) | 项目编号 | 到位日期
P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10 | | P001 | 2021-08-01 | 0.2 | | 0.3 | P001 | 2021-08-02
 | | | | | | | | | | | 0.4 | P009 | 2021-08-02
"""  # noqa: E501 - tables side by side are wide


def test_tables_under_each_other_on_a_sheet_know_their_own_columns():
    ledger, found = read(TARGETS + BELOW + RECEIPTS)
    projects = ledger.projects.set_index("project")
    assert projects["agreement"].tolist()[:2] == [YI, 3 * YI]
    places = [
        str(ledger.cell(row["sheet"], row["row"], "agreement", row["block"]))
        for _, row in projects.iterrows()
    ]
    assert places == ["台账!E2", "台账!A5", "台账!A6"]
    assert found == [("XP102", "台账!A6")]


def test_tables_side_by_side_on_a_sheet_know_their_own_columns():
    ledger, found = read(TARGETS + BESIDE)
    places = [
        str(ledger.cell(row["sheet"], row["row"], "amount", row["block"]))
        for _, row in ledger.receipts.iterrows()
    ]
    assert places == ["台账!J2", "台账!L2"]
    assert found == [("XP306", "台账!M3")]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (BELOW + RECEIPTS, {"台账!E2", "台账!A5", "到位资金!C2"}),
        (BESIDE, {"台账!E2", "台账!J2", "台账!L2"}),
    ],
)
def test_credits_of_several_tables_on_a_sheet_name_the_right_cells_and_add_up(text, cells):
    ledger, _ = read(TARGETS + text)
    period = parse_period("2021")
    chosen = {
        ruling.id: Choice(ruling.id, ruling.options[0].id, "示例", date(2021, 1, 1))
        for ruling in POLICY.rulings
    }
    credited = credit(replace(ledger, choices=chosen), POLICY, period, date(2021, 9, 30)).credits
    money = credited[credited["measure"].isin(["协议资金", "到位资金"])]
    places = zip(money["sheet"], money["row"], money["column"], strict=True)
    assert {str(Cell(*place)) for place in places} == cells
    totals = progress(Counted(credited), ledger, POLICY, period, date(2021, 9, 30)).totals
    area = totals[(totals["group"] == POLICY.area) & (totals["measure"] == "到位资金")]
    assert area["distinct"].tolist() == area["done"].tolist()


def test_the_columns_may_come_in_any_order():
    rows = "P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10"
    straight = read(ledger_of(rows))[0].projects
    turned = [" | ".join(reversed(line.split(" | "))) for line in (HEADS, rows)]
    pd.testing.assert_frame_equal(straight, read(ledger_of(turned[1], turned[0]))[0].projects)


def test_a_merged_unit_cell_stands_for_each_of_its_rows_and_merged_money_does_not():
    ledger, _ = read(
        ledger_of("""P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10
    P002 | ^ | ^ | 3 | ^ | ^
    P003 | 区财政局 | 市外 | 3 | 1 | 2021-07-10""")
    )
    projects = ledger.projects
    assert projects["lead"].tolist() == ["区教委", "区教委", "区财政局"]
    assert projects["agreement"].isna().tolist() == [False, True, False]


def test_a_merged_project_id_stands_for_each_of_its_receipts():
    ledger, _ = read(
        ledger_of("P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10") + "\n^ | 2021-09-01 | -0.5"
    )
    assert ledger.receipts["project"].tolist() == ["P001", "P001"]
    assert ledger.receipts["amount"].tolist() == [YI, -YI // 2]


def test_an_unreadable_amount_is_unknown_and_named_but_never_zero():
    ledger, found = read(ledger_of("P001 | 区教委 | 市外 | 面议 | =? | 七月"))
    row = ledger.projects.iloc[0]
    assert set(row["unreadable"]) == {"investment", "agreement", "signed"}
    assert row[["investment", "agreement", "signed"]].isna().all()
    assert {code for code, _ in found} == {"XP102", "XP105", "XP103"}


@pytest.mark.parametrize(
    ("cell", "grains", "code"),
    [
        ("10，000", 10_000 * YI, "XP104"),
        ("1，000，000万元", 100 * YI, "XP104"),
        ("10，5", None, "XP102"),
        ("10，0000", None, "XP102"),
        ("1000，000", None, "XP102"),
        ("10,000万元", YI, None),
        ("5（2020，2021年）", 5 * YI, "XP109"),
    ],
)
def test_a_full_width_comma_is_read_as_thousands_only_with_a_word_or_not_at_all(cell, grains, code):
    ledger, found = read(ledger_of(f"P001 | 区教委 | 市外 | 2 | {cell} | 2021-07-10"))
    amount = ledger.projects["agreement"].iloc[0]
    assert (None if pd.isna(amount) else amount) == grains
    assert found == ([(code, "项目台账!E2")] if code else [])


def test_a_formula_without_a_result_is_not_taken_for_a_missing_unit():
    _, found = read(ledger_of("P001 | =? | 市外 | 2 | 1 | 2021-07-10"))
    assert found == [("XP105", "项目台账!B2"), ("XP306", "到位资金!A2")]


def test_a_month_without_a_day_is_its_last_day_and_is_said():
    ledger, found = read(ledger_of("P001 | 区教委 | 市外 | 2 | 1 | 2021年7月"))
    assert ledger.projects["signed"].iloc[0].date() == date(2021, 7, 31)
    assert found == [("XP104", "项目台账!F2")]


def test_rows_after_a_long_gap_are_read():
    gap = "---\n" * 300
    ledger, _ = read(
        ledger_of(
            f"P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10\n{gap}"
            "P002 | 区教委 | 市外 | 2 | 1 | 2021-07-10"
        )
    )
    assert ledger.projects["row"].tolist() == [2, 303]


def test_prefilled_serial_numbers_make_no_rows():
    ledger, found = read(
        ledger_of("1 | P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10\n2 |\n3 |", "序号 | " + HEADS)
    )
    assert (len(ledger.projects), found) == (1, [])


def test_a_ledger_without_ids_goes_by_project_names_and_says_so():
    heads = HEADS.replace("项目编号", "项目名称")
    ledger, found = read(ledger_of("P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10", heads))
    assert ledger.projects["project"].tolist() == ["P001"]
    assert found == [("XP201", "项目台账!A1")]


def test_a_receipt_without_a_date_stays_and_one_with_an_unreadable_date_does_not():
    ledger, found = read(
        ledger_of("P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10") + "\nP001 | | 2\nP001 | 七月 | 3"
    )
    assert ledger.receipts["received"].isna().tolist() == [False, True]
    assert found == [("XP103", "到位资金!B4")]


def test_result_sheets_are_never_loaded():
    source = book(
        TARGETS + "\n== 计入明细 ==\n项目编号 | 项目名称\n== 完成情况 ==\n责任单位 | 协议资金"
    )
    read_ledger(source, POLICY)
    assert set(source.loaded) == {"任务分解"}


def test_a_hidden_sheet_is_read_only_under_a_standard_name():
    hidden = f"\n== 旧台账 == hidden\n{HEADS}\nP009 | 区教委 | 市外 | 2 | 1 | 2021-07-10"
    text = ledger_of("P001 | 区教委 | 市外 | 2 | 1 | 2021-07-10") + hidden
    assert read(text)[0].projects["project"].tolist() == ["P001"]
    renamed = text.replace("== 项目台账 ==", "== 项目台账 == hidden")
    assert read(renamed)[0].projects["project"].tolist() == ["P001"]


def test_the_unit_sheet_wins_over_the_policys_register():
    units = (
        "\n== 单位 ==\n单位名称 | 类别 | 别名 | 失效\n白涛园区 | 园区 | 老白涛；白涛 | 2022-01-01"
    )
    ledger, found = read(TARGETS.replace("白涛园区", "老白涛") + units)
    assert ledger.units[["unit", "group", "aliases"]].to_numpy().tolist() == [
        ["白涛园区", "园区", ("老白涛", "白涛")]
    ]
    assert ledger.targets["unit"].unique().tolist() == ["白涛园区"]
    assert ledger.units["valid_to"].iloc[0].date() == date(2022, 1, 1)
    assert {code for code, _ in found} == {"XP207"}


WITH_OTHERS = """
项目号 | 牵头单位 | {head} | 来源 | 投资额(亿元) | 协议资金(亿元) | 签约日期
P001 | 区教委 | {cell} | 市外 | 2 | 1 | 2021-07-10
"""


def with_others(head, cell):
    reading = read_ledger(
        book(f"{TARGETS}== 项目台账 =={WITH_OTHERS.format(head=head, cell=cell)}{RECEIPTS}"), POLICY
    )
    found = [(said.code, str(said.place)) for said in reading.diagnostics]
    return reading.ledger.projects["cooperating"].tolist(), found


@pytest.mark.parametrize("head", ["协助单位", "参与单位", "协作单位", "合作单位", "配合部门"])
def test_cooperating_units_are_known_by_many_heads(head):
    assert with_others(head, "区财政局") == ([("区财政局",)], [])


@pytest.mark.parametrize("cell", ["无", "—", "/", "--", "暂无", "－"])
def test_a_cell_that_says_there_is_no_cooperating_unit_names_none(cell):
    assert with_others("配合单位", cell) == ([()], [])


def test_a_cooperating_unit_named_twice_counts_once_and_is_said():
    cell = "区发改委、区财政局、区发展改革委"
    assert with_others("配合单位", cell) == (
        [("区发展改革委", "区财政局")],
        [("XP318", "项目台账!C2")],
    )


@pytest.mark.parametrize(
    ("head", "cell", "code", "place"),
    [
        ("帮带对象", "区财政局、区商务委", "XP211", "项目台账!C1"),
        ("联系人", "某某", "XP212", "项目台账!A1"),
        ("填报", "区教委", "XP212", "项目台账!A1"),
        ("填报", "", "XP212", "项目台账!A1"),
    ],
)
def test_a_ledger_without_cooperating_units_is_said_and_a_column_that_may_be_them_named(
    head, cell, code, place
):
    cooperating, found = with_others(head, cell)
    assert cooperating == [()]
    assert found == [("XP202", "项目台账!C1"), (code, place)]


def test_a_column_of_groups_in_a_target_table_says_whose_total_a_row_is():
    text = """
== 任务分解 ==
类别 | 责任单位 | 协议资金(亿元)
园区 | 白涛园区 | 150
^ | 合计 | 150
区级部门 | 区教委 | 0.5
^ | 合计 | 0.5
"""
    found = targets(text)
    assert found["园区", "合计", "协议资金", "floor"] == 150 * YI
    assert found["区级部门", "合计", "协议资金", "floor"] == YI // 2
    assert {code for code, _ in read(text)[1]} == {"XP207"}


REGISTER = Register(
    {name: name for name in ("区教委", "区财政局", "新城区(高新区、综保区)", "综保区")}
)


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("区教委、区财政局", ["区教委", "区财政局"]),
        ("区教委；区财政局\n综保区", ["区教委", "区财政局", "综保区"]),
        ("区教委，区财政局;", ["区教委", "区财政局"]),
        ("区 教 委", ["区教委"]),
        ("区教委 区财政局", ["区教委", "区财政局"]),
        ("新城区（高新区、综保区）", ["新城区(高新区、综保区)"]),
        (
            "区教委、新城区（高新区、综保区）、综保区",
            ["区教委", "新城区(高新区、综保区)", "综保区"],
        ),
        ("区教委、某某局", ["区教委", "某某局"]),
        ("", []),
        ("、", []),
    ],
)
def test_several_units_in_a_cell_are_told_apart_by_the_register(cell, units):
    assert REGISTER.split(cell) == units


@pytest.mark.parametrize(
    ("cell", "option"),
    [
        ("as-agreement", "as-agreement"),
        ("as-agreement｜同协议资金", "as-agreement"),
        ("as-agreement 同协议资金，80/20", "as-agreement"),
        ("全部归牵头单位", "lead-only"),
        ("as-agreements", "as-agreements"),
        ("看着办", "看着办"),
        ("", ""),
    ],
)
def test_a_chosen_option_is_known_by_its_id_or_its_label(cell, option):
    assert option_id(cell, POLICY.ruling("joint-received")) == option


def test_a_share_that_excel_made_a_number_is_still_the_option():
    assert option_id("0.2", POLICY.ruling("home-weight")) == "20%"
    assert option_id("1", POLICY.ruling("home-weight")) == "100%"


def test_settings_are_read_as_labels_and_values():
    settings, found = read_settings(
        book("""
        == 设置 ==
        设置 | <
        考核方案： | fuling-2021
        截止日期 | 2021-09-30 | 只计到这一天
        期间 | 2021
        舍入 | 保留1位小数
        """)
    )
    said = (settings.policy, settings.as_of, settings.period, settings.places)
    assert said == ("fuling-2021", date(2021, 9, 30), "2021", 1)
    assert not list(found)


def test_the_explanation_beside_a_blank_setting_is_not_its_value():
    settings, found = read_settings(book("== 设置 ==\n截止日期 | | 只计到这一天"))
    assert (settings.as_of, list(found)) == (None, [])


def test_a_month_as_the_as_of_day_is_its_last_day_and_is_said():
    settings, found = read_settings(book("== 设置 ==\n截止日期 | 2021年9月"))
    assert settings.as_of == date(2021, 9, 30)
    assert [(one.code, str(one.place)) for one in found] == [("XP104", "设置!B1")]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("截止日 | 2021-06-30", ["XP210"]),
        ("期间 | '2022", ["XP210"]),
        ("期间 |", []),
        ("备注 | 请勿外传", []),
        ("截止日 |", []),
        (" | 2021-06-30", []),
        ("设置项 | 内容 | 说明", []),
        ("考核方案 | fuling-2021 | | 下拉选项 | 市外", ["XP210"]),
    ],
)
def test_a_line_of_settings_that_sets_nothing_is_said(line, codes):
    text = f"== 设置 ==\n考核方案 | fuling-2021 | 说明文字 | 指标 | 来源\n期间 | '2021\n{line}"
    settings, found = read_settings(book(text))
    assert (settings.policy, settings.period) == ("fuling-2021", "2021")
    assert [one.code for one in found] == codes


def test_a_workbook_without_settings_has_none():
    assert read_settings(book(TARGETS))[0].policy is None


def test_the_same_is_read_from_a_real_file_as_from_the_grids(tmp_path):
    text = TARGETS + CLERKS + RECEIPTS
    source = book(text)
    filed = read_ledger(open_workbook(write(source, tmp_path / "测试.xlsx")), POLICY)
    direct = read_ledger(source, POLICY)
    for name in ("targets", "projects", "receipts", "units"):
        pd.testing.assert_frame_equal(getattr(filed.ledger, name), getattr(direct.ledger, name))
    assert filed.diagnostics.rows() == direct.diagnostics.rows()


@given(
    st.integers(0, 10**15 - 1),
    st.integers(0, 10),
    st.sampled_from([YI, YI // 10**4, 100]),
)
def test_scaling_numbers_at_once_agrees_with_exact_arithmetic(digits, places, per_unit):
    number = float(f"{digits}e-{places}")
    grains, certain = scale(np.array([number]), per_unit)
    exact = Fraction(repr(number)) * per_unit
    if exact.denominator == 1 and exact < 2**49:
        assert certain[0]
        assert int(grains[0]) == exact
    if certain[0]:
        assert abs(int(grains[0]) - exact) < Fraction(1, 2)


@given(st.floats())
def test_scaling_never_vouches_for_what_is_not_a_number(number):
    grains, certain = scale(np.array([number]), YI)
    if certain[0]:
        assert abs(Fraction(number) * YI - int(grains[0])) < 1


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("2022年民企500强", "2022年民企500强"),
        ("民企500强（2022）", "2022年民企500强"),
        ("2022年度民企500强", "2022年民企500强"),
        ("2021年民企500强", None),
        ("民企500强", None),
        ("世界500强", "世界500强"),
        ("世界500强(2020)", "世界500强"),
    ],
)
def test_a_yearly_list_is_the_one_of_its_year_and_a_list_without_a_year_that_of_any(cell, meant):
    known = {plain(word): word for word in ("2022年民企500强", "世界500强")}
    assert ledgers.split_lists(f"{cell}、无", known) == [meant or cell, "无"]
