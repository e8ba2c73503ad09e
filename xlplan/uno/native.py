"""What xlwings' object model cannot say, under the names that Excel gives it.

`book.api`, `sheet.api` and `range.api` answer to these names in Excel itself; here they are spoken
to LibreOffice. Sizes are points, colours are Excel's numbers (blue × 65536 + green × 256 + red).
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlplan.uno.bridge import Remote, load_uno, set_all, settings, struct
from xlplan.uno.buttons import NativeButtons
from xlplan.uno.far import done, given, routines
from xlplan.uno.formulas import to_office

if TYPE_CHECKING:
    from xlplan.uno.engine import Book
    from xlplan.uno.ranges import Range
    from xlplan.uno.values import Formats

_MM100_PER_POINT = 2540 / 72
_LANDSCAPE = 2  # xlLandscape
_PAPER = (21_000, 29_700)
_FOOTER_MARGIN = 762
_YEAR_1904 = 1904
_LINE_WIDTHS = {1: 2, 2: 26, -4138: 62, 4: 88}  # 1/100 mm, as LibreOffice reads files
_SIDES = ("TopBorder2", "BottomBorder2", "LeftBorder2", "RightBorder2")
_LOOKS = (
    *("CellBackColor", "CellProtection", "CharColor", "CharUnderline", "HoriJustify"),
    *("IsTextWrapped", "NumberFormat", "ParaIndent", "VertJustify", *_SIDES),
    *(
        f"Char{name}{script}"
        for name in ("FontName", "Height", "Posture", "Weight")
        for script in ("", "Asian", "Complex")
    ),
)
_TITLES = "titles"
_NUMBERS = re.compile("&([LCRPN])")


def swapped(color: int) -> int:
    """A colour of Excel as LibreOffice counts it, and back.

    >>> hex(swapped(0x0000FF)), hex(swapped(0xFF8000))
    ('0xff0000', '0x80ff')
    """
    return (color & 0xFF) << 16 | color & 0xFF00 | color >> 16 & 0xFF


class NativeApp:
    """The application by Excel's names; for what Excel does not name, LibreOffice's desktop."""

    def __init__(self, desktop: Remote) -> None:
        self._desktop = desktop
        self._gathered: list[NativePage] | None = None

    def __getattr__(self, name: str) -> Remote:
        return getattr(self._desktop, name)

    @property
    def PrintCommunication(self) -> bool:
        """Whether print set-up takes effect at once; switched on again, it does so together."""
        return self._gathered is None

    @PrintCommunication.setter
    def PrintCommunication(self, value: bool) -> None:
        pages, self._gathered = self._gathered or [], None if value else []
        for page in pages:
            page.take_effect()

    def gathered(self, page: "NativePage") -> "NativePage":
        """The page, remembered if its set-up is to take effect later."""
        if self._gathered is not None:
            self._gathered.append(page)
            page.hold()
        return page


class NativeBook:
    """A workbook by Excel's names."""

    def __init__(self, document: Remote, formats: "Formats") -> None:
        self._document = document
        self._formats = formats

    @property
    def Saved(self) -> bool:
        """Whether nothing changed since the file was written."""
        return not self._document.isModified()

    @property
    def Date1904(self) -> bool:
        """Whether days are counted from 1904."""
        return self._formats.zero.year == _YEAR_1904

    @property
    def ProtectStructure(self) -> bool:
        """Whether no sheet may be added."""
        return bool(self._document.isProtected())

    def SaveCopyAs(self, path: str) -> None:
        """Write a copy as .xlsx; the document itself stays what and where it is."""
        url = load_uno().systemPathToFileUrl(str(Path(path).resolve()))
        self._document.storeToURL(url, settings(FilterName="Calc MS Excel 2007 XML"))

    def Windows(self, _number: int = 1) -> "NativeWindow":
        """The document's window; there is one."""
        return NativeWindow(self._document.CurrentController)


class NativeWindow:
    """The window on a workbook; what it says is about the sheet in front."""

    def __init__(self, controller: Remote) -> None:
        self._controller = controller
        self.SplitRow = 0
        self.SplitColumn = 0

    @property
    def FreezePanes(self) -> bool:
        """Whether rows or columns stay in view."""
        return bool(self._controller.hasFrozenPanes())

    @FreezePanes.setter
    def FreezePanes(self, value: bool) -> None:
        wanted = (self.SplitColumn, self.SplitRow) if value else (0, 0)
        done(routines().freeze, self._controller, *wanted)

    @property
    def ScrollRow(self) -> int:
        """The first row in view."""
        return int(self._controller.FirstVisibleRow) + 1

    @ScrollRow.setter
    def ScrollRow(self, value: int) -> None:
        self._controller.FirstVisibleRow = value - 1

    @property
    def ScrollColumn(self) -> int:
        """The first column in view."""
        return int(self._controller.FirstVisibleColumn) + 1

    @ScrollColumn.setter
    def ScrollColumn(self, value: int) -> None:
        self._controller.FirstVisibleColumn = value - 1

    @property
    def DisplayGridlines(self) -> bool:
        """Whether the grid is drawn."""
        return bool(self._controller.ShowGrid)

    @DisplayGridlines.setter
    def DisplayGridlines(self, value: bool) -> None:
        self._controller.ShowGrid = value

    @property
    def Zoom(self) -> int:
        """Per cent."""
        return int(self._controller.ZoomValue)

    @Zoom.setter
    def Zoom(self, value: int) -> None:
        self._controller.ZoomValue = value


class NativeTab:
    """The tab of a sheet."""

    def __init__(self, sheet: Remote) -> None:
        self._sheet = sheet

    @property
    def Color(self) -> int:
        """Its colour."""
        return swapped(int(self._sheet.TabColor))

    @Color.setter
    def Color(self, value: int) -> None:
        self._sheet.TabColor = swapped(value)


class NativeLinks:
    """The links of a sheet."""

    def __init__(self, document: Remote) -> None:
        self._document = document

    def Add(self, Anchor: "NativeRange", Address: str, SubAddress: str = "") -> None:  # noqa: N803
        """Lay a link on a cell that holds a text; a number's or a formula's cell takes none."""
        inside = to_office(SubAddress).removeprefix("=").removeprefix("$")
        url = Address or f"#{inside}"
        done(routines().link, Anchor.xl, self._document, url)


class NativeSheet:
    """A sheet by Excel's names."""

    def __init__(self, book: "Book", sheet: Remote) -> None:
        self._book = book
        self._sheet = sheet

    @property
    def PageSetup(self) -> "NativePage":
        """How it is printed."""
        page = NativePage(self._book.document, self._sheet)
        return self._book.app.api.gathered(page)

    @property
    def Tab(self) -> NativeTab:
        """Its tab."""
        return NativeTab(self._sheet)

    @property
    def Hyperlinks(self) -> NativeLinks:
        """Its links."""
        return NativeLinks(self._book.document)

    def Buttons(self) -> NativeButtons:
        """Its buttons."""
        return NativeButtons(self._book, self._sheet)

    @property
    def ProtectContents(self) -> bool:
        """Whether it is protected against changes."""
        return bool(self._sheet.isProtected())


class NativePage:
    """How a sheet is printed: its own page style, made when something is first said about it."""

    def __init__(self, document: Remote, sheet: Remote) -> None:
        self._document = document
        self._sheet = sheet
        self._held: dict[str, object] | None = None
        self._made: Remote = None

    def hold(self) -> None:
        """Let what is said take effect later."""
        self._held = {}

    def take_effect(self) -> None:
        """Let everything said so far take effect: on the style before a sheet follows it."""
        said, style = self._held or {}, self._style
        titles = said.pop(_TITLES, None)
        set_all(style, **said)
        self._held = None
        self._follow()
        if titles is not None:
            self._title_rows(str(titles))

    def __setattr__(self, name: str, value: object) -> None:
        """Take one of Excel's names; what LibreOffice has no word for is an error."""
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        elif name == "PrintTitleRows":
            self._titles(str(value))
        elif name == "CenterFooter":
            self._put(FooterIsOn=bool(value))
            self._footer(str(value))
        else:
            self._put(**_PAGE[name](value))

    def _put(self, **values: object) -> None:
        if self._held is not None:
            self._held.update(values)
        elif values:
            set_all(self._style, **values)

    @property
    def _style(self) -> Remote:
        if self._made is None:
            self._made = given(routines().page_style, self._document, self._sheet)
        if self._held is None:
            self._follow()
        return self._made

    def _follow(self) -> None:
        """Let the sheet be printed so; each change of a style that a sheet follows is costly."""
        done(routines().follow_page_style, self._sheet)

    def _footer(self, value: str) -> None:
        """The footer's middle: text, with &P for the page and &N for the number of pages."""
        done(routines().footer, self._style, self._document, tuple(_NUMBERS.split(value)))

    def _titles(self, value: str) -> None:
        """Rows that every page repeats: later than the style, for the pages are then laid out."""
        if self._held is not None:
            self._held[_TITLES] = value
        else:
            self._title_rows(value)

    def _title_rows(self, value: str) -> None:
        """Rows that every page repeats, as $1:$3; "" for none."""
        rows = [int(part) for part in re.findall(r"\d+", value)]
        if rows:
            done(routines().title_rows, self._sheet, rows[0] - 1, rows[-1] - 1)
        else:
            self._sheet.setPrintTitleRows(False)


def _mm100(points: Any) -> int:  # noqa: ANN401 - a number of Excel's
    return int(points * _MM100_PER_POINT + 0.5)


def _orientation(value: Any) -> dict[str, object]:  # noqa: ANN401 - a number of Excel's
    wide = value == _LANDSCAPE
    width, height = _PAPER[::-1] if wide else _PAPER
    return {"IsLandscape": wide, "Width": width, "Height": height}


_PAGE: dict[str, Callable[[Any], dict[str, object]]] = {
    "PaperSize": lambda _: {"Width": _PAPER[0], "Height": _PAPER[1]},
    "Orientation": _orientation,
    "Zoom": lambda value: {"PageScale": value} if value else {},
    "FitToPagesWide": lambda value: {"ScaleToPagesX": int(value)},
    "FitToPagesTall": lambda value: {"ScaleToPagesY": int(value)},
    "CenterHorizontally": lambda value: {"CenterHorizontally": bool(value)},
    "LeftMargin": lambda value: {"LeftMargin": _mm100(value)},
    "RightMargin": lambda value: {"RightMargin": _mm100(value)},
    "TopMargin": lambda value: {"TopMargin": _mm100(value)},
    # The footer stands within the space that Excel leaves below the table.
    "BottomMargin": lambda value: {"FooterHeight": _mm100(value) - _FOOTER_MARGIN},
    "HeaderMargin": lambda _: {"HeaderIsOn": False},
    "FooterMargin": lambda value: {"BottomMargin": _mm100(value)},
}
"""Excel's names for a page, as settings of LibreOffice's page style."""


class NativeFont:
    """What xlwings' font leaves out."""

    def __init__(self, xl: Remote) -> None:
        self._xl = xl

    @property
    def Underline(self) -> bool:
        """Whether there is a line below the text."""
        return bool(self._xl.CharUnderline)

    @Underline.setter
    def Underline(self, value: bool) -> None:
        self._xl.CharUnderline = int(bool(value) and value > 0)


class NativeBorders:
    """The lines around each cell."""

    _xl: Remote
    _line: dict[str, int]

    def __init__(self, xl: Remote) -> None:
        object.__setattr__(self, "_xl", xl)
        object.__setattr__(self, "_line", {"LineStyle": 0, "Weight": 2, "Color": 0})

    def __setattr__(self, name: str, value: int) -> None:
        """Take LineStyle, Weight or Color and draw the four sides of every cell."""
        self._line[name] = value
        width = _LINE_WIDTHS[self._line["Weight"]] if self._line["LineStyle"] == 1 else 0
        line = struct(
            "table.BorderLine2",
            Color=swapped(self._line["Color"]),
            LineWidth=width,
            OuterLineWidth=width,
        )
        set_all(self._xl, **dict.fromkeys(_SIDES, line))


class NativeRows:
    """Whole rows."""

    def __init__(self, xl: Remote) -> None:
        self._xl = xl

    @property
    def Hidden(self) -> bool | None:
        """Whether they are hidden, by hand or by a filter; None where only some are."""
        there = self._xl.RangeAddress
        whole = there.EndRow - there.StartRow + 1
        found: set[int] = set()
        for part in self._xl.queryVisibleCells().RangeAddresses:
            found.update(range(part.StartRow, part.EndRow + 1))
        return None if 0 < len(found) < whole else not found


class NativeRange:
    """Cells by Excel's names."""

    def __init__(self, cells: "Range") -> None:
        self._range = cells
        self.xl = cells.xl

    @property
    def Font(self) -> NativeFont:
        """The font."""
        return NativeFont(self.xl)

    @property
    def Borders(self) -> NativeBorders:
        """The lines around each of its cells."""
        return NativeBorders(self.xl)

    @property
    def EntireRow(self) -> NativeRows:
        """The rows that it crosses."""
        return NativeRows(self.xl)

    @property
    def Style(self) -> str:
        """The name of its cell style."""
        return str(self.xl.CellStyle)

    @Style.setter
    def Style(self, value: str) -> None:
        """Take the looks of a style; "Normal" is how a bare cell looks. Rules and lists stay."""
        for name in _LOOKS:
            self.xl.setPropertyToDefault(name)
        self.xl.CellStyle = "Default" if value == "Normal" else value

    @property
    def IndentLevel(self) -> int:
        """How many steps the text is moved in."""
        return round(int(self.xl.ParaIndent) / self._range.widths.indent)

    @IndentLevel.setter
    def IndentLevel(self, value: int) -> None:
        self.xl.ParaIndent = value * self._range.widths.indent

    @property
    def Locked(self) -> bool:
        """Whether a protected sheet protects the cell."""
        return bool(self.xl.CellProtection.IsLocked)

    @Locked.setter
    def Locked(self, value: bool) -> None:
        self.xl.CellProtection = struct("util.CellProtection", IsLocked=value)

    def AutoFilter(self) -> None:
        """Give the first row arrows to filter by."""
        controller = self._range.document.CurrentController
        context = self._range.sheet.book.app.engine.context
        done(routines().auto_filter, context, controller, self.xl)
