"""The book that a verb works on: where its grids come from and where its sheets go."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from xlplan import files, package
from xlplan.app.buttons import holds_macros, with_buttons
from xlplan.diagnostics import RequestError
from xlplan.sheets.description import Sheet
from xlplan.tables import Grid, Source

if TYPE_CHECKING:
    from xlplan.package import Change, Written


class Saved(Protocol):
    """What came of saving; `changed` is False where everything already was as wanted."""

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        ...

    @property
    def added(self) -> tuple[str, ...]:
        """The sheets that are new."""
        ...

    @property
    def replaced(self) -> tuple[str, ...]:
        """The sheets that were there before."""
        ...


BESIDE = "-结果.xlsx"
"""What follows the stem of a book that cannot take sheets in the name of the file beside it."""


class Book(Source, Protocol):
    """A source of grids that also takes result sheets: a file on disk, or a live workbook."""

    @property
    def takes_results(self) -> bool:
        """Whether result sheets go into this very book, so that they may refer to its sheets."""
        ...

    def put(self, sheets: Sequence[Sheet]) -> None:
        """Take the sheets that the next save writes; earlier ones are forgotten."""

    def save(self, out: Path | str | None = None) -> Saved:
        """Write the sheets taken, and nothing else."""
        ...


class FileBook:
    """A workbook on disk; read once, written only by `save`."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._read = files.open_workbook(self.path)
        self._sheets: tuple[Sheet, ...] = ()

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes that were read."""
        return self._read.digest

    @property
    def takes_results(self) -> bool:
        """Whether sheets can be spliced into it; .xls, .xlsb and .ods get a file beside them."""
        return self._read.form == "xlsx"

    def sheet_names(self) -> list[str]:
        """The names of its sheets in order."""
        return self._read.sheet_names()

    def grid(self, name: str) -> Grid:
        """The cells of one sheet, read when asked for."""
        return self._read.grid(name)

    def title(self, name: str) -> object:
        """The first cell of one sheet, mostly without reading the others."""
        return self._read.title(name)

    def forget(self) -> None:
        """Let go of the cells that were read."""
        self._read.forget()

    def put(self, sheets: Sequence[Sheet]) -> None:
        """Take the sheets that `changes` compares and `save` writes.

        In a book that holds our macros, those that are new get the buttons that start them.
        """
        pressed = self.takes_results and holds_macros(self.path)
        self._sheets = tuple(map(with_buttons, sheets)) if pressed else tuple(sheets)

    def changes(self) -> "list[Change]":
        """The cells that `save` would change, without writing anything; none in a new file."""
        return package.changes(self.path, self._sheets) if self.takes_results else []

    def save(self, out: Path | str | None = None) -> "Written":
        """Splice the sheets taken into the file, or into a copy of it named `out`.

        A book that cannot take sheets stays as it is; they go into a new .xlsx, beside it unless
        `out` says where.

        Raises:
            RequestError: when the file cannot be written back without loss, changed since it was
                read, or is in use; it is untouched then.
        """
        if out is None and not self.takes_results:
            out = self.path.with_name(f"{self.path.stem}{BESIDE}")
        if out is not None and Path(out).is_dir():
            raise RequestError("XP007", path=out)
        digest = self._read.digest
        return package.write_sheets(self.path, self._sheets, out, source_digest=digest)


def open_book(path: Path | str) -> FileBook:
    """Open a workbook on disk for reading, and for writing its result sheets back.

    Raises:
        RequestError: when there is no such file, or it is not a readable workbook.
    """
    return FileBook(path)
