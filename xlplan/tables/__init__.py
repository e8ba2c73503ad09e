"""From grids to records: finds the tables of a workbook by meaning and reads them."""

from typing import TYPE_CHECKING

from xlplan.tables.grid import Grid, Source, Span, Stored

if TYPE_CHECKING:
    from xlplan.tables.workbook import (
        Reading,
        issued_targets,
        optional_sheets,
        read_ledger,
        read_settings,
    )

__all__ = [
    "Grid",
    "Reading",
    "Source",
    "Span",
    "Stored",
    "issued_targets",
    "optional_sheets",
    "read_ledger",
    "read_settings",
]


def __getattr__(name: str) -> object:
    """The readers of whole workbooks, with pandas; who only opens a file does without them."""
    if name in __all__:
        from xlplan.tables import workbook  # noqa: PLC0415 - lazy

        return getattr(workbook, name)
    raise AttributeError(name)
