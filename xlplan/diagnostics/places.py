"""Where something is: places are values, never parsed back from text."""

import re
from dataclasses import dataclass
from functools import cache

_ADDRESS = re.compile(r"\$?(?P<letters>[A-Z]{1,3})\$?(?P<row>[1-9][0-9]{0,6})")


@cache
def column_letters(column: int) -> str:
    """Name a column as spreadsheets do; `column` counts from 1.

    >>> column_letters(1), column_letters(27), column_letters(16384)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a workbook; rows and columns count from 1; row 0 means the sheet as a whole."""

    sheet: str
    row: int = 0
    column: int = 0

    @property
    def address(self) -> str:
        """The cell without its sheet: `N19`, `19:19` for a whole row, "" for a whole sheet.

        >>> Cell("项目台账", 19, 14).address
        'N19'
        """
        if not self.row:
            return ""
        if not self.column:
            return f"{self.row}:{self.row}"
        return f"{column_letters(self.column)}{self.row}"

    @classmethod
    def parse(cls, sheet: str, address: str) -> "Cell | None":
        """The cell of a sheet that an address such as `N19` or `$N$19` names, else None.

        >>> Cell.parse("项目台账", "$N$19")
        Cell(sheet='项目台账', row=19, column=14)
        """
        found = _ADDRESS.fullmatch(address.strip().upper())
        if found is None:
            return None
        column = 0
        for letter in found["letters"]:
            column = column * 26 + ord(letter) - ord("A") + 1
        return cls(sheet, int(found["row"]), column)

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}" if self.row else self.sheet


@dataclass(frozen=True, slots=True)
class Key:
    """A place inside a policy file: the file's id and the dotted path of a key."""

    policy: str
    path: str

    def __str__(self) -> str:
        return f"{self.policy}: {self.path}"


@dataclass(frozen=True, slots=True)
class Clause:
    """A place inside an issued document, such as 附件2备注2 of fuling-2021."""

    policy: str
    place: str

    def __str__(self) -> str:
        return f"{self.policy} {self.place}"


@dataclass(frozen=True, slots=True)
class File:
    """A file as a whole."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A place inside a document: the file, and the place as a clerk calls it, 表2第3行第1格."""

    file: str
    where: str

    def __str__(self) -> str:
        return f"{self.file} {self.where}"


@dataclass(frozen=True, slots=True)
class InBook:
    """A cell of one of many workbooks: the name that tells the book from the others, the cell."""

    book: str
    cell: Cell

    def __str__(self) -> str:
        return f"{self.book} {self.cell}"


Place = Cell | Key | Clause | File | Paragraph | InBook
