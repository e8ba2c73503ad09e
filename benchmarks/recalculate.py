"""`xlplan recalculate` beside what a user would pick instead, and beside what nobody can go below.

    python benchmarks/recalculate.py [--office] [1000 10000 100000]

Prints seconds of processor time, user and system, those of child processes included (the least of
the runs, taken in turn: what the machine does besides only ever adds), peak memory where the work
is a process of its own, and ratios; the ratios are what travels from one machine to another. The
colleague's script is run once where it takes minutes. `--office` lets LibreOffice recalculate the
same book with formulas, SUMIFS and SUMPRODUCT; after fifteen minutes it is stopped.
"""

import gc
import os
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import bare
import books
import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook

from xlplan import crediting, progress, statistics, tables
from xlplan.app.book import open_book
from xlplan.container import deflate
from xlplan.policy import load_policy
from xlplan.quantity import parse_period

HERE = Path(__file__).parent
RUNS = 3
SLOW = 60.0


PATIENCE = 900.0
SHEETS = ("任务分解", "项目台账", "到位资金")


class Took(NamedTuple):
    """What a call takes: seconds of the processor, of the wall clock, and MB where it tells."""

    cpu: float
    wall: float
    memory: float = 0.0


def timed(work: Callable[[], object]) -> Took:
    """What one call takes; a process of its own answers with the MB that it held at its peak."""
    began, used = time.perf_counter(), _processor()
    memory = work()
    took = _processor() - used, time.perf_counter() - began
    return Took(*took, memory if isinstance(memory, float) else 0.0)


def _processor() -> float:
    """Seconds of the processor so far, those of processes that ended included."""
    return time.process_time() + sum(os.times()[2:4])


_TOLD = """
import atexit, pathlib, runpy, sys
def told():
    said = pathlib.Path("/proc/self/status").read_text()
    print("peak", next(line.split()[1] for line in said.splitlines() if "VmHWM" in line))
atexit.register(told)
sys.argv = sys.argv[1:]
if sys.argv[0] == "xlplan":
    runpy.run_module("xlplan", run_name="__main__", alter_sys=True)
else:
    runpy.run_path(sys.argv[0], run_name="__main__")
"""


def command(*arguments: object, out: object = "the last") -> Callable[[], float]:
    """A whole process, its start included; compiled modules are kept, as for any user.

    The file that it writes, its last argument, is removed before; None where it writes none.
    """
    line = [sys.executable, "-c", _TOLD, *map(str, arguments)]
    environment = {name: it for name, it in os.environ.items() if "BYTECODE" not in name}

    def work() -> float:
        if out is not None:  # an output that already is as wanted costs less
            Path(line[-1]).unlink(missing_ok=True)
        done = subprocess.run(line, check=False, capture_output=True, env=environment)
        return int(re.findall(rb"peak (\d+)", done.stdout)[-1]) / 1024

    return work


def read_bare(path: Path) -> None:
    """Every cell of the input sheets, with calamine."""
    book = CalamineWorkbook.from_path(path)
    kept = [book.get_sheet_by_name(name).to_python() for name in SHEETS]
    assert kept


def read_memory(path: Path) -> float:
    """MB that the same reading holds at its peak, in a process that does nothing else."""
    code = (
        "import pathlib, sys; from python_calamine import CalamineWorkbook\n"
        "book = CalamineWorkbook.from_path(sys.argv[1])\n"
        f"kept = [book.get_sheet_by_name(name).to_python() for name in {SHEETS!r}]\n"
        "said = pathlib.Path('/proc/self/status').read_text()\n"
        "print(next(line.split()[1] for line in said.splitlines() if 'VmHWM' in line))\n"
    )
    line = [sys.executable, "-c", code, str(path)]
    return int(subprocess.run(line, check=True, capture_output=True).stdout) / 1024


def deflater():
    """What packs a large part in xlplan, so that the floor packs as fast."""
    return deflate.deflater(bare.LEVEL, large=True)


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
        known = statistics.statistics(credited.credits, ledger, policy, period, day)
        counted = progress.Counted(credited.credits, known.readings)
        return progress.progress(counted, ledger, policy, period, day)

    return work


def exact(path: Path) -> Callable[[], object]:
    """The same figures in polars on whole numbers, from frames in memory."""
    import polars as pl

    book = pd.read_excel(path, sheet_name=["项目台账", "到位资金"], engine="calamine")
    names = {"项目编号": "id", "牵头单位": "lead", "配合单位": "with", "来源": "origin"}
    money = {"投资额(亿元)": "invested", "年产值(亿元)": "output", "协议资金(亿元)": "amount"}
    projects = book["项目台账"].rename(columns=names | money)[[*names.values(), *money.values()]]
    projects = projects.fillna({"with": ""})
    receipts = book["到位资金"].rename(columns={"项目编号": "id", "金额(亿元)": "amount"})
    held = pl.DataFrame({name: projects[name].to_list() for name in projects})
    paid = pl.DataFrame({name: receipts[name].to_list() for name in ("id", "amount")})
    fen = (pl.col("amount") * 1e10).round().cast(pl.Int64)

    def work() -> object:
        big = (pl.col("invested") >= 20) | (pl.col("output") >= 50)
        larger = (pl.col("invested") >= 10) | (pl.col("output") >= 30)
        tier = pl.when(big).then(pl.lit("重大项目")).when(larger).then(pl.lit("较大项目"))
        tier = tier.when(pl.col("invested") >= 1).then(pl.lit("重点项目"))
        base = held.with_columns(
            weight=pl.when(pl.col("origin").is_in(["市外", "境外"])).then(5).otherwise(1),
            joint=pl.col("with") != "",
            tier=tier.otherwise(pl.lit("一般项目")),
            fen=fen,
        )
        got = paid.with_columns(fen=fen).join(base.drop("amount", "fen"), on="id")
        lines = []
        for name, source in (("协议资金", base), ("到位资金", got)):
            part = source.select("lead", "with", "joint", worth=pl.col("fen") * pl.col("weight"))
            second = pl.col("worth") // 5
            lead = pl.when("joint").then(pl.col("worth") - second).otherwise(pl.col("worth"))
            lines += [
                part.select(unit="lead", measure=pl.lit(name), credit=lead),
                part.filter("joint").select(unit="with", measure=pl.lit(name), credit=second),
            ]
        one = pl.lit(1, dtype=pl.Int64)
        lines.append(base.select(unit="lead", measure="tier", credit=one))
        detail = pl.concat(lines)
        return detail, detail.group_by("unit", "measure").agg(pl.col("credit").sum())

    return work


def least(contestants: dict[str, Callable[[], object]]) -> dict[str, Took]:
    """The least that each contestant takes, run in turn; once where it takes minutes."""
    times: dict[str, list[Took]] = {name: [] for name in contestants}
    for _ in range(RUNS):
        for name, work in contestants.items():
            if times[name] and times[name][0].cpu > SLOW:
                continue
            times[name].append(timed(work))
    return {name: min(taken) for name, taken in times.items()}


def measure(path: Path, folder: Path) -> dict[str, Took]:
    """What each contestant takes."""
    out = folder / "o.xlsx"
    ours = command("xlplan", "recalculate", path, "-o", out)
    ours()
    parts = bare.parts(path, out)
    gc.freeze()  # millions of values that no search for cycles shall go through time and again
    contestants: dict[str, Callable[[], object]] = {
        "xlplan recalculate": ours,
        "calamine read": lambda: read_bare(path),
        "raw write": lambda: bare.write(parts, folder / "raw.zip", deflater),
        "raw write, zlib": lambda: bare.write(
            parts, folder / "raw.zip", lambda: zlib.compressobj(bare.LEVEL, zlib.DEFLATED, -15)
        ),
        "pandas + openpyxl": command(HERE / "colleague.py", path, folder / "c.xlsx"),
        "engine": engine(path),
        "pandas floats": floats(path),
        "polars int64": exact(path),
    }
    return least(contestants)


def by_office(path: Path, folder: Path, kind: str) -> tuple[Took, bool]:
    """LibreOffice opening the same book with formulas, computing and saving; whether it ended."""
    from formulas import book_with_formulas

    source = book_with_formulas(path, folder, kind)
    line = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/office"]
    line += ["--convert-to", "xlsx", "--outdir", str(folder / "calculated"), str(source)]
    ended: list[bool] = []
    return timed(lambda: ended.append(_in_time(line))), ended[0]


def _in_time(line: list[str]) -> bool:
    """Whether LibreOffice ends in time; else it is stopped, in a way that its seconds are told."""
    with subprocess.Popen(
        line, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as started:
        try:
            return started.wait(PATIENCE) == 0
        except subprocess.TimeoutExpired:
            # Its starter waits for it: so the starter's seconds hold those of what it started.
            subprocess.run(["pkill", "-KILL", "-g", str(started.pid), "soffice.bin"], check=True)
            return False


def say(size: int, took: dict[str, Took], reading: float) -> None:
    """The table of one size, and what follows from it."""
    cpu = {contestant: one.cpu for contestant, one in took.items()}
    ours = cpu["xlplan recalculate"]
    print(f"\n{size} projects, {size * books.RECEIPTS_EACH} receipts")
    for contestant, one in took.items():
        memory = f"{one.memory:6.0f} MB" if one.memory else " " * 9
        share = f"{one.cpu / ours:7.2f} × the command"
        print(f"  {contestant:20} {one.cpu:9.3f} s   ({one.wall:.3f})   {memory}   {share}")
    floor = cpu["calamine read"] + cpu["raw write"]
    print(f"  command / (calamine read + raw write)   {ours / floor:.2f}")
    print(f"  pandas + openpyxl / command             {cpu['pandas + openpyxl'] / ours:.2f}")
    print(f"  engine / pandas floats, / polars int64  {cpu['engine'] / cpu['pandas floats']:.2f}")
    print(f"                                          {cpu['engine'] / cpu['polars int64']:.2f}")
    peak = took["xlplan recalculate"].memory
    print(f"  memory: reading alone {reading:.0f} MB, command / this {peak / reading:.2f}")


def main() -> None:
    """Measure at each size and print the ratios."""
    arguments = [text for text in sys.argv[1:] if text != "--office"]
    sizes = [int(text) for text in arguments] or [1_000, 10_000, 100_000]
    per_project = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in sizes:
            path = books.book(folder, size)
            took = measure(path, folder)
            ours = took["xlplan recalculate"].cpu
            per_project[size] = ours / size
            say(size, took, read_memory(path))
            for kind in ("SUMIFS", "SUMPRODUCT") if "--office" in sys.argv else ():
                one, ended = by_office(path, folder, kind)
                how = "" if ended else "   stopped before its end"
                more = f"{one.cpu / ours:7.2f} × the command{how}"
                print(
                    f"  LibreOffice {kind:8} {one.cpu:9.3f} s   ({one.wall:.1f})   {more}",
                    flush=True,
                )
    for first, last in pairwise(sizes):
        ratio = per_project[last] / per_project[first]
        print(f"\ntime per project, {last} against {first}: {ratio:.2f}")


if __name__ == "__main__":
    main()
