"""Handing a click to a process that has everything loaded already, where one stands by.

Starting Python with what a click needs takes longer than the click's own work. So the first click
leaves a process behind, on Linux, that forks itself for each later one (`standby`): such a click is
a process of its own like any other, with the caller's arguments, environment and streams, and only
its imports are done. Nothing here imports more than a click that finds nobody can spare.
"""

import contextlib
import json
import os
import signal
import socket
import struct
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan import __version__
from xlplan.resources import state_folder

if TYPE_CHECKING:
    from types import FrameType

ANSWER_SECONDS = 1.0
"""How long somebody who stands by may take to say so; without an answer the click runs here."""

HELLO, TAKEN, INTERRUPT = b"H", b"T", b"I"
SIZE, STATUS = struct.Struct("!I"), struct.Struct("!i")
_SIGNALLED = 128  # what a shell adds to a signal's number
_LONGEST_NAME = 100  # bytes that a socket's path may have


def place() -> Path | None:
    """Where the process for this interpreter and this version listens; None where there is none.

    There is none without fork, with XLPLAN_STANDBY=0, and where the path would be too long.
    """
    if sys.platform != "linux" or os.environ.get("XLPLAN_STANDBY") == "0":
        return None
    who = f"{sys.executable}\n{__file__}\n{__version__}"
    name = f"standby-{zlib.crc32(who.encode()):08x}"
    found = state_folder() / "clicks" / name
    return found if len(os.fsencode(found)) <= _LONGEST_NAME else None


def handed_over(arguments: Sequence[str]) -> int | None:
    """Let the process that stands by do a click; its exit status, None where nobody took it."""
    where = place()
    if where is None:
        return None
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.settimeout(ANSWER_SECONDS)
            line.connect(str(where))
            if line.recv(1) != HELLO:
                return None
            _ask(line, arguments)
            with _passed_on(line):
                if line.recv(1) != TAKEN:
                    return None
                line.settimeout(None)
                return _status(line)
        except OSError:
            return None


@contextlib.contextmanager
def _passed_on(line: socket.socket) -> Iterator[None]:
    """An interrupt is the click's, whenever it comes; the click says what became of it."""
    before = signal.getsignal(signal.SIGINT)
    if not callable(before):
        yield
        return

    def pass_on(_number: int, _frame: "FrameType | None") -> None:
        with contextlib.suppress(OSError):  # it has just ended
            line.sendall(INTERRUPT)

    signal.signal(signal.SIGINT, pass_on)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ask(line: socket.socket, arguments: Sequence[str]) -> None:
    """Say what the click is, and lend it the streams for what it prints."""
    asked = {"arguments": [*arguments], "environment": dict(os.environ), "folder": str(Path.cwd())}
    # A path may hold bytes that are no text: they travel as Python keeps them.
    said = json.dumps(asked).encode()
    socket.send_fds(line, [SIZE.pack(len(said))], [1, 2])
    line.sendall(said)


def _status(line: socket.socket) -> int:
    """Wait for the end of a click that was taken; 1 where nobody can tell it any more."""
    said = b""
    while len(said) < STATUS.size:
        try:
            more = line.recv(STATUS.size - len(said))
        except OSError:
            more = b""
        if not more:
            return 1
        said += more
    status: int = STATUS.unpack(said)[0]
    return status if status >= 0 else _SIGNALLED - status


def leave_one_behind() -> None:
    """Start a process that stands by for the next click, and wait for nothing."""
    if place() is None:
        return
    import subprocess  # noqa: PLC0415 - only for the one click that finds nobody

    # What keeps it from starting is no trouble of the user's: the next click starts by itself.
    with contextlib.suppress(OSError):
        subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "xlplan.excel.standby"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
