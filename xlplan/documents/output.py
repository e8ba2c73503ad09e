"""Where finished documents go: safe, predictable names, and files that are whole or not there."""

import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from xlplan.container import reason_of
from xlplan.diagnostics import RequestError

_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\.|\Z)", re.IGNORECASE)
_LONGEST = 80  # characters of a stem: 240 bytes of Chinese, what every file system takes


def safe_stem(text: str) -> str:
    """A text as a file's name without its extension, on any system.

    >>> safe_stem("甲/乙园区"), safe_stem("../../etc"), safe_stem("CON"), safe_stem(" . ")
    ('甲_乙园区', '_.._etc', '_CON', '_')
    """
    stem = _FORBIDDEN.sub("_", text).strip(" ")[:_LONGEST].strip(" .")
    return f"_{stem}" if _DEVICE.match(stem) or not stem else stem


def names(stems: Iterable[str], suffix: str) -> list[str]:
    """File names for these stems, in order; a name that is taken gets a number.

    >>> names(["甲/乙", "甲_乙", "丙"], ".docx")
    ['甲_乙.docx', '甲_乙(2).docx', '丙.docx']
    """
    taken: dict[str, int] = {}
    found = []
    for stem in map(safe_stem, stems):
        key = stem.casefold()
        taken[key] = taken.get(key, 0) + 1
        found.append(f"{stem}{suffix}" if taken[key] == 1 else f"{stem}({taken[key]}){suffix}")
    return found


def check_folder(folder: Path) -> None:
    """Make the folder, or refuse it: XP006 not writable, XP018 no folder can be made there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise RequestError("XP018", path=folder, reason="这里已有同名的文件") from None
    except OSError as error:
        raise RequestError("XP018", path=folder, reason=reason_of(error)) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise RequestError("XP006", path=folder, reason="文件夹只读")


def place(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there in one step; OSError leaves nothing behind.

    It is not forced to the disk: a document can be made again, and 4,000 of them should not wait.
    """
    draft = path.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
