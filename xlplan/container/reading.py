"""Whether a file can be reached at all; what the system says, in the user's language."""

import errno
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlplan.diagnostics import RequestError

_SAID = {
    errno.EIO: "读写出错",
    errno.ENOENT: "文件夹不见了",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ESTALE: "网络盘断开",
    errno.ENOTCONN: "网络盘断开",
    errno.EBUSY: "文件正被系统占用",
    errno.ELOOP: "链接绕成一圈",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
}


def reason_of(error: OSError) -> str:
    """A system's refusal in a few words; its own words are in a language that nobody chose.

    >>> reason_of(OSError(5, "Input/output error")), reason_of(OSError(99, "…"))
    ('读写出错', '系统错误 99')
    """
    return _SAID.get(error.errno or 0, f"系统错误 {error.errno or ''}".rstrip())


@contextmanager
def reachable(path: Path) -> Iterator[None]:
    """Refuse a file that cannot be read (XP001, XP005, XP006), a folder (XP007), a pipe (XP002)."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise RequestError("XP007", path=path)
        if not stat.S_ISREG(mode):
            raise RequestError("XP002", path=path, reason="不是普通文件")
        yield
    except PermissionError as error:
        is_open = path.with_name(f"~${path.name}").exists()
        code, reason = ("XP005", "Excel 正打开着它") if is_open else ("XP006", "不能读取")
        raise RequestError(code, path=path, reason=reason) from error
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise RequestError("XP001", path=path) from error
    except OSError as error:
        raise RequestError("XP006", path=path, reason=reason_of(error)) from error
