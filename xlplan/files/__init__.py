"""Workbooks on disk: opened safely, read lazily, never changed here."""

from xlplan.files.any import open_table
from xlplan.files.delimited import Delimited
from xlplan.files.word import Document, open_document
from xlplan.files.workbook import Workbook, open_workbook

__all__ = [
    "Delimited",
    "Document",
    "Workbook",
    "open_document",
    "open_table",
    "open_workbook",
]
