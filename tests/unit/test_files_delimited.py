"""Text tables as workbooks: encodings, signs between cells, what becomes a number and what not."""

import codecs

import pytest

from xlplan.diagnostics import RequestError
from xlplan.files import Delimited, Document, Workbook, open_table

TEXT = "编号,名称,金额\n0071,白涛园区,1.5\n"


def opened(tmp_path, data, name="报送.csv"):
    path = tmp_path / name
    path.write_bytes(data)
    return open_table(path)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("gb18030"),
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        TEXT.replace(",", "\t").encode("gb18030"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace("\n", "\r\n").encode(),
    ],
    ids=["gb18030", "utf-8", "utf-8 with bom", "utf-16", "tabs", "semicolons", "crlf"],
)
def test_a_text_table_reads_the_same_in_every_encoding_and_cut(tmp_path, data):
    grid = opened(tmp_path, data).grid("报送")
    assert grid.rows == [["编号", "名称", "金额"], ["0071", "白涛园区", 1.5]]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12.0),
        ("-0.5", -0.5),
        ("007", "007"),
        ("1.50", "1.50"),
        ("91500102MA5U000000", "91500102MA5U000000"),
        ("1234567890123456", "1234567890123456"),
        ("1e5", "1e5"),
        ("=1+2", "=1+2"),
        ("+86", "+86"),
        ("@甲", "@甲"),
        ("-甲", "-甲"),
        ('"12,000"', "12,000"),
        ("nan", "nan"),
    ],
)
def test_only_what_a_spreadsheet_shows_unchanged_becomes_a_number(tmp_path, cell, value):
    grid = opened(tmp_path, f"甲,乙\n{cell},x\n".encode()).grid("报送")
    assert grid.at(2, 1) == value


def test_what_a_file_is_decides_and_not_its_name(tmp_path):
    assert isinstance(opened(tmp_path, TEXT.encode("gb18030"), "报送.xls"), Delimited)
    docx = pytest.importorskip("docx")
    docx.Document().save(tmp_path / "文件.xlsx")
    assert isinstance(open_table(tmp_path / "文件.xlsx"), Document)
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "表.csv")
    assert isinstance(open_table(tmp_path / "表.csv"), Workbook)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><table><tr><td>1,2</td></tr></table></html>", "XP002"),
        (b"", "XP002"),
        (b"%PDF-1.7,", "XP002"),
        (("甲,乙\n" * 20_000).encode("gb18030") + b"\xff", "XP002"),
        (b'a,b\n"' + b"x" * 200_000 + b'"\n', "XP004"),
    ],
    ids=["html", "empty", "pdf", "no text at its end", "an endless cell"],
)
def test_what_is_no_text_table_is_refused_with_a_reason(tmp_path, data, code):
    with pytest.raises(RequestError) as refused:
        opened(tmp_path, data, "报送.xls")
    assert refused.value.kind.code == code


def test_a_sheet_of_another_name_is_not_there(tmp_path):
    source = opened(tmp_path, TEXT.encode())
    assert (source.sheet_names(), source.name) == (["报送"], "报送.csv")
    with pytest.raises(KeyError):
        source.grid("别的")
