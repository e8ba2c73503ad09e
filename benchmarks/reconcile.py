"""`xlplan reconcile` beside a pandas merge with difflib, and beside reading the same cells alone.

    python benchmarks/reconcile.py [units] [projects] [rows] [otherwise] [new]
    python benchmarks/reconcile.py --growth [1000 10000 100000]

By default 400, 10000, 50, 0.02 and 0.01. With `--growth` it is xlplan alone, a table of 50 rows for
every 100 projects of the ledger: how its time grows by the project, and its peak memory.

Every unit hands in a table of its own: half of it the projects that it leads, half those that it
has a part in; of all rows a share is written otherwise without an id, a share is new, one in ten
differs in an amount. Units that keep tables of their own know few ids: 0.2 and 0.1 are the shares
of `matching.py`. Prints seconds of processor time (user and system, child processes
included) and of the wall clock, medians of runs taken in turn, and ratios, which is what travels.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import books
import pandas as pd
from python_calamine import CalamineWorkbook
from recalculate import Took, command, timed

from xlplan import load_policy, package
from xlplan.model import PROJECT_SHEET, UNIT_SHEET
from xlplan.sheets.description import Block, BlockColumn, CellSpec, Sheet
from xlplan.sheets.inputs import input_sheets

HERE = Path(__file__).parent
RUNS = 3
OUT = "报告.xlsx"
PROJECTS_EACH, ROWS_EACH = 100, 50
SHARES = 0.2, 0.1
HEADS = (
    *("项目编号", "项目名称", "投资主体", "牵头单位", "配合单位", "来源", "行业"),
    *("投资额(亿元)", "协议资金(亿元)", "签约日期"),
)
GOODS = (
    "电机",
    "轴承",
    "水泵",
    "风机",
    "阀门",
    "线缆",
    "纸箱",
    "饲料",
    "茶叶",
    "白酒",
    "冷链",
    "模具",
)
BRANDS = "安邦博晨诚达德鼎东丰福富高冠光广海瀚航豪恒宏泓华汇惠吉佳嘉建江金锦京景久聚君凯"


def _name(number: int) -> str:
    brand = BRANDS[number % len(BRANDS)] + BRANDS[number // len(BRANDS) % len(BRANDS)]
    return f"{brand}{GOODS[number % len(GOODS)]}第{number}生产基地"


def projects_of(count: int, units: list[str]) -> list[list[object]]:
    """The ledger's rows, as HEADS has it."""
    chance, rows = Random(count), []
    for number in range(count):
        amount = round(chance.lognormvariate(0.3, 1.2), 4)
        day = date(2021, 1, 1) + timedelta(days=chance.randrange(273))
        lead, other = number % len(units), (number // len(units) * 7 + number + 1) % len(units)
        other = other if other != lead else (lead + 1) % len(units)
        name, firm = _name(number), f"示例{BRANDS[number % len(BRANDS)]}企业{number % 9973}有限公司"
        who = [units[lead], units[other], "市外", "工业"]
        rows.append([f"P{number:06d}", name, firm, *who, amount, amount, day])
    return rows


def _table(name: str, above: list[str], rows: list[list[object]]) -> Sheet:
    cells = [CellSpec(row, 1, text) for row, text in enumerate(above, start=1)]
    head = len(above) + 1
    cells += [CellSpec(head, column, text) for column, text in enumerate(HEADS, start=1)]
    columns = tuple(BlockColumn(list(column)) for column in zip(*rows, strict=True))
    return Sheet(name, tuple(cells), (Block(head + 1, 1, columns),))


def ledger(folder: Path, rows: list[list[object]], units: list[str]) -> Path:
    """The book that is reconciled."""
    policy = load_policy("fuling-2021")
    sheets = {sheet.name: sheet for sheet in input_sheets(policy)}
    sheets[PROJECT_SHEET] = _table(PROJECT_SHEET, [], rows)
    sheets["口径"], sheets["设置"] = books.rulings(), books.settings()
    heads = tuple(CellSpec(1, at, text) for at, text in enumerate(("单位名称", "类别"), start=1))
    groups = [policy.groups[0]] * len(units)
    body = Block(2, 1, (BlockColumn(units), BlockColumn(groups)))
    sheets[UNIT_SHEET] = Sheet(UNIT_SHEET, heads, (body,))
    path = folder / "台账.xlsx"
    package.new_workbook(path, tuple(sheets.values()))
    return path


def hand_in(
    folder: Path, rows: list[list[object]], units: list[str], each: int, shares: tuple[float, float]
) -> Path:
    """A table a unit."""
    folder.mkdir()
    chance = Random(7)
    for unit in units:
        own = [row for row in rows if row[3] == unit][: each // 2]
        part = [row for row in rows if row[4] == unit][: each - len(own)]
        told = [_told(row, chance, *shares) for row in (*own, *part)]
        sheet = _table("报送", [f"{unit}招商引资项目表", f"填报单位：{unit}"], told)
        (folder / f"{unit}.xlsx").write_bytes(package.workbook_bytes((sheet,)))
    return folder


def _told(row: list[object], chance: Random, otherwise: float, new_ones: float) -> list[object]:
    """A row as the unit writes it."""
    told, luck = list(row), chance.random()
    if luck < otherwise:
        told[0], told[1] = "", str(told[1]).replace("生产基地", "基地项目")
    elif luck < otherwise + new_ones:
        new = chance.randrange(10**6)
        told[:3] = ["", f"新办{new}号加工厂", f"新来{new}企业有限公司"]
        told[7] = told[8] = new / 10**5
    elif luck < otherwise + new_ones + 0.1:
        told[7] = round(float(str(told[7])) * 1.1, 4)
    return told


def read_alone(folder: Path) -> None:
    """Every cell of every table, with calamine."""
    for path in sorted(folder.iterdir()):
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def main() -> None:
    """Measure and print."""
    given = [int(text) for text in sys.argv[1:4]]
    otherwise, new_ones = (*map(float, sys.argv[4:]), *(0.02, 0.01)[len(sys.argv[4:]) :])
    count, projects, each = (*given, *(400, 10_000, 50)[len(given) :])
    units = [f"第{number:03d}镇" for number in range(count)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = projects_of(projects, units)
        book = ledger(folder, rows, units)
        handed = hand_in(folder / "报送", rows, units, each, (otherwise, new_ones))
        told = (
            sum(
                len(pd.read_excel(path, header=2, engine="calamine"))
                for path in list(handed.iterdir())[:3]
            )
            / 3
        )
        print(f"{count} files of {told:.0f} rows, ledger of {projects}")
        contestants: dict[str, Callable[[], object]] = {
            "xlplan reconcile": command("xlplan", "reconcile", book, handed, "-o", folder / OUT),
            "reading alone": lambda: read_alone(handed),
            "pandas + difflib": command(
                HERE / "colleague_reconcile.py", book, handed, folder / "同事.xlsx"
            ),
        }
        report(contestants)


def growth(sizes: list[int]) -> None:
    """How long xlplan alone takes for ledgers of several sizes, and tables in proportion."""
    print("projects  tables   cpu s      MB  report MB")
    found: dict[int, Took] = {}
    for size in sizes:
        units = [f"第{number:04d}镇" for number in range(size // PROJECTS_EACH)]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            rows = projects_of(size, units)
            book = ledger(folder, rows, units)
            handed = hand_in(folder / "报送", rows, units, ROWS_EACH, SHARES)
            took = timed(command("xlplan", "reconcile", book, handed, "-o", folder / OUT))
            written = (folder / OUT).stat().st_size / 1e6
        found[size] = took
        print(f"{size:8,}  {len(units):6,}  {took.cpu:6.1f}  {took.memory:6.0f}  {written:9.2f}")
    for one, two in pairwise(sizes):
        ratio = (found[two].cpu / two) / (found[one].cpu / one)
        print(f"from {one:,} to {two:,} a project costs {ratio:.2f} times as much")


def report(contestants: dict[str, Callable[[], object]]) -> None:
    """Run in turn, print medians and what each takes of ours."""
    times: dict[str, list[Took]] = {name: [] for name in contestants}
    for _ in range(RUNS):
        for name, work in contestants.items():
            if not times[name] or times[name][0].wall < 60:
                times[name].append(timed(work))
    took = {
        name: Took(*(statistics.median(one) for one in zip(*runs, strict=True)))
        for name, runs in times.items()
    }
    ours = took["xlplan reconcile"]
    print(f"{'':<18}{'cpu s':>8}{'wall s':>8}{'÷ ours, cpu':>13}{'wall':>7}")
    for name, one in took.items():
        ratios = f"{one.cpu / ours.cpu:>13.2f}{one.wall / ours.wall:>7.2f}"
        print(f"{name:<18}{one.cpu:>8.1f}{one.wall:>8.1f}{ratios}")


if __name__ == "__main__":
    if "--growth" in sys.argv:
        growth([int(text) for text in sys.argv[2:]] or [1000, 10_000, 100_000])
    else:
        main()
