"""Counties added up: whose book it is, which measures fit, and no project twice."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplan.counties import Own, Report, Scope, Stated, add_up, load_scope
from xlplan.counties.loading import parse_scope
from xlplan.diagnostics import Cell, Diagnostics, RequestError
from xlplan.model import MEMBERS, YI

DOCS = Path(__file__).parents[2] / "docs"
YEAR = (date(2021, 1, 1), date(2022, 1, 1))
CELL = Cell("完成情况", 9, 6)


def members(rows, measure="协议资金"):
    """Projects of (name, code, amount in 亿元), each in a row of its own."""
    columns = {
        "measure": [measure] * len(rows),
        "project": [f"P{at}" for at in range(len(rows))],
        "name": [name for name, _, _ in rows],
        "credit_code": [code for _, code, _ in rows],
        "investor": [""] * len(rows),
        "amount": [int(amount * YI) for *_, amount in rows],
        "counted": [0] * len(rows),
        "sheet": ["项目台账"] * len(rows),
        "row": list(range(4, 4 + len(rows))),
        "column": [14] * len(rows),
    }
    return MEMBERS.of(columns)


def report(label, rows=(), **changes):
    """A book whose county stands at the sum of its projects, against a target of 100."""
    done = sum((Fraction(amount) for *_, amount in rows), Fraction(0))
    plain = Report(
        f"/市/{label}",
        label,
        "甲方案",
        "甲方案",
        "某区",
        "2021",
        YEAR,
        date(2021, 9, 30),
        (Own("协议资金", "亿元", "once"),),
        (Stated("area", "某区", "", "协议资金", CELL, Fraction(100), done),),
        members(rows),
    )
    return replace(plain, **changes)


def scope(*counties, **changes):
    """A roll-up policy that says two projects are one by their names."""
    text = '[rollup]\nid = "某市"\ntitle = "汇总"\narea = "某市"\nsame_project = [["name"]]\n'
    text += "".join(f'[[county]]\nname = "{name}"\n' for name in counties)
    return replace(parse_scope(text, "某市"), **changes)


def added(scope_, *reports):
    found = Diagnostics()
    return add_up(scope_, reports, found), [(one.code, str(one.place)) for one in found]


# No project twice

amounts = st.integers(0, 3).map(lambda quarters: Fraction(quarters, 4))
projects = st.tuples(st.sampled_from("一二三四"), amounts)
books = st.lists(st.lists(projects, max_size=4), min_size=1, max_size=4)


def by_hand(books, different):
    """What each project counts, the slow way: once where all counties agree."""
    done = pending = Fraction(0)
    names = {name for book in books for name, _ in book}
    for name in names:
        each = [sum(amount for one, amount in book if one == name) for book in books]
        having = [each[at] for at, book in enumerate(books) if name in dict(book)]
        if len(having) == 1 or different == "add":
            done += sum(having)
        elif len(set(having)) == 1:
            done += having[0]
        elif different:
            done += max(having) if different == "largest" else min(having)
        else:
            pending += sum(having)
    return done, pending


@settings(max_examples=60, deadline=None)
@given(books, st.sampled_from(["", "largest", "smallest", "add"]), st.randoms())
def test_the_area_counts_every_project_once_whatever_the_order_of_the_books(
    books, different, chance
):
    reports = [
        report(f"{at}区.xlsx", [(name, "", amount) for name, amount in book])
        for at, book in enumerate(books)
    ]
    chance.shuffle(reports)
    area, found = added(scope(when_different=different), *reports)
    (total,) = area.totals
    assert (total.done, total.pending) == by_hand(books, different)
    assert total.added == sum(amount for book in books for _, amount in book)
    assert total.taken_off == sum(one.taken_off for one in area.shared)
    assert (total.pending > 0) <= ("XP985" in {code for code, _ in found})


def test_names_are_compared_whatever_their_width_and_any_of_the_ways_will_do():
    both = (("credit_code", "name"), ("name",))
    first = report("甲区.xlsx", [("示例（一期）", "９1A", Fraction(1)), ("乙", "", Fraction(2))])
    second = report("乙区.xlsx", [("示例 (一期)", "91a", Fraction(1)), ("丙", "", Fraction(2))])
    area, _ = added(scope(same=both), first, second)
    assert area.totals[0].done == 5
    area, found = added(scope(same=both[:1]), first, second)
    assert area.totals[0].done == 5
    assert ("XP982", "甲区.xlsx 项目台账!5:5") in found
    area, _ = added(scope(same=()), first, second)
    assert area.totals[0].done == 6


def test_a_measure_that_is_declared_to_add_up_counts_a_shared_project_twice():
    one = '\n[[measure]]\nname = "协议资金"\nhow = "sum"'
    text = '[rollup]\nid = "市"\ntitle = "市"\narea = "市"\n' + one
    rows = [("一", "1", Fraction(1))]
    area, _ = added(parse_scope(text, "市"), report("甲.xlsx", rows), report("乙.xlsx", rows))
    assert (area.totals[0].done, area.shared) == (2, ())


# Whose book


def test_a_book_belongs_to_the_county_that_its_name_or_folder_says_and_the_longest_name_wins():
    names = ("江北新区", "江北", "高新区", "某区")
    books = [report("江北新区/表.xlsx"), report("江北2021.xlsx"), report("甲.xlsx", area="高新区")]
    area, found = added(scope(*names), *books)
    assert [line.report and line.report.label for line in area.lines] == [
        "江北新区/表.xlsx",
        "江北2021.xlsx",
        "甲.xlsx",
        None,
    ]
    assert found == [("XP979", "某市: county")]
    assert area.totals[0].lacking == ("某区",)


def test_patterns_say_it_otherwise_and_what_is_nobodys_or_double_is_set_aside():
    text = '[rollup]\nid = "市"\ntitle = "市"\narea = "市"\nsame_project = [["name"]]\n'
    text += '[[county]]\nname = "甲区"\nbooks = "a*.xlsx"\n[[county]]\nname = "乙区"\n'
    rows = [("一", "", Fraction(1))]
    books = [report(name, rows) for name in ("a1.xlsx", "a2.xlsx", "乙区.xlsx", "丙区.xlsx")]
    area, found = added(parse_scope(text, "市"), *books)
    assert found[:2] == [("XP981", "a2.xlsx"), ("XP980", "丙区.xlsx")]
    assert area.totals[0].added == 2


def test_without_a_roll_up_policy_counties_are_called_by_what_tells_their_books_apart():
    books = [report("甲区/表.xlsx"), report("乙区/表.xlsx")]
    assert added(Scope(), *books)[0].counties == ("甲区", "乙区")
    assert added(Scope(), report("甲区/一.xlsx"), report("乙.xlsx"))[0].counties == (
        "甲区/一",
        "乙",
    )


# Which measures


def test_a_measure_without_a_counterpart_or_in_another_unit_is_said_once_a_policy():
    text = '[rollup]\nid = "市"\ntitle = "市"\narea = "市"\n[[measure]]\nname = "协议资金"\n'
    lacking = {"policy": "乙方案", "measures": (Own("协议引资", "亿元", "once"),)}
    dollars = {"policy": "丙方案", "measures": (Own("协议资金", "亿美元", "once"),)}
    books = [report("甲.xlsx"), report("乙.xlsx", **lacking), report("丁.xlsx", **lacking)]
    area, found = added(parse_scope(text, "市"), *books, report("丙.xlsx", **dollars))
    codes = [code for code, _ in found]
    assert codes.count("XP983") == codes.count("XP984") == 1
    assert [line.state for line in area.lines] == ["", "none", "none", "unit"]
    assert ("XP986", "丁.xlsx") in found
    area, found = added(Scope(), *books)
    assert {line.state for line in area.lines} == {"", "none"}
    assert "XP983" not in {code for code, _ in found}  # nobody asked that all have it
    mapped = text + 'from = { "乙方案" = "协议引资" }\nwithout = "丙方案"\n'
    _, found = added(parse_scope(mapped, "市"), *books, report("丙.xlsx", **dollars))
    assert [code for code, _ in found if code in ("XP983", "XP984")] == []


def test_a_figure_that_a_county_lacks_is_lacking_and_never_nothing():
    unknown = (Stated("area", "某区", "", "税收", CELL, Fraction(5), None),)
    known = (Stated("area", "某区", "", "税收", CELL, None, Fraction(3)),)
    tax = (Own("税收", "亿元", "sum"),)
    books = [
        report("甲.xlsx", measures=tax, lines=unknown),
        report("乙.xlsx", measures=tax, lines=known),
        report("丙.xlsx", measures=tax, lines=(replace(known[0], target=Fraction(6)),)),
    ]
    area, found = added(Scope(), *books)
    total = area.totals[0]
    assert (total.done, total.target, total.rate, total.lacking) == (6, None, None, ("甲",))
    assert [code for code, _ in found].count("XP988") == 2  # a figure, and a target


def test_a_rate_is_made_from_sums_and_a_shared_project_is_in_neither_part_twice():
    def book(label, counted, amounts):
        rows = members([(name, "", amount) for name, amount in amounts.items()], "履约率")
        rows = rows.assign(
            amount=[10**6] * len(rows), counted=[10**6 * (name in counted) for name in amounts]
        )
        line = Stated("area", "某区", "", "履约率", CELL)
        parts = {"numerator": Fraction(len(counted)), "denominator": Fraction(len(amounts))}
        own = (Own("履约率", "%", "rate", "个"),)
        return report(label, measures=own, lines=(replace(line, **parts),), members=rows)

    one = Fraction(1)
    first = book("甲.xlsx", {"一"}, {"一": one, "二": one})
    second = book("乙.xlsx", {"一", "三", "四"}, {"一": one, "三": one, "四": one, "五": one})
    area, found = added(scope(), first, second)
    total = area.totals[0]
    assert (total.numerator, total.denominator, total.rate) == (3, 5, Fraction(3, 5))
    assert found == []
    differing = book("乙.xlsx", {"三"}, {"一": one, "三": one})
    area, found = added(scope(), first, differing)
    assert area.totals[0].rate is None
    assert [code for code, _ in found] == ["XP985"]


def test_books_of_different_periods_are_refused():
    with pytest.raises(RequestError, match="XP987"):
        added(Scope(), report("甲.xlsx"), report("乙.xlsx", as_of=date(2021, 8, 31)))


# The file


def test_the_roll_up_policy_of_the_docs_is_one():
    (text,) = re.findall(r"```toml\n(.*?)```", (DOCS / "多本.md").read_text("utf-8"), re.DOTALL)
    read = parse_scope(text, "文档")
    assert read.is_declared
    assert len(read.counties) > 1
    assert read.measures[0].target is not None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "XP601 .*rollup"),
        ("rollup = 1", "rollup：应为表"),
        ('[rollup]\nid = "a"', "rollup.title"),
        ('[rollup]\nid="a"\ntitle="a"\narea="a"\nwhen_different="随便"', "when_different"),
        ('[rollup]\nid="a"\ntitle="a"\narea="a"\nperiod="去年"', "rollup.period"),
        ('[rollup]\nid="a"\ntitle="a"\narea="a"\n[[measure]]\nname="a"\nhow="平均"', "how"),
        ('[rollup]\nid="a"\ntitle="a"\narea="a"\n[[measure]]\nname="a"\ntarget="多"', "target"),
        (
            '[rollup]\nid="a"\ntitle="a"\narea="a"\n[[county]]\nname="a"\n[[county]]\nname="a"',
            "重复",
        ),
        ("[rollup", "TOML"),
    ],
)
def test_a_roll_up_policy_with_faults_is_refused_with_their_keys(text, fault):
    with pytest.raises(RequestError, match=fault):
        parse_scope(text, "汇总")


def test_a_roll_up_policy_that_is_not_there_or_no_text_is_said(tmp_path):
    with pytest.raises(RequestError, match="XP001"):
        load_scope(tmp_path / "没有.toml")
    (tmp_path / "汇总.toml").write_bytes("[rollup]\nid = '市'".encode("gbk"))
    with pytest.raises(RequestError, match="XP601"):
        load_scope(tmp_path / "汇总.toml")


def test_books_without_projects_add_up_to_nothing():
    area, found = added(scope(), report("甲.xlsx"), report("乙.xlsx"))
    assert (area.totals[0].done, area.shared, found) == (0, (), [])
