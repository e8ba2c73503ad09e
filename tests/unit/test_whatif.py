"""What if: laws of comparing a book with itself and with others, its sheet, its door, its data."""

import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from support import golden, sample

import xlplan
from xlplan import resources
from xlplan.app.recalculation import Request, credit, read
from xlplan.app.whatif import Other, choosing, compare, project_changes, unit_changes
from xlplan.cli import main
from xlplan.diagnostics import RequestError
from xlplan.model import OUTPUT_SHEETS, PROJECT_CHANGES, RULING_EFFECTS, RULING_OPTIONS
from xlplan.model import UNIT_CHANGES as UNITS

LAW = resources.policy_files()["fuling-2021"].read_text("utf-8")
RULINGS = {ruling.id: ["", *(o.id for o in ruling.options)] for ruling in sample.policy().rulings}
ANY_CHOICES = st.fixed_dictionaries(
    {}, optional={k: st.sampled_from(v) for k, v in RULINGS.items()}
)
BASIS = read(xlplan.open_book(sample.CHOSEN), Request())


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


@pytest.fixture
def book(tmp_path):
    return Path(shutil.copy(sample.CHOSEN, tmp_path / sample.CHOSEN.name))


@pytest.fixture
def other_law(tmp_path):
    """The same document, its weight for projects from within the city raised from 20% to 30%."""
    weight = 'id = "weight.in-city"'
    head, _, tail = LAW.partition(weight)
    assert 'share = "20%"' in tail
    path = tmp_path / "新稿.toml"
    path.write_text(head + weight + tail.replace('share = "20%"', 'share = "30%"', 1), "utf-8")
    return path


def computed(rulings):
    return credit(choosing(BASIS, rulings)).figures


def told(rulings=None, policy=None):
    return xlplan.compare(xlplan.open_book(sample.CHOSEN), policy, rulings)


# Laws


@settings(max_examples=10, deadline=None)
@given(ANY_CHOICES)
def test_a_book_compared_with_itself_has_no_rows(choices):
    side, again = computed(choices), computed(choices)
    assert unit_changes(side, again).empty
    assert project_changes(side, again).empty


@settings(max_examples=12, deadline=None)
@given(ANY_CHOICES, ANY_CHOICES)
def test_the_changes_of_projects_make_up_the_change_of_every_unit(one, other):
    before, after = computed(one), computed(other)
    of_units, of_projects = (
        frame.assign(
            pending=frame["pending_after"] - frame["pending_before"],
        )
        .groupby(["unit", "measure"])[["change", "pending"]]
        .sum()
        .astype("Int64")
        for frame in (unit_changes(before, after), project_changes(before, after))
    )
    # Changes that cancel out leave a unit as it was: it has no row, and the sum is 0.
    every = of_units.index.union(of_projects.index)
    of_units, of_projects = (one.reindex(every, fill_value=0) for one in (of_units, of_projects))
    assert of_units.equals(of_projects)


@settings(max_examples=12, deadline=None)
@given(ANY_CHOICES, ANY_CHOICES)
def test_there_and_back_are_mirror_images(one, other):
    before, after = computed(one), computed(other)
    for changes, key in (
        (unit_changes, ["unit", "measure"]),
        (project_changes, ["project", "unit"]),
    ):
        there, back = changes(before, after), changes(after, before)
        sides = {
            name: name.replace("before", "x").replace("after", "before").replace("x", "after")
            for name in there
        }
        there["change"] = -there["change"]
        order = [*key, *(["measure"] if "measure" not in key else [])]
        wanted = there.rename(columns=sides)[list(back)].sort_values(order, ignore_index=True)
        found = back.sort_values(order, ignore_index=True)
        unordered = [name for name in found if name not in ("clause", "ruling", "name", "group")]
        assert found[unordered].equals(wanted[unordered])


def test_every_difference_of_the_standings_is_listed_and_nothing_else():
    before, after = computed({}), computed({"park-scope": "named-parks-only"})
    key, figures = ["unit", "measure"], ["target", "done", "pending", "rate", "rank"]
    rows = [
        {
            tuple(row[:2]): tuple(map(str, row[2:]))
            for row in side.standings[key + figures].to_numpy()
        }
        for side in (before, after)
    ]
    differing = {name for name in rows[0] | rows[1] if rows[0].get(name) != rows[1].get(name)}
    changes = unit_changes(before, after)
    assert set(zip(changes["unit"], changes["measure"], strict=True)) == differing


# Cases


def test_a_flipped_ruling_says_which_rule_clause_and_ruling_make_the_difference():
    found = told({"home-weight": "0%"})
    assert found.adds_up
    assert set(found.projects["project"]) == {"P025", "P044"}
    causes = found.projects[["rule_before", "rule_after", "clause", "ruling"]].drop_duplicates()
    assert causes.to_numpy().tolist() == [
        ["weight.home.20", "weight.home.0", "附件2备注2", "home-weight"]
    ]


def test_only_the_rules_of_the_flipped_ruling_are_named():
    found = told({"tier-count": "cumulative"})
    assert set(found.projects["rule_after"]) == {"tier-count.cumulative"}
    assert set(found.projects["rule_before"]) == {""}


def test_a_ruling_opened_again_turns_credits_into_pending_amounts():
    found = told({"home-weight": ""})
    assert (found.projects["credit_after"] == 0).all()
    assert (found.projects["pending_after"] > 0).all()


def test_another_policy_names_the_rule_that_it_changed(other_law):
    found = told(policy=other_law)
    assert found.against == "新稿.toml"
    assert found.flips == ()
    assert set(found.projects["rule_after"]) == {"weight.in-city"}
    assert set(found.projects["ruling"]) == {""}
    ratios = {
        Fraction(int(after), int(before))
        for before, after in zip(
            found.projects["credit_before"], found.projects["credit_after"], strict=True
        )
    }
    assert all(abs(ratio - Fraction(3, 2)) < Fraction(1, 10**6) for ratio in ratios)


def test_a_ruling_that_the_other_policy_does_not_have_is_not_called_open():
    cases = Path(__file__).parents[1] / "cases" / "diagnostics" / "示例.toml"
    found = told(policy=cases)
    assert len(found.projects)
    assert found.flips == ()
    assert set(found.projects["ruling"]) == {""}
    assert found.adds_up


def test_a_tier_bound_of_another_policy_says_the_tier_before_and_after(tmp_path):
    assert LAW.count('investment = ">= 20亿元"') == 1
    path = tmp_path / "抬高.toml"
    path.write_text(LAW.replace('investment = ">= 20亿元"', 'investment = ">= 21亿元"'), "utf-8")
    found = told(policy=path)
    counted = found.projects[found.projects["tier_before"] != ""]
    assert len(counted)
    moved = zip(counted["tier_before"], counted["tier_after"], strict=True)
    assert set(moved) == {("重大", "较大")}
    assert found.adds_up


def test_each_ruling_by_itself_open_rulings_first():
    found = xlplan.compare(xlplan.open_book(sample.OPEN))
    is_open = (found.options["now"] == "").tolist()
    assert is_open == sorted(is_open, reverse=True)
    assert {True, False} == set(is_open)
    wanted = {(r, o) for r, options in RULINGS.items() for o in options[1:]}
    asked = zip(found.options["ruling"], found.options["option"], strict=True)
    now = zip(found.options["ruling"], found.options["now"], strict=True)
    assert set(asked) | {pair for pair in now if pair[1]} == wanted


def test_the_effect_of_a_ruling_is_what_flipping_it_gives():
    alone, flipped = (
        xlplan.compare(xlplan.open_book(sample.CHOSEN)),
        told({"park-scope": "named-parks-only"}),
    )
    effects = alone.effects[alone.effects["option"] == "named-parks-only"]
    shared = [name for name in RULING_EFFECTS.names if name in UNITS.names]
    assert effects[shared].reset_index(drop=True).equals(flipped.units[shared])
    row = alone.options[alone.options["option"] == "named-parks-only"].iloc[0]
    moved = flipped.units[flipped.units["rank_before"] != flipped.units["rank_after"]]
    assert (row["units"], row["ranked"]) == (
        flipped.units["unit"].nunique(),
        moved["unit"].nunique(),
    )


@pytest.mark.parametrize(
    ("rulings", "code"),
    [({"没有": "0%"}, "XP022"), ({"home-weight": "没有"}, "XP023"), ({"": "0%"}, "XP022")],
)
def test_an_unknown_ruling_or_option_is_refused(rulings, code):
    with pytest.raises(RequestError, match=code):
        told(rulings)


def test_an_option_may_be_given_by_its_label():
    by_label = compare(
        xlplan.open_book(sample.CHOSEN), Request(), Other(rulings={"home-weight": "不计入"})
    )
    assert by_label.flips == told({"home-weight": "0%"}).flips


def test_the_frames_have_their_documented_columns():
    sides, alone = told({"home-weight": "0%"}), told()
    assert list(sides.units) == UNITS.names
    assert list(sides.projects) == PROJECT_CHANGES.names
    assert list(alone.options) == RULING_OPTIONS.names
    assert list(alone.effects) == RULING_EFFECTS.names


# The sheet


@pytest.mark.parametrize(
    ("name", "rulings"),
    [
        ("改选", {"home-weight": "0%", "park-scope": ""}),
        ("相同", {"home-weight": "20%"}),
        ("口径影响", None),
    ],
)
def test_the_sheet_reads_as_its_golden_text(name, rulings, matches_golden):
    matches_golden(f"对比-{name}", golden.dump(told(rulings).sheet, rows=30))


# The door


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_comparing_prints_and_writes_nothing(capsys, book):
    before = book.read_bytes()
    status, out, _ = run(capsys, "recalculate", book, "--compare", "--ruling", "home-weight=0%")
    assert status == 1  # the sample's planted faults
    assert "白涛园区    协议资金  127.5599→127.0599    -0.5" in out
    assert "逐项目变动之和等于各单位的变动" in out
    assert book.read_bytes() == before
    assert [path.name for path in book.parent.iterdir()] == [book.name]


def test_comparing_speaks_english(capsys, book):
    asked = ("--compare", "--ruling", "tier-count=cumulative", "--lang", "en")
    _, out, _ = run(capsys, "recalculate", book, *asked)
    assert "those of projects make up those of units" in out
    assert "ruling tier-count; nothing → tier-count.cumulative" in out.replace("；", "; ")


def test_without_another_side_every_option_is_listed_with_the_ranks_it_moves(capsys, book):
    _, out, _ = run(capsys, "recalculate", book, "--compare")
    assert all(ruling in out for ruling in RULINGS)
    assert "口径 overseas-origin 改为 not-credited，位次变动：" in out
    assert "涪陵新城区 到位资金 1→2" in out


def test_out_puts_the_sheet_into_a_copy_that_recalculates_as_before(capsys, book, tmp_path):
    before, copy = book.read_bytes(), tmp_path / "对比.xlsx"
    asked = ("--compare", "--ruling", "home-weight=0%", "-o", copy)
    _, out, _ = run(capsys, "recalculate", book, *asked)
    assert "（对比）" in out
    assert book.read_bytes() == before
    names = CalamineWorkbook.from_path(copy).sheet_names
    assert names == [*CalamineWorkbook.from_path(book).sheet_names, "对比"]
    ours, theirs = (xlplan.recalculate(xlplan.open_book(path)) for path in (book, copy))
    assert ours.standings.equals(theirs.standings)
    assert [str(one.place) for one in ours.diagnostics] == [
        str(o.place) for o in theirs.diagnostics
    ]


def test_a_clerks_own_sheet_of_that_name_is_read(book):
    import openpyxl

    opened = openpyxl.load_workbook(book)
    opened["项目台账"].title = "对比"
    opened.save(book)
    assert len(xlplan.recalculate(xlplan.open_book(book)).tiers) > 50


def test_out_with_dry_run_writes_no_copy(capsys, book, tmp_path):
    run(capsys, "recalculate", book, "--compare", "--dry-run", "-o", tmp_path / "对比.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == [book.name]


def test_json_gives_the_comparison_as_exact_strings(capfdbinary, book):
    main(["recalculate", str(book), "--compare", "--ruling", "home-weight=0%", "--json", "-"])
    data = json.loads(capfdbinary.readouterr().out.decode())
    assert data["before"]["rulings"]["home-weight"] == "20%"
    assert data["after"]["rulings"]["home-weight"] == "0%"
    assert list(data["units"][0]) == UNITS.names
    assert data["units"][0]["change"] == "-0.5"
    assert data["units"][0]["rank_before"] == 1
    assert data["projects"][0]["rule_after"] == "weight.home.0"
    main(["recalculate", str(book), "--compare", "--json", "-"])
    alone = json.loads(capfdbinary.readouterr().out.decode())
    assert list(alone["options"][0]) == RULING_OPTIONS.names
    assert "units" not in alone


def test_a_policy_file_without_compare_recalculates_by_it(capsys, book, other_law, tmp_path):
    for option, name in (("--policy", "甲.xlsx"), ("--policy-file", "乙.xlsx")):
        run(capsys, "recalculate", book, option, other_law, "-o", tmp_path / name)
    assert (tmp_path / "甲.xlsx").read_bytes() == (tmp_path / "乙.xlsx").read_bytes()
    assert set(OUTPUT_SHEETS) <= set(CalamineWorkbook.from_path(tmp_path / "乙.xlsx").sheet_names)


def test_a_policy_file_is_the_other_side_of_a_comparison(capsys, book, other_law):
    _, out, _ = run(capsys, "recalculate", book, "--compare", "--policy-file", other_law)
    assert "现行 fuling-2021，假设 新稿.toml" in out
    assert "weight.in-city" in out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--ruling home-weight=0%", "--compare"),
        ("--compare --ruling home-weight", "home-weight"),
        ("--compare --ruling home-weight=0% --ruling home-weight=20%", "home-weight=20%"),
        ("--policy fuling-2021 --policy-file fuling-2021", "--policy-file"),
    ],
)
def test_a_wrong_line_is_refused_in_one_line(capsys, book, line, said):
    before = book.read_bytes()
    status, out, err = run(capsys, "recalculate", book, *line.split())
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert book.read_bytes() == before
