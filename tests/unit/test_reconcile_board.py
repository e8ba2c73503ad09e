"""The board: who handed in what, which of it counts, and of two files which is later."""

from datetime import UTC, date, datetime

import pytest
from support import handed_in

from xlplan.policy import load_policy
from xlplan.quantity import parse_period
from xlplan.reconciling import Entry, Submission
from xlplan.reconciling.board import Call, board

POLICY = load_policy(handed_in.POLICY)
UNITS = ("东园", "西园")
EVENING = datetime(2021, 10, 1, 18, tzinfo=UTC)
MORNING = EVENING.replace(hour=6)


def handed(file, unit="东园", names=("甲",), **more):
    entries = tuple(Entry(file, "表", row, name=name) for row, name in enumerate(names, 4))
    return Submission(file, "", unit, "cell", entries=entries, **more)


def told(*submissions, due=None, period="2021Q3"):
    call = Call(UNITS, POLICY, parse_period(period), due)
    return {row.file or row.unit: row for row in board(submissions, call).rows}


def states(rows):
    return {name: row.states for name, row in rows.items()}


def test_a_unit_without_a_file_is_missing_and_the_others_have_a_row_a_file():
    rows = told(handed("a"))
    assert states(rows) == {"a": ("received",), "西园": ("missing",)}
    assert [row.used for row in rows.values()] == [True, False]


@pytest.mark.parametrize(
    ("period", "used"),
    [
        ("2021Q3", True),
        ("2021", True),
        ("2021-09", True),
        ("", True),
        ("2021Q2", False),
        ("2020", False),
    ],
)
def test_a_file_counts_when_its_period_has_a_day_in_common_with_the_one_asked_for(period, used):
    assert told(handed("a", period=period))["a"].used == used


def test_of_files_that_share_a_project_the_latest_counts_by_its_own_day_then_by_the_clock():
    first = handed("a", filled_on=date(2021, 10, 2), saved=MORNING)
    second = handed("b", filled_on=date(2021, 10, 3), saved=MORNING)
    third = handed("c", filled_on=date(2021, 10, 3), saved=EVENING)
    rows = told(third, first, second)
    assert states(rows)["a"] == states(rows)["b"] == ("overtaken",)
    assert rows["c"].used
    assert [found.values["other"] for found in rows["a"].found] == ["c"]


def test_files_of_one_unit_without_a_project_in_common_both_count():
    rows = told(handed("a"), handed("b", names=("乙",)))
    assert rows["a"].used
    assert rows["b"].used


def test_two_of_the_same_time_are_said_to_be_so():
    rows = told(handed("a", saved=EVENING), handed("b", saved=EVENING))
    assert [found.code for found in rows["a"].found] == ["XP928"]
    assert rows["b"].used


def test_the_same_content_of_two_units_is_said_of_both_and_one_joint_project_is_not():
    rows = told(handed("a", names=("甲", "乙")), handed("b", "西园", ("甲", "乙")))
    assert states(rows) == {"a": ("copied",), "b": ("copied",)}
    rows = told(handed("a"), handed("b", "西园"))
    assert states(rows) == {"a": ("received",), "b": ("received",)}


@pytest.mark.parametrize(
    ("day", "late"), [(date(2021, 10, 5), False), (date(2021, 10, 6), True), (None, False)]
)
def test_late_is_what_comes_after_the_day_that_it_was_due(day, late):
    rows = told(handed("a", filled_on=day), due=date(2021, 10, 5))
    assert ("late" in rows["a"].states) == late


def test_what_failed_or_names_no_unit_does_not_count_and_leaves_its_unit_missing():
    failed = Submission("a", "", "东园", "name", failed="有密码")
    rows = told(failed, handed("b", ""))
    assert states(rows)["a"] == ("failed",)
    assert states(rows)["b"] == ("no-unit",)
    assert "东园" not in rows


def test_the_board_counts_its_states_the_worst_first():
    call = Call(UNITS, POLICY, parse_period("2021"))
    counts = board([handed("a")], call).counts
    assert list(counts.items()) == [("missing", 1), ("received", 1)]


def test_the_order_of_the_files_changes_nothing():
    files = [handed("a", saved=MORNING), handed("b", saved=EVENING), handed("c", "西园", ("丙",))]
    assert states(told(*files)) == states(told(*reversed(files)))
