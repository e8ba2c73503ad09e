"""A workbook with buttons in a real LibreOffice: each is pressed and its work looked at."""

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import live, office, sample

from xlplan import __version__
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


# In the place of the add-in of xlwings, which starts `python -c CODE --wb=… --from_xl=1 …`.
BORROWED_HOST = """Attribute VB_Name = "XlplanHost"
Option Explicit

Public Function XlplanHostRun(ByVal Command As String) As Long
    Dim Python As String
    Python = Quoted(Environ("XLPLAN_PYTHON"))
    Shell Python & " -c " & Quoted(Command) & " " & Quoted("--wb=" & ActiveWorkbook.Name), 0
End Function

Private Function Quoted(ByVal Text As String) As String
    Quoted = Chr(34) & Text & Chr(34)
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
def made(folder):
    """Makes the sample as a workbook with macros of a variant, its host another."""

    def make(name, host, variant="own"):
        build, source = sample.builder(), sample.CHOSEN.parent
        content = build.content_of(source, sample.policy())
        sheets = input_sheets(sample.policy(), settings=build.settings_of(source), content=content)
        own = standard_module(host)
        modules = [own if module.name == own.name else module for module in sources(variant)]
        named, macros = with_macros(sheets, modules)
        new_workbook(folder / name, named, macros=macros)
        return folder / name

    return make


@contextmanager
def opened_with_macros(app, path):
    """The workbook, open with its macros allowed."""
    url = bridge.load_uno().systemPathToFileUrl(str(path))
    always = bridge.settings(MacroExecutionMode=4)
    document = app.impl.desktop.loadComponentFromURL(url, "_blank", 0, always)
    opened = next(one for one in app.books if one.impl.document == document)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def path(made):
    return made("任务 分解.xlsm", HOST)


@pytest.fixture(scope="module")
def book(office_with_python, path):
    with opened_with_macros(office_with_python, path) as opened:
        yield opened


def pressed(book, caption, name, folder):
    """What the button of that caption on a sheet started, and how that ended."""
    sheet = book.sheets[name].impl.xl
    controller = book.impl.controller
    controller.setActiveSheet(sheet)
    page = sheet.DrawPage
    shapes = [page.getByIndex(at) for at in range(page.Count)]
    (shape,) = [one for one in shapes if one.Control.Label == caption]
    control = controller.getControl(shape.Control)
    control.getAccessibleContext().doAccessibleAction(0)
    return live.ended(folder)


@pytest.fixture
def press(book, folder):
    """Press a button of the workbook, and see that the macro gave the right command line."""

    def press(caption, name="项目台账"):
        said = pressed(book, caption, name, folder)
        assert said["order"] == [
            *("-X", "utf8", "-m", "xlplan.excel", VERBS[caption]),
            *("--wb=任务 分解.xlsm", "--from_xl=1", "--hwnd=0"),
            *(f"--addin={__version__}", "--asks=workbook"),
        ]
        return said

    return press


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
    assert press("撤销", WHY_SHEET)["status"] == 0
    assert WHY_SHEET not in names(book)
    assert set(before) < set(names(book))
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


def test_a_button_that_borrows_the_add_in_of_xlwings_does_its_verb_too(
    office_with_python, made, folder
):
    path = made("借用.xlsm", BORROWED_HOST, "runpython")
    with opened_with_macros(office_with_python, path) as book:
        said = pressed(book, "校验", "项目台账", folder)
    assert said["order"][0] == "-c"
    assert (said["status"], said["err"]) == (0, "")
    assert said["out"].startswith("已校验")
    assert "XP80" not in said["out"]
