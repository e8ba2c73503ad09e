"""The result sheets: live formulas with exact cached values, links, and what each cell is about."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import golden, sample

from xlplan.diagnostics import Cell, Clause, Diagnostics, RequestError
from xlplan.model import CREDITS, STANDINGS, TARGETS, TIERS, TOTALS, YI, Ledger, Settings
from xlplan.sheets import credit_rows, layout
from xlplan.sheets.description import Sheet
from xlplan.sheets.results import FIRST_CREDIT_ROW, result_sheets, standing_cells
from xlplan.sheets.tier_list import in_chinese

HEADS = [
    *("项目编号", "项目名称", "单位", "角色", "指标", "原值", "权重", "份额", "计入"),
    *("条款", "口径", "来源单元格"),
]
RULINGS = [
    {},
    {"double_listing": "both-full", "cooperating_share": "each-full"},
    {"joint_count": "lead-and-cooperating", "count_weight": "yes", "tier_count": "cumulative"},
    {"home_weight": None, "joint_received": None, "cooperating_share": None, "tier_count": None},
    {"park_scope": "named-parks-only", "overseas_origin": "not-credited", "home_weight": "0%"},
]


def described(figures) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in result_sheets(figures)}


def cells(sheet):
    return {(cell.row, cell.column): cell for cell in sheet.cells}


def held(column):
    """What a block's column holds."""
    return list(column.values)


def frame(sheet):
    """The credit rows as a frame, as pandas would read them."""
    block = sheet.blocks[0]
    heads = [cell.value for cell in sorted(sheet.cells, key=lambda cell: cell.column)]
    return pd.DataFrame(
        {
            head: pd.Series(c.values, dtype=object)
            for head, c in zip(heads, block.columns, strict=True)
        }
    )


@pytest.fixture(scope="module")
def figures():
    return sample.figures()


def test_the_result_sheets_stand_in_the_order_of_the_contract(figures):
    optional = ["招商组情况", "任务清单", "责任清单", "时限清单"]
    assert list(described(figures)) == ["完成情况", "计入明细", "档次统计", *optional, "诊断"]


@pytest.mark.parametrize(
    "name", ["完成情况", "计入明细", "档次统计", "招商组情况", "任务清单", "时限清单", "诊断"]
)
@pytest.mark.parametrize("book", ["任务分解表", "口径未定"])
def test_the_recalculated_sample_reads_as_its_golden_text(book, name, matches_golden):
    path = sample.CHOSEN.with_stem(book)
    sheet = described(sample.figures(path))[name]
    matches_golden(f"{book}-{name}", golden.dump(sheet, rows=30))


# 计入明细


def test_credit_rows_lead_with_the_contracts_columns(figures):
    sheet = described(figures)["计入明细"]
    assert [cell.value for cell in sheet.cells][: len(HEADS)] == HEADS
    assert {cell.row for cell in sheet.cells} == {1}


def test_credit_row_r_is_row_r_of_the_frame(figures):
    sheet = described(figures)["计入明细"]
    assert sheet.blocks[0].row == FIRST_CREDIT_ROW
    assert held(sheet.blocks[0].columns[0]) == figures.credits["project"].tolist()


@pytest.mark.parametrize("options", RULINGS)
def test_the_formula_of_every_credit_gives_its_exact_cached_value(options):
    rows = frame(described(sample.figures(**options))["计入明细"])
    computed = (rows["原值"] * rows["权重"] * rows["份额"]).astype(float)
    computed += rows["尾差"].astype(float).fillna(0)
    cached = rows["计入"].where(rows["计入"].notna(), rows["待定"]).astype(float)
    assert np.allclose(computed, cached, rtol=0, atol=1e-12)


def test_a_remainder_is_part_of_the_formula_only_where_there_is_one():
    even = sample.figures(cooperating_share="each-full")
    uneven = sample.figures(cooperating_share="share-equally")
    formulas = [described(f)["计入明细"].blocks[0].columns[8].formula for f in (even, uneven)]
    assert formulas == ["F{r}*G{r}*H{r}", "F{r}*G{r}*H{r}+R{r}"]


def test_a_pending_amount_never_stands_under_credited():
    rows = frame(described(sample.figures(sample.OPEN))["计入明细"])
    pending = rows["状态"].str.startswith("待定")
    assert pending.any()
    assert rows.loc[pending, "计入"].isna().all()
    assert rows.loc[pending, "待定"].notna().all()
    assert rows.loc[~pending, "待定"].isna().all()


def test_every_credit_links_to_the_cell_it_was_read_from(figures):
    block = described(figures)["计入明细"].blocks[0]
    column = block.columns[HEADS.index("来源单元格")]
    first = figures.credits.iloc[0]
    assert column.links[0] == f"'{first['sheet']}'!{held(column)[0].partition('!')[2]}"
    assert all(re.fullmatch(r"'(项目台账|到位资金)'![A-Z]+\d+", link) for link in column.links)


def test_beyond_excels_limit_a_formula_links_instead(figures, monkeypatch):
    monkeypatch.setattr(credit_rows, "LINK_LIMIT", 10)
    sheet = described(figures)["计入明细"]
    column = sheet.blocks[0].columns[11]
    assert column.links is None
    assert column.formula == 'HYPERLINK("#{v}","{v}")'
    assert held(column)[0] == "项目台账!L4"
    assert all(column.sparse for column in sheet.blocks[0].columns)


@pytest.mark.parametrize(
    ("sheet", "said"), [("项目台账", "项目台账!L4"), ("7月 '草稿'", "'7月 ''草稿'''!L4")]
)
def test_a_linking_formula_quotes_the_sheets_that_need_it(figures, monkeypatch, sheet, said):
    monkeypatch.setattr(credit_rows, "LINK_LIMIT", 10)
    renamed = figures.credits.assign(sheet=figures.credits["sheet"].replace("项目台账", sheet))
    rows = described(replace(figures, credits=renamed))["计入明细"]
    assert held(rows.blocks[0].columns[11])[0] == said


def test_a_receipt_without_a_column_is_linked_as_a_row(figures):
    rowwise = described(replace(figures, credits=figures.credits.assign(column=0)))["计入明细"]
    first = figures.credits.iloc[0]
    assert (
        held(rowwise.blocks[0].columns[11])[0] == f"{first['sheet']}!{first['row']}:{first['row']}"
    )


def test_more_credits_than_a_sheet_has_rows_are_refused_at_once(figures, monkeypatch):
    monkeypatch.setattr(credit_rows, "ROOM", len(figures.credits) - 1)
    with pytest.raises(RequestError, match=r"XP702 .*计入明细.*--period"):
        result_sheets(figures)


def test_results_in_another_book_point_at_no_sheet_that_is_not_there(figures):
    sheets = described(replace(figures, beside=False))
    links = [c.link for sheet in sheets.values() for c in sheet.cells if c.link]
    links += [c.links for s in sheets.values() for b in s.blocks for c in b.columns if c.links]
    formulas = [cell.formula for sheet in sheets.values() for cell in sheet.cells]
    assert links == []
    assert not [formula for formula in formulas if "任务分解" in formula or "台账" in formula]


# 完成情况


@pytest.mark.parametrize("options", RULINGS)
def test_units_add_up_from_the_credit_rows_they_name(options):
    figures = sample.figures(**options)
    sheets = described(figures)
    rows = frame(sheets["计入明细"])
    written = cells(sheets["完成情况"])
    checked = 0
    for (row, column), figure in standing_cells(figures).items():
        if figure.column not in {"完成", "待定"} or figure.unit == "合计":
            continue
        head = "计入" if figure.column == "完成" else "待定"
        mine = rows[(rows["单位"] == figure.unit) & (rows["指标"] == figure.measure)]
        total = mine[head].astype(float).sum()
        assert float(written[row, column].value) == pytest.approx(total, abs=1e-9)
        assert written[row, column].formula.startswith("SUMIFS('计入明细'!$")
        checked += 1
    assert checked >= 2 * 22


@pytest.mark.parametrize("options", RULINGS)
def test_totals_count_each_joint_amount_once(options):
    figures = sample.figures(**options)
    rows = frame(described(figures)["计入明细"])
    grains = {measure.name: measure.grains for measure in figures.policy.measures}
    for total in figures.totals.to_dict("records"):
        within = rows["指标"] == total["measure"]
        column = "全区重复"
        if total["group"] in figures.policy.groups:
            within &= rows["类别"] == total["group"]
            column = "本类重复"
        mine = rows.loc[within, ["计入", column]].astype(float).sum()
        once = mine["计入"] - mine[column]
        exact = Fraction(int(total["distinct"]), grains[total["measure"]])
        assert once == pytest.approx(float(exact), abs=1e-9)


def test_a_joint_project_counted_in_full_by_both_sides_counts_once_in_the_area():
    figures = sample.figures(double_listing="both-full")
    area = figures.totals[figures.totals["measure"] == "协议资金"].iloc[-1]
    assert area["done"] > area["distinct"]


def test_no_target_is_a_dash_and_never_a_rate_or_a_rank(figures):
    written = cells(described(figures)["完成情况"])
    found = {
        figure.column: written[place].value
        for place, figure in standing_cells(figures).items()
        if figure.unit == "清溪园区" and figure.measure == "重大项目"
    }
    assert found["目标"] is None
    assert [found[head] for head in ("完成率", "序时进度", "序时差(百分点)", "位次")] == ["—"] * 4


def test_a_plain_target_is_a_live_link_and_a_worded_one_is_a_value(figures):
    written = cells(described(figures)["完成情况"])
    found = {
        (figure.unit, figure.measure): written[place]
        for place, figure in standing_cells(figures).items()
        if figure.column == "目标" and figure.group == "园区"
    }
    assert re.fullmatch(r"VALUE\('任务分解'!E\d+\)", found["白涛园区", "协议资金"].formula)
    assert found["涪陵新城区", "协议资金"].formula == ""
    assert found["涪陵新城区", "协议资金"].value == 160
    assert found["合计", "协议资金"].value == 580


def test_a_target_in_another_unit_of_money_is_no_link(figures):
    targets = figures.ledger.targets.copy()
    mark = (targets["unit"] == "白涛园区") & (targets["measure"] == "协议资金")
    targets.loc[mark, "text"] = "1500000"
    moved = replace(figures, ledger=replace(figures.ledger, targets=targets))
    written = cells(described(moved)["完成情况"])
    place = next(
        place
        for place, figure in standing_cells(moved).items()
        if figure == ("园区", "白涛园区", "协议资金", "目标")
    )
    assert (written[place].formula, written[place].value) == ("", 150)


def test_every_cell_of_a_row_says_what_it_is_about(figures):
    about = standing_cells(figures)
    written = cells(described(figures)["完成情况"])
    rows = {row for row, _ in about}
    assert rows == {row for row, _ in written if row >= 4}
    for row in rows:
        group, unit, measure, _ = about[row, 1]
        shown = "总计" if group == figures.policy.area else unit
        assert [written[row, c].value for c in (1, 2, 3)] == [group, shown, measure]


def test_units_left_out_of_the_ranking_do_not_count_as_ahead(figures):
    ranking = replace(figures.policy.ranking, left_out=("白涛园区",))
    sheet = described(replace(figures, policy=replace(figures.policy, ranking=ranking)))["完成情况"]
    ranks = [cell.formula for cell in sheet.cells if cell.column == 12 and cell.row >= 4]
    assert any('"<>白涛园区"' in formula for formula in ranks)


# 档次统计


def test_the_tier_summary_knows_what_its_cells_are_about(figures):
    about = standing_cells(figures, "档次统计")
    written = cells(described(figures)["档次统计"])
    done = figures.standings.set_index(["unit", "measure"])["done"]
    for place, (_, unit, measure, column) in about.items():
        if column == "完成" and unit != "合计":
            assert written[place].value * 10**6 == done.get((unit, measure), 0)


def test_projects_are_listed_with_the_condition_that_made_their_tier(figures):
    block = described(figures)["档次统计"].blocks[0]
    ids, tiers, because = (held(block.columns[at]) for at in (0, 3, 4))
    listed = dict(zip(ids, zip(tiers, because, strict=True), strict=True))
    assert listed["P002"] == ("重大", "投资额≥20亿元")
    assert listed["P003"] == ("较大", "投资额≥10亿元")
    assert listed["P004"] == ("重大", "年产值≥50亿元")
    assert listed["P007"] == ("较大", "年产值≥30亿元")
    assert listed["P014"] == ("一般", "行业为服务业且投资额≥500万元")
    assert listed["P015"] == ("未入档", None)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("output > 5亿元", "年产值＞5亿元"),
        ("investment >= 1亿元 且 output < 3亿元", "投资额≥1亿元且年产值＜3亿元"),
        ("", ""),
    ],
)
def test_conditions_are_said_in_chinese(said, shown):
    assert in_chinese(said) == shown


# 诊断


def test_errors_come_first_and_link_to_their_cell(figures):
    found = Diagnostics()
    found.add("XP104", Cell("项目台账", 5, 12), text="约3亿", qualifier="约数", value="3亿元")
    found.add("XP408", Clause("fuling-2021", "附件2备注2"), question="甲？", ruling="a")
    found.add("XP311", Cell("项目台账", 9, 1))
    block = described(replace(figures, diagnostics=found))["诊断"].blocks[0]
    assert held(block.columns[0]) == ["错误", "警告", "提示"]
    assert held(block.columns[1]) == ["XP311", "XP104", "XP408"]
    assert list(block.columns[2].links) == ["'项目台账'!A9", "'项目台账'!L5", ""]
    fills = [style.fill for style in block.columns[0].styles]
    assert len(set(fills)) == 3


def test_an_empty_list_says_that_nothing_was_found(figures):
    sheet = described(replace(figures, diagnostics=Diagnostics()))["诊断"]
    assert "未发现问题" in [cell.value for cell in sheet.cells]


# Nothing there at all


def test_a_book_without_projects_still_gets_its_sheets(figures):
    empty = Ledger(
        units=figures.ledger.units,
        targets=TARGETS.empty(),
        projects=figures.ledger.projects.iloc[:0],
        receipts=figures.ledger.receipts.iloc[:0],
    )
    nothing = replace(
        figures,
        credits=CREDITS.empty(),
        tiers=TIERS.empty(),
        standings=STANDINGS.empty(),
        totals=TOTALS.empty(),
        ledger=empty,
        settings=Settings(),
        as_of=date(2021, 3, 31),
    )
    sheets = described(nothing)
    assert sheets["计入明细"].blocks[0].height == 0
    assert standing_cells(nothing) == {}


# Laws


@st.composite
def amounts(draw):
    """Lines of several amounts: a whole, and units that are credited parts of it, or all of it."""
    rows = []
    for source in range(draw(st.integers(1, 4))):
        sign, whole = draw(st.sampled_from([1, -1])), draw(st.integers(1, 1000))
        for _ in range(draw(st.integers(1, 4))):
            part = draw(st.integers(0, whole))
            group = draw(st.sampled_from(["甲", "乙"]))
            rows.append(("协议资金", "项目台账", source, group, sign * part, sign * whole))
    order = draw(st.permutations(rows))
    return pd.DataFrame(order, columns=["measure", "sheet", "row", "group", "credit", "whole"])


@given(amounts(), st.sampled_from([(), ("group",)]))
def test_no_amount_counts_for_more_than_its_whole(lines, keys):
    amount = credit_rows.apart(credit_rows.amounts(lines), lines, keys)
    once = lines["credit"] - credit_rows.repeated(lines, amount)
    by = [lines[name] for name in ("row", *keys)]
    told = lines.assign(once=once).groupby(by)[["once", "credit", "whole"]]
    for _, amount in told:
        whole = amount["whole"].abs().max()
        assert abs(amount["once"].sum()) == min(abs(amount["credit"].sum()), whole)
        assert (amount["once"].abs() <= amount["credit"].abs()).all()


@given(st.integers(-(10**15), 10**15))
def test_money_is_shown_as_the_nearest_double(grains):
    assert grains / YI == float(Fraction(grains, YI))


def test_rows_are_as_high_as_their_longest_wrapped_text():
    heights = layout.row_heights(4, [["短", "长" * 11], ["一\n二\n三", ""], []], {1: 10, 2: 20})
    assert heights == {4: 35.0, 5: 50.0, 6: 20.0}
