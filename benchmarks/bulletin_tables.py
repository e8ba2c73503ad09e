"""Filling many workbooks from one Excel template, beside a plain openpyxl loop over the same one.

    python benchmarks/bulletin_tables.py [DOCUMENTS]

openpyxl loads the template for every document, writes the same values into the same cells with the
template's styles, and saves; it moves neither merges nor formulas, so it does less.
"""

import io
import statistics
import sys
import time
from copy import copy
from fractions import Fraction

import openpyxl
from openpyxl.styles import Border, Font, Side

from xlplan.documents.numbers import Number
from xlplan.documents.workbook import WorkbookTemplate

UNITS = 22
HEADS = ("名称", "目标", "完成", "完成率", "位次")
FIRST = 5
ROUNDS = 5


def template() -> bytes:
    """A table of the units: title, two-row head, one row a unit, a total."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "附表1"
    line = Side(style="thin")
    sheet["A1"] = "{{ 期间 }}完成情况表"
    sheet["A1"].font = Font(name="黑体", size=16)
    sheet.merge_cells("A1:E1")
    for column, head in enumerate(HEADS, 1):
        sheet.cell(2, column, head)
        sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
        cell = sheet.cell(FIRST, column, f"{{{{ u.{head} }}}}")
        cell.border = Border(left=line, right=line, top=line, bottom=line)
        cell.number_format = "0.0%" if head == "完成率" else "0.00"
    sheet["A4"], sheet["A6"] = "{%tr for u in 单位 %}", "{%tr endfor %}"
    sheet["A7"], sheet["C7"] = "合计", "=SUM(C5:C5)"
    sheet["A8"] = "注：截至{{ 截止 }}"
    return saved(book)


def saved(book) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def fields(number: int) -> dict[str, object]:
    """The fields of one document; each has figures of its own."""
    units = [
        {
            "名称": f"示例单位{unit}",
            "目标": Number(Fraction(unit + 1), "亿元"),
            "完成": Number(Fraction(unit * number + 1, 100), "亿元"),
            "完成率": Number(Fraction(unit * number + 1, 100 * (unit + 1)), "%"),
            "位次": Number(Fraction(unit + 1), "位"),
        }
        for unit in range(UNITS)
    ]
    return {"期间": "2021年", "截止": "2021年9月30日", "单位": units}


def by_openpyxl(data: bytes, given: dict[str, object]) -> bytes:
    """The plain loop: load, write, save."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.active
    sheet["A1"] = f"{given['期间']}完成情况表"
    styles = [copy(sheet.cell(FIRST, at)._style) for at in range(1, len(HEADS) + 1)]  # noqa: SLF001 - the quickest way that openpyxl has
    for row, unit in enumerate(given["单位"], FIRST - 1):
        for column, head in enumerate(HEADS, 1):
            value = unit[head]
            cell = sheet.cell(row, column, value if isinstance(value, str) else float(value.value))
            cell._style = styles[column - 1]  # noqa: SLF001 - likewise
    last = FIRST - 1 + UNITS
    sheet.cell(last, 1, "合计")
    sheet.cell(last, 3, f"=SUM(C{FIRST - 1}:C{last - 1})")
    sheet.cell(last + 1, 1, f"注：截至{given['截止']}")
    return saved(book)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    data = template()
    ours = WorkbookTemplate(data, "模板.xlsx")
    ours.fill(fields(0))
    given = [fields(number) for number in range(count // ROUNDS)]
    ways = {"openpyxl": lambda one: by_openpyxl(data, one), "xlplan": ours.fill}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = time.process_time()
            for one in given:
                way(one)
            taken[name].append((time.process_time() - began) / len(given) * 1000)
    for name, rounds in taken.items():
        print(f"{name}: {statistics.median(rounds):.2f} ms a workbook of {UNITS} units")
    ratio = statistics.median(taken["openpyxl"]) / statistics.median(taken["xlplan"])
    print(f"{ratio:.1f} times as fast")


if __name__ == "__main__":
    main()
