"""The tables of a Word document as grids: an issued document is read like a workbook."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from xlplan.diagnostics import RequestError
from xlplan.tables.grid import Grid, Span

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.table import Table

_TITLE_ROWS = 2
"""Rows above a table's first row: the heading before it, and an empty one."""

EXTRA = "xlplan[bulletin]"


class Document:
    """A .docx on disk; each table is a sheet 表1, 表2 …, the paragraph before it its title."""

    def __init__(self, path: Path, grids: tuple[Grid, ...]) -> None:
        self.path = path
        self._grids = {grid.name: grid for grid in grids}

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def sheet_names(self) -> list[str]:
        """The names of the tables in their order."""
        return list(self._grids)

    def grid(self, name: str) -> Grid:
        """One table; KeyError if there is none of that name."""
        return self._grids[name]


def open_document(path: Path | str) -> Document:
    """Read the tables of a Word document; macros and links in it are never followed.

    Raises:
        RequestError: XP001 no such file, XP002 no Word document, XP021 python-docx is missing.
    """
    file = Path(path)
    if not file.exists():
        raise RequestError("XP001", path=file)
    return Document(file, tuple(_grids(_paper(file))))


def _paper(file: Path) -> "Paper":
    try:
        import docx  # noqa: PLC0415 - an optional dependency, and only documents pay for it
        from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415
    except ImportError as missing:
        raise RequestError("XP021", path=file, extra=EXTRA) from missing
    try:
        return docx.Document(str(file))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError) as wrong:
        raise RequestError("XP002", path=file, reason="不是 .docx 文档") from wrong


def _grids(paper: "Paper") -> Iterator[Grid]:
    """A grid for every table, with the nearest text above as its title."""
    from docx.table import Table  # noqa: PLC0415

    title, count = "", 0
    for part in paper.iter_inner_content():
        if isinstance(part, Table):
            count += 1
            yield _grid(part, f"表{count}", title)
            title = ""
        elif part.text.strip():
            title = part.text.strip()


def _grid(table: "Table", name: str, title: str) -> Grid:
    """One table; a merged cell keeps its text in its first cell only."""
    areas: dict[object, list[int]] = {}
    rows: list[list[object]] = [[title], []]
    for number, row in enumerate(table.rows, start=_TITLE_ROWS + 1):
        values: list[object] = []
        for column, cell in enumerate(row.cells, start=1):
            area = areas.setdefault(cell._tc, [number, column, number, column])  # noqa: SLF001 - python-docx names a merged cell by it only
            first = area[:2] == [number, column]
            area[2:] = [number, max(column, area[3])]
            values.append(cell.text.strip() if first else "")
        rows.append(values)
    merged = tuple(Span(*area) for area in areas.values() if area[:2] != area[2:])
    return Grid(name, rows, merged=merged)
