"""The policies over the ledger say what their documents say, and the page of documents says all.

The documents themselves are not part of this repository; what needs them is skipped without them.
"""

import re
from pathlib import Path

import pytest

from xlplan.policy import Rule, load_policy
from xlplan.policy.placed import placed
from xlplan.progress import audit_targets
from xlplan.tables.workbook import issued_targets

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / ".." / "shared" / "seeds"
PAGE = (ROOT / "docs" / "documents.md").read_text(encoding="utf-8")
POLICIES = ("fuling-2021", "zhengyang-2022", "yanjiang-2023", "xinsheng-2022")
"""Those whose documents are written plainly enough to be compared figure by figure."""

OF_ONE_UNIT = POLICIES[1:]
"""Those that have targets of one unit only, or of the area as a whole."""

COPIED = 13

FIGURE = re.compile(r"\d+(?:\.\d+)?(?:%|亿美元|[亿万]?元|万平方|[个家户张人亩])")
PLACE = re.compile(r"([一二三四])、(?:[^（]*（([一二三四五六七八])）)?")
ANNEX = re.compile(r"(附件\d)(?:（([一二])）|(备注\d))?")

WORDS = {
    "正式签约项目": "正式签约项目{}",
    "投资较大的签约项目": "5000万元以上的项目{}",
    "到位资金": "到位资金{}",
    "规上工业总产值增速": "规模以上工业总产值同比增长{}",
    "工业投资增速": "工业投资同比增长{}",
    "公共财政收入增速": "公共财政收入同比增长{}",
    "规上企业培育": "培育规模以上企业{}",
    "高新技术企业培育": "高新技术企业{}",
    "研发和科技服务机构培育": "专业研发机构和科技服务机构{}",
    "研发投入强度": "研发投入强度达到{}",
    "引进培育民营企业": "引进培育民营企业{}",
    "引进培育个体工商户": "个体工商户{}",
    "引进农产品加工销售主体": "引进{}农产品加工、包装、销售等市场主体",
    "引进腊肉香肠加工企业": "引进{}腊肉、香肠等加工企业",
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
    "外商直接投资": "外商直接投资{}",
    "储备推出项目": "包装推出项目{}",
    "省市督办履约率": "省市督办重点签约项目实现履约率{}",
    "省市督办开工率": "省市督办重点签约项目实现履约率90%、开工率{}",
    "省市督办资金到位率": "省市督办重点签约项目[^,，]*资金到位率{}",
    "其余项目履约率": "其余项目实现履约率、开工率分别不低于{}",
    "其余项目开工率": "其余项目实现履约率、开工率分别不低于80%、{}",
    "省级督办履约率": "省级平台督办项目实现履约率{}",
    "省级督办开工率": r"省级平台督办项目实现履约率\d+%、开工率{}",
    "省级督办资金到位率": r"省级平台督办项目实现履约率\d+%、开工率\d+%、资金到位率{}",
    "市级督办履约率": "市级督办项目实现履约率{}",
    "市级督办开工率": r"市级督办项目实现履约率\d+%、开工率{}",
    "食品饮料招引项目": "食品饮料产业[:：][^。]*力争全年招引项目{}",
    "食品饮料协议引资": "食品饮料产业[:：][^。]*协议引资{}",
    "医药大健康配套招引项目": "配套招引[^。]*大健康产业链项目{}",
    "医药大健康配套协议引资": "配套招引[^。]*大健康产业链项目[^。]*协议引资{}",
    "城镇商业文旅养老招引项目": "养老服务等业态[,，]力争全年招引项目{}",
    "城镇商业文旅养老协议引资": "养老服务等业态[,，]力争[^。]*协议引资{}",
    "城镇商业文旅养老带动就业": "养老服务等业态[,，]力争[^。]*带动就业{}",
    "冷链仓储物流招引项目": "冷链仓储物流项目{}",
    "冷链仓储物流协议引资": "冷链仓储物流项目[^。]*协议引资{}",
    "民生公共服务招引企业": "民生项目招引[^。]*招引企业{}",
    "民生公共服务协议引资": "民生项目招引[^。]*协议引资{}",
    "设施农业招引项目": "力争全年招引设施农业项目{}",
    "设施农业协议引资": "力争全年招引设施农业项目[^。]*协议引资{}",
}
"""What the document says before the figure of each measure."""


def document(policy):
    file = SEEDS / f"{policy}.txt"
    if not file.is_file():
        pytest.skip("the issued document is not part of the repository")
    return file.read_text(encoding="utf-8")


def places(text):
    """The text under each heading, by (一, 二): the numerals of part and section, or an annex."""
    found, part, section = {}, "", ""
    for line in text.splitlines():
        part, section = opened(line.strip(), part) or (part, section)
        if part:
            found[part, section] = found.get((part, section), "") + line
    return found


def opened(line, part):
    """The part and section that a line opens, inside a part; an annex counts anew."""
    if found := re.fullmatch(r"附件(\d)", line):
        return found[0], ""
    if part.startswith("附件"):
        found = re.match(r"(?:（([一二])）|(?:备注：)?(\d)．)", line)
        return (part, found[1] or f"备注{found[2]}") if found and part == "附件2" else None
    if found := re.match(r"([一二三四])、", line):
        return found[1], ""
    found = re.match(r"[（(]([一二三四五六七八])[）)]", line)
    return (part, found[1]) if found else None


def place(clause):
    if found := ANNEX.match(clause):
        return found[1], found[2] or found[3] or ""
    found = PLACE.match(clause)
    return found[1], found[2] or ""


def rows(policy):
    """Place, figures and last column of each row that the page has for a policy."""
    section = re.search(rf"^## `{policy}`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:2] == "| "]
    return [cells for cells in lines if PLACE.match(cells[0]) or ANNEX.match(cells[0])]


def test_every_row_of_the_tables_of_fuling_stands_in_its_annex():
    under = places(document("fuling-2021"))
    for table in load_policy("fuling-2021").tables:
        for row in (*table.rows, table.total):
            cells = "\t".join(["", row.unit, *row.cells])
            assert cells in under[place(table.clause)].replace(" ", ""), row.unit


def test_every_threshold_share_and_team_of_fuling_stands_at_its_clause():
    under = places(document("fuling-2021"))
    policy = load_policy("fuling-2021")
    for tier in policy.tiers:
        for bound in (bound for case in tier.any_of for bound in case.thresholds):
            assert f"{bound.text.removeprefix('>=').strip()}及以上" in under[place(tier.clause)]
    for weight in policy.rules.weights:
        assert f"{int(weight.share * 100)}%权重" in under[place(weight.clause)]
    for team in policy.teams:
        assert f"、{team.name}招商组" in under[place(team.clause)]


@pytest.mark.parametrize("name", OF_ONE_UNIT)
def test_every_target_stands_at_the_place_that_its_table_cites(name):
    under = places(document(name))
    policy = load_policy(name)
    for table in policy.tables:
        (row,) = table.rows or [table.total]
        for measure, cell in zip(table.measures, row.cells, strict=True):
            figure = cell.removeprefix("力争")
            assert re.search(WORDS[measure].format(figure), under[place(table.clause)]), cell


def test_what_xinsheng_asks_for_is_asked_of_the_whole_street():
    policy = load_policy("xinsheng-2022")
    assert {(t.group, t.unit) for t in policy.targets} == {("新生街道", "合计")}
    assert policy.area == "新生街道"
    assert policy.area not in {unit.name for unit in policy.units}
    offices = {unit.name for unit in policy.units if unit.group == "科室"}
    assert offices == {office for task in policy.duties.tasks for office in task.offices}


@pytest.mark.parametrize("name", POLICIES)
def test_every_bound_of_a_filter_and_every_goal_stands_in_the_document(name):
    text = document(name)
    policy = load_policy(name)
    for measure in policy.measures:
        for bound in measure.where.thresholds:
            assert f"{bound.text.removeprefix('>=').strip()}以上的项目" in text
    more = "" if name == "fuling-2021" else "以上"
    for goal in policy.goals:
        figure = goal.bound.lstrip(">= ").removesuffix(more)
        assert f"{figure}{more}" in places(text)[place(goal.clause)]


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
    told, written = ({at: all_ for at, all_ in found.items() if all_} for found in (told, written))
    assert told == written


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
    aimed |= {(place(goal.clause), "goal") for goal in policy.goals}
    assert aimed <= said
    assert {known for _, known in said - aimed} <= others(policy)
    assert set(ids.values()) | others(policy) >= {known for _, known in said} >= set(ids.values())


def others(policy):
    """What a row may name besides measures with targets: what these rest on, rules, rulings."""
    named = {measure.id for measure in policy.measures if measure.part_of}
    named |= {measure.id for measure in policy.measures if measure.statistic.feeds_only}
    named |= {found.rule.id for found in placed(policy, Rule)}
    named |= {f"tier.{tier.id}" for tier in policy.tiers}
    named |= {ruling.id for ruling in policy.rulings}
    return named | {"goal", "team", "bulletin", "assessment"}


def test_every_ruling_and_rule_of_fuling_that_is_no_option_has_its_row():
    policy = load_policy("fuling-2021")
    said = {known for _, _, last in rows("fuling-2021") for known in re.findall("`(.+?)`", last)}
    assert {ruling.id for ruling in policy.rulings} <= said
    base = {rule.id for rule in (*policy.rules.weights, *policy.rules.scopes)} | {"split.joint"}
    assert base | {f"tier.{tier.id}" for tier in policy.tiers} <= said


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
        for measure in ("协议引资", "省外签约金额", "省外实际投资", "外商直接投资")
    }
    assert {len(periods) for periods in by_quarter.values()} == {4}  # so all three were compared


def test_the_self_check_has_nothing_to_say_of_a_document_without_quarters():
    assert audited("zhengyang-2022") == []
