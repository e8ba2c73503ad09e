"""A Dask scheduler and its workers as processes of their own, on loopback."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

_SECONDS = 60


@contextmanager
def running(folder, workers):
    """The scheduler's address, and its workers' processes; all end with the context."""
    where = folder / "scheduler.json"
    options = ["--scheduler-file", str(where), "--no-dashboard"]
    local = ["--host", "127.0.0.1"]
    with ExitStack() as stack:

        def start(*line):
            env = os.environ | {"PYTHONUTF8": "1", "XLPLAN_STATE": str(folder / "state")}
            log = stack.enter_context((folder / f"{line[0]}.log").open("ab"))
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *line], stdout=log, stderr=log, env=env, cwd=folder
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        start("scheduler", *options, *local, "--port", "0")
        until = time.monotonic() + _SECONDS
        while not where.exists():
            assert time.monotonic() < until, (folder / "scheduler.log").read_text("utf-8")
            time.sleep(0.05)
        worker = ["worker", *options, *local, "--nthreads", "1", "--no-nanny"]
        started = [start(*worker, "--name", str(number)) for number in range(workers)]
        address = json.loads(where.read_text("utf-8"))["address"]
        _wait(address, workers)
        yield address, started


def _wait(address, workers):
    from distributed import Client

    with Client(address, timeout=_SECONDS, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=_SECONDS)
