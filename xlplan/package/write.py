"""The two things people ask for: sheets into an existing workbook, sheets into a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xlplan.sheets.description import Sheet


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
    """Put sheets into the workbook at `path` (or a copy at `out`), everything else kept."""
    raise NotImplementedError


def new_workbook(path: str | Path, sheets: Sequence[Sheet], *, overwrite: bool = False) -> Written:
    """Make a new .xlsx of these sheets; XP014 where a file exists and `overwrite` is False."""
    raise NotImplementedError
