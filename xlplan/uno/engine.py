"""The application and its documents, answering as xlwings asks."""

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Literal

from xlwings import base_classes

from xlplan.diagnostics import RequestError
from xlplan.uno.bridge import Remote, connect, enum, load_uno, settings
from xlplan.uno.far import gather, near, routines, settle, spare, told
from xlplan.uno.keys import EscapeKey
from xlplan.uno.native import NativeApp, NativeBook
from xlplan.uno.ranges import Range
from xlplan.uno.sheets import Names, Sheet, Sheets
from xlplan.uno.values import Formats
from xlplan.uno.widths import Widths

_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97"}
_BUTTONS = {None: 1, "ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
_ANSWERS = {0: "cancel", 1: "ok", 2: "yes", 3: "no"}
_AUTOMATIC = "automatic"


class Engine:
    """LibreOffice as an engine of xlwings; `context` is what `connect` gave."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self, context: Remote | None = None) -> None:
        self._context = None if context is None else near(context)

    @cached_property
    def app(self) -> "App":
        """The one application; it remembers what it says in the status bar."""
        return App(self)

    @property
    def context(self) -> Remote:
        """The connection, made when it is first needed."""
        if self._context is None:
            self._context = near(connect())
        return self._context

    @property
    def apps(self) -> "Apps":
        return Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: object, _date_format: object = None) -> object:
        """A value of Python as the range's setter takes it."""
        return None if value != value else value  # noqa: PLR0124 - NaN and NaT differ from themselves

    @staticmethod
    def clean_value_data(
        data: list[list[object]],
        datetime_builder: object,  # noqa: ARG004 - days are Python's own already
        empty_as: object,
        number_builder: Callable[[float], object] | None,
        err_to_str: bool,  # noqa: FBT001 - xlwings passes it by position
    ) -> list[list[object]]:
        """Values as the callers of xlwings want them: errors as texts or None, numbers as asked."""

        def clean(value: object) -> object:
            if value is None or value == "":
                return empty_as
            if isinstance(value, int) and not isinstance(value, bool):
                return base_errors().get(value) if err_to_str else None
            if number_builder is not None and isinstance(value, float):
                return number_builder(value)
            return value

        return [[clean(value) for value in row] for row in data]


def base_errors() -> dict[int, str]:
    """Excel's error numbers with what a cell shows."""
    return {
        -2146826281: "#DIV/0!",
        -2146826246: "#N/A",
        -2146826259: "#NAME?",
        -2146826288: "#NULL!",
        -2146826252: "#NUM!",
        -2146826265: "#REF!",
        -2146826273: "#VALUE!",
    }


class Apps(base_classes.Apps):
    """The one application behind the connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keys(self) -> list[int]:
        return [app.pid for app in self]

    def __iter__(self) -> Iterator["App"]:
        yield self._engine.app

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> "App":
        return self._engine.app


class App(base_classes.App):
    """LibreOffice: its documents, status bar, dialogs, and how it calculates."""

    display_alerts = True
    enable_events = True
    interactive = True

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._manager = engine.context.ServiceManager
        self.desktop = self.create("com.sun.star.frame.Desktop")
        self._locked: list[Remote] = []
        self._formats: dict[str, Formats] = {}
        self._widths: dict[str, Widths] = {}
        self._indicator: Remote = None
        self._said: str | Literal[False] = False

    def create(self, name: str) -> Remote:
        """An object of LibreOffice's by its name."""
        return self._manager.createInstanceWithContext(name, self.engine.context)

    @cached_property
    def api(self) -> NativeApp:
        return NativeApp(self.desktop)

    def formats_of(self, book: "Book") -> Formats:
        """The number formats of a document, looked up once."""
        if book.instance not in self._formats:
            self._formats[book.instance] = Formats(book.document)
        return self._formats[book.instance]

    def widths_of(self, book: "Book") -> Widths:
        """The width of a character in a document, measured once."""
        if book.instance not in self._widths:
            self._widths[book.instance] = Widths.of(book.document)
        return self._widths[book.instance]

    @property
    def pid(self) -> int:
        return 1  # one connection, one application

    @property
    def version(self) -> str:
        provider = self.create("com.sun.star.configuration.ConfigurationProvider")
        product = provider.createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationAccess",
            settings(nodepath="/org.openoffice.Setup/Product"),
        )
        return str(product.getByName("ooSetupVersion"))

    @property
    def books(self) -> "Books":
        return Books(self)

    @property
    def visible(self) -> bool:
        return True

    @visible.setter
    def visible(self, value: bool) -> None:
        """A document's window shows or hides itself; the application has none."""

    @property
    def selection(self) -> Range | None:
        try:
            return self.books.active.selection
        except RequestError:  # no document is open
            return None

    @property
    def screen_updating(self) -> bool:
        return not self._locked

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if not value and not self._locked:
            self._locked = [book.document for book in self.books]
            for document in self._locked:
                document.lockControllers()
            gather(self.engine.context, gathers=True)
        elif value:
            locked, self._locked = self._locked, []
            try:
                gather(self.engine.context, gathers=False)
            finally:
                for document in locked:
                    document.unlockControllers()

    @property
    def calculation(self) -> str:
        """Each document has its own; the application's is that of the one in front."""
        automatic = self.books.active.document.isAutomaticCalculationEnabled()
        return _AUTOMATIC if automatic else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        self.books.active.document.enableAutomaticCalculation(value == _AUTOMATIC)

    def calculate(self) -> None:
        for book in self.books:
            book.document.calculate()

    @property
    def status_bar(self) -> str | Literal[False]:
        return self._said

    @status_bar.setter
    def status_bar(self, value: str | Literal[False] | None) -> None:
        self._said = value or False
        if self._indicator is None and value:
            frame = self.books.active.controller.Frame
            self._indicator = frame.createStatusIndicator()
            self._indicator.start(value, 0)
        elif value:
            self._indicator.setText(value)
        elif self._indicator is not None:
            self._indicator.end()
            self._indicator = None

    def alert(
        self,
        prompt: str | None,
        title: str | None,
        buttons: str | None,
        mode: str | None,
        callback: object,  # noqa: ARG002 - for engines that do not wait
    ) -> str:
        kind = "ERRORBOX" if mode == "critical" else "INFOBOX"
        kind = "QUERYBOX" if _BUTTONS[buttons] > 1 else kind
        box = self.create("com.sun.star.awt.Toolkit").createMessageBox(
            self.books.active.controller.Frame.ContainerWindow,
            enum("awt.MessageBoxType", kind),
            _BUTTONS[buttons],
            title or "",
            prompt or "",
        )
        return _ANSWERS[box.execute()]

    def run(self, macro: str, args: tuple[object, ...]) -> object:
        """Run a macro by LibreOffice's own address, such as `vnd.sun.star.script:…`."""
        provider = self.books.active.document.ScriptProvider
        return provider.getScript(macro).invoke(args, (), ())[0]

    def activate(self, steal_focus: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature that xlwings calls
        """Bring the document in front; a window takes no focus that it was not given."""
        if steal_focus:
            self.books.active.controller.Frame.activate()

    def quit(self) -> None:
        self.desktop.terminate()


class Books(base_classes.Books):
    """The spreadsheet documents that are open, the one in front first asked."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Remote:
        return self.app.desktop.Components

    def __iter__(self) -> Iterator["Book"]:
        for document in told(routines().spreadsheets, self.app.desktop):
            yield Book(self.app, document)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def active(self) -> "Book":
        front = told(routines().front, self.app.desktop)
        if front is not None:
            return Book(self.app, front)
        for book in self:
            return book
        raise RequestError("XP801", reason="LibreOffice 里没有打开表格文档")

    def __call__(self, name_or_index: int | str) -> "Book":
        books = list(self)
        if isinstance(name_or_index, int):
            return books[name_or_index - 1]
        wanted = name_or_index.casefold()
        for book in books:
            if wanted in {book.name.casefold(), book.fullname.casefold()}:
                return book
        raise KeyError(name_or_index)

    def add(self) -> "Book":
        document = self.app.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
        return Book(self.app, document)

    def open(self, fullname: str, *_others: object, **_more: object) -> "Book":
        url = load_uno().systemPathToFileUrl(str(Path(fullname).resolve()))
        document = self.app.desktop.loadComponentFromURL(url, "_blank", 0, ())
        return Book(self.app, document)


class Book(base_classes.Book):
    """One open document."""

    def __init__(self, app: App, document: Remote) -> None:
        self._app = app
        self.document = document

    @property
    def app(self) -> App:
        return self._app

    @property
    def api(self) -> NativeBook:
        return NativeBook(self.document, self.formats)

    @cached_property
    def formats(self) -> Formats:
        """The document's number formats."""
        return self._app.formats_of(self)

    @cached_property
    def widths(self) -> Widths:
        """How wide a character is."""
        return self._app.widths_of(self)

    @cached_property
    def instance(self) -> str:
        """What tells the document from all others as long as it is open."""
        return str(self.document.RuntimeUID)

    @property
    def controller(self) -> Remote:
        """The view of the document."""
        return self.document.CurrentController

    @property
    def fullname(self) -> str:
        url = str(self.document.URL)
        if not url:
            return str(self.document.Title)
        return str(load_uno().fileUrlToSystemPath(url)) if url.startswith("file:") else url

    @property
    def name(self) -> str:
        url = str(self.document.URL)
        return Path(self.fullname).name if url else str(self.document.Title)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self.document, self.document.NamedRanges)

    @property
    def selection(self) -> Range | None:
        """The cells selected in the sheet shown; None where a drawing is."""
        chosen = self.controller.getSelection()
        if not hasattr(chosen, "RangeAddress"):
            return None
        return Sheet(self, chosen.Spreadsheet).at(chosen.RangeAddress)

    def seen(self) -> tuple[str, str, int, int]:
        """What the view shows, at once: sheet, cells selected ("" for none), first row, column."""
        name, chosen, row, column = told(routines().seen, self.controller)
        selected = ""
        if chosen:
            top, left, bottom, right = chosen
            area = top + 1, left + 1, bottom - top + 1, right - left + 1
            selected = Range(self.sheets.active, (area,)).address
        return name, selected, row + 1, column + 1

    def on_escape(self, pressed: Callable[[], None]) -> EscapeKey:
        """Call `pressed` when Esc is pressed in the document's window, until that is closed."""
        return EscapeKey(self.controller, pressed)

    def settle(self) -> None:
        """Have everything done that was gathered; what went wrong with it is raised."""
        settle(self._app.engine.context)

    def spare(self, *, spares: bool) -> None:
        """Let what LibreOffice refuses from now on be left undone, or no longer."""
        spare(self._app.engine.context, spares=spares)

    def activate(self) -> None:
        self.controller.Frame.activate()

    def close(self) -> None:
        self.document.close(True)  # noqa: FBT003 - no keywords in UNO

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save the document where it is, or as another file.

        Raises:
            RequestError: XP805 for a workbook with macros: LibreOffice would lose its buttons.
        """
        suffix = Path(path or self.fullname).suffix.lower()
        if suffix in {".xlsm", ".xltm", ".xlam"}:
            raise RequestError("XP805", path=path or self.fullname)
        if path is None:
            self.document.store()
            return
        said = settings(FilterName=_FILTERS[suffix], **({"Password": password} if password else {}))
        url = load_uno().systemPathToFileUrl(str(Path(path).resolve()))
        self.document.storeAsURL(url, said)

    def to_pdf(self, path: str, quality: str) -> None:  # noqa: ARG002 - LibreOffice has its own
        url = load_uno().systemPathToFileUrl(str(Path(path).resolve()))
        self.document.storeToURL(url, settings(FilterName="calc_pdf_Export"))
