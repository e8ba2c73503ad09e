"""PDF by a real LibreOffice: one instance for the batch, and pages that measure as they should."""

import itertools
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from support import office

import xlplan
from xlplan import resources
from xlplan.cli import main
from xlplan.diagnostics import RequestError
from xlplan.documents import pdf

SAMPLE = resources.shelf("samples") / "fuling-2021" / "任务分解表.xlsx"
POINTS = 72 / 25.4
_LINE = re.compile(r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">')
_WORDS = re.compile(r">([^<]+)</word>")


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)
    return Path(shutil.copy(SAMPLE, tmp_path / "任务分解表.xlsx"))


def pages(path):
    """The lines of each page in millimetres: left, top, right, bottom, text."""
    html = subprocess.run(
        [shutil.which("pdftotext"), "-bbox-layout", str(path), "-"], capture_output=True, check=True
    ).stdout.decode()
    for page in html.split("<page ")[1:]:
        lines = []
        for part in page.split("<line ")[1:]:
            box = _LINE.match(f"<line {part}")
            lines.append(
                (*(float(at) / POINTS for at in box.groups()), "".join(_WORDS.findall(part)))
            )
        yield lines


def first_page(path):
    """The first page as an array of its points, five a millimetre."""
    told = [shutil.which("pdftoppm"), "-r", "127", "-f", "1", "-l", "1", str(path)]
    _, size, _, ink = subprocess.run(told, capture_output=True, check=True).stdout.split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(ink, np.uint8).reshape(height, width, 3).astype(int)


def pieces(found):
    """Where there is ink, in millimetres: left, top, right, bottom of each piece."""
    rows = np.flatnonzero(found.any(axis=1))
    for piece in np.split(rows, np.flatnonzero(np.diff(rows) > 5) + 1):
        columns = np.flatnonzero(found[piece].any(axis=0))
        yield columns[0] / 5, piece[0] / 5, (columns[-1] + 1) / 5, (piece[-1] + 1) / 5


HEAD = {
    "印发单位": "示例区招商委",
    "文号": "示招〔2021〕12号",
    "抄送": "区委办",
    "印发机关": "委办",
}


def head_measures(page):
    """The mark 35 mm below the type area's top, the rule 4 mm below the number, as wide."""
    mark, line = pieces((page[:, :, 0] > 150) & (page[:, :, 1] < 110))
    number = next(pieces(page.max(axis=2) < 110))
    assert mark[1] - 37 == pytest.approx(35, abs=1)
    for one in (mark, number):
        assert (one[0] + one[2]) / 2 == pytest.approx(28 + 156 / 2, abs=1)
    assert number[1] - mark[3] > 2 * 28.95 / POINTS
    assert (line[0], line[2]) == (pytest.approx(28, abs=0.5), pytest.approx(184, abs=0.5))
    assert line[1] - number[3] == pytest.approx(4, abs=0.8)


@pytest.mark.office
def test_the_quarterly_bulletin_measures_as_the_standard_asks(book, tmp_path):
    if not office.present() or shutil.which("pdftotext") is None:
        office.missing()
    opened = xlplan.open_book(book)
    made = xlplan.bulletin(opened, "quarterly", tmp_path / "出", pdf=True, given=HEAD)
    assert not made.failed
    paper = made.documents[0].path.with_suffix(".pdf")
    read = list(pages(paper))
    assert len(read) >= 4
    head_measures(first_page(paper))
    for number, lines in enumerate(read, 1):
        *text, foot = sorted(lines, key=lambda line: line[1])
        assert foot[4] == f"—{number}—"
        dashes = (foot[1] + foot[3]) / 2
        assert dashes - (297 - 35) == pytest.approx(7, abs=1)
        if number % 2:
            assert foot[2] == pytest.approx(210 - 26 - 14 / POINTS, abs=2)
        else:
            assert foot[0] == pytest.approx(28 + 14 / POINTS, abs=2)
        assert min(line[0] for line in text) >= 28 - 1
        assert max(line[2] for line in text) <= 210 - 26 + 1
        assert min(line[1] for line in text) >= 37 - 1
        assert max(line[3] for line in text) <= 297 - 35 + 1
    second = sorted(read[1], key=lambda line: line[1])[:-1]
    assert len(second) == 22
    apart = {round((below[1] - above[1]) * POINTS) for above, below in itertools.pairwise(second)}
    assert apart <= {28, 29, 30}


@pytest.mark.office
def test_one_instance_makes_all_pdfs_and_missing_fonts_are_said(
    book, tmp_path, capsys, monkeypatch
):
    if not office.present():
        office.missing()
    calls = []
    real = subprocess.run

    def counted(line, **given):
        calls.extend(line[:1] if "--convert-to" in line else [])
        return real(line, **given)

    monkeypatch.setattr(pdf.subprocess, "run", counted)
    monkeypatch.setattr("xlplan.gbt9704.fonts.installed_fonts", lambda: frozenset({"黑体"}))
    folder = tmp_path / "出"
    arguments = ["bulletin", str(book), "--template", "unit-statement", "--per-unit", "--pdf"]
    main([*arguments, "--out", str(folder)])
    said = capsys.readouterr().out
    assert len(list(folder.glob("*.docx"))) == len(list(folder.glob("*.pdf"))) == 22
    assert len(calls) == 1
    assert all(path.read_bytes().startswith(b"%PDF") for path in folder.glob("*.pdf"))
    assert "仿宋_GB2312" in said
    assert "黑体、" not in said
    assert not [path for path in folder.iterdir() if path.suffix not in (".docx", ".pdf")]


def test_without_libreoffice_nothing_is_written(book, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: None)
    monkeypatch.setattr(pdf, "_USUAL", ())
    with pytest.raises(RequestError, match="XP867"):
        xlplan.bulletin(xlplan.open_book(book), "quarterly", tmp_path / "出", pdf=True)
    assert not (tmp_path / "出").exists()


def test_a_pdf_that_is_there_already_is_kept_unless_asked(book, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: "/nowhere/soffice")
    folder = tmp_path / "出"
    folder.mkdir()
    (folder / "2021年涪陵区季通报.pdf").write_bytes(b"mine")
    with pytest.raises(RequestError, match="XP859"):
        xlplan.bulletin(xlplan.open_book(book), "quarterly", folder, pdf=True)
    assert [path.name for path in folder.iterdir()] == ["2021年涪陵区季通报.pdf"]


def test_an_office_that_does_not_start_leaves_the_document_and_says_so(book, tmp_path, monkeypatch):
    monkeypatch.setattr("xlplan.app.bulletin.find_office", lambda: Path("/nowhere/soffice"))
    made = xlplan.bulletin(xlplan.open_book(book), "quarterly", tmp_path / "出", pdf=True)
    assert "文件已写出，PDF 没有转成" in made.failed[0].trouble
    assert "启动不了" in made.failed[0].trouble
    assert made.documents[0].path.exists()


def test_a_long_list_of_files_is_given_in_lines_that_windows_takes():
    files = [Path(f"/通报/{n:05}{'长' * 70}.docx") for n in range(1000)]
    batches = list(pdf._batches(files))
    assert [file for batch in batches for file in batch] == files
    assert max(sum(len(str(file)) + 3 for file in batch) for batch in batches) <= 16_000
