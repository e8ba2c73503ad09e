"""How long `xlplan --help` takes, beside what it cannot do without: Python, and Python with click.

    python benchmarks/startup.py

Prints processor time in milliseconds (the least of many runs, taken in turn: what the machine does
besides only ever adds) and the ratio to bare click.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

RUNS = 30

WORKS = {
    "python": [sys.executable, "-c", ""],
    "import click": [sys.executable, "-c", "import click"],
    "import pandas": [sys.executable, "-c", "import pandas"],
    "xlplan --help": [str(Path(sys.executable).with_name("xlplan")), "--help"],
    "xlplan --version": [str(Path(sys.executable).with_name("xlplan")), "--version"],
    "xlplan policies": [str(Path(sys.executable).with_name("xlplan")), "policies"],
    "import xlplan": [sys.executable, "-c", "import xlplan"],
}


def main() -> None:
    """Print the table."""
    environment = {name: it for name, it in os.environ.items() if "BYTECODE" not in name}
    runs = [{name: _took(work, environment) for name, work in WORKS.items()} for _ in range(RUNS)]
    least = {name: min(run[name] for run in runs) for name in WORKS}
    for name, took in least.items():
        print(f"{name:18}{took * 1000:8.1f} ms{took / least['import click']:8.2f} × import click")


def _took(work: list[str], environment: dict[str, str]) -> float:
    """Processor time of one run, its own and the system's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(work, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    main()
