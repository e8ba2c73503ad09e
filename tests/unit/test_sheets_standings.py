"""完成情况 of measures of every kind: LibreOffice finds the same figures as the cells carry."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from support import grids, office

import xlplan

CASES = Path(__file__).parents[1] / "cases" / "diagnostics"
MORE_TARGETS = """东园 | 到位资金 | 2021Q4 | 1
西园 | 审批时间 | 2021 | 45个工作日以内
西园 | 税收增速 | 2021 | 10%，力争15%
西园 | 到位资金 | 2021 | 2亿元，力争2.5亿元
"""
MORE_FIGURES = """东园 | 审批时间 | 2021Q3 | 40 | | 个工作日
西园 | 审批时间 | 2021Q3 | 47 | | 个工作日
西园 | 税收 | 2021Q1 | 1 | 1 | 亿元
西园 | 税收 | 2021Q2 | 1 | 1 | 亿元
西园 | 税收 | 2021Q3 | 1.36 | 1 | 亿元
"""
MORE_RECEIPTS = """P003 | 2021-09-01 | 1.5
P004 | 2021-09-01 | 2.5
"""
RANKINGS = {
    "as it is": "",
    "by value and gap": """
[[ranking_of]]
measures = ["协议资金", "审批时间"]
by = "value"
ties = "dense"
left_out = ["民政局"]
left_out_reason = "另行考核"
clause = "附件1"

[[ranking_of]]
measures = ["大项目", "税收增速"]
by = "gap"
clause = "附件1"
""",
    "dense": """
[[ranking_of]]
measures = ["协议资金", "审批时间", "税收增速"]
ties = "dense"
clause = "附件1"
""",
    "by days, without a pace for one": """
[[pace_of]]
measures = ["协议资金"]
kind = "none"
clause = "附件1"

[[pace_of]]
measures = ["大项目"]
kind = "days"
clause = "附件1"
""",
}


@pytest.fixture(params=RANKINGS, scope="module")
def written(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("standings")
    text = (CASES / "完好.txt").read_text(encoding="utf-8")
    for more in (MORE_TARGETS, MORE_FIGURES, MORE_RECEIPTS):
        first = more.splitlines(keepends=True)[0]
        assert first in text
        text = text.replace(first, more)
    law = (CASES / "示例.toml").read_text(encoding="utf-8") + RANKINGS[request.param]
    (folder / "示例.toml").write_text(law, encoding="utf-8")
    book = xlplan.open_book(grids.write(grids.book(text), folder / "甲.xlsx"))
    result = xlplan.recalculate(book, policy=folder / "示例.toml")
    book.put(result.sheets)
    book.save()
    return folder / "甲.xlsx", result


def rows_of(path):
    with CalamineWorkbook.from_path(path) as book:
        return book.get_sheet_by_name("完成情况").to_python(skip_empty_area=False)


def found(rows, unit, measure):
    heads = rows[2]
    row = next(row for row in rows if row[1:3] == [unit, measure])
    return dict(zip(heads, row, strict=True))


@pytest.mark.office
def test_a_hard_recalculation_changes_nothing(written):
    path, _ = written
    before, after = rows_of(path), rows_of(office.recalculated(path))
    assert len(before) == len(after) > 20
    for ours, theirs in zip(before, after, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            if isinstance(one, float):
                assert other == pytest.approx(one, abs=1e-9), ours
            else:
                assert other == one, ours


def test_a_ceiling_a_growth_and_a_stretch_are_told_as_what_they_are(written):
    rows = rows_of(written[0])
    assert found(rows, "东园", "审批时间")["达标"] == "未超限"
    over = found(rows, "西园", "审批时间")
    assert (over["达标"], over["完成率"], over["序时差(百分点)"]) == ("超限", "—", "—")
    growth = found(rows, "西园", "税收增速")
    assert growth["完成"] == pytest.approx(0.12)
    assert (growth["力争"], growth["达标"], growth["序时进度"]) == (0.15, "达标", "—")
    assert growth["序时差(百分点)"] == pytest.approx(2)
    assert found(rows, "西园", "到位资金")["达标"] == "力争完成"


def test_a_unit_that_is_left_out_of_the_ranking_says_so(written):
    path, result = written
    left = result.figures.policy.ranking_of("协议资金").left_out
    place = found(rows_of(path), "民政局", "协议资金")["位次"]
    assert place == ("不排名" if left else 2)


def test_the_smaller_figure_comes_first_where_less_is_better(written):
    rows = rows_of(written[0])
    assert found(rows, "东园", "审批时间")["位次"] == 1
    assert found(rows, "西园", "审批时间")["位次"] == 2
