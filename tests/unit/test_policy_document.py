"""Fuling 2021 as data says what the document says: every figure stands at the place it cites.

The document itself is not part of this repository; without it these tests are skipped.
"""

import re
import tomllib
from pathlib import Path

import pytest

from xlplan.policy import Scope, load_policy, shipped_policies
from xlplan.policy.describe import percent
from xlplan.policy.placed import placed
from xlplan.policy.schema import Rule, Split, Weight

DOCUMENT = Path(__file__).parents[2] / ".." / "shared" / "seeds" / "fuling-2021.txt"

pytestmark = pytest.mark.skipif(
    not DOCUMENT.is_file(), reason="the issued document is not part of the repository"
)

FIELD_WORDS = {"investment": "投资", "output": "产值"}
BOUND_WORDS = {">=": "{}及以上", ">": "超过{}"}
PERSON = re.compile(
    r"^(?:组\s*长：|招商专员：)?\s*([\u4e00-\u9fff](?:\s*[\u4e00-\u9fff]){1,2})[ ]{2,}(\S.*)$",
    re.MULTILINE,
)
COPIED = 13


@pytest.fixture(scope="module")
def text():
    return DOCUMENT.read_text(encoding="utf-8").replace("\u3000", "  ")


@pytest.fixture(scope="module")
def policy():
    return load_policy("fuling-2021")


@pytest.fixture(scope="module")
def written():
    """The policy file's own words, before names are resolved."""
    return tomllib.loads(shipped_policies()["fuling-2021"].read_text(encoding="utf-8"))


def between(text, start, end):
    """What stands between two headings; the last place where the first heading opens a line."""
    opening = list(re.finditer(rf"^{start}", text, re.MULTILINE))[-1]
    closing = re.search(rf"^{end}", text[opening.end() :], re.MULTILINE)
    return text[opening.end() :][: closing.start() if closing else None]


def place(text, clause):
    """The part of the document that a clause names."""
    if clause == "二、发展目标":
        return between(text, "二、发展目标", "三、")
    if clause == "附件1":
        return between(text, "附件1$", "附件2$")
    if task := re.fullmatch(r"三、（(.)）", clause):
        tasks = between(text, "三、主要任务", "四、工作要求")
        return between(tasks, f"（{task[1]}）", "（[一二三四五]）")
    annex = between(text, "附件2$", "此处没有下一个附件")
    if block := re.fullmatch(r"附件2（(.)）", clause):
        return between(annex, f"（{block[1]}）", "（|备注：")
    note = re.fullmatch(r"附件2备注(\d)", clause)[1]
    return between(annex.replace("备注：", "\n"), f"{note}．", rf"{int(note) + 1}．")


def test_every_clause_names_a_place_of_the_document(text, policy):
    for clause in policy.clauses:
        assert place(text, clause).strip()


def test_every_bound_of_a_tier_stands_in_the_cited_note(text, policy):
    for tier in policy.tiers:
        note = place(text, tier.clause)
        defined = re.search(rf"{tier.name}项目是指(.*?)的项目", note)[1]
        for case in tier.any_of:
            for bound in case.thresholds:
                figure = bound.text.removeprefix(bound.comparison).strip()
                words = BOUND_WORDS[bound.comparison].format(figure)
                sector = "".join(case.sectors)
                assert f"{sector}{FIELD_WORDS[bound.field]}{words}" in defined


def test_every_bound_of_the_note_is_in_the_policy(text, policy):
    note = place(text, "附件2备注1")
    said = [
        bound.text.removeprefix(">=").strip()
        for tier in policy.tiers
        for case in tier.any_of
        for bound in case.thresholds
    ]
    assert said == re.findall(r"(?:投资|产值)(\d+[亿万]元)", note)


def test_every_weight_stands_in_the_cited_note(text, policy):
    wholes = {measure.name: measure.part_of or measure.name for measure in policy.measures}
    for weight in policy.rules.weights:
        note = place(text, weight.clause)
        for origin in weight.origins:
            for measure in weight.measures:
                share = percent(weight.share)
                found = rf"(?<!外){origin}项目按实际{wholes[measure]}的{share}权重"
                assert re.search(found, note)


def test_the_joint_split_stands_in_the_cited_note(text, policy):
    joint = next(split for split in policy.rules.splits if split.id == "split.joint")
    note = place(text, joint.clause)
    assert f"{percent(joint.lead)}纳入牵头单位" in note
    assert f"{percent(joint.cooperating)}纳入配合单位" in note


def test_every_share_of_an_option_is_nothing_or_a_share_of_the_cited_note(text, policy):
    for found in (*placed(policy, Weight), *placed(policy, Split)):
        rule = found.rule
        shares = [rule.share] if isinstance(rule, Weight) else [rule.lead, rule.cooperating]
        said = {percent(share) for share in shares if share is not None and not rule.like}
        assert said - {"0%"} <= set(re.findall(r"\d+%", place(text, rule.clause)))


def test_the_units_of_a_scope_stand_in_the_document(text, policy):
    for scope in placed(policy, Scope):
        for name in (*scope.rule.groups, *scope.rule.units):
            assert name in text


@pytest.mark.parametrize("index", [0, 1], ids=["园区", "区级部门"])
def test_every_cell_of_a_target_table_is_the_documents(text, policy, index):
    table = policy.tables[index]
    rows = [
        tuple(line.strip() for line in block.split("\n") if line.startswith("\t"))
        for block in place(text, table.clause).split("\n\n")
    ]
    data = [row for row in rows if len(row) == len(table.measures) + 1]
    mine = [(row.unit, *row.cells) for row in (*table.rows, table.total)]
    assert mine == [row for row in data if row[0] not in {"", "责任单位"}]


def test_the_heads_of_a_target_table_are_the_documents(text, policy):
    for table in policy.tables:
        lines = [line.strip() for line in place(text, table.clause).splitlines()]
        assert {word for head in table.heads for word in head} <= set(lines)
        assert re.search(rf"^{table.title}$", text, re.MULTILINE)


def test_every_goal_stands_in_the_cited_section(text, policy):
    for goal in policy.goals:
        section = place(text, goal.clause)
        sign = re.match(r"(>=|>)?\s*", goal.bound)
        figure = goal.bound[sign.end() :]
        assert ("超过" if sign[1] == ">" else "") + figure in section
        assert figure in section
    assert len(policy.goals) == 5


def test_every_figure_of_the_goals_section_is_a_goal(text, policy):
    five_years = place(text, "二、发展目标").partition("奋斗目标")[2]
    figures = set(re.findall(r"\d+亿元|\d+个", five_years))
    assert figures == {re.sub(r"^\W+\s*", "", goal.bound) for goal in policy.goals} & figures


def test_the_calendar_stands_in_the_cited_note(text, policy):
    note = place(text, policy.calendar_clause)
    assert {"quarter": "季通报", "month": "月通报"}[policy.bulletin] in note
    assert {"quarter": "季考核", "year": "年考核"}[policy.assessment] in note
    issued = policy.issued
    assert f"{issued.year}年{issued.month}月{issued.day}日" in text


def test_the_teams_are_the_documents_in_order_and_by_posts(text, written):
    annex = place(text, "附件1")
    blocks = re.split(r"^[一二三四五六七八九十]+、", annex, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(written["team"]) == 12
    for block, team in zip(blocks, written["team"], strict=True):
        leader, *commissioners = [post.strip() for _, post in PERSON.findall(block)]
        landing = re.search(r"项目落地单位：(.+)", block)[1]
        assert block.startswith(f"{team['name']}招商组")
        assert (team["leader"], team["commissioners"]) == (leader, commissioners)
        assert team["landing_units"] == re.split(r"、(?![^（]*）)", landing.strip())


def test_no_person_is_named(text):
    names = {re.sub(r"\s", "", name) for name, _ in PERSON.findall(place(text, "附件1"))}
    assert len(names) > 20
    shipped = shipped_policies()["fuling-2021"].read_text(encoding="utf-8")
    assert [name for name in names if name in re.sub(r"[^\u4e00-\u9fff]", "", shipped)] == []


def test_clauses_and_rulings_are_in_our_own_words(text, policy):
    ours = [*policy.clauses.values(), *(ruling.question for ruling in policy.rulings)]
    ours += [option.label for ruling in policy.rulings for option in ruling.options]
    plain = re.sub(r"\s", "", text)
    windows = {gist[n : n + COPIED] for gist in ours for n in range(len(gist) - COPIED + 1)}
    assert [window for window in windows if window in plain] == []


def test_every_rule_and_option_cites_a_clause_of_the_document(policy):
    assert {found.rule.clause for found in placed(policy, Rule)} <= set(policy.clauses)
