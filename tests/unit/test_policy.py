"""A policy file loads into tables of rules, targets and rulings."""

import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.diagnostics import RequestError
from xlplan.model import ONE, YI
from xlplan.policy import TOTAL, Case, Threshold, Tier, load_policy, parse_policy, shipped_policies
from xlplan.policy.describe import describe
from xlplan.policy.ladder import prove_tiers
from xlplan.policy.loading import policy_of
from xlplan.policy.reading import Reading

SOUND = Path(__file__).parents[1] / "cases" / "broken_policies" / "sound.toml"

RULINGS = {
    "home-weight": ["0%", "20%", "100%"],
    "overseas-origin": ["as-out-of-city", "not-credited"],
    "joint-received": ["as-agreement", "lead-only"],
    "joint-count": ["lead-only", "lead-and-cooperating"],
    "cooperating-share": ["share-equally", "each-full"],
    "tier-count": ["highest-only", "cumulative"],
    "count-weight": ["no", "yes"],
    "sub-target": ["separate-floor", "note-only"],
    "park-scope": ["all-of-table-one", "named-parks-only"],
    "double-listing": ["as-recorded", "both-full"],
}


@pytest.fixture(scope="module")
def fuling():
    return load_policy("fuling-2021")


@pytest.mark.parametrize(("name", "file"), shipped_policies().items())
def test_every_shipped_policy_loads_under_the_name_of_its_file(name, file):
    assert load_policy(name).id == load_policy(file).id == name


def test_the_same_text_is_read_once_by_a_process_and_a_changed_one_anew(tmp_path):
    file = tmp_path / "sound.toml"
    text = SOUND.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    first = load_policy(file)
    assert load_policy(file) is first
    file.write_text(text.replace(first.title, "改过的"), encoding="utf-8")
    assert load_policy(file).title == "改过的"


def test_the_rulings_and_their_options_are_the_contracts_in_order(fuling):
    said = {ruling.id: [option.id for option in ruling.options] for ruling in fuling.rulings}
    assert list(said.items()) == list(RULINGS.items())


def test_an_option_is_ordinary_rules(fuling):
    chosen = {"joint-received": "lead-only", "park-scope": "all-of-table-one"}
    rules = fuling.rules_under(chosen)
    added = [rule for rule in rules.splits if rule.ruling == "joint-received"]
    assert [(rule.lead, rule.cooperating) for rule in added] == [(1, 0)]
    covered = [unit for scope in rules.scopes for unit in scope.units]
    assert len(covered) == len(set(covered)) == 6


def test_bounds_shares_and_targets_are_exact(fuling):
    assert [t.value for t in fuling.tiers[0].any_of[0].thresholds] == [20 * YI]
    assert fuling.tiers[3].any_of[0].thresholds[0].value == YI * 5 // 100
    assert fuling.rules.splits[1].lead == Fraction(4, 5)
    values = {(t.unit, t.measure, t.bound): t.value for t in fuling.targets}
    assert values["区财政局", "协议资金", "floor"] == YI // 2
    assert values["涪陵新城区", "协议资金", "floor"] == 160 * YI
    assert values["涪陵新城区", "协议资金（非工业）", "of-which"] == 60 * YI
    assert values[TOTAL, "重大项目", "floor"] == 7 * ONE


def test_a_blank_cell_is_no_target(fuling):
    assert not [t for t in fuling.targets if (t.unit, t.measure) == ("清溪园区", "重大项目")]
    assert all(target.value > 0 for target in fuling.targets)


def test_there_is_a_target_for_every_filled_cell_and_every_part_of_one(fuling):
    cells = [
        cell for t in fuling.tables for row in (*t.rows, t.total) for cell in row.cells if cell
    ]
    parts = [cell for cell in cells if "其中" in cell]
    assert len(fuling.targets) == len(cells) + len(parts)


def test_tables_keep_the_cells_as_written(fuling):
    first = fuling.tables[0].rows[0]
    assert (first.unit, first.cells[3]) == ("涪陵新城区", "160（其中：非工业60）")
    assert fuling.tables[0].total.cells == ("13个", "17个", "31个", "580亿元", "201亿元")


def test_of_which_parts_are_found_by_label(fuling):
    assert fuling.part("协议资金", "非工业").name == "协议资金（非工业）"
    assert fuling.part("协议资金", "农业") is None


def test_a_team_with_a_comma_in_its_name_is_one_team(fuling):
    assert len(fuling.teams) == 12
    assert "生物医药、医疗器械产业" in [team.name for team in fuling.teams]


def test_landing_units_carry_their_official_names(fuling):
    units = {unit.name for unit in fuling.units}
    landing = {unit for team in fuling.teams for unit in team.landing_units}
    assert landing <= units
    assert "涪陵新城区" in landing
    assert "涪陵综保区" not in landing


def test_an_unknown_id_names_the_policies_that_ship():
    with pytest.raises(RequestError, match=r"XP009.*fuling-2021"):
        load_policy("fuling-2020")


@pytest.mark.parametrize("source", ["none.toml", Path("none.toml"), "folder/none"])
def test_a_missing_file_is_said_to_be_missing(source):
    with pytest.raises(RequestError, match=r"XP001.*none"):
        load_policy(source)


def test_a_folder_is_not_a_policy(tmp_path):
    with pytest.raises(RequestError, match="XP001"):
        load_policy(tmp_path)


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path):
    file = tmp_path / "gbk.toml"
    file.write_bytes('[policy]\nid = "x"\ntitle = "方案"\n'.encode("gbk"))
    with pytest.raises(RequestError, match=r"XP601.*gbk.*第 3 行.*UTF-8"):
        load_policy(file)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path):
    file = tmp_path / "sound.toml"
    text = SOUND.read_text(encoding="utf-8").replace("\n", "\r\n")
    file.write_bytes(text.encode("utf-8-sig"))
    assert load_policy(file) == parse_policy(text, "sound")


def test_cells_may_say_floors_ceilings_and_stretches():
    text = SOUND.read_text(encoding="utf-8")
    text = text.replace('"12.5"', '"12.5亿元以上，力争15亿元"').replace(
        '"2", "30', '"3个以内", "30'
    )
    targets = parse_policy(text, "x").targets
    said = [(t.unit, t.bound, t.value) for t in targets if t.unit != TOTAL and not t.of_which]
    assert said == [
        ("东园", "ceiling", 3 * ONE),
        ("东园", "floor", 30 * YI),
        ("西园", "floor", YI * 25 // 2),
        ("西园", "stretch", 15 * YI),
    ]


def test_dates_of_a_unit_are_read():
    text = SOUND.read_text(encoding="utf-8")
    text = text.replace('name = "商务局"', 'name = "商务局"\nvalid_from = 2021-03-01')
    assert parse_policy(text, "x").units[2].valid_from == date(2021, 3, 1)


def ladder(*bounds):
    """Tiers of one case each, highest first, from texts such as '>= 20'."""
    tiers = []
    for n, bound in enumerate(bounds):
        thresholds = []
        for text in bound.split(" & "):
            comparison, value = text.split()
            thresholds.append(Threshold("investment", comparison, int(value), text))
        tiers.append(Tier(f"t{n}", f"档{n}", (Case(tuple(thresholds)),), ""))
    reading = Reading("x")
    prove_tiers(tuple(tiers), reading)
    return [found.code for found in reading.found]


@pytest.mark.parametrize(
    ("bounds", "faults"),
    [
        ((">= 20", ">= 10", ">= 1"), []),
        ((">= 20", ">= 10 & < 20"), []),
        (("> 20", ">= 10 & <= 20"), []),
        ((">= 20", ">= 10 & <= 20"), ["XP618"]),
        (("> 20", ">= 10 & < 20"), ["XP619"]),
        (("> 20", ">= 20"), []),
        ((">= 20", "> 20"), ["XP617"]),
        ((">= 20", ">= 20"), ["XP617"]),
        ((">= 10", ">= 20"), ["XP617"]),
        ((">= 10 & < 10",), ["XP620"]),
        ((">= 10 & <= 10", "> 5 & < 10"), ["XP619"]),
    ],
)
def test_bounds_of_tiers_meet_exactly_or_are_refused(bounds, faults):
    assert ladder(*bounds) == faults


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6))
def test_lower_bounds_are_sound_exactly_when_they_fall(values):
    falling = all(a > b for a, b in pairwise(values))
    assert (ladder(*(f">= {value}" for value in values)) == []) is falling


def test_what_a_policy_says_names_every_ruling_option_and_table(fuling):
    sections = dict(describe(fuling))
    rulings = "\n".join(sections["口径（文件未规定，选定之前列入待定）"])
    for ruling, options in RULINGS.items():
        assert f"{ruling}：" in rulings
        assert all(f"{option}　" in rulings for option in options)
    assert "投资额20亿元及以上；或年产值50亿元及以上" in sections["档次（从高到低）"][0]
    assert "协议资金 580亿元" in sections["目标表"][0]
    assert len(sections["专项招商组"]) == 12


def test_sections_that_say_nothing_are_left_out():
    policy = parse_policy(SOUND.read_text(encoding="utf-8"), "sound")
    assert "专项招商组" not in dict(describe(policy))


NOON = datetime(2021, 7, 10, 12, tzinfo=UTC)
WRONG = (1, 1.5, True, "", "?", [], [1], [[]], [{}], {}, {"?": "?"}, date.min, NOON)


def leaves(value, place=()):
    """The place of every value in nested tables and lists, outermost first."""
    yield place
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(child, (*place, key))


def replaced(value, place, other):
    if not place:
        return other
    copy = value.copy()
    copy[place[0]] = replaced(value[place[0]], place[1:], other)
    return copy


@pytest.mark.parametrize("other", WRONG, ids=repr)
def test_a_wrong_value_anywhere_is_a_fault_or_harmless_but_never_a_crash(other):
    values = tomllib.loads(SOUND.read_text(encoding="utf-8"))
    found = []
    for place in leaves(values):
        if place:
            reading = Reading("x")
            policy_of(replaced(values, place, other), reading)
            found.extend(reading.found)
    assert {fault.code for fault in found} >= {"XP604", "XP605"}


def test_a_policy_loads_without_pandas():
    code = "import sys, xlplan.policy as p; p.load_policy('fuling-2021'); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "numpy", "openpyxl"} & set(run.stdout.split())
