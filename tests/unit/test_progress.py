"""The room `progress`: standings, totals, pace, ranks, and the self-check of targets."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from support.ledgers import Project, choosing, first_options, ledger_of, yi

from xlplan.crediting import credit
from xlplan.model import ONE, STANDINGS, TARGETS, TOTALS, YI, Ledger, Unset
from xlplan.policy import Pace, Policy, Ranking, load_policy
from xlplan.policy.schema import Measure
from xlplan.progress import Counted, Progress, audit_targets, progress
from xlplan.progress.pace import pace_of
from xlplan.progress.standings import Standing, ranks
from xlplan.progress.targets import Aim
from xlplan.quantity import parse_period

AS_OF = date(2021, 9, 30)
FUNDS = Measure("agreement", "协议资金", "agreement")
QUARTERLY = Pace("schedule", tuple(Fraction(n, 100) for n in (20, 45, 70, 100)))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy("fuling-2021")


def project(name: str, lead: str, agreement: str, **fields) -> Project:
    plain = {"origin": "市外", "investment": 0}
    return Project(name, lead, agreement=yi(agreement), **(plain | fields))


def progress_of(ledger: Ledger, policy: Policy, period: str = "2021") -> Progress:
    span = parse_period(period)
    credits_ = credit(ledger, policy, span, AS_OF).credits
    return progress(Counted(credits_), ledger, policy, span, AS_OF)


def of(policy: Policy, *projects: Project, chosen=None) -> Progress:
    chosen = first_options(policy) if chosen is None else chosen
    return progress_of(ledger_of(policy, projects, (), chosen), policy)


def standing(done: Progress, unit: str, measure: str) -> dict:
    return done.standings.set_index(["unit", "measure"]).loc[(unit, measure)].to_dict()


def total(done: Progress, group: str, measure: str) -> dict:
    return done.totals.set_index(["group", "measure"]).loc[(group, measure)].to_dict()


# Pace


@pytest.mark.parametrize(
    ("pace", "period", "as_of", "expected"),
    [
        (Pace(), "2021", "2020-06-01", "0"),
        (Pace(), "2021", "2021-01-30", "0"),
        (Pace(), "2021", "2021-01-31", "1/12"),
        (Pace(), "2021", "2021-02-28", "1/6"),
        (Pace(), "2024", "2024-02-28", "1/12"),
        (Pace(), "2024", "2024-02-29", "1/6"),
        (Pace(), "2021", "2021-12-31", "1"),
        (Pace(), "2021", "2025-01-01", "1"),
        (Pace(), "2021Q3", "2021-08-31", "2/3"),
        (Pace(), "2021-03", "2021-03-30", "0"),
        (Pace(), "2021-2025", "2021-09-30", "3/20"),
        (QUARTERLY, "2021", "2021-03-30", "0"),
        (QUARTERLY, "2021", "2021-06-30", "9/20"),
        (QUARTERLY, "2021", "2021-09-29", "9/20"),
        (QUARTERLY, "2021", "2022-03-01", "1"),
        (QUARTERLY, "2021Q1", "2021-02-28", "2/3"),
    ],
)
def test_pace_counts_whole_months_or_follows_the_schedule(pace, period, as_of, expected):
    assert pace_of(pace, parse_period(period), date.fromisoformat(as_of)) == Fraction(expected)


# The period


@pytest.mark.parametrize(
    ("period", "codes"), [("1999", ["XP510"]), ("2021", []), ("2021Q1", []), ("2021Q4", ["XP510"])]
)
def test_a_period_with_neither_targets_nor_credits_is_said(policy, period, codes):
    ledger = ledger_of(policy, [project("P1", "白涛园区", "10")], (), first_options(policy))
    found = progress_of(ledger, policy, period).diagnostics
    assert [(one.code, str(one.place)) for one in found] == [(code, "任务分解") for code in codes]


# Standings


def test_frames_have_the_documented_types(policy):
    done = of(policy, project("P1", "白涛园区", "10"))
    for frame, kind in ((done.standings, STANDINGS), (done.totals, TOTALS)):
        assert {name: str(frame[name].dtype) for name in frame} == {
            column.name: column.dtype for column in kind.columns
        }


def test_rate_gap_and_pace_are_exact(policy):
    found = standing(of(policy, project("P1", "白涛园区", "10")), "白涛园区", "协议资金")
    assert (found["target"], found["done"], found["pending"]) == (yi("150"), yi("10"), 0)
    assert found["rate"] == Fraction(1, 15)
    assert found["pace"] == Fraction(3, 4)
    assert found["gap"] == Fraction(1, 15) - Fraction(3, 4)
    assert found["rank"] == 1


def test_without_a_target_there_is_no_rate_no_pace_no_gap_and_no_rank(policy):
    done = of(policy, project("P1", "清溪园区", "10", investment=yi("20")))
    found = standing(done, "清溪园区", "重大项目")
    assert found["done"] == ONE
    assert [found[name] for name in ("rate", "pace", "gap")] == [None] * 3
    assert pd.isna(found["target"])
    assert pd.isna(found["rank"])


def test_a_target_of_zero_has_no_rate_and_no_rank(policy):
    ledger = ledger_of(policy, [project("P1", "白涛园区", "1")], (), first_options(policy))
    zero = ledger.targets.copy()
    zero.loc[(zero["unit"] == "白涛园区") & (zero["measure"] == "协议资金"), "value"] = 0
    found = standing(progress_of(replace(ledger, targets=zero), policy), "白涛园区", "协议资金")
    assert (found["target"], found["pace"]) == (0, Fraction(3, 4))
    assert [found[name] for name in ("rate", "gap")] == [None] * 2
    assert pd.isna(found["rank"])


def test_standings_cover_every_unit_with_a_target_in_the_documents_order(policy):
    done = of(policy)
    units = list(dict.fromkeys(done.standings["unit"]))
    assert units == [unit.name for unit in policy.units]
    parks = done.standings[done.standings["unit"] == "白涛园区"]
    assert parks["measure"].tolist() == list(policy.tables[0].measures)
    offices = done.standings[done.standings["unit"] == "区财政局"]
    assert offices["measure"].tolist() == list(policy.tables[1].measures)
    assert (done.standings["done"] == 0).all()


def test_a_unit_without_targets_stands_where_it_has_an_amount_and_nowhere_else(policy):
    ledger = ledger_of(policy, [project("P1", "区财政局", "2")], (), first_options(policy))
    ledger = replace(ledger, targets=TARGETS.empty())
    done = progress_of(ledger, policy)
    assert done.standings[["unit", "measure", "done"]].to_numpy().tolist() == [
        ["区财政局", "协议资金", yi("2")]
    ]


def test_targets_of_another_period_are_not_used(policy):
    ledger = ledger_of(policy, [project("P1", "白涛园区", "10")], (), first_options(policy))
    done = progress_of(ledger, policy, "2021Q1")
    assert done.standings["target"].isna().all()
    assert done.pace == 1


def test_a_sub_target_is_a_standing_of_its_own_only_where_it_is_a_floor(policy):
    rows = [project("P1", "涪陵新城区", "12", sector="服务业")]
    ledger = ledger_of(policy, rows, (), first_options(policy))
    found = standing(progress_of(ledger, policy), "涪陵新城区", "协议资金（非工业）")
    assert (found["target"], found["rate"]) == (yi("60"), Fraction(1, 5))
    note = choosing(ledger, policy, first_options(policy) | {"sub-target": "note-only"})
    measures = set(progress_of(note, policy).standings["measure"])
    assert "协议资金（非工业）" not in measures
    closed = {key: value for key, value in first_options(policy).items() if key != "sub-target"}
    opened = progress_of(choosing(ledger, policy, closed), policy)
    found = standing(opened, "涪陵新城区", "协议资金（非工业）")
    assert (found["done"], found["pending"]) == (0, yi("12"))
    assert pd.isna(found["target"])


# Ranks


def field(*rates: str | None) -> list[Standing]:
    return [
        Standing(
            "园区", f"单位{n}", FUNDS, None if rate is None else Aim(60 * YI), Fraction(rate or 0)
        )
        for n, rate in enumerate(rates)
    ]


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        (Ranking("skip"), [2, 1, 2, 4, None]),
        (Ranking("dense"), [2, 1, 2, 3, None]),
        (Ranking("skip", left_out=("单位1",)), [1, None, 1, 3, None]),
    ],
)
def test_ties_share_a_rank_and_the_policy_says_what_follows(policy, ranking, expected):
    law = replace(policy, ranking=ranking)
    assert ranks(field("20", "30", "20", "10", None), law) == expected


def test_groups_and_measures_are_ranked_apart(policy):
    rows = [project("P1", "白涛园区", "1"), project("P2", "区教委", "0.1")]
    done = of(policy, *rows)
    assert standing(done, "白涛园区", "协议资金")["rank"] == 1
    assert standing(done, "区教委", "协议资金")["rank"] == 1
    assert standing(done, "临港经济区", "协议资金")["rank"] == 2


# Totals


def test_a_group_total_is_measured_against_its_own_written_target(policy):
    done = of(policy, project("P1", "白涛园区", "29"), project("P2", "清溪园区", "29"))
    found = total(done, "园区", "协议资金")
    assert (found["target"], found["done"]) == (yi("580"), yi("58"))
    assert found["rate"] == Fraction(1, 10)


def test_a_project_of_two_groups_is_counted_once_for_the_area(policy):
    joint = project("P1", "白涛园区", "10", cooperating=("区商务委",))
    done = of(policy, joint, chosen=first_options(policy) | {"double-listing": "both-full"})
    for group in ("园区", "区级部门"):
        found = total(done, group, "协议资金")
        assert (found["done"], found["distinct"]) == (yi("10"), yi("10"))
    area = total(done, policy.area, "协议资金")
    assert (area["done"], area["distinct"]) == (yi("20"), yi("10"))
    assert area["rate"] is None
    assert pd.isna(area["target"])


def test_the_area_has_a_rate_where_the_document_writes_its_total(policy):
    ledger = ledger_of(policy, [project("P1", "白涛园区", "10")], (), first_options(policy))
    row = ledger.targets.iloc[[0]].assign(group=policy.area, unit="合计", measure="协议资金")
    targets = pd.concat([ledger.targets, row.assign(value=yi("500"))], ignore_index=True)
    found = total(progress_of(replace(ledger, targets=targets), policy), policy.area, "协议资金")
    assert (found["target"], found["rate"]) == (yi("500"), Fraction(1, 50))


def test_the_area_adds_up_its_groups_and_needs_no_target_for_that(policy):
    projects = [project("P1", "白涛园区", "10"), project("P2", "区教委", "3")]
    done = of(policy, *projects)
    area = total(done, policy.area, "协议资金")
    groups = [total(done, group, "协议资金") for group in policy.groups]
    assert area["done"] == sum(group["done"] for group in groups) == yi("13")
    assert pd.isna(area["target"])
    assert area["rate"] is None


def test_targets_of_a_quarter_hold_for_that_quarter_and_only_floors_are_measured(policy):
    ledger = ledger_of(policy, [project("P1", "白涛园区", "10")], (), first_options(policy))
    rows = [
        ("园区", "白涛园区", "协议资金", "2021Q1", bound, "", yi(value), "", "目标", row, 4)
        for row, (bound, value) in enumerate(
            [("stretch", "50"), ("ceiling", "60"), ("floor", "40")], 2
        )
    ]
    quarter = TARGETS.of(dict(zip(TARGETS.names, zip(*rows, strict=True), strict=False)))
    both = replace(ledger, targets=pd.concat([ledger.targets, quarter], ignore_index=True))
    found = standing(progress_of(both, policy, "2021Q1"), "白涛园区", "协议资金")
    assert (found["target"], found["rate"]) == (yi("40"), Fraction(1, 4))
    year = standing(progress_of(both, policy), "白涛园区", "协议资金")
    assert year["target"] == yi("150")


def test_totals_list_groups_in_order_and_the_area_last(policy):
    groups = list(dict.fromkeys(of(policy).totals["group"]))
    assert groups == [*policy.groups, policy.area]


# The self-check of targets


def targets_of(*rows: tuple) -> pd.DataFrame:
    """Targets of one group as (unit, measure, period, value in 亿元 or 个, bound)."""
    columns = [
        ("园区", unit, measure, period, bound, "", value, "", "任务分解", 4 + n, 2)
        for n, (unit, measure, period, value, bound) in enumerate(rows)
    ]
    return TARGETS.of(dict(zip(TARGETS.names, zip(*columns, strict=True), strict=False)))


def test_the_documents_own_table_has_no_findings(policy):
    assert [found.code for found in audit_targets(ledger_of(policy).targets, policy)] == []


@pytest.mark.parametrize(
    ("rows", "code", "place", "values"),
    [
        (
            [
                ("甲", "协议资金", "2022", yi("3"), "floor"),
                ("乙", "协议资金", "2022", yi("4"), "floor"),
                ("合计", "协议资金", "2022", yi("8"), "floor"),
            ],
            "XP501",
            "任务分解!B6",
            {"sum": "7亿元", "total": "8亿元", "measure": "协议资金"},
        ),
        (
            [("甲", "协议资金", f"2022Q{n}", yi("11.25"), "floor") for n in range(1, 5)]
            + [("甲", "协议资金", "2022", yi("48"), "floor")],
            "XP502",
            "任务分解!B8",
            {"sum": "45亿元", "total": "48亿元", "unit": "甲"},
        ),
        (
            [
                ("甲", "协议资金", "2022", yi("3"), "floor"),
                ("甲", "协议资金（非工业）", "2022", yi("3.5"), "of-which"),
            ],
            "XP503",
            "任务分解!B5",
            {"part": "3.5亿元", "total": "3亿元"},
        ),
    ],
)
def test_a_table_that_contradicts_itself_is_said(policy, rows, code, place, values):
    own = replace(policy, targets=())
    (said,) = audit_targets(targets_of(*rows), own)
    assert (said.code, str(said.place)) == (code, place)
    assert values.items() <= said.values.items()  # noqa: PD011 - a finding, not a frame


@pytest.mark.parametrize(
    "rows",
    [
        [("甲", "协议资金", f"2022Q{n}", yi("1"), "floor") for n in range(1, 4)]
        + [("甲", "协议资金", "2022", yi("48"), "floor")],
        [("合计", "协议资金", "2022", yi("8"), "floor")],
        [("甲", "协议资金（非工业）", "2022", yi("3.5"), "of-which")],
    ],
)
def test_what_is_not_wholly_written_cannot_contradict_itself(policy, rows):
    assert not list(audit_targets(targets_of(*rows), replace(policy, targets=())))


def with_area(table, area, total):
    """A table of targets with a target of the area as a whole below."""
    row = table[(table["unit"] == "合计") & (table["measure"] == "协议资金")].iloc[[0]]
    row = row.assign(group=area, value=yi(total), row=99)
    return pd.concat([table, row], ignore_index=True)


@pytest.mark.parametrize(
    ("total", "codes"), [("680", []), ("700", ["XP501"]), ("0.068", ["XP511"])]
)
def test_the_areas_target_is_set_against_the_totals_of_its_groups(policy, total, codes):
    table = with_area(ledger_of(policy).targets, policy.area, total)
    found = [one for one in audit_targets(table, policy) if one.code != "XP505"]
    assert [one.code for one in found] == codes
    assert all("680亿元" in one.message() and str(one.place).endswith("99") for one in found)


def test_where_a_group_writes_no_total_its_units_make_up_the_areas(policy):
    table = with_area(ledger_of(policy).targets, policy.area, "680")
    table = table[(table["group"] != "园区") | (table["unit"] != "合计")]
    assert "XP501" not in {one.code for one in audit_targets(table, policy)}
    table.loc[table["unit"] == "白涛园区", "value"] *= 2
    (said,) = [one for one in audit_targets(table, policy) if one.code == "XP501"]
    assert str(said.place).endswith("99")


def test_what_a_cell_of_a_group_lost_is_not_missed_in_the_areas_total(policy):
    table = with_area(ledger_of(policy).targets, policy.area, "700")
    lost = [Unset("园区", "白涛园区", "协议资金", "2021")]
    assert "XP501" not in {one.code for one in audit_targets(table, policy, lost)}


def test_targets_that_the_document_leaves_to_the_office_are_no_difference():
    law = load_policy("xinsheng-2022")
    row = ledger_of(law).targets.query("measure == '协议引资'")
    part = row.assign(group="村社区", unit="天池村", row=50)
    found = list(audit_targets(pd.concat([ledger_of(law).targets, part]), law))
    assert [one.code for one in found] == []
    rest = pd.concat([ledger_of(law).targets, part.assign(value=yi("1.5"))])
    (said,) = audit_targets(rest, law)
    assert (said.code, "1.5亿元" in said.message()) == ("XP501", True)
    changed = row.assign(value=yi("3"))
    assert [one.code for one in audit_targets(changed, law)].count("XP505") >= 1


@pytest.mark.parametrize(
    ("change", "value", "issued", "place"),
    [("changed", "7个", "6个", "任务分解!B"), ("blank", "空白", "6个", "任务分解")],
)
def test_a_target_that_differs_from_the_document_is_noted(policy, change, value, issued, place):
    table = ledger_of(policy).targets
    hit = (table["unit"] == "白涛园区") & (table["measure"] == "重点项目")
    if change == "changed":
        table.loc[hit, "value"] = 7 * ONE
    else:
        table = table[~hit]
    said = {found.code: found for found in audit_targets(table, policy)}
    assert set(said) == {"XP501", "XP505"}
    noted = said["XP505"]
    assert f"表中 {value}，文件 {issued}" in noted.message()
    assert str(noted.place).startswith(place)


def test_units_that_the_table_has_lost_are_named_in_one_line(policy):
    table = ledger_of(policy).targets
    table = table[~table["unit"].isin(["白涛园区", "区教委"])]
    said = [found for found in audit_targets(table, policy) if found.code != "XP501"]
    (lost,) = said
    assert lost.message() == "目标表缺少文件中的单位：白涛园区、区教委"
