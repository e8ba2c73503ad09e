"""Amounts in foreign currencies, from the cell that a clerk wrote to the credit.

`tests/cases/currencies` holds cases as data: 项目台账 and 到位资金 as text (support.grids), what to
change in the text of the policy `gangqu-2024`, the findings with their cells, and all that is
credited for the case's measures. Amounts are in 亿元, or in 亿 of the measure's own currency.
"""

import json
import re
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from support import grids

import xlplan
from xlplan.cli import main
from xlplan.crediting import credit
from xlplan.documents.fields import Reader
from xlplan.documents.numbers import MissingValueError
from xlplan.model import Foreign
from xlplan.policy import load_policy
from xlplan.progress import Counted, progress
from xlplan.quantity import parse_period
from xlplan.statistics import statistics
from xlplan.tables import read_ledger

CASES = Path(__file__).parents[1] / "cases"
PLACE = CASES / "other_places" / "gangqu-2024.toml"
PERIOD, AS_OF = parse_period("2024"), date(2024, 9, 30)
AMOUNTS = {"amount", "credit", "done", "target"}
UNASKED = frozenset({"XP207", "XP212", "XP324", "XP326"})
"""What small ledgers without a table of targets or a column 配合单位 say besides."""


def policy_of(folder, change):
    """The place's policy with some of its text written otherwise."""
    text = PLACE.read_text(encoding="utf-8")
    for old, new in change.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / PLACE.name
    path.write_text(text, encoding="utf-8")
    return load_policy(path)


def computed(policy, sheets):
    """Everything that the sheets say, and the findings with their cells."""
    reading = read_ledger(grids.book(sheets), policy)
    found = credit(reading.ledger, policy, PERIOD, AS_OF)
    known = statistics(found.credits, reading.ledger, policy, PERIOD, AS_OF)
    counted = Counted(found.credits, known.readings)
    done = progress(counted, reading.ledger, policy, PERIOD, AS_OF)
    said = [
        f"{one.code} {one.place}"
        for one in (*reading.diagnostics, *found.diagnostics, *known.diagnostics)
        if one.code not in UNASKED
    ]
    frames = {
        "credit": found.credits,
        "tier": found.tiers,
        "standing": done.standings,
        "reading": known.readings,
    }
    return frames, said


@pytest.mark.parametrize(
    "file", sorted(CASES.glob("currencies/*.toml")), ids=lambda file: file.stem
)
def test_amounts_in_currencies_count_as_the_case_says(file, tmp_path):
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    policy = policy_of(tmp_path, case.get("change", {}))
    frames, said = computed(policy, case["sheets"])
    assert sorted(said) == sorted(case.get("findings", [])), case["title"]
    credits_ = frames["credit"]
    counted = credits_[credits_["measure"].isin(case["measures"])]
    assert len(counted) == len(case.get("credit", [])), counted.to_string()
    for name, frame in frames.items():
        for row in case.get(name, []):
            assert fits(frame, row, policy), (name, row, frame.to_string())


def fits(frame, row, policy):
    """Whether some row of the frame says all that the case says."""
    grains = policy.measure(row["measure"]).grains if "measure" in row else 1
    wanted = {
        name: Fraction(value) * grains if name in AMOUNTS else value for name, value in row.items()
    }
    wanted |= {"value": Fraction(row["value"])} if "value" in row else {}
    return any(
        all(shown(record[name]) == value for name, value in wanted.items())
        for record in frame.to_dict("records")
    )


def shown(value):
    return value.text if isinstance(value, Foreign) else value


HEADS = "项目编号 | 项目名称 | 牵头单位 | 来源 | 协议资金(亿元) | 签约日期"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("100万英镑", "100万英镑"),
        ("£100万", "100万英镑"),
        ("新台币3000万元", "3000万新台币"),
        ("NT$3000万", "3000万新台币"),
        ("20亿韩元", "20亿韩元"),
        ("500万新元", "500万新加坡元"),
        ("50万瑞士法郎", "50万瑞士法郎"),
    ],
)
def test_the_currencies_of_real_ledgers_are_known_by_their_names(tmp_path, written, text):
    name = re.sub(r"^[\d.亿万]+", "", text)
    declared = f'[[currency]]\nname = "{name}"\nconvert = "own"\nclause = "三、折算"\n\n[[tier]]'
    policy = policy_of(tmp_path, {"[[tier]]": declared})
    sheets = f"== 项目台账 ==\n{HEADS}\nP1 | 甲 | 商务局 | 境外 | {written} | 2024-03-01"
    amount = read_ledger(grids.book(sheets), policy).ledger.projects["foreign"].iloc[0][0]
    assert amount.text == text


def test_a_head_in_dollars_is_none_in_yuan(tmp_path):
    """A remark 单位：万美元 above a table was once passed over, and its numbers were 亿元."""
    policy = policy_of(tmp_path, {})
    heads = HEADS.replace("(亿元)", "")
    body = f"{heads}\nP1 | 甲 | 商务局 | 境外 | 300 | 2024-03-01"
    for sheets in (
        f"== 项目台账 ==\n单位：万美元\n{body}",
        f"== 项目台账 ==\n{body.replace('协议资金', '协议资金(万美元)')}",
        f"== 项目台账 ==\n{body.replace('协议资金', '协议资金（万美金）')}",
    ):
        projects = read_ledger(grids.book(sheets), policy).ledger.projects
        assert projects["agreement"].tolist() == [300 * 690 * 10**4]


@pytest.mark.parametrize(
    ("remark", "heads", "cells"),
    [
        ("", "协议资金(亿元) | 到位外资(万美元)", "2 | 600"),
        ("（单位：万元）", "协议资金 | 到位外资", "20000 | 600"),
        ("（单位：亿元）", "协议资金 | 到位外资", "2 | 0.06"),
        ("", "协议资金(亿元) | 到位外资(亿美元)", "2 | 600万美元"),
    ],
)
def test_a_target_in_dollars_is_in_the_unit_that_its_head_states(tmp_path, remark, heads, cells):
    policy = policy_of(tmp_path, {})
    table = f"片区任务分解表（2024年）{remark}\n责任单位 | {heads}\n东港片区 | {cells}"
    targets = read_ledger(grids.book(f"== 任务分解 ==\n{table}"), policy).ledger.targets
    found = dict(zip(targets["measure"], targets["value"], strict=True))
    assert found["到位外资"] == 600 * 10**4 * 100
    assert found["协议资金"] == 2 * 10**10


REPORTED = """
[[measure]]
id = "direct"
name = "外商直接投资"
kind = "reported"
unit = "亿美元"
clause = "一、目标"

[[measure]]
id = "trade"
name = "进出口总额"
kind = "reported"
unit = "亿元"
clause = "一、目标"

[[currency]]
name = "美元"
"""


def test_reported_figures_are_in_the_unit_that_their_head_states(tmp_path):
    """A head 数值(万美元) or 数值(万元) was once passed over: 600 was 600亿."""
    policy = policy_of(tmp_path, {'[[currency]]\nname = "美元"\n': REPORTED})
    rows = "责任单位 | 指标 | 期间 | 数值({unit})\n东港片区 | {measure} | 2024 | 600"
    ledger, values = f"== 项目台账 ==\n{HEADS}", {}
    for unit, measure in (("万美元", "外商直接投资"), ("万元", "进出口总额")):
        text = f"{ledger}\n== 统计数据 ==\n{rows.format(unit=unit, measure=measure)}"
        reported = read_ledger(grids.book(text), policy).ledger.reported
        values[measure] = reported["value"].iloc[0]
    assert values == {"外商直接投资": Fraction(6, 100), "进出口总额": Fraction(6, 100)}


BOOK = """
== 任务分解 ==
片区任务分解表（2024年）
责任单位 | 协议资金(亿元) | 到位资金(亿元) | 到位外资(万美元)
东港片区 | 2 | 1 | 600
西港片区 | 1 | 0.5 | 300
== 项目台账 ==
项目编号 | 名称 | 牵头 | 配合 | 落地 | 招商组 | 来源 | 投资额(亿元) | 协议资金(亿元) | 签约
P1 | 码头 | 东港片区 | 西港片区 | 东港片区 | 港澳招商组 | 境外 | $2000万 | 1000万美元 | 2024-03-01
P2 | 风电 | 商务局 | | 东港片区 | 欧洲招商组 | 境外 | 500万欧元 | 200万欧元 | 2024-05-01
P3 | 冷链 | 商务局 | | 东港片区 | 欧洲招商组 | 境内 | 0.5 | 0.4 | 2024-05-01
P4 | 仓储 | 西港片区 | | 西港片区 | 港澳招商组 | 境外 | 0.9 | 1亿港元 | 2024-05-01
== 到位资金 ==
项目编号 | 到位日期 | 金额(亿元)
P1 | 2024-04-01 | 300万美元
P2 | 2024-06-01 | 100万欧元
P2 | 2024-06-05 | 20万欧元
P3 | 2024-06-05 | 0.1
P4 | 2024-08-01 | 33333.33港元
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)
    return grids.write(grids.book(BOOK), tmp_path / "港区.xlsx")


ARGUMENTS = ("--policy", str(PLACE), "--as-of", "2024-09-30")


def heads_and_rows(sheet, row):
    """A sheet's rows below a row of heads, as dictionaries."""
    heads = [cell.value for cell in sheet[row]]
    return [
        dict(zip(heads, (cell.value for cell in cells), strict=True))
        for cells in sheet.iter_rows(min_row=row + 1)
    ]


def test_a_book_shows_what_was_written_beside_what_it_is_worth(book):
    main(["recalculate", str(book), *ARGUMENTS])
    found = openpyxl.load_workbook(book, data_only=True)
    credits_ = heads_and_rows(found["计入明细"], 1)
    shown_ = {(row["项目编号"], row["指标"], row["单位"]): row for row in credits_}
    dollars = shown_["P1", "到位资金", "东港片区"]
    assert (dollars["原币"], dollars["原值"]) == ("300万美元 × 6.9", 0.207)
    assert shown_["P1", "到位外资", "西港片区"]["原币"] == "300万美元"
    assert shown_["P3", "协议资金", "商务局"]["原币"] is None


def test_teams_show_what_is_not_converted_and_no_zero_for_it(book):
    main(["recalculate", str(book), *ARGUMENTS])
    sheet = openpyxl.load_workbook(book, data_only=True)["招商组情况"]
    europe = next(row for row in heads_and_rows(sheet, 3) if row["招商组"] == "欧洲招商组")
    assert europe["外币（未折算）"] == "协议 200万欧元、到位 120万欧元"
    assert (europe["协议资金"], europe["到位资金"]) == (0.4, 0.1)
    heads = next(cell.row for cell in sheet["B"] if cell.value == "项目编号")
    wind = next(row for row in heads_and_rows(sheet, heads) if row["项目编号"] == "P2")
    assert (wind["协议资金"], wind["到位资金"]) == (None, None)
    assert wind["外币（未折算）"] == "协议 200万欧元、到位 120万欧元"


def test_the_json_says_what_was_written(book, tmp_path):
    path = tmp_path / "结果.json"
    main(["recalculate", str(book), *ARGUMENTS, "--json", str(path)])
    found = json.loads(path.read_text(encoding="utf-8"))
    foreign = {(row["project"], row["measure"]): row["foreign"] for row in found["credits"]}
    assert foreign["P1", "协议资金"] == "1000万美元 × 6.9"
    assert foreign["P2", "对欧签约"] == "200万欧元"
    assert foreign["P3", "协议资金"] is None
    teams = {row["project"]: row for row in found["teams"]}
    assert (teams["P2"]["received"], teams["P2"]["agreement"]) == (None, None)
    assert teams["P2"]["foreign"] == "协议 200万欧元、到位 120万欧元"
    assert teams["P1"]["foreign"] is None


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("P1", "300万美元 × 6.9，折算：三、折算"),
        ("P2", "200万欧元，不折算：三、折算"),
        ("P4", "3.333333万港元 × 0.9111，折算"),
        ("到位资金!C2", "300万美元 × 6.9"),
        ("到位资金!C3", "100万欧元 按方案不折算成人民币；计入的指标：无"),
        ("项目台账!I3", "200万欧元"),
    ],
)
def test_an_explanation_names_the_amount_written_and_its_rate(capsys, book, target, said):
    main(["recalculate", str(book), *ARGUMENTS])
    capsys.readouterr()
    assert main(["explain", str(book), target, *ARGUMENTS]) == 0
    assert said in capsys.readouterr().out


def test_a_template_prints_no_zero_for_what_is_not_converted(book):
    result = xlplan.recalculate(xlplan.open_book(book), policy=PLACE, as_of=AS_OF)
    fields = Reader(result.figures).whole
    wind = next(project for project in fields["项目"] if project["编号"] == "P2")
    assert wind["外币"] == "投资额 500万欧元、协议 200万欧元"
    with pytest.raises(MissingValueError):
        str(wind["协议资金"])
    abroad = next(kind for kind in fields["来源结构"] if kind["名称"] == "境外")
    assert abroad["外币"] == "协议 200万欧元"
    mine = Reader(result.figures).of_unit("东港片区")["明细"]
    assert {row["原币"] for row in mine} >= {"1000万美元 × 6.9", "300万美元"}
