"""The two things people ask for: sheets into an existing workbook, sheets into a new one."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlplan.container import Container, Form, form_of
from xlplan.container.packer import Packer
from xlplan.diagnostics import RequestError
from xlplan.package.blank import Macros, blank_package
from xlplan.package.edits import CellEdit
from xlplan.package.history import keep
from xlplan.package.locks import check_unlocked
from xlplan.package.save import Draft, check_writable, digest, plainly, real, stoppable
from xlplan.package.splice import Job, check_result, splice
from xlplan.package.workbook_part import Workbook
from xlplan.sheets.description import Sheet

_NEW_SUFFIX = ".xlsx"
_NOT_IN_NAMES = '<>:"|?*\\'
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{d}{n}" for d in ("COM", "LPT") for n in range(1, 10))}
_SUFFIXES: Mapping[str, str] = {  # by a word in the workbook part's content type
    "sheet.macroEnabled": ".xlsm",
    "template.macroEnabled": ".xltm",
    "addin.macroEnabled": ".xlam",
    "template.main": ".xltx",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written where; `changed` is False where the file already was as wanted.

    `backup` is the kept copy of the state before, `notes` what the user should know.
    """

    path: Path
    changed: bool
    backup: Path | None
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    notes: tuple[str, ...] = ()


def write_sheets(
    path: str | Path,
    sheets: Sequence[Sheet],
    out: str | Path | None = None,
    *,
    source_digest: str | None = None,
    backup: bool = True,
) -> Written:
    """Put sheets into the workbook at `path` (or a copy at `out`), everything else kept.

    A sheet of that name is replaced in place, a new one goes last. .xls, .ods and .xlsb cannot be
    written back: with `out` they get their sheets in a new .xlsx. An existing `out` is replaced,
    its old state kept for undo. `source_digest` is what `digest` gave when the book was read.

    Raises: RequestError, the file untouched: XP001 to XP008 (no whole, writable, closed
    workbook), XP015 (changed meanwhile), XP017, XP018, XP019, XP701 to XP710.
    """
    source = Path(path)
    wanted = source if out is None else Path(out)
    with plainly(wanted):
        target = real(wanted)
        with stoppable(target):
            check_unlocked(wanted)
            package = _is_package(source, target, alone=out is None)
            held = digest(source)
            if source_digest not in (None, held):
                raise RequestError("XP015", path=source)
        put_into = source if package else _blank(sheets)
        return _put(put_into, target, Job(sheets), backup=backup)


def write_edits(
    path: str | Path,
    edits: Sequence[CellEdit],
    sheets: Sequence[Sheet] = (),
    *,
    source_digest: str | None = None,
) -> Written:
    """Change single cells and add rows in sheets of a workbook, and put `sheets` in, in one step.

    Every other part stays byte for byte; one `undo` takes it all back. No sheet may be both.

    Raises: RequestError as `write_sheets`, the file untouched; XP711 for an edit that cannot be
    done without harm (`refusals` tells them beforehand).
    """
    target = real(path)
    with plainly(target), stoppable(target):
        check_unlocked(Path(path))
        _is_package(target, target, alone=True)
        if source_digest not in (None, digest(target)):
            raise RequestError("XP015", path=path)
    with plainly(target):
        return _put(target, target, Job(sheets, edits), backup=True)


def _is_package(source: Path, target: Path, *, alone: bool) -> bool:
    """Whether the source can be spliced into; refuse what can be neither read nor written so."""
    package = form_of(source, str(source)) is Form.PACKAGE
    if not package and alone:
        raise RequestError("XP017", path=source)
    if not alone:
        _check_suffix(target, _suffix(source) if package else _NEW_SUFFIX)
    check_writable(target)
    return package


def new_workbook(
    path: str | Path,
    sheets: Sequence[Sheet],
    *,
    macros: Macros | None = None,
    overwrite: bool = False,
) -> Written:
    """Make a new .xlsx of these sheets, with macros an .xlsm or .xlam.

    XP014 where a file exists and `overwrite` is False. What is overwritten is kept for undo.
    """
    target = real(path)
    with plainly(target):
        if target.exists() and not overwrite:
            raise RequestError("XP014", path=target)
        _check_suffix(target, _SUFFIXES[f"{macros.kind}.macroEnabled"] if macros else _NEW_SUFFIX)
        check_writable(target)
        return _put(_blank(sheets, macros), target, Job(sheets), backup=True)


def workbook_bytes(sheets: Sequence[Sheet], macros: Macros | None = None) -> bytes:
    """The same workbook in memory."""
    into = io.BytesIO()
    splice(_blank(sheets, macros), sheets, into)
    return into.getvalue()


def _suffix(source: Path) -> str:
    """The extension that a package's content demands; Excel refuses any other."""
    with Container(source, str(source)) as container:
        workbook = Workbook(container)
        kind = workbook.types.of(workbook.part.name)
    return next((end for mark, end in _SUFFIXES.items() if mark in kind), _NEW_SUFFIX)


def _check_suffix(target: Path, suffix: str) -> None:
    """Refuse a new name that Excel (XP710) or Windows (XP018) would not take."""
    if target.suffix.casefold() != suffix:
        raise RequestError("XP710", path=target, kind=suffix)
    name = target.name
    bad = any(c in _NOT_IN_NAMES or ord(c) < ord(" ") for c in name)
    if bad or name.partition(".")[0].strip().upper() in _DEVICES:
        raise RequestError("XP018", path=target, reason="Windows 不接受这个文件名")


def _blank(sheets: Sequence[Sheet], macros: Macros | None = None) -> bytes:
    """The package of a workbook that waits for these sheets; a book must have one at least."""
    if not sheets:
        raise RequestError("XP709", sheet="", reason="至少要有一张表")
    packed = io.BytesIO()
    packer = Packer(packed)
    for name, content in blank_package(macros).items():
        packer.add(name, [content])
    packer.close((), b"")
    return packed.getvalue()


def _put(source: Path | bytes, target: Path, job: Job, *, backup: bool) -> Written:
    """Splice into a draft and let it take the target's place, unless nothing would change."""
    before = digest(target) if target.exists() else None
    itself = isinstance(source, Path) and real(source) == target
    wanted, copy, draft = "", None, Draft(target)
    with stoppable(target, lambda: wanted), draft:
        spliced = splice(source, job.sheets, draft.file, job.edits)
        draft.file.flush()
        # A book that comes out the same part by part is left as it lies, however it was zipped.
        wanted = digest(draft.path) if spliced.changed or not itself else str(before)
        if wanted != before:
            check_result(source, draft.path, spliced.own)
            copy = keep(target) if backup and before is not None else None
            draft.place(before)
    return Written(
        target,
        changed=wanted != before,
        backup=copy,
        added=spliced.added,
        replaced=spliced.replaced,
        notes=(*spliced.notes, *draft.notes),
    )
