"""Red and black lists and calendars: from the policy file to sheets, JSON and explanations."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from support import golden, grids, office, sample

import xlplan
from xlplan.app.explanation import explain
from xlplan.app.recalculation import Request
from xlplan.app.report import as_json
from xlplan.app.rows import rows_of
from xlplan.app.whatif import Other, compare, unit_changes
from xlplan.diagnostics import RequestError
from xlplan.model import BOARD_SHEET, CALENDAR_SHEET, OPTIONAL_SHEETS
from xlplan.policy.notices import Calendar
from xlplan.progress.calendar import rounds_of
from xlplan.quantity import CALENDAR, Year, parse_period
from xlplan.resources import policy_files

TESTS = sample.SAMPLES.parent / "tests"
EXTRA = TESTS / "cases" / "publicity" / "榜单和日程.toml"
CASES = TESTS / "cases" / "diagnostics"


@pytest.fixture(scope="module")
def law(tmp_path_factory):
    """The policy of Fuling with lists and calendars that the document does not have."""
    path = tmp_path_factory.mktemp("law") / "fuling-2021.toml"
    texts = (policy_files()["fuling-2021"], EXTRA)
    path.write_text("\n".join(it.read_text(encoding="utf-8") for it in texts), encoding="utf-8")
    return path


def computed(law, book=sample.OPEN):
    return xlplan.recalculate(xlplan.open_book(book), as_of="2021-09-30", policy=law)


@pytest.fixture(scope="module")
def result(law):
    return computed(law)


# Sheets


@pytest.mark.parametrize("name", [BOARD_SHEET, CALENDAR_SHEET])
def test_the_sheets_read_as_their_golden_text(result, name, matches_golden):
    sheet = next(sheet for sheet in result.sheets if sheet.name == name)
    matches_golden(f"榜单和日程-{name}", golden.dump(sheet, rows=30))


def test_they_stand_before_the_diagnostics_and_only_where_the_policy_calls_for_them(result):
    names = [sheet.name for sheet in result.sheets]
    assert names[:3] == ["完成情况", "计入明细", "档次统计"]
    assert names[3:5] == [BOARD_SHEET, CALENDAR_SHEET]
    assert names[-1] == "诊断"
    plain = xlplan.recalculate(xlplan.open_book(sample.CHOSEN), as_of="2021-09-30")
    assert not {sheet.name for sheet in plain.sheets} & {BOARD_SHEET, CALENDAR_SHEET}


def written(law, path, book=sample.OPEN):
    opened = xlplan.open_book(book)
    found = xlplan.recalculate(opened, as_of="2021-09-30", policy=law)
    opened.put(found.sheets)
    opened.save(path)
    return found


def test_a_sheet_of_the_clerks_own_is_left_alone_and_said(law, tmp_path):
    mine = openpyxl.load_workbook(sample.CHOSEN)
    mine.create_sheet(CALENDAR_SHEET)["A1"] = "我的日程"
    mine.save(tmp_path / "我的.xlsx")
    found = written(law, tmp_path / "结果.xlsx", tmp_path / "我的.xlsx")
    assert [str(one.place) for one in found.diagnostics if one.code == "XP520"] == ["日程!A1"]
    book = openpyxl.load_workbook(tmp_path / "结果.xlsx")
    assert [cell.value for row in book[CALENDAR_SHEET].rows for cell in row] == ["我的日程"]
    assert book[BOARD_SHEET]["A1"].value == OPTIONAL_SHEETS[BOARD_SHEET]


def test_a_sheet_of_ours_is_no_input_and_says_when_it_is_wanted_no_longer(law, tmp_path):
    first = written(law, tmp_path / "一.xlsx")
    again = written(law, tmp_path / "二.xlsx", tmp_path / "一.xlsx")
    assert again.diagnostics.rows() == first.diagnostics.rows()
    assert as_json(again) == as_json(first)
    written("fuling-2021", tmp_path / "三.xlsx", tmp_path / "一.xlsx")
    book = openpyxl.load_workbook(tmp_path / "三.xlsx")
    assert "没有这一项" in book[BOARD_SHEET]["A2"].value
    assert book[BOARD_SHEET].max_row == 2


def cells_of(path):
    with CalamineWorkbook.from_path(path) as book:
        for name in (BOARD_SHEET, CALENDAR_SHEET, "完成情况"):
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for row, values in enumerate(rows, 1):
                yield from (((name, row, at), value) for at, value in enumerate(values, 1))


@pytest.mark.office
def test_a_hard_recalculation_changes_no_figure_of_theirs(law, tmp_path):
    written(law, tmp_path / "结果.xlsx")
    after = dict(cells_of(office.recalculated(tmp_path / "结果.xlsx")))
    before = dict(cells_of(tmp_path / "结果.xlsx"))
    assert len(before) > 1000
    for place, value in before.items():
        if isinstance(value, float | int):
            assert after[place] == pytest.approx(value, abs=1e-9), place
        else:
            assert after[place] == value, place


# JSON and explanations


def test_the_json_has_every_entry_and_date(result):
    told = as_json(result)
    assert {row["board"] for row in told["boards"]} <= {"board.red", "board.black", "board.both"}
    assert {row["state"] for row in told["boards"]} == {"listed", "pending", "near"}
    assert len(told["dates"]) == 52 + 4 + 36
    coming = {row["calendar"]: row["due"] for row in told["dates"] if row["state"] == "next"}
    assert coming == {
        "calendar.week": "2021-10-01",
        "calendar.quarter": "2021-10-10",
        "calendar.ten-days": "2021-10-10",
    }


def test_a_list_and_a_row_of_it_are_explained_down_to_the_cells(result):
    whole = str(explain(result.figures, "红榜"))
    assert whole.startswith("红榜（规则 board.red）：前 2 名，完成率 75%及以上；依据 附件2（一）")
    sheet = next(sheet for sheet in result.sheets if sheet.name == BOARD_SHEET)
    row = next(cell.row for cell in sheet.cells if cell.column == 2 and cell.row > 4 and cell.value)
    said = str(explain(result.figures, f"{BOARD_SHEET}!D{row}"))
    assert "规则 board.red" in said
    assert "读到" in said
    assert "附件2备注2" in said
    with pytest.raises(RequestError):
        explain(result.figures, f"{BOARD_SHEET}!D500")


def test_a_date_is_explained(result):
    said = str(explain(result.figures, f"{CALENDAR_SHEET}!A4"))
    assert said.startswith("周调度（规则 calendar.week）：2021-01-08 前，调度在谈项目")


def test_the_policy_says_its_lists_and_calendars(law, capsys):
    from xlplan.cli import main

    assert main(["policy", str(law)]) == 0
    out = capsys.readouterr().out
    assert "红榜（园区、协议资金、到位资金）：前 2 名，完成率 75%及以上" in out
    assert "周调度：每周，周五，调度在谈项目〔calendar.week，附件2（一）〕" in out


# What if


def test_another_ruling_says_who_comes_onto_a_list_and_who_off(law):
    request = Request("2021-09-30", policy=law)
    other = Other(rulings={"joint-received": "lead-only", "home-weight": "100%"})
    found = compare(xlplan.open_book(sample.OPEN), request, other)
    changed = {
        (row["name"], row["unit"], row["measure"]): (row["state_before"], row["state_after"])
        for row in rows_of(found.boards)
    }
    assert changed
    for before, after in changed.values():
        assert before != after
    for side, when in ((found.before, 0), (found.after, 1)):
        states = dict.fromkeys(changed, "")
        for row in rows_of(side.boards):
            counted = row["board"] == "board.both"
            key = row["name"], row["unit"], "" if counted else row["measure"]
            if key in states:
                states[key] = row["state"]
        assert states == {key: states_[when] for key, states_ in changed.items()}
    texts = [cell.value for cell in found.sheet.cells]
    assert "三、红黑榜" in texts
    assert found.adds_up


def test_each_ruling_by_itself_counts_the_units_whose_place_on_a_list_changes(law):
    found = compare(xlplan.open_book(sample.OPEN), Request("2021-09-30", policy=law), Other())
    assert found.options["listed"].max() > 0
    assert (found.options["listed"] >= 0).all()


def test_a_statistic_that_is_not_known_on_a_side_is_no_zero_there(tmp_path):
    sound = grids.book((CASES / "完好.txt").read_text(encoding="utf-8"))
    path = grids.write(sound, tmp_path / "甲.xlsx")
    request = Request(policy=CASES / "示例.toml")
    same = compare(xlplan.open_book(path), request, Other(CASES / "示例.toml"))
    assert same.units.empty
    rows = unit_changes(same.before, replace(same.after, standings=_unknown(same.after.standings)))
    row = rows.set_index(["unit", "measure"]).loc[("东园", "税收增速")]
    assert pd.isna(row["done_after"])
    assert pd.isna(row["change"])
    assert (row["reached_before"], row["reached_after"]) == ("floor", "")


def _unknown(standings):
    """The same, had nobody reported the growth."""
    growth = standings["measure"] == "税收增速"
    blank = {"done": pd.NA, "value": None, "rate": None, "gap": None, "rank": pd.NA, "reached": ""}
    return standings.assign(
        **{name: standings[name].mask(growth, value) for name, value in blank.items()}
    )


# Calendars


def dues(every, year="2021", law=CALENDAR, **fields):
    calendar = Calendar("c", "日程", every, "做", "一", **fields)
    return [one.due for one in rounds_of(calendar, parse_period(year, law))]


@pytest.mark.parametrize(
    ("every", "count", "first", "last"),
    [
        ("week", 52, "2021-01-10", "2022-01-02"),
        ("ten-days", 36, "2021-01-10", "2021-12-31"),
        ("half-month", 24, "2021-01-15", "2021-12-31"),
        ("month", 12, "2021-01-31", "2021-12-31"),
        ("two-months", 6, "2021-02-28", "2021-12-31"),
        ("quarter", 4, "2021-03-31", "2021-12-31"),
        ("half-year", 2, "2021-06-30", "2021-12-31"),
        ("year", 1, "2021-12-31", "2021-12-31"),
    ],
)
def test_a_calendar_comes_as_often_as_it_says(every, count, first, last):
    found = dues(every, weekday=7 if every == "week" else 0)
    assert (len(found), str(found[0]), str(found[-1])) == (count, first, last)


def test_days_count_from_the_end_of_the_span_and_weekdays_are_of_the_week():
    assert dues("quarter", due=10)[0] == date(2021, 4, 10)
    assert dues("week", weekday=5)[:2] == [date(2021, 1, 8), date(2021, 1, 15)]


def test_an_assessment_year_of_its_own_has_its_own_quarters():
    december = Year(12, "end")
    assert [str(day) for day in dues("quarter", "2022", december)] == [
        "2022-02-28",
        "2022-05-31",
        "2022-08-31",
        "2022-11-30",
    ]


def test_spans_follow_each_other_without_a_gap():
    year = parse_period("2024")
    for every in ("ten-days", "half-month", "month", "two-months", "quarter", "half-year", "year"):
        spans = list(rounds_of(Calendar("c", "日程", every, "做", "一"), year))
        assert spans[0].starts == year.start
        days = sum((one.ends - one.starts).days + 1 for one in spans)
        assert Fraction(days) == (year.end - year.start).days
