"""The formats besides .xlsx say as much of their sheets, whatever the file is called."""

import os
import shutil

import pytest
from support.binary_books import write_xlsb
from support.grids import book, write
from support.office import convert

from xlplan.diagnostics import RequestError
from xlplan.files import open_workbook
from xlplan.policy import load_policy
from xlplan.tables import read_ledger
from xlplan.tables.grid import Span

TEXT = """
== 项目台账 ==
2021年项目台账（单位：万元） | < | < | < | < | <
项目编号 | 责任单位 | < | 来源 | 投资额 | 协议资金
^ | 牵头 | 配合 | ^ | ^ | ^
P001 | 区教委 | | 市外 | 20000 | 10000
(hidden) P002 | ^ | | 市外 | 20000 | #N/A
P003 | 区财政局 | | 市外 | 20000 | #DIV/0!
"""


@pytest.mark.office
@pytest.mark.parametrize("form", ["xls", "ods"])
def test_other_formats_are_read_as_the_xlsx_is(tmp_path, form):
    source = write(book(TEXT), tmp_path / "台账.xlsx")
    converted = convert(source, form, tmp_path)
    one, other = (open_workbook(path).grid("项目台账") for path in (source, converted))
    assert other.rows == one.rows
    assert set(other.merged) == set(one.merged)
    assert (other.hidden_rows, other.errors) == (one.hidden_rows, one.errors)
    policy = load_policy("fuling-2021")
    said = [
        [(found.code, str(found.place)) for found in read_ledger(opened, policy).diagnostics]
        for opened in map(open_workbook, (source, converted))
    ]
    places = [[item for item in found if item[0] != "XP207"] for found in said]
    assert places[0] == places[1]


@pytest.mark.office
def test_an_old_workbook_under_a_new_name_is_read_as_what_it_is(tmp_path):
    source = write(book(TEXT), tmp_path / "台账.xlsx")
    disguised = tmp_path / "伪装.xlsx"
    shutil.copy(convert(source, "xls", tmp_path), disguised)
    opened = open_workbook(disguised)
    assert (opened.form, opened.form_differs) == ("xls", True)
    assert opened.grid("项目台账").at(4, 1) == "P001"


def test_a_binary_workbook_is_read_with_its_errors_and_hidden_rows(tmp_path):
    rows = [["项目编号", "协议资金(亿元)"], ["P001", 1.5], ["P002", "#N/A"]]
    opened = open_workbook(write_xlsb(tmp_path / "二进制.xlsb", "台账", rows, hidden=[3]))
    grid = opened.grid("台账")
    assert (opened.form, opened.form_differs) == ("xlsb", False)
    assert grid.rows == [["项目编号", "协议资金(亿元)"], ["P001", 1.5], ["P002", ""]]
    assert (grid.errors, grid.hidden_rows) == ((((3, 2), "#N/A"),), {3})


def ods(path, rows):
    import zipfile

    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="表">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<m/>")
    return path


CELL = '<table:table-cell office:value-type="float" office:value="1" {more}/>'


def test_an_open_document_tells_merged_cells_hidden_rows_and_formulas_without_results(tmp_path):
    rows = (
        "<table:table-row>"
        + CELL.format(more='table:number-columns-spanned="2"')
        + "<table:covered-table-cell/></table:table-row>"
        '<table:table-row table:visibility="filter"><table:table-cell table:formula="of:=1"/>'
        + CELL.format(more="")
        + "</table:table-row>"
    )
    grid = open_workbook(ods(tmp_path / "开放.ods", rows)).grid("表")
    assert grid.merged == (Span(1, 1, 1, 2),)
    assert (grid.filtered_rows, grid.uncached) == ({2}, {(2, 1)})


def test_an_open_document_that_repeats_a_cell_without_end_is_refused(tmp_path):
    more = 'table:number-columns-repeated="16384"'
    rows = '<table:table-row table:number-rows-repeated="1048576">'
    path = ods(tmp_path / "重复.ods", rows + CELL.format(more=more) + "</table:table-row>")
    with pytest.raises(RequestError, match="XP008"):
        open_workbook(path)


@pytest.mark.office
def test_an_old_workbook_that_claims_an_impossible_size_is_damaged(tmp_path):
    source = convert(write(book(TEXT), tmp_path / "台账.xlsx"), "xls", tmp_path)
    dimensions = b"\x00\x02\x0e\x00"
    data = bytearray(source.read_bytes())
    at = data.index(dimensions) + len(dimensions)
    data[at : at + 4] = b"\x99\x00\x00\x00"  # the first row lies below the last
    source.write_bytes(data)
    with pytest.raises(RequestError, match="XP004"):
        open_workbook(source)


def change_part(path, part, change):
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, change(data) if name == part else data)


@pytest.mark.parametrize("at", range(9, 120, 7))
def test_a_damaged_binary_sheet_is_read_or_refused_but_never_breaks(tmp_path, at):
    path = write_xlsb(tmp_path / "坏.xlsb", "表", [["甲", 1.5], ["乙", "#N/A"]])
    for value in (0x00, 0x7F, 0xFF):
        change_part(
            path,
            "xl/worksheets/sheet1.bin",
            lambda data, value=value: data[:at] + bytes([value]) + data[at + 1 :],
        )
        assert outcome(path) in ("read", "XP004", "XP008")


@pytest.mark.parametrize("length", [0, 1])
def test_a_panic_of_the_reader_prints_nothing_of_its_own(tmp_path, capfd, length):
    path = write_xlsb(tmp_path / "坏.xlsb", "表", [["甲", 1.5]])

    def cut_short(book):
        at = book.index(b"\x9c\x01") + 2  # the length of the record that names a sheet
        return book[:at] + bytes([length]) + book[at + 1 :]

    change_part(path, "xl/workbook.bin", cut_short)
    assert outcome(path) == "XP004"
    os.write(2, b"still there")
    assert capfd.readouterr() == ("", "still there")


def outcome(path):
    """Whether the only sheet was read, in reasonable room, or why it was refused."""
    try:
        grid = open_workbook(path).grid("表")
    except RequestError as refused:
        return refused.kind.code
    except KeyError:
        return "no such sheet"
    cells = len(grid.rows) * max(map(len, grid.rows), default=0)
    return "read" if cells < 10**6 else "swollen"
