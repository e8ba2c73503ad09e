"""The room `crediting`: what is credited, what is pending, and why."""
# ruff: noqa: PD011 - findings have `values` too; no frame is meant

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from support.ledgers import (
    COLUMNS,
    FIRST_ROW,
    Project,
    Receipt,
    choosing,
    first_options,
    ledger_of,
    yi,
)

from xlplan.crediting import Credited, credit
from xlplan.diagnostics import Cell, Clause, Diagnostic, Key
from xlplan.model import CREDITS, PROJECT_SHEET, RECEIPT_SHEET, RULING_SHEET, TIERS, Choice
from xlplan.policy import Case, Policy, RuleSet, Split, Threshold, Tier, TierCount, load_policy
from xlplan.quantity import parse_period

AS_OF = date(2021, 9, 30)
PERIOD = parse_period("2021")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy("fuling-2021")


def park(**fields) -> Project:
    """A project of a park, out of the city, that says nothing but these fields."""
    plain = {"project": "P1", "lead": "白涛园区", "agreement": yi("10"), "investment": 0}
    return Project(**(plain | fields))


def credited(policy: Policy, *projects: Project, receipts=(), chosen=None) -> Credited:
    chosen = first_options(policy) if chosen is None else chosen
    return credit(ledger_of(policy, projects, receipts, chosen), policy, PERIOD, AS_OF)


def found(result: Credited, code: str) -> list[Diagnostic]:
    return [one for one in result.diagnostics if one.code == code]


def places(result: Credited, code: str) -> list[str]:
    return [str(one.place) for one in found(result, code)]


def without_ruling(policy: Policy, *opened: str) -> dict[str, str]:
    return {key: value for key, value in first_options(policy).items() if key not in opened}


def under(policy: Policy, **tables: object) -> Policy:
    """The policy with other tables of rules and no rulings."""
    return replace(policy, rules=replace(policy.rules, **tables), rulings=())


# Frames


def test_an_empty_ledger_gives_empty_frames_and_notes_on_open_rulings_only(policy):
    result = credited(policy, chosen={})
    assert list(result.credits.columns) == CREDITS.names
    assert list(result.tiers.columns) == TIERS.names
    assert len(result.credits) == len(result.tiers) == 0
    assert {one.code for one in result.diagnostics} == {"XP408"}


def test_frames_have_the_documented_types(policy):
    result = credited(policy, park(cooperating=("区商务委",)), receipts=[Receipt("P1", 7)])
    for frame, kind in ((result.credits, CREDITS), (result.tiers, TIERS)):
        assert {name: str(frame[name].dtype) for name in frame} == {
            column.name: column.dtype for column in kind.columns
        }


def test_every_credit_knows_the_cell_that_it_was_read_from(policy):
    result = credited(
        policy,
        park(),
        park(project="P2", agreement=yi("1"), investment=None, output=yi("60")),
        receipts=[Receipt("P2", 5)],
    )
    cells = {
        (row.project, row.measure): Cell(row.sheet, row.row, row.column)
        for row in result.credits.itertuples()
    }
    assert cells == {
        ("P1", "协议资金"): Cell(PROJECT_SHEET, FIRST_ROW, COLUMNS[PROJECT_SHEET, 0, "agreement"]),
        ("P2", "协议资金"): Cell(
            PROJECT_SHEET, FIRST_ROW + 1, COLUMNS[PROJECT_SHEET, 0, "agreement"]
        ),
        ("P2", "重大项目"): Cell(PROJECT_SHEET, FIRST_ROW + 1, COLUMNS[PROJECT_SHEET, 0, "output"]),
        ("P2", "到位资金"): Cell(RECEIPT_SHEET, FIRST_ROW, COLUMNS[RECEIPT_SHEET, 0, "amount"]),
    }


def test_credits_stand_by_project_with_the_lead_unit_first(policy):
    joint = park(project="P2", lead="区教委", cooperating=("区商务委", "区科技局"))
    frame = credited(policy, joint, park(), receipts=[Receipt("P2", 4)]).credits
    assert frame[["project", "measure", "unit"]].to_numpy().tolist() == [
        ["P2", "协议资金", "区教委"],
        ["P2", "协议资金", "区商务委"],
        ["P2", "协议资金", "区科技局"],
        ["P2", "到位资金", "区教委"],
        ["P2", "到位资金", "区商务委"],
        ["P2", "到位资金", "区科技局"],
        ["P1", "协议资金", "白涛园区"],
    ]


# Rules and rulings


def test_a_credit_names_its_rules_their_clauses_and_the_rulings_it_relies_on(policy):
    frame = credited(policy, park(lead="江北旅游区", origin="境外", investment=yi("30"))).credits
    assert frame[["measure", "rule", "clause", "ruling"]].to_numpy().tolist() == [
        [
            "重大项目",
            "major + weight.count.one + split.sole",
            "附件2备注1、附件2备注2",
            "count-weight",
        ],
        [
            "协议资金",
            "weight.overseas.100 + scope.note-2.all-parks + split.sole",
            "附件2备注2",
            "overseas-origin、park-scope",
        ],
    ]


def test_an_open_ruling_that_changes_nothing_keeps_nothing_pending(policy):
    result = credited(policy, park(), chosen={})
    line = result.credits.iloc[0]
    assert (line["state"], line["credit"], line["pending"], line["ruling"]) == (
        "settled",
        yi("10"),
        0,
        "",
    )
    assert not found(result, "XP401")
    assert len(found(result, "XP408")) == len(policy.rulings)


def test_an_open_ruling_is_said_once_with_the_number_of_amounts_at_its_clause(policy):
    joint = park(cooperating=("临港经济区",))
    receipts = [Receipt("P1", 5), Receipt("P1", 6), Receipt("P1", -1)]
    result = credited(
        policy, joint, receipts=receipts, chosen=without_ruling(policy, "joint-received")
    )
    (said,) = found(result, "XP401")
    assert said.place == Clause(policy.id, "附件2备注2")
    assert (said.values["ruling"], said.values["count"]) == ("joint-received", 3)


def test_pending_is_the_most_that_any_choice_could_give(policy):
    frame = credited(
        policy, park(origin="区内"), chosen=without_ruling(policy, "home-weight")
    ).credits
    line = frame.iloc[0]
    assert (line["state"], line["credit"], line["pending"]) == ("open", 0, yi("10"))
    assert (line["weight_num"], line["weight_den"]) == (1, 1)
    assert line["rule"].startswith("weight.home.100")


def test_a_pending_line_also_names_the_chosen_rulings_that_it_relies_on(policy):
    home = park(lead="江北旅游区", origin="区内")
    frame = credited(policy, home, chosen=without_ruling(policy, "home-weight")).credits
    assert frame["ruling"].tolist() == ["park-scope、home-weight"]


@pytest.mark.parametrize(
    ("choice", "code", "values"),
    [
        (Choice("home-weight", "30%"), "XP404", {"text": "30%", "known": "0%、20%、100%"}),
        (Choice("home-weight", "20%"), "XP405", {"field": "决定人、日期"}),
        (Choice("home-weight", "20%", "区政府"), "XP405", {"field": "日期"}),
        (Choice("home-wait", "20%"), "XP407", {"text": "home-wait"}),
    ],
)
def test_a_choice_that_cannot_be_followed_or_traced_is_said_at_its_cell(
    policy, choice, code, values
):
    cell = Cell(RULING_SHEET, 9, 5)
    ledger = replace(ledger_of(policy), choices={choice.ruling: replace(choice, cell=cell)})
    (said,) = found(credit(ledger, policy, PERIOD, AS_OF), code)
    assert said.place == cell
    assert values.items() <= said.values.items()


def test_an_invalid_choice_is_open_and_a_blank_one_is_no_finding(policy):
    home = park(origin="区内")
    for option, codes in (("30%", {"XP404", "XP401"}), ("", {"XP401"})):
        result = credited(policy, home, chosen=first_options(policy) | {"home-weight": option})
        assert result.credits["pending"].tolist() == [yi("10")]
        assert {one.code for one in result.diagnostics} - {"XP408"} == codes


# Silence and conflict


def test_silence_is_pending_in_full_and_said_once_at_the_first_amount(policy):
    law = under(policy, weights=policy.rules.weights[:1])
    home = [park(project=f"P{n}", origin="区内", agreement=yi("3")) for n in range(2)]
    result = credited(law, *home)
    assert result.credits["state"].tolist() == ["silent"] * 2
    assert result.credits["pending"].tolist() == [yi("3")] * 2
    assert places(result, "XP402") == [f"{PROJECT_SHEET}!N{FIRST_ROW}"]
    assert "协议资金的权重，来源区内（白涛园区，2 笔）" in found(result, "XP402")[0].message()


def test_a_silent_split_is_pending_in_full_for_every_unit(policy):
    law = under(policy, splits=policy.rules.splits[:1])
    result = credited(law, park(cooperating=("临港经济区",)))
    assert result.credits["pending"].tolist() == [yi("10")] * 2
    assert "协议资金的分摊，1 个配合单位" in found(result, "XP402")[0].message()


def test_two_rules_for_one_case_are_a_conflict_and_the_larger_is_pending(policy):
    again = replace(policy.rules.weights[0], id="weight.again", share=Fraction(1, 2))
    law = under(policy, weights=(*policy.rules.weights, again))
    result = credited(law, park())
    assert result.credits[["state", "credit", "pending"]].to_numpy().tolist() == [
        ["conflict", 0, yi("10")]
    ]
    (said,) = found(result, "XP403")
    assert said.place == Key(policy.id, "weight.out-of-city")
    assert "weight.again" in said.values["rules"]


def test_a_rule_that_prevails_sets_the_others_aside(policy):
    half = Fraction(1, 2)
    ours = Split(
        "split.halves", "附件2备注2", "", ("协议资金",), (1, None), lead=half, prevails=True
    )
    law = under(policy, splits=(*policy.rules.splits, replace(ours, cooperating=half)))
    frame = credited(law, park(cooperating=("临港经济区",))).credits
    assert frame["credit"].tolist() == [yi("5"), yi("5")]
    assert frame["rule"].tolist() == ["weight.out-of-city + scope.note-2 + split.halves"] * 2


def test_without_a_rule_on_lower_tiers_their_counts_are_silent(policy):
    law = under(policy, tier_counts=())
    law = replace(
        law,
        rules=law.rules.plus(
            [RuleSet(weights=policy.ruling("count-weight").options[0].rules.weights)]
        ),
    )
    result = credited(law, park(agreement=0, investment=yi("30")))
    states = dict(zip(result.credits["measure"], result.credits["state"], strict=True))
    assert states["重大项目"] == "settled"
    assert states["较大项目"] == states["重点项目"] == "silent"
    assert len(found(result, "XP402")) == 2


def test_a_rule_to_count_the_highest_tier_only_gives_no_line_for_lower_ones(policy):
    counts = policy.ruling("count-weight").options[0].rules.weights
    law = under(policy, tier_counts=(TierCount("tier-count", "附件2备注1", scope="highest"),))
    law = replace(law, rules=law.rules.plus([RuleSet(weights=counts)]))
    result = credited(law, park(agreement=0, investment=yi("30")))
    assert result.credits["measure"].tolist() == ["重大项目", "协议资金"]


# Exactness


def test_where_units_weigh_an_amount_differently_each_has_its_own_share(policy):
    chosen = first_options(policy) | {"park-scope": "named-parks-only", "count-weight": "no"}
    joint = park(lead="江北旅游区", cooperating=("白涛园区",), origin="区外市内", agreement=7)
    frame = credited(policy, joint, chosen=chosen).credits
    assert frame[["state", "whole", "credit", "pending"]].to_numpy().tolist() == [
        ["silent", 7, 0, 6],
        ["settled", 1, 0, 0],
    ]


@pytest.mark.parametrize(
    ("grains", "credits_"),
    [(1, [1, 0]), (4, [4, 0]), (9, [8, 1]), (-9, [-8, -1]), (9 * 10**16 + 3, None)],
)
def test_the_remainder_of_a_division_goes_to_the_lead_unit(policy, grains, credits_):
    joint = park(cooperating=("临港经济区",))
    frame = credited(policy, joint, receipts=[Receipt("P1", grains)]).credits
    shared = frame.loc[frame["measure"] == "到位资金", "credit"].tolist()
    assert shared == (credits_ or [grains - grains // 5, grains // 5])
    assert sum(shared) == grains


# Days


@pytest.mark.parametrize(
    ("period", "as_of", "total"),
    [
        ("2021", AS_OF, 0b0110),
        ("2021", date(2021, 12, 31), 0b1110),
        ("2020", AS_OF, 0b0001),
        ("2021Q1", AS_OF, 0b0010),
        ("2021-09", date(2021, 9, 29), 0),
        ("2021-2025", date(2022, 1, 1), 0b1110),
    ],
)
def test_a_receipt_belongs_to_the_period_of_its_own_day(policy, period, as_of, total):
    days = (date(2020, 12, 31), date(2021, 1, 1), date(2021, 9, 30), date(2021, 10, 1))
    receipts = [Receipt("P1", 2**n, day) for n, day in enumerate(days)]
    ledger = ledger_of(policy, [park(signed=date(2019, 1, 1))], receipts, first_options(policy))
    assert credit(ledger, policy, parse_period(period), as_of).credits["credit"].sum() == total


@pytest.mark.parametrize(
    ("project", "receipts", "code", "place"),
    [
        (park(signed=None), (), "XP309", "项目台账!O4"),
        (park(agreement=None), (), "XP309", "项目台账!N4"),
        (park(origin=""), (), "XP309", "项目台账!I4"),
        (park(), (Receipt("P1", 1, None),), "XP309", "到位资金!B4"),
        (park(), (Receipt("P9", 1),), "XP306", "到位资金!A4"),
        (park(signed=date(2021, 10, 1)), (), "XP305", "项目台账!O4"),
        (park(), (Receipt("P1", 1, date(2021, 10, 1)),), "XP305", "到位资金!B4"),
        (park(), (Receipt("P1", yi("10.01"), date(2020, 1, 1)),), "XP307", "项目台账!N4"),
        (park(investment=None), (), "XP406", "项目台账!L4"),
    ],
)
def test_what_is_not_credited_is_said_at_its_cell(policy, project, receipts, code, place):
    result = credited(policy, project, receipts=receipts)
    assert places(result, code) == [place]
    assert {one.code for one in result.diagnostics} == {code}


@pytest.mark.parametrize("field", ["signed", "agreement"])
def test_what_the_readers_reported_as_unreadable_is_not_said_again(policy, field):
    result = credited(policy, park(**{field: None, "unreadable": (field,)}))
    assert len(result.credits) == len(result.diagnostics) == 0


def test_received_up_to_the_agreement_is_no_finding(policy):
    receipts = [
        Receipt("P1", yi("12")),
        Receipt("P1", -yi("2")),
        Receipt("P1", 9, date(2022, 1, 1)),
    ]
    assert not found(credited(policy, park(), receipts=receipts), "XP307")


def test_a_project_without_origin_brings_nothing_not_even_its_receipts(policy):
    result = credited(policy, park(origin="", investment=yi("30")), receipts=[Receipt("P1", 5)])
    assert len(result.credits) == 0


# Tiers


@pytest.mark.parametrize(
    ("amounts", "sector", "tier", "because"),
    [
        (("20", None), "工业", "重大", "investment >= 20亿元"),
        (("19.9999999999", None), "工业", "较大", "investment >= 10亿元"),
        (("1", "50"), "工业", "重大", "output >= 50亿元"),
        (("20", "50"), "工业", "重大", "investment >= 20亿元"),
        ((None, "50"), "工业", "重大", "output >= 50亿元"),
        (("1", "30"), "工业", "较大", "output >= 30亿元"),
        (("1", "0"), "工业", "重点", "investment >= 1亿元"),
        (("0.05", None), "服务业", "一般", "行业为服务业 且 investment >= 500万元"),
        (("0.05", None), "工业", "", ""),
        (("0.2", None), "工业", "一般", "行业为工业 且 investment >= 2000万元"),
        (("0", None), "", "", ""),
    ],
)
def test_a_tier_comes_from_investment_or_output(policy, amounts, sector, tier, because):
    investment, output = amounts
    project = park(investment=yi(investment), output=yi(output), sector=sector)
    result = credited(policy, project)
    assert result.tiers[["tier", "because"]].to_numpy().tolist() == [[tier, because]]
    assert not found(result, "XP406")


@pytest.mark.parametrize(
    ("fields", "reason", "column"),
    [
        ({"investment": None, "output": yi("30")}, "缺少投资额", "L"),
        ({"investment": None, "unreadable": ("investment",)}, "投资额看不懂", "L"),
        ({"investment": yi("12"), "unreadable": ("output",)}, "年产值看不懂", "M"),
        ({"investment": yi("0.1"), "sector": ""}, "缺少行业", "J"),
    ],
)
def test_a_tier_that_cannot_be_told_is_said_and_not_counted(policy, fields, reason, column):
    result = credited(policy, park(agreement=0, **fields))
    (said,) = found(result, "XP406")
    assert (said.values["reason"], str(said.place)) == (reason, f"{PROJECT_SHEET}!{column}4")
    assert result.tiers[["tier", "because"]].to_numpy().tolist() == [["", ""]]
    assert result.credits["measure"].tolist() == ["协议资金"]


def test_all_thresholds_of_a_case_must_hold(policy):
    both = Case((Threshold("investment", ">", 5, "> 5"), Threshold("output", "<=", 3, "<= 3")))
    law = replace(policy, tiers=(Tier("major", "重大", (both,), "附件2备注1"),), measures=())
    amounts = [(5, 3), (6, 3), (6, 4), (6, None)]
    projects = [
        park(project=f"P{n}", investment=investment, output=output)
        for n, (investment, output) in enumerate(amounts)
    ]
    assert credited(law, *projects).tiers["tier"].tolist() == ["", "重大", "", ""]


def test_tiers_list_every_project_whatever_its_day(policy):
    old = park(project="P0", signed=date(2001, 1, 1), investment=yi("25"))
    result = credited(policy, old, park(signed=None))
    assert result.tiers[["project", "tier"]].to_numpy().tolist() == [["P0", "重大"], ["P1", ""]]
    assert len(result.credits) == 0


# A part of a measure


def test_an_open_sub_target_keeps_its_amounts_pending(policy):
    chosen = without_ruling(policy, "sub-target")
    result = credited(policy, park(lead="涪陵新城区", sector="服务业"), chosen=chosen)
    lines = result.credits.set_index("measure")[["state", "credit", "pending"]]
    assert lines.loc["协议资金"].tolist() == ["settled", yi("10"), 0]
    assert lines.loc["协议资金（非工业）"].tolist() == ["open", 0, yi("10")]
    assert [one.values["ruling"] for one in found(result, "XP401")] == ["sub-target"]


@pytest.mark.parametrize(
    ("lead", "unreadable", "said"),
    [("涪陵新城区", (), 1), ("涪陵新城区", ("sector",), 0), ("白涛园区", (), 0)],
)
def test_a_blank_sector_is_said_only_where_a_sub_target_turns_on_it(policy, lead, unreadable, said):
    result = credited(policy, park(lead=lead, sector="", unreadable=unreadable))
    assert len(places(result, "XP309")) == said
    assert result.credits["measure"].tolist() == ["协议资金"]


def test_as_a_note_only_a_sub_target_has_no_lines_and_asks_for_no_sector(policy):
    chosen = first_options(policy) | {"sub-target": "note-only"}
    result = credited(policy, park(lead="涪陵新城区", sector=""), chosen=chosen)
    assert result.credits["measure"].tolist() == ["协议资金"]
    assert len(result.diagnostics) == 0


@pytest.mark.parametrize(
    ("column", "day", "said"),
    [
        ("valid_from", "2021-03-15", []),
        ("valid_from", "2021-03-16", ["项目台账!F4"]),
        ("valid_to", "2021-03-16", []),
        ("valid_to", "2021-03-15", ["项目台账!F4"]),
    ],
)
def test_a_unit_that_did_not_exist_on_the_day_is_said_once_and_counted(policy, column, day, said):
    joint = park(cooperating=("临港经济区",))
    ledger = ledger_of(policy, [joint], [Receipt("P1", 5)], first_options(policy))
    units = ledger.units.copy()
    units.loc[units["unit"] == "临港经济区", column] = pd.Timestamp(day)
    result = credit(replace(ledger, units=units), policy, PERIOD, AS_OF)
    assert places(result, "XP313") == said
    assert result.credits["credit"].sum() == yi("10") + 5


def test_choices_do_not_touch_the_ledger(policy):
    ledger = ledger_of(policy, [park()], [Receipt("P1", 5)], first_options(policy))
    before = ledger.projects.copy(deep=True), ledger.receipts.copy(deep=True)
    credit(choosing(ledger, policy, {}), policy, PERIOD, AS_OF)
    assert ledger.projects.equals(before[0])
    assert ledger.receipts.equals(before[1])
