"""The xlwings engine over LibreOffice, on a real LibreOffice."""

from datetime import date, datetime

import pytest
from support import live

pytestmark = pytest.mark.office


@pytest.fixture(scope="module", params=["calls gathered", "call by call"])
def app(request, office_app, office_address):
    """The office, with its own Python at hand and without."""
    if request.param == "calls gathered":
        return office_app
    return live.app_of(office_address, near=lambda context: context)


@pytest.fixture
def sheet(app):
    book = app.books.add()
    yield book.sheets.add("7月'草'稿", after=book.sheets[0])
    book.close()


KINDS = [
    ["0072", "110101199003071234", "=1+1", "'tis"],
    [1.5, -3.0, 1e21, 0.1],
    [True, False, None, "—"],
    [datetime(2021, 9, 30), datetime(2021, 9, 30, 8, 30), "园区\n二行", "㐀"],
]


def test_values_come_back_as_what_they_were(sheet):
    cells = sheet.range((3, 2), (6, 5))
    cells.number_format = "@"
    cells.number_format = "General"
    sheet.range("B3:E3").number_format = "@"
    cells.raw_value = KINDS
    expected = [list(row) for row in KINDS]
    expected[0][3] = "tis"  # the mark before a text is Excel's, not the text's
    assert cells.raw_value == expected
    assert sheet.range("B3:E3").number_format == "@"


def test_dates_get_a_format_that_shows_them_and_keep_one_that_was_chosen(sheet):
    sheet.range("A2").number_format = "0.00"
    sheet.range("A1:A2").raw_value = [[date(2021, 9, 30)], [date(2021, 9, 30)]]
    assert sheet.range("A1").number_format == "yyyy-mm-dd"
    assert sheet.range("A2").raw_value == 44469.0


def test_errors_are_errors_not_values(sheet):
    sheet.range("A1:C1").formula = [["=NA()", "=1/0", "=1+1"]]
    assert sheet.range("A1:C1").raw_value == [[-2146826246, -2146826281, 2.0]]
    assert sheet.range("A1:C1").options(err_to_str=True).value == ["#N/A", "#DIV/0!", 2.0]


def test_an_error_among_nothing_but_texts_is_still_one(sheet):
    sheet.range("A1:B1").formula = [["=NA()", "甲"]]
    assert sheet.range("A1:B1").raw_value == [[-2146826246, "甲"]]
    assert sheet.range("A1").raw_value == -2146826246


def test_formulas_are_written_and_read_as_excel_writes_them(sheet):
    name = sheet.name.replace("'", "''")
    said = f"=SUMIFS('{name}'!A1:A3,'{name}'!B1:B3,\"甲,乙\")+IF(A1>0,1,2)"
    sheet.range("D1").formula = said
    assert sheet.range("D1").formula == said
    sheet.range("A1:B1").raw_value = [[5.0, "甲,乙"]]
    assert sheet.range("D1").raw_value == 6.0


def test_empty_cells_between_texts_do_no_harm(sheet):
    sheet.range("A1:C2").raw_value = [["甲", None, "乙"], [None, None, "丙"]]
    assert sheet.range("A1:C2").raw_value == [["甲", None, "乙"], [None, None, "丙"]]


def test_fifty_thousand_rows_are_one_call_each_way(sheet):
    rows = [[f"{n:06d}", float(n), None, True] for n in range(50_000)]
    cells = sheet.range((1, 1), (50_000, 4))
    sheet.range("A1:A50000").number_format = "@"
    cells.raw_value = rows
    assert cells.raw_value == rows


def test_merged_cells_are_told_and_found(sheet):
    sheet.range("B2:D3").merge()
    assert sheet.range("B2:D3").merge_cells is True
    assert sheet.range("C3").merge_area.address == "$B$2:$D$3"
    assert sheet.range("A1:E5").merge_cells is None
    assert sheet.range("A5:E9").merge_cells is False


def test_ctrl_and_arrow_go_where_they_go_in_excel(sheet):
    sheet.range("A1:A3").raw_value = [[1.0], [2.0], [3.0]]
    sheet.range("A7").raw_value = 4.0
    assert sheet.range("A1").end("down").address == "$A$3"
    assert sheet.range("A3").end("down").address == "$A$7"
    assert sheet.range("A7").end("up").address == "$A$3"
    assert sheet.range("A1").current_region.address == "$A$1:$A$3"
    assert sheet.range("A1").expand("down").address == "$A$1:$A$3"


def test_rows_are_inserted_and_deleted(sheet):
    sheet.range("A1:A2").raw_value = [["甲"], ["乙"]]
    sheet.range("1:1").insert("down")
    assert sheet.range("A2").raw_value == "甲"
    sheet.range("1:2").delete("up")
    assert sheet.range("A1").raw_value == "乙"


def test_looks_are_given_to_several_areas_at_once(sheet):
    cells = sheet.range("A1:B2,D4")
    cells.font.name = "黑体"
    cells.font.size = 14
    cells.font.bold = True
    cells.color = "#DDEBF7"
    cells.horizontal_alignment = "center"
    for where in ("B2", "D4"):
        one = sheet.range(where)
        assert (one.font.name, one.font.size, one.font.bold) == ("黑体", 14, True)
        assert (one.color, one.horizontal_alignment) == ((221, 235, 247), "center")
    assert sheet.range("C1").font.bold is False


def test_names_are_defined_and_found(sheet):
    sheet.range("A1").raw_value = 7.0
    name = sheet.name.replace("'", "''")
    sheet.book.names.add("总数", f"='{name}'!$A$1")
    assert "总数" in sheet.book.names
    assert sheet.range("总数").raw_value == 7.0


def test_status_bar_and_calculation_are_the_applications(sheet):
    app = sheet.book.app
    app.status_bar = "正在重算"
    assert app.status_bar == "正在重算"
    app.status_bar = False
    app.calculation = "manual"
    assert app.calculation == "manual"
    app.calculation = "automatic"
    assert app.calculation == "automatic"


def test_a_workbook_with_macros_is_not_saved_by_libreoffice(sheet, tmp_path):
    from xlplan.diagnostics import RequestError

    with pytest.raises(RequestError, match="XP805"):
        sheet.book.impl.save(str(tmp_path / "带宏.xlsm"))
    assert list(tmp_path.iterdir()) == []


def test_nothing_paid_of_xlwings_is_loaded():
    import subprocess
    import sys

    code = (
        "import sys; from xlplan.excel.connecting import load_xlwings; load_xlwings();"
        "import xlplan.uno.engine, xlplan.live;"
        "print([n for n, m in sys.modules.items() if n.startswith('xlwings.pro') and m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert live.xlwings().__pro__ is False
