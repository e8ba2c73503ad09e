"""An issued document of a made-up county, as Word has it; the wording is our own."""

from pathlib import Path

import docx

ABOVE = (
    "示例县招商工作通知",
    "示例县2024年招商引资目标任务方案",
    "2024年3月5日",
    "附件2",
    "示例县2024年招商引资任务分解表",
)
PARKS = (
    ("责任单位", "引进项目", "", "经济贡献", ""),
    ("", "重大项目", "较大项目", "协议资金", "到位资金"),
    ("东园", "4", "4", "160（其中：非工业60）", "60"),
    ("西园", "", "2", "30", "—"),
    ("合计", "4个", "6个", "190亿元", "60亿元"),
)
OFFICES = (
    ("责任单位", "引进项目", "", "经济贡献协议资金"),
    ("", "重大项目", "较大项目", ""),
    ("商务局", "1", "2", "5"),
    ("合计", "1个", "2个", "5亿元"),
)
NOTES = (
    "备注：1．重大项目是指投资10亿元及以上或年产值30亿元及以上的项目；较大项目是指投资2亿元及以上的项目。",
    "2．联合招商项目由牵头、配合单位分别计入。",
    "3．实行季通报、年考核。",
    "4．境外项目另行规定。",
)


def issued(path: Path, *, above=ABOVE, parks=PARKS, offices=OFFICES, notes=NOTES) -> Path:
    """Write the document; every part of it can be another one."""
    paper = docx.Document()
    for text in (*above, "（一）园区"):
        paper.add_paragraph(text)
    _table(paper, parks)
    paper.add_paragraph("（二）部门")
    _table(paper, offices)
    for text in notes:
        paper.add_paragraph(text)
    paper.save(str(path))
    return path


def _table(paper, rows):
    """A table whose heads are merged over the columns and rows that they cover."""
    table = paper.add_table(len(rows), len(rows[0]))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    for column, (upper, lower) in enumerate(zip(*rows[:2], strict=True)):
        if upper and not lower:
            table.cell(0, column).merge(table.cell(1, column))
        if not upper:
            table.cell(0, column - 1).merge(table.cell(0, column))
