"""PDF by LibreOffice: one instance for a batch, in a profile of its own, whole files or none."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xlplan.diagnostics import RequestError

_NAMES = ("soffice", "libreoffice")
_USUAL = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_LONGEST_LINE = 16_000
"""Characters of file names on one command line; Windows takes twice as many."""

_SECONDS_EACH, _SECONDS_TO_START = 20, 120
_NO_TROUBLE = ""


def find_office() -> Path:
    """The program LibreOffice.

    Raises:
        RequestError: XP867 when it is not installed.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    usual = next((path for path in _USUAL if Path(path).is_file()), None)
    if found is None and usual is None:
        raise RequestError("XP867")
    return Path(found or usual or "")


def to_pdf(office: Path, files: Sequence[Path]) -> dict[Path, str]:
    """Put a PDF beside each file; what is wrong with each that has none, "" = nothing.

    LibreOffice writes into a folder of its own first, so that a PDF is whole or not there.
    """
    found: dict[Path, str] = {}
    for batch in _batches(files):
        with tempfile.TemporaryDirectory(prefix="xlplan-pdf-") as room:
            said = _converted(office, batch, Path(room))
            for file in batch:
                found[file] = _moved(Path(room) / f"{file.stem}.pdf", file, said)
    return found


def _batches(files: Sequence[Path]) -> Iterator[list[Path]]:
    """As many files at once as a command line takes."""
    batch: list[Path] = []
    length = 0
    for file in files:
        length += len(str(file)) + 3
        if batch and length > _LONGEST_LINE:
            yield batch
            batch, length = [], len(str(file)) + 3
        batch.append(file)
    if batch:
        yield batch


def _converted(office: Path, batch: Sequence[Path], room: Path) -> str:
    """Convert a batch; what went wrong with the program itself, "" = nothing."""
    with _profile() as profile:
        line = [
            str(office),
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--convert-to", "pdf"),
            *("--outdir", str(room), *map(str, batch)),
        ]
        seconds = _SECONDS_TO_START + _SECONDS_EACH * len(batch)
        try:
            subprocess.run(  # noqa: S603 - a program by its full path, and files of our own making
                line, capture_output=True, check=False, timeout=seconds, env=_environment()
            )
        except subprocess.TimeoutExpired:
            return f"LibreOffice {seconds} 秒没有完成"
        except OSError as error:
            return f"LibreOffice 启动不了（{error.strerror}）"
    return _NO_TROUBLE


def _environment() -> dict[str, str]:
    """The environment without a window system, where LibreOffice knows how to do without."""
    return {**os.environ, "SAL_USE_VCLPLUGIN": "svp"} if sys.platform == "linux" else {**os.environ}


@contextmanager
def _profile() -> Iterator[Path]:
    """A user profile that nobody else uses: an open LibreOffice does not get in the way."""
    with tempfile.TemporaryDirectory(prefix="xlplan-office-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _moved(made: Path, beside: Path, said: str) -> str:
    """Move a finished PDF to its place in one step."""
    if not made.is_file():
        return said or "LibreOffice 没有转出 PDF"
    target = beside.with_suffix(".pdf")
    draft = target.with_name(f".{made.stem}.{os.getpid()}.tmp")
    try:
        shutil.copyfile(made, draft)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        return f"PDF 写不进去（{error.strerror}）"
    return _NO_TROUBLE
