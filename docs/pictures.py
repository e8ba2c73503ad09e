"""The pictures of docs/按钮.md, made anew: the sample with its buttons, clicked in a LibreOffice.

    python docs/pictures.py [FOLDER]

A workbook with macros is built from the sample and opened headless; 重算 and 为什么 are clicked,
and ranges of its sheets are printed, with the heads of rows and columns, to PDF and on to PNG.
Needs LibreOffice, pdftoppm (poppler-utils), and fonts for Chinese.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from xlplan import resources
from xlplan.app.buttons import with_macros
from xlplan.excel import clicking
from xlplan.excel.connecting import Order, book_of
from xlplan.package import new_workbook
from xlplan.policy import load_policy
from xlplan.sheets.inputs import input_sheets
from xlplan.uno import bridge

PICTURES = Path(__file__).parent / "pictures"
DOTS = 96
MARGIN = 8
WHITE = 250

# A picture, and the cells on it. The figure explained is the one that is selected for 为什么.
SHOWN = (
    ("按钮-项目台账", "项目台账", "A1:L11"),
    ("按钮-完成情况", "完成情况", "A1:L16"),
    ("按钮-为什么", "为什么", "A1:C13"),
)
FIGURE = "D7"


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="xlplan-pictures-") as temporary:
        work = Path(temporary)
        os.environ |= {"XLPLAN_STATE": str(work / "state"), "XLPLAN_DIALOGS": "0"}
        path = _workbook(work / "任务分解表.xlsm")
        with _office(work / "profile") as address:
            _open(address, path)
            order = [f"--wb={path}", f"--office={address}"]
            clicking.click(["recalculate", *order])
            book = book_of(Order("", str(path), office=address))
            book.sheets["完成情况"].impl.activate()
            book.sheets["完成情况"].range(FIGURE).impl.select()
            clicking.click(["explain", *order])
            for name, sheet, cells in SHOWN:
                book.sheets[sheet].impl.activate()
                printed = _printed(book.sheets[sheet].range(cells).impl, work / f"{name}.pdf")
                picture = _cropped(printed, folder / name)
                print(f"{picture}: {picture.stat().st_size} bytes")


def _workbook(path: Path) -> Path:
    """The sample as a workbook with macros and buttons."""
    samples = resources.shelf("samples")
    spec = importlib.util.spec_from_file_location("build_samples", samples / "build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    policy, source = load_policy("fuling-2021"), samples / "fuling-2021"
    content, settings = build.content_of(source, policy), build.settings_of(source)
    sheets, macros = with_macros(input_sheets(policy, settings=settings, content=content))
    new_workbook(path, sheets, macros=macros)
    return path


@contextmanager
def _office(profile: Path) -> Iterator[str]:
    """A LibreOffice of our own; gives the address that it listens on."""
    address = f"pipe,name=xlplan-pictures-{os.getpid()}"
    program = shutil.which("soffice") or "soffice"
    listen = [f"--accept={address};urp", f"-env:UserInstallation={profile.as_uri()}"]
    with subprocess.Popen([program, "--headless", "--norestore", *listen]) as office:
        desktop = bridge.connect(address, seconds=60).ServiceManager.createInstance(
            "com.sun.star.frame.Desktop"
        )
        yield address
        desktop.terminate()
        office.wait(60)


def _open(address: str, path: Path) -> None:
    desktop = bridge.connect(address).ServiceManager.createInstance("com.sun.star.frame.Desktop")
    url = bridge.load_uno().systemPathToFileUrl(str(path))
    desktop.loadComponentFromURL(url, "_blank", 0, bridge.settings(MacroExecutionMode=4))


def _printed(cells: bridge.Remote, pdf: Path) -> Path:
    """A range on one page of a PDF, with the heads of its rows and columns."""
    document = cells.sheet.book.document
    page = document.StyleFamilies.getByName("PageStyles").getByName(cells.sheet.xl.PageStyle)
    page.PrintHeaders = True
    page.FooterIsOn = page.HeaderIsOn = page.CenterHorizontally = False
    cells.sheet.xl.setPrintTitleRows(False)
    shapes = cells.sheet.xl.DrawPage
    for at in range(shapes.Count):
        shapes.getByIndex(at).Control.Printable = True  # buttons are left out of what is printed
    chosen = bridge.load_uno().Any("com.sun.star.table.XCellRange", cells.xl)
    more = bridge.load_uno().Any(
        "[]com.sun.star.beans.PropertyValue",
        bridge.settings(Selection=chosen, ExportFormFields=False),
    )
    url = bridge.load_uno().systemPathToFileUrl(str(pdf))
    document.storeToURL(url, bridge.settings(FilterName="calc_pdf_Export", FilterData=more))
    return pdf


def _cropped(pdf: Path, target: Path) -> Path:
    """The first page without the white around what is on it."""
    paper = ["pdftoppm", "-singlefile", "-r", str(DOTS)]
    raw = subprocess.run([*paper, str(pdf)], check=True, capture_output=True).stdout
    _, size, _, pixels = raw.split(b"\n", 3)
    width, height = map(int, size.split())
    dark = np.frombuffer(pixels, np.uint8).reshape(height, width, 3).min(axis=2) < WHITE
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    top, left = max(rows[0] - MARGIN, 0), max(columns[0] - MARGIN, 0)
    wide, high = columns[-1] + MARGIN - left, rows[-1] + MARGIN - top
    box = ["-x", str(left), "-y", str(top), "-W", str(wide), "-H", str(high)]
    subprocess.run([*paper, *box, "-png", str(pdf), str(target)], check=True)
    return target.with_suffix(".png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else PICTURES)
