"""Where the work is done: processes of this machine, or the workers of a Dask cluster.

Anything else that is a `concurrent.futures.Executor` does as well.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from typing import ParamSpec, TypeVar

from xlplan import __version__
from xlplan.app.batch.addresses import EXTRA
from xlplan.app.stops import unheard
from xlplan.diagnostics import RequestError

P = ParamSpec("P")
R = TypeVar("R")

_MOST_ON_WINDOWS = 61
_SECONDS_TO_CONNECT = 10


class Processes(ProcessPoolExecutor):
    """Processes of this machine; they let the user stop the program, and end when it does."""

    def __init__(self, jobs: int) -> None:
        # A fresh interpreter is the same on every system, and holds no lock of ours.
        fresh = multiprocessing.get_context("spawn")
        self._others = multiprocessing.active_children()
        super().__init__(jobs, mp_context=fresh, initializer=_settle)
        self.jobs = jobs

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Hand a job over; a process that this starts does not hear the user's stop."""
        with unheard():
            return super().submit(fn, *args, **kwargs)

    def stop(self) -> None:
        """End the processes at once; files are whole all the same."""
        for process in multiprocessing.active_children():
            if process not in self._others:
                process.terminate()


def processes(jobs: int | None, most: int) -> Processes:
    """As many processes as asked for, else one a processor; never more than there is work."""
    wanted = jobs or os.cpu_count() or 1
    if sys.platform == "win32":
        wanted = min(wanted, _MOST_ON_WINDOWS)
    return Processes(max(1, min(wanted, most)))


def _settle() -> None:
    """A worker finishes its book when the user stops the program, and ends when that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: "multiprocessing.process.BaseProcess") -> None:
    parent.join()
    os._exit(1)


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of the Dask scheduler at that address, `tcp://…`.

    Raises:
        RequestError: XP974 nobody answers there, or there are no workers; XP975 the extra is not
            installed; XP976 a worker has another version of xlplan, or none.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise RequestError("XP975", path=address, extra=EXTRA) from missing
    client = None
    with suppress(OSError, TimeoutError, ValueError):
        client = Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    if client is None:
        gc.collect()  # what reached nobody ends here; later, Dask might wait for itself for ever
        raise RequestError("XP974", path=address, reason="没有应答")
    with client:
        if not client.ncores():
            raise RequestError("XP974", path=address, reason="没有工作节点")
        _check_versions(client)
        yield client.get_executor(pure=False)


def _check_versions(client: object) -> None:
    """Refuse a cluster whose workers would compute by other programs than ours."""
    said: dict[str, object] = client.run(version, on_error="return")  # type: ignore[attr-defined]
    for worker, answer in said.items():
        if answer != __version__:
            theirs = answer if isinstance(answer, str) else "—"
            raise RequestError("XP976", worker=worker, theirs=theirs, ours=__version__)


def version() -> str:
    """The version of xlplan that computes here."""
    return __version__
