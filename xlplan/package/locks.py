"""Whether somebody has a workbook open right now, as far as the files beside it tell."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from xlplan.diagnostics import RequestError

_STALE_AFTER = 30 * 24 * 3600  # seconds; nobody keeps a workbook open for a month


def check_unlocked(path: Path) -> None:
    """Refuse a workbook that Excel, WPS or LibreOffice has open (XP005)."""
    for lock, program in _locks(path):
        if _there(lock) and not _stale(lock):
            reason = f"{program}留有“{lock.name}”；如确认无人打开，请删除它"
            raise RequestError("XP005", path=path, reason=reason)


def _locks(path: Path) -> Iterator[tuple[Path, str]]:
    """The files that programs put beside a workbook while they have it open."""
    yield path.with_name(f"~${path.name}"), "Excel "
    yield path.with_name(f".~lock.{path.name}#"), "LibreOffice "
    yield path.with_name(f".~{path.name}"), "WPS "


def _there(lock: Path) -> bool:
    """Whether there is such a file; a name too long for the disk is none."""
    try:
        return lock.exists()
    except OSError:
        return False


def _stale(lock: Path) -> bool:
    """Whether a lock was certainly left behind.

    Windows refuses to open a lock for writing that is in use. Elsewhere it may be another machine
    on a share that holds it: only a lock of more than a month counts as left behind.
    """
    if sys.platform == "win32":
        try:
            os.close(os.open(lock, os.O_RDWR))
        except OSError:
            return False
        return True
    try:
        return time.time() - lock.stat().st_mtime > _STALE_AFTER
    except FileNotFoundError:
        return True
