"""The policies over the ledger say what their documents say, and the page of documents says all.

The documents themselves are not part of this repository; what needs them is skipped without them.
"""

import re
from pathlib import Path

import pytest

from xlplan.policy import load_policy
from xlplan.progress import audit_targets
from xlplan.tables.workbook import issued_targets

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / ".." / "shared" / "seeds"
PAGE = (ROOT / "docs" / "documents.md").read_text(encoding="utf-8")
POLICIES = ("zhengyang-2022", "yanjiang-2023")
COPIED = 13

FIGURE = re.compile(r"\d+(?:\.\d+)?(?:%|亿美元|[亿万]?元|万平方|[个家户张人亩])")
PLACE = re.compile(r"([一二三四])、(?:[^（]*（([一二三四五六七八])）)?")

WORDS = {
    "正式签约项目": "正式签约项目{}",
    "投资较大的签约项目": "5000万元以上的项目{}",
    "到位资金": "到位资金{}",
    "新签约项目": "新签约项目{}",
    "协议引资": "(?:协议引资|新签约项目投资总额){}",
    "省外签约金额": "省外(?:签约项目金额|项目投资总额){}",
    "三类500强企业": "“三类500强”企业{}",
    "省外实际投资": "省外引进产业项目新增实际投资{}",
    "现代农业签约金额": "现代农业项目投资总额{}",
    "三类500强投资项目": "“三类500强”企业投资项目{}",
    "院内制剂和生殖健康签约金额": "院内制剂、生殖健康项目投资总额{}",
    "制造业签约金额": "制造业项目投资总额{}",
    "服务业签约金额": "服务业项目投资总额{}",
}
"""What the document says before the figure of each measure."""


def document(policy):
    file = SEEDS / f"{policy}.txt"
    if not file.is_file():
        pytest.skip("the issued document is not part of the repository")
    return file.read_text(encoding="utf-8")


def places(text):
    """The text under each heading, by (一, 二): the numerals of part and section."""
    found, part, section = {}, "", ""
    for line in text.splitlines():
        if opened := re.match(r"([一二三四])、", line.strip()):
            part, section = opened[1], ""
        elif opened := re.match(r"[（(]([一二三四五六七八])[）)]", line.strip()):
            section = opened[1]
        if part:
            found[part, section] = found.get((part, section), "") + line
    return found


def place(clause):
    found = PLACE.match(clause)
    return found[1], found[2] or ""


def rows(policy):
    """Place, figures and last column of each row that the page has for a policy."""
    section = re.search(rf"^## `{policy}`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:2] == "| "]
    return [cells for cells in lines if PLACE.match(cells[0])]


@pytest.mark.parametrize("name", POLICIES)
def test_every_target_stands_at_the_place_that_its_table_cites(name):
    under = places(document(name))
    policy = load_policy(name)
    for table in policy.tables:
        (row,) = table.rows
        for measure, cell in zip(table.measures, row.cells, strict=True):
            assert re.search(WORDS[measure].format(cell), under[place(table.clause)]), cell


@pytest.mark.parametrize("name", POLICIES)
def test_every_bound_of_a_filter_and_every_goal_stands_in_the_document(name):
    text = document(name)
    policy = load_policy(name)
    for measure in policy.measures:
        for bound in measure.where.thresholds:
            assert f"{bound.text.removeprefix('>=').strip()}以上的项目" in text
    for goal in policy.goals:
        figure = goal.bound.removeprefix(">=").strip().removesuffix("以上")
        assert f"{figure}以上" in places(text)[place(goal.clause)]


@pytest.mark.parametrize("name", POLICIES)
def test_every_clause_names_a_place_and_the_date_of_issue_is_the_documents(name):
    text = document(name)
    policy = load_policy(name)
    for clause in policy.clauses:
        assert places(text)[place(clause)]
    issued = policy.issued
    assert f"{issued.year}年{issued.month}月{issued.day}日" in text or str(issued) in text


@pytest.mark.parametrize("name", POLICIES)
def test_every_figure_of_the_document_has_its_row_on_the_page(name):
    told = {}
    for where, figures, _ in rows(name):
        told.setdefault(place(where), set()).update(FIGURE.findall(figures))
    written = {at: set(FIGURE.findall(text)) for at, text in places(document(name)).items()}
    assert told == {at: figures for at, figures in written.items() if figures}


@pytest.mark.parametrize("name", POLICIES)
def test_the_page_and_the_policy_name_the_same_measures_at_the_same_places(name):
    policy = load_policy(name)
    ids = {measure.name: measure.id for measure in policy.measures}
    said = {
        (place(where), known)
        for where, _, last in rows(name)
        for known in re.findall("`(.+?)`", last)
    }
    aimed = {(place(t.clause), ids[measure]) for t in policy.tables for measure in t.measures}
    assert said == aimed | {(place(goal.clause), "goal") for goal in policy.goals}
    assert {known for _, known in aimed} == set(ids.values())


@pytest.mark.parametrize("name", POLICIES)
def test_policy_and_page_are_in_our_own_words(name):
    policy = load_policy(name)
    ours = [*policy.clauses.values(), *(goal.name for goal in policy.goals)]
    ours += [ruling.question for ruling in policy.rulings]
    ours += [option.label for ruling in policy.rulings for option in ruling.options]
    ours += [cell for row in rows(name) for cell in row]
    plain = re.sub(r"\s", "", document(name))
    windows = {gist[n : n + COPIED] for gist in ours for n in range(len(gist) - COPIED + 1)}
    assert [window for window in windows if window in plain] == []


def audited(name):
    policy = load_policy(name)
    return [
        (one.code, one.values.get("measure"), one.values.get("sum"), one.values.get("total"))
        for one in audit_targets(issued_targets(policy), policy)
    ]


def test_the_self_check_finds_the_quarters_that_do_not_add_up_and_no_others():
    assert audited("yanjiang-2023") == [("XP502", "省外签约金额", "45亿元", "48亿元")]
    policy = load_policy("yanjiang-2023")
    by_quarter = {
        measure: [t.period for t in policy.targets if t.measure == measure and "Q" in t.period]
        for measure in ("协议引资", "省外签约金额", "省外实际投资")
    }
    assert {len(periods) for periods in by_quarter.values()} == {4}  # so all three were compared


def test_the_self_check_has_nothing_to_say_of_a_document_without_quarters():
    assert audited("zhengyang-2022") == []
