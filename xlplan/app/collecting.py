"""Files that units handed in → submissions, one after the other or on several processors."""

import hashlib
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan import files
from xlplan.app.stops import undisturbed
from xlplan.diagnostics import RequestError
from xlplan.reconciling import Submission
from xlplan.tables.submissions import Came, Reader, unit_in

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

Done = Callable[[int], None]
"""Called with how many more files have been read."""

WORTH_IT = 80
"""From how many files on further processors pay for their start."""

_CHUNK = 16
_NOT_SUBMITTED = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_BEGINNINGS = ("~$", "._", ".~lock")


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that was handed in, and the name it is called by."""

    path: Path
    name: str


def handed_in(paths: Iterable[Path]) -> list[Handed]:
    """The files named, and those inside the folders named, each once, under names of their own.

    Lock files and what systems leave in folders are passed over.

    Raises:
        RequestError: XP001 for a path that is not there, XP927 when no file is left.
    """
    given = list(paths)
    found = dict.fromkeys(file for path in given for file in _files_in(path))
    if not found:
        raise RequestError("XP927", path="、".join(map(str, given)))
    names = [file.name for file in found]
    twice = {name for name in names if names.count(name) > 1} if len({*names}) < len(names) else {}
    return [Handed(file, _name(file, longer=file.name in twice)) for file in found]


def _files_in(path: Path) -> list[Path]:
    if path.is_dir():
        inside = sorted(file for file in path.rglob("*") if file.is_file())
        return [file for file in inside if _is_handed_in(file)]
    if not path.exists():
        raise RequestError("XP001", path=path)
    return [path]


def _is_handed_in(file: Path) -> bool:
    name = file.name.lower()
    return not name.startswith(_BEGINNINGS) and name not in _NOT_SUBMITTED


def _name(file: Path, *, longer: bool) -> str:
    """How a file is called: with its folder where another one has its name too."""
    return f"{file.parent.name}/{file.name}" if longer else file.name


def collect(
    handed: Sequence[Handed],
    reader: Reader,
    executor: Executor | None = None,
    done: Done = lambda _count: None,
) -> list[Submission]:
    """Read every file; one that cannot be read is a submission that says why.

    `executor` reads on its processors; None = on those of this machine, where that pays.
    """
    pool: AbstractContextManager[Executor | None]
    pool = nullcontext(executor) if executor is not None else _own_pool(len(handed))
    with pool as workers:
        if workers is None:
            return list(_counted((_read(reader, one) for one in handed), done))
        chunks = [handed[at : at + _CHUNK] for at in range(0, len(handed), _CHUNK)]
        read = workers.map(partial(_read_all, reader), chunks)
        return [one for chunk in read for one in _counted(chunk, done)]


def _counted(read: Iterable[Submission], done: Done) -> Iterator[Submission]:
    for one in read:
        done(1)
        yield one


@contextmanager
def _own_pool(count: int) -> Iterator[Executor | None]:
    """Processes of this machine's other processors, where there is enough for them to do.

    Only where a process begins as a copy of this one: elsewhere each would import everything anew,
    which takes longer than the reading. When the user stops it, what was not begun never is.
    """
    cores = min(os.cpu_count() or 1, count // (WORTH_IT // 2))
    if sys.platform != "linux" or count < WORTH_IT or cores < 2:  # noqa: PLR2004 - one is no gain
        yield None
        return
    pool = ProcessPoolExecutor(
        cores, get_context("fork"), signal.signal, (signal.SIGINT, signal.SIG_IGN)
    )
    try:
        with undisturbed():
            pool.submit(int)  # all of them begin here; a stop that came just then would be lost
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _read_all(reader: Reader, handed: Sequence[Handed]) -> list[Submission]:
    return [_read(reader, one) for one in handed]


def _read(reader: Reader, one: Handed) -> Submission:
    """One file; whatever is wrong with it leaves the others alone."""
    try:
        saved = datetime.fromtimestamp(one.path.stat().st_mtime, UTC).astimezone()
        source = files.open_table(one.path)
        story = source.story if isinstance(source, files.Document) else ()
        texts = tuple(part for part in story if isinstance(part, str))
        return reader.read(source, Came(one.name, source.digest, saved, texts))
    except RequestError as fault:
        reason = f"{fault.kind.zh.format_map({**fault.values, 'path': one.name})}"
        return _failed(reader, one, f"{reason}。{fault.kind.zh_hint.format_map(fault.values)}")
    except Exception as fault:  # noqa: BLE001 - no file from outside may stop the others
        return _failed(reader, one, f"{one.name} 的内容不合格式（{type(fault).__name__}）")


def _failed(reader: Reader, one: Handed, reason: str) -> Submission:
    unit = unit_in(one.name, reader.law.register.names)
    try:
        with one.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        digest = ""
    return Submission(one.name, digest, unit, "name" if unit else "", failed=reason)
