"""Every policy that ships works end to end: new, checked, filled, recalculated, explained."""

import json
from datetime import date

import pytest

from xlplan.cli import main
from xlplan.policy import load_policy, shipped_policies
from xlplan.quantity import parse_period

POLICIES = sorted(shipped_policies())


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


@pytest.fixture
def book(tmp_path):
    return tmp_path / "新.xlsx"


def fill(book, policy):
    """One project of the first unit with a receipt, every drop-down column filled."""
    import openpyxl

    read = openpyxl.load_workbook(book)
    ledger, receipts = read["项目台账"], read["到位资金"]
    heads = {ledger.cell(3, n).value.partition("(")[0]: n for n in range(1, ledger.max_column + 1)}
    day = parse_period(policy.period).start
    values = {
        "项目编号": "P001",
        "项目名称": "示例一",
        "投资主体": "示例公司",
        "牵头单位": policy.units[0].name,
        "来源": next(iter(policy.origins), None),
        "行业": next(iter(policy.sectors), None),
        "产业": next(iter(policy.industries), None),
        "投资额": 2,
        "协议资金": 1.5,
        "签约日期": day,
    }
    values |= {"名单": policy.lists[0]} if policy.lists else {}
    for head, value in values.items():
        ledger.cell(4, heads[head]).value = value
    for column, value in enumerate(("P001", day, 0.5), 1):
        receipts.cell(4, column).value = value
    read.save(book)


def told(capsys):
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", POLICIES)
def test_a_new_book_holds_every_target_of_the_document_and_has_no_error(capsys, book, name):
    policy = load_policy(name)
    assert main(["new", "--policy", name, str(book)]) == 0
    assert main(["check", str(book)]) == 0
    out = capsys.readouterr().out
    assert f"{len(policy.targets)} 个目标" in out
    assert "XP202" not in out
    assert "XP104" not in out
    assert "XP505" not in out


@pytest.mark.parametrize("name", POLICIES)
def test_a_filled_book_is_recalculated_for_each_period_with_targets(capsys, book, name):
    policy = load_policy(name)
    main(["new", "--policy", name, str(book)])
    fill(book, policy)
    capsys.readouterr()
    for period in dict.fromkeys(target.period for target in policy.targets):
        out = book.with_name(f"{period}.xlsx")
        last = date.fromordinal(parse_period(period).end.toordinal() - 1)
        asked = ["--period", period, "--as-of", last.isoformat()]
        assert main(["recalculate", str(book), *asked, "-o", str(out)]) == 0
        capsys.readouterr()
        assert main(["recalculate", str(book), *asked, "--dry-run", "--json", "-"]) == 0
        standings = told(capsys)["standings"]
        aimed = {
            (target.unit, target.measure)
            for target in policy.targets
            if target.period == period
            and target.bound in ("floor", "ceiling", "stretch")
            and target.unit != "合计"
        }
        shown = {(row["unit"], row["measure"]) for row in standings if row["target"] is not None}
        assert shown == aimed
        assert main(["explain", str(out), "P001"]) == 0
        told_why = capsys.readouterr().out
        assert "P001" in told_why
        assert "来源“”" not in told_why


def test_an_explanation_says_which_projects_a_measure_counts(capsys, book):
    main(["new", "--policy", "yanjiang-2023", str(book)])
    fill(book, load_policy("yanjiang-2023"))
    capsys.readouterr()
    assert main(["explain", str(book), "雁江区/三类500强企业", "--as-of", "2023-12-31"]) == 0
    out = capsys.readouterr().out
    assert "三类500强企业只计：名单为三类500强；同一投资主体只算第一个。" in out


def test_a_quarter_has_its_own_targets_and_its_own_credits(capsys, book):
    main(["new", "--policy", "yanjiang-2023", str(book)])
    fill(book, load_policy("yanjiang-2023"))
    capsys.readouterr()
    found = {}
    for period in ("2023", "2023Q1", "2023Q2"):
        asked = ["--period", period, "--as-of", "2023-12-31", "--dry-run", "--json", "-"]
        assert main(["recalculate", str(book), *asked]) == 0
        rows = {row["measure"]: row for row in told(capsys)["standings"]}
        row = rows["省外签约金额"]
        found[period] = (row["target"], row["done"])
    assert found == {"2023": ("48", "1.5"), "2023Q1": ("15", "1.5"), "2023Q2": ("10", "0")}
