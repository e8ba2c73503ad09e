"""New workbooks: the empty standard workbook of a policy, and the sample of the demo."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan import files, package, resources, tables
from xlplan.app.buttons import with_macros
from xlplan.container import reason_of
from xlplan.diagnostics import Cell, Diagnostics, RequestError
from xlplan.policy import Policy, load_policy
from xlplan.policy.schema import UnitEntry
from xlplan.sheets.description import Sheet
from xlplan.sheets.inputs import input_sheets

if TYPE_CHECKING:
    from xlplan.package import Written

DEMO = "fuling-2021"
"""The sample that the demo unpacks."""


def new_book(path: Path | str, policy: Policy | str | Path) -> "Written":
    """Write the empty standard workbook of a policy; an existing file is never overwritten.

    An .xlsm gets buttons and the macros that they start.

    Raises:
        RequestError: when the file exists, the folder cannot be written, or the policy is unknown.
    """
    law = policy if isinstance(policy, Policy) else load_policy(policy)
    return _written(path, input_sheets(law))


def _written(path: Path | str, sheets: tuple[Sheet, ...]) -> "Written":
    """Write a new workbook, with buttons where its name says that it may hold macros."""
    if Path(path).suffix.casefold() != ".xlsm":
        return package.new_workbook(path, sheets)
    named, macros = with_macros(sheets)
    return package.new_workbook(path, named, macros=macros)


def new_book_from(
    path: Path | str, policy: Policy | str | Path, old: Path
) -> "tuple[Written, Diagnostics]":
    """The same with units and targets of an issued document or an older table instead.

    `old` may be .docx, .xlsx, .xls, .xlsb or .ods; a unit of it that the policy does not know joins
    the register in the group of its table. What could not be read is in the diagnostics.

    Raises:
        RequestError: as `new_book`; XP016 when no targets were found in `old`.
    """
    law = policy if isinstance(policy, Policy) else load_policy(policy)
    reading = tables.read_ledger(_source(old), law)
    joined = tuple(_unknown_units(reading))
    if joined:
        law = replace(law, units=(*law.units, *joined))
        reading = tables.read_ledger(_source(old), law)
    sheets = input_sheets(law, ledger=reading.ledger)
    # An issued document holds no ledger, and its absence is no fault of it.
    told = (found for found in reading.diagnostics if found.code != "XP207")
    return _written(path, sheets), Diagnostics(told)


def _source(old: Path) -> tables.Source:
    return files.open_document(old) if old.suffix.lower() == ".docx" else files.open_workbook(old)


def _unknown_units(reading: "tables.Reading") -> Iterator[UnitEntry]:
    """Units of a target table that nobody registered, in the group of the rows around them."""
    targets = reading.ledger.targets
    for found in reading.diagnostics:
        if found.code != "XP504" or not isinstance(found.place, Cell):
            continue
        beside = targets[targets["sheet"] == found.place.sheet]
        if not beside.empty:
            nearest = (beside["row"] - found.place.row).abs().to_numpy().argmin()
            yield UnitEntry(str(found.values["text"]), str(beside["group"].iloc[nearest]))


def unpack_demo(folder: Path) -> tuple[Path, bool]:
    """Copy the sample workbook into a folder; an earlier copy is kept. Says whether it is new."""
    shipped = resources.shelf("samples") / DEMO / "任务分解表.xlsx"
    copy = folder / shipped.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if copy.exists():
            return copy, False
        shutil.copyfile(shipped, copy)
    except OSError as trouble:
        raise RequestError("XP006", path=folder, reason=reason_of(trouble)) from trouble
    return copy, True
