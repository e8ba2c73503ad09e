"""Workbooks on disk: opened safely, read lazily, never changed here."""

from xlplan.files.workbook import Workbook, open_workbook

__all__ = ["Workbook", "open_workbook"]
