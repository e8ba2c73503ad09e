"""Excel templates for tests, drawn as text: a row a line, cells parted by bars."""

import io
import zipfile
from fractions import Fraction

import openpyxl

from xlplan.documents.numbers import Number
from xlplan.documents.workbook import WorkbookTemplate

GROUPED = """
    {{ 期间 }}完成情况 | | |
    单位 | 目标 | 完成 | 完成率
    {%tr for c in 类别 %}
    {{ c.名称 }} | | |
    {%tr for u in c.单位 %}
    {{ u.名称 }} | {{ u.目标|或('-') }} | {{ u.完成 }} | =C6/B6
    {%tr endfor %}
    小计 | =SUM(B6:B6) | =SUM(C6) | =C8/B8
    {%tr endfor %}
    总计 | =SUM(B8) | =SUM(C6:C6) | =$C$10/B10
    注：{{ 说明 }}
"""
"""Two loops, one in the other, with subtotals and a total."""


def drawn(text, *, sheet="附表"):
    """A workbook of one sheet with these cells, to be dressed further."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row, line in enumerate(text.strip().splitlines(), 1):
        for column, said in enumerate(_parted(line), 1):
            if said:
                page.cell(row, column, said)
    return book


def _parted(line):
    """The cells of a line; a bar in a tag is a filter's."""
    return [cell.strip() for cell in line.split(" |")]


def saved(book):
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def filled(book, fields):
    """The workbook filled, as openpyxl reads it."""
    data = WorkbookTemplate(saved(book), "模板.xlsx").fill(fields).data
    return openpyxl.load_workbook(io.BytesIO(data))


def grid(page):
    """The cells of a sheet, row by row, without the empty ends of rows."""
    rows = []
    for row in page.iter_rows(values_only=True):
        values = list(row)
        while values and values[-1] is None:
            values.pop()
        rows.append(values)
    return rows


def part(data, name):
    """One part of a package as text."""
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def number(value, unit="亿元", source=""):
    return Number(None if value is None else Fraction(value), unit, source, "完成")


def groups(*sizes):
    """Groups of so many units; unit n has done n and a half of 10."""
    count = iter(range(1, sum(sizes) + 1))
    return [
        {
            "名称": f"第{place}类",
            "单位": [
                {
                    "名称": f"单位{n}",
                    "目标": number(10),
                    "完成": number(f"{n}.5", source=f"完成情况!E{n}"),
                }
                for n in (next(count) for _ in range(size))
            ],
        }
        for place, size in enumerate(sizes, 1)
    ]


def fields(*sizes):
    """Fields for `GROUPED`."""
    return {"期间": "2021年", "说明": "甲<乙>&丙", "类别": groups(*sizes)}
