"""`xlplan recalculate` beside what a user would pick instead, and beside the bare reading.

    python benchmarks/recalculate.py [1000 10000 100000]

Prints seconds of processor time, user and system, those of child processes included (median of the
runs, taken in turn; the wall clock's beside them), and ratios; the ratios are what travels from one
machine to another. The colleague's script is run once where it takes minutes.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import books
import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook

from xlplan import crediting, progress, tables
from xlplan.app.book import open_book
from xlplan.policy import load_policy
from xlplan.quantity import parse_period

HERE = Path(__file__).parent
RUNS = 3
SLOW = 60.0


class Took(NamedTuple):
    """Seconds that a call takes: of the processor, and of the wall clock."""

    cpu: float
    wall: float


def timed(work: Callable[[], object]) -> Took:
    """Seconds that one call takes."""
    began, used = time.perf_counter(), _processor()
    work()
    return Took(_processor() - used, time.perf_counter() - began)


def _processor() -> float:
    """Seconds of the processor so far, those of processes that ended included."""
    return time.process_time() + sum(os.times()[2:4])


def command(*arguments: object) -> Callable[[], object]:
    """A whole process, its start included."""
    line = [sys.executable, *map(str, arguments)]

    def work() -> object:
        Path(line[-1]).unlink(missing_ok=True)  # an output that already is as wanted costs less
        return subprocess.run(line, check=False, capture_output=True)

    return work


def read_bare(path: Path) -> None:
    """Every cell of the input sheets, with calamine."""
    book = CalamineWorkbook.from_path(path)
    for name in ("任务分解", "项目台账", "到位资金"):
        book.get_sheet_by_name(name).to_python()


def floats(path: Path) -> Callable[[], object]:
    """The same figures in vectorised pandas on floats, from frames in memory."""
    book = pd.read_excel(path, sheet_name=["项目台账", "到位资金"], engine="calamine")
    projects, receipts = book["项目台账"], book["到位资金"]
    weights = {"市外": 1.0, "境外": 1.0, "区外市内": 0.2, "区内": 0.2}

    def work() -> tuple[object, object]:
        joint = projects["配合单位"].notna()
        weight = projects["来源"].map(weights)
        share = pd.Series(np.where(joint, 0.8, 1.0), index=projects.index)
        invested, output = projects["投资额(亿元)"], projects["年产值(亿元)"]
        tier = np.select(
            [(invested >= 20) | (output >= 50), (invested >= 10) | (output >= 30), invested >= 1],
            ["重大项目", "较大项目", "重点项目"],
            "一般项目",
        )
        base = projects.assign(weight=weight, lead=share, tier=tier)
        lines = []
        amounts = base.assign(amount=base["协议资金(亿元)"], measure="协议资金")
        received = receipts.merge(base, on="项目编号")
        received = received.assign(amount=received["金额(亿元)"], measure="到位资金")
        for source in (amounts, received):
            lead = source.assign(unit=source["牵头单位"], share=source["lead"])
            both = source[source["配合单位"].notna()]
            lines += [lead, both.assign(unit=both["配合单位"], share=0.2)]
        lines.append(base.assign(unit=base["牵头单位"], amount=1, weight=1, share=1, measure=tier))
        detail = pd.concat(lines, ignore_index=True)
        detail["credit"] = detail["amount"] * detail["weight"] * detail["share"]
        return detail, detail.groupby(["unit", "measure"])["credit"].sum()

    return work


def engine(path: Path) -> Callable[[], object]:
    """Our computation alone: a ledger in memory → credits and standings."""
    policy, period, day = load_policy("fuling-2021"), parse_period("2021"), date(2021, 9, 30)
    assert period is not None
    ledger = tables.read_ledger(open_book(path), policy).ledger

    def work() -> object:
        credited = crediting.credit(ledger, policy, period, day)
        return progress.progress(credited.credits, ledger, policy, period, day)

    return work


def measure(path: Path, folder: Path) -> dict[str, Took]:
    """Median seconds of each contestant, run in turn."""
    contestants = {
        "xlplan recalculate": command("-m", "xlplan", "recalculate", path, "-o", folder / "o.xlsx"),
        "pandas + openpyxl": command(HERE / "colleague.py", path, folder / "c.xlsx"),
        "calamine read": lambda: read_bare(path),
        "engine": engine(path),
        "pandas floats": floats(path),
    }
    times: dict[str, list[Took]] = {name: [] for name in contestants}
    for _ in range(RUNS):
        for name, work in contestants.items():
            if times[name] and times[name][0].cpu > SLOW:
                continue
            times[name].append(timed(work))
    return {
        name: Took(*(statistics.median(one) for one in zip(*taken, strict=True)))
        for name, taken in times.items()
    }


def main() -> None:
    """Measure at each size and print the ratios."""
    sizes = [int(text) for text in sys.argv[1:]] or [1_000, 10_000, 100_000]
    per_project = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in sizes:
            took = measure(books.book(folder, size), folder)
            cpu = {contestant: seconds.cpu for contestant, seconds in took.items()}
            ours = cpu["xlplan recalculate"]
            per_project[size] = ours / size
            print(f"\n{size} projects, {size * books.RECEIPTS_EACH} receipts")
            for contestant, seconds in took.items():
                print(
                    f"  {contestant:20} {seconds.cpu:9.3f} s   ({seconds.wall:.3f})"
                    f"   {seconds.cpu / ours:7.2f} × the command"
                )
            print(f"  engine / pandas floats        {cpu['engine'] / cpu['pandas floats']:.2f}")
            print(f"  pandas + openpyxl / command   {cpu['pandas + openpyxl'] / ours:.2f}")
            print(f"  command / calamine read       {ours / cpu['calamine read']:.2f}")
    first, last = sizes[-2:] if len(sizes) > 1 else (sizes[0], sizes[0])
    print(
        f"\ntime per project, {last} against {first}: {per_project[last] / per_project[first]:.2f}"
    )


if __name__ == "__main__":
    main()
