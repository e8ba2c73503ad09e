"""Installing for the user who is logged on: the add-in, and where the macros find Python.

No rights of an administrator are needed. What is put is noted with its digest, so that
uninstalling takes away exactly that.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from xlplan import __version__, resources
from xlplan.app.buttons import Variant
from xlplan.diagnostics import RequestError
from xlplan.excel.addin import addin_bytes, version_of
from xlplan.excel.machine import WINDOWS, Machine
from xlplan.excel.places import Noted, Places, conf_bytes, places_of
from xlplan.package import digest, write_whole
from xlplan.package.locks import check_unlocked
from xlplan.package.save import plainly

_EXECUTABLE = 0o755
_SCRIPT = Path("mac") / "xlplan.applescript"


@dataclass(frozen=True, slots=True)
class Put:
    """One file to be put."""

    path: Path
    content: bytes
    executable: bool = False

    @property
    def stands(self) -> bool:
        """Whether it lies there already as it should."""
        return self.path.is_file() and self.path.read_bytes() == self.content


@dataclass(frozen=True, slots=True)
class Installed:
    """The files that were written, and those that lay there already."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    python: Path


@dataclass(frozen=True, slots=True)
class Removed:
    """The files that were removed, and those that stay because somebody changed them."""

    removed: tuple[Path, ...]
    left: tuple[Path, ...]


def install(machine: Machine, variant: Variant = "own") -> Installed:
    """Put the add-in where Excel opens it, and note which Python the macros start.

    All files or none; a second time changes nothing.

    Raises: RequestError XP820 where no Excel runs, XP821 where a file of somebody else lies in the
    way, XP005 while Excel has the add-in open, XP006 and XP018 where writing is refused.
    """
    places = places_of(machine)
    _check_ours(places.addin)
    puts = tuple(planned(machine, places, variant))
    wanted = [put for put in puts if not put.stands]
    _write([*wanted, *_record(places, puts)])
    kept = tuple(put.path for put in puts if put not in wanted)
    return Installed(tuple(put.path for put in wanted), kept, interpreter(machine))


def planned(machine: Machine, places: Places, variant: Variant) -> Iterator[Put]:
    """What is put on that computer."""
    python = interpreter(machine)
    if places.script is not None and places.launcher is not None:
        source = (resources.shelf("macros") / _SCRIPT).read_bytes().replace(b"\r\n", b"\n")
        yield Put(places.launcher, _launcher(python), executable=True)
        yield Put(places.script, source)
    yield Put(places.conf, conf_bytes(Noted(str(python), __version__, variant)))
    yield Put(places.addin, addin_bytes(variant))


def interpreter(machine: Machine) -> Path:
    """The Python that the macros start: the one that runs now, on Windows without its console."""
    silent = machine.python.with_name("pythonw.exe")
    return silent if machine.system == WINDOWS and silent.is_file() else machine.python


def _launcher(python: Path) -> bytes:
    quoted = str(python).replace("'", "'\\''")
    return f"#!/bin/sh\nexec '{quoted}' \"$@\"\n".encode()


def _check_ours(addin: Path) -> None:
    if addin.exists() and not version_of(addin):
        raise RequestError("XP821", path=addin)


def _record(places: Places, puts: Sequence[Put]) -> list[Put]:
    """The note of what is put; none where it says so already."""
    digests = {str(put.path): hashlib.sha256(put.content).hexdigest() for put in puts}
    told = {"version": __version__, "files": digests}
    note = Put(places.record, f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode())
    return [] if note.stands else [note]


def _write(puts: Sequence[Put]) -> None:
    """Write all of these or leave everything as it was."""
    before = {put.path: _content(put.path) for put in puts}
    made: list[Path] = []
    try:
        for put in puts:
            with plainly(put.path):
                made += _made(put.path.parent)
            write_whole(put.path, put.content)
            if put.executable:
                put.path.chmod(_EXECUTABLE)
    except BaseException:
        for path, content in before.items():
            _put_back(path, content)
        _drop_empty(reversed(made))
        raise


def _content(path: Path) -> bytes | None:
    with plainly(path):
        return path.read_bytes() if path.is_file() else None


def _put_back(path: Path, content: bytes | None) -> None:
    with suppress(OSError, RequestError):  # what refused to be written refuses this too, unchanged
        if content is None:
            path.unlink(missing_ok=True)
        elif path.read_bytes() != content:
            write_whole(path, content)


def _made(folder: Path) -> Iterator[Path]:
    """Make a folder and those above it, the uppermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir()
        yield one


def _drop_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # something else lies in it
            folder.rmdir()


def uninstall(machine: Machine) -> Removed:
    """Take away what was installed; what somebody changed since stays, and is said.

    Raises: RequestError XP820, or XP005 while Excel has the add-in open; then nothing is removed.
    """
    places = places_of(machine)
    noted = _noted(places.record)
    ours = {put.path: put.content for put in planned(machine, places, "own")}
    paths = [path for path in dict.fromkeys([*map(Path, noted), *ours]) if path.is_file()]
    for path in paths:
        check_unlocked(path)
    goes = [
        path
        for path in paths
        if digest(path) == noted.get(str(path)) or path.read_bytes() == ours.get(path)
    ]
    for path in reversed(goes):  # the add-in first: Excel may still hold it
        with plainly(path):
            path.unlink()
    places.record.unlink(missing_ok=True)
    _drop_empty([places.own])
    return Removed(tuple(goes), tuple(path for path in paths if path not in goes))


def _noted(record: Path) -> Mapping[str, str]:
    """The digests of what was put, by path."""
    try:
        told = json.loads(record.read_text("utf-8"))["files"]
        return {str(path): str(one) for path, one in told.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}
