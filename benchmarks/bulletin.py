"""`xlplan bulletin` at several sizes of the ledger, beside `xlplan check`: the figures alone.

    python benchmarks/bulletin.py [1000 10000 100000]

Prints processor seconds, those of child processes included (the least of the runs, taken in turn),
peak memory of the bulletin, how it grows by the project, and its ratio to computing the figures
alone: what is above 1 is the bulletin's own.
"""

import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import books
from recalculate import Took, command, timed

RUNS = 2
TEMPLATE = "quarterly"


def main(sizes: list[int]) -> None:
    """Print the table."""
    print("projects  bulletin s      MB  figures s  bulletin÷figures")
    found: dict[int, Took] = {}
    with tempfile.TemporaryDirectory(prefix="xlplan-bulletin-") as folder:
        for size in sizes:
            found[size] = _row(size, Path(folder))
    for one, two in pairwise(sizes):
        growth = (found[two].cpu / two) / (found[one].cpu / one)
        print(f"from {one:,} to {two:,} a project costs {growth:.2f} times as much")


def _row(size: int, folder: Path) -> Took:
    book = books.book(folder, size)
    filled = ("--template", TEMPLATE, "--out", folder / "filled", "--force")
    bulletin = command("xlplan", "bulletin", book, *filled, out=None)
    figures = command("xlplan", "check", book, out=None)
    took = [(timed(bulletin), timed(figures)) for _ in range(RUNS)]
    mine, theirs = (min(one, key=lambda it: it.cpu) for one in zip(*took, strict=True))
    ratio = mine.cpu / theirs.cpu
    print(f"{size:8,}  {mine.cpu:10.2f}  {mine.memory:6.0f}  {theirs.cpu:9.2f}  {ratio:16.2f}")
    return mine


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1000, 10_000, 100_000])
