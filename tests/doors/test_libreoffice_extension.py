"""The toolbar for LibreOffice: built, installed into a throw-away profile, every button pressed."""

import ast
import shutil
import sys
import time
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from support import live, office, sample

from xlplan import __version__, package, resources
from xlplan.app import VERBS
from xlplan.excel.extension import extension_bytes, write_extension
from xlplan.model import (
    OUTPUT_SHEETS,
    PROJECT_SHEET,
    STANDING_SHEET,
    TARGET_TABLE_SHEET,
    WHY_SHEET,
)
from xlplan.sheets.description import Sheet
from xlplan.uno import bridge

LABELS = {verb.name: verb.label for verb in VERBS if verb.label}
OOR = "{http://openoffice.org/2001/registry}"
SOURCE = resources.shelf("macros") / "libreoffice" / "xlplan_clicks.py"


def test_the_extension_is_the_same_to_the_byte_and_whole(tmp_path):
    path = write_extension(tmp_path)
    assert path.read_bytes() == extension_bytes()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "META-INF/manifest.xml"
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert f'VERSION = "{__version__}"' in texts["xlplan_clicks.py"]
    assert f'<version value="{__version__}"/>' in texts["description.xml"]
    for name, text in texts.items():
        if name.endswith((".xml", ".xcu")):
            etree.fromstring(text.encode())
    listed = etree.fromstring(texts["META-INF/manifest.xml"].encode())
    names = {entry.get(f"{{{listed.tag[1:].split('}')[0]}}}full-path") for entry in listed}
    assert names == {name for name in texts if name.endswith((".py", ".xcu"))}


def test_it_has_a_button_for_every_verb_with_a_label_and_no_other():
    tree = etree.parse(SOURCE.with_name("Addons.xcu"))
    buttons = {}
    for node in tree.iter("node"):
        props = {prop.get(f"{OOR}name"): [v.text for v in prop] for prop in node.findall("prop")}
        if "URL" in props:
            (url,) = props["URL"]
            buttons[url.removeprefix("service:org.xlplan.Click?")] = set(props["Title"])
    assert buttons == {name: {label} for name, label in LABELS.items()}


def test_what_libreoffice_runs_can_be_read_by_a_python_that_is_years_older():
    ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 6))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("扩 展")


@pytest.fixture(scope="module")
def app(folder):
    """An office with the extension installed; its buttons find a stand-in for the interpreter."""
    if not office.present() or not live.reachable():
        office.missing(live.REASON)
    state = {"XLPLAN_STATE": str(folder / "state"), "XLPLAN_DIALOGS": "0", "XLPLAN_STANDBY": "0"}
    launcher = live.launcher(folder)
    with live.running(write_extension(folder), XLPLAN_PYTHON=str(launcher), **state) as address:
        yield live.app_of(address)


@pytest.mark.office
def test_each_button_of_the_toolbar_works_on_the_document_in_front(app, folder):
    path = shutil.copy(sample.CHOSEN, folder / "任务 表.xlsx")
    with live.opened(app, path) as book:
        book.impl.activate()
        for verb in ("recalculate", "check", "bulletin"):
            said = dispatched(app, book, verb, folder)
            assert (said["status"], said["err"]) == (0, "")
            assert said["order"][:6] == ["-X", "utf8", "-m", "xlplan.excel", verb, f"--wb={path}"]
            assert said["order"][-2:] == [f"--addin={__version__}", "--asks=extension"]
        assert set(OUTPUT_SHEETS) <= {sheet.name for sheet in book.sheets}
        book.sheets["项目台账"].impl.activate()
        book.sheets["项目台账"].range("A4").impl.select()
        assert dispatched(app, book, "explain", folder)["out"].startswith("项目台账!A4")
        assert dispatched(app, book, "undo", folder)["status"] == 0
        assert WHY_SHEET not in [sheet.name for sheet in book.sheets]


def dispatched(app, book, verb, folder):
    """The command behind a button of the toolbar, sent to the document as pressing it does."""
    helper = app.impl.create("com.sun.star.frame.DispatchHelper")
    frame = book.impl.controller.Frame
    helper.executeDispatch(frame, f"service:org.xlplan.Click?{verb}", "_self", 0, ())
    return live.ended(folder)


@pytest.mark.office
def test_libreoffice_knows_the_toolbar(app):
    provider = app.impl.create("com.sun.star.configuration.ConfigurationProvider")
    path = "/org.openoffice.Office.Addons/AddonUI/OfficeToolBar/org.xlplan.clicks.toolbar"
    node = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess", bridge.settings(nodepath=path)
    )
    titles = [node.getByName(name).Title for name in node.ElementNames]
    assert sorted(titles) == sorted(LABELS.values())


def test_a_document_is_known_as_ours_by_names_that_our_sheets_have(macro):
    assert {PROJECT_SHEET, TARGET_TABLE_SHEET, STANDING_SHEET} == macro["SHEETS"]


@pytest.mark.office
@pytest.mark.skipif(sys.platform != "linux", reason="it forks, on Linux only")
def test_a_process_stands_by_as_soon_as_a_document_of_ours_is_open(folder, tmp_path_factory):
    state, other = tmp_path_factory.mktemp("s"), folder / "别的.xlsx"
    package.new_workbook(other, (Sheet("别的"),))
    own = {"XLPLAN_PYTHON": sys.executable, "XLPLAN_STATE": str(state), "XLPLAN_STANDBY": "1"}
    with live.running(write_extension(folder), **own) as address:
        app = live.app_of(address)
        with live.opened(app, other):
            time.sleep(1)  # nothing is to come: some time in which it would
            assert not (state / "clicks").exists()
        with live.opened(app, shutil.copy(sample.CHOSEN, folder / "我们的.xlsx")):
            until = time.monotonic() + 30
            while not (found := [*state.glob("clicks/standby-*[0-9a-f]")]):
                assert time.monotonic() < until
                time.sleep(0.1)
            assert found[0].is_socket()
    shutil.rmtree(state)  # it goes with its folder


# Where the interpreter is found, in the macro's own words.


@pytest.fixture
def macro(monkeypatch):
    """The macro as LibreOffice loads it."""
    bridge.load_uno()
    monkeypatch.syspath_prepend(Path(bridge.load_uno().__file__).parent)
    held = {"__name__": "xlplan_clicks"}
    exec(compile(SOURCE.read_text("utf-8"), str(SOURCE), "exec"), held)  # noqa: S102 - ours
    return held


@pytest.mark.office
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_interpreter_is_the_one_that_an_installation_noted(
    macro, monkeypatch, tmp_path, encoding
):
    monkeypatch.delenv("XLPLAN_PYTHON", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    conf = Path(macro["conf_file"]())
    conf.parent.mkdir()
    conf.write_text(f"version=1\npython={sys.executable}\n", encoding)
    assert macro["interpreter"]() == sys.executable
    monkeypatch.setenv("XLPLAN_PYTHON", __file__)
    assert macro["interpreter"]() == __file__


@pytest.mark.office
def test_else_the_one_of_the_command_on_the_path(macro, monkeypatch, tmp_path):
    monkeypatch.delenv("XLPLAN_PYTHON", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    script = tmp_path / "xlplan"
    script.write_text(f"#!{sys.executable}\nimport xlplan\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert macro["interpreter"]() == sys.executable
    assert macro["of_command"](str(tmp_path / "nothing")) == ""
