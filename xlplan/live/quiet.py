"""What the user sees stays as it is while sheets are written: selection, scroll, calculation."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlplan.live.at_once import names_of

if TYPE_CHECKING:
    import xlwings as xw

_REFUSED = Exception
"""What a program throws when it has no such thing: each engine has a class of its own."""


@dataclass(frozen=True, slots=True)
class View:
    """The sheet in front, the cells selected in it ("" for none), and where it is scrolled."""

    sheet: str
    selected: str
    row: int
    column: int


class Quiet:
    """Nothing flickers, nothing is computed in between, and all is as it was afterwards.

    Also when something goes wrong or is stopped. A class, because what LibreOffice raises cannot
    pass through a generator.
    """

    def __init__(self, book: "xw.Book") -> None:
        self._book = book
        self._app: Any = book.app
        self._view: View | None = None
        self._before: dict[str, object] = {}

    def __enter__(self) -> None:
        with suppress(_REFUSED):
            self._view = view_of(self._book)
        for name, value in (("screen_updating", False), ("calculation", "manual")):
            with suppress(_REFUSED):
                self._before[name] = getattr(self._app, name)
                setattr(self._app, name, value)

    def __exit__(self, *_trouble: object) -> None:
        with suppress(_REFUSED):
            self._show()
        for name, value in reversed(self._before.items()):
            with suppress(_REFUSED):
                setattr(self._app, name, value)

    def _show(self) -> None:
        """The view as it was, as far as its sheet is still there and anything moved."""
        was = self._view
        if was is None or was == view_of(self._book) or was.sheet not in names_of(self._book):
            return
        sheet = self._book.sheets[was.sheet]
        sheet.impl.activate()  # the sheet alone: no window is to take the focus
        if was.selected:
            sheet.range(was.selected).impl.select()
        window = self._book.api.Windows(1)
        window.ScrollRow, window.ScrollColumn = was.row, was.column


def view_of(book: "xw.Book") -> View:
    """What the user sees of a workbook."""
    seen = getattr(book.impl, "seen", None)
    if seen is not None:
        return View(*seen())
    window = book.api.Windows(1)
    cells = book.app.selection
    selected = cells.address if cells is not None else ""
    return View(book.sheets.active.name, selected, int(window.ScrollRow), int(window.ScrollColumn))
