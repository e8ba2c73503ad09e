"""Measures over the ledger as data: what they count, of which day, of which projects."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.ledgers import SIGNED, Project, Receipt, ledger_of, numbered, yi

from xlplan.crediting import credit
from xlplan.model import ONE
from xlplan.policy import parse_policy
from xlplan.quantity import parse_period

YEAR = parse_period("2021")
AS_OF = date(2021, 9, 30)
EARLY, LATE, NEXT = date(2021, 2, 1), date(2021, 8, 1), date(2021, 12, 1)

HEAD = """
[policy]
id = "measures"
title = "示例方案"
issued = 2021-01-10
area = "示例区"
period = "2021"
bulletin = "quarter"
assessment = "year"
origins = ["外来", "本地"]
sectors = ["工业", "服务业"]
industries = ["电子", "医药"]
statuses = ["签约", "开工"]
levels = ["省级", "市级"]
lists = ["名企", "专精特新"]
groups = ["园区"]

[clauses]
"一" = "目标"

[[team]]
name = "电子组"
leader = "副区长"
commissioners = ["局长"]
clause = "一"

[[unit]]
name = "东园"
group = "园区"

[[weight]]
id = "weight.whole"
measures = "all"
share = "100%"
clause = "一"

[[split]]
id = "split.sole"
measures = "all"
partners = ">=0"
lead = "100%"
cooperating = "0%"
clause = "一"

[[measure]]
id = "it"
name = "它"
"""


def policy_of(measure, more=""):
    return parse_policy(f"{HEAD}{measure}\n{more}", "measures")


def project(**said):
    filled = {
        "origin": "外来",
        "investment": yi("3"),
        "output": yi("5"),
        "agreement": yi("2"),
        "investor": "甲公司",
        "team": "电子组",
        "industry": "电子",
        "status": "开工",
        "level": "省级",
        "lists": ("名企",),
        "started": SIGNED,
        "produced": SIGNED,
    }
    return Project(**({"project": "P1", "lead": "东园"} | filled | said))


def credited(measure, projects, receipts=(), more="", policy=None):
    """What is credited in all, and the findings as (code, cell)."""
    found_policy = policy or policy_of(measure, more)
    found = credit(ledger_of(found_policy, projects, receipts), found_policy, YEAR, AS_OF)
    told = [(one.code, str(one.place)) for one in found.diagnostics]
    assert (found.credits["state"] == "settled").all()
    return int(found.credits["credit"].sum()), told


@pytest.mark.parametrize(
    ("amount", "grains"),
    [
        ("agreement", yi("2")),
        ("investment", yi("3")),
        ("output", yi("5")),
        ("project", ONE),
        ("receipts", yi("0.5")),
    ],
)
def test_a_measure_counts_its_amount(amount, grains):
    receipts = [Receipt("P1", yi("0.7")), Receipt("P1", yi("-0.2"))]
    assert credited(f'amount = "{amount}"', [project()], receipts) == (grains, [])


@pytest.mark.parametrize(
    ("amount", "cell"), [("agreement", "N4"), ("investment", "L4"), ("output", "M4")]
)
def test_an_amount_that_is_blank_is_said_and_not_zero(amount, cell):
    found = credited(f'amount = "{amount}"', [project(**{amount: None})])
    assert found == (0, [("XP309", f"项目台账!{cell}")])


def test_a_blank_agreement_of_a_project_that_counts_by_its_start_is_said_too():
    old = project(agreement=None, signed=date(2020, 5, 1), started=EARLY)
    found = credited('amount = "agreement"\ndated_by = "started"', [old])
    assert found == (0, [("XP309", "项目台账!N4")])


def test_an_amount_that_is_unreadable_was_said_when_it_was_read():
    bad = project(investment=None, unreadable=("investment",))
    assert credited('amount = "investment"', [bad]) == (0, [])


@pytest.mark.parametrize("dated_by", ["signed", "started", "produced"])
@pytest.mark.parametrize(
    ("day", "counts", "codes"),
    [
        (EARLY, True, []),
        (AS_OF, True, []),
        (date(2020, 12, 31), False, []),
        (NEXT, False, ["XP305"]),
    ],
)
def test_the_day_that_dates_a_measure_decides_the_period(dated_by, day, counts, codes):
    one = dataclasses.replace(project(), **{dated_by: day})
    total, told = credited(f'amount = "project"\ndated_by = "{dated_by}"', [one])
    assert (total, [code for code, _ in told]) == (counts * ONE, codes)


def test_a_project_that_has_not_started_is_no_fault():
    assert credited('amount = "project"\ndated_by = "started"', [project(started=None)]) == (0, [])


FILTERS = [
    ('origins = ["外来"]', "origin", "本地", "I"),
    ('sectors = ["工业"]', "sector", "服务业", "J"),
    ('industries = ["电子"]', "industry", "医药", "K"),
    ('statuses = ["开工"]', "status", "签约", "P"),
    ('teams = ["电子组"]', "team", "别的组", "H"),
    ('levels = ["省级"]', "level", "无", "T"),
    ('lists = ["名企"]', "lists", ("专精特新",), "U"),
    ('lists = ["名企"]', "lists", ("无",), "U"),
    ('investment = ">= 3亿元"', "investment", yi("2.9999"), "L"),
    ('output = [">= 1亿元", "< 6亿元"]', "output", yi("6"), "M"),
]


@pytest.mark.parametrize(("where", "field", "other", "column"), FILTERS)
@pytest.mark.parametrize("amount", ["agreement", "project", "receipts"])
def test_a_filter_admits_what_fits_and_says_what_it_cannot_tell(
    where, field, other, column, amount
):
    measure = f'amount = "{amount}"\nwhere = {{ {where} }}'
    receipts = [Receipt("P1", yi("1"))]
    whole = {"agreement": yi("2"), "project": ONE, "receipts": yi("1")}[amount]
    assert credited(measure, [project()], receipts) == (whole, [])
    assert credited(measure, [project(**{field: other})], receipts) == (0, [])
    if field != "origin":  # a project without an origin is set aside altogether
        empty = () if field == "lists" else None if field in ("investment", "output") else ""
        blank = project(**{field: empty})
        assert credited(measure, [blank], receipts) == (0, [("XP309", f"项目台账!{column}4")])
        spoilt = dataclasses.replace(blank, unreadable=(field,))
        assert credited(measure, [spoilt], receipts) == (0, [])


def test_a_blank_matters_only_where_everything_else_fits():
    measure = 'amount = "project"\nwhere = { sectors = ["服务业"], levels = ["省级"] }'
    assert credited(measure, [project(level="")]) == (0, [])
    assert credited(measure, [project(level="", signed=NEXT)])[1] == [("XP305", "项目台账!O4")]


def test_a_blank_receipt_filter_is_said_only_when_something_was_received():
    measure = 'amount = "receipts"\nwhere = { levels = ["省级"] }'
    assert credited(measure, [project(level="")]) == (0, [])


def test_a_blank_cell_is_said_once_for_all_the_measures_that_turn_on_it():
    second = '[[measure]]\nid = "b"\nname = "另一个"\namount = "agreement"\n'
    second += 'where = { levels = ["市级"] }'
    policy = policy_of('amount = "project"\nwhere = { levels = ["省级"] }', second)
    found = credit(ledger_of(policy, [project(level="")]), policy, YEAR, AS_OF)
    (told,) = found.diagnostics
    assert "无法判断是否计入它、另一个，暂未计入" in told.hint()


def test_a_bound_filter_is_exact_to_the_fen():
    measure = 'amount = "project"\nwhere = { investment = ">= 5000万元" }'
    assert credited(measure, [project(investment=5 * 10**9)])[0] == ONE
    assert credited(measure, [project(investment=5 * 10**9 - 1)])[0] == 0


def test_an_investors_first_project_of_the_period_counts_once():
    measure = 'amount = "project"\ndistinct_by = "investor"\nunit = "家"'
    policy = policy_of(measure)
    rows = numbered([project(signed=LATE), project(signed=EARLY), project(investor="乙公司")])
    found = credit(ledger_of(policy, rows), policy, YEAR, AS_OF)
    assert list(found.credits["project"]) == ["P002", "P003"]
    assert policy.measures[0].unit == "家"
    assert [one.code for one in found.diagnostics] == []


def test_an_investor_who_is_not_named_cannot_be_told_from_the_others():
    measure = 'amount = "project"\ndistinct_by = "investor"'
    assert credited(measure, [project(investor="")]) == (0, [("XP309", "项目台账!C4")])


def test_a_document_that_tells_no_origins_apart_needs_none():
    text = HEAD.replace('origins = ["外来", "本地"]\n', "") + 'amount = "agreement"\n'
    policy = parse_policy(text, "measures")
    assert credited("", [project(origin="")], policy=policy) == (yi("2"), [])


# The same once more, slow and obvious.

WORDS = {
    "sector": ("工业", "服务业", ""),
    "industry": ("电子", "医药", "无", ""),
    "level": ("省级", "市级", "无", ""),
    "lists": (("名企",), ("专精特新",), ("名企", "专精特新"), ("无",), ()),
    "investor": ("甲", "乙", ""),
    "investment": (None, yi("0.9999"), yi("1"), yi("7")),
    "signed": (EARLY, SIGNED, LATE, date(2020, 12, 31), NEXT),
}
MEASURE = """
amount = "project"
distinct_by = "investor"
where = { sectors = ["工业"], industries = ["电子", "医药"], levels = ["省级", "市级"], \
lists = ["名企"], investment = ">= 1亿元" }
"""
PROPERTY = policy_of(MEASURE)


def told(one):
    """True, False, or None when a blank leaves it open."""
    parts = [
        None if not one.sector else one.sector == "工业",
        None if not one.industry else one.industry in ("电子", "医药"),
        None if not one.level else one.level in ("省级", "市级"),
        None if not one.lists else "名企" in one.lists,
        None if one.investment is None else one.investment >= yi("1"),
    ]
    return False if False in parts else None if None in parts else True


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries({k: st.sampled_from(v) for k, v in WORDS.items()})))
def test_what_counts_and_what_is_said_agree_with_a_plain_reading(rows):
    projects = numbered([project(**row) for row in rows])
    inside = [p for p in projects if date(2021, 1, 1) <= p.signed <= AS_OF]
    counted, seen = set(), set()
    for one in sorted(inside, key=lambda p: p.signed):
        if told(one) and one.investor and one.investor not in seen:
            seen.add(one.investor)
            counted.add(one.project)
    unclear = {p.project for p in inside if told(p) is None or (told(p) and not p.investor)}
    found = credit(ledger_of(PROPERTY, projects), PROPERTY, YEAR, AS_OF)
    assert set(found.credits["project"]) == counted
    said = {str(one.values["project"]) for one in found.diagnostics if one.code == "XP309"}
    assert said == unclear
