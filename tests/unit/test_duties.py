"""Duties: general names expanded, deadlines kept or missed, and what each team brought."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from support import sample
from support.ledgers import Project, ledger_of

from xlplan.app.explanation import explain
from xlplan.diagnostics import Cell
from xlplan.duties import duties
from xlplan.model import TASK_PROGRESS, TIERS
from xlplan.policy import load_policy
from xlplan.policy.schema import Duties, Task, Wildcard
from xlplan.quantity import parse_period
from xlplan.sheets.results import result_sheets

YEAR = parse_period("2021")
AS_OF = date(2021, 9, 30)


@pytest.fixture(scope="module")
def law():
    policy = load_policy("fuling-2021")
    tasks = (
        Task("A", "甲", "附件1", units=("各园区", "区财政局"), due=date(2021, 9, 20)),
        Task("B", "乙", "附件1", leaders=("副区长",), lead_units=("区商务委",)),
        Task("C", "丙", "附件1", units=("区商务委",), due=date(2021, 10, 10)),
        Task("D", "丁", "附件1", units=("全部招商组",), measures=("协议资金",)),
    )
    cards = (
        Wildcard("各园区", ("园区",), ("区财政局",), ("涪陵综保区",), "附件2（一）"),
        Wildcard("全部招商组", (), (), (), "附件1", teams=True),
    )
    return replace(policy, duties=Duties(tasks, cards))


def reports(*rows):
    """A frame of 任务进展: (task, unit, state, finished)."""
    return TASK_PROGRESS.of(
        {
            "task": [row[0] for row in rows],
            "unit": [row[1] for row in rows],
            "state": [row[2] for row in rows],
            "finished": pd.Series([row[3] for row in rows], dtype="datetime64[s]"),
            "remark": [""] * len(rows),
            "sheet": ["任务进展"] * len(rows),
            "row": list(range(2, len(rows) + 2)),
            "column": [3] * len(rows),
        }
    )


def found(law, *rows, as_of=AS_OF, projects=()):
    ledger = replace(ledger_of(law, list(projects), [], {}), task_progress=reports(*rows))
    return duties(ledger, TIERS.empty(), law, YEAR, as_of)


def verdicts(made):
    return dict(zip(made.tasks["task"], made.tasks["verdict"], strict=True))


def test_a_general_name_stands_for_its_groups_and_units_but_for_the_exceptions(law):
    rows = found(law).duties
    mine = rows[rows["task"] == "A"]
    assert list(mine["who"]) == [
        *("涪陵新城区", "白涛园区", "临港经济区", "清溪园区", "江北旅游区", "区财政局")
    ]
    assert set(mine["words"]) == {"各园区"}
    assert set(mine["wildcard"]) == {"附件2（一）"}


def test_a_unit_that_the_clerk_registers_is_covered_from_the_day_it_exists(law):
    ledger = ledger_of(law, [], [], {})
    units = pd.concat([ledger.units, ledger.units.tail(1)], ignore_index=True)
    units.loc[len(units) - 1, ["unit", "group"]] = ["新设园区", "园区"]
    units.loc[len(units) - 1, "valid_from"] = pd.Timestamp("2021-09-01")
    ledger = replace(ledger, units=units)
    for as_of, stands in ((date(2021, 8, 31), False), (date(2021, 9, 1), True)):
        rows = duties(ledger, TIERS.empty(), law, YEAR, as_of).duties
        assert ("新设园区" in set(rows[rows["task"] == "A"]["who"])) is stands


def test_posts_report_nothing_and_teams_do(law):
    rows = found(law).duties
    assert set(rows[rows["task"] == "D"]["group"]) == {"招商组"}
    assert len(rows[rows["task"] == "D"]) == 12
    leader = rows[(rows["task"] == "B") & (rows["role"] == "责任领导")]
    assert list(leader["who"]) == ["副区长"]


@pytest.mark.parametrize(
    ("rows", "as_of", "verdict"),
    [
        ([], date(2021, 9, 20), "near"),
        ([], date(2021, 9, 21), "overdue"),
        ([], date(2021, 8, 1), ""),
        ([("A", "", "推进中", None)], date(2021, 8, 1), "open"),
        ([("A", "", "已完成", date(2021, 9, 20))], date(2021, 9, 30), "done"),
        ([("A", "", "已完成", date(2021, 9, 21))], date(2021, 9, 30), "late"),
        ([("A", "白涛园区", "已完成", date(2021, 9, 1))], date(2021, 9, 30), "overdue"),
    ],
)
def test_a_task_is_as_far_as_the_unit_that_is_least_far(law, rows, as_of, verdict):
    assert verdicts(found(law, *rows, as_of=as_of))["A"] == verdict


def test_an_overdue_task_names_the_units_that_have_not_finished(law):
    made = found(law, ("A", "", "推进中", None), ("A", "白涛园区", "已完成", date(2021, 9, 1)))
    (said,) = [one.message() for one in made.diagnostics if one.code == "XP540"]
    assert "已过 10 天" in said
    late = made.tasks[made.tasks["task"] == "A"]["unfinished"].iloc[0]
    assert "白涛园区" not in late
    assert "清溪园区" in late


def test_a_task_without_a_deadline_is_never_overdue(law):
    assert verdicts(found(law, as_of=date(2031, 1, 1)))["B"] == ""
    assert verdicts(found(law))["D"] == "measured"


def test_a_report_of_a_unit_that_is_not_responsible_is_said(law):
    made = found(law, ("C", "白涛园区", "推进中", None))
    assert [one.code for one in made.diagnostics if one.code == "XP354"] == ["XP354"]


def test_the_sample_has_fifteen_tasks_and_its_teams_add_up_to_the_ledger():
    figures = sample.figures()
    assert len(figures.tasks) == 15
    projects = figures.ledger.projects
    signed = projects["signed"].between("2021-01-01", "2021-09-30")
    assert figures.teams["agreement"].sum() == projects[signed]["agreement"].sum()
    receipts = figures.ledger.receipts
    paid = receipts[receipts["received"].between("2021-01-01", "2021-09-30")]
    assert figures.teams["received"].sum() == paid["amount"].sum()
    assert figures.teams["project"].is_unique


def test_a_team_whose_name_holds_a_comma_is_one_team():
    policy = load_policy("fuling-2021")
    names = [team.name for team in policy.teams]
    assert len(names) == 12
    assert "生物医药、医疗器械产业" in names
    assert set(sample.figures().teams["team"]) <= set(names)


def test_a_place_in_the_brackets_of_a_landing_units_name_is_inside(law):
    team = law.teams[0].name
    for place, inside in (("涪陵综保区", True), ("涪陵新城区", True), ("清溪园区", False)):
        made = found(law, projects=[Project("P1", lead="区商务委", team=team, landing=place)])
        assert made.teams["inside"].tolist() == [inside]
        assert ("XP541" in {one.code for one in made.diagnostics}) is not inside


def test_a_task_explains_itself_by_its_id_and_by_its_rows():
    figures = sample.figures()
    said = str(explain(figures, "t14"))
    assert said.startswith("T14 ")
    assert "“各园区”按统称展开（三、（四））：涪陵新城区、白涛园区" in said
    sheets = {sheet.name: sheet for sheet in result_sheets(figures)}
    for name in ("任务清单", "责任清单", "时限清单"):
        row, column = next(
            (cell.row, cell.column) for cell in sheets[name].cells if cell.value == "T14"
        )
        assert str(explain(figures, f"{name}!{Cell(name, row, column).address}")) == said
