"""A workbook that is open in Excel or LibreOffice, read and written through xlwings."""

from xlplan.live.book import LiveBook

__all__ = ["LiveBook"]
