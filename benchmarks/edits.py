"""Changing cells and adding rows in a ledger of 10,000 projects, beside openpyxl.

    python benchmarks/edits.py [PROJECTS]

Both change 500 amounts and add 100 rows. openpyxl loads the whole book and writes it anew, which is
what a clerk's colleague would do; it keeps no charts, controls or cached values. Runs go in turn.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import openpyxl

from xlplan import package
from xlplan.sheets.description import Block, BlockColumn, CellSpec, Sheet

RUNS = 3
CHANGED, ADDED, WIDE = 500, 100, 19


def ledger(path: Path, projects: int) -> None:
    """A ledger of that many projects and 19 columns, texts and amounts."""
    heads = tuple(CellSpec(1, at, f"列{at}") for at in range(1, WIDE + 1))
    columns = tuple(
        BlockColumn([n / 100 + at if at > 10 else f"项目{n}-{at}" for n in range(projects)])
        for at in range(WIDE)
    )
    sheet = Sheet("项目台账", heads, blocks=(Block(2, 1, columns),))
    package.new_workbook(path, [sheet], overwrite=True)


def ours(path: Path, projects: int, amount: float) -> None:
    step = projects // CHANGED
    edits = [package.SetCell("项目台账", 2 + n * step, 12, amount) for n in range(CHANGED)]
    rows = tuple({1: f"新{n}", 12: amount} for n in range(ADDED))
    last = projects + 1
    package.write_edits(
        path, [*edits, package.AddRows("项目台账", last + 1, (1, WIDE), rows, last)]
    )


def theirs(path: Path, projects: int, amount: float) -> None:
    step = projects // CHANGED
    book = openpyxl.load_workbook(path)
    page = book["项目台账"]
    for n in range(CHANGED):
        page.cell(2 + n * step, 12).value = amount
    for n in range(ADDED):
        page.cell(projects + 2 + n, 1).value = f"新{n}"
        page.cell(projects + 2 + n, 12).value = amount
    book.save(path)


def main() -> None:
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XLPLAN_STATE"] = str(Path(folder) / "state")
        for run in range(RUNS):
            spent = []
            for way in (ours, theirs):
                path = Path(folder) / f"{way.__name__}.xlsx"
                ledger(path, projects)
                began = time.process_time()
                way(path, projects, 0.5 + run)
                spent.append(time.process_time() - began)
            ratios.append(spent[1] / spent[0])
            print(f"xlplan {spent[0]:.2f} s, openpyxl {spent[1]:.2f} s, ratio {ratios[-1]:.1f}")
    print(f"median ratio {statistics.median(ratios):.1f}")


if __name__ == "__main__":
    main()
