"""Statistics: rates over cohorts, reported figures, growth, ratios and ranks; never a silent 0."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from support.ledgers import Project, Receipt, ledger_of, reported_of, yi

from xlplan.crediting import credit
from xlplan.policy import parse_policy
from xlplan.statistics import statistics

POLICY = """
[policy]
id = "sound"
title = "示例方案"
issued = 2022-07-10
area = "示例区"
period = "2023"
bulletin = "quarter"
assessment = "year"
groups = ["园区", "部门"]
statuses = ["签约", "开工", "投产"]
levels = ["省级", "市级"]

[clauses]
"附件" = "目标"

[[measure]]
id = "received"
name = "到位资金"
amount = "receipts"

[[measure]]
id = "started"
name = "开工率"
kind = "rate"
counts_for = "lead"
clause = "附件"
  [measure.cohort]
  period = "previous-year"
  where = { levels = ["省级"] }
  [measure.counted]
  dated_by = "started"
  where = { statuses = ["开工", "投产"] }

[[measure]]
id = "paid"
name = "到位率"
kind = "rate"
counts_for = "all-units"
clause = "附件"
  [measure.cohort]
  amount = "agreement"
  period = "year"
  [measure.counted]
  amount = "receipts"

[[measure]]
id = "days"
name = "审批时间"
kind = "reported"
unit = "个工作日"
basis = "level"
better = "lower"
clause = "附件"

[[measure]]
id = "tax"
name = "税收"
kind = "reported"
unit = "亿元"
clause = "附件"

[[measure]]
id = "growth"
name = "税收增速"
kind = "growth"
of = "税收"
clause = "附件"

[[measure]]
id = "received-growth"
name = "到位增速"
kind = "growth"
of = "到位资金"
clause = "附件"

[[measure]]
id = "share"
name = "税收比重"
kind = "ratio"
numerator = "税收"
denominator = "到位资金"
clause = "附件"

[[measure]]
id = "place"
name = "排名"
kind = "rank"
clause = "附件"

[[weight]]
id = "weight"
measures = "all"
share = "100%"
clause = "附件"

[[split]]
id = "split"
measures = "all"
partners = ">=0"
lead = "100%"
cooperating = "0%"
clause = "附件"

[[unit]]
name = "东园"
group = "园区"

[[unit]]
name = "西园"
group = "园区"

[[unit]]
name = "商务局"
group = "部门"

[[table]]
group = "园区"
title = "园区"
period = "2023"
clause = "附件"
measures = ["开工率", "审批时间", "税收", "税收增速", "排名"]
heads = [["开工率", ""], ["审批时间", ""], ["税收", ""], ["税收增速", ""], ["排名", ""]]
rows = [["东园", "80%", "≤45个工作日", "3亿元以上", "12%，力争15%", "前3名"]]
"""

LAW = parse_policy(POLICY, "sound")
WHOLE = parse_policy(
    POLICY
    + """
[[measure]]
id = "gdp"
name = "GDP"
kind = "reported"
unit = "亿元"
clause = "附件"

[[table]]
group = "示例区"
title = "全区"
period = "2023"
clause = "附件"
measures = ["GDP"]
heads = [["GDP", ""]]
total = ["合计", "20亿元"]
""",
    "sound",
)
AS_OF = date(2023, 9, 30)
LAST_YEAR = date(2022, 5, 1)


def computed(projects=(), receipts=(), rows=(), as_of=AS_OF, period="2023"):
    return computed_by(LAW, ledger_of(LAW, projects, receipts), rows, as_of, period)


def computed_by(law, ledger, rows=(), as_of=AS_OF, period="2023"):
    ledger = replace(ledger, reported=reported_of(law, rows))
    when = law.period_named(period)
    credits_ = credit(ledger, law, when, as_of).credits
    return statistics(credits_, ledger, law, when, as_of)


def value(found, unit, measure, group=None):
    frame = found.readings
    rows = frame[(frame["unit"] == unit) & (frame["measure"] == measure)]
    rows = rows if group is None else rows[rows["group"] == group]
    assert len(rows) == 1, rows
    return rows.iloc[0]["value"]


def codes(found):
    return [one.code for one in found.diagnostics]


def signed(name, lead="东园", **said):
    given = {"level": "省级", "status": "签约", "signed": LAST_YEAR} | said
    return Project(name, lead, **given)


def started(name, lead="东园", day=date(2023, 3, 1), **said):
    return signed(name, lead, status="开工", started=day, **said)


def test_a_rate_divides_what_is_counted_by_the_cohort_of_the_year_before():
    projects = [
        started("P1"),
        signed("P2"),
        started("P3", level="市级"),
        started("P4", signed=date(2023, 2, 1)),
        started("P5", "西园"),
    ]
    found = computed(projects)
    assert value(found, "东园", "开工率") == Fraction(1, 2)
    assert value(found, "西园", "开工率") == 1
    assert value(found, "合计", "开工率", "园区") == Fraction(2, 3)
    assert value(found, "合计", "开工率", "示例区") == Fraction(2, 3)
    mine = found.cohorts[found.cohorts["measure"] == "开工率"]
    assert mine["project"].tolist() == ["P1", "P2", "P5"]
    assert mine["because"].tolist()[1] == "未计：状态签约、开工日期空白"


def test_a_project_counts_from_the_day_that_dates_it_on():
    late = [started("P1", day=date(2023, 10, 1))]
    assert value(computed(late), "东园", "开工率") == 0
    assert value(computed(late, as_of=date(2023, 10, 1)), "东园", "开工率") == 1


def test_an_empty_cohort_gives_no_rate_and_is_said_never_0():
    found = computed()
    assert value(found, "东园", "开工率") is None
    assert codes(found).count("XP326") == 1


def test_a_blank_cell_that_decides_is_said_at_its_cell_and_the_project_does_not_count():
    found = computed([started("P1"), replace(started("P2"), status=""), signed("P3", level="")])
    assert value(found, "东园", "开工率") == Fraction(1, 2)
    said = [one.message() for one in found.diagnostics if one.code == "XP309"]
    assert said == ["缺少督办级别：P3", "缺少状态：P2"]


def test_a_rate_of_money_is_in_for_each_unit_and_its_totals_count_a_project_once():
    projects = [
        Project("P1", "东园", ("西园",), agreement=yi("4"), signed=date(2023, 2, 1)),
        Project("P2", "商务局", ("东园",), agreement=yi("6"), signed=date(2023, 2, 1)),
    ]
    receipts = [Receipt("P1", yi("1"), date(2023, 3, 1)), Receipt("P2", yi("9"), date(2023, 10, 1))]
    found = computed(projects, receipts)
    assert value(found, "东园", "到位率") == Fraction(1, 10)
    assert value(found, "西园", "到位率") == Fraction(1, 4)
    assert value(found, "商务局", "到位率") == 0
    assert value(found, "合计", "到位率", "园区") == Fraction(1, 10)
    assert value(found, "合计", "到位率", "示例区") == Fraction(1, 10)


QUARTERS = (("东园", "税收", "2023Q1", "1"), ("东园", "税收", "2023Q2", "1.5"))


@pytest.mark.parametrize(
    ("rows", "expected", "code"),
    [
        ((("东园", "税收", "2023", "3"), *QUARTERS), "3", None),
        ((*QUARTERS, ("东园", "税收", "2023Q3", "0.5")), "3", None),
        (QUARTERS, "2.5", "XP324"),
        ((("东园", "税收", "2023H1", "2"), *QUARTERS, ("东园", "税收", "2023Q3", "1")), "3", None),
        ((QUARTERS[0], ("东园", "税收", "2023Q3", "1")), None, "XP323"),
        ((("东园", "税收", "2023Q2", "1"),), None, "XP323"),
        ((("东园", "税收", "2022", "9"),), None, "XP322"),
        ((), None, "XP322"),
    ],
)
def test_a_flow_is_the_whole_period_or_its_parts_without_a_hole(rows, expected, code):
    found = computed(rows=rows)
    assert value(found, "东园", "税收") == (None if expected is None else Fraction(expected))
    about = [
        one.code
        for one in found.diagnostics
        if one.code in ("XP322", "XP323", "XP324") and re.search("税收(?!增速|比重)", one.message())
    ]
    assert about == ([code] if code else [])


@pytest.mark.parametrize(
    ("quarters", "as_of", "is_said"),
    [
        (("1", "1"), date(2023, 6, 30), False),
        (("1", "2"), date(2023, 6, 30), True),
        (("1", "2"), date(2023, 7, 1), False),  # the year may hold more than the quarters by then
    ],
)
def test_a_year_that_is_not_the_sum_of_its_parts_counts_as_reported_and_is_said(
    quarters, as_of, is_said
):
    rows = [("东园", "税收", f"2023Q{n}", value) for n, value in enumerate(quarters, 1)]
    found = computed(rows=[("东园", "税收", "2023", "2"), *rows], as_of=as_of)
    assert value(found, "东园", "税收") == 2
    said = [one.message() for one in found.diagnostics if one.code == "XP327"]
    assert ("东园 税收：2023 报 2，其中各期相加是 3" in said) is is_said


def test_a_level_is_the_latest_of_the_period_not_a_sum():
    rows = [("东园", "审批时间", "2023Q1", "50"), ("东园", "审批时间", "2023Q2", "40")]
    assert value(computed(rows=rows), "东园", "审批时间") == 40
    assert value(computed(rows=rows, as_of=date(2023, 3, 31)), "东园", "审批时间") == 50
    assert value(computed(rows=rows, period="2023Q1"), "东园", "审批时间") == 50


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("东园", "税收", "2023", "2.8", "2.5")], "0.12"),
        ([("东园", "税收", "2023", "2.8"), ("东园", "税收", "2022", "2.5")], "0.12"),
        (
            [
                ("东园", "税收", "2023Q1", "1", "1"),
                ("东园", "税收", "2023Q2", "2"),
                ("东园", "税收", "2022Q2", "1"),
            ],
            "0.5",
        ),
        ([("东园", "税收", "2023", "2", "2.5")], "-0.2"),
        ([("东园", "税收增速", "2023Q2", "0.09")], "0.09"),
    ],
)
def test_growth_is_over_last_years_base_beside_it_or_in_its_own_row(rows, expected):
    assert value(computed(rows=rows), "东园", "税收增速") == Fraction(expected)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("东园", "税收", "2023", "2")], "没有上年同期"),
        ([("东园", "税收", "2023", "2", "0")], "零或负数"),
        ([("东园", "税收", "2023", "2", "-1")], "零或负数"),
    ],
)
def test_growth_without_a_sound_base_is_not_known_and_says_why(rows, reason):
    found = computed(rows=rows)
    assert value(found, "东园", "税收增速") is None
    said = [one for one in found.diagnostics if one.code == "XP325"]
    assert len(said) == 1
    assert reason in said[0].message()


def test_growth_of_a_sum_takes_its_base_from_the_ledger_up_to_the_same_day():
    projects = [Project("P1", "东园", signed=date(2022, 1, 5))]
    receipts = [
        Receipt("P1", yi("2"), date(2022, 9, 30)),
        Receipt("P1", yi("9"), date(2022, 10, 1)),
        Receipt("P1", yi("3"), date(2023, 9, 30)),
    ]
    found = computed(projects, receipts)
    assert value(found, "东园", "到位增速") == Fraction(1, 2)
    other = computed(projects, receipts, rows=[("东园", "到位资金", "2022", "1")])
    assert value(other, "东园", "到位增速") == 2


def test_a_ratio_divides_and_over_nothing_is_not_known():
    projects = [Project("P1", "东园", signed=date(2022, 1, 5))]
    receipts = [Receipt("P1", yi("10"), date(2023, 5, 1))]
    rows = [("东园", "税收", "2023", "3")]
    assert value(computed(projects, receipts, rows), "东园", "税收比重") == Fraction(3, 10)
    without = computed(rows=rows)
    assert value(without, "东园", "税收比重") is None
    assert "XP326" in codes(without)


def test_totals_add_up_what_adds_up_and_growth_divides_the_sums():
    rows = [("东园", "税收", "2023", "3", "2"), ("西园", "税收", "2023", "1", "2")]
    found = computed(rows=[*rows, ("东园", "审批时间", "2023", "40")])
    assert value(found, "合计", "税收", "园区") == 4
    assert value(found, "合计", "税收增速", "园区") == 0
    assert value(found, "东园", "税收增速") == Fraction(1, 2)
    frame = found.readings
    totals = frame[(frame["unit"] == "合计") & (frame["measure"] == "审批时间")]
    assert totals["value"].isna().all()


def test_a_reported_total_is_not_added_up_again():
    rows = [("东园", "税收", "2023", "3"), ("合计", "税收", "2023", "10")]
    assert value(computed(rows=rows), "合计", "税收", "示例区") == 10


def test_what_is_reported_of_the_area_alone_is_its_reading_and_no_units():
    found = computed_by(WHOLE, ledger_of(WHOLE), [("合计", "GDP", "2023H1", "10")])
    assert value(found, "合计", "GDP", "示例区") == 10
    frame = found.readings
    assert set(frame.loc[frame["measure"] == "GDP", "group"]) == {"示例区"}


def test_a_target_of_the_area_alone_waits_for_its_figure_and_says_so():
    found = computed_by(WHOLE, ledger_of(WHOLE))
    assert value(found, "合计", "GDP", "示例区") is None
    said = [one.message() for one in found.diagnostics if one.code == "XP322"]
    assert [line for line in said if "GDP" in line and "示例区合计" in line]


def test_an_area_without_target_and_figure_has_no_reading():
    frame = computed_by(WHOLE, ledger_of(WHOLE), period="2022").readings
    assert "GDP" not in set(frame["measure"])


def test_targets_of_statistics_keep_their_own_unit_bound_and_stretch():
    said = {(one.measure, one.bound): one.value for one in LAW.targets}
    assert said == {
        ("开工率", "floor"): 800_000,
        ("审批时间", "ceiling"): 45_000_000,
        ("税收", "floor"): 30_000_000_000,
        ("税收增速", "floor"): 120_000,
        ("税收增速", "stretch"): 150_000,
        ("排名", "ceiling"): 3_000_000,
    }


def test_a_policy_without_statistics_has_no_readings():
    law = replace(LAW, measures=LAW.sums)
    ledger, when = ledger_of(law), law.period_named("2023")
    found = statistics(credit(ledger, law, when, AS_OF).credits, ledger, law, when, AS_OF)
    assert found.readings.empty
    assert isinstance(found.cohorts, pd.DataFrame)


COMBINED = """
[[measure]]
id = "factored"
name = "折算合计"
kind = "combined"
unit = "亿元"
terms = [["到位资金", "120%"], ["税收", "1/3"]]
clause = "附件"

[[weight]]"""


def test_a_combined_figure_is_exact_and_its_total_is_combined_from_totals(monkeypatch):
    law = parse_policy(POLICY.replace("[[weight]]", COMBINED.lstrip(), 1), "sound")
    monkeypatch.setitem(globals(), "LAW", law)
    paid = [Receipt("P1", yi("0.5"), date(2023, 3, 1)), Receipt("P2", yi("1"), date(2023, 3, 1))]
    of_tax = [("东园", "税收", "2023", "1"), ("西园", "税收", "2023", "2")]
    found = computed([signed("P1"), signed("P2", "西园")], paid, of_tax)
    assert value(found, "东园", "折算合计") == Fraction(3, 5) + Fraction(1, 3)
    assert value(found, "合计", "折算合计", "园区") == Fraction(9, 5) + 1


def test_a_combined_figure_is_not_known_while_one_of_its_terms_is_not(monkeypatch):
    law = parse_policy(POLICY.replace("[[weight]]", COMBINED.lstrip(), 1), "sound")
    monkeypatch.setitem(globals(), "LAW", law)
    found = computed([signed("P1")], [Receipt("P1", yi("0.5"), date(2023, 3, 1))])
    assert value(found, "东园", "折算合计") is None
    rows = found.readings[found.readings["measure"] == "折算合计"]
    assert "税收" in rows.iloc[0]["because"]
