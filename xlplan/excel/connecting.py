"""From a macro's command line to the open workbook."""

import atexit
import importlib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlplan.diagnostics import RequestError

if TYPE_CHECKING:
    import xlwings as xw

_PAID = "xlwings.pro"
_HEAVY = ("matplotlib", "numpy", "pandas", "PIL", "polars")
_LIBREOFFICE = "libreoffice"

_PATIENCE = 3.0
"""Seconds that an office that is busy may take to answer."""

_NOT_EXCEL = ("wps", "kingsoft", "金山")


@dataclass(frozen=True, slots=True)
class Order:
    """What a click asks for.

    `book` is the workbook's full name or its name, "" for the one in front; `window` Excel's
    window handle; `office` the address that LibreOffice listens on, "" for Excel; `addin` the
    version of the buttons that ask, and `asks` what holds them: the add-in, LibreOffice's
    extension, or the workbook itself.
    """

    verb: str
    book: str = ""
    window: int = 0
    office: str = ""
    addin: str = ""
    asks: str = "addin"

    @classmethod
    def of(cls, arguments: Sequence[str]) -> "Order":
        """Read a macro's command line; a path may hold spaces and equals signs.

        >>> order = Order.of(["check", "--wb=C:/a=b.xlsm", "--from_xl=1", "--hwnd=42"])
        >>> order.verb, order.book, order.window, order.asks
        ('check', 'C:/a=b.xlsm', 42, 'addin')
        """
        said = dict(
            argument[2:].split("=", 1)
            for argument in arguments
            if argument.startswith("--") and "=" in argument
        )
        verb = next((one for one in arguments if not one.startswith("--")), "")
        window = said.get("hwnd", "").strip()
        return cls(
            verb,
            said.get("wb", "").strip(),
            int(window) if window.isdigit() else 0,
            said.get("office", "").strip(),
            said.get("addin", "").strip(),
            said.get("asks", "").strip() or "addin",
        )


def load_xlwings() -> Any:  # noqa: ANN401 - a module
    """Import xlwings without its paid part, and without the libraries that it could convert for.

    The paid part is barred for good: what runs here uses none of it. The others are barred while
    xlwings looks for them; they would cost a click more than everything else.
    """
    sys.modules[_PAID] = None  # type: ignore[assignment]  # how Python bars a module
    with _barred(name for name in _HEAVY if name not in sys.modules):
        library = importlib.import_module("xlwings")
    if sys.platform == "win32":
        # At its end xlwings would kill every Excel that shows no window, somebody else's too.
        atexit.unregister(library._xlwindows.cleanup)  # noqa: SLF001 - it is registered unasked
    return library


@contextmanager
def _barred(names: Iterable[str]) -> Iterator[None]:
    barred = list(names)
    for name in barred:
        sys.modules[name] = None  # type: ignore[assignment]  # how Python bars a module
    try:
        yield
    finally:
        for name in barred:
            del sys.modules[name]


def book_of(order: Order) -> "xw.Book":
    """The open workbook that an order is about.

    Raises:
        RequestError: XP801 when no program answers or the workbook is not open in it.
    """
    library = load_xlwings()
    if _is_office(order):
        app = _office(library, order.office)
    else:
        app = _excel(library, order.window)
        refuse_wps(app)
    book: xw.Book = _found(app, order.book)
    return book


def active_book() -> "xw.Book":
    """The workbook in front: Excel's, or without Excel LibreOffice's.

    Raises:
        RequestError: XP801 when no program with a workbook answers.
    """
    return book_of(Order("", office=os.environ.get("XLPLAN_OFFICE", "")))


def _is_office(order: Order) -> bool:
    return bool(order.office) or sys.platform not in {"win32", "darwin"}


def _office(xw: Any, address: str) -> Any:  # noqa: ANN401 - xlwings' own objects
    """LibreOffice as an application; its engine is made known to xlwings and becomes active."""
    from xlplan import uno  # noqa: PLC0415 - only where LibreOffice is meant
    from xlplan.uno.engine import Engine  # noqa: PLC0415

    connected = uno.connect(address, _PATIENCE) if address else uno.connect(seconds=_PATIENCE)
    implementation = Engine(connected)
    engine = xw.Engine(impl=implementation)
    if _LIBREOFFICE not in xw.engines.engines_by_name:
        xw.engines.add(engine)
    engine.activate()
    return xw.main.App(impl=implementation.app)


def _excel(xw: Any, window: int) -> Any:  # noqa: ANN401 - xlwings' own objects
    """The Excel that asks, by its window; else the one in front."""
    if window and sys.platform == "win32":
        return xw.main.App(impl=xw._xlwindows.App(xl=window))  # noqa: SLF001 - xlwings has no public way
    app = xw.apps.active if xw.engines.active else None
    if app is None:
        raise RequestError("XP801", reason="没有打开 Excel")
    return app


def refuse_wps(app: Any) -> None:  # noqa: ANN401 - xlwings' own objects
    """Refuse what answers in Excel's place.

    Raises:
        RequestError: XP807 for WPS.
    """
    program = f"{app.api.Name} {app.api.Path}"
    if any(name in program.casefold() for name in _NOT_EXCEL):
        raise RequestError("XP807", program="WPS")


def _found(app: Any, wanted: str) -> Any:  # noqa: ANN401 - xlwings' own objects
    """The workbook by its full name, else by its name alone, else the one in front.

    A workbook on OneDrive has a web address for a full name: it is compared, never opened.
    """
    if not wanted:
        return app.books.active
    books = list(app.books)
    name = wanted.casefold().replace("\\", "/")
    for book in books:
        if book.impl.name.casefold() == name or _full(book) == name:
            return book
    last = name.rpartition("/")[2]
    same = [book for book in books if book.name.casefold() == last]
    if len(same) == 1:
        return same[0]
    raise RequestError("XP801", reason=f"“{wanted}”没有打开")


def _full(book: "xw.Book") -> str:
    """The full name as the program says it, without xlwings' guesses about web folders."""
    native = getattr(book.impl, "xl", None)
    said = native.FullName if native is not None else book.impl.fullname
    return str(said).casefold().replace("\\", "/")
