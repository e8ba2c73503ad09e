"""Columns of the ledger as arrays, and codes as columns of text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlplan.diagnostics import Cell
from xlplan.model import Ledger

Codes: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Days: TypeAlias = npt.NDArray[np.datetime64]
Texts: TypeAlias = npt.NDArray[np.object_]


def amounts(column: pd.Series) -> Codes:
    """Grains; a missing one is 0 here, so ask `column.isna()` first."""
    return column.to_numpy(dtype="int64", na_value=0)


def texts(column: pd.Series) -> Texts:
    """Names and words as Python strings."""
    return column.to_numpy(dtype=object)


def days(column: pd.Series) -> Days:
    """Dates to the second; NaT where missing."""
    return column.to_numpy(dtype="datetime64[s]")


def worded(words: Sequence[object] | Texts, codes: Codes) -> pd.Series:
    """The word of each code; much faster than joining on text."""
    vocabulary = np.empty(len(words), dtype=object)
    vocabulary[:] = words
    return pd.Series(vocabulary.take(codes), dtype=object, copy=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """In which projects the cell of a field holds something that could not be read."""

    size: int
    fields: Mapping[str, Flags]

    @classmethod
    def of(cls, projects: pd.DataFrame) -> "Unreadable":
        """As the readers noted it."""
        found: dict[str, Flags] = {}
        for row, names in enumerate(projects["unreadable"].tolist()):
            for name in names:
                found.setdefault(name, np.zeros(len(projects), dtype=bool))[row] = True
        return cls(len(projects), found)

    def __getitem__(self, name: str) -> Flags:
        found = self.fields.get(name)
        return np.zeros(self.size, dtype=bool) if found is None else found


FIELDS = (
    *("amount", "agreement", "investment", "output", "sector"),
    *("signed", "started", "produced"),
)
"""The fields that an amount is read from; of a count the one that makes the project count."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the ledger's records stand: tables by code, and the columns of `FIELDS` in each.

    `sheets` names the sheet of each table; several may stand on one.
    """

    sheets: Texts
    of_projects: Codes
    of_receipts: Codes
    columns: Codes

    @classmethod
    def of(cls, ledger: Ledger) -> "Places":
        """The tables of all records; a column that is unknown is 0."""
        both = (ledger.projects, ledger.receipts)
        sheet, names = pd.factorize(np.concatenate([texts(records["sheet"]) for records in both]))
        number = np.concatenate([amounts(records["block"]) for records in both])
        most = int(number.max(initial=0)) + 1
        codes, tables = pd.factorize(sheet * most + number)
        sheets, numbers = names[tables // most], (tables % most).tolist()
        standing = list(zip(sheets, numbers, strict=True))
        columns = [[ledger.columns.get((*table, name), 0) for table in standing] for name in FIELDS]
        border = len(ledger.projects)
        return cls(sheets, codes[:border], codes[border:], np.array(columns, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Spot:
    """One record of the ledger to be pointed at: its index, its project, the cell in question."""

    index: int
    project: str
    cell: Cell


def spots(ledger: Ledger, records: pd.DataFrame, name: str, which: Flags) -> Iterator[Spot]:
    """Each flagged record, with the cell of that field."""
    found = np.flatnonzero(which)
    if not len(found):
        return
    sheets, rows = texts(records["sheet"]), amounts(records["row"])
    projects, blocks = texts(records["project"]), amounts(records["block"])
    for index in found.tolist():
        place = ledger.cell(sheets[index], int(rows[index]), name, int(blocks[index]))
        yield Spot(index, projects[index], place)
