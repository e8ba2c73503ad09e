"""A workbook on disk, read once into memory."""

import hashlib
import io
import os
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat
from zipfile import ZipFile

from xlplan.container import Container, Form, codec_of, damaged, form_of, reachable
from xlplan.container.memory import uncollected
from xlplan.diagnostics import RequestError
from xlplan.files.facts import Facts, scan, too_sparse
from xlplan.files.new_binary import scan_records, sheet_relations
from xlplan.files.old_binary import scan_stream
from xlplan.files.opendocument import scan_content
from xlplan.tables.grid import Grid, Span

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_STDERR = 2
_LINKS = "workbook.xml.rels"
_MACRO_SHEET = re.compile(rb"/xl(?:Intl)?Macrosheet(?=[\"'])", re.IGNORECASE)
_FIRST_TEXT = re.compile(
    rb'<sheetData><row r="1"[^<>]*><c r="A1"[^<>]* t="inlineStr"><is><t>([^<&\r\n]*)</t></is></c>'
)
_LATER = ("worksheets/", "chartsheets/", "media/", "drawings/", "charts/", "pivotcache/", "theme/")


class Workbook:
    """A workbook on disk; sheets are loaded when asked for and never changed.

    `digest` is the SHA-256 of the bytes as read, `form` what the file really is: an .xls named
    .xlsx is read as what it is.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.digest = hashlib.sha256(data).hexdigest()
        self.form = form_of(data, str(path))
        self._container = self._unpacked(data)
        self._early_facts = self._facts_of_all(data)
        self._data = data
        self._opened: CalamineWorkbook | None = self._open(data)
        self._sheets = self._opened.sheets_metadata
        self._parts: dict[str, str] | None = None
        self._grids: dict[str, Grid] = {}

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def form_differs(self) -> bool:
        """Whether the name's ending promises another kind of file than it is."""
        endings = {"xlsx": {".xlsx", ".xlsm", ".xltx", ".xltm"}, "xls": {".xls", ".xlt", ".et"}}
        return self.path.suffix.lower() not in endings.get(self.form, {f".{self.form}"})

    def sheet_names(self) -> list[str]:
        """The names of the worksheets in their order; chart and macro sheets are none."""
        from python_calamine import SheetTypeEnum  # noqa: PLC0415 - paid when a book is read

        return [one.name for one in self._sheets if one.typ == SheetTypeEnum.WorkSheet]

    def grid(self, name: str) -> Grid:
        """One sheet; KeyError if there is none of that name.

        Raises RequestError XP004 or XP008 when its part is damaged or not safe to expand.
        """
        if name not in self._grids:
            if name not in self.sheet_names():
                raise KeyError(name)
            self._grids[name] = self._read(name)
        return self._grids[name]

    def title(self, name: str) -> object:
        """The value of a sheet's first cell; a sheet as we write it is not read for that.

        Raises as `grid`.
        """
        if name not in self._grids and name in self.sheet_names():
            told = self._first_text(name)
            if told is not None:
                return told
        return self.grid(name).at(1, 1)

    def forget(self) -> None:
        """Let go of the sheets that were read; they are read again when asked for."""
        self._grids.clear()
        self._opened = None  # it holds the texts of all sheets, and a copy of the file

    def _first_text(self, name: str) -> str | None:
        """A plain text that stands in the cell A1 itself; None where that takes more reading."""
        if self._container is None or self.form is not Form.PACKAGE:
            return None
        member = self._container.find(self._part(name))
        start = next(self._container.chunks(member), b"") if member else b""
        found = _FIRST_TEXT.search(start) if codec_of(start)[0] == "utf-8" else None
        return found[1].decode(errors="replace") if found else None

    def _part(self, name: str) -> str:
        """The part that holds a sheet; "" where none is told."""
        if self._parts is None:
            assert self._container is not None, "an .xls has no parts"  # noqa: S101 - a bug
            self._parts = _sheet_parts(self._container)
        return self._parts.get(name, "")

    def _unpacked(self, data: bytes) -> Container | None:
        """The container, every part that opening the book expands read through; None for .xls."""
        if self.form is Form.OLD:
            return None
        container = Container(data, str(self.path))
        for member in container.members:
            is_read = member.key.endswith((".xml", ".rels", ".bin"))
            if is_read and not any(late in member.key for late in _LATER):
                for _ in container.chunks(member):
                    pass
        return container

    def _facts_of_all(self, data: bytes) -> dict[str, Facts]:
        """Facts of all sheets at once, for formats that keep them in one part."""
        if self.form is Form.OLD:
            found = scan_stream(data)
            if found is None:
                raise self._damaged("文字表的长度不对")
            return found
        if self._container is None or self.form is not Form.OPEN_DOCUMENT:
            return {}
        try:
            facts = scan_content(self._container.xml("content.xml"))
        except (LookupError, expat.ExpatError) as fault:
            raise self._damaged("“content.xml”不是完整的 XML") from fault
        if facts is None:
            raise RequestError("XP008", path=str(self.path), reason="表格撑出的范围过大")
        return facts

    def _open(self, data: bytes) -> "CalamineWorkbook":
        from python_calamine import CalamineWorkbook  # noqa: PLC0415 - paid when a book is read

        if self._container is not None and self.form is Form.PACKAGE:
            data = _plain_links(data, self._container)
        with self._reading():
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if not book.sheets_metadata:
            raise self._damaged("找不到任何工作表")
        return book

    def _book(self) -> "CalamineWorkbook":
        """The reader of values, opened again where it was let go."""
        if self._opened is None:
            self._opened = self._open(self._data)
        return self._opened

    @contextmanager
    def _reading(self, sheet: str = "") -> Iterator[None]:
        """Turn what the reader says of a damaged or encrypted file into one clear line.

        The reader's own panics are no `Exception`; they have no public class to name here.
        """
        from python_calamine import (  # noqa: PLC0415 - paid when a book is read
            CalamineError,
            PasswordError,
        )

        where = f"工作表“{sheet}”：" if sheet else ""
        try:
            with _hushed() if self.form in (Form.OLD, Form.BINARY) else nullcontext():
                yield
        except PasswordError as fault:
            raise RequestError("XP003", path=str(self.path)) from fault
        except (CalamineError, OSError, ValueError) as fault:
            raise self._damaged(where + "内容不合格式") from fault
        except BaseException as fault:
            if type(fault).__name__ != "PanicException":
                raise
            raise self._damaged(where + "内容不合格式") from fault

    def _damaged(self, reason: str) -> RequestError:
        return damaged(str(self.path), reason)

    def _read(self, name: str) -> Grid:
        facts = self._facts(name)
        with self._reading(name):
            sheet = self._book().get_sheet_by_name(name)
            merged = sheet.merged_cell_ranges
        return _grid(sheet, merged or [], facts, visible=self._is_visible(name))

    def _is_visible(self, name: str) -> bool:
        from python_calamine import SheetVisibleEnum  # noqa: PLC0415 - paid when a book is read

        return any(
            one.name == name and one.visible == SheetVisibleEnum.Visible for one in self._sheets
        )

    def _facts(self, name: str) -> Facts:
        """Facts of a sheet, from its own part where it has one."""
        if self._container is None or self.form is Form.OPEN_DOCUMENT:
            return self._early_facts.get(name, Facts())
        part = self._part(name)
        if part not in self._container:
            raise self._damaged(f"找不到工作表“{name}”的内容")
        try:
            facts = _facts_of(self._container, part, self.form)
        except (IndexError, struct.error) as fault:
            raise self._damaged(f"工作表“{name}”的记录不完整") from fault
        if facts is None:
            reason = f"工作表“{name}”里有远离表格的单元格，撑出的范围过大"
            raise RequestError("XP008", path=str(self.path), reason=reason)
        return facts


@contextmanager
def _hushed() -> Iterator[None]:
    """Panics of the reader of old binary formats are said by us; its own print goes nowhere.

    It prints to the descriptor, past `sys.stderr`; while it reads, the descriptor is redirected.
    """
    try:
        held = os.dup(_STDERR)
    except OSError:  # a program without a terminal has none
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), _STDERR)
        yield
    finally:
        os.dup2(held, _STDERR)
        os.close(held)


def _facts_of(container: Container, part: str, form: Form) -> Facts | None:
    """The facts of one sheet part; None when the sheet is too large to be read."""
    if form is Form.BINARY:
        return scan_records(container.part(part))
    content = container.xml(part)
    return None if too_sparse(content) else scan(content)


Corners = tuple[tuple[int, int], tuple[int, int]]


def _grid(sheet: "CalamineSheet", merged: list[Corners], facts: Facts, *, visible: bool) -> Grid:
    """The used rectangle of a sheet, with its facts."""
    row, column = sheet.start or (0, 0)
    with uncollected():
        rows = sheet.to_python(skip_empty_area=True)
    return Grid(
        sheet.name,
        rows,
        row + 1,
        column + 1,
        tuple(Span(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in merged) or facts.merged,
        facts.hidden_rows,
        facts.filtered_rows,
        facts.uncached,
        facts.errors,
        visible,
        facts.reach,
    )


def _plain_links(data: bytes, container: Container) -> bytes:
    """The book with links that the reader of values takes; mostly the very bytes given.

    It gives up at a macro sheet, though not at a dialog, and knows no backslashes.
    """
    links = next((one.name for one in container.members if one.key.endswith(_LINKS)), "")
    said = container.xml(links) if links else b""
    plain = _MACRO_SHEET.sub(b"/dialogsheet", said).replace(b"\\", b"/")
    if plain == said:
        return data
    changed = io.BytesIO()
    with ZipFile(changed, "w") as copy:
        for one in container.members:
            copy.writestr(one.name, plain if one.name == links else container.read(one))
    return changed.getvalue()


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Local names and attributes (local names too) of all elements; the part holds no DTD."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name.rpartition(":")[2], attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(content, True)  # noqa: FBT003 - the parser takes it by position only
    return found


def _sheet_parts(container: Container) -> dict[str, str]:
    """Which part holds which sheet, by way of the workbook's relationships."""
    endings = ("workbook.xml", "workbook.bin")
    book = next(one.name for one in container.members if one.key.endswith(endings))
    folder, _, file = book.rpartition("/")
    links = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
    try:
        relations = _relations(container, book)
        targets = {
            said.get("Id", ""): _resolve(folder, said.get("Target", ""))
            for name, said in (_elements(container.xml(links)) if links in container else [])
            if name == "Relationship"
        }
    except (LookupError, expat.ExpatError):
        return {}
    return {name: targets.get(relation, "") for name, relation in relations.items()}


def _relations(container: Container, book: str) -> dict[str, str]:
    """The relationship of each sheet by its name."""
    if book.lower().endswith(".bin"):
        return sheet_relations(container.part(book))
    sheets = _elements(container.xml(book))
    return {said.get("name", ""): _relation(said) for name, said in sheets if name == "sheet"}


def _relation(said: dict[str, str]) -> str:
    return next((value for key, value in said.items() if key.endswith(":id")), "")


def _resolve(folder: str, target: str) -> str:
    """A relationship's target as a member name: absolute, or relative to the workbook's folder."""
    plain = target.replace("\\", "/")
    path = plain if plain.startswith("/") or not folder else f"{folder}/{plain}"
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def open_workbook(path: str | Path) -> Workbook:
    """Open a workbook for reading: .xlsx, .xlsm, .xltx, .xls, .xlsb, .ods, and .et that is an .xls.

    Raises RequestError XP001 to XP008, one for each way in which this can be impossible.
    """
    path = Path(path)
    with reachable(path):
        data = path.read_bytes()
    return Workbook(path, data)
