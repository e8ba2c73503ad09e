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


def notice(path: Path, above, rows, merged, notes=()) -> Path:
    """A document of another place: one table, with rectangles of cells merged as Word does it."""
    paper = docx.Document()
    for text in above:
        paper.add_paragraph(text)
    table = paper.add_table(len(rows), len(rows[0]))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    for first, last in merged:
        text = table.cell(*first).text
        table.cell(*first).merge(table.cell(*last)).text = text
    for text in notes:
        paper.add_paragraph(text)
    paper.save(str(path))
    return path


BY_QUARTER = (
    (
        "清河县2024年招商引资目标任务分解方案",
        "全县实行月通报、季考核。",
        "2024年2月18日",
        "附件1",
        "清河县2024年招商引资目标任务分解表",
        "单位：万元",
    ),
    (
        ("序号", "责任单位", "协议资金", "", "", "", "", "到位资金"),
        ("", "", "全年", "一季度", "二季度", "三季度", "四季度", ""),
        ("1", "城关镇", "50000", "10000", "15000", "15000", "10000", "20000（其中：外资2000）"),
        ("2", "北山乡", "8000", "2000", "2000", "2000", "2000", "3000"),
        ("合计", "", "58000", "12000", "17000", "17000", "12000", "23000"),
    ),
    (((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 6)), ((0, 7), (1, 7)), ((4, 0), (4, 1))),
)
"""A notice by quarters, in 万元, its total in a cell that reaches over two columns."""

IN_PER_CENT = (
    (
        "南江市人民政府关于印发2023年开放型经济主要目标任务的通知",
        "按季度通报，年终考核。",
        "2023年3月1日",
        "2023年开放型经济主要目标任务表",
    ),
    (
        ("单位", "签约项目", "", "实际利用外资（万美元）", "进出口增速", "投资增长"),
        ("", "个数（个）", "投资总额（亿元）", "", "", ""),
        ("临江区", "20个以上", "100，力争120", "500以上", "12%，力争15%", "10%左右"),
        ("山前县", "10", "50亿元", "—", "8%", "9%"),
        ("全市", "30", "150", "500", "9%", ""),
    ),
    (((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3)), ((0, 4), (1, 4)), ((0, 5), (1, 5))),
)
"""A notice with counts, money, US$ and growth, and the whole city for a total."""

BY_GROUP = (
    (
        "关于下达2025年度招商引资任务的通知",
        "东湖区招商引资工作领导小组",
        "二〇二五年一月十五日",
        "东湖区2025年度招商引资任务一览表（单位：亿元、个）",
    ),
    (
        ("类别", "责任单位", "引进项目数", "", "协议引资额", "审批时限"),
        ("", "", "亿元以上", "10亿元以上", "", ""),
        ("镇街", "湖滨街道", "3", "1", "30", "45个工作日以内"),
        ("", "石桥镇", "2", "", "15", "45个工作日以内"),
        ("", "小计", "5", "1", "45", ""),
        ("部门", "商务局", "2", "1", "40", "30个工作日以内"),
        ("", "小计", "2", "1", "40", ""),
        ("总计", "", "7", "2", "85", ""),
    ),
    (
        *(((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((0, 4), (1, 4))),
        *(((0, 5), (1, 5)), ((2, 0), (4, 0)), ((5, 0), (6, 0)), ((7, 0), (7, 1))),
    ),
)
"""A notice with groups down the side, a sum for each, and ceilings."""
