"""Stretches in which the user's stop waits: it would be lost there, or leave a lock held."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


@dataclass(slots=True)
class Stop:
    """How often the user has asked to stop since the stretch began."""

    times: int = 0


@contextmanager
def undisturbed(told: Callable[[], object] = bool) -> Iterator[Stop]:
    """The user's stop waits until the end of this stretch.

    `told` is called at each stop, in the midst of what the main thread does: it may only note it.

    A `KeyboardInterrupt` at any moment is more than `concurrent.futures` can bear: one in a hook
    around a fork is printed and forgotten, one just after a lock was taken leaves it taken, and a
    thread waiting for it. To block the signal alone would not do: other threads (NumPy keeps some)
    hear it for us, and Esc in LibreOffice is no signal at all.
    """
    stop, before = Stop(), signal.getsignal(signal.SIGINT)
    hears = callable(before) and threading.current_thread() is threading.main_thread()

    def note(_number: int, _frame: "FrameType | None") -> None:
        stop.times += 1
        told()

    if hears:
        signal.signal(signal.SIGINT, note)
    try:
        yield stop
    finally:
        if hears:
            signal.signal(signal.SIGINT, before)
        if stop.times and callable(before):
            before(signal.SIGINT, None)


@contextmanager
def unheard() -> Iterator[None]:
    """Processes that begin here start with the signal blocked, where a system has that."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
