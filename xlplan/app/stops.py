"""Short stretches in which the user's stop waits: it would be lost, or leave halves behind."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


@contextmanager
def undisturbed() -> Iterator[None]:
    """The user's stop waits until the end of this stretch; processes begun in it do not hear it.

    Blocking the signal alone would not do: any other thread hears it for us (NumPy keeps some), and
    Esc in LibreOffice is no signal at all. Where Python then runs a hook, as it does around a fork,
    the `KeyboardInterrupt` is printed and forgotten.
    """
    heard: list[FrameType | None] = []
    before = signal.getsignal(signal.SIGINT)
    stops_us = callable(before) and threading.current_thread() is threading.main_thread()
    with _blocked():
        if stops_us:
            signal.signal(signal.SIGINT, lambda _number, frame: heard.append(frame))
        try:
            yield
        finally:
            if stops_us:
                signal.signal(signal.SIGINT, before)
            if heard and callable(before):
                before(signal.SIGINT, heard[0])


@contextmanager
def _blocked() -> Iterator[None]:
    """Processes that begin here start with the signal blocked, where a system has that."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
