"""Filling Word templates beside a plain docxtpl loop, and beside the bare writing of the files.

    python benchmarks/bulletins.py [40 400 4000]

Prints processor seconds (user and system, child processes too; median of the runs, taken in turn)
and ratios for the shipped unit statement: the same template and fields for both. `written` is the
cost of writing the finished bytes to the disk, below which no program can go. `processes` is the
same work by one process a core: how many times as fast by the clock, on a machine with nothing else
to do.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from docxtpl import DocxTemplate
from jinja2 import Environment

from xlplan import resources
from xlplan.app.book import open_book
from xlplan.app.recalculation import Request, recalculate
from xlplan.documents import output
from xlplan.documents.environment import TRACE, sandbox
from xlplan.documents.fields import Reader
from xlplan.documents.word import WordTemplate

RUNS = 3
DOCXTPL_AT_MOST = 400
"""Documents beyond which the plain loop is not waited for; it grows by the document."""

TEMPLATE = resources.shelf("templates") / "unit-statement.docx"
BOOK = resources.shelf("samples") / "fuling-2021" / "任务分解表.xlsx"


def main() -> None:
    """Print the table."""
    sizes = [int(size) for size in sys.argv[1:]] or [40, 400, 4000]
    reader = Reader(recalculate(open_book(BOOK), Request()).figures)
    fields = [reader.of_unit(unit) for unit in reader.units]
    print("documents   xlplan  docxtpl  written  docxtpl÷xlplan  xlplan÷written  processes")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _row(size, [fields[n % len(fields)] for n in range(size)], Path(folder))


def _row(size: int, every: list[dict[str, object]], folder: Path) -> None:
    data = TEMPLATE.read_bytes()
    done = [WordTemplate(data, "t").fill(one).data for one in every[:1]] * size
    works: dict[str, Callable[[], object]] = {
        "xlplan": lambda: _xlplan(data, every, folder),
        "written": lambda: [output.place(folder / f"{n}.docx", one) for n, one in enumerate(done)],
        "processes": lambda: _processes(data, every, folder),
    }
    if size <= DOCXTPL_AT_MOST:
        works["docxtpl"] = lambda: _docxtpl(every, folder)
    runs = [{name: _timed(work) for name, work in works.items()} for _ in range(RUNS)]
    took = {name: statistics.median(run[name].cpu for run in runs) for name in works}
    clock = {name: statistics.median(run[name].clock for run in runs) for name in works}
    plain = took.get("docxtpl")
    times = f"{plain / took['xlplan']:14.1f}" if plain else f"{'—':>14}"
    print(
        f"{size:9} {took['xlplan']:8.2f} {plain or float('nan'):8.2f} {took['written']:8.2f}"
        f" {times}  {took['xlplan'] / took['written']:14.1f}"
        f" {clock['xlplan'] / clock['processes']:10.1f}"
    )


class Took(NamedTuple):
    """Seconds of the processors, children's too, and of the clock."""

    cpu: float
    clock: float


def _timed(work: Callable[[], object]) -> Took:
    before, began = os.times(), time.perf_counter()
    work()
    after = os.times()
    return Took(sum(after[:4]) - sum(before[:4]), time.perf_counter() - began)


def _xlplan(data: bytes, every: list[dict[str, object]], folder: Path) -> None:
    template = WordTemplate(data, "t")
    for n, fields in enumerate(every):
        output.place(folder / f"{n}.docx", template.fill(fields).data)


def _docxtpl(every: list[dict[str, object]], folder: Path) -> None:
    """What the library's own documentation shows, with our filters."""
    for n, fields in enumerate(every):
        template = DocxTemplate(TEMPLATE)
        template.render({**fields, TRACE: []}, _environment())
        template.save(folder / f"{n}.docx")


def _environment() -> Environment:
    return sandbox()


def _processes(data: bytes, every: list[dict[str, object]], folder: Path) -> None:
    half = len(every) // 2
    parts = [every[:half], every[half:]]
    with ProcessPoolExecutor(2) as pool:
        for n in range(len(parts)):
            (folder / str(n)).mkdir(exist_ok=True)
        jobs = [pool.submit(_xlplan, data, part, folder / str(n)) for n, part in enumerate(parts)]
        for job in jobs:
            job.result()


if __name__ == "__main__":
    main()
