"""Excel templates: cells filled exactly, rows that grow, and everything that hangs on them."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import TemplateError
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table
from support.tables import GROUPED, drawn, fields, filled, grid, groups, number, part, saved

from xlplan.documents.cells import TooLongError
from xlplan.documents.growth import GrowthError
from xlplan.documents.numbers import MissingValueError, WrongFilterError
from xlplan.documents.workbook import WorkbookTemplate

ONE_LOOP = """
    单位 | 完成
    {%tr for u in 单位 %}
    {{ u.名称 }} | {{ u.完成 }}
    {%tr endfor %}
    合计 | =SUM(B3:B3)
"""


def one_loop(size):
    return {"单位": groups(size)[0]["单位"], "期间": "2021年"}


# Cells


def cell(tag, value, *, style="General"):
    """What a cell with one tag becomes, and its number format."""
    book = drawn(tag)
    book.active["A1"].number_format = style
    made = filled(book, {"值": value, "名单": ["甲", "乙"]}).active["A1"]
    return made.value, made.number_format


@pytest.mark.parametrize(
    ("tag", "value", "shown"),
    [
        ("{{ 值 }}", number("12.345"), 12.345),
        ("{{ 值 }}", number("1/3"), 1 / 3),
        ("{{ 值 }}", number("0.75", "%"), 0.75),
        ("{{ 值|亿元(1) }}", number("12.345"), 12.3),
        ("{{ 值|万元 }}", number("12.345"), 123450),
        ("{{ 值|百分比 }}", number("2/3", "%"), 0.667),
        ("{{ 值|位次 }}", number(3, "位"), "第3位"),
        ("{{ 值|或('-') }}", number(None), "-"),
        ("{{ 值|或('-') }}", number(5), 5),
        ("{{ 值 }}亿元", number("12.345"), "12.35亿元"),
        ("{{ 值 }}", "00123", "00123"),
        ("{{ 值|或('-') }}", "00123", "00123"),
        ("{{ 值 }}", "=1+1", "=1+1"),
        ("{{ 值 }}", "甲<园>&'乙'", "甲<园>&'乙'"),
        ("{{ 名单|顿号 }}", None, "甲、乙"),
        ("{% for x in 名单 %}{{ loop.index }}{{ x }} {% endfor %}", None, "1甲 2乙 "),
    ],
)
def test_a_cell_that_is_one_tag_for_a_number_is_a_number_and_all_else_is_text(tag, value, shown):
    assert cell(tag, value)[0] == shown


def test_a_text_that_looks_like_a_formula_or_holds_what_xml_cannot_say_stays_text():
    data = WorkbookTemplate(saved(drawn("{{ 值 }} | 值：{{ 值 }}")), "x").fill(
        {"值": "=\x07_x0041_"}
    )
    sheet = part(data.data, "xl/worksheets/sheet1.xml")
    assert sheet.count("=_x0007__x005F_x0041_") == 2
    assert "<f>" not in sheet


def test_a_cell_keeps_its_number_format_and_a_text_cell_gets_text():
    assert cell("{{ 值 }}", number("0.75", "%"), style="0.0%") == (0.75, "0.0%")
    assert cell("{{ 值 }}", number("12.345"), style="@") == ("12.35", "@")


def test_figures_remember_their_cells():
    said = WorkbookTemplate(saved(drawn(ONE_LOOP)), "x").fill(one_loop(2)).said
    assert [(text, text.source) for text in said] == [
        ("1.5", "完成情况!E1"),
        ("2.5", "完成情况!E2"),
    ]


@pytest.mark.parametrize(
    ("tag", "error"),
    [
        ("{{ 没有 }}", TemplateError),
        ("{{ 值.没有 }}", TemplateError),
        ("{{ 无 }}", MissingValueError),
        ("共{{ 无 }}", MissingValueError),
        ("{{ 无|亿元 }}", MissingValueError),
        ("{{ 期间|亿元 }}", WrongFilterError),
        ("{{ 期间.format(1) }}", TemplateError),
        ("{{ 长 }}", TooLongError),
        ("第{{ 长 }}", TooLongError),
    ],
)
def test_what_a_cell_cannot_say_is_an_error_and_never_an_empty_cell(tag, error):
    made = WorkbookTemplate(saved(drawn(tag)), "x")
    with pytest.raises(error):
        made.fill({"值": {}, "无": number(None), "期间": "2021年", "长": "字" * 40_000})


def test_parts_of_a_text_in_several_formats_keep_them():
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    book = drawn("x")
    bold = InlineFont(b=True)
    book.active["A1"] = CellRichText("共", TextBlock(bold, "{{ 值 }}亿元"), "，好")
    data = WorkbookTemplate(saved(book), "x").fill({"值": number(3)}).data
    read = openpyxl.load_workbook(io.BytesIO(data), rich_text=True).active["A1"].value
    assert str(read) == "共3.00亿元，好"
    assert [str(run) for run in read if isinstance(run, TextBlock) and run.font.b] == ["3.00亿元"]


# Rows


def test_rows_repeat_in_groups_and_every_formula_means_its_own_rows():
    assert grid(filled(drawn(GROUPED), fields(2, 1)).active) == [
        ["2021年完成情况"],
        ["单位", "目标", "完成", "完成率"],
        ["第1类"],
        ["单位1", 10, 1.5, "=C4/B4"],
        ["单位2", 10, 2.5, "=C5/B5"],
        ["小计", "=SUM(B4:B5)", "=SUM(C4:C5)", "=C6/B6"],
        ["第2类"],
        ["单位3", 10, 3.5, "=C8/B8"],
        ["小计", "=SUM(B8:B8)", "=SUM(C8)", "=C9/B9"],
        ["总计", "=SUM(B6,B9)", "=SUM(C4:C5,C8:C8)", "=$C$10/B10"],
        ["注：甲<乙>&丙"],
    ]


def test_a_reference_with_dollars_means_all_rows_of_the_own_list():
    book = drawn(GROUPED.replace("=C6/B6", "=C6/SUM(C$6:C$6)"))
    rows = grid(filled(book, fields(2, 1)).active)
    assert [row[3] for row in rows if len(row) > 3 and "/SUM" in row[3]] == [
        "=C4/SUM(C$4:C$5)",
        "=C5/SUM(C$4:C$5)",
        "=C8/SUM(C$8:C$8)",
    ]


def test_a_range_from_the_row_of_for_to_that_of_endfor_holds_all_between():
    book = drawn(ONE_LOOP.replace("B3:B3", "B2:B4"))
    assert grid(filled(book, one_loop(3)).active)[-1] == ["合计", "=SUM(B2:B4)"]


def test_an_empty_list_leaves_one_blank_row_and_sums_stay_sound():
    assert grid(filled(drawn(ONE_LOOP), one_loop(0)).active)[1:] == [[], ["合计", "=SUM(B2:B2)"]]
    assert grid(filled(drawn(GROUPED), fields()).active)[2:4] == [
        [],
        ["总计", "=SUM(B3)", "=SUM(C3:C3)", "=$C$4/B4"],
    ]


def test_the_else_of_a_loop_stands_where_its_rows_would():
    text = ONE_LOOP.replace("{%tr endfor %}", "{%tr else %}\n无\n{%tr endfor %}")
    assert grid(filled(drawn(text), one_loop(0)).active)[1:] == [["无"], ["合计", "=SUM(B2:B2)"]]


def test_rows_under_a_condition_come_and_go():
    text = """
        {%tr if 单位 %}
        有
        {%tr else %}
        没有
        {%tr endif %}
        完
    """
    assert grid(filled(drawn(text), one_loop(1)).active) == [["有"], ["完"]]
    assert grid(filled(drawn(text), one_loop(0)).active) == [["没有"], ["完"]]


def test_a_formula_on_rows_that_were_not_written_is_said():
    text = """
        {%tr if 单位 %}
        1
        {%tr endif %}
        =SUM(A2)
    """
    with pytest.raises(GrowthError, match="第2行没有写出"):
        filled(drawn(text), one_loop(0))


def test_blank_rows_of_a_group_count_in_every_turn():
    book = drawn("{%tr for u in 单位 %}\n{{ u.名称 }}\n\n{%tr endfor %}\n完")
    assert grid(filled(book, one_loop(2)).active) == [["单位1"], [], ["单位2"], [], ["完"]]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=6))
def test_subtotals_hold_their_group_and_the_total_holds_every_unit_once(sizes):
    rows = grid(filled(drawn(GROUPED), fields(*sizes)).active)
    units = [
        at for at, row in enumerate(rows, 1) if row and str(row[0]).startswith("单位") and at > 2
    ]
    assert len(units) == sum(sizes)
    subtotals = [at for at, row in enumerate(rows, 1) if row and row[0] == "小计"]
    seen = []
    for at in subtotals:
        seen += [n for n in summed(rows[at - 1][1]) if rows[n - 1]]
    assert seen == units
    total = next(row for row in rows if row and row[0] == "总计")
    assert summed(total[1]) == subtotals
    assert [n for n in summed(total[2]) if rows[n - 1]] == units


def summed(formula):
    """The rows that a SUM adds up."""
    found = []
    for area in formula.removeprefix("=SUM(").removesuffix(")").split(","):
        first, _, last = area.replace("B", "").replace("C", "").partition(":")
        found += range(int(first), int(last or first) + 1)
    return found


# What hangs on the rows


def dressed():
    """A table with everything that a clerk may hang on it."""
    book = drawn(ONE_LOOP + "\n注\n")
    page = book.active
    page.merge_cells("D5:D6")
    page.merge_cells("C3:D3")
    page.row_dimensions[3].height = 33
    page.row_dimensions[5].height = 44
    page["B3"].number_format = "0.00"
    page["A6"].hyperlink = "https://example.invalid/"
    page["A3"].hyperlink = "https://example.invalid/u"
    page["A5"].comment = Comment("合计的说明", "示例")
    page.conditional_formatting.add("B3", FormulaRule(["$B3>2"], font=Font(color="FF0000")))
    page.conditional_formatting.add("B5", FormulaRule(["B5<SUM($B$3:$B$3)"], font=Font(b=True)))
    listed = DataValidation(type="list", formula1="$A$3:$A$3")
    listed.add("C3")
    listed.add("C5")
    page.add_data_validation(listed)
    page.print_area = "A1:D6"
    page.print_title_rows = "1:1"
    page.row_breaks.append(Break(3))
    page.row_breaks.append(Break(5))
    page.auto_filter.ref = "A1:B3"
    page.freeze_panes = "A2"
    book.defined_names["全部"] = DefinedName("全部", attr_text="附表!$B$3:$B$3")
    chart = BarChart()
    chart.add_data(Reference(page, min_col=2, min_row=3, max_row=3))
    chart.set_categories(Reference(page, min_col=1, min_row=3, max_row=3))
    page.add_chart(chart, "A8")
    book.create_sheet("汇总")["A1"] = "=附表!B5"
    book["汇总"]["A2"] = "=MAX(附表!B3:B3)"
    return book


def test_what_hangs_on_rows_repeats_stretches_or_moves_with_them():
    made = filled(dressed(), one_loop(3))
    page = made["附表"]
    assert {str(merge) for merge in page.merged_cells.ranges} == {
        "D5:D6",
        "C2:D2",
        "C3:D3",
        "C4:D4",
    }
    assert [page.row_dimensions[row].height for row in range(1, 6)] == [None, 33, 33, 33, 44]
    assert [page[f"B{row}"].number_format for row in (2, 3, 4)] == ["0.00"] * 3
    assert page["A6"].hyperlink.target == "https://example.invalid/"
    assert {page[f"A{n}"].hyperlink.target for n in (2, 3, 4)} == {"https://example.invalid/u"}
    assert page["A5"].comment.text == "合计的说明"
    rules = {
        str(area.sqref): [rule.formula[0] for rule in rules]
        for area, rules in page.conditional_formatting._cf_rules.items()
    }
    assert rules == {"B2:B4": ["$B2>2"], "B5": ["B5<SUM($B$2:$B$4)"]}
    (listed,) = page.data_validations.dataValidation
    assert (str(listed.sqref), listed.formula1) == ("C2:C4 C5", "$A$2:$A$4")
    assert page.print_area == "'附表'!$A$1:$D$6"
    assert [brk.id for brk in page.row_breaks.brk] == [2, 3, 4, 5]
    assert page.auto_filter.ref == "A1:B4"
    assert made.defined_names["全部"].attr_text == "附表!$B$2:$B$4"
    assert [made["汇总"][name].value for name in ("A1", "A2")] == ["=附表!B5", "=MAX(附表!B2:B4)"]


def test_rows_and_what_hangs_on_them_move_up_where_a_list_is_short():
    page = filled(dressed(), one_loop(1))["附表"]
    assert {str(merge) for merge in page.merged_cells.ranges} == {"D3:D4", "C2:D2"}
    assert page["B3"].value == "=SUM(B2:B2)"


def test_a_drawing_below_moves_and_a_chart_takes_in_the_rows_with_their_values():
    data = WorkbookTemplate(saved(dressed()), "x").fill(one_loop(5)).data
    chart = openpyxl.load_workbook(io.BytesIO(data))["附表"]._charts[0]
    assert chart.anchor._from.row == 7 - 2 + 4
    assert "'附表'!$B$2:$B$6" in part(data, "xl/charts/chart1.xml")
    assert "'附表'!$A$2:$A$6" in part(data, "xl/charts/chart1.xml")


def test_an_excel_table_grows():
    book = drawn(ONE_LOOP)
    book.active.add_table(Table(displayName="完成表", ref="A1:B3"))
    data = WorkbookTemplate(saved(book), "x").fill(one_loop(4)).data
    table = openpyxl.load_workbook(io.BytesIO(data)).active.tables["完成表"]
    assert (table.ref, table.autoFilter.ref) == ("A1:B5", "A1:B5")


def test_headers_and_footers_are_filled():
    book = drawn("x")
    book.active.oddFooter.center.text = "{{ 期间 }} &P"
    data = WorkbookTemplate(saved(book), "x").fill({"期间": "甲&乙"}).data
    assert "&amp;C甲&amp;&amp;乙 &amp;P" in part(data, "xl/worksheets/sheet1.xml")


def test_formulas_shared_between_cells_are_written_out_for_each():
    source = saved(drawn("{{ 期间 }} | 1\n2 | 3"))
    shared = '<c r="C1"><f t="shared" ref="C1:C2" si="0">A1+$B1</f><v>9</v></c>'
    again = '<c r="C2"><f t="shared" si="0"/><v>9</v></c>'
    sheet = part(source, "xl/worksheets/sheet1.xml")
    sheet = sheet.replace("</row>", shared + "</row>", 1)
    head, _, tail = sheet.rpartition("</row>")
    source = replaced(source, "xl/worksheets/sheet1.xml", head + again + "</row>" + tail)
    data = WorkbookTemplate(source, "x").fill({"期间": "甲"}).data
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [page["C1"].value, page["C2"].value] == ["=A1+$B1", "=A2+$B2"]


def replaced(data, name, text):
    """The package with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for member in source.namelist():
            target.writestr(member, text if member == name else source.read(member))
    return made.getvalue()


# The package


def test_parts_without_tags_stay_byte_for_byte_and_the_same_fields_give_the_same_bytes():
    book = dressed()
    book.create_sheet("说明")["A1"] = "不动"
    source = saved(book)
    made = WorkbookTemplate(source, "模板.xlsx")
    first = made.fill(one_loop(3)).data
    assert made.fill(one_loop(3)).data == first
    before, after = (zipfile.ZipFile(io.BytesIO(data)) for data in (source, first))
    assert before.namelist() == after.namelist()
    changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert {"xl/worksheets/sheet3.xml", "xl/styles.xml", "[Content_Types].xml"}.isdisjoint(changed)
    assert "xl/worksheets/sheet1.xml" in changed


def test_no_tag_is_left_anywhere_in_a_filled_workbook():
    data = WorkbookTemplate(saved(dressed()), "x").fill(one_loop(2)).data
    package = zipfile.ZipFile(io.BytesIO(data))
    assert not [name for name in package.namelist() if b"{%" in package.read(name)]


def test_figures_that_the_template_had_calculated_are_gone_and_will_be_calculated_anew():
    data = WorkbookTemplate(saved(dressed()), "x").fill(one_loop(2)).data
    assert 'fullCalcOnLoad="1"' in part(data, "xl/workbook.xml")
    assert "<v>" not in part(data, "xl/worksheets/sheet2.xml")
