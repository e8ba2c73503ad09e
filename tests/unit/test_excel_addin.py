"""The add-in and the standard workbook: built from text, and every fault in them is found."""

import io
import re
import zipfile

import pytest
from support import office
from support.macros import macros_in

from xlplan import __version__
from xlplan.app.buttons import WORDS, button_verbs, sources, with_macros
from xlplan.excel.addin import addin_bytes, version_of
from xlplan.excel.checker import faults
from xlplan.package import new_workbook, workbook_bytes
from xlplan.policy import load_policy
from xlplan.sheets.inputs import input_sheets
from xlplan.vba import Module, Project, parse_project, project_bytes
from xlplan.vba.modules import BASES

RIBBON = "customUI/customUI.xml"
VBA = "xl/vbaProject.bin"
TYPES = "[Content_Types].xml"
IN_ADDIN = sources(extra=("XlplanRibbon",))


@pytest.fixture(scope="module")
def addin():
    return parts(addin_bytes())


@pytest.fixture(scope="module")
def book():
    sheets, macros = with_macros(input_sheets(load_policy("fuling-2021"))[:2])
    return parts(workbook_bytes(sheets, macros))


def parts(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("variant", ["own", "runpython"])
def test_a_built_add_in_is_sound_and_the_same_to_the_byte(tmp_path, variant):
    path = tmp_path / "xlplan.xlam"
    path.write_bytes(addin_bytes(variant))
    assert faults(path, sources(variant, extra=("XlplanRibbon",))) == []
    assert path.read_bytes() == addin_bytes(variant)
    assert version_of(path) == __version__


def test_what_is_no_add_in_of_ours_has_no_version(tmp_path, book):
    assert version_of(zipped(tmp_path / "别的.xlam", book)) == ""
    (tmp_path / "坏的.xlam").write_bytes(b"PK")
    assert version_of(tmp_path / "坏的.xlam") == version_of(tmp_path / "没有.xlam") == ""


def test_a_new_workbook_is_sound(tmp_path):
    sheets, macros = with_macros(input_sheets(load_policy("fuling-2021")))
    path = tmp_path / "任务.xlsm"
    new_workbook(path, sheets, macros=macros)
    assert faults(path, sources()) == []


def test_a_second_reader_sees_the_sources_of_the_add_in(tmp_path, addin):
    found = macros_in(zipped(tmp_path / "xlplan.xlam", addin))
    assert {m.name: m.packed().decode() for m in IN_ADDIN}.items() <= found.items()


def test_the_variant_for_the_add_in_of_xlwings_starts_nothing_itself():
    code = "".join(module.source for module in sources("runpython", extra=("XlplanRibbon",)))
    assert "xlwings.xlam!RunPython" in code
    assert "WScript" not in code


@pytest.mark.office
def test_libreoffice_opens_a_new_workbook_and_lists_its_macros(tmp_path, book):
    path = zipped(tmp_path / "任务.xlsm", book)
    saved = parts(office.convert(path, "ods", tmp_path).read_bytes())
    modules = {
        name.rpartition("/")[2].removesuffix(".xml"): content.decode()
        for name, content in saved.items()
        if name.startswith(("Basic/VBAProject/", "Basic/xlplan/"))
    }
    for module in sources():
        listed = re.findall(r"Public Sub (\w+)", module.source)
        assert all(f"Public Sub {name}(" in modules[module.name] for name in listed)


# Faults: each is one change of the sound file, and what the checker says of it.


def text(name, before, after, count=1):
    """The part with one text of it replaced."""

    def change(members):
        body = members[name].decode()
        assert before in body, before
        return members | {name: body.replace(before, after, count).encode()}

    return change


def without(name):
    return lambda members: {key: value for key, value in members.items() if key != name}


def project(change):
    """The VBA project built anew, whole and right in itself, from changed modules."""

    def rebuilt(members):
        held = parse_project(members[VBA])
        return members | {VBA: project_bytes(Project(held.name, change(held.modules)))}

    return rebuilt


def source(name, before, after):
    def change(modules):
        assert before in "".join(m.source for m in modules if m.name == name)
        return tuple(
            Module(m.name, m.source.replace(before, after), m.kind) if m.name == name else m
            for m in modules
        )

    return project(change)


def flipped(place):
    def change(members):
        raw = bytearray(members[VBA])
        raw[place(raw)] ^= 0x41
        return members | {VBA: bytes(raw)}

    return change


def referring_elsewhere(members):
    """A reference more, or another, as a module of somebody else's would bring."""
    from xlplan.vba.compound import compound_file
    from xlplan.vba.compression import compressed, decompressed
    from xlplan.vba.opening import open_compound

    streams = open_compound(members[VBA])
    body = decompressed(streams["VBA/dir"]).replace(b"00020430", b"00020431")
    return members | {VBA: compound_file(streams | {"VBA/dir": compressed(body)})}


def duplicate_macro(modules):
    extra = 'Attribute VB_Name = "Other"\nPublic Sub XlplanCheck()\nEnd Sub\n'
    return (*modules, Module("Other", extra))


SHEET = "xl/worksheets/sheet1.xml"
RELS = "xl/worksheets/_rels/sheet1.xml.rels"
DRAWING = "xl/drawings/vmlDrawing1.vml"

IN_BOOK = {
    "declared without macros": (
        text(TYPES, "ms-excel.sheet.macroEnabled.main", "openxmlformats-officedocument.sheet.main"),
        "holds no macros",
    ),
    "the project declared as something else": (
        text(TYPES, "vnd.ms-office.vbaProject", "octet-stream"),
        "not declared as one",
    ),
    "the project not related": (
        text("xl/_rels/workbook.xml.rels", "/vbaProject", "/vbaProjekt"),
        "no VBA project",
    ),
    "the project gone": (without(VBA), "no VBA project"),
    "a byte of the header": (flipped(lambda _: 30), "vbaProject.bin"),
    "a byte of the directory": (
        flipped(lambda raw: raw.index("dir".encode("utf-16-le"))),
        "vbaProject.bin",
    ),
    "another source": (source("XlplanHost", "Shell.Run", "Shell.Exec"), "source of XlplanHost"),
    "a module missing": (
        project(lambda modules: tuple(m for m in modules if m.name != "XlplanHost")),
        "XlplanHost is missing",
    ),
    "a module too many": (project(duplicate_macro), "Other is not expected"),
    "a macro twice": (project(duplicate_macro), "two macros XlplanCheck"),
    "a reference": (referring_elsewhere, "refers to"),
    "a code name changed": (
        text(SHEET, 'codeName="Sheet1"', 'codeName="Blatt1"'),
        "code name Blatt1 has no module",
    ),
    "a module without its sheet": (
        text(SHEET, 'codeName="Sheet1"', 'codeName="Blatt1"'),
        "module Sheet1 belongs to no sheet",
    ),
    "a code name twice": (text(SHEET, 'codeName="Sheet1"', 'codeName="Sheet2"'), "one code name"),
    "the workbook's code name": (
        text("xl/workbook.xml", "ThisWorkbook", "DieseMappe"),
        "code name DieseMappe has no module",
    ),
    "a sheet that extends the workbook": (
        source("Sheet1", BASES["worksheet"], BASES["workbook"]),
        "extends another class",
    ),
    "a button of another macro": (text(DRAWING, "XlplanUndo<", "XlplanRedo<"), "XlplanRedo"),
    "a button of another workbook's macro": (text(DRAWING, "[0]!XlplanUndo", "XlplanUndo"), "no"),
    "a button of a macro that wants something": (
        text(DRAWING, "XlplanUndo<", "XlplanStart<"),
        "XlplanStart",
    ),
    "a button of a private macro": (
        source("XlplanButtons", "Public Sub XlplanUndo", "Private Sub XlplanUndo"),
        "XlplanUndo",
    ),
    "the drawing gone": (without(DRAWING), "missing or not declared"),
    "the drawing not related": (without(RELS), "missing or not declared"),
    "the drawing related as something else": (
        text(RELS, "/vmlDrawing", "/drawing"),
        "missing or not declared",
    ),
    "the drawing not declared": (
        lambda members: members | {TYPES: members[TYPES].replace(b".vmlDrawing", b".other")},
        "missing or not declared",
    ),
    "no workbook": (without("xl/workbook.xml"), "XP004"),
}
IN_RIBBON = {
    "a callback that is not there": (text(RIBBON, "XlplanPressed", "XlplanPushed"), "XlplanPushed"),
    "a callback of another form": (
        source("XlplanRibbon", "control As IRibbonControl", "control As Object"),
        "ribbon calls XlplanPressed",
    ),
    "the module of callbacks gone": (
        project(lambda modules: tuple(m for m in modules if m.name != "XlplanRibbon")),
        "ribbon calls XlplanPressed",
    ),
    "an id twice": (text(RIBBON, 'id="xlplanUndo"', 'id="xlplanCheck"'), "xlplanCheck twice"),
    "a key tip twice": (text(RIBBON, 'keytip="Z"', 'keytip="C"'), "key tip C is used twice"),
    "a key tip that has no key": (text(RIBBON, 'keytip="Z"', 'keytip="撤"'), "cannot be typed"),
    "a key tip that is too long": (text(RIBBON, 'keytip="Z"', 'keytip="ZZZZ"'), "cannot be typed"),
    "a button without an icon": (text(RIBBON, 'imageMso="Undo"', ""), "no imageMso"),
    "an icon of Access": (text(RIBBON, "FileNew", "ExportWord"), "icon ExportWord"),
    "an empty caption": (text(RIBBON, 'label="撤销"', 'label=""'), "no label"),
    "an attribute that is misspelt": (text(RIBBON, 'size="large"', 'sise="large"'), "has a sise"),
    "a size that there is not": (text(RIBBON, 'size="large"', 'size="huge"'), "neither normal nor"),
    "an id with a space": (text(RIBBON, 'id="xlplanUndo"', 'id="xl plan"'), "no name in XML"),
    "a caption of another button": (text(RIBBON, 'label="撤销"', 'label="退回"'), "退回"),
    "a button of no verb": (text(RIBBON, 'tag="undo"', 'tag="redo"'), "redo"),
    "an endless tip": (text(RIBBON, 'screentip="撤', f'screentip="{"长" * 1025}'), "more than"),
    "an element in the wrong place": (
        text(RIBBON, "<tabs>", "<tabs><group/>"),
        "holds group in tabs",
    ),
    "another namespace": (text(RIBBON, "2006/01/customui", "2036/01/customui"), "not one of Excel"),
    "broken XML": (text(RIBBON, "</ribbon>", ""), "XP004"),
    "the ribbon gone": (without(RIBBON), "missing"),
}


@pytest.mark.parametrize("fault", IN_BOOK)
def test_a_fault_of_a_workbook_is_found(tmp_path, book, fault):
    change, said = IN_BOOK[fault]
    path = zipped(tmp_path / "任务.xlsm", change(book))
    assert any(said in one for one in faults(path, sources())), faults(path, sources())


@pytest.mark.parametrize("fault", IN_RIBBON)
def test_a_fault_of_the_ribbon_is_found(tmp_path, addin, fault):
    change, said = IN_RIBBON[fault]
    path = zipped(tmp_path / "xlplan.xlam", change(addin))
    assert any(said in one for one in faults(path, IN_ADDIN)), faults(path, IN_ADDIN)


def test_the_ribbon_has_a_button_for_every_verb_and_says_what_it_does(addin):
    buttons = re.findall(r"<button [^>]*/>", addin[RIBBON].decode())
    assert len(buttons) == len(button_verbs())
    assert all(re.search(r'supertip="[^"]{15,}"', button) for button in buttons)


def test_the_add_in_holds_one_sheet_the_words_of_the_macros(addin):
    modules = parse_project(addin[VBA]).modules
    assert [m.name for m in modules if m.kind == "document"] == ["ThisWorkbook", "Sheet1"]
    assert [name for name in addin if "/worksheets/sheet" in name] == ["xl/worksheets/sheet1.xml"]
    assert WORDS["no_python"] in addin["xl/worksheets/sheet1.xml"].decode()
