"""One click at a time: the second of two clicks on one workbook is refused, not queued."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from xlplan.diagnostics import RequestError
from xlplan.resources import state_folder


@contextmanager
def alone(book: str) -> Iterator[None]:
    """Hold the workbook for one click; whoever dies lets it go.

    Raises:
        RequestError: XP803 while another click is at work on it.
    """
    folder = state_folder() / "clicks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = hashlib.sha256(book.encode()).hexdigest()[:32]
    with (folder / f"{name}.lock").open("ab") as held:
        try:
            _lock(held)
        except OSError as taken:
            raise RequestError("XP803", path=book) from taken
        yield


def _lock(held: BinaryIO) -> None:
    """Lock the file or fail at once; the system unlocks it when it is closed."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - there is one system or the other

        held.seek(0)
        msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415

        fcntl.flock(held.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.utime(held.name)
