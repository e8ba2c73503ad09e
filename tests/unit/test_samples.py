"""Every shipped sample: built from its text sources alone, and as its README works it out by hand.

A README may hold two tables and commands, found by their heads: 代码 | 位置 | … are the findings,
all of them; 单位 | 指标 | 完成 | … are results worked out from the document's rules, every target
of the period among them, those of totals (村社区合计, of the area 新生街道合计) too; a ```console
block shows what explains a figure, … for what is left out.
"""

import re
import zipfile
from collections import Counter
from fractions import Fraction
from functools import cache

import pytest
from support import sample

import xlplan
from xlplan import files
from xlplan.app.explanation import explain
from xlplan.app.recalculation import Request, recalculate
from xlplan.model import REACHED_NAMES
from xlplan.policy import shipped_policies
from xlplan.quantity import parse_quantity
from xlplan.sheets.lines import records

FOLDERS = sample.builder().folders()
WORKED = [folder for folder in FOLDERS if "| 单位 | 指标 |" in (folder / "README.md").read_text()]


def name(folder):
    return folder.name


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_the_committed_workbooks_are_what_their_sources_build(folder, tmp_path):
    sample.builder().build(folder, tmp_path)
    built, kept = (
        {path.name: members(path) for path in place.glob("*.xlsx")} for place in (tmp_path, folder)
    )
    assert built == kept


def members(path):
    """Unpacked, since another zlib may pack the same bytes differently."""
    with zipfile.ZipFile(path) as packed:
        return [(info.filename, info.date_time, packed.read(info)) for info in packed.infolist()]


@cache
def recalculated(folder, period=None):
    [book, *_] = sample.builder().plan(folder)["book"]
    return recalculate(xlplan.open_book(folder / book["file"]), Request(period=period))


def tables(folder, head):
    """The rows of the README's tables that have a head, as the heads name them; there are some."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    found = re.findall(rf"^\|(?:.*\|)? {head} \|.*\n\|---.*\n(?:\|.*\n)+", text, re.MULTILINE)
    assert found, head
    for table in found:
        heads, _, *rows = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()
        ]
        yield from (dict(zip(heads, row, strict=True)) for row in rows)


def test_every_policy_that_ships_has_a_sample():
    assert [folder.name for folder in FOLDERS] == list(shipped_policies())
    assert {folder.name for folder in set(FOLDERS) - set(WORKED)} == {"fuling-2021"}


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_what_is_made_up_says_so_and_what_the_document_says_does_not(folder):
    [book, *_] = sample.builder().plan(folder)["book"]
    source = files.open_workbook(folder / book["file"])
    made_up = {
        sheet for sheet in source.sheet_names() if "示例数据" in str(source.grid(sheet).at(1, 1))
    }
    assert made_up == {path.stem for path in folder.glob("*.csv")}


@pytest.mark.parametrize("folder", WORKED, ids=name)
def test_what_is_found_is_what_the_readme_announces_cell_by_cell(folder):
    announced = Counter((row["代码"], row["位置"]) for row in tables(folder, "代码"))
    found = recalculated(folder).diagnostics
    assert Counter((one.code, str(one.place)) for one in found) == announced


@pytest.mark.parametrize("folder", WORKED, ids=name)
def test_every_result_is_what_the_readme_works_out_by_hand(folder):
    default = sample.builder().plan(folder)["period"]
    worked = list(tables(folder, "单位"))
    for row in worked:
        standing = standing_of(folder, row.get("期间", default), row["单位"], row["指标"])
        assert shown(standing) == wanted(row), row
    for period in {row.get("期间", default) for row in worked}:
        aimed = {key for key, row in results(folder, period).items() if row["aim"] is not None}
        listed = {(r["单位"], r["指标"]) for r in worked if r.get("期间", default) == period}
        assert aimed
        assert aimed <= listed


def results(folder, period):
    """The standings of units, and totals under the names of their groups or the area."""
    found = recalculated(folder, period)
    totals = records(found.totals.assign(unit=found.totals["group"] + "合计", rank=None))
    rows = [*records(found.standings), *totals]
    named = {(row["unit"], row["measure"]): row for row in rows}
    assert len(named) == len(rows)
    return named


def standing_of(folder, period, unit, measure):
    found = results(folder, period)[unit, measure]
    grains = recalculated(folder, period).figures.policy.measure(measure).grains
    return {**found, "pending": Fraction(found["pending"], grains)}


def shown(standing):
    reached = REACHED_NAMES.get(standing["reached"], "")
    rank = standing["rank"]
    return standing["value"], standing["aim"], standing["pending"], rank and int(rank), reached


def wanted(row):
    """What a row of the README says: 未报 is not known, — is none."""
    figures = [figure(row.get(head, "—")) for head in ("完成", "目标", "待定")]
    rank = None if row["位次"] == "—" else int(row["位次"])
    reached = "" if row["结果"] in ("—", "未报") else row["结果"]
    return *figures[:2], figures[2] or Fraction(0), rank, reached


def figure(text):
    if text in ("—", "未报", "待定"):
        return None
    if "/" in text:
        return Fraction(text)
    read = parse_quantity(text)
    return read.value / (10**8 if text.endswith("亿元") else 1)


@pytest.mark.parametrize("folder", WORKED, ids=name)
def test_the_explanations_shown_are_what_the_program_says(folder):
    text = (folder / "README.md").read_text(encoding="utf-8")
    sessions = re.findall(
        r"^\$ xlplan explain \S+ (\S+)\n((?:(?!\$|```).*\n)+)", text, re.MULTILINE
    )
    assert len(sessions) >= 2
    for what, said in sessions:
        explanation = str(explain(recalculated(folder).figures, what))
        assert as_pattern(said).search(explanation + "\n"), explanation


def as_pattern(shown_):
    """Lines as shown; a line … stands for any lines."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else re.escape(line) + r"\n" for line in shown_.splitlines()
    ]
    return re.compile("".join(lines))


def test_where_a_policy_has_no_tiers_no_project_is_called_below_them():
    [zhengyang] = [folder for folder in FOLDERS if folder.name == "zhengyang-2022"]
    sheets = {one.name: one for one in recalculated(zhengyang).sheets}
    [listed] = sheets["档次统计"].blocks
    said = {value for column in listed.columns for value in column.values}
    assert "不分档次" in said
    assert "未入档" not in said


def test_a_currency_is_called_by_its_name():
    [zhengyang] = [folder for folder in FOLDERS if folder.name == "zhengyang-2022"]
    [found] = [one for one in recalculated(zhengyang).diagnostics if one.code == "XP108"]
    assert found.message() == "币种是美元，本栏只计人民币：“300万美元”"


def test_where_nothing_is_asked_and_nothing_known_no_row_is_shown():
    [guangan] = [folder for folder in FOLDERS if folder.name == "guangan-2023"]
    standings = recalculated(guangan).standings
    assert not (standings["target"].isna() & standings["done"].isna()).any()
    assert "未报" in {row["完成"] for row in tables(guangan, "单位")}


def test_the_lists_hold_whom_the_readme_says_and_nobody_who_is_ahead_of_the_pace():
    [guangan] = [folder for folder in FOLDERS if folder.name == "guangan-2023"]
    boards = recalculated(guangan).figures.boards
    listed = boards[boards["state"] == "listed"]
    found = set(zip(*(listed[head] for head in ("name", "unit", "measure")), strict=True))
    assert found == {tuple(row.values()) for row in tables(guangan, "上榜单位")}
