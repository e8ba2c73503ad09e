"""The add-in, built whole from text: macros, ribbon, and the words that the macros say."""

import re
from dataclasses import replace
from pathlib import Path

from xlplan import __version__, resources
from xlplan.app.buttons import Variant, button_verbs, conf_sheet, project_of, sources
from xlplan.container import Container
from xlplan.diagnostics import RequestError
from xlplan.package import Macros, workbook_bytes


TITLE = "招商任务"
ABOUT = "招商引资目标任务管理（xlplan {version}）：{buttons}。"
_VERSION = re.compile(r"（xlplan ([^）]+)）")


def addin_bytes(variant: Variant = "own") -> bytes:
    """The file `xlplan.xlam`; the same bytes on every system.

    The variant `runpython` starts Python through the add-in of xlwings.
    """
    sheet = replace(conf_sheet(hidden=False), code_name="Sheet1")
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


def ribbon() -> bytes:
    """The tab's description, as it lies in the add-in."""
    return (resources.shelf("macros") / "ribbon.xml").read_bytes().replace(b"\r\n", b"\n")
