"""Workbooks on disk: opened safely, read lazily, never changed here."""

from xlplan.files.word import Document, open_document
from xlplan.files.workbook import Workbook, open_workbook

__all__ = ["Document", "Workbook", "open_document", "open_workbook"]
