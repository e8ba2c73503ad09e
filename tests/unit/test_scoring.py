"""Scores: cases as data (tests/cases/scoring), and laws that hold for every method.

A case is a piece of a policy file, begun by `base.txt`, and standings. A standing is `[unit,
measure, value, target, pending]` in the measure's unit: "?" = not known, "" = none. Expected are
`[unit, score, points]` and `[unit, total, rank, grade]`; "3~5" is pending, "—" left out or none.
"""

import re
import tomllib
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import golden, grids, office
from support.ledgers import ledger_of

import xlplan
from xlplan import files
from xlplan.app.explanation import explain
from xlplan.app.report import as_json
from xlplan.model import ADJUSTMENTS
from xlplan.policy import parse_policy
from xlplan.policy.marks import Band, Bound, Efficacy, Ladder, Proportional, Score, Steps
from xlplan.progress.standings import Standing, standing_frame
from xlplan.progress.targets import Aim
from xlplan.quantity import parse_period
from xlplan.scoring import score
from xlplan.scoring.figures import Figure
from xlplan.scoring.points import Case, earned
from xlplan.scoring.writing import number
from xlplan.sheets.scores import places_of

CASES = Path(__file__).parents[1] / "cases" / "scoring"
DOCS = Path(__file__).parents[2] / "docs"
BASE = (CASES / "base.txt").read_text(encoding="utf-8")
FILES = sorted(CASES.glob("*.toml"))
AS_OF, PACE = date(2021, 9, 30), Fraction(3, 4)


def scored(case):
    policy = parse_policy(BASE + case["policy"], "scoring")
    groups = {unit.name: unit.group for unit in policy.units}
    standings = [standing(policy, groups, row) for row in case["standings"]]
    made = adjustments(groups, case.get("adjustments", []))
    ledger = replace(ledger_of(policy), adjustments=made)
    frame = standing_frame(standings, policy)
    return score(frame, ledger, policy, parse_period("2021"), AS_OF)


def standing(policy, groups, row):
    unit, measure, value, target, pending = [*row, *("", "0")[len(row) - 3 :]]
    known = policy.measure(measure)
    grains = known.grains
    ceiling = known.better == "lower"
    aim = Aim(int(Fraction(target) * grains), "ceiling" if ceiling else "floor") if target else None
    return Standing(
        groups[unit],
        unit,
        known,
        aim,
        None if value == "?" else Fraction(value),
        int(Fraction(pending) * grains),
        PACE if target and not ceiling and known.is_sum else None,
    )


def adjustments(groups, rows):
    """Rows of unit, points or word, reason, basis, decider and day."""
    columns = ("unit", "said", "reason", "basis", "decided_by", "decided_on")
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return ADJUSTMENTS.of(
        {
            **{name: [row[name] for row in found] for name in columns if name != "said"},
            "group": [groups[row["unit"]] for row in found],
            "points": [None if row["said"].isalpha() else Fraction(row["said"]) for row in found],
            "word": [row["said"] if row["said"].isalpha() else "" for row in found],
            "decided_on": [pd.Timestamp(row["decided_on"] or pd.NaT) for row in found],
            "sheet": ["加减分"] * len(found),
            "row": list(range(4, 4 + len(found))),
            "column": [2] * len(found),
        }
    )


def points_said(row):
    if row["state"] == "left-out":
        return "—"
    if row["kind"] == "gate":
        return "触发" if row["strikes"] else "待定" if row["state"] == "pending" else "—"
    return range_said(row["points"], row["least"], row["most"])


def range_said(points, least, most):
    if points is not None:
        return number(points)
    return f"{number(least)}~{'' if most is None else number(most)}"


def place_said(row):
    if pd.isna(row["best_rank"]):
        return "—"
    places = dict.fromkeys((row["best_rank"], row["worst_rank"]))
    return "~".join(map(str, places))


def total_said(row):
    if row["state"] == "left-out":
        return "—"
    return range_said(row["total"], row["least"], row["most"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_case_scores_what_its_file_says(file):
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    found = scored(case)
    rows = {(row["unit"], row["score"]): row for row in found.scores.to_dict("records")}
    for unit, rule, points in case.get("scores", []):
        row = rows[unit, rule]
        assert points_said(row) == points, (unit, rule, row["because"])
        assert row["because"]
        assert row["clause"] == "评分"
    totals = {row["unit"]: row for row in found.totals.to_dict("records")}
    for unit, *expected in case.get("totals", []):
        row = totals[unit]
        grade = row["grade"] or ("—" if row["graded"] else "待定")
        said = [total_said(row), place_said(row), grade]
        assert said[: len(expected)] == expected, (unit, row["because"])
    words = case.get("because", {})
    for key, text in words.items():
        assert rows[tuple(key.split("/"))]["because"] == text
    assert {one.code for one in found.diagnostics} == set(case.get("codes", []))


# The sheet, and what it explains.


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """The sound workbook of the diagnostics, scored, with two decisions."""
    book = tmp_path_factory.mktemp("scored") / "评分.xlsx"
    text = (CASES.parent / "diagnostics" / "完好.txt").read_text(encoding="utf-8")
    rows = "责任单位 | 加减分 | 理由 | 依据 | 决定人 | 日期\n"
    decided = "东园 | 2 | 提前完成 | 会议纪要 | 考核办 | 2021-06-01\n"
    decided += "西园 | -1 | 迟报 | 通报 | 考核办 | 2021-07-01\n"
    grids.write(grids.book(text.replace(rows, rows + decided)), book)
    opened = xlplan.open_book(book)
    found = xlplan.recalculate(opened, policy=CASES.parent / "diagnostics" / "评分.toml")
    opened.save()
    return found, book


def test_the_sheet_of_scores_reads_as_its_golden_text(result, matches_golden):
    sheet = next(sheet for sheet in result[0].sheets if sheet.name == "考核得分")
    matches_golden("评分-考核得分", golden.dump(sheet, rows=40))


def test_a_total_and_every_cell_of_the_sheet_explain_themselves(result):
    figures = result[0].figures
    said = str(explain(figures, "东园/考核得分"))
    assert said.startswith("东园 考核得分：")
    assert "加减分 2分：理由 提前完成，依据 会议纪要，决定人 考核办" in said
    assert str(explain(figures, "考核得分!E4")) == said
    places = places_of(figures)
    assert "score.agreement" in str(explain(figures, f"考核得分!H{places.items[0]}"))
    assert str(explain(figures, f"考核得分!B{places.decisions[1]}")).startswith("加减分 -1分")
    assert "（加减分!B3）" in str(explain(figures, "加减分!C3"))


def test_one_score_is_explained_down_to_the_projects_of_its_figure(result):
    figures = result[0].figures
    first, *others = str(explain(figures, "东园/score.agreement")).splitlines()
    assert first.startswith("得分 协议资金（score.agreement，附件1")
    assert others[0].startswith("东园 协议资金：完成 11 亿元，目标 30 亿元")
    assert any(line.startswith("P001 示例一：在 项目台账!I2 读到") for line in others)
    places = places_of(figures)
    assert str(explain(figures, f"考核得分!H{places.items[0]}")).splitlines() == [first, *others]
    assert str(explain(figures, "东园/gate.veto")).startswith("否决（gate.veto")


def test_the_json_of_scores_has_the_keys_of_its_page(result):
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    told = as_json(result[0])
    for name in ("scores", "score_totals", "adjustments"):
        section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert told[name]
        assert all(
            list(row) == re.findall(r"^\| `(\w+)`", section, re.MULTILINE) for row in told[name]
        )


@pytest.mark.office
def test_libreoffice_recalculates_the_sheet_to_the_cached_values(result):
    found, book = result
    sheet = next(sheet for sheet in found.sheets if sheet.name == "考核得分")
    again = office.recalculated(book)
    live = {(cell.row, cell.column): cell for cell in sheet.cells if cell.formula}
    assert len(live) > 5
    grid = files.open_workbook(again).grid("考核得分")
    for (row, column), cell in live.items():
        assert abs(Fraction(str(grid.at(row, column))) - cell.value) < Fraction(1, 10**9), cell


# Laws.


def rule(method, of="rate"):
    """A score of 30 points by that method, steps beginning at the whole target."""
    score = Score("a", "协议资金", (), Fraction(30), of, method, "zero", "评分")
    return Case(score, "亿元", lower=False, reference=Fraction(1))


def steps(parts):
    """Steps of one 个百分点: 0.2 points up, 0.5 down, at least 0, at most 36, from 30 on."""
    numbers = map(Fraction, ("0.01", "0.2", "0.5", "0", "36", "30"))
    return Steps(*numbers, "target", parts)


SHARES = st.fractions(min_value=-1, max_value=3, max_denominator=50)
BANDS = Ladder(
    (
        Band(Bound("rate", ">=", Fraction(1), ">= 100%"), Fraction(30), ">= 100%"),
        Band(Bound("rate", ">", Fraction(3, 5), "> 60%"), Fraction(20), "> 60%"),
        Band(None, Fraction(0), "其余"),
    )
)
METHODS = {
    "capped rate": rule(Proportional("rate", Fraction(1), Fraction(1, 2))),
    "capped score": rule(Proportional("score", Fraction(36))),
    "part of the best": rule(Proportional("none"), "value"),
    "efficacy": rule(Efficacy(Fraction(3, 5), "base"), "value"),
    "efficacy, equal is full": rule(Efficacy(Fraction(3, 5), "full"), "value"),
    "ladder": rule(BANDS),
    **{f"steps, parts {parts}": rule(steps(parts)) for parts in ("exact", "drop", "up")},
}
MOST = {
    "capped score": 36,
    "steps, parts exact": 36,
    "steps, parts drop": 36,
    "steps, parts up": 36,
}


def points(name, value, others=()):
    """What one figure earns beside others by a method; settled when all are."""
    field = [Figure(other, other) for other in others]
    found = earned(METHODS[name], Figure(value, value), field)
    assert found.least == found.most
    return found.least


@pytest.mark.parametrize("name", METHODS)
@given(ends=st.tuples(SHARES, SHARES), others=st.lists(st.tuples(SHARES, SHARES), max_size=3))
def test_whatever_is_pending_turns_out_to_be_the_points_lie_between_least_and_most(
    name, ends, others
):
    field = [Figure(min(pair), max(pair)) for pair in others]
    found = earned(METHODS[name], Figure(min(ends), max(ends)), field)
    for mine in ends:
        for at in (0, 1):
            settled = points(name, mine, [pair[at] for pair in others])
            assert found.least <= settled
            assert found.most is None or settled <= found.most


@pytest.mark.parametrize("name", METHODS)
@given(pair=st.tuples(SHARES, SHARES), other=SHARES)
def test_who_does_better_never_gets_fewer_points_nor_more_than_there_are(name, pair, other):
    low, high = (points(name, value, [other]) for value in sorted(pair))
    assert 0 <= low <= high <= MOST.get(name, 30)


@pytest.mark.parametrize("name", METHODS)
def test_a_figure_that_is_not_known_leaves_all_that_the_method_can_give(name):
    unknown = earned(METHODS[name], Figure(lack="figure", why="没有报送"), [])
    known = points(name, Fraction(1), [Fraction(2)])
    assert unknown.points is None
    assert unknown.least <= known
    assert unknown.most is None or known <= unknown.most


@given(st.lists(SHARES, min_size=2, max_size=6, unique=True))
def test_efficacy_gives_the_best_all_and_the_worst_the_base(values):
    best, worst = max(values), min(values)
    assert points("efficacy", best, values) == 30
    assert points("efficacy", worst, values) == 18
    assert all(18 <= points("efficacy", value, values) <= 30 for value in values)
