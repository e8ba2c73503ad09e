"""The same book as an office computes it: formulas over the ledger, for LibreOffice."""

from pathlib import Path

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from xlplan import load_policy

WEIGHT = 'IF(OR(F{r}="市外",F{r}="境外"),1,0.2)'
MONTHS = 9


def book_with_formulas(path: Path, folder: Path, kind: str) -> Path:
    """A workbook without saved results: weighted shares beside the ledger, sums by unit and month.

    With `kind` SUMIFS the rows bring helper columns; with SUMPRODUCT the sums multiply them out.
    """
    read = CalamineWorkbook.from_path(path)
    projects = read.get_sheet_by_name("项目台账").to_python()[1:]
    receipts = read.get_sheet_by_name("到位资金").to_python()[1:]
    book = Workbook(write_only=True)
    _ledger(book.create_sheet("台账"), projects)
    _receipts(book.create_sheet("到位"), receipts, len(projects))
    _sums(book.create_sheet("完成"), kind, len(receipts))
    target = folder / f"{path.stem}-{kind}.xlsx"
    book.save(target)
    return target


def _ledger(sheet, projects) -> None:
    """Id, name, investor, lead, cooperating, origin, agreement; then weight, lead's share."""
    for number, row in enumerate(projects, start=1):
        r = {"r": number}
        weight = f"={WEIGHT.format(**r)}"
        share = '=IF(E{r}="",1,0.8)'.format(**r)
        sheet.append([*row[:6], row[10], weight, share])


def _receipts(sheet, receipts, projects: int) -> None:
    """Id, month, amount; then by a look-up lead, cooperating, and what each of them is credited."""
    for number, (project, day, amount) in enumerate(receipts, start=1):
        found = f"MATCH(A{number},台账!A$1:A${projects},0)"
        columns = [f"=INDEX(台账!{c}$1:{c}${projects},D{number})" for c in "DEHI"]
        lead = f"=C{number}*G{number}*H{number}"
        other = f"=C{number}*G{number}*(1-H{number})"
        sheet.append([project, day.month, amount, f"={found}", *columns, lead, other])


def _sums(sheet, kind: str, rows: int) -> None:
    """What each unit received up to each month."""

    def column(letter: str) -> str:
        return f"到位!{letter}$1:{letter}${rows}"

    for number, unit in enumerate(load_policy("fuling-2021").units, start=1):
        cells = [unit.name]
        for month in range(1, MONTHS + 1):
            if kind == "SUMIFS":
                by = f'{column("B")},"<={month}"'
                sums = [f"SUMIFS({column(a)},{column(b)},$A{number},{by})" for a, b in _PAIRS]
            else:
                by = f"({column('B')}<={month})*{column('C')}*{column('G')}"
                lead = f"SUMPRODUCT(({column('E')}=$A{number})*{by}*{column('H')})"
                other = f"SUMPRODUCT(({column('F')}=$A{number})*{by}*(1-{column('H')}))"
                sums = [lead, other]
            cells.append(f"={'+'.join(sums)}")
        sheet.append(cells)


_PAIRS = (("I", "E"), ("J", "F"))
