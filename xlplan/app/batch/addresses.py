"""Where books and results lie: paths, or addresses that fsspec reaches (`s3://…`, `https://…`).

An address is brought here as a whole file, and what is made is put there as a whole file. Nothing
at an address is ever changed in place: there is no undo on the other side.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from xlplan.diagnostics import RequestError

EXTRA = "xlplan[cluster]"
"""What is to be installed before addresses and clusters can be used."""

_LETTER = 2
"""A scheme is longer than one letter: `C://` is a drive."""


def is_remote(address: str) -> bool:
    """Whether an address must be fetched; a path or `file://` need not.

    >>> is_remote("s3://市/甲.xlsx"), is_remote("市/甲.xlsx"), is_remote("C:/市/甲.xlsx")
    (True, False, False)
    """
    scheme, mark, _ = address.partition("://")
    return bool(mark) and len(scheme) >= _LETTER and scheme != "file"


def local(address: str | Path) -> str:
    """The same address, a `file://` as the path that it means.

    >>> local("file:///市/甲.xlsx")
    '/市/甲.xlsx'
    """
    text = str(address)
    return unquote(urlsplit(text).path) if text.startswith("file://") else text


@contextmanager
def at_hand(address: str) -> Iterator[Path]:
    """A book as a file on this machine: itself, or a copy fetched for as long as it is needed.

    Raises:
        RequestError: XP975 fsspec is not installed, XP978 the address does not answer.
    """
    if not is_remote(address):
        yield Path(address)
        return
    with tempfile.TemporaryDirectory(prefix="xlplan-") as folder:
        here = Path(folder) / PurePosixPath(address).name
        with _answering(address) as (system, path):
            system.get_file(path, str(here))
        yield here


@contextmanager
def made_at(folder: str) -> Iterator[Path]:
    """A folder to write into; what lies in it at the end is put to its address."""
    if not is_remote(folder):
        yield Path(folder)
        return
    with tempfile.TemporaryDirectory(prefix="xlplan-") as room:
        here = Path(room) / "out"
        here.mkdir()
        yield here
        for file in sorted(here.rglob("*")):
            if file.is_file():
                _put(file, f"{folder.rstrip('/')}/{file.relative_to(here).as_posix()}")


def _put(file: Path, address: str) -> None:
    """Put a finished file to its address, under its name only when all of it is there."""
    with _answering(address) as (system, path):
        system.makedirs(system._parent(path), exist_ok=True)  # noqa: SLF001 - as fsspec's own `put`
        draft = f"{path}.xlplan-tmp"
        system.put_file(str(file), draft)
        system.mv(draft, path)


def exists(address: str) -> bool:
    """Whether something lies at an address."""
    if not is_remote(address):
        return Path(address).exists()
    with _answering(address) as (system, path):
        return bool(system.exists(path))


def stamp(address: str) -> str:
    """What changes when the content at an address does, as its own store says it."""
    with _answering(address) as (system, path):
        return str(system.ukey(path))


def listed(address: str, endings: frozenset[str]) -> list[str]:
    """The files with these endings that an address of a folder or a pattern means, sorted."""
    with _answering(address) as (system, path):
        if "*" in path or "?" in path:
            found = [str(name) for name in system.glob(path)]
        elif system.isdir(path):
            found = [str(name) for name in system.find(path)]
        else:
            return [address]
        wanted = [name for name in found if PurePosixPath(name).suffix.lower() in endings]
        return sorted(str(system.unstrip_protocol(name)) for name in wanted)


@contextmanager
def _answering(address: str) -> Iterator[tuple[Any, str]]:
    """The file system of an address and the path in it; what goes wrong there, in one line."""
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise RequestError("XP975", path=address, extra=EXTRA) from missing
    try:
        yield url_to_fs(address)
    except FileNotFoundError as error:
        raise RequestError("XP001", path=address) from error
    except ImportError as missing:  # a store whose own package is not there
        raise RequestError("XP978", path=address, reason=f"缺少组件：{missing}") from missing
    except (OSError, ValueError, NotImplementedError) as error:
        raise RequestError("XP978", path=address, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    """The first line of what a store says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
