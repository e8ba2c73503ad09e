"""A finished file takes the old one's place in one step, or not at all.

A draft is written beside the target, forced to the disk, given the target's mode, owner and
extended attributes, and put in its place by one rename, after a last look whether the target
is still what was read. Whatever happens before that leaves the old file whole; a draft that a
killed process left behind is removed by the next run. A symbolic link keeps pointing at the
file, which is replaced where it lies. Of several hard links the named one gets the new content
and the others keep the old one, as when Excel saves.
"""

import errno
import hashlib
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from xlplan.container import reason_of
from xlplan.diagnostics import RequestError
from xlplan.package.locks import check_unlocked

if sys.platform != "win32":
    import fcntl

_LONGEST = 255  # bytes of a file name on every common file system
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_IN_USE = (32, 33, 1175)  # Windows: sharing and lock violations, a file that cannot be replaced
_KERNEL_ATTRIBUTES = ("security.", "trusted.")  # set by the system, not by people
_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def digest(path: str | Path) -> str:
    """The SHA-256 of the file's bytes, to notice a change between reading and writing."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def real(path: str | Path) -> Path:
    """The file that a path means, symbolic links followed."""
    return Path(os.path.realpath(path))


def check_writable(target: Path) -> None:
    """Refuse a target that is read-only, lies in a read-only folder, or is open (XP005, XP006)."""
    folder = target.parent
    if not folder.is_dir():
        raise RequestError("XP018", path=target, reason="没有这个文件夹")
    # On Windows a folder's read-only mark (Documents has it) forbids nothing.
    marked = sys.platform != "win32" and not folder.stat().st_mode & _ANY_WRITE
    if marked or not os.access(folder, os.W_OK | os.X_OK):
        raise RequestError("XP006", path=target, reason="文件夹只读")
    if target.is_dir():
        raise RequestError("XP007", path=target)
    if target.exists():
        if not os.access(target, os.W_OK) or not target.stat().st_mode & _ANY_WRITE:
            raise RequestError("XP006", path=target, reason="文件只读")
        check_unlocked(target)


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Say a system's refusal in one plain line (XP005, XP006, XP018)."""
    try:
        yield
    except OSError as error:
        raise _plain(error, path) from error


@contextmanager
def stoppable(target: Path, wanted: Callable[[], str] = str) -> Iterator[None]:
    """Say that nothing was written when the user stops here (XP019).

    `wanted` gives the digest of what shall stand in `target`, "" as long as it is not known. Where
    it already stands there, it was too late to stop.
    """
    try:
        yield
    except KeyboardInterrupt:
        aim = wanted()
        if not aim or not target.exists() or digest(target) != aim:
            raise RequestError("XP019") from None


def _plain(error: OSError, path: Path) -> RequestError:
    if getattr(error, "winerror", None) in _IN_USE:
        return RequestError("XP005", path=path, reason="请先在 Excel 中关闭")
    if error.errno in _FORBIDDEN:
        return RequestError("XP006", path=path, reason="系统拒绝写入")
    if error.errno in _FULL:
        return RequestError("XP018", path=path, reason="磁盘已满或超出配额")
    return RequestError("XP018", path=path, reason=reason_of(error))


class Draft:
    """A new file beside its target that either takes the target's place or vanishes."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(_draft_name(target.name))
        self.notes: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        _sweep(self.target)
        # A new file gets what the umask leaves; the draft of an existing one is nobody else's.
        mode = 0o600 if self.target.exists() else 0o666
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self.file: BinaryIO = os.fdopen(os.open(self.path, flags, mode), "w+b")
        _hold(self.file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with suppress(OSError):  # a full disk may refuse even the last flush
                self.file.close()
        finally:
            self.path.unlink(missing_ok=True)  # a placed draft is no longer there

    def place(self, expected: str | None) -> None:
        """Take the target's place if it still is what was read (`expected`; None: not there)."""
        self.file.flush()
        if expected is not None:
            self.notes = _dress(self.file.fileno(), self.target)
        # Without this a power cut after the rename could find an empty file.
        _settle(self.file.fileno())
        if expected is None:
            self._place_new()
        else:
            if not self.target.exists() or digest(self.target) != expected:
                raise RequestError("XP015", path=self.target)
            check_unlocked(self.target)
            self._swap()
        _settle_folder(self.target.parent)

    def _place_new(self) -> None:
        """Take a free name; a file that came to lie there meanwhile is not overwritten (XP014)."""
        try:
            os.link(self.path, self.target)
        except FileExistsError:
            raise RequestError("XP014", path=self.target) from None
        except OSError:  # a file system without hard links
            if self.target.exists():
                raise RequestError("XP014", path=self.target) from None
            self._swap()
        else:
            self.file.close()  # Windows removes no open file
            self.path.unlink(missing_ok=True)

    def _swap(self) -> None:
        if sys.platform == "win32":
            self.file.close()  # Windows renames no open file
            if self.target.exists():
                _replace_file(self.path, self.target)
                return
        self.path.replace(self.target)


def write_whole(path: str | Path, content: bytes) -> None:
    """Write any file, whole or not at all; an existing one is replaced.

    Raises: RequestError XP005, XP006, XP007, XP015, XP018 or XP019, the old file untouched.
    """
    target, aim = real(path), hashlib.sha256(content).hexdigest()
    with plainly(target), stoppable(target, lambda: aim):
        check_writable(target)
        before = digest(target) if target.exists() else None
        with Draft(target) as draft:
            draft.file.write(content)
            draft.place(before)


def _draft_name(name: str) -> str:
    tail = f"-{secrets.token_hex(4)}.tmp"
    return _draft_stem(name) + tail


def _draft_stem(name: str) -> str:
    """The part of a draft's name that tells whose draft it is, short enough for any disk."""
    stem = f".~xlplan-{name}"
    while len(os.fsencode(stem)) > _LONGEST - len("-12345678.tmp"):
        stem = stem[:-1]
    return stem


def _sweep(target: Path) -> None:
    """Remove drafts of this target that a killed run left; refuse beside a running one (XP005)."""
    stem = _draft_stem(target.name)
    for left in target.parent.iterdir():
        if left.name.startswith(f"{stem}-") and left.suffix == ".tmp" and left.is_file():
            if not _free(left):
                raise RequestError("XP005", path=target, reason="另一个 xlplan 正在写入")
            left.unlink(missing_ok=True)


def _hold(file: BinaryIO) -> None:
    """Mark a draft as in use for as long as this process lives."""
    if sys.platform != "win32":
        with suppress(OSError):  # some network shares know no locks
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _free(left: Path) -> bool:
    """Whether no living process writes this draft."""
    if sys.platform == "win32":
        return True  # removing an open file fails there, and says so
    with left.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True


def _dress(draft: int, target: Path) -> tuple[str, ...]:
    """Give the draft the target's owner, mode and extended attributes; what failed is noted."""
    if sys.platform == "win32":
        return ()  # ReplaceFileW keeps attributes, access lists and streams by itself
    held = target.stat()
    notes = []
    if held.st_nlink > 1:
        notes.append("文件有多个硬链接：其余链接仍是写回之前的内容")
    with suppress(PermissionError):  # only the owner's own group, or root, can keep both
        os.fchown(draft, held.st_uid, held.st_gid)
    os.fchmod(draft, stat.S_IMODE(held.st_mode))
    lost = [name for name in _attributes(target) if not _carried(name, target, draft)]
    if lost:
        notes.append(f"有 {len(lost)} 项扩展属性未能保留：{'、'.join(lost)}")
    if not _carried_on_mac(target, draft):
        notes.append("扩展属性未能保留")
    return tuple(notes)


def _attributes(target: Path) -> list[str]:
    if sys.platform != "linux":
        return []
    try:
        return [n for n in os.listxattr(target) if not n.startswith(_KERNEL_ATTRIBUTES)]
    except OSError:
        return []


def _carried(name: str, target: Path, draft: int) -> bool:
    if sys.platform == "linux":
        try:
            os.setxattr(draft, name, os.getxattr(target, name))
        except OSError:
            return False
    return True


def _carried_on_mac(target: Path, draft: int) -> bool:
    """Give the draft the Finder's tags, the quarantine mark and the access list, in one call."""
    if sys.platform == "darwin":
        import ctypes  # noqa: PLC0415 - only where it is needed

        access_list, attributes = 1, 4
        with target.open("rb") as file:
            copy = ctypes.CDLL(None).fcopyfile
            return bool(copy(file.fileno(), draft, None, access_list | attributes) == 0)
    return True


def _settle(handle: int) -> None:
    """Force a file's content to the disk; a Mac's own way to say that is another."""
    if sys.platform == "darwin":
        with suppress(OSError):  # some network shares cannot
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def _settle_folder(folder: Path) -> None:
    """Force the rename to the disk where the system can."""
    if sys.platform == "win32":
        return
    with suppress(OSError):  # some network shares cannot; the rename itself is done
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _replace_file(draft: Path, target: Path) -> None:
    """Windows' own way, which keeps access lists and streams such as the Mark-of-the-Web."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only where it is needed

        write_through, ignore_merge_errors = 1, 2
        replace = ctypes.windll.kernel32.ReplaceFileW
        flags = write_through | ignore_merge_errors
        if not replace(str(target), str(draft), None, flags, None, None):
            raise ctypes.WinError()
