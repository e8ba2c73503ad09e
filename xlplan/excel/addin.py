"""The add-in, built whole from text: macros, ribbon, and the words that the macros say."""

from dataclasses import replace

from xlplan import __version__, resources
from xlplan.app.buttons import Variant, conf_sheet, project_of, sources
from xlplan.package import Macros, workbook_bytes

ADDIN = "xlplan.xlam"
TITLE = "招商任务"
ABOUT = f"招商引资目标任务管理（xlplan {__version__}）：重算、校验、为什么、撤销。"


def addin_bytes(variant: Variant = "own") -> bytes:
    """The file `xlplan.xlam`; the same bytes on every system.

    The variant `runpython` starts Python through the add-in of xlwings.
    """
    sheet = replace(conf_sheet(hidden=False), code_name="Sheet1")
    project = project_of([sheet], sources(variant, extra=("XlplanRibbon",)))
    return workbook_bytes([sheet], Macros(project, "addin", ribbon(), TITLE, ABOUT))


def ribbon() -> bytes:
    """The tab's description, as it lies in the add-in."""
    return (resources.shelf("macros") / "ribbon.xml").read_bytes().replace(b"\r\n", b"\n")
