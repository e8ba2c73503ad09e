"""From grids to records: finds the tables of a workbook by meaning and reads them."""

from xlplan.tables.grid import Grid, Source, Span
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
    "issued_targets",
    "optional_sheets",
    "read_ledger",
    "read_settings",
]
