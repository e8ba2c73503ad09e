"""Which workbooks are meant: files, folders, patterns, addresses; each once, in order."""

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xlplan.app.batch.addresses import is_remote, listed, local
from xlplan.app.book import BESIDE
from xlplan.diagnostics import RequestError

ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et"})

_PATTERN = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Found:
    """A workbook: its whole path or address, and the shortest name that tells it from the others.

    `label` keeps the folders below those that all books share: 甲区/任务分解表.xlsx.
    """

    address: str
    label: str


def books(asked: Sequence[str | Path], without: str = "") -> tuple[Found, ...]:
    """The workbooks that are meant, each once; a folder stands for those in it and below it.

    What a program keeps beside a workbook, results beside a book that cannot take them, and what
    lies in the folder `without` (that of the results) are none.

    Raises:
        RequestError: XP970 where a folder or pattern holds no workbook.
    """
    found: dict[str, str] = {}
    for one in asked:
        some = [name for name in _meant(local(one)) if not _within(name, without)]
        if not some:
            raise RequestError("XP970", path=one)
        for name in some:
            found.setdefault(name if is_remote(name) else os.path.realpath(name), name)
    names = list(found.values())
    return tuple(map(Found, names, _labels(names)))


def _meant(asked: str) -> list[str]:
    if is_remote(asked):
        return listed(asked, ENDINGS)
    path = Path(asked)
    if path.is_dir():
        return [str(file.absolute()) for file in _below(path)]
    if _PATTERN.isdisjoint(asked) or path.exists():
        return [str(path.absolute())]
    names = sorted(glob.glob(asked, recursive=True))  # noqa: PTH207 - patterns may be absolute
    return [str(Path(name).absolute()) for name in names if _is_book(Path(name))]


def _below(folder: Path) -> Iterator[Path]:
    """The workbooks of a folder and of those in it, hidden ones apart."""
    for room, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (file for name in sorted(files) if _is_book(file := Path(room, name)))


def _is_book(file: Path) -> bool:
    if file.name.startswith(("~$", ".")) or file.name.endswith(BESIDE):
        return False
    return file.suffix.lower() in ENDINGS and file.is_file()


def _within(name: str, folder: str) -> bool:
    if not folder or is_remote(name) or is_remote(folder):
        return bool(folder) and name.startswith(f"{folder.rstrip('/')}/")
    return Path(os.path.realpath(name)).is_relative_to(os.path.realpath(folder))


def _labels(names: Sequence[str]) -> list[str]:
    """Each name without the folders that all share.

    >>> _labels(["/市/甲区/表.xlsx", "/市/乙区/表.xlsx"]), _labels(["/市/甲.xlsx"])
    (['甲区/表.xlsx', '乙区/表.xlsx'], ['甲.xlsx'])
    """
    parts = [PurePosixPath(name if is_remote(name) else Path(name).as_posix()) for name in names]
    rooms = [path.parent.parts for path in parts]
    shared = next(
        (at for at, level in enumerate(zip(*rooms, strict=False)) if len(set(level)) > 1),
        min(map(len, rooms), default=0),
    )
    return ["/".join(path.parts[shared:]).lstrip("/") for path in parts]
