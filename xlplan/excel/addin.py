"""The add-in, built whole from text: macros, ribbon, and the words that the macros say."""

import re
from dataclasses import replace
from pathlib import Path

from xlplan import __version__, resources
from xlplan.app.buttons import Variant, button_verbs, conf_sheet, project_of, sources
from xlplan.container import Container
from xlplan.diagnostics import RequestError
from xlplan.package import Macros, workbook_bytes, write_whole
from xlplan.package.save import plainly

TITLE = "招商任务"
ABOUT = "招商引资目标任务管理（xlplan {version}）：{buttons}。"
_VERSION = re.compile(r"（xlplan ([^）]+)）")


def addin_bytes(variant: Variant = "own") -> bytes:
    """The file `xlplan.xlam`; the same bytes on every system.

    The variant `runpython` starts Python through the add-in of xlwings.
    """
    sheet = replace(conf_sheet("addin"), code_name="Sheet1")
    project = project_of([sheet], sources(variant, extra=("XlplanRibbon",)))
    buttons = "、".join(verb.label for verb in button_verbs())
    about = ABOUT.format(version=__version__, buttons=buttons)
    return workbook_bytes([sheet], Macros(project, "addin", ribbon(), TITLE, about))


def version_of(addin: Path) -> str:
    """The version of ours that an add-in says it is; "" when it is none of ours."""
    try:
        with Container(addin, str(addin)) as container:
            member = container.find("docProps/core.xml")
            said = container.read(member).decode("utf-8", "replace") if member else ""
    except (OSError, RequestError):
        return ""
    found = _VERSION.search(said)
    return found[1] if found else ""


def unpacked(folder: Path, variant: Variant = "own") -> tuple[Path, ...]:
    """Put the add-in into a folder, with the sources to be imported by hand where it is refused.

    Raises: RequestError XP014 where other files of these names lie there.
    """
    modules = sources(variant, extra=("XlplanRibbon",))
    files = {folder / "xlplan.xlam": addin_bytes(variant), folder / "ribbon.xml": ribbon()}
    files |= {folder / f"{module.name}.bas": module.packed() for module in modules}
    for path, content in files.items():
        if path.exists() and path.read_bytes() != content:
            raise RequestError("XP014", path=path)
    with plainly(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        write_whole(path, content)
    return tuple(files)


def ribbon() -> bytes:
    """The tab's description, as it lies in the add-in."""
    return (resources.shelf("macros") / "ribbon.xml").read_bytes().replace(b"\r\n", b"\n")
