"""Red and black lists: who is on them, what is open, what is missing."""

from dataclasses import replace
from fractions import Fraction

import pytest

from xlplan.model import BOARDS
from xlplan.policy import load_policy
from xlplan.policy.marks import Bound
from xlplan.policy.notices import Board, Near
from xlplan.policy.schema import Measure, Ranking, Statistic
from xlplan.progress.boards import board_frame
from xlplan.progress.standings import Standing
from xlplan.progress.targets import Aim

FUNDS = Measure("agreement", "协议资金", "agreement")
RECEIVED = Measure("received", "到位资金", "receipts")
DAYS = Measure(
    "days", "审批时间", "", kind="reported", better="lower", statistic=Statistic(unit="天")
)
GROWTH = Measure("growth", "增速", "", kind="growth", basis="level")
THREE_QUARTERS = Fraction(3, 4)
RATE = Bound("rate", ">=", Fraction(1), ">= 100%")


def standing(unit, done, target=100, *, measure=FUNDS, pending=0):
    """Values in the measure's unit; None = not known, or no target."""
    bound = "floor" if measure.better == "higher" else "ceiling"
    aim = None if target is None else Aim(round(Fraction(target) * measure.grains), bound)
    value = None if done is None else Fraction(done)
    pace = THREE_QUARTERS if measure.is_sum else None
    return Standing("园区", unit, measure, aim, value, round(pending * measure.grains), pace)


def judged(board, *standings):
    policy = replace(load_policy("fuling-2021"), boards=(board,), ranking=Ranking())
    frame = board_frame(standings, policy)
    return {
        (unit, measure): (state, because)
        for unit, measure, state, because in zip(
            *(frame[name] for name in ("unit", "measure", "state", "because")), strict=True
        )
    }


def states(board, *standings):
    found = judged(board, *standings)
    return {unit: state for (unit, _), (state, _) in found.items()}


def red(**rule):
    return Board("red", "红榜", "red", **rule)


def black(**rule):
    return Board("black", "黑榜", "black", **rule)


FIELD = (standing("甲", 90), standing("乙", 80), standing("丙", 80), standing("丁", 10))


@pytest.mark.parametrize(
    ("board", "listed"),
    [
        (red(top=1), {"甲"}),
        (red(top=2), {"甲", "乙", "丙"}),
        (red(top=3), {"甲", "乙", "丙"}),
        (black(bottom=1), {"丁"}),
        (black(bottom=2), {"丁", "乙", "丙"}),
        (red(when=(Bound("rate", ">=", Fraction(4, 5), ">= 80%"),)), {"甲", "乙", "丙"}),
        (red(when=(Bound("rate", ">", Fraction(4, 5), "> 80%"),)), {"甲"}),
        (black(when=(Bound("gap", "<", Fraction(-1, 10), "< -10个百分点"),)), {"丁"}),
        (red(when=(Bound("value", ">=", Fraction(85), ">= 85亿元"),)), {"甲"}),
        (red(when=(Bound("rank", "<=", Fraction(1), "<= 1名"),)), {"甲"}),
        (black(reached=("not",)), {"甲", "乙", "丙", "丁"}),
        (red(top=3, left_out=("甲",)), {"乙", "丙"}),
        (red(top=1, groups=("部门",)), set()),
        (red(top=1, measures=("到位资金",)), set()),
    ],
)
def test_a_list_holds_whom_its_whole_rule_fits(board, listed):
    assert set(states(board, *FIELD)) == listed
    assert set(states(board, *FIELD).values()) <= {"listed"}


def test_one_measure_that_fails_any_part_of_the_rule_is_not_listed():
    both = red(top=1, when=(RATE,))
    assert states(both, *FIELD) == {}
    assert states(both, standing("甲", 100), *FIELD[1:]) == {"甲": "listed"}


# What is pending


@pytest.mark.parametrize(
    ("units", "found"),
    [
        # its own pending amount would lift it
        ((standing("甲", 95, pending=10),), {"甲": "pending"}),
        # not even all of it would
        ((standing("甲", 80, pending=10),), {}),
        # it is there without it
        ((standing("甲", 100, pending=10),), {"甲": "listed"}),
        # a correction that would take it off again
        ((standing("甲", 100, pending=-1),), {"甲": "pending"}),
    ],
)
def test_a_unit_whose_own_pending_amount_would_change_the_verdict_is_open(units, found):
    assert states(red(when=(RATE,)), *units) == found


def test_what_others_have_pending_leaves_a_place_open():
    field = (standing("甲", 90), standing("乙", 80, pending=20), standing("丙", 10))
    assert states(red(top=1), *field) == {"甲": "pending", "乙": "pending"}
    said = judged(red(top=1), *field)
    assert said["乙", "协议资金"][1] == "另有待定 20亿元，是否计入会改变结论"
    assert said["甲", "协议资金"][1] == "本类别其他单位有待定数，位次未定"
    assert states(red(top=2), *field) == {"甲": "listed", "乙": "listed"}


def test_a_correction_that_is_pending_leaves_the_first_place_open_too():
    field = (standing("甲", 90, pending=-5), standing("乙", 80, pending=6), standing("丙", 10))
    assert states(red(top=1), *field) == {"甲": "pending", "乙": "pending"}


def test_a_figure_that_nobody_reported_is_open_and_one_without_a_target_is_no_concern():
    board = red(reached=("within",))
    days = {"measure": DAYS}
    field = (standing("甲", None, 45, **days), standing("乙", 40, 45, **days))
    assert states(board, *field) == {"甲": "pending", "乙": "listed"}
    assert states(board, standing("丙", None, None, measure=DAYS)) == {}
    assert "未报" in judged(board, *field)["甲", "审批时间"][1]


# Near misses


@pytest.mark.parametrize(
    ("board", "near", "text"),
    [
        (red(when=(RATE,)), Near(Fraction(1, 10)), "再有10亿元，完成率即达 100%"),
        (red(when=(RATE,)), Near(Fraction(9, 100)), None),
        (red(when=(RATE,)), Near(places=1), None),
        (
            red(when=(Bound("gap", ">=", Fraction(1, 5), ">= 20个百分点"),)),
            Near(Fraction(1, 10)),
            "再有5亿元，序时差即达 20个百分点",
        ),
        (
            red(when=(Bound("value", ">=", Fraction(92), ">= 92亿元"),)),
            Near(Fraction(1, 10)),
            "再有2亿元，完成数即达 92亿元",
        ),
        (
            black(when=(Bound("gap", "<", Fraction(1, 10), "< 10个百分点"),)),
            Near(Fraction(1, 10)),
            "序时差只比界限（低于10个百分点）高5个百分点",
        ),
        (
            black(when=(Bound("rank", ">", Fraction(1), "> 1名"),)),
            Near(places=1),
            "位次再降 1 位",
        ),
        (red(reached=("floor",)), Near(Fraction(1, 10)), "再有10亿元即达标"),
        (red(reached=("stretch",)), Near(Fraction(1, 2)), None),
        (red(reached=("stretch", "floor")), Near(Fraction(1, 2)), "再有10亿元即达标"),
    ],
)
def test_a_near_miss_says_what_is_missing(board, near, text):
    said = judged(replace(board, near=near), standing("甲", 90))
    assert said == ({} if text is None else {("甲", "协议资金"): ("near", text)})


def test_a_place_that_is_nearly_won_or_lost_is_told_in_the_measure_itself():
    said = judged(red(top=1, near=Near(places=1)), *FIELD)
    assert said["乙", "协议资金"] == ("near", "再有10亿元即追平第 1 名（现第 2 名）")
    assert ("丁", "协议资金") not in said
    said = judged(black(bottom=1, near=Near(places=1)), *FIELD)
    assert said["乙", "协议资金"] == ("near", "只比后 1 名多70亿元（现倒数第 2 名）")


def test_where_less_is_better_a_near_miss_asks_for_less():
    days = {"measure": DAYS}
    field = (standing("甲", 40, 45, **days), standing("乙", 42, 45, **days))
    said = judged(red(top=1, near=Near(places=1)), *field)
    assert said["甲", "审批时间"][0] == "listed"
    assert said["乙", "审批时间"] == ("near", "再减少2天即追平第 1 名（现第 2 名）")
    over = judged(
        red(reached=("within",), near=Near(Fraction(1, 5))), standing("丙", 50, 45, **days)
    )
    assert over["丙", "审批时间"] == ("near", "再减少5天即未超限")


def test_shares_are_told_in_points():
    growth = standing("甲", Fraction(9, 100), Fraction(12, 100), measure=GROWTH)
    said = judged(red(reached=("floor",), near=Near(Fraction(1, 2))), growth)
    assert said["甲", "增速"] == ("near", "再有3个百分点即达标")


def test_what_is_said_to_be_enough_is_enough():
    done = Fraction(200, 3)
    board = red(when=(RATE,), near=Near(Fraction(1, 2)))
    assert judged(board, standing("甲", done))["甲", "协议资金"][1].startswith("再有33.3334亿元")
    assert states(board, standing("甲", done + Fraction("33.3334"))) == {"甲": "listed"}


# Several measures


def test_a_list_may_ask_for_several_measures_and_names_a_unit_once():
    board = red(when=(RATE,), at_least=2, near=Near(Fraction(1, 10)))
    field = [
        standing("甲", 100),
        standing("甲", 100, measure=RECEIVED),
        standing("乙", 100),
        standing("乙", 95, measure=RECEIVED, pending=5),
        standing("丙", 100),
        standing("丙", 95, measure=RECEIVED),
        standing("丁", 100),
        standing("丁", 20, measure=RECEIVED),
    ]
    said = judged(board, *field)
    assert said == {
        ("甲", "协议资金、到位资金"): ("listed", "2 项符合"),
        ("乙", "协议资金、到位资金"): (
            "pending",
            "1 项符合；到位资金：另有待定 5亿元，是否计入会改变结论",
        ),
        ("丙", "协议资金、到位资金"): (
            "near",
            "1 项符合；到位资金：再有5亿元，完成率即达 100%",
        ),
    }


def test_the_frame_is_as_documented():
    policy = replace(load_policy("fuling-2021"), boards=(red(top=1),))
    frame = board_frame(FIELD, policy)
    assert {name: str(frame[name].dtype) for name in frame} == {
        column.name: column.dtype for column in BOARDS.columns
    }
    assert frame.loc[0, ["value", "rate", "rank"]].tolist() == [90, Fraction(9, 10), 1]
