"""How long commands take to start: `xlplan --help` beside click, all others on the small sample.

    python benchmarks/startup.py

Prints processor time in milliseconds (the least of many runs, taken in turn: what the machine does
besides only ever adds) and ratios: to bare click, and to Python with pandas, which whatever
computes cannot do without. Nothing is warm: each run is a new process.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from xlplan import resources

RUNS, COLD_RUNS = 30, 5
XLPLAN = str(Path(sys.executable).with_name("xlplan"))
SAMPLE = resources.shelf("samples") / "fuling-2021"
PAPER = resources.shelf("samples") / "bulletins" / "完好通报.docx"

WORKS = {
    "python": [sys.executable, "-c", ""],
    "import click": [sys.executable, "-c", "import click"],
    "import pandas": [sys.executable, "-c", "import pandas"],
    "xlplan --help": [XLPLAN, "--help"],
    "xlplan --version": [XLPLAN, "--version"],
    "xlplan policies": [XLPLAN, "policies"],
    "import xlplan": [sys.executable, "-c", "import xlplan"],
}

COMMANDS = (
    "policy fuling-2021",
    "new 新.xlsx --policy fuling-2021",
    "check-document 公文.docx",
    "submission-form 本.xlsx --out 报送表",
    "check 本.xlsx",
    "explain 本.xlsx 完成情况!F7",
    "recalculate 本.xlsx",
    "undo 本.xlsx",
    "bulletin 本.xlsx --template quarterly --out 通报",
    "reconcile 本.xlsx 报送 -o 报告.xlsx",
    "return-slips 报告.xlsx --out 退回",
    "rollup 本.xlsx --jobs 1 -o 汇总.xlsx",
    "batch check 本.xlsx --jobs 1",
    "demo 示例",
)
"""Every command, each with what the ones before it made."""


def main() -> None:
    """Print both tables."""
    here = Path.cwd()
    runs = [{name: _took(work, here) for name, work in WORKS.items()} for _ in range(RUNS)]
    _report(runs, "import click")
    print()
    _report([_in_turn() for _ in range(COLD_RUNS)], "import pandas")


def _report(runs: list[dict[str, float]], yardstick: str) -> None:
    """The least of the runs, and its ratio to the yardstick's."""
    least = {name: min(run[name] for run in runs) for name in runs[0]}
    for name, took in least.items():
        ratio = took / least[yardstick]
        print(f"{took * 1000:8.1f} ms{ratio:8.2f} × {yardstick}  {name}")


def _in_turn() -> dict[str, float]:
    """What each command takes, in a folder that is new."""
    with tempfile.TemporaryDirectory(prefix="xlplan-startup-") as name:
        folder = Path(name)
        shutil.copy(SAMPLE / "任务分解表.xlsx", folder / "本.xlsx")
        shutil.copytree(SAMPLE / "submissions" / "报送", folder / "报送")
        shutil.copy(PAPER, folder / "公文.docx")
        took = {"import pandas": _took(WORKS["import pandas"], folder)}
        return took | {line: _took([XLPLAN, *line.split()], folder) for line in COMMANDS}


def _took(work: list[str], folder: Path) -> float:
    """Processor time of one run, its own and the system's."""
    kept = {name: it for name, it in os.environ.items() if "BYTECODE" not in name}
    own = kept | {"XLPLAN_STATE": str(folder / "state")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(work, check=False, capture_output=True, env=own, cwd=folder)
    assert done.returncode in {0, 1}, (work, done.stderr.decode())  # 1: the sample has two errors
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    main()
