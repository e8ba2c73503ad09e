"""What units hand in, read: our form, their own tables, every format; whose it is, of when."""

from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO

import openpyxl
import pytest
from support import grids, handed_in
from support.office import convert

from xlplan import package
from xlplan.diagnostics import Cell, Diagnostics
from xlplan.files import open_table
from xlplan.policy import load_policy
from xlplan.quantity import parse_period
from xlplan.reconciling import StatedTotal
from xlplan.sheets.forms import Form, form_sheets
from xlplan.tables.covers import period_in
from xlplan.tables.ledgers import Law
from xlplan.tables.lists import read_units
from xlplan.tables.submissions import Came, Reader, ledger_entries, unit_in
from xlplan.tables.workbook import find_blocks

YI = 10**10
POLICY = load_policy(handed_in.POLICY)
LEDGER = grids.book(handed_in.LEDGER.read_text(encoding="utf-8"))


@cache
def law():
    blocks = [block for block in find_blocks(LEDGER, POLICY) if block.kind == "单位"]
    _, register = read_units(blocks, POLICY, Diagnostics())
    return Law(POLICY, register)


@cache
def reader():
    return Reader(law())


def read(text, file="报送.xlsx", **came):
    return reader().read(grids.book(text), Came(file, **came))


def codes(submission):
    return [(found.code, str(found.place)) for found in submission.found]


OWN = """
== 三季度 ==
东园2021年第三季度招商项目情况表
填报单位：东部园区　填报日期：2021年10月8日 | | | | 单位：万元
序号 | 签约项目名称 | 投资方 | 总投资 | 签约时间 | 资金来源 | 累计到位资金 | 档次
1 | 甲基地（一期） | 甲公司 | 20000 | 2021-07-10 | 外来 | 3000 | 大项目
2 | 甲基地（二期） | 甲公司 | 8000 | '2021.8.1 | 海外 | |
合计 | '2个 | | 28000 | | | 3000 |
"""


def test_a_clerks_own_table_is_read_by_the_meaning_of_its_heads():
    got = read(OWN)
    assert (got.unit, got.unit_from, got.period) == ("东园", "cell", "2021Q3")
    assert (got.filled_on, got.is_form, got.failed) == (date(2021, 10, 8), False, "")
    one, two = got.entries
    assert (one.name, one.investment, one.received, one.tier) == (
        "甲基地（一期）",
        2 * YI,
        3 * YI // 10,
        "大项目",
    )
    assert (two.signed, two.received, two.origin) == (date(2021, 8, 1), None, "海外")
    assert two.cell("investment") == Cell("三季度", 5, 4)
    assert two.texts["signed"] == "2021.8.1"
    assert "received" not in two.texts


def test_a_unit_leads_its_projects_where_its_table_has_no_such_column():
    assert {entry.lead for entry in read(OWN).entries} == {"东园"}
    assert "lead" not in read(OWN).entries[0].columns


def test_what_a_table_states_as_its_total_is_no_project():
    assert set(read(OWN).totals) == {
        StatedTotal("investment", 28 * YI // 10, Cell("三季度", 6, 4)),
        StatedTotal("received", 3 * YI // 10, Cell("三季度", 6, 7)),
        StatedTotal("project", 2, Cell("三季度", 6, 2)),
    }


@pytest.mark.parametrize("row", ["小计 | | | 28000", "本页合计 | | | 28000"])
def test_a_total_of_a_part_is_not_taken_for_one_of_all(row):
    assert read(OWN.replace("合计 | '2个 | | 28000", row)).totals == ()


FIELDS = ("project", "name", "origin", "investment", "agreement", "signed", "landing", "team")


def values(submission):
    return [tuple(getattr(entry, name) for name in FIELDS) for entry in submission.entries]


def test_text_tables_and_binary_workbooks_and_word_say_the_same_as_a_workbook(tmp_path):
    wanted = values(read(handed_in.SOUND))
    lines = [line for line in handed_in.SOUND.splitlines() if "==" not in line]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    comma = "\n".join(",".join(row) for row in rows)
    for name, data in {
        "gb.csv": comma.encode("gb18030"),
        "bom.csv": comma.encode("utf-8-sig"),
    }.items():
        (tmp_path / name).write_bytes(data)
    handed_in.write(handed_in.SOUND, tmp_path / "表.xlsb")
    names = ["gb.csv", "bom.csv", "表.xlsb", *_paper(rows, tmp_path)]
    for name in names:
        got = reader().read(open_table(tmp_path / name), Came(name, texts=("填报单位：东园",)))
        assert (name, got.unit, values(got)) == (name, "东园", wanted)


def _paper(rows, folder):
    docx = pytest.importorskip("docx")
    paper = docx.Document()
    paper.add_paragraph(rows[0][0])
    table = paper.add_table(len(rows) - 1, len(rows[1]))
    for line, row in zip(table.rows, rows[1:], strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    paper.save(folder / "表.docx")
    return ["表.docx"]


@pytest.mark.office
@pytest.mark.parametrize("form", ["xls", "ods"])
def test_older_and_open_formats_say_the_same_as_a_workbook(tmp_path, form):
    source = handed_in.write(handed_in.SOUND, tmp_path / "表.xlsx")
    converted = convert(source, form, tmp_path)
    one, other = (reader().read(open_table(path), Came(path.name)) for path in (source, converted))
    assert values(one) == values(other)
    assert (one.unit, codes(one)) == (other.unit, codes(other))


def test_text_that_looks_like_a_formula_is_text(tmp_path):
    path = tmp_path / "东园.csv"
    bad = """|=HYPERLINK("x")|+86|=1+1|@3|-2021-07-10|=cmd|'/C calc'!A0"""
    rows = [handed_in.HEADS, bad]
    path.write_text("\n".join(row.replace("|", ",") for row in rows), encoding="utf-8")
    got = reader().read(open_table(path), Came(path.name))
    (entry,) = got.entries
    assert entry.name.startswith("=HYPERLINK")
    assert (entry.investment, entry.agreement, entry.signed) == (None, None, None)
    assert {code for code, _ in codes(got)} >= {"XP102", "XP103"}


def form(unit="东园", period="2021Q3", fill=None):
    book = openpyxl.load_workbook(
        BytesIO(package.workbook_bytes(form_sheets(Form(POLICY, period, unit))))
    )
    if fill:
        fill(book)
    return book


def read_form(tmp_path, book, name="交回.xlsx"):
    book.save(tmp_path / name)
    return reader().read(open_table(tmp_path / name), Came(name))


def filled(book):
    cover, projects, receipts = (book[name] for name in ("填报说明", "项目台账", "到位资金"))
    cover["B6"] = date(2021, 10, 5)
    heads = {cell.value: cell.column for cell in projects[3]}
    said = {"项目名称": "甲基地", "来源": "外来", "投资额(亿元)": 2, "签约日期": date(2021, 8, 1)}
    for head, value in said.items():
        projects.cell(5, heads[head], value)
    receipts["B5"], receipts["C5"], receipts["D5"] = "甲基地", date(2021, 9, 1), 0.5
    receipts["A6"], receipts["C6"], receipts["D6"] = "P001", date(2021, 9, 2), 0.1


def test_a_form_says_whose_it_is_and_its_example_row_is_no_project(tmp_path):
    got = read_form(tmp_path, form(fill=filled))
    assert (got.unit, got.unit_from, got.is_form) == ("东园", "form", True)
    assert (got.period, got.policy, got.filled_on) == ("2021Q3", "示例", date(2021, 10, 5))
    assert [entry.name or entry.project for entry in got.entries] == ["甲基地", "P001"]
    assert codes(got) == []


def test_receipts_go_with_their_project_by_name_and_alone_where_it_is_not_told(tmp_path):
    new, known = read_form(tmp_path, form(fill=filled)).entries
    assert [(one.received, one.amount) for one in new.payments] == [(date(2021, 9, 1), YI // 2)]
    assert (known.project, known.sheet, known.row) == ("P001", "到位资金", 6)
    assert known.payments[0].amount == YI // 10
    assert known.columns == {"project": 1}


def test_an_empty_form_holds_nothing_and_nothing_is_wrong_with_it(tmp_path):
    got = read_form(tmp_path, form())
    assert (got.entries, codes(got)) == ((), [])


@pytest.mark.parametrize(
    ("file", "unit"),
    [
        ("东园报送表2021.xlsx", "东园"),
        ("关于报送东部园区项目的函.docx", "东园"),
        ("东园和西园.xlsx", ""),
        ("项目表.xlsx", ""),
        ("报送\\东园\\..\\表.xlsx", "东园"),
    ],
)
def test_a_files_name_tells_the_unit_only_when_it_names_one(file, unit):
    assert unit_in(file, law().register.names) == unit


def test_a_confirmed_head_is_known_for_its_unit_and_no_other():
    text = handed_in.SOUND.replace("投资额(亿元)", "盘子(亿元)")
    confirmed = Reader(law(), {"东园": {"盘子": "investment"}})
    got = confirmed.read(grids.book(text), Came("a.xlsx"))
    assert [entry.investment for entry in got.entries] == [20 * YI, 3 * YI]
    assert read(text).unknown == (("盘子(亿元)", Cell("报送", 2, 4)),)
    other = confirmed.read(
        grids.book(text.replace("填报单位：东园", "填报单位：西园")), Came("b.xlsx")
    )
    assert other.unknown


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2021年第三季度", "2021Q3"),
        ("2021年三季度招商引资报送表", "2021Q3"),
        ("东园2021年9月报表", "2021-09"),
        ("2021年度", "2021"),
        ("2021年上半年项目", "2021H1"),
        ("2021年10月8日", "2021"),
        ("招商引资报送表", None),
    ],
)
def test_titles_tell_the_period(text, period):
    found = period_in(text, POLICY)
    assert (found.text if found else None) == period
    assert period is None or parse_period(period) == found


def test_hidden_rows_broken_cells_and_words_outside_the_lists_are_said_at_their_cells():
    text = handed_in.table(
        f"(hidden) {handed_in.ONE}", handed_in.TWO.replace("海外 | 3 |", "火星 | =? |")
    )
    got = read(text)
    assert set(codes(got)) == {("XP205", "报送!3:3"), ("XP317", "报送!C4"), ("XP105", "报送!D4")}
    assert got.entries[1].texts["investment"] == "（公式没有结果）"
    assert got.entries[1].investment is None


def test_two_tables_of_different_projects_are_both_read():
    text = f"{handed_in.SOUND}\n{handed_in.table(handed_in.WEST, sheet='续表', unit='')}"
    got = read(text)
    assert [entry.project for entry in got.entries] == ["P001", "P003", "P004"]
    assert "XP915" not in {code for code, _ in codes(got)}


def test_the_ledger_itself_is_told_in_the_same_terms():
    entries = ledger_entries(find_blocks(LEDGER, POLICY), law())
    assert [entry.project for entry in entries] == ["P001", "P002", "P003", "P004"]
    first = entries[0]
    assert (first.file, first.investment, first.lead) == ("", 20 * YI, "东园")
    assert [one.amount for one in first.payments] == [YI, 2 * YI]
    assert first.cell("agreement") == Cell("项目台账", 2, 9)


def test_the_same_sheet_gives_the_same_submission_whatever_it_is_called():
    one, other = read(OWN), read(OWN, "别名.xlsx")
    assert [replace(entry, file="") for entry in one.entries] == [
        replace(entry, file="") for entry in other.entries
    ]
