"""Pace, gap, rank and what is reached: of sums, ceilings, levels and reported figures."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from xlplan.model import CREDITS, PROJECTS, READINGS, RECEIPTS, TARGETS, UNITS, Ledger
from xlplan.policy import Pace, Ranking, load_policy
from xlplan.policy.schema import Measure, Statistic
from xlplan.progress import Counted, progress
from xlplan.quantity import Year, parse_period

FUNDS = Measure("agreement", "协议资金", "agreement")
LATE = replace(FUNDS, id="late", name="迟报资金", lag=1)
DAYS = Measure(
    "days", "审批时间", "", kind="reported", better="lower", basis="level",
    statistic=Statistic(unit="天"),
)  # fmt: skip
GROWTH = Measure("growth", "增速", "", kind="growth", basis="level")
OUTPUT = Measure("output", "产值", "", kind="reported", statistic=Statistic(unit="亿元"))
LAW = replace(
    load_policy("fuling-2021"),
    measures=(FUNDS, LATE, DAYS, GROWTH, OUTPUT),
    tables=(),
    targets=(),
)
NAMES = {measure.name: measure for measure in LAW.measures}


def grains(name, value):
    return int(Fraction(value) * NAMES[name].grains)


def ledger(*targets):
    """Targets as (unit, measure, period, bound, value in the unit, basis)."""
    rows = [
        ("园区", unit, name, period, bound, "", grains(name, value), "", "目标", at, 4, basis)
        for at, (unit, name, period, bound, value, basis) in enumerate(targets, 2)
    ]
    units = sorted({unit for unit, *_ in targets} - {"合计"})
    register = UNITS.of(
        {
            "unit": units,
            "group": ["园区"] * len(units),
            "aliases": [()] * len(units),
            "valid_from": [None] * len(units),
            "valid_to": [None] * len(units),
            "sheet": ["单位"] * len(units),
            "row": list(range(2, 2 + len(units))),
        }
    )
    frame = TARGETS.of({name: [row[n] for row in rows] for n, name in enumerate(TARGETS.names)})
    return Ledger(register, frame, PROJECTS.empty(), RECEIPTS.empty())


def readings(**values):
    """One reading of 甲 for each measure; None = not reported."""
    plain = {
        "group": "园区", "unit": "甲", "period": "2021", "numerator": None, "denominator": None,
        "part_unit": "", "state": "settled", "because": "", "rule": "", "clause": "",
        "sheet": "统计数据", "row": 2, "column": 4,
    }  # fmt: skip
    rows = [plain | {"measure": name, "value": value} for name, value in values.items()]
    return READINGS.of({name: [row[name] for row in rows] for name in READINGS.names})


def credits_(*pairs):
    """Settled credits as (unit, measure, value)."""
    rows = [
        {
            "project": f"P{n}", "name": "", "unit": unit, "group": "园区", "role": "lead",
            "measure": name, "date": "2021-03-01", "amount": 0, "weight_num": 1, "weight_den": 1,
            "share_num": 1, "share_den": 1, "credit": grains(name, value),
            "pending": 0, "whole": 0, "state": "settled", "rule": "", "clause": "", "ruling": "",
            "sheet": "项目台账", "row": n, "column": 5, "foreign": None,
        }
        for n, (unit, name, value) in enumerate(pairs, 2)
    ]  # fmt: skip
    return CREDITS.of({name: [row[name] for row in rows] for name in CREDITS.names})


def standing(law, books, counted, name="协议资金", *, as_of=date(2021, 9, 30)):
    """The standing of 甲."""
    found = progress(counted, books, law, law.period_named("2021"), as_of)
    return found.standings.set_index(["unit", "measure"]).loc[("甲", name)].to_dict()


TEN = [("甲", "协议资金", "2021", "floor", 10, "flow")]
FIVE = credits_(("甲", "协议资金", 5))


# Pace


@pytest.mark.parametrize(
    ("pace", "expected"),
    [
        (Pace("months"), "3/4"),
        (Pace("days"), "273/365"),
        (Pace("schedule", tuple(Fraction(n, 10) for n in (1, 3, 6, 10))), "3/5"),
        (Pace("none"), None),
    ],
)
def test_the_pace_is_of_the_declared_kind_for_all_or_for_one_measure(pace, expected):
    wanted = None if expected is None else Fraction(expected)
    for law in (
        replace(LAW, pace=pace),
        replace(LAW, pace=Pace("days"), paces=(replace(pace, measures=("协议资金",)),)),
    ):
        found = standing(law, ledger(*TEN), Counted(FIVE))
        assert found["pace"] == wanted
        assert found["gap"] == (None if wanted is None else Fraction(1, 2) - wanted)
        assert found["rate"] == Fraction(1, 2)


QUARTERS = [
    ("甲", "协议资金", f"2021Q{n}", "floor", value, "flow")
    for n, value in enumerate((1, 2, 3, 4), 1)
]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2021-03-30", 0), ("2021-03-31", 1), ("2021-09-30", 6), ("2022-01-01", 10)],
)
def test_a_pace_by_the_quarters_targets_is_what_is_due_by_then(as_of, expected):
    law = replace(LAW, pace=Pace("targets"))
    found = standing(law, ledger(*TEN, *QUARTERS), Counted(FIVE), as_of=date.fromisoformat(as_of))
    assert found["pace"] == Fraction(expected, 10)


def test_quarters_that_are_levels_say_it_alone():
    law = replace(LAW, pace=Pace("targets"))
    levels = [(*row[:4], sum(range(1, n + 1)), "level") for n, row in enumerate(QUARTERS, 1)]
    assert standing(law, ledger(*TEN, *levels), Counted(FIVE))["pace"] == Fraction(6, 10)


def test_without_all_four_quarters_there_is_no_pace_and_it_is_said():
    law = replace(LAW, pace=Pace("targets"))
    books = ledger(*TEN, *QUARTERS[:3])
    found = progress(Counted(FIVE), books, law, parse_period("2021"), date(2021, 9, 30))
    assert found.standings["pace"].tolist() == [None]
    assert [(one.code, str(one.place)) for one in found.diagnostics] == [("XP522", "目标!D2")]


def test_a_measure_that_is_reported_late_is_measured_by_its_own_day():
    target = [("甲", "迟报资金", "2021", "floor", 10, "flow")]
    found = standing(LAW, ledger(*target), Counted(credits_(("甲", "迟报资金", 5))), "迟报资金")
    assert found["pace"] == Fraction(8, 12)


def test_an_assessment_year_of_its_own_starts_its_own_months():
    law = replace(LAW, year=Year(12, "end"))
    assert standing(law, ledger(*TEN), Counted(FIVE))["pace"] == Fraction(10, 12)


# What is reached


@pytest.mark.parametrize(
    ("done", "bounds", "expected"),
    [
        (9, {"floor": 10}, "not"),
        (10, {"floor": 10}, "floor"),
        (11, {"floor": 10, "stretch": 12}, "floor"),
        (12, {"floor": 10, "stretch": 12}, "stretch"),
        (12, {"stretch": 12}, "floor"),
        (12, {"ceiling": 12}, "within"),
        (13, {"ceiling": 12}, "over"),
        (13, {"floor": 10, "ceiling": 12}, "floor"),
    ],
)
def test_what_is_reached_is_told_by_the_bounds(done, bounds, expected):
    targets = [("甲", "协议资金", "2021", bound, value, "flow") for bound, value in bounds.items()]
    found = standing(LAW, ledger(*targets), Counted(credits_(("甲", "协议资金", done))))
    assert found["reached"] == expected


def test_a_ceiling_has_no_rate_no_pace_and_no_gap():
    targets = [("甲", "审批时间", "2021", "ceiling", 45, "level")]
    counted = Counted(CREDITS.empty(), readings(审批时间=Fraction(40)))
    found = standing(LAW, ledger(*targets), counted, "审批时间")
    assert [found[name] for name in ("rate", "pace", "gap")] == [None] * 3
    assert (found["reached"], found["rank"], found["bound"]) == ("within", 1, "ceiling")


def test_a_value_that_nobody_reported_is_not_known_and_never_zero():
    targets = [("甲", "增速", "2021", "floor", "0.12", "level")]
    counted = Counted(CREDITS.empty(), readings(增速=None))
    found = standing(LAW, ledger(*targets), counted, "增速")
    assert [found[name] for name in ("value", "rate", "gap", "reached")] == [None, None, None, ""]
    assert pd.isna(found["done"])
    assert pd.isna(found["rank"])


# Gaps of what is no flow


def test_a_growth_is_short_of_its_target_by_points_and_by_a_share_of_it():
    targets = [("甲", "增速", "2021", "floor", "0.12", "level")]
    counted = Counted(CREDITS.empty(), readings(增速=Fraction(9, 100)))
    found = standing(LAW, ledger(*targets), counted, "增速")
    assert (found["rate"], found["pace"]) == (Fraction(3, 4), None)
    assert found["gap"] == Fraction(-3, 100)


def test_a_level_of_a_sum_has_no_pace_and_its_gap_is_to_the_target_itself():
    targets = [("甲", "协议资金", "2021", "floor", 10, "level")]
    found = standing(LAW, ledger(*targets), Counted(FIVE))
    assert (found["pace"], found["gap"]) == (None, Fraction(-1, 2))


def test_a_reported_flow_goes_with_the_pace():
    targets = [("甲", "产值", "2021", "floor", 10, "flow")]
    counted = Counted(CREDITS.empty(), readings(产值=Fraction(8)))
    found = standing(LAW, ledger(*targets), counted, "产值")
    assert (found["pace"], found["gap"]) == (Fraction(3, 4), Fraction(1, 20))


# Ranks


def ranked(ranking, *units, name="协议资金", bound="floor"):
    """Ranks of units given as (unit, target or None, value)."""
    targets = [
        (unit, name, "2021", bound, aim, "flow") for unit, aim, _ in units if aim is not None
    ]
    books = ledger(*targets)
    counted = Counted(credits_(*((unit, name, value) for unit, _, value in units)))
    law = replace(LAW, rankings=(replace(ranking, measures=(name,)),))
    found = progress(counted, books, law, parse_period("2021"), date(2021, 9, 30)).standings
    return {
        unit: None if str(rank) == "<NA>" else int(rank)
        for unit, rank in zip(found["unit"], found["rank"], strict=True)
    }


def test_a_measure_is_ranked_by_what_the_policy_says_of_it():
    units = (("甲", 10, 5), ("乙", 100, 40), ("丙", None, 60))
    assert ranked(Ranking(by="rate"), *units) == {"甲": 1, "乙": 2, "丙": None}
    assert ranked(Ranking(by="gap"), *units) == {"甲": 1, "乙": 2, "丙": None}
    assert ranked(Ranking(by="value"), *units) == {"甲": 3, "乙": 2, "丙": 1}
    left = Ranking(by="value", left_out=("丙",), reason="另行考核")
    assert ranked(left, *units) == {"甲": 2, "乙": 1, "丙": None}


def test_a_ceiling_on_what_should_grow_ranks_nobody():
    assert ranked(Ranking(), ("甲", 10, 5), ("乙", 10, 6), bound="ceiling") == {
        "甲": None,
        "乙": None,
    }


# Totals


def test_the_total_of_a_statistic_is_its_own_reading_and_never_an_average():
    targets = [
        ("甲", "增速", "2021", "floor", "0.12", "level"),
        ("合计", "增速", "2021", "floor", "0.1", "level"),
    ]
    own = readings(增速=Fraction(9, 100))
    total = own.assign(unit="合计", value=[Fraction(11, 100)])
    both = pd.concat([own, total], ignore_index=True)
    period, counted = parse_period("2021"), Counted(CREDITS.empty(), both)
    found = progress(counted, ledger(*targets), LAW, period, date(2021, 9, 30))
    row = found.totals.set_index(["group", "measure"]).loc[("园区", "增速")].to_dict()
    assert (row["value"], row["reached"], row["gap"]) == (
        Fraction(11, 100),
        "floor",
        Fraction(1, 100),
    )
    assert pd.isna(row["distinct"])
    area = found.totals.set_index(["group", "measure"]).loc[(LAW.area, "增速")]
    assert area["value"] is None
