"""Scores: cases as data (tests/cases/scoring), and laws that hold for every method.

A case is a piece of a policy file and standings; `base.txt` begins every policy. A standing is
`[unit, measure, value, target, pending]`, in the measure's unit, "?" = not known, "" = none;
what is expected is `[unit, score, points]` and `[unit, total, rank, grade]`, 待定 written as
"least~most".
"""

import tomllib
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
from xlplan.model import ADJUSTMENTS
from xlplan.policy import parse_policy
from xlplan.policy.marks import Efficacy, Proportional, Score, Steps
from xlplan.progress.standings import Standing, standing_frame
from xlplan.progress.targets import Aim
from xlplan.quantity import parse_period
from xlplan.scoring import score
from xlplan.scoring.figures import Figure
from xlplan.scoring.points import Case, earned
from xlplan.sheets.scores import places_of

CASES = Path(__file__).parents[1] / "cases" / "scoring"
BASE = (CASES / "base.txt").read_text(encoding="utf-8")
FILES = sorted(CASES.glob("*.toml"))
AS_OF, PACE = date(2021, 9, 30), Fraction(3, 4)


def scored(case):
    policy = parse_policy(BASE + case["policy"], "scoring")
    groups = {unit.name: unit.group for unit in policy.units}
    standings = [standing(row, policy, groups) for row in case["standings"]]
    ledger = ledger_of(policy, [], [], {})
    object.__setattr__(ledger, "adjustments", adjustments(case.get("adjustments", []), groups))
    frame = standing_frame(standings, policy)
    return score(frame, ledger, policy, parse_period("2021"), AS_OF)


def amount(text):
    """A number, None where nothing stands or nothing is known."""
    return None if text in ("", "?") else Fraction(text)


def standing(row, policy, groups):
    """A standing of a case's row."""
    unit, name, value, target, pending = row
    measure = policy.measure(name)

    def grains(text):
        known = amount(text)
        return None if known is None else int(known * measure.grains)

    bound = "ceiling" if measure.better == "lower" else "floor"
    return Standing(
        groups[unit],
        unit,
        measure,
        Aim(grains(target), bound) if target else None,
        amount(value),
        grains(pending) or 0,
        None if bound == "ceiling" else PACE,
    )


def adjustments(rows, groups):
    """Rows of 加减分 of a case, each with all its grounds."""
    size = len(rows)
    numbers = [None if text == "一票否决" else Fraction(text) for _, text in rows]
    return ADJUSTMENTS.of(
        {
            "group": [groups[unit] for unit, _ in rows],
            "unit": [unit for unit, _ in rows],
            "points": numbers,
            "word": [
                text if known is None else ""
                for (_, text), known in zip(rows, numbers, strict=True)
            ],
            **{name: ["示例"] * size for name in ("reason", "basis", "decided_by")},
            "decided_on": pd.Series([date(2021, 6, 1)] * size, dtype="datetime64[s]"),
            "sheet": ["加减分"] * size,
            "row": list(range(4, size + 4)),
            "column": [2] * size,
        }
    )


def said(points, least, most):
    """Points as a case writes them."""
    if points is not None:
        return points
    return f"{least}~{most}"


def wanted(text):
    return text if "~" in str(text) else Fraction(str(text))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_case_earns_what_its_file_says(file):
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    found = scored(case)
    rows = found.scores.to_dict("records")
    for unit, score_id, points in case["scores"]:
        (row,) = [one for one in rows if (one["unit"], one["score"]) == (unit, score_id)]
        assert said(row["points"], row["least"], row["most"]) == wanted(points), row
        assert row["because"]
        assert row["clause"] == "评分"
    totals = found.totals.to_dict("records")
    for unit, total, rank, grade in case.get("totals", []):
        (row,) = [one for one in totals if one["unit"] == unit]
        assert said(row["total"], row["least"], row["most"]) == wanted(total), row
        assert ("" if pd.isna(row["rank"]) else row["rank"], row["grade"]) == (rank, grade), row
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

SHARES = st.fractions(min_value=0, max_value=3, max_denominator=1000)


def case_of(method, of="rate", *, lower=False, reference=Fraction(0)):
    rule = Score("s", "协议资金", (), Fraction(40), of, method, "", "评分")
    return Case(rule, "亿元", lower, reference)


def points(case, value, others=()):
    """What one figure earns beside others; settled when all are."""
    found = earned(case, Figure(value, value), [Figure(other, other) for other in others])
    assert found.least == found.most
    return found.least


@given(SHARES, SHARES)
def test_more_never_earns_less_in_proportion_and_a_cap_is_never_passed(one, other):
    case = case_of(Proportional("score", Fraction(44)))
    low, high = sorted((one, other))
    assert 0 <= points(case, low) <= points(case, high) <= 44


@given(st.lists(SHARES, min_size=2, max_size=6, unique=True), st.fractions(0, 1))
def test_efficacy_gives_the_best_all_and_the_worst_the_base(values, base):
    case = case_of(Efficacy(base, "full"), "value")
    best, worst = max(values), min(values)
    assert points(case, best, values) == 40
    assert points(case, worst, values) == 40 * base
    assert all(40 * base <= points(case, value, values) <= 40 for value in values)


@given(SHARES, SHARES)
def test_steps_stay_within_their_bounds_and_more_never_earns_less(one, other):
    numbers = [Fraction(text) for text in ("0.01", "0.2", "0.5", "0", "44", "40")]
    case = case_of(Steps(*numbers, "target", "exact"), reference=Fraction(1))
    low, high = sorted((one, other))
    assert 0 <= points(case, low) <= points(case, high) <= 44


@given(SHARES, SHARES)
def test_what_is_pending_gives_a_range_that_holds_both_ends(one, other):
    case = case_of(Proportional("rate", Fraction(1)))
    low, high = sorted((one, other))
    found = earned(case, Figure(low, high), [])
    assert found.least == points(case, low)
    assert found.most == points(case, high)
