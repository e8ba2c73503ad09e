"""The two things people ask for: sheets into an existing workbook, sheets into a new one."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xlplan.diagnostics import RequestError
from xlplan.package.blank import blank_package
from xlplan.package.history import keep
from xlplan.package.packer import Packer
from xlplan.package.probe import Form, form_of
from xlplan.package.save import Draft, check_writable, digest, plainly, real
from xlplan.package.splice import Spliced, check_result, splice
from xlplan.sheets.description import Sheet

_NEW_SUFFIX = ".xlsx"


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
    with plainly(source):
        form = form_of(source)
        target = real(source if out is None else out)
        if form is not Form.PACKAGE:
            if out is None:
                raise RequestError("XP017", path=source)
            return _fresh(target, sheets, backup=backup)
        check_writable(target)
        held = digest(source)
        if source_digest not in (None, held):
            raise RequestError("XP015", path=source)
        return _put(source, target, sheets, backup=backup)


def new_workbook(path: str | Path, sheets: Sequence[Sheet], *, overwrite: bool = False) -> Written:
    """Make a new .xlsx of these sheets; XP014 where a file exists and `overwrite` is False.

    What is overwritten is kept for undo.
    """
    target = real(path)
    with plainly(target):
        if target.exists() and not overwrite:
            raise RequestError("XP014", path=target)
        return _fresh(target, sheets, backup=True)


def _fresh(target: Path, sheets: Sequence[Sheet], *, backup: bool) -> Written:
    """A new workbook, made from the blank one by the same splicing."""
    if not sheets:
        raise RequestError("XP709", sheet="", reason="至少要有一张表")
    if target.suffix.casefold() != _NEW_SUFFIX:
        raise RequestError("XP710", path=target, kind=_NEW_SUFFIX)
    check_writable(target)
    return _put(_blank(), target, sheets, backup=backup)


def _blank() -> bytes:
    packed = io.BytesIO()
    packer = Packer(packed)
    for name, content in blank_package().items():
        packer.add(name.encode(), [content])
    packer.close((), b"")
    return packed.getvalue()


def _put(source: Path | bytes, target: Path, sheets: Sequence[Sheet], *, backup: bool) -> Written:
    """Splice into a draft and let it take the target's place, unless nothing would change."""
    before = digest(target) if target.exists() else None
    with Draft(target) as draft:
        spliced = splice(source, sheets, draft.file)
        draft.settle()
        if before is not None and digest(draft.path) == before:
            return _written(target, spliced, None, changed=False)
        check_result(source, draft.path, spliced.own)
        copy = keep(target) if backup and before is not None else None
        draft.place(before)
    return _written(target, spliced, copy, changed=True, notes=draft.notes)


def _written(
    target: Path,
    spliced: Spliced,
    backup: Path | None,
    *,
    changed: bool,
    notes: tuple[str, ...] = (),
) -> Written:
    return Written(
        target, changed, backup, spliced.added, spliced.replaced, (*spliced.notes, *notes)
    )
