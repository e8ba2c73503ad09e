"""A workbook open in a spreadsheet program, as the verbs know books."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan.diagnostics import RequestError
from xlplan.live import kept, painted
from xlplan.live.at_once import names_of, settle, sheet_of
from xlplan.live.grids import grid_of
from xlplan.live.looks import show
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
    same: tuple[str, ...] = ()
    """Those of them that stood there already as they were to be."""

    @property
    def changed(self) -> bool:
        """Whether anything is other than before."""
        return len(self.same) < len(self.added) + len(self.replaced)


class LiveBook:
    """An open workbook: grids read as whole ranges, result sheets put where the user sees them."""

    def __init__(self, book: "xw.Book") -> None:
        self.book = book
        self._sheets: dict[str, Callable[[], Sheet]] = {}
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
            self._names = names_of(self.book)
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
        self.put_built({sheet.name: partial(_same, sheet) for sheet in sheets})

    def put_built(self, builders: Mapping[str, Callable[[], Sheet]]) -> None:
        """The same, each described only when the one before is on its way into the workbook."""
        self._sheets = dict(builders)

    def save(self, out: Path | str | None = None) -> Written:
        """Put the sheets taken into the open workbook, and keep what they replace for undo.

        Where all stood there already there is nothing to undo, and the save before stays the last.
        If anything goes wrong on the way, the result sheets are as they were before.

        Raises:
            RequestError: XP804 where a sheet or the workbook is protected.
        """
        assert out is None, "an open workbook is saved by its own program"  # noqa: S101 - a bug
        there = {name.casefold(): name for name in self.sheet_names()}
        names = [*self._sheets]
        replaced = tuple(there[name.casefold()] for name in names if name.casefold() in there)
        added = tuple(name for name in names if name.casefold() not in there)
        self._check_open(replaced, added)
        folder = kept.folder_of(self.book)
        standing = painted.standing(self.book, folder) if replaced else {}
        state = kept.keep(self.book, replaced, added, standing)
        with Quiet(self.book):
            try:
                # All sheets are there before the first formula that refers to one of them.
                new = self._add(added)
                packed, same = self._write(new, standing)
                painted.note(self.book, folder, packed)
                settle(self.book)
            except BaseException:
                with suppress(Exception):  # what still waits is done or refused: it is known why
                    settle(self.book)
                kept.put_back(self.book, state)
                kept.forget(self.book, state)
                raise
            finally:
                self._forget()
        written = Written(added, replaced, same)
        if not written.changed:
            kept.forget(self.book, state)
        return written

    def _forget(self) -> None:
        """What was read is no longer so."""
        self._names, self._grids = [], {}

    def _write(
        self, new: "Mapping[str, xw.Sheet]", standing: Mapping[str, bytes]
    ) -> tuple[dict[str, bytes], tuple[str, ...]]:
        """Describe one sheet after the other and put it.

        How they were described, packed; and those that had nothing to be changed.
        """
        packed: dict[str, bytes] = {}
        same: list[str] = []
        fresh: list[tuple[Sheet, xw.Sheet]] = []
        for name, build in self._sheets.items():
            sheet = build()
            if name in new:
                render(sheet, new[name], fresh=True)
                fresh.append((sheet, new[name]))
            else:
                known = painted.unpacked(standing.get(name, b""))
                if not put_again(sheet, known, self.book.sheets[name]):
                    same.append(name)
            packed |= painted.packed_sheets([sheet])
        for sheet, target in fresh:  # together and last: a program draws the sheet that is in front
            show(sheet, target)
        return packed, tuple(same)

    def _add(self, names: Sequence[str]) -> "dict[str, xw.Sheet]":
        """Add sheets after the last one; them by name."""
        sheets = self.book.impl.sheets  # nobody has these names: xlwings would look again each time
        last, added = sheets(len(sheets)), {}
        for name in names:
            last = sheets.add(after=last, name=name)
            added[name] = sheet_of(last)
        return added

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


def _same(sheet: Sheet) -> Sheet:
    """A sheet that is described already."""
    return sheet
