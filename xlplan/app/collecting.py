"""Files that units handed in → submissions, one after the other or on several processors."""

import hashlib
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from xlplan import files
from xlplan.app.stops import undisturbed, unheard
from xlplan.diagnostics import RequestError
from xlplan.reconciling import Submission
from xlplan.tables.submissions import Came, Reader, unit_in

Done = Callable[[int], None]
"""Called with how many more files have been read."""

WORTH_IT = 80
"""From how many files on further processors pay for their start."""

_CHUNK = 16
_BLINK = 0.2
"""For how many seconds nobody looks whether the user has stopped."""

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
    if executor is None and not _pays(len(handed)):
        return list(_counted((_read(reader, one) for one in handed), done))
    with undisturbed() as stop, _pool(executor, len(handed)) as workers:
        chunks = [handed[at : at + _CHUNK] for at in range(0, len(handed), _CHUNK)]
        found = list[Submission]()
        for read in [workers.submit(_read_all, reader, chunk) for chunk in chunks]:
            while not stop.times and not wait([read], _BLINK).done:
                pass
            if stop.times:
                read.cancel()
            else:
                found += _counted(read.result(), done)
        return found


def _counted(read: Iterable[Submission], done: Done) -> Iterator[Submission]:
    for one in read:
        done(1)
        yield one


def _pays(count: int) -> bool:
    """Whether further processors have enough to do for their start.

    Only where a process begins as a copy of this one: elsewhere each would import everything anew,
    which takes longer than the reading.
    """
    return sys.platform == "linux" and count >= WORTH_IT and (os.cpu_count() or 1) > 1


@contextmanager
def _pool(given: Executor | None, count: int) -> Iterator[Executor]:
    """The executor given, else processes of this machine; they do not hear the user's stop."""
    if given is not None:
        yield given
        return
    cores = min(os.cpu_count() or 1, count // (WORTH_IT // 2))
    deaf = signal.signal, (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(cores, get_context("fork"), *deaf) as pool:
        with unheard():
            pool.submit(int)  # all of them begin here
        yield pool


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
