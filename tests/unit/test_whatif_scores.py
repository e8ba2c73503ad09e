"""What if, of scores: totals, places and grades that another policy or ruling would change."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import golden, grids, sample

import xlplan
from xlplan import resources
from xlplan.app.recalculation import Request, credit, read
from xlplan.app.score_changes import score_changes
from xlplan.app.whatif import Other, choosing, compare
from xlplan.cli import main
from xlplan.model import RULING_EFFECTS, SCORE_CHANGES, SCORE_EFFECTS

EXTRA = Path(__file__).parents[1] / "cases" / "whatif" / "评分.toml"
DIAGNOSTICS = EXTRA.parents[1] / "diagnostics"
LAW = "\n".join(
    it.read_text(encoding="utf-8") for it in (resources.policy_files()["fuling-2021"], EXTRA)
)
RULINGS = {ruling.id: ["", *(o.id for o in ruling.options)] for ruling in sample.policy().rulings}
ANY_CHOICES = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(options) for name, options in RULINGS.items()}
)


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


@pytest.fixture(scope="module")
def law(tmp_path_factory):
    """The policy of Fuling with scores that the document does not have."""
    path = tmp_path_factory.mktemp("law") / "fuling-2021.toml"
    path.write_text(LAW, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def other_law(tmp_path_factory):
    """The same with other points for the same figures, and nothing else."""
    path = tmp_path_factory.mktemp("other") / "新办法.toml"
    text = LAW.replace('points = "50分"', 'points = "40分"').replace('"85分"', '"60分"')
    path.write_text(text.replace('each = "1分"', 'each = "2分"'), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def basis(law):
    return read(xlplan.open_book(sample.CHOSEN), Request(policy=law))


@pytest.fixture(scope="module")
def alone(law):
    """What each ruling would change, of the book with rulings still open."""
    return told(law)


def told(law, rulings=None, policy=None):
    book = xlplan.open_book(sample.CHOSEN)
    return compare(book, Request(policy=law), Other(policy, rulings or {}))


def computed(basis, rulings):
    return credit(choosing(basis, rulings)).figures


# Laws.


@settings(max_examples=8, deadline=None)
@given(choices=ANY_CHOICES)
def test_a_book_compared_with_itself_has_no_scores_that_differ(basis, choices):
    assert score_changes(computed(basis, choices), computed(basis, choices)).empty


@settings(max_examples=8, deadline=None)
@given(one=ANY_CHOICES, other=ANY_CHOICES)
def test_every_total_that_differs_is_listed_and_no_other(basis, one, other):
    before, after = computed(basis, one), computed(basis, other)
    names = ["unit", "total", "least", "most", "best_rank", "worst_rank", "grade", "graded"]
    ours, theirs = (
        {row[0]: tuple(map(str, row)) for row in side.score_totals[names].to_numpy()}
        for side in (before, after)
    )
    changes = score_changes(before, after)
    moved = changes[changes["items"] == ""]["unit"]
    differing = {unit for unit in ours if ours[unit] != theirs[unit]}
    assert differing <= set(changes["unit"])
    assert set(moved) <= differing  # a place moves with those of others; scores alone say which


@settings(max_examples=8, deadline=None)
@given(one=ANY_CHOICES, other=ANY_CHOICES)
def test_there_and_back_are_mirror_images(basis, one, other):
    before, after = computed(basis, one), computed(basis, other)
    there, back = score_changes(before, after), score_changes(after, before)
    assert there["unit"].tolist() == back["unit"].tolist()
    for name in SCORE_CHANGES.names:
        if name.endswith("_before"):
            mirrored = back[name.replace("_before", "_after")]
            assert there[name].astype(object).equals(mirrored.astype(object))
    for a, b in zip(there["change"], back["change"], strict=True):
        assert (a is None and b is None) or a == -b


# Cases.


def test_a_flipped_ruling_says_whose_total_place_and_grade_change_and_why(law):
    found = told(law, {"park-scope": ""})
    row = found.scores.set_index("unit").loc["涪陵新城区"]
    assert row["total_before"] > row["least_after"]
    assert row["total_after"] is None
    assert "得分 协议资金（score.agreement）" in row["items"]
    assert row["clause"] == "附件2备注3"


def test_another_policy_that_only_scores_otherwise_is_not_called_the_same(law, other_law, capsys):
    asked = [str(sample.CHOSEN), "--policy", str(law), "--compare", "--policy-file", str(other_law)]
    main(["recalculate", *asked])
    out = capsys.readouterr().out
    assert "两边的数字完全相同" not in out
    assert "变动的得分" in out
    assert "得分 协议资金（score.agreement）" in out


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    """The sound book of the diagnostics with one decision, and its policy as text."""
    heads = "责任单位 | 加减分 | 理由 | 依据 | 决定人 | 日期\n"
    row = "东园 | 2 | 提前完成 | 会议纪要 | 考核办 | 2021-06-01\n"
    text = (DIAGNOSTICS / "完好.txt").read_text(encoding="utf-8").replace(heads, heads + row)
    book = tmp_path_factory.mktemp("decided") / "评分.xlsx"
    grids.write(grids.book(text), book)
    return book


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[adjustments]\n", None, "加减分 2→0"),
        ("", '\n[score_total]\nmost = "50分"\nclause = "附件1"\n', "按上下限和否决计 50 分"),
    ],
)
def test_what_is_decided_or_added_up_otherwise_says_so(decided, tmp_path, old, new, said):
    law = DIAGNOSTICS / "评分.toml"
    text = law.read_text(encoding="utf-8")
    other = tmp_path / "其他.toml"
    other.write_text(text.partition(old)[0] if new is None else text + new, encoding="utf-8")
    found = compare(xlplan.open_book(decided), Request(policy=law), Other(other)).scores
    (row,) = found[found["unit"] == "东园"].to_dict("records")
    assert said in row["items"]
    assert row["change"] < 0


def test_the_effect_of_a_ruling_on_scores_is_what_flipping_it_gives(law, alone):
    ruling, option = "park-scope", "named-parks-only"
    flipped = told(law, {ruling: option})
    effects = alone.score_effects
    mine = effects[(effects["ruling"] == ruling) & (effects["option"] == option)]
    pd.testing.assert_frame_equal(
        mine[SCORE_CHANGES.names].reset_index(drop=True), flipped.scores, check_dtype=False
    )
    options = alone.options.set_index(["ruling", "option"])
    assert options.loc[(ruling, option), "scored"] == len(flipped.scores)


def test_which_ruling_moves_which_total_is_said_first(law, capsys):
    main(["recalculate", str(sample.CHOSEN), "--policy", str(law), "--compare"])
    out = capsys.readouterr().out
    assert "得分有变的单位" in out
    moved = out.partition("口径 park-scope 改为 named-parks-only，位次变动：\n")[2]
    assert re.match(r"  \S+ 考核得分 \d(～\d)?→\d", moved)


def test_the_frames_have_their_documented_columns(alone):
    assert list(alone.scores) == SCORE_CHANGES.names
    assert list(alone.score_effects) == SCORE_EFFECTS.names
    assert SCORE_EFFECTS.names[:2] == RULING_EFFECTS.names[:2]


def test_json_gives_exact_points_and_places_as_integers(law, other_law, capfdbinary):
    asked = [str(sample.CHOSEN), "--policy", str(law), "--compare", "--json", "-"]
    main(["recalculate", *asked, "--policy-file", str(other_law)])
    rows = json.loads(capfdbinary.readouterr().out.decode())["scores"]
    assert rows
    for row in rows:
        assert list(row) == SCORE_CHANGES.names
        assert Fraction(row["change"]) != 0
        assert isinstance(row["best_rank_before"], int)
    main(["recalculate", *asked])
    told = json.loads(capfdbinary.readouterr().out.decode())
    assert list(told["score_effects"][0]) == SCORE_EFFECTS.names
    assert isinstance(told["options"][0]["scored"], int)


# The sheet.


def test_the_sheet_of_two_sides_reads_as_its_golden_text(law, other_law, matches_golden):
    matches_golden("对比-评分", golden.dump(told(law, policy=other_law).sheet, rows=10))


def test_the_sheet_of_rulings_ends_with_the_scores_that_each_would_change(alone):
    titles = [cell.value for cell in alone.sheet.cells if re.match("[一二三四]、", str(cell.value))]
    assert titles == ["一、各项口径改选后的影响", "二、逐单位", "三、考核得分"]
