"""A workbook with buttons in a real LibreOffice: each is pressed and its work looked at."""

import shutil
from pathlib import Path

import pytest
from support import live, office, sample

from xlplan.app.buttons import button_verbs, sources, with_macros
from xlplan.cli import main
from xlplan.model import STANDING_SHEET, WHY_SHEET
from xlplan.package import new_workbook
from xlplan.sheets.inputs import input_sheets
from xlplan.sheets.results import standing_cells
from xlplan.uno import bridge
from xlplan.vba.modules import standard_module

pytestmark = pytest.mark.office

VERBS = {verb.label: verb.name for verb in button_verbs()}

# LibreOffice's Basic has Shell and no WScript; it must not wait, for it answers nobody meanwhile.
HOST = """Attribute VB_Name = "XlplanHost"
Option Explicit

Public Function XlplanHostRun(ByVal Command As String) As Long
    Shell Command, 0
End Function
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with spaces in its name, for what is clicked there."""
    return tmp_path_factory.mktemp("两 个 词")


@pytest.fixture(scope="module")
def office_with_python(folder):
    """An office whose buttons find the interpreter by XLPLAN_PYTHON."""
    if not office.present() or not live.reachable():
        office.missing(live.REASON)
    launcher = live.launcher(folder)
    state = {"XLPLAN_STATE": str(folder / "state"), "XLPLAN_DIALOGS": "0"}
    with live.running(XLPLAN_PYTHON=str(launcher), **state) as address:
        (folder / "address").write_text(address)
        yield live.app_of(address)


@pytest.fixture(scope="module")
def path(folder):
    """The sample as a workbook with macros, its host the one for LibreOffice."""
    build = sample.builder()
    source = sample.CHOSEN.parent
    content = build.content_of(source, sample.policy())
    sheets = input_sheets(sample.policy(), settings=build.settings_of(source), content=content)
    host = standard_module(HOST)
    modules = [host if module.name == host.name else module for module in sources()]
    named, macros = with_macros(sheets, modules)
    new_workbook(folder / "任务 分解.xlsm", named, macros=macros)
    return folder / "任务 分解.xlsm"


@pytest.fixture(scope="module")
def book(office_with_python, path):
    """The workbook, open with its macros allowed."""
    app = office_with_python
    url = bridge.load_uno().systemPathToFileUrl(str(path))
    always = bridge.settings(MacroExecutionMode=4)
    document = app.impl.desktop.loadComponentFromURL(url, "_blank", 0, always)
    opened = next(one for one in app.books if one.impl.document == document)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def press(book, folder):
    """Press the button of that caption on a sheet; what it started, and how that ended."""

    def pressed(caption, name="项目台账"):
        sheet = book.sheets[name].impl.xl
        controller = book.impl.controller
        controller.setActiveSheet(sheet)
        page = sheet.DrawPage
        shapes = [page.getByIndex(at) for at in range(page.Count)]
        (shape,) = [one for one in shapes if one.Control.Label == caption]
        control = controller.getControl(shape.Control)
        control.getAccessibleContext().doAccessibleAction(0)
        said = live.ended(folder)
        assert said["order"][:-1] == [
            *("-X", "utf8", "-m", "xlplan.excel", VERBS[caption]),
            *("--wb=任务 分解.xlsm", "--from_xl=1", "--hwnd=0"),
        ]
        return said

    return pressed


def names(book):
    return [sheet.name for sheet in book.sheets]


def test_each_button_starts_its_verb_and_does_what_the_command_does_on_the_file(
    press, book, path, office_with_python, tmp_path
):
    before, bytes_before = names(book), path.read_bytes()
    said = press("重算")
    assert (said["status"], said["err"]) == (0, "")
    same_as_the_command(book, path, office_with_python, tmp_path)
    standing = book.sheets[STANDING_SHEET]
    standing.impl.activate()
    standing.range(next(iter(standing_cells(sample.figures())))).impl.select()
    assert press("为什么", STANDING_SHEET)["out"].startswith(STANDING_SHEET)
    assert names(book)[-1] == WHY_SHEET
    assert press("校验")["status"] == press("通报")["status"] == 0
    assert [press("撤销", name)["status"] for name in (WHY_SHEET, STANDING_SHEET)] == [0, 0]
    assert names(book) == before
    assert path.read_bytes() == bytes_before


def same_as_the_command(book, path, app, folder):
    """The open workbook shows what the command writes into a copy of the file."""
    out = Path(shutil.copy(path, folder))
    main(["recalculate", str(out)])
    with live.opened(app, out) as other:
        other.impl.document.calculateAll()
        assert names(book) == names(other)
        for name in names(book):
            mine, theirs = (one.sheets[name].used_range for one in (book, other))
            assert mine.raw_value == theirs.raw_value, name
