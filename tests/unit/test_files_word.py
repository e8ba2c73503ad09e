"""Word documents as sources of grids: tables, merges, titles, and what is no document."""

import sys
import zipfile

import pytest

from xlplan.diagnostics import RequestError
from xlplan.files import open_document
from xlplan.tables.grid import Span

docx = pytest.importorskip("docx", reason="python-docx is an extra")


@pytest.fixture
def paper():
    return docx.Document()


@pytest.fixture
def opened(paper, tmp_path):
    """Saves the paper as it then is and opens it."""

    def save_and_open():
        paper.save(tmp_path / "文件.docx")
        return open_document(tmp_path / "文件.docx")

    return save_and_open


def table(paper, text):
    """A table written with | between cells; empty cells are not given a text."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    made = paper.add_table(len(rows), len(rows[0]))
    for row, cells in zip(made.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    return made


def test_a_table_is_a_grid_below_its_title(paper, opened):
    paper.add_paragraph("（一）园区")
    paper.add_paragraph("  ")
    table(paper, "单位 | 协议资金\n甲园区 | 150")
    document = opened()
    grid = document.grid("表1")
    assert (document.name, document.sheet_names()) == ("文件.docx", ["表1"])
    assert (grid.at(1, 1), grid.at(3, 1), grid.at(4, 2)) == ("（一）园区", "单位", "150")


def test_each_table_has_the_nearest_text_above_as_its_title(paper, opened):
    for text in ("附件1", "园区"):
        paper.add_paragraph(text)
    table(paper, "甲")
    table(paper, "乙")
    paper.add_paragraph("部门")
    table(paper, "丙")
    document = opened()
    titles = [document.grid(name).at(1, 1) or "" for name in document.sheet_names()]
    assert titles == ["园区", "", "部门"]


@pytest.mark.parametrize(
    ("corners", "span", "texts"),
    [
        (((0, 0), (0, 1)), Span(3, 1, 3, 2), ["甲", "", "丙", "丁", "戊", "己"]),
        (((0, 0), (1, 0)), Span(3, 1, 4, 1), ["甲", "乙", "丙", "", "戊", "己"]),
        (((0, 1), (1, 2)), Span(3, 2, 4, 3), ["甲", "乙", "", "丁", "", ""]),
    ],
    ids=["across", "down", "both"],
)
def test_a_merged_cell_keeps_its_text_once(paper, opened, corners, span, texts):
    words = {(0, 0): "甲", (0, 1): "乙", (0, 2): "丙", (1, 0): "丁", (1, 1): "戊", (1, 2): "己"}
    made = paper.add_table(2, 3)
    (first_row, first_column), (last_row, last_column) = corners
    for (row, column), word in words.items():
        covered = first_row <= row <= last_row and first_column <= column <= last_column
        if not covered or (row, column) == corners[0]:
            made.cell(row, column).text = word
    made.cell(*corners[0]).merge(made.cell(*corners[1]))
    grid = opened().grid("表1")
    assert grid.merged == (span,)
    assert [grid.at(row, column) or "" for row in (3, 4) for column in (1, 2, 3)] == texts


def test_several_paragraphs_of_a_cell_are_lines_of_one_text(paper, opened):
    cell = paper.add_table(1, 1).cell(0, 0)
    cell.text = "重大项目"
    cell.add_paragraph("（个）")
    assert opened().grid("表1").at(3, 1) == "重大项目\n（个）"


def test_a_table_within_a_cell_is_no_table_of_the_document(paper, opened):
    outer = table(paper, "甲 | 乙")
    outer.cell(0, 1).add_table(1, 1).cell(0, 0).text = "里层"
    document = opened()
    assert document.sheet_names() == ["表1"]
    assert document.grid("表1").at(3, 2) == "乙"


def test_a_document_without_tables_has_no_sheets(paper, opened):
    paper.add_paragraph("通知")
    assert opened().sheet_names() == []


def test_a_table_that_is_not_there_is_a_key_error(opened):
    with pytest.raises(KeyError):
        opened().grid("表1")


def zipped(path, name):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"<a/>")


ENTITIES = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


def poisoned(path):
    """A document whose text declares entities."""
    docx.Document().save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["word/document.xml"]
    parts["word/document.xml"] = body.replace(b"?>", b"?>" + ENTITIES, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def truncated(path):
    docx.Document().save(path)
    path.write_bytes(path.read_bytes()[:9000])


def workbook(path):
    import openpyxl

    openpyxl.Workbook().save(path)


SEALED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
NO_DOCUMENTS = {
    "plain text": (lambda path: path.write_text("不是文档"), "XP002"),
    "zero bytes": (lambda path: path.write_bytes(b""), "XP002"),
    "a password": (lambda path: path.write_bytes(SEALED), "XP003"),
    "a zip of something else": (lambda path: zipped(path, "a.xml"), "XP002"),
    "types without a document": (lambda path: zipped(path, "[Content_Types].xml"), "XP002"),
    "a truncated document": (truncated, "XP004"),
    "an entity bomb": (poisoned, "XP008"),
    "a workbook": (workbook, "XP002"),
    "a folder": (lambda path: path.mkdir(), "XP007"),
}


@pytest.mark.parametrize("name", NO_DOCUMENTS)
def test_what_is_no_document_is_refused_in_one_line(tmp_path, name):
    path = tmp_path / "文件.docx"
    made, code = NO_DOCUMENTS[name]
    made(path)
    with pytest.raises(RequestError) as refusal:
        open_document(path)
    assert refusal.value.kind.code == code
    assert "\n" not in refusal.value.line()


def test_a_document_that_is_not_there_says_so(tmp_path):
    with pytest.raises(RequestError, match="XP001"):
        open_document(tmp_path / "没有.docx")


def test_without_python_docx_the_missing_package_is_named(tmp_path, paper, monkeypatch):
    paper.save(tmp_path / "文件.docx")
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(RequestError, match=r"XP021.*xlplan\[bulletin\]"):
        open_document(tmp_path / "文件.docx")
