"""From a click on a button to its result, beside the bare start of Python with pandas and xlwings.

    python benchmarks/click.py [RUNS]

A headless LibreOffice has the Fuling sample open, with what its units handed in beside it. Each
button is pressed: 重算 thrice, also after one amount was changed and after nothing was; 撤销 where
there is something to undo. Each click starts the process that the macro starts, on the document as
the last click left it. Prints seconds by the wall clock, and of the processor (the process and
LibreOffice together), medians of the runs, taken in turn; the ratios to the bare start are what
travels from one machine to another. With XLPLAN_STANDBY=0 no process stands by: so is the
first click of a session, and every one where there is no fork.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from xlplan import resources
from xlplan.excel.connecting import load_xlwings
from xlplan.uno import bridge
from xlplan.uno.engine import Book, Engine

SAMPLE = resources.shelf("samples") / "fuling-2021" / "任务分解表.xlsx"
HANDED_IN = SAMPLE.parent / "submissions" / "报送"
CHANGED = "再重算"
"""The click before which an amount is changed."""

RUNS = 5
STANDBY = b"xlplan.excel.standby"
BARE = "import pandas, xlwings"
TICKS = os.sysconf("SC_CLK_TCK")


class Took(NamedTuple):
    """Seconds: by the wall clock, and of the processor."""

    wall: float
    cpu: float


@contextmanager
def office(folder: Path) -> Iterator[tuple[str, int]]:
    """A LibreOffice of our own: the address that it listens on, and its process group."""
    address = f"pipe,name=xlplan-click-{os.getpid()}"
    listen = [f"--accept={address};urp", f"-env:UserInstallation={folder.as_uri()}"]
    line = [shutil.which("soffice") or "soffice", "--headless", "--norestore", *listen]
    with subprocess.Popen(line, start_new_session=True, env=_surroundings()) as started:
        desktop = bridge.connect(address, seconds=60).ServiceManager.createInstance(
            "com.sun.star.frame.Desktop"
        )
        try:
            yield address, started.pid
        finally:
            desktop.terminate()


def _surroundings() -> dict[str, str]:
    """As a desktop starts it: with no other Python before the system's in the path.

    An office takes the first one for its own, and has none where that is an environment of ours.
    """
    places = os.environ["PATH"].split(os.pathsep)
    kept = [p for p in places if not (Path(p) / "python3").exists() or Path(p) == Path("/usr/bin")]
    return os.environ | {"PATH": os.pathsep.join(kept)}


def processor(group: int) -> float:
    """Seconds of the processor so far: a process group's, our children's, and who stands by."""
    total = sum(os.times()[2:4]) * TICKS
    for process in Path("/proc").iterdir():
        try:
            said = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(said[2]) == group:
            total += int(said[11]) + int(said[12])
        elif STANDBY in _line(process):  # with the clicks that it became and that ended
            total += sum(map(int, said[11:15]))
    return total / TICKS


def _line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def timed(work: Callable[[], object], group: int) -> Took:
    began, used = time.perf_counter(), processor(group)
    work()
    return Took(time.perf_counter() - began, processor(group) - used)


def contestants(path: Path, address: str) -> dict[str, Callable[[], object]]:
    """What is timed, in the order of one round."""
    python = [sys.executable, "-X", "utf8"]
    order = [f"--wb={path}", "--from_xl=1", "--hwnd=0", f"--office={address}"]

    def started(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run([*python, *arguments], check=True, capture_output=True)

    # All that was put in is undone: the next round begins with the sample as it was.
    verbs = {
        "校验": "check",
        "重算": "recalculate",
        CHANGED: "recalculate",
        "又重算": "recalculate",
        "撤销": "undo",
        "再撤销": "undo",
        "为什么": "explain",
        "又撤销": "undo",
        "通报": "bulletin",
        "核对": "reconcile",
    }
    clicks = {label: started("-m", "xlplan.excel", verb, *order) for label, verb in verbs.items()}
    return {"bare": started("-c", BARE), **clicks}


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory(prefix="xlplan-click-") as temporary:
        work = Path(temporary)
        os.environ |= {"XLPLAN_STATE": str(work / "state"), "XLPLAN_DIALOGS": "0"}
        # As installed: modules are compiled once, whatever this shell says.
        os.environ["PYTHONPYCACHEPREFIX"] = str(work / "compiled")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        path = Path(shutil.copy(SAMPLE, work))
        shutil.copytree(HANDED_IN, work / HANDED_IN.name)
        with office(work / "profile") as (address, group):
            app = load_xlwings().main.App(impl=Engine(bridge.connect(address)).app)
            book = app.impl.books.open(str(path))
            book.sheets("项目台账").activate()
            book.sheets("项目台账").range("B8").select()
            todo = contestants(path, address)
            rounds = [_round(todo, book, group) for _ in range(runs + 1)]
    report(rounds[1:])


def _round(todo: dict[str, Callable[[], object]], book: Book, group: int) -> dict[str, Took]:
    took = {}
    for name, one in todo.items():
        if name == CHANGED:
            amount = book.sheets("项目台账").range("N8")
            amount.raw_value = float(str(amount.raw_value)) + 1
        took[name] = timed(one, group)
    return took


def report(rounds: list[dict[str, Took]]) -> None:
    """The first round, in which everything is compiled and read from the disk, does not count."""
    median = {
        name: Took(*(statistics.median(one[name][at] for one in rounds) for at in (0, 1)))
        for name in rounds[0]
    }
    bare = median["bare"]
    print(f"{'':8}{'wall s':>8}{'÷ bare':>8}{'cpu s':>8}{'÷ bare':>8}")
    for name, took in median.items():
        ratios = took.wall / bare.wall, took.cpu / bare.cpu
        print(f"{name:8}{took.wall:8.2f}{ratios[0]:8.1f}{took.cpu:8.2f}{ratios[1]:8.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else RUNS)
