"""xlplan: target management for investment promotion (招商引资), inside the clerk's workbook."""

__version__ = "0.1.0"
