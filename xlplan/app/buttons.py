"""The macros of our workbooks: one a verb that has a button, from the text sources in `macros/`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Literal

from xlplan import __version__, resources
from xlplan.app.verbs import VERBS, Verb
from xlplan.container import Container
from xlplan.model import CONF_SHEET
from xlplan.package import Macros
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Button, CellSpec, Sheet
from xlplan.vba import Module, Project, document_module, project_bytes, standard_module

Variant = Literal["own", "runpython"]

WORKBOOK = "ThisWorkbook"
SOURCES = ("XlplanButtons", "XlplanBridge", "XlplanHost")
PROJECT = "xlplan"

WORDS = {
    "title": "招商任务",
    "no_book": "请先打开要计算的工作簿，再点按钮。",
    "no_python": "没有找到运行 xlplan 的 Python。请装机的同事运行：xlplan excel install；"
    "或设置环境变量 XLPLAN_PYTHON（pythonw.exe 的完整路径）。工作簿没有改动。",
    "not_started": "程序没有启动：{detail}。可能被安全软件拦住，或 Python 已被移走。"
    "请装机的同事运行 xlplan excel doctor 查看原因。工作簿没有改动。",
    "ended": "程序中途停止（状态 {detail}）。请装机的同事运行 xlplan excel doctor 查看原因和日志。",
    "no_xlwings": "没有找到 xlwings 加载项：{detail}。请在 Excel 中启用它，"
    "或改用 xlplan 自己的加载项。",
}
"""What the macros say when the program cannot be started; otherwise it speaks itself."""

_WIDTH, _HEIGHT, _GAP = 46.0, 22.0, 2.0


def macro_of(verb: Verb) -> str:
    """The macro of a verb's button.

    >>> [macro_of(verb) for verb in button_verbs()][:2]
    ['XlplanRecalculate', 'XlplanCheck']
    """
    return "Xlplan" + "".join(part.capitalize() for part in verb.name.split("-"))


def button_verbs() -> tuple[Verb, ...]:
    """The verbs with a button, the main one first."""
    return tuple(sorted((v for v in VERBS if v.label), key=lambda v: v.name != "recalculate"))


def with_buttons(sheet: Sheet) -> Sheet:
    """The sheet with a row of buttons beside its title; a sheet without a title as it is.

    They lie at its left end, or behind its right end where the title needs the room.

    Pressed, they start macros: only for sheets of a workbook that holds them.
    """
    title = _title(sheet)
    if title is None:
        return sheet
    row = [*zip(button_verbs(), _places(sheet, 1), strict=False)]
    if _meets(title, sheet, row[-1][1]):
        row = [*zip(button_verbs(), _places(sheet, max(sheet.widths) + 1), strict=False)]
    top = (sheet.heights.get(layout.TITLE_ROW, layout.TITLE_HEIGHT) - _HEIGHT) / 2
    placed = (
        Button(layout.TITLE_ROW, column, verb.label, macro_of(verb), left, top, _WIDTH, _HEIGHT)
        for verb, (column, left) in row
    )
    return replace(sheet, buttons=tuple(placed))


def _places(sheet: Sheet, first: int) -> Iterator[tuple[int, float]]:
    """Places for one button after the other, each within one column: (column, points into it).

    A button across two columns would change its size where a program measures columns otherwise.
    """
    for column in count(first):
        left = _GAP
        while left + _WIDTH <= layout.column_points(sheet.widths.get(column)):
            yield column, left
            left += _WIDTH + _GAP


def _title(sheet: Sheet) -> CellSpec | None:
    """The cell of the sheet's title."""
    first = (cell for cell in sheet.cells if (cell.row, cell.column) == (layout.TITLE_ROW, 1))
    return next((cell for cell in first if cell.style == looks.TITLE), None)


def _meets(title: CellSpec, sheet: Sheet, last: tuple[int, float]) -> bool:
    """Whether buttons up to that place would cover the title, which stands in the middle."""
    points = [layout.column_points(sheet.widths[column]) for column in sorted(sheet.widths)]
    length = layout.characters(str(title.value)) * title.style.size / 2
    end = sum(points[: last[0] - 1]) + last[1] + _WIDTH
    return end + _WIDTH > (sum(points) - length) / 2


def holds_macros(path: Path) -> bool:
    """Whether a workbook holds our macros, be it as Excel saved them: then buttons find them."""
    if path.suffix.casefold() != ".xlsm":
        return False
    with Container(path, str(path)) as container:
        member = container.find("xl/vbaProject.bin")
        return member is not None and SOURCES[0].encode("utf-16-le") in container.read(member)


def conf_sheet(asks: Literal["workbook", "addin"] = "workbook") -> Sheet:
    """The sheet of words and settings for the macros: a name and what it says, row by row.

    `asks` is what holds them; in a workbook the sheet is hidden.
    """
    rows = {"version": __version__, "python": None, "asks": asks, **WORDS}
    cells = tuple(
        CellSpec(row, column, said, looks.TEXT.but(number_format="@"))
        for row, pair in enumerate(rows.items(), start=1)
        for column, said in enumerate(pair, start=1)
    )
    return Sheet(CONF_SHEET, cells, widths={1: 16.0, 2: 100.0}, hidden=asks == "workbook")


def sources(variant: Variant = "own", extra: Sequence[str] = ()) -> tuple[Module, ...]:
    """The standard modules from their text sources; a variant has some of its own."""
    folder = resources.shelf("macros")
    found = []
    for name in (*SOURCES, *extra):
        own = folder / variant / f"{name}.bas"
        path = own if own.is_file() else folder / f"{name}.bas"
        found.append(standard_module(path.read_text(encoding="ascii")))
    return tuple(found)


def with_macros(
    sheets: Sequence[Sheet], modules: Sequence[Module] | None = None
) -> tuple[tuple[Sheet, ...], Macros]:
    """Sheets of a new workbook with buttons and the words for its macros, and the macros.

    `modules` take the place of the shipped ones: another variant, or the host of a test.
    """
    named = tuple(
        replace(sheet, code_name=f"Sheet{number}")
        for number, sheet in enumerate((*map(with_buttons, sheets), conf_sheet()), start=1)
    )
    return named, Macros(project_of(named, sources() if modules is None else modules))


def project_of(sheets: Sequence[Sheet], modules: Sequence[Module]) -> bytes:
    """The VBA project of a workbook of these sheets."""
    documents = (
        document_module(WORKBOOK, "workbook"),
        *(document_module(sheet.code_name, "worksheet") for sheet in sheets),
    )
    return project_bytes(Project(PROJECT, (*documents, *modules)))
