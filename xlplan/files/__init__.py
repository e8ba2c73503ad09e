"""Workbooks on disk: opened safely, read lazily, never changed here."""

from pathlib import Path

from xlplan.tables.grid import Grid


class Workbook:
    """A workbook on disk, read once into memory; `digest` is the SHA-256 of the bytes as read."""

    path: Path
    digest: str

    @property
    def name(self) -> str:
        """The file's name."""
        raise NotImplementedError

    def sheet_names(self) -> list[str]:
        """The names of the worksheets in their order."""
        raise NotImplementedError

    def grid(self, name: str) -> Grid:
        """One sheet; KeyError if there is none of that name."""
        raise NotImplementedError


def open_workbook(path: str | Path) -> Workbook:
    """Open a workbook for reading: .xlsx, .xlsm, .xltx, .xls, .xlsb, .ods.

    Raises RequestError XP001 to XP008, one for each way in which this can be impossible.
    """
    raise NotImplementedError
