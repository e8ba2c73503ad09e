"""Opening workbooks: what a file really is, what is refused, what sheets say beyond values."""

import hashlib
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from support.grids import book, write

from xlplan.diagnostics import RequestError
from xlplan.files import open_workbook
from xlplan.files.facts import scan, too_sparse
from xlplan.package import new_workbook
from xlplan.sheets.description import CellSpec, Sheet

MAIN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


@pytest.fixture
def sample(tmp_path):
    return write(book("== 表一 ==\n甲 | 1\n乙 | 2021-07-10"), tmp_path / "样本.xlsx")


def read_all(path):
    opened = open_workbook(path)
    return [opened.grid(name) for name in opened.sheet_names()]


def refusal(path):
    with pytest.raises(RequestError) as caught:
        read_all(path)
    assert "\n" not in caught.value.line()
    return caught.value.kind.code


def rezipped(source, target, change):
    """The same workbook with the parts that `change` gives for the old ones."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


NOT_WORKBOOKS = {
    "空文件": (b"", "XP002", "0 字节"),
    "空字节": (bytes(100), "XP002", "空字节"),
    "网页": ("<html><table><tr><td>单位</td></tr></table>".encode("gbk"), "XP002", "HTML"),
    "网页大写": (b"\xef\xbb\xbf<HTML><TABLE>", "XP002", "HTML"),
    "文本": ("单位,金额\n甲,1\n".encode("gbk"), "XP002", "CSV"),
    "网页存档": (b"MIME-Version: 1.0\n", "XP002", "MHTML"),
    "二〇〇三": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "XP002",
        "XML",
    ),
    "便携文档": (b"%PDF-1.7", "XP002", "PDF"),
    "乱码": (bytes(range(256)) * 4, "XP002", "不是已知"),
    "加密": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"),
        "XP003",
        "密码",
    ),
    "旧文档": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le"),
        "XP002",
        "Word",
    ),
    "半个压缩包": (b"PK\x03\x04" + bytes(60), "XP004", "不完整"),
}


@pytest.mark.parametrize("name", NOT_WORKBOOKS)
def test_what_is_no_workbook_is_named_for_what_it_is(tmp_path, name):
    data, code, words = NOT_WORKBOOKS[name]
    path = tmp_path / "伪装.xlsx"
    path.write_bytes(data)
    with pytest.raises(RequestError, match=words) as caught:
        open_workbook(path)
    assert caught.value.kind.code == code


def test_no_such_file_and_a_folder_have_lines_of_their_own(tmp_path):
    assert refusal(tmp_path / "没有.xlsx") == "XP001"
    assert refusal(tmp_path / ("很长" * 200 + ".xlsx")) in ("XP001", "XP006")
    assert refusal(Path("a\0b.xlsx")) == "XP001"
    assert refusal(tmp_path) == "XP007"


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "管道.xlsx")
    assert refusal(tmp_path / "管道.xlsx") == "XP002"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(sample):
    sample.chmod(0)
    assert refusal(sample) == "XP006"


def test_a_file_that_excel_has_open_can_be_read(sample):
    sample.with_name(f"~${sample.name}").write_bytes(b"x")
    assert open_workbook(sample).sheet_names() == ["表一"]


def test_the_digest_is_of_the_bytes_as_read(sample):
    assert open_workbook(sample).digest == hashlib.sha256(sample.read_bytes()).hexdigest()


def test_a_sheet_that_does_not_exist_is_a_key_error(sample):
    with pytest.raises(KeyError):
        open_workbook(sample).grid("没有")


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.95])
def test_a_truncated_file_is_damaged(sample, kept):
    data = sample.read_bytes()
    sample.write_bytes(data[: int(len(data) * kept)])
    assert refusal(sample) == "XP004"


def test_a_part_with_a_wrong_checksum_is_damaged(sample):
    data = bytearray(sample.read_bytes())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        offset = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
        length = archive.getinfo("xl/worksheets/sheet1.xml").compress_size
    for at in range(offset + 60, offset + 60 + length // 2):
        data[at] ^= 0xFF
    sample.write_bytes(data)
    assert refusal(sample) == "XP004"


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "[Content_Types].xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_that_declares_entities_is_refused(sample, tmp_path, part, encoding):
    def poisoned(name, data):
        if name != part:
            return data
        text = data.decode()
        body = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
        return f'<?xml version="1.0"?>{ENTITIES.decode()}{body}'.encode(encoding)

    assert refusal(rezipped(sample, tmp_path / "实体.xlsx", poisoned)) == "XP008"


def test_a_zip_bomb_is_refused_by_what_its_directory_claims(sample, tmp_path):
    bomb = rezipped(
        sample,
        tmp_path / "炸弹.xlsx",
        lambda name, data: bytes(50_000_000) if name == "xl/styles.xml" else data,
    )
    assert refusal(bomb) == "XP008"


def test_a_zip_bomb_that_lies_about_its_size_is_refused(sample, tmp_path):
    path = rezipped(
        sample,
        tmp_path / "说谎.xlsx",
        lambda name, data: b"<a>" * 3_000_000 if name == "xl/styles.xml" else data,
    )
    data, honest = path.read_bytes(), struct.pack("<L", 9_000_000)
    crc = struct.pack("<L", zlib.crc32(b"<a>" * 3_000_000))
    lie = struct.pack("<L", 900), struct.pack("<L", zlib.crc32(b"<a>" * 300))
    path.write_bytes(data.replace(honest, lie[0]).replace(crc, lie[1]))
    assert refusal(path) == "XP008"


def test_too_many_members_are_refused(tmp_path):
    path = tmp_path / "多.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"{number}", b"")
    assert refusal(path) == "XP008"


def test_two_parts_of_one_name_are_refused(sample):
    with zipfile.ZipFile(sample, "a") as archive:
        archive.writestr("XL/workbook.xml", b"<x/>")
    assert refusal(sample) == "XP008"


def test_a_zip_of_something_else_is_named(tmp_path):
    path = tmp_path / "文档.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    assert refusal(path) == "XP002"


def test_a_sheet_whose_part_is_missing_is_damaged(sample, tmp_path):
    target = tmp_path / "缺.xlsx"
    with zipfile.ZipFile(sample) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
    assert refusal(target) == "XP004"


def test_a_stray_cell_in_the_last_corner_is_refused_instead_of_filling_memory(tmp_path):
    path = tmp_path / "远.xlsx"
    out = openpyxl.Workbook()
    out.active["A1"], out.active["XFD1048576"] = 1, 1
    out.save(path)
    assert refusal(path) == "XP008"


def test_a_wide_sheet_and_a_long_sheet_are_not_too_sparse():
    wide = MAIN + b'<sheetData><row r="5"><c r="XFD5"><v>1</v></c></row></sheetData></worksheet>'
    long = (
        MAIN + b'<sheetData><row r="1048576"><c r="Z9"><v>1</v></c></row></sheetData></worksheet>'
    )
    corner = long.replace(b"Z9", b"CA9")
    assert (too_sparse(wide), too_sparse(long), too_sparse(corner)) == (False, False, True)


def test_a_sheet_says_what_is_hidden_uncached_and_wrong(tmp_path):
    text = """
    == 表一 ==
    头甲 | 头乙
    (hidden) 1 | =?
    2 | #N/A
    == 藏 == hidden
    1
    """
    opened = open_workbook(write(book(text), tmp_path / "事实.xlsx"))
    grid = opened.grid("表一")
    assert grid.hidden_rows == {2}
    assert grid.uncached == {(2, 2)}
    assert grid.errors == (((3, 2), "#N/A"),)
    assert (grid.visible, opened.grid("藏").visible) == (True, False)


def test_rows_that_a_filter_hides_are_told_from_rows_hidden_by_hand(tmp_path):
    path = write(book("== 表 ==\n头\n(filtered) 1\n2"), tmp_path / "筛选.xlsx")
    grid = open_workbook(path).grid("表")
    assert (grid.hidden_rows, grid.filtered_rows) == (frozenset(), {2})


CELLS = {
    "saved number": (b'<c r="B2"><f>A1</f><v>1</v></c>', set()),
    "saved empty text": (b'<c r="B2" t="str"><f>A1</f><v></v></c>', set()),
    "no value": (b'<c r="B2"><f>A1</f></c>', {(2, 2)}),
    "empty value": (b'<c r="B2"><f>A1</f><v/></c>', {(2, 2)}),
    "shared, no value": (b'<c r="B2"><f t="shared" si="0"/></c>', {(2, 2)}),
    "shared, saved": (b'<c r="B2"><f t="shared" si="0"/><v>3</v></c>', set()),
    "plain": (b'<c r="B2"><v>3</v></c>', set()),
}


@pytest.mark.parametrize("prefix", [b"", b"x:"])
@pytest.mark.parametrize("name", CELLS)
def test_a_formula_without_a_saved_result_is_told_from_one_with(name, prefix):
    cell, expected = CELLS[name]
    part = b'<sheetData><row r="2">' + cell + b"</row></sheetData>"
    part = part.replace(b"</", b"\0").replace(b"<", b"<" + prefix).replace(b"\0", b"</" + prefix)
    assert scan(part).uncached == expected


def test_a_grid_begins_where_the_sheet_is_used(tmp_path):
    out = openpyxl.Workbook()
    out.active["C5"] = "甲"
    out.save(tmp_path / "偏.xlsx")
    grid = open_workbook(tmp_path / "偏.xlsx").grid("Sheet")
    assert (grid.first_row, grid.first_column, grid.at(5, 3), grid.at(1, 1)) == (5, 3, "甲", None)


def test_a_million_formatted_empty_rows_leave_only_the_filled_ones(tmp_path):
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 200_000))

    def bloated(name, data):
        return data.replace(b"</sheetData>", rows + b"</sheetData>") if "sheet1" in name else data

    plain = write(book("== 表一 ==\n甲\n乙"), tmp_path / "小.xlsx")
    grid = open_workbook(rezipped(plain, tmp_path / "大.xlsx", bloated)).grid("表一")
    assert len(grid.rows) == 2


def test_chart_sheets_are_no_sheets_of_cells(tmp_path):
    out = openpyxl.Workbook()
    out.create_chartsheet("图")
    out.save(tmp_path / "图.xlsx")
    assert open_workbook(tmp_path / "图.xlsx").sheet_names() == ["Sheet"]


FIRST_CELLS = {
    "a title": "招商组情况",
    "an ampersand": "甲&乙",
    "two lines": "甲\n乙",
    "a number": 3.5,
}


@pytest.mark.parametrize("value", FIRST_CELLS.values(), ids=FIRST_CELLS.keys())
@pytest.mark.parametrize("by", ["us", "openpyxl"])
def test_the_first_cell_is_the_same_with_and_without_the_rest_of_its_sheet(tmp_path, value, by):
    path = tmp_path / "一.xlsx"
    if by == "us":
        new_workbook(path, [Sheet("表", (CellSpec(1, 1, value), CellSpec(2, 1, "下")))])
    else:
        made = openpyxl.Workbook()
        made.active["A1"], made.active.title = value, "表"
        made.save(path)
    opened = open_workbook(path)
    assert opened.title("表") == value
    assert opened.grid("表").at(1, 1) == value
    with pytest.raises(KeyError):
        opened.title("没有")


def test_a_sheet_as_we_write_it_is_not_loaded_for_its_first_cell(tmp_path, monkeypatch):
    path = tmp_path / "一.xlsx"
    new_workbook(path, [Sheet("表", (CellSpec(1, 1, "招商组情况（自动计算）"),))])
    opened = open_workbook(path)
    monkeypatch.setattr(opened, "_read", None)
    assert opened.title("表") == "招商组情况（自动计算）"


def test_cells_that_were_forgotten_are_read_again(sample):
    opened = open_workbook(sample)
    first = opened.grid("表一")
    opened.forget()
    assert opened.grid("表一") == first
    assert opened.grid("表一") is not first
