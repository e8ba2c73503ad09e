"""Single cells and new rows in a sheet of somebody's workbook; everything else byte for byte."""

import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.worksheet.table import Table, TableColumn
from support.fidelity import changed_members, check_consistent
from support.office import recalculated
from support.zips import ODD, contents, packed, parts, sheet

from xlplan.diagnostics import RequestError
from xlplan.package import AddRows, SetCell, refusals, undo, write_edits
from xlplan.package.splice import splice
from xlplan.sheets.description import CellSpec, Sheet

SHEET1 = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def _state_elsewhere(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))


def edited(data, *edits):
    out = io.BytesIO()
    splice(data, (), out, edits)
    return out.getvalue()


def values(data, name="台账", *, calculated=False):
    held = openpyxl.load_workbook(io.BytesIO(data), data_only=calculated)
    rows = held[name].iter_rows(values_only=True)
    return [list(row) for row in rows]


def ledger(change=None):
    """A small ledger of a clerk's: heads in row 3, two projects, formulas, formats, a filter."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "台账"
    page["A1"] = "项目台账"
    page.merge_cells("A1:E1")
    page.append([])
    page.append(["编号", "名称", "金额", "日期", "倍"])
    page.append(["P1", "甲厂", 1.5, date(2021, 3, 1), "=C4*2"])
    page.append(["P2", "乙厂", 2, date(2021, 4, 1), "=C5*2+$C$4"])
    page["D4"].number_format = page["D5"].number_format = "yyyy-mm-dd"
    page["C5"].font = openpyxl.styles.Font(bold=True)
    page.row_dimensions[5].height = 33
    page.auto_filter.ref = "A3:E5"
    rule = openpyxl.worksheet.datavalidation.DataValidation("list", formula1='"甲厂,乙厂"')
    rule.add("B4:B5")
    rule.add("G4:G5")
    page.add_data_validation(rule)
    red = openpyxl.formatting.rule.CellIsRule("greaterThan", ["9"])
    page.conditional_formatting.add("C4:C5", red)
    page.print_area = "A1:E5"
    book.create_sheet("别处")["A1"] = "='台账'!C4"
    if change:
        change(page, book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


NEW = AddRows("台账", 6, (1, 5), ({1: "P3", 2: "丙厂", 3: 0.25, 4: date(2021, 5, 1)},), like=5)


def test_a_cell_gets_another_value_and_keeps_its_look():
    data = ledger()
    after = edited(data, SetCell("台账", 4, 3, 7.25), SetCell("台账", 4, 2, "甲二厂"))
    assert values(after)[3] == ["P1", "甲二厂", 7.25, *values(data)[3][3:]]
    assert changed_members(data, after) == {SHEET1}


def test_text_is_only_ever_text():
    after = edited(ledger(), SetCell("台账", 4, 2, "=1+1"), SetCell("台账", 4, 1, "007"))
    part = contents(after)[SHEET1].decode()
    assert '<c r="B4" t="inlineStr"><is><t>=1+1</t></is></c>' in part
    assert "<t>007</t>" in part


def test_a_cell_that_is_emptied_keeps_its_look():
    data = ledger()
    after = edited(data, SetCell("台账", 5, 3, None))
    assert values(after)[4][2] is None
    book = openpyxl.load_workbook(io.BytesIO(after))
    assert book["台账"]["C5"].font.bold


def test_a_day_in_a_general_cell_shows_as_a_day_and_a_number_in_a_days_cell_as_a_number():
    after = edited(ledger(), SetCell("台账", 4, 3, date(2021, 9, 30)), SetCell("台账", 4, 4, 12.5))
    page = openpyxl.load_workbook(io.BytesIO(after))["台账"]
    assert page["C4"].value.date() == date(2021, 9, 30)
    assert (page["D4"].value, page["D4"].number_format) == (12.5, "General")
    assert page["C5"].font.bold
    check_consistent(after)


def test_an_edit_that_changes_nothing_a_second_time():
    once = edited(ledger(), SetCell("台账", 4, 2, "甲二厂"))
    assert edited(once, SetCell("台账", 4, 2, "甲二厂")) == once


def test_a_cell_that_is_not_there_comes_in_its_place():
    after = edited(ledger(), SetCell("台账", 4, 9, "远"), SetCell("台账", 30, 2, "低"))
    assert values(after)[3][8] == "远"
    assert values(after)[29][1] == "低"
    assert b'<dimension ref="A1:I30"/>' in contents(after)[SHEET1]


def test_a_new_row_is_dressed_like_the_last_and_carries_its_formula_on():
    data = ledger()
    after = edited(data, NEW)
    page = openpyxl.load_workbook(io.BytesIO(after))["台账"]
    assert [cell.value for cell in page[6]][:3] == ["P3", "丙厂", 0.25]
    assert page["E6"].value == "=C6*2+$C$4"
    assert page["C6"].font.bold
    assert page["D6"].number_format == "yyyy-mm-dd"
    assert page.row_dimensions[6].height == 33
    assert values(after)[:5] == values(data)[:5]
    assert changed_members(data, after) == {SHEET1, "xl/workbook.xml"}
    check_consistent(after)


def test_what_ended_with_the_table_grows_with_it_and_nothing_else():
    page = openpyxl.load_workbook(io.BytesIO(edited(ledger(), NEW)))["台账"]
    assert page.auto_filter.ref == "A3:E6"
    assert str(page.data_validations.dataValidation[0].sqref) == "B4:B6 G4:G5"
    assert [str(found.sqref) for found in page.conditional_formatting] == ["C4:C6"]
    assert page.print_area == "'台账'!$A$1:$E$6"


def test_drop_downs_of_excel_2010_grow_too():
    uris = "http://schemas.microsoft.com/office"
    choice = (
        f'<extLst><ext xmlns:x14="{uris}/spreadsheetml/2009/9/main" uri="{{x}}">'
        f'<x14:dataValidations xmlns:xm="{uris}/excel/2006/main" count="1">'
        "<x14:dataValidation><xm:sqref>A2:A2 C2:C2 A9:A9</xm:sqref></x14:dataValidation>"
        "</x14:dataValidations></ext></extLst>"
    )
    rows = '<row r="2"><c r="A2"><v>1</v></c></row>'
    data = packed(parts(ledger=sheet(rows, after=choice)))
    after = edited(data, AddRows("台账", 3, (1, 2), ({1: 5},), like=2))
    assert b"<xm:sqref>A2:A3 C2:C2 A9:A9</xm:sqref>" in contents(after)[SHEET1]


def test_prepared_rows_are_filled_as_they_lie():
    def prepared(page, _):
        for row in (6, 7):
            page.cell(row, 3).number_format = "0.00"
            page.row_dimensions[row].height = 20

    data = ledger(prepared)
    after = edited(data, NEW)
    page = openpyxl.load_workbook(io.BytesIO(after))["台账"]
    assert (page["C6"].value, page["C6"].number_format) == (0.25, "0.00")
    assert page.row_dimensions[6].height == 20
    assert page["C7"].number_format == "0.00"


def test_a_hidden_row_that_is_filled_is_shown():
    def hidden(page, _):
        page.cell(6, 3).number_format = "0.00"
        page.row_dimensions[6].hidden = True

    after = edited(ledger(hidden), NEW)
    assert not openpyxl.load_workbook(io.BytesIO(after))["台账"].row_dimensions[6].hidden


def table(page, _):
    page.auto_filter.ref = None
    made = Table(displayName="表一", ref="A3:E5")
    page.add_table(made)


def test_a_table_of_excels_takes_the_row_in():
    data = ledger(table)
    after = edited(data, NEW)
    held = openpyxl.load_workbook(io.BytesIO(after))["台账"].tables["表一"]
    assert (held.ref, held.autoFilter.ref) == ("A3:E6", "A3:E6")
    assert changed_members(data, after) == {SHEET1, "xl/workbook.xml", "xl/tables/table1.xml"}


def protected(page, _):
    page.protection.sheet = True
    page["C4"].protection = openpyxl.styles.Protection(locked=False)


def array(page, _):
    page["H4"] = openpyxl.worksheet.formula.ArrayFormula("H4:H6", "=C4:C6")


def totals(page, _):
    table(page, _)
    held = page.tables["表一"]
    held.totalsRowCount = 1
    held.tableColumns = [TableColumn(id=n, name=head) for n, head in enumerate("编名金日倍", 1)]


REFUSED = {
    "a formula": (SetCell("台账", 4, 5, 1), "公式", ledger),
    "an array": (SetCell("台账", 5, 8, 1), "数组", lambda: ledger(array)),
    "inside a merged area": (SetCell("台账", 1, 2, "x"), "合并", ledger),
    "a merged area of several rows": (
        SetCell("台账", 4, 1, "x"),
        "合并",
        lambda: ledger(lambda page, _: page.merge_cells("A4:A5")),
    ),
    "a locked cell": (SetCell("台账", 4, 2, "x"), "保护", lambda: ledger(protected)),
    "a table's head": (SetCell("台账", 3, 2, "x"), "标题行", lambda: ledger(table)),
    "a table's totals": (SetCell("台账", 5, 2, "x"), "汇总行", lambda: ledger(totals)),
    "no such sheet": (SetCell("没有", 1, 1, "x"), "没有这张", ledger),
    "beyond the last column": (SetCell("台账", 1, 16_385, "x"), "超出", ledger),
    "a row that is taken": (
        NEW,
        "已有内容",
        lambda: ledger(lambda page, _: page.cell(6, 1, "合计")),
    ),
    "a new row in a merged area": (
        NEW,
        "合并",
        lambda: ledger(lambda page, _: page.merge_cells("A6:B7")),
    ),
    "new rows on a protected sheet": (NEW, "保护", lambda: ledger(protected)),
}


@pytest.mark.parametrize(("edit", "reason", "data"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_go_without_harm_is_refused_with_the_reason(edit, reason, data, tmp_path):
    path, whole = tmp_path / "台账.xlsx", data()
    path.write_bytes(whole)
    (refusal,) = refusals(path, [edit, SetCell("别处", 20, 7, "好")])
    assert refusal.edit is edit
    assert reason in refusal.reason
    with pytest.raises(RequestError, match="XP711"):
        write_edits(path, [edit])
    assert path.read_bytes() == whole


def test_an_unlocked_cell_of_a_protected_sheet_is_written():
    assert values(edited(ledger(protected), SetCell("台账", 4, 3, 9)))[3][2] == 9


def test_a_formula_gives_way_when_that_is_asked_and_the_chain_of_calculation_goes():
    data = ledger()
    after = edited(data, SetCell("台账", 4, 5, 8, over_formula=True))
    assert values(after)[3][4] == 8


def test_a_shared_formula_is_carried_on_and_its_source_never_overwritten(tmp_path):
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B2" si="0">A1*2</f></c>'
        '</row><row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/></c></row>'
    )
    data = packed(parts(ledger=sheet(rows)))
    after = edited(data, AddRows("台账", 3, (1, 2), ({1: 3},), like=2))
    assert '<c r="B3"><f>A3*2</f></c>' in contents(after)[SHEET1].decode()
    path = tmp_path / "台账.xlsx"
    path.write_bytes(data)
    over = [SetCell("台账", row, 2, 5, over_formula=True) for row in (1, 2)]
    assert [found.edit for found in refusals(path, over)] == over[:1]


@pytest.mark.parametrize("name", ODD)
def test_odd_books_take_edits_and_keep_all_else(name):
    data = packed(ODD[name])
    edits = (SetCell("台账", 1, 2, 7), SetCell("台账", 4, 1, "新"))
    once = edited(data, *edits)
    assert edited(once, *edits) == once
    parts_changed = {part for part in changed_members(data, once) if "sheet" not in part}
    assert {part.lower() for part in parts_changed} <= {"xl/workbook.xml", "book/workbook.xml"}
    shown = openpyxl_or_none(once)
    if shown is not None:
        assert (shown["B1"].value, shown["A4"].value) == (7, "新")


def openpyxl_or_none(data):
    """The sheet as openpyxl reads it, where openpyxl reads such books at all."""
    try:
        return openpyxl.load_workbook(io.BytesIO(data))["台账"]
    except Exception:  # noqa: BLE001 - whatever stops openpyxl is an answer
        return None


def test_edits_and_sheets_are_one_step_that_undo_takes_back(tmp_path):
    path, data = tmp_path / "台账.xlsx", ledger()
    path.write_bytes(data)
    note = Sheet("变更记录", cells=(CellSpec(1, 1, "改了一格"),))
    written = write_edits(path, [SetCell("台账", 4, 3, 9), NEW], [note])
    assert written.changed
    assert written.added == ("变更记录",)
    assert any("重算" in note for note in written.notes)
    assert values(path.read_bytes())[3][2] == 9
    undo(path)
    assert path.read_bytes() == data


def test_a_file_that_changed_since_it_was_read_is_left_alone(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger())
    with pytest.raises(RequestError, match="XP015"):
        write_edits(path, [SetCell("台账", 4, 3, 9)], source_digest="0" * 64)


def test_rows_out_of_order_are_damage():
    rows = '<row r="5"><c r="A5"><v>1</v></c></row><row r="2"/>'
    with pytest.raises(RequestError, match="XP004"):
        edited(packed(parts(ledger=sheet(rows))), SetCell("台账", 5, 1, 2))


def test_comments_between_rows_are_no_rows():
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row><!-- <row r="2"><c r="A2"/></row> -->'
        '<row r="3" spans="1:1"><c r="A3"><v>3</v></c></row>'
    )
    data = packed(parts(ledger=sheet(rows)))
    part = contents(edited(data, SetCell("台账", 3, 2, 4), SetCell("台账", 2, 1, 9)))[SHEET1]
    assert b'<row r="3" spans="1:2"><c r="A3"><v>3</v></c><c r="B3"><v>4</v></c></row>' in part
    assert part.index(b'<row r="2"><c r="A2"><v>9</v>') < part.index(b'<row r="3"')


def test_the_chain_of_calculation_goes_only_when_formulas_come_or_go():
    data = _chained()
    kept = edited(data, SetCell("台账", 4, 3, 9))
    gone = edited(data, SetCell("台账", 4, 5, 9, over_formula=True))
    names = [set(zipfile.ZipFile(io.BytesIO(one)).namelist()) for one in (kept, gone)]
    assert ["xl/calcChain.xml" in found for found in names] == [True, False]
    assert not re.search(rb"calcChain", contents(gone)["[Content_Types].xml"])


def _chained():
    """The ledger with a chain of calculation, which openpyxl does not write."""
    book = contents(ledger())
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="calcChain.xml"/></Relationships>'
    rels = book["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", link.encode())
    override = (
        b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.calcChain+xml"/></Types>'
    )
    chain = (
        b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<c r="E4" i="1"/><c r="E5" i="1"/></calcChain>'
    )
    types = book["[Content_Types].xml"].replace(b"</Types>", override)
    return packed(
        book
        | {
            "xl/_rels/workbook.xml.rels": rels,
            "[Content_Types].xml": types,
            "xl/calcChain.xml": chain,
        }
    )


@pytest.mark.office
def test_libreoffice_calculates_what_was_carried_on(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(edited(ledger(), NEW, SetCell("台账", 4, 3, 10)))
    shown = values(recalculated(path).read_bytes(), calculated=True)
    assert [row[4] for row in shown[3:6]] == [20, 14, 10.5]
