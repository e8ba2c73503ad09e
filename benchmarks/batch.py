"""`xlplan batch recalculate` over many workbooks: how it scales, and what a cluster costs a book.

    python benchmarks/batch.py [BOOKS [PROJECTS [RUNS]]]        default: 120 2000 1

Prints wall-clock seconds (the best of the runs, taken in turn) and ratios: one process against two,
two processes against a Dask scheduler with two workers on this machine, and what a user would write
instead, a loop that starts `xlplan recalculate` once a book (a sixth of them). The cost of handing
a book over is measured by itself: books that are not there, which take no time to treat. At last
the roll-up of all books. Every run writes into a folder of its own and with `--again`.

Where other programs keep the cores busy, the wall clock says little. So the scaling is reckoned
from processor seconds too: our own process works while the others wait, they share the rest.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import books

import xlplan

WORKERS = 2
LOOP = "a loop over the command"
NOTHING = 400
"""Books that are not there, handed over one by one."""


class Took(NamedTuple):
    """Seconds of the wall clock, and of the processor: of this process, and of those that ended."""

    wall: float
    own: float
    others: float

    def on_idle(self, cores: int) -> float:
        """Seconds of the wall clock on so many cores that do nothing else."""
        return self.own + self.others / cores


def timed(work: Callable[[], object]) -> Took:
    """What one call takes."""
    began, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    own, others = (sum(after[at : at + 2]) - sum(before[at : at + 2]) for at in (0, 2))
    return Took(time.perf_counter() - began, own, others)


def county_books(folder: Path, count: int, projects: int) -> list[Path]:
    """So many workbooks of so many projects, one a county."""
    first = books.book(folder, projects)
    paths = [folder / "各区县" / f"区{number:03}" / "任务分解表.xlsx" for number in range(count)]
    for path in paths:
        path.parent.mkdir(parents=True)
        shutil.copy(first, path)
    return paths


def few(paths: list[Path]) -> list[Path]:
    """The books that are enough for the loop, which takes the same for each."""
    return paths[: max(1, len(paths) // 6)]


def contestants(paths: list[Path], folder: Path, address: str) -> dict[str, Callable[[], object]]:
    """What is measured, by name."""

    def batch(**where: object) -> Callable[[], object]:
        def work() -> None:
            out = Path(tempfile.mkdtemp(dir=folder))
            done = xlplan.batch("recalculate", paths, out=out, again=True, **where)
            assert done.count("failed") == 0
            shutil.rmtree(out)

        return work

    def loop() -> None:
        out = Path(tempfile.mkdtemp(dir=folder))
        for number, path in enumerate(few(paths)):
            line = [
                sys.executable,
                "-m",
                "xlplan",
                "recalculate",
                path,
                "-o",
                out / f"{number}.xlsx",
            ]
            subprocess.run(line, check=False, capture_output=True)
        shutil.rmtree(out)

    return {
        "one process": batch(jobs=1),
        "two processes": batch(jobs=2),
        "cluster, two workers": batch(cluster=address),
        LOOP: loop,
    }


def handing_over(folder: Path, address: str) -> dict[str, float]:
    """Seconds a book beyond the work itself, by where the work is done."""
    gone = [folder / "没有" / f"{number}.xlsx" for number in range(NOTHING)]

    def checked(count: int, **where: object) -> float:
        return timed(lambda: xlplan.batch("check", gone[:count], again=True, **where)).wall

    few = NOTHING // 10
    return {
        name: (checked(NOTHING, **where) - checked(few, **where)) / (NOTHING - few)
        for name, where in (("two processes", {"jobs": 2}), ("cluster", {"cluster": address}))
    }


def main() -> None:
    """Measure and print."""
    given = [int(text) for text in sys.argv[1:]]
    count, projects, runs = (*given, *(120, 2000, 1)[len(given) :])
    from distributed import LocalCluster

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XLPLAN_STATE"] = str(folder / "state")
        paths = county_books(folder, count, projects)
        options = {"n_workers": WORKERS, "threads_per_worker": 1, "dashboard_address": None}
        with LocalCluster(**options) as cluster:
            address = cluster.scheduler_address
            work = contestants(paths, folder, address)
            xlplan.batch("check", paths[:1], jobs=1)  # imports are no part of what follows
            times: dict[str, list[Took]] = {name: [] for name in work}
            for _ in range(runs):
                for contestant, one in work.items():
                    times[contestant].append(timed(one))
            costs = handing_over(folder, address)
        rolled = timed(lambda: xlplan.rollup(paths, jobs=2).save(folder / "全市.xlsx")).wall
        report(
            {name: min(taken) for name, taken in times.items()}, costs, rolled, (count, projects)
        )


def report(
    took: dict[str, Took], costs: dict[str, float], rolled: float, size: tuple[int, int]
) -> None:
    """Print seconds and ratios."""
    count, projects = size
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"\n{count} workbooks of {projects} projects; load {load:.1f} at the end")
    done = dict.fromkeys(took, count) | {LOOP: len(few([Path()] * count))}
    for name, it in took.items():
        print(
            f"  {name:26} {it.wall:8.1f} s   {it.wall / done[name]:6.3f} s a book"
            f"   processor {it.own:.1f} + {it.others:.1f} s"
        )
    one, two, cluster, loop = took.values()
    print(f"  scaling, one process / two             {one.wall / two.wall:.2f}")
    print(f"  the same from processor seconds        {one.on_idle(1) / two.on_idle(2):.2f}")
    looped = loop.wall / done[LOOP] * count
    print(f"  a loop over the command / two          {looped / two.wall:.2f}")
    a_book = (loop.own + loop.others) / done[LOOP] * count / (two.own + two.others)
    print(f"  the same from processor seconds        {a_book:.2f}")
    each = (cluster.wall - two.wall) / count
    print(f"  cluster − two processes, a book        {each * 1000:.0f} ms")
    for name, seconds in costs.items():
        print(f"  handing a book over, {name:15}   {seconds * 1000:.1f} ms")
    print(f"  rollup of all, two processes           {rolled:.1f} s, {rolled / count:.3f} s a book")


if __name__ == "__main__":
    main()
