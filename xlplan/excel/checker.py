"""What would make Excel repair, refuse or not find something in a workbook with macros.

A tool for those who change the builder, run by the tests: every fault is a sentence in English.
Nothing is taken on trust from the code that built the file: the project is parsed anew, relations,
content types, buttons and ribbon are read from the parts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from pathlib import Path

from xlplan.app.buttons import button_verbs
from xlplan.container import Container
from xlplan.diagnostics import RequestError
from xlplan.package.relations import Relations, XmlPart, member_of, rels_name
from xlplan.package.workbook_part import Workbook
from xlplan.package.xml_offsets import Element
from xlplan.vba import DOCUMENT, Broken, Module, Parsed, parse_project
from xlplan.vba.modules import BASES
from xlplan.vba.project import REFERENCES

PROJECT_TYPE = "application/vnd.ms-office.vbaProject"
RIBBON_SPACE = "http://schemas.microsoft.com/office/2006/01/customui"
_SUB = re.compile(r"^Public Sub (\w+)\((.*)\)", re.MULTILINE)
_MACRO = re.compile(r"<x:FmlaMacro>([^<]*)</x:FmlaMacro>")
_BUTTON = re.compile(r'<x:ClientData ObjectType="Button">.*?</x:ClientData>', re.DOTALL)
_CALLBACK = "control As IRibbonControl"

# Which children an element of the ribbon may have, which attributes it must have and which others
# it may have: of what the published schema (MS-CUSTOMUI) allows, the part that we use.
_RIBBON: dict[str, tuple[str, frozenset[str], frozenset[str]]] = {
    "customUI": ("ribbon", frozenset(), frozenset()),
    "ribbon": ("tabs", frozenset(), frozenset()),
    "tabs": ("tab", frozenset(), frozenset()),
    "tab": ("group", frozenset({"id", "label", "keytip"}), frozenset({"insertAfterMso"})),
    "group": ("button", frozenset({"id", "label"}), frozenset()),
    "button": (
        "",
        frozenset({"id", "tag", "label", "imageMso", "keytip", "onAction", "screentip"}),
        frozenset({"size", "supertip"}),
    ),
}
_ID = re.compile(r"[^\W\d][\w.-]*")
_SIZES = {"normal", "large"}
# Microsoft's list of the controls of Excel 2016 has these; another icon is looked up there first.
_ICONS = {
    *("CalculateNow", "CompareAndMergeWorkbooks", "DataValidation", "ErrorChecking", "FileNew"),
    *("FilePrint", "FileSaveAs", "RemoveDuplicates", "ReviewShareWorkbook", "TracePrecedents"),
    "Undo",
}
_LONGEST_TIP, _LONGEST_KEYTIP = 1024, 3


def faults(path: Path, expected: Sequence[Module] = ()) -> list[str]:
    """Everything that is wrong with the macros of a workbook or add-in; empty when sound.

    `expected` are the modules whose sources must be in it, word for word.
    """
    found: list[str] = []
    try:
        with Container(path, str(path)) as container:
            found += _package(workbook := Workbook(container))
            found += _macros(workbook, expected)
    except Broken as broken:
        found.append(f"vbaProject.bin: {broken}")
    except RequestError as damaged:
        found.append(damaged.line("en"))
    return found


def _macros(workbook: Workbook, expected: Sequence[Module]) -> Iterator[str]:
    """What is wrong with the project, and with what should start its macros."""
    container = workbook.container
    member = member_of(container, workbook.part_of("vbaProject") or "?")
    if member is None:
        yield "the workbook has no VBA project"
        return
    project = parse_project(container.read(member))
    yield from _sources(project, expected)
    yield from _references(project)
    yield from _code_names(workbook, project)
    yield from _buttons(workbook, project)
    yield from _ribbon(container, project)


def _package(workbook: Workbook) -> Iterator[str]:
    """The parts must be declared as what they are."""
    kind = workbook.types.of(workbook.part.name)
    if "macroEnabled" not in kind:
        yield f"the workbook is declared as {kind}, which holds no macros"
    project = workbook.part_of("vbaProject")
    if project and workbook.types.of(project) != PROJECT_TYPE:
        yield "the VBA project is not declared as one"


def _sources(project: Parsed, expected: Iterable[Module]) -> Iterator[str]:
    standard = {m.name for m in project.modules if m.kind != DOCUMENT}
    for module in expected:
        held = project.module(module.name)
        if held is None:
            yield f"the module {module.name} is missing"
        elif held.source != module.source:
            yield f"the source of {module.name} is not that of {module.name}.bas"
        standard.discard(module.name)
    if expected:
        yield from (f"the module {name} is not expected" for name in sorted(standard))
    subs = Counter(name for name, _ in _subs(project))
    yield from (f"there are two macros {name}" for name, number in subs.items() if number > 1)


def _subs(project: Parsed) -> Iterator[tuple[str, str]]:
    """Macros that may be called by name, with their parameters."""
    for module in project.modules:
        if module.kind != DOCUMENT:
            yield from _SUB.findall(module.source)


def _references(project: Parsed) -> Iterator[str]:
    if project.references != dict(REFERENCES):
        yield f"the project refers to {sorted(project.references)}, not only to what Excel has"


def _code_names(workbook: Workbook, project: Parsed) -> Iterator[str]:
    """Every name in the workbook has its document module of the right class, and the reverse."""
    wanted = dict(_named(workbook))
    if len(wanted) != len(list(_named(workbook))):
        yield "two sheets have one code name"
    documents = {m.name: m for m in project.modules if m.kind == DOCUMENT}
    for name in sorted(wanted.keys() - documents.keys()):
        yield f"the code name {name} has no module"
    for name in sorted(documents.keys() - wanted.keys()):
        yield f"the module {name} belongs to no sheet"
    for name in sorted(wanted.keys() & documents.keys()):
        if f'VB_Base = "{BASES[wanted[name]]}"' not in documents[name].source:
            yield f"the module {name} extends another class than that of a {wanted[name]}"


def _named(workbook: Workbook) -> Iterator[tuple[str, str]]:
    properties = workbook.root.one("workbookPr")
    yield (properties.attributes.get("codeName", "") if properties else ""), "workbook"
    for entry in workbook.sheets:
        own = XmlPart(workbook.container, entry.part).root.one("sheetPr")
        if own is not None and own.attributes.get("codeName"):
            yield own.attributes["codeName"], "worksheet"


def _buttons(workbook: Workbook, project: Parsed) -> Iterator[str]:
    """Every button of every sheet starts a macro that is there and needs nothing."""
    container = workbook.container
    bare = {name for name, parameters in _subs(project) if not parameters}
    for entry in workbook.sheets:
        element = XmlPart(container, entry.part).root.one("legacyDrawing")
        if element is None:
            continue
        drawing = _drawing(container, entry.part, element)
        if not drawing:
            yield f"the drawing of “{entry.name}” is missing or not declared"
        for button in _BUTTON.findall(drawing):
            macro = unescape("".join(_MACRO.findall(button)))
            if not macro.startswith("[0]!") or macro[4:] not in bare:
                yield f"a button of “{entry.name}” starts “{macro}”, which is no macro here"


def _drawing(container: Container, part: str, element: Element) -> str:
    """The text of a sheet's drawing of buttons; "" where the way to it is broken."""
    if rels_name(part) not in container:
        return ""
    wanted = next((value for name, value in element.attributes.items() if name[-3:] == " id"), "")
    relation = Relations(container, part).by_id(wanted)
    if relation is None or relation.kind != "vmlDrawing":
        return ""
    member = member_of(container, relation.part)
    declared = Workbook(container).types.of(relation.part).endswith(".vmlDrawing")
    return container.read(member).decode("utf-8", "replace") if member and declared else ""


def _ribbon(container: Container, project: Parsed) -> Iterator[str]:
    """The ribbon, where there is one: its form, its callbacks, and a button for every verb."""
    relations = Relations(container, "").of_kind("extensibility")
    if not relations:
        return
    member = member_of(container, relations[0].part)
    if member is None:
        yield "the ribbon is related, but missing"
        return
    root = XmlPart(container, member.name).root
    if (root.name, root.uri) != ("customUI", RIBBON_SPACE):
        yield "the ribbon is not one of Excel 2007 and later"
        return
    elements = list(_below(root))
    yield from (fault for parent, element in elements for fault in _form(parent, element))
    ids = Counter(e.attributes["id"] for _, e in elements if "id" in e.attributes)
    yield from (f"the ribbon uses the id {one} twice" for one, number in ids.items() if number > 1)
    yield from _pressed([e for _, e in elements if e.name == "button"], project)


def _below(element: Element, parent: str = "") -> Iterator[tuple[str, Element]]:
    yield parent, element
    for child in element.children:
        yield from _below(child, element.name)


def _form(parent: str, element: Element) -> Iterator[str]:
    if parent and _RIBBON.get(parent, ("",))[0] != element.name:
        yield f"the ribbon holds {element.name} in {parent}"
        return
    _, needed, others = _RIBBON[element.name]
    for name in sorted(needed - {key for key, value in element.attributes.items() if value}):
        yield f"a {element.name} of the ribbon has no {name}"
    for name in sorted(element.attributes.keys() - needed - others):
        yield f"a {element.name} of the ribbon has a {name}, which the schema does not know there"
    if element.attributes.get("imageMso", "Undo") not in _ICONS:
        yield f"the icon {element.attributes['imageMso']} is none that Excel is known to have"
    if element.attributes.get("size", "large") not in _SIZES:
        yield f"a {element.name} of the ribbon is neither normal nor large"
    if not _ID.fullmatch(element.attributes.get("id", "x")):
        yield f"the id {element.attributes['id']} is no name in XML"
    keytip = element.attributes.get("keytip", "A")
    if not re.fullmatch(rf"[A-Z0-9]{{1,{_LONGEST_KEYTIP}}}", keytip):
        yield f"the key tip {keytip} cannot be typed"
    tips = (element.attributes.get(name, "") for name in ("screentip", "supertip", "label"))
    if any(len(tip) > _LONGEST_TIP for tip in tips):
        yield f"a {element.name} of the ribbon says more than Excel shows"


def _pressed(buttons: Sequence[Element], project: Parsed) -> Iterator[str]:
    callbacks = {name for name, parameters in _subs(project) if parameters == _CALLBACK}
    for button in buttons:
        callback = button.attributes.get("onAction", "")
        if callback not in callbacks:
            yield f"the ribbon calls {callback}, which is not there"
    shown = {b.attributes.get("tag"): b.attributes.get("label") for b in buttons}
    wanted = {verb.name: verb.label for verb in button_verbs()}
    if shown != wanted:
        yield f"the ribbon's buttons are {shown}, the verbs {wanted}"
    keytips = Counter(button.attributes.get("keytip") for button in buttons)
    yield from (f"the key tip {one} is used twice" for one, number in keytips.items() if number > 1)
