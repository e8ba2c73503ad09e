"""The process that stands by: everything loaded, a fork of it for each click.

It never touches a workbook itself. It goes when nobody clicked for a while, when the program's
files changed, and when the folder of states is gone.
"""

import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import stat
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from xlplan.diagnostics import RequestError
from xlplan.excel.texts import say
from xlplan.excel.warm import HELLO, INTERRUPT, SIZE, STATUS, TAKEN, place
from xlplan.resources import shelf

IDLE_SECONDS = 1200.0
LOOK_AROUND = 15.0
_READ_SECONDS = 5.0
_STREAMS = 2
REHEARSALS = 3
_GARBAGE = 100_000
_STRUCTURES = (
    *(
        "awt.Point",
        "awt.Size",
        "beans.PropertyValue",
        "lang.Locale",
        "script.ScriptEventDescriptor",
    ),
    *("table.BorderLine2", "table.CellAddress", "table.CellRangeAddress", "util.CellProtection"),
)
"""Structures of LibreOffice's that clicks use: each is looked up once by a process."""

_LOADED = (
    *("xlplan.excel.clicking", "xlplan.excel.handlers", "xlplan.app.buttons"),
    *("xlplan.app.explanation", "xlplan.package", "xlplan.sheets.why", "xlplan.uno.engine"),
    "openpyxl",
)
"""What clicks import on their way, beyond what these import themselves."""


def main() -> int:
    """Stand by until there is no more reason to; 0 also where another one already does."""
    where = place()
    if where is None:
        return 0
    with _only_one(where) as alone:
        if not alone:
            return 0
        code = _load()
        with _listening(where) as listener:
            Standby(listener, where, code).serve()
    return 0


@contextmanager
def _only_one(where: Path) -> Iterator[bool]:
    """Whether nobody else stands by there; the system lets go when this process ends."""
    where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with where.with_suffix(".lock").open("ab") as held:
        try:
            fcntl.flock(held.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


@contextmanager
def _listening(where: Path) -> Iterator[socket.socket]:
    """The socket, which only the user reaches: so does its folder."""
    folder = where.parent.stat()
    if folder.st_uid != os.getuid() or stat.S_IMODE(folder.st_mode) & 0o077:
        where.parent.chmod(0o700)
    where.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(where))
        where.chmod(0o600)
        listener.listen()
        try:
            yield listener
        finally:
            where.unlink(missing_ok=True)


def _load() -> "Code":
    """Import what clicks need, and keep it from being looked through for cycles in each fork."""
    for name in _LOADED:
        importlib.import_module(name)
    from xlplan.excel.connecting import load_xlwings  # noqa: PLC0415 - only for the one that stays
    from xlplan.uno import bridge  # noqa: PLC0415 - as above

    load_xlwings()
    with suppress(RequestError):  # a click says so, with what is to be done
        bridge.load_uno()
        for kind in _STRUCTURES:
            bridge.struct(kind)
    _rehearse()
    gc.collect()
    gc.freeze()
    return Code.now()


def _rehearse() -> None:
    """Do once what clicks do, on a sample and without an office: what Python learns by it stays.

    It specialises what it runs often, and patterns, tables and types are made once.
    """
    from xlplan.app.book import open_book  # noqa: PLC0415 - only for the one that stays
    from xlplan.app.recalculation import Request, recalculate  # noqa: PLC0415 - as above
    from xlplan.package import workbook_bytes  # noqa: PLC0415 - as above

    with suppress(OSError, RequestError):  # an installation without samples goes without
        book = open_book(shelf("samples") / "fuling-2021" / "任务分解表.xlsx")
        for _ in range(REHEARSALS):
            result = recalculate(book, Request())
            workbook_bytes(result.sheets)


@dataclass(frozen=True, slots=True)
class Code:
    """The program's files as they were when they were loaded."""

    files: tuple[tuple[str, int, int], ...]

    @classmethod
    def now(cls) -> "Code":
        """Those of every module of ours that is loaded."""
        mine = [one for name, one in sorted(sys.modules.items()) if name.startswith("xlplan")]
        paths = [path for one in mine if (path := getattr(one, "__file__", None))]
        return cls(tuple(map(_fact, paths)))

    def is_current(self) -> bool:
        """Whether none of them changed since."""
        return all(_fact(path) == (path, *rest) for path, *rest in self.files)


def _fact(path: str) -> tuple[str, int, int]:
    try:
        known = Path(path).stat()
    except OSError:
        return path, 0, 0
    return path, known.st_mtime_ns, known.st_size


@dataclass(slots=True)
class Standby:
    """Listens, forks, and says how each click ended."""

    listener: socket.socket
    where: Path
    code: Code
    running: dict[int, socket.socket] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    """Clicks whose callers are gone."""

    def serve(self) -> None:
        """Until it is idle for too long, or what it loaded is no longer what would be loaded."""
        ended, wake = socket.socketpair()
        with ended, wake:
            wake.setblocking(False)  # noqa: FBT003 - the signature of sockets
            signal.signal(signal.SIGCHLD, lambda *_: None)
            signal.set_wakeup_fd(wake.fileno())
            last = time.monotonic()
            while self.where.exists() and (self.running or time.monotonic() - last < IDLE_SECONDS):
                heard = self._heard_from(ended)
                if heard:
                    last = time.monotonic()
                if ended in heard:
                    ended.recv(4096)
                    self._reap()
                for child in [one for one, line in self.running.items() if line in heard]:
                    self._pass_on(child)
                if self.listener in heard and not self._take():
                    return

    def _heard_from(self, ended: socket.socket) -> list[socket.socket]:
        """Who has something to say: a new caller, one that waits, or a click that ended."""
        waiting = [line for child, line in self.running.items() if child not in self.left]
        return select.select([self.listener, ended, *waiting], [], [], LOOK_AROUND)[0]

    def _take(self) -> bool:
        """Take a click; False, the click left to its caller, where another program is needed."""
        line, _ = self.listener.accept()
        line.settimeout(_READ_SECONDS)
        try:
            if not self.code.is_current():
                line.close()
                return False
            line.sendall(HELLO)
            asked, streams = _request(line)
            line.sendall(TAKEN)
        except (OSError, ValueError):
            line.close()
            return True
        child = os.fork()
        if child == 0:
            _be_the_click(asked, streams, [line, self.listener, *self.running.values()])
        for stream in streams:
            os.close(stream)
        self.running[child] = line
        return True

    def _reap(self) -> None:
        """Tell the callers of clicks that ended."""
        while self.running:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            with self.running.pop(child) as line, suppress(OSError):
                line.sendall(STATUS.pack(os.waitstatus_to_exitcode(status)))
            self.left.discard(child)

    def _pass_on(self, child: int) -> None:
        """Pass an interrupt on; a caller that is gone takes its click with it."""
        try:
            said = self.running[child].recv(1)
        except OSError:
            said = b""
        if not said:
            self.left.add(child)
        os.kill(child, signal.SIGINT if said == INTERRUPT else signal.SIGTERM)


def _request(line: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """What is asked for, and the caller's streams."""
    head, streams, _, _ = socket.recv_fds(line, SIZE.size, _STREAMS)
    if len(streams) != _STREAMS or len(head) != SIZE.size:
        raise ValueError(head)
    left = SIZE.unpack(head)[0]
    parts = []
    while left:
        part = line.recv(min(left, 65536))
        if not part:
            raise ValueError(left)
        parts.append(part)
        left -= len(part)
    return json.loads(b"".join(parts)), streams


def _be_the_click(
    asked: dict[str, Any], streams: list[int], theirs: list[socket.socket]
) -> NoReturn:
    """In the fork: be the process that the caller would have started; never comes back."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for one in theirs:
            one.close()
        for mine, lent in zip((1, 2), streams, strict=True):
            os.dup2(lent, mine)
            os.close(lent)
        # A click is short: what few cycles it leaves behind need no looking for so often.
        gc.set_threshold(_GARBAGE)
        os.environ.clear()
        os.environ.update(asked["environment"])
        time.tzset()
        os.chdir(asked["folder"])
        from xlplan.excel.clicking import click  # noqa: PLC0415 - loaded long ago

        status = click(asked["arguments"])
        sys.stdout.flush()
    except KeyboardInterrupt:  # so early that the click had not begun
        sys.stderr.write(f"{say('stopped')}\n")
    except BaseException:  # noqa: BLE001 - a fork must not run on into the loop of its parent
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
