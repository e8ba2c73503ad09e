"""A workbook open in a spreadsheet program, as the verbs know books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan.diagnostics import RequestError
from xlplan.live import kept, painted
from xlplan.live.grids import grid_of
from xlplan.live.quiet import Quiet
from xlplan.live.render import render
from xlplan.live.rewriting import put_again
from xlplan.sheets.description import Sheet
from xlplan.tables import Grid

if TYPE_CHECKING:
    import xlwings as xw


@dataclass(frozen=True, slots=True)
class Written:
    """What was put into the open workbook; it is not saved to disk by that."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    changed: bool = True


class LiveBook:
    """An open workbook: grids read as whole ranges, result sheets put where the user sees them."""

    def __init__(self, book: "xw.Book") -> None:
        self.book = book
        self._sheets: tuple[Sheet, ...] = ()
        self._grids: dict[str, Grid] = {}
        self._names: list[str] = []

    @property
    def name(self) -> str:
        """The workbook's name."""
        return self.book.name

    @property
    def folder(self) -> Path | None:
        """Where its file lies; None for one that is nowhere on this computer yet."""
        return Path(self.book.impl.fullname).parent if self._is_on_disk() else None

    def _is_on_disk(self) -> bool:
        """Whether its full name is a file here, and not a web address or a bare title."""
        path = Path(self.book.impl.fullname)
        return path.is_absolute() and path.exists()

    @property
    def takes_results(self) -> bool:
        """Always: whatever the file's form, the program that has it open writes it."""
        return True

    def sheet_names(self) -> list[str]:
        """The names of its worksheets in order, asked for once between two writings."""
        if not self._names:
            self._names = [sheet.name for sheet in self.book.sheets]
        return [*self._names]

    def grid(self, name: str) -> Grid:
        """One sheet as it stood when it was first asked for; KeyError if there is none."""
        if name not in self._grids:
            if name not in self.sheet_names():
                raise KeyError(name)
            self._grids[name] = grid_of(self.book.sheets[name])
        return self._grids[name]

    def put(self, sheets: Sequence[Sheet]) -> None:
        """Take the sheets that the next save puts in."""
        self._sheets = tuple(sheets)

    def save(self, out: Path | str | None = None) -> Written:
        """Put the sheets taken into the open workbook, and keep what they replace for undo.

        If anything goes wrong on the way, the result sheets are as they were before.

        Raises:
            RequestError: XP804 where a sheet or the workbook is protected.
        """
        assert out is None, "an open workbook is saved by its own program"  # noqa: S101 - a bug
        there = {name.casefold(): name for name in self.sheet_names()}
        names = [sheet.name for sheet in self._sheets]
        replaced = tuple(there[name.casefold()] for name in names if name.casefold() in there)
        added = tuple(name for name in names if name.casefold() not in there)
        self._check_open(replaced, added)
        folder = kept.folder_of(self.book)
        standing = painted.standing(self.book, folder) if replaced else {}
        state = kept.keep(self.book, replaced, added, standing)
        with Quiet(self.book):
            try:
                # All sheets are there before the first formula that refers to one of them.
                targets = [self._place(sheet, there) for sheet in self._sheets]
                for sheet, target in zip(self._sheets, targets, strict=True):
                    if sheet.name in added:
                        render(sheet, target, fresh=True)
                    else:
                        put_again(sheet, standing.get(sheet.name), target)
                painted.note(self.book, folder, self._sheets)
            except BaseException:
                kept.put_back(self.book, state)
                kept.forget(self.book, state)
                raise
            finally:
                self._forget()
        return Written(added, replaced)

    def _forget(self) -> None:
        """What was read is no longer so."""
        self._names, self._grids = [], {}

    def _place(self, sheet: Sheet, there: Mapping[str, str]) -> "xw.Sheet":
        """The sheet of that name, a new one after the last where there is none."""
        known = there.get(sheet.name.casefold())
        if known is not None:
            return self.book.sheets[known]
        front = self.book.sheets.active
        target = self.book.sheets.add(sheet.name, after=self.book.sheets[len(self.book.sheets) - 1])
        front.impl.activate()
        return target

    def _check_open(self, replaced: Sequence[str], added: Sequence[str]) -> None:
        for name in replaced:
            if self.book.sheets[name].api.ProtectContents:
                raise RequestError("XP804", sheet=name, reason="工作表受保护")
        if added and self.book.api.ProtectStructure:
            raise RequestError("XP804", sheet=added[0], reason="工作簿结构受保护，不能新增工作表")

    def undo(self) -> tuple[str, ...]:
        """Put the result sheets back as they were before the last click; says which.

        Raises:
            RequestError: XP020 when there is nothing to undo.
        """
        state = kept.last(self.book)
        if state is None:
            raise RequestError("XP020", path=self.name)
        self._check_open([name for name in state.replaced if name in self.sheet_names()], ())
        with Quiet(self.book):
            kept.put_back(self.book, state)
        kept.forget(self.book, state)
        self._forget()
        return (*state.replaced, *state.added)
