"""Drafting a policy: what a document says is placed, what it does not say is asked or listed."""

import datetime as dt
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.issued import (
    ABOVE,
    BY_GROUP,
    BY_QUARTER,
    IN_PER_CENT,
    NOTES,
    OFFICES,
    PARKS,
    issued,
    notice,
)

from xlplan import resources
from xlplan.app.audit import audit_document
from xlplan.app.authoring import check_policy, init_policy
from xlplan.app.drafting import REASONS, in_yi, tier_note
from xlplan.app.story import Note, Story
from xlplan.diagnostics import RequestError
from xlplan.policy import load_policy, shipped_policies
from xlplan.policy.examples import example
from xlplan.policy.toml_text import comment, toml_document

SAMPLE = resources.shelf("samples") / "fuling-2021" / "任务分解表.xlsx"


def draft(tmp_path, **parts):
    policy, unplaced = init_policy(
        tmp_path / "示例县-2024.toml", issued(tmp_path / "通知.docx", **parts)
    )
    return policy, {(left.reason, left.text) for left in unplaced}


def of_another_place(tmp_path, paper):
    source = notice(tmp_path / "通知.docx", *paper)
    policy, unplaced = init_policy(tmp_path / "他县-2024.toml", source)
    return policy, {(left.reason, left.text) for left in unplaced}


def test_quarters_below_a_head_are_tables_of_their_own_in_the_unit_written(tmp_path):
    policy, unplaced = of_another_place(tmp_path, BY_QUARTER)
    assert [table.period for table in policy.tables] == [
        "2024",
        *(f"2024Q{n}" for n in range(1, 5)),
    ]
    assert policy.tables[0].measures == ("协议资金", "到位资金")
    assert policy.tables[0].rows[0].cells == ("50000万元", "20000万元")
    assert [table.total.cells[0] for table in policy.tables][1:3] == ["12000万元", "17000万元"]
    assert list(audit_document(policy)) == []
    assert unplaced == {("named", "表1"), ("part", "20000万元（其中：外资2000万元）")}


def test_shares_are_drafted_as_reported_counts_are_to_be_checked_and_dollars_are_listed(tmp_path):
    policy, unplaced = of_another_place(tmp_path, IN_PER_CENT)
    assert policy.area == "南江市"
    kinds = {measure.name: (measure.kind, measure.unit) for measure in policy.measures}
    assert kinds == {
        "签约项目个数": ("sum", "个"),
        "投资总额": ("sum", "亿元"),
        "进出口增速": ("reported", "%"),
        "投资增长": ("reported", "%"),
    }
    (table,) = policy.tables
    assert table.rows[0].cells == ("20个以上", "100，力争120", "12%，力争15%", "")
    assert table.total.cells == ("30", "150", "9%", "")
    assert {reason for reason, _ in unplaced} == {"named", "count", "reported", "measure", "cell"}
    assert ("cell", "10%左右") in unplaced


def test_a_column_of_groups_makes_a_table_of_each_and_its_sum_the_total(tmp_path):
    policy, unplaced = of_another_place(tmp_path, BY_GROUP)
    assert (policy.area, policy.issued) == ("东湖区", dt.date(2025, 1, 15))
    assert policy.groups == ("镇街", "部门")
    assert [[row.unit for row in table.rows] for table in policy.tables] == [
        ["湖滨街道", "石桥镇"],
        ["商务局"],
    ]
    assert [table.total.cells[0] for table in policy.tables] == ["45", "40"]
    days = policy.measure("审批时限")
    assert (days.kind, days.unit, days.better) == ("reported", "个工作日", "lower")
    listed = [text for reason, text in unplaced if reason in ("measure", "head", "row")]
    assert len(listed) == 4  # two bounds on the size of projects, one of them once a group; 总计
    assert list(audit_document(policy)) == []


def test_a_document_that_says_everything_is_placed_wholly(tmp_path):
    policy, unplaced = draft(tmp_path)
    assert unplaced == set()
    assert (policy.id, policy.area, policy.period) == ("示例县-2024", "示例县", "2024")
    assert policy.issued == dt.date(2024, 3, 5)
    assert (policy.bulletin, policy.assessment) == ("quarter", "year")
    assert policy.calendar_clause == "附件2备注3"
    assert [table.clause for table in policy.tables] == ["附件2（一）", "附件2（二）"]
    assert [(unit.name, unit.group) for unit in policy.units] == [
        ("东园", "园区"),
        ("西园", "园区"),
        ("商务局", "部门"),
    ]


def test_targets_stand_as_written_and_a_dash_is_no_target(tmp_path):
    policy, _ = draft(tmp_path)
    parks, offices = policy.tables
    assert [row.cells for row in parks.rows] == [PARKS[2][1:], PARKS[3][1:]]
    assert parks.total.cells == PARKS[4][1:]
    assert parks.heads == (
        ("引进项目", "重大项目"),
        ("引进项目", "较大项目"),
        ("经济贡献", "协议资金"),
        ("经济贡献", "到位资金"),
    )
    assert offices.measures == ("重大项目", "较大项目", "协议资金")
    assert ("西园", "到位资金") not in {(t.unit, t.measure) for t in policy.targets}
    assert ("东园", "协议资金（非工业）") in {(t.unit, t.measure) for t in policy.targets}


def test_a_document_without_a_total_row_has_none(tmp_path):
    policy, unplaced = draft(tmp_path, parks=PARKS[:-1])
    assert policy.tables[0].total.cells == ()
    assert unplaced == {("unit", "到位资金"), ("unit", "协议资金")}


def test_no_weight_or_share_is_invented_but_asked_for(tmp_path):
    policy, _ = draft(tmp_path)
    assert not policy.rules.weights
    assert not policy.rules.splits
    assert {ruling.id: ruling.silent_at for ruling in policy.rulings} == {
        "weight": "附件2（一）",
        "joint": "附件2备注2",
        "tier-count": "附件2备注1",
        "of-which": "附件2（一）",
        "note-1": "附件2备注4",
    }


def test_every_ruling_leaves_a_way_that_decides_nothing_beyond_the_text(tmp_path):
    policy, _ = draft(tmp_path)
    weight = policy.ruling("weight")
    assert weight is not None
    assert weight.option("by-document").rules.weights == ()


def test_tiers_come_from_notes_that_state_their_bounds_highest_first(tmp_path):
    policy, _ = draft(tmp_path)
    assert [(t.name, [case.text for case in t.any_of]) for t in policy.tiers] == [
        ("重大", ["investment >= 10亿元", "output >= 30亿元"]),
        ("较大", ["investment >= 2亿元"]),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "重大项目是指投资10亿元以上，且外资过半的项目。",
        "重大项目是指投资约10亿元以上的项目。",
        "重大项目是指工业投资10亿元以上的项目。",
        "重大项目是指投资10亿元以上或列入名单的项目。",
        "重大项目由领导小组认定。",
        "重大项目是指投资10亿元以内的项目。",
    ],
)
def test_a_tier_whose_note_says_anything_more_is_not_guessed(said):
    assert tier_note("重大项目", Story(notes=[Note("备注1", said)])) is None


def test_a_column_without_its_tier_is_left_out_with_all_its_cells(tmp_path):
    policy, unplaced = draft(tmp_path, notes=NOTES[1:])
    assert {measure.name for measure in policy.measures if not measure.is_money} == set()
    assert ("tier", "引进项目重大项目（东园 4，合计 4个）") in unplaced
    assert all(table.measures[-1] in {"协议资金", "到位资金"} for table in policy.tables)


def replaced(rows, row, column, text):
    changed = [list(cells) for cells in rows]
    changed[row][column] = text
    return tuple(map(tuple, changed))


@pytest.mark.parametrize(
    ("parts", "reason", "text"),
    [
        ({"parks": replaced(PARKS, 3, 4, "约7")}, "cell", "约7"),
        ({"parks": replaced(PARKS, 4, 4, "若干")}, "cell", "若干"),
        ({"parks": replaced(PARKS, 2, 3, "160（其中：外资60）")}, "part", "160（其中：外资60）"),
        ({"offices": replaced(OFFICES, 2, 0, "东园")}, "group", "东园 1 2 5"),
        ({"parks": (*PARKS[:4], PARKS[2], PARKS[4])}, "again", "东园 4 4 160（其中：非工业60） 60"),
        ({"parks": (*PARKS[:4], ("小计", "4", "6", "9", "6"), PARKS[4])}, "row", "小计 4 6 9 6"),
        ({"parks": replaced(PARKS, 1, 4, "利用外资")}, "measure",
         "经济贡献利用外资（东园 60，西园 —，合计 60亿元）"),
        ({"parks": replaced(PARKS, 1, 4, "签约金额")}, "twice",
         "经济贡献签约金额（东园 60，西园 —，合计 60亿元）"),
        ({"notes": (NOTES[0] + "一般项目是指其他项目。", *NOTES[1:])}, "defined", "一般项目"),
        ({"above": ABOVE[:2]}, "issued", ""),
        ({"above": ("招商引资任务",)}, "area", ""),
        ({"above": ("示例县招商引资任务",)}, "period", ""),
        ({"notes": NOTES[:2]}, "bulletin", ""),
        ({"notes": NOTES[:2]}, "assessment", ""),
        ({"parks": replaced(PARKS, 4, 3, "190"), "offices": replaced(OFFICES, 3, 3, "5")},
         "unit", "协议资金"),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_is_listed_and_the_draft_still_loads(tmp_path, parts, reason, text):
    policy, unplaced = draft(tmp_path, **parts)
    assert (reason, text) in unplaced
    assert policy.tables
    file = tmp_path / "示例县-2024.toml"
    said = next(line for line in file.read_text("utf-8").splitlines() if REASONS[reason][0] in line)
    assert said.startswith("# - ")
    assert text in said
    assert check_policy(file) == policy


def test_a_column_of_what_was_done_sets_no_targets_but_is_listed(tmp_path):
    policy, unplaced = draft(tmp_path, parks=replaced(PARKS, 1, 4, "实际到位资金"))
    listed = {text for _, text in unplaced}
    assert "经济贡献实际到位资金（东园 60，西园 —，合计 60亿元）" in listed
    assert "到位资金" not in {target.measure for target in policy.targets}


def test_bounds_that_contradict_each_other_make_no_tiers(tmp_path):
    note = "备注：重大项目是指投资2亿元及以上的项目；较大项目是指投资2亿元及以上的项目。"
    policy, unplaced = draft(tmp_path, notes=(note,))
    assert policy.tiers == ()
    assert {reason for reason, _ in unplaced} >= {"tiers"}


def test_a_table_in_a_workbook_is_drafted_by_the_same_words(tmp_path):
    policy, unplaced = init_policy(tmp_path / "p.toml", SAMPLE)
    money = {"协议资金", "到位资金", "协议资金（非工业）"}
    shipped = load_policy("fuling-2021").targets
    wanted = {(t.group, t.unit, t.measure, t.value) for t in shipped if t.measure in money}
    assert {(t.group, t.unit, t.measure, t.value) for t in policy.targets} == wanted
    assert {left.reason for left in unplaced} >= {"tier", "issued"}


def test_when_no_column_is_known_the_draft_says_so_of_each_and_still_loads(tmp_path):
    heads = ("责任单位", "向上争资（万元）", "包装数量（个）"), ("", "", "")
    table = (*heads, ("财政所", "300", "2"), ("总计", "300", "2"))
    policy, unplaced = draft(tmp_path, parks=table, offices=table, notes=())
    assert [unit.name for unit in policy.units] == ["财政所"]
    assert not policy.targets
    assert ("measure", "向上争资（财政所 300，总计 300）") in unplaced
    assert ("measure", "包装数量（财政所 2，总计 2）") in unplaced


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("示例县2024年招商引资任务", "示例县"),
        ("关于下达示范市甲区2023年任务的通知", "甲区"),
        ("关于印发《北山街道2024年工作计划》的通知", "北山街道"),
        ("2023年任务方案", ""),
    ],
)
def test_the_area_is_what_the_title_begins_with(title, area):
    assert Story(texts=["前言。", title]).area == area


def test_remarks_beside_targets_are_listed_too(tmp_path):
    parks = tuple(
        (*row, said) for row, said in zip(PARKS, ("备注", "", "重点", "", ""), strict=True)
    )
    _, unplaced = draft(tmp_path, parks=parks)
    assert ("head", "备注（东园 重点）") in unplaced


def test_a_document_without_target_tables_is_refused_and_nothing_is_written(tmp_path):
    import docx

    paper = docx.Document()
    paper.add_paragraph("示例县2024年招商引资任务")
    paper.save(str(tmp_path / "空.docx"))
    with pytest.raises(RequestError, match="XP016"):
        init_policy(tmp_path / "p.toml", tmp_path / "空.docx")
    assert not (tmp_path / "p.toml").exists()


@pytest.mark.parametrize("existing", ["p.toml", "b.xlsx"])
def test_an_existing_file_is_never_overwritten(tmp_path, existing):
    (tmp_path / existing).write_text("旧")
    with pytest.raises(RequestError, match="XP014"):
        init_policy(tmp_path / "p.toml", issued(tmp_path / "a.docx"), tmp_path / "b.xlsx")
    assert (tmp_path / existing).read_text() == "旧"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("text", "unit", "written"),
    [
        ("5000", "万元", "5000万元"),
        ("5,000", "万元", "5,000万元"),
        ("3亿元", "万元", "3亿元"),
        ("5000（其中：非工业2000）", "万元", "5000万元（其中：非工业2000万元）"),
        ("5000，力争6000", "万元", "5000万元，力争6000万元"),
        ("5000万元", "亿元", "5000万元"),
        ("—", "万元", "—"),
    ],
)
def test_a_cell_keeps_its_amount_when_the_table_states_another_unit(text, unit, written):
    assert in_yi(text, unit) == written


def plain_texts():
    return st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)


@given(st.dictionaries(plain_texts(), plain_texts(), max_size=4), plain_texts())
def test_what_is_written_as_toml_is_read_back_exactly(texts, remark):
    rows = [[text, key] for key, text in texts.items()]
    day = dt.date(2024, 2, 29)
    values = {
        "clauses": texts,
        "table": [{"rows": rows, "flag": True, "day": day, "any": [{"a": "b"}], "in": [texts]}],
    }
    written = f"{comment(remark)}\n{toml_document(values, {'any'})}"
    assert tomllib.loads(written) == values


def test_every_fault_of_a_broken_policy_is_found_with_a_right_example(tmp_path):
    text = shipped_policies()["fuling-2021"].read_text("utf-8")
    broken = text.replace('share = "100%"', 'share = "120%"', 1).replace(
        "partners =", "partner =", 1
    )
    (tmp_path / "x.toml").write_text(broken, "utf-8")
    faults = check_policy(tmp_path / "x.toml")
    assert {fault.path: fault.example for fault in faults} == {
        "weight[1].share": 'share = "100%"',
        "split[1].partners": 'partners = "0"',
        "split[1].partner": 'partners = "0"',
    }


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("policy.issued", "issued = 2021-07-10"),
        ("policy.groups[2]", 'groups = ["园区", "部门"]'),
        ("ruling[4].option[1].split[2].lead", 'lead = "100%"'),
        ("tier[1].any_of[1].investment", 'investment = ">= 20亿元"'),
        ("tabel[1].titel", 'title = "（一）园区"'),
        ("pace.schedule", 'schedule = ["15%", "45%", "75%", "100%"]'),
        ("什么", ""),
    ],
)
def test_an_example_is_right_for_its_key(path, right):
    assert example(path) == right
