"""What an issued document says against itself is found at its clause, and nothing else is."""

import pytest
from support.audits import AUDITED, LEVELS, MEASURES, changed, goal, office, quarters, rate, table

from xlplan.app.audit import audit_document
from xlplan.cli import main
from xlplan.diagnostics import KINDS, Severity
from xlplan.policy import load_policy
from xlplan.policy.audit import audit_policy


def codes(policy):
    return [fact.code for fact in audit_document(policy)]


def test_a_document_that_agrees_with_itself_has_nothing_to_say():
    assert codes(changed(office())) == []


@pytest.mark.parametrize(("code", "place", "words", "edits"), AUDITED.values(), ids=AUDITED)
def test_what_does_not_agree_is_said_once_at_its_clause(code, place, words, edits):
    facts = list(audit_document(changed(edits)))
    assert [(fact.code, fact.place.place) for fact in facts] == [(code, place)]
    assert words in facts[0].message()


def test_facts_of_a_document_set_nothing_aside():
    audits = {code for code in KINDS if "XP550" <= code <= "XP569"}
    assert {code for code, *_ in AUDITED.values()} == audits
    assert Severity.ERROR not in {KINDS[code].severity for code in audits}


# What each shipped document is known to say against itself.


def facts(name):
    return [(fact.code, fact.message()) for fact in audit_document(load_policy(name))]


def test_in_fuling_five_years_of_500_fall_short_of_3000_and_two_names_are_easily_mistaken():
    found = facts("fuling-2021")
    assert [code for code, _ in found] == ["XP557", "XP554", "XP556"]
    assert "2500亿元" in found[0][1]
    assert "3000亿元" in found[0][1]
    assert "涪陵新城区（高新区、综保区）" in found[1][1]
    assert "涪陵综保区" in found[1][1]
    assert "共 12 个组，按顿号拆开会成 13 个" in found[2][1]


def test_the_totals_of_both_tables_of_fuling_are_compared_and_agree():
    policy = load_policy("fuling-2021")
    totals = [target for target in policy.targets if target.unit == "合计"]
    assert len(totals) == 9
    assert not {code for code, _ in facts("fuling-2021")} & {"XP501", "XP503", "XP511", "XP558"}


def test_in_yanjiang_the_quarters_of_what_comes_from_outside_make_45_and_the_year_says_48():
    added = [said for code, said in facts("yanjiang-2023") if code == "XP502"]
    assert len(added) == 1
    assert "45亿元" in added[0]
    assert "48亿元" in added[0]


def test_in_yanjiang_projects_of_the_city_are_to_reach_less_by_quarters_than_in_the_year():
    found = [said for code, said in facts("yanjiang-2023") if code != "XP502"]
    assert len(found) == 2
    assert "省市督办履约率 要求 90%，其中的 市级督办履约率 到 2023Q4 只要求 80%" in found[0]
    assert "省市督办开工率 要求 80%，其中的 市级督办开工率 到 2023Q4 只要求 60%" in found[1]


def test_in_yanjiang_the_quarters_of_foreign_investment_make_the_year():
    policy = load_policy("yanjiang-2023")
    found = {t.period: t.value for t in policy.targets if t.measure == "外商直接投资"}
    year = found.pop("2023")
    assert (year, set(found.values()), len(found)) == (60_000, {15_000}, 4)
    assert year == sum(found.values())


def test_zhengyang_says_nothing_against_itself():
    assert facts("zhengyang-2022") == []


def test_guangan_builds_less_in_the_year_than_in_its_first_quarter_and_leaves_one_area_out():
    found = facts("guangan-2023")
    assert [code for code, _ in found] == ["XP550", "XP550", "XP560"]
    assert "2023Q1 为 38个，2023 只有 16个" in found[0][1]
    assert "2023Q1 为 311.9亿元，2023 只有 184亿元" in found[1][1]


def test_xinsheng_only_leaves_units_without_targets():
    assert [code for code, _ in facts("xinsheng-2022")] == ["XP560"]


def test_a_goal_is_set_against_the_areas_own_target_and_not_added_to_its_groups():
    whole = (
        '\n[[table]]\ngroup = "示例区"\ntitle = "全区"\nperiod = "2021"\nclause = "附件1"\n'
        'measures = ["协议资金"]\nheads = [["协议资金", ""]]\ntotal = ["合计", "47.5"]\n'
    )
    assert codes(changed(office(whole, goal("每年", "> 47亿元", each="year")))) == []
    found = list(audit_document(changed(office(whole, goal("每年", "> 50亿元", each="year")))))
    assert [one.code for one in found] == ["XP558"]
    assert "47.5亿元" in found[0].message()


# What is no contradiction.


def test_a_stricter_part_and_a_part_of_other_projects_are_no_contradiction():
    measures = rate("全部", ["省级", "市级"]) + rate("省级率", ["省级"]) + rate("市级率", ["市级"])
    edits = office(
        table("园区", "2021", ["全部"], [["东园", "80%"]]),
        quarters("省级率", ["", "", "", "90%"]),
        quarters("市级率", ["", "", "60%", "80%"]),
    )
    assert codes(changed(edits | LEVELS | {MEASURES: measures + MEASURES})) == []


def test_a_part_may_ask_for_less_than_its_whole_before_the_year_ends():
    measures = rate("全部", ["省级", "市级"]) + rate("市级率", ["市级"])
    edits = office(
        table("园区", "2021", ["全部"], [["东园", "80%"]]),
        quarters("市级率", ["40%", "50%", "60%"]),
    )
    assert codes(changed(edits | LEVELS | {MEASURES: measures + MEASURES})) == []


@pytest.mark.parametrize("yearly", ["> 60亿元", "> 70亿元"])
def test_years_that_make_the_cumulative_goal_or_more_are_no_contradiction(yearly):
    edits = office(goal("每年", yearly, each="year"), goal("五年", "> 300亿元"))
    assert "XP557" not in codes(changed(edits))


def test_rates_of_units_are_never_added_up():
    unit_rate = table("园区", "2021", ["率"], [["东园", "80%"], ["西园", "80%"]])
    total = unit_rate + 'total = ["合计", "80%"]\n'
    edits = office(total) | LEVELS | {MEASURES: rate("率", ["省级"]) + MEASURES}
    assert codes(changed(edits)) == []


# The doors.


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


@pytest.mark.parametrize("words", [["fuling-2021"], ["check", "fuling-2021"]])
def test_policy_and_policy_check_print_the_audit_and_exit_0(capsys, words):
    assert main(["policy", *words]) == 0
    out = capsys.readouterr().out
    assert "文件自查：3 处" in out
    assert "[警告 XP557] fuling-2021 二、发展目标：" in out


def test_a_document_that_agrees_is_told_so(capsys):
    assert main(["policy", "check", "zhengyang-2022", "--lang", "en"]) == 0
    assert "nothing that does not agree" in capsys.readouterr().out


def test_a_book_is_told_what_its_document_says_and_no_fact_twice(capsys, tmp_path):
    book = tmp_path / "空.xlsx"
    assert main(["new", "--policy", "yanjiang-2023", str(book)]) == 0
    main(["check", str(book)])
    out = capsys.readouterr().out
    assert out.count("XP502") == 1
    facts = list(audit_policy(load_policy("yanjiang-2023")))
    assert all(out.count(f"{fact.place}：{fact.message()}") == 1 for fact in facts)
