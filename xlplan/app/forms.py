"""Submission forms: one workbook a unit, made from the policy or from a workbook's own register."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan import package, tables
from xlplan.app.recalculation import Request, period_of, policy_of
from xlplan.container import reason_of
from xlplan.diagnostics import Diagnostics, RequestError
from xlplan.documents import output
from xlplan.model import Settings
from xlplan.sheets.forms import Form, form_sheets

if TYPE_CHECKING:
    from xlplan.app.book import Book
    from xlplan.model import Ledger
    from xlplan.policy import Policy

_STEM = "报送表"


@dataclass(frozen=True, slots=True)
class FormOrder:
    """Where the forms go, and how: one a unit, with what the ledger knows already, replacing."""

    out: Path
    per_unit: bool = False
    filled: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """A form that was written: the unit it is for, "" = for any, and its file."""

    unit: str
    path: Path


def submission_forms(
    book: "Book | None", request: Request, order: FormOrder
) -> tuple[tuple[Issue, ...], Diagnostics]:
    """Write the forms of a book's units, or of the policy's own where there is no book.

    Nothing is written before all of them are known to have a place.

    Raises:
        RequestError: as `recalculate`; XP859 files exist, XP900 there is no unit to ask.
    """
    found = Diagnostics()
    settings = Settings()
    if book is not None:
        settings, found = tables.read_settings(book)
    policy = policy_of(book.name if book else "", request, settings)
    period = period_of(request, settings, policy)
    ledger = None
    if book is not None:
        reading = tables.read_ledger(book, policy)
        found.extend(reading.diagnostics)
        ledger = reading.ledger
    units = _units(policy, ledger) if order.per_unit else [""]
    if not units:
        raise RequestError("XP900", policy=policy.id)
    planned = _planned(units, period.text, order)
    for unit, path in planned:
        form = Form(policy, period.text, unit, ledger, order.filled)
        _place(path, package.workbook_bytes(form_sheets(form)))
    return tuple(Issue(unit, path) for unit, path in planned), found


def _units(policy: "Policy", ledger: "Ledger | None") -> list[str]:
    """The units that are asked: those of the book's register, else of the policy."""
    if ledger is not None:
        return [str(unit) for unit in ledger.units["unit"]]
    return [unit.name for unit in policy.units]


def _planned(units: Sequence[str], period: str, order: FormOrder) -> list[tuple[str, Path]]:
    """Which unit gets which file; XP859 when one exists already and must not be replaced."""
    stems = [f"{unit}{_STEM}{period}" for unit in units]
    paths = [order.out / name for name in output.names(stems, ".xlsx")]
    taken = [path for path in paths if path.exists()]
    if taken and not order.force:
        raise RequestError("XP859", path=taken[0], count=len(taken))
    output.check_folder(order.out)
    return list(zip(units, paths, strict=True))


def _place(path: Path, data: bytes) -> None:
    try:
        output.place(path, data)
    except OSError as error:
        raise RequestError("XP018", path=path, reason=reason_of(error)) from error
