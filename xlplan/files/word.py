"""The tables of a Word document as grids: an issued document is read like a workbook."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan.container import Container, form_of, reachable
from xlplan.diagnostics import RequestError
from xlplan.tables.grid import Grid, Span

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.table import Table

_TITLE_ROWS = 2
"""Rows above a table's first row: the heading before it, and an empty one."""

EXTRA = "xlplan[bulletin]"
NO_DOCUMENT = "不是 .docx 文档"


class Document:
    """A .docx on disk; each table is a sheet 表1, 表2 …, the paragraph before it its title.

    `story` is the whole document in its order: its paragraphs that say something, and its tables.
    `digest` is the SHA-256 of the bytes as read.
    """

    def __init__(self, path: Path, story: tuple[str | Grid, ...], digest: str = "") -> None:
        self.path = path
        self.digest = digest
        self.story = story
        self._grids = {part.name: part for part in story if isinstance(part, Grid)}

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
        RequestError: XP001 no such file, XP002 no Word document, XP003 encrypted, XP004 damaged,
            XP007 a folder, XP008 harmful, XP021 python-docx is missing.
    """
    file = Path(path)
    with reachable(file):
        data = file.read_bytes()
    _check(data, str(file))
    try:
        return Document(file, tuple(_story(_paper(data))), hashlib.sha256(data).hexdigest())
    except ImportError as missing:
        raise RequestError("XP021", path=file, extra=EXTRA) from missing
    except Exception as wrong:  # python-docx names no errors for parts that are not as it expects
        raise RequestError("XP002", path=file, reason=NO_DOCUMENT) from wrong


def _check(data: bytes, label: str) -> None:
    """Refuse what is no package, and one that would be harmful to expand."""
    if not data.startswith(b"PK"):
        form_of(data, label)  # says what it is instead, an encrypted document for one
        raise RequestError("XP002", path=label, reason=NO_DOCUMENT)
    with Container(data, label) as container:
        for member in container.members:
            if member.key.endswith((".xml", ".rels")):
                container.xml(member.name)
            else:
                container.read(member)


def _paper(data: bytes) -> "Paper":
    import docx  # noqa: PLC0415 - an optional dependency, and only documents pay for it

    return docx.Document(io.BytesIO(data))


def _story(paper: "Paper") -> Iterator[str | Grid]:
    """Every paragraph, and a grid for every table with the nearest text above as its title."""
    from docx.table import Table  # noqa: PLC0415 - lazy

    title, count = "", 0
    for part in paper.iter_inner_content():
        if isinstance(part, Table):
            count += 1
            yield _grid(part, f"表{count}", title)
            title = ""
        elif part.text.strip():
            title = part.text.strip()
            yield title


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
