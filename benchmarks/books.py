"""Books of any size for the benchmarks: N projects, three receipts each, as a clerk keeps them."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

from xlplan import load_policy, package
from xlplan.model import PROJECT_SHEET, RECEIPT_SHEET, Choice
from xlplan.sheets.description import Block, BlockColumn, CellSpec, Sheet
from xlplan.sheets.inputs import input_sheets

RECEIPTS_EACH = 3
CHOICES = {
    "home-weight": "20%",
    "overseas-origin": "as-out-of-city",
    "joint-received": "as-agreement",
    "joint-count": "lead-only",
    "cooperating-share": "share-equally",
    "tier-count": "highest-only",
    "count-weight": "no",
    "sub-target": "note-only",
    "park-scope": "all-of-table-one",
    "double-listing": "as-recorded",
}


def book(folder: Path, projects: int) -> Path:
    """A workbook with that many projects, made once per folder."""
    path = folder / f"{projects}.xlsx"
    if path.exists():
        return path
    policy = load_policy("fuling-2021")
    chance = Random(projects)
    sheets = {sheet.name: sheet for sheet in input_sheets(policy)}
    sheets[PROJECT_SHEET] = _sheet(PROJECT_SHEET, *_ledger(policy, projects, chance))
    sheets[RECEIPT_SHEET] = _sheet(RECEIPT_SHEET, *_receipts(projects, chance))
    sheets["口径"] = rulings()
    sheets["设置"] = settings()
    package.new_workbook(path, tuple(sheets.values()))
    return path


def _sheet(name: str, heads: list[str], columns: list[list[object]]) -> Sheet:
    cells = tuple(CellSpec(1, place, head) for place, head in enumerate(heads, start=1))
    block = Block(2, 1, tuple(BlockColumn(column) for column in columns))
    return Sheet(name, cells=cells, blocks=(block,))


def _day(chance: Random) -> date:
    return date(2021, 1, 1) + timedelta(days=chance.randrange(273))


def _ledger(policy, projects: int, chance: Random):
    units = [unit.name for unit in policy.units]
    joint = [chance.random() < 0.2 for _ in range(projects)]
    lead = chance.choices(units, k=projects)
    investment = [round(chance.lognormvariate(0.3, 1.2), 4) for _ in range(projects)]
    columns = {
        "项目编号": [f"P{number:06d}" for number in range(projects)],
        "项目名称": [f"示例项目{number}" for number in range(projects)],
        "投资主体": [f"示例企业{number % 9973}有限公司" for number in range(projects)],
        "牵头单位": lead,
        "配合单位": [
            chance.choice([unit for unit in units if unit != first]) if both else ""
            for first, both in zip(lead, joint, strict=True)
        ],
        "来源": chance.choices(policy.origins, weights=[6, 1, 2, 1], k=projects),
        "行业": chance.choices(["工业", "服务业"], k=projects),
        "产业": ["消费品"] * projects,
        "投资额(亿元)": investment,
        "年产值(亿元)": [round(chance.lognormvariate(0.8, 1.3), 4) for _ in range(projects)],
        "协议资金(亿元)": investment,
        "签约日期": [_day(chance) for _ in range(projects)],
        "状态": ["在建"] * projects,
        "备注": [""] * projects,
    }
    return list(columns), list(columns.values())


def _receipts(projects: int, chance: Random):
    rows = projects * RECEIPTS_EACH
    columns = {
        "项目编号": [f"P{number // RECEIPTS_EACH:06d}" for number in range(rows)],
        "到位日期": [_day(chance) for _ in range(rows)],
        "金额(亿元)": [round(chance.lognormvariate(-2, 1), 4) for _ in range(rows)],
    }
    return list(columns), list(columns.values())


def rulings() -> Sheet:
    """The sheet 口径, every ruling chosen."""
    choices = [
        Choice(ruling, option, "示例", date(2021, 7, 20)) for ruling, option in CHOICES.items()
    ]
    columns: list[list[object]] = [
        [choice.ruling for choice in choices],
        [choice.option for choice in choices],
        [choice.decided_by for choice in choices],
        [choice.decided_on for choice in choices],
    ]
    return _sheet("口径", ["编号", "选定", "决定人", "日期"], columns)


def settings() -> Sheet:
    """The sheet 设置."""
    rows: list[list[object]] = [
        ["考核方案", "截止日期", "期间"],
        ["fuling-2021", date(2021, 9, 30), "2021"],
    ]
    block = Block(1, 1, tuple(BlockColumn(column) for column in rows))
    return Sheet("设置", blocks=(block,))
