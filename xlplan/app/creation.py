"""New workbooks: the empty standard workbook of a policy, and the sample of the demo."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan import package, resources
from xlplan.diagnostics import RequestError
from xlplan.policy import Policy, load_policy
from xlplan.sheets.inputs import input_sheets

if TYPE_CHECKING:
    from xlplan.package import Written

DEMO = "fuling-2021"
"""The sample that the demo unpacks."""


def new_book(path: Path | str, policy: Policy | str | Path, old: Path | None = None) -> "Written":
    """Write the empty standard workbook of a policy; an existing file is never overwritten.

    `old` is a document or table that units and targets are taken from instead of the policy's.

    Raises:
        RequestError: when the file exists, the folder cannot be written, or the policy is unknown.
    """
    law = policy if isinstance(policy, Policy) else load_policy(policy)
    ledger = None
    if old is not None:
        from xlplan.app.book import open_book  # noqa: PLC0415 - readers are heavy
        from xlplan.tables import read_ledger  # noqa: PLC0415

        ledger = read_ledger(open_book(old), law).ledger
    return package.new_workbook(path, input_sheets(law, ledger=ledger))


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
        raise RequestError("XP006", path=folder, reason=trouble.strerror) from trouble
    return copy, True
