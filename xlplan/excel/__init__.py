"""The door inside a spreadsheet program: what a click on a button does.

A macro starts `python -m xlplan.excel VERB --wb=WORKBOOK --from_xl=1 --hwnd=…`; the verb works on
the workbook that the user has open. Nothing here knows which program it is: Excel and LibreOffice
both answer through xlwings.
"""
