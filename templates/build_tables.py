"""Build the shipped Excel templates from their texts; the same bytes every time.

`python templates/build_tables.py` writes NAME.xlsx beside this script from tables/NAME.txt. A line
of a text is a row: `kind| cell | cell`. What a kind looks like is said once, in `LOOKS`; `<` joins
a cell to the one on its left, `^` to the one above. Lines that make no row:

    sheet| name            a new sheet
    paper| landscape repeat 3      how it is printed, and which row every page repeats
    widths| 20 18 9        widths of the columns in characters
    formats| @ 0.00 0.0%   number formats of the columns, of the rows and totals
    bars| E2 A4 B4 title   a bar chart at E2: labels of A4, values of B4 and the rows it grows to
    pace| E24 A9 B9 C9 title       columns of B9 with a line of C9
"""

import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

HERE = Path(__file__).parent
TEXTS = HERE / "tables"

SONG, HEI, TITLE = "宋体", "黑体", "方正小标宋简体"
GRID = {"border": 1, "valign": "vcenter", "align": "center", "text_wrap": True}
LOOKS: Mapping[str, dict[str, object]] = {
    "title": {"font_name": TITLE, "font_size": 18, "align": "center", "valign": "vcenter"},
    "remark": {"font_name": SONG, "font_size": 10.5, "align": "right", "valign": "vcenter"},
    "caption": {"font_name": HEI, "font_size": 12, "valign": "vcenter"},
    "head": {"font_name": HEI, "font_size": 10.5, **GRID},
    "row": {"font_name": SONG, "font_size": 10.5, **GRID},
    "total": {"font_name": SONG, "font_size": 10.5, "bold": True, **GRID},
    "note": {"font_name": SONG, "font_size": 10.5, "valign": "vcenter", "text_wrap": True},
    "tag": {"font_name": SONG, "font_size": 9, "font_color": "#808080"},
    "blank": {},
}
HEIGHTS = {"title": 36, "remark": 18, "caption": 24, "head": 20, "row": 20, "total": 20, "note": 30}
WIDE = ("title", "remark", "caption", "note")
"""Kinds of rows whose first cell is as wide as the table."""

SETTINGS = ("sheet", "paper", "widths", "formats", "bars", "pace")
FIGURES = ("row", "total")
UNIT, FIRST, LAST = 2, 3, 6
"""Columns of the unit of measure, and of the first and last amount in it."""


def main() -> None:
    """Write every template into the folder given, else beside this script."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for text in sorted(TEXTS.glob("*.txt")):
        (folder / f"{text.stem}.xlsx").write_bytes(build(text.read_text(encoding="utf-8")))


@dataclass(slots=True)
class Page:
    """One sheet of a text: its settings by kind, and its rows."""

    name: str
    settings: list[tuple[str, str]] = field(default_factory=list)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)

    def setting(self, kind: str) -> str:
        """The last setting of a kind."""
        return next((said for known, said in reversed(self.settings) if known == kind), "")

    @property
    def widths(self) -> list[float]:
        """The widths of the columns in characters."""
        return [float(width) for width in self.setting("widths").split()]


@dataclass(slots=True)
class Looks:
    """The formats of a sheet, each made once."""

    book: Workbook
    numbers: list[str]
    made: dict[tuple[str, str], Any] = field(default_factory=dict)

    def of(self, kind: str, column: int) -> Any:  # noqa: ANN401 - XlsxWriter's own format
        """How a cell of a row of that kind looks."""
        known = kind in FIGURES and column < len(self.numbers)
        number = self.numbers[column].replace("@", "General") if known else "General"
        if (kind, number) not in self.made:
            look = self.book.add_format({**LOOKS[kind], "num_format": number})
            self.made[kind, number] = look
        return self.made[kind, number]


def build(text: str) -> bytes:
    """The template that a text says."""
    made = io.BytesIO()
    # Filled texts may begin with “=”: nothing here is guessed from how a text looks.
    with Workbook(made, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"author": "xlplan", "created": datetime(1980, 1, 1, tzinfo=UTC)})
        for page in _pages(text):
            _sheet(book, page, Looks(book, page.setting("formats").split()))
    return made.getvalue()


def _pages(text: str) -> Iterator[Page]:
    page = None
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        kind, _, said = line.partition("|")
        if kind == "sheet":
            if page is not None:
                yield page
            page = Page(said.strip())
        assert page is not None, "a text begins with a sheet"  # noqa: S101 - a slip in the text
        if kind in SETTINGS:
            page.settings.append((kind, said.strip()))
        else:
            page.rows.append((kind, [cell.strip() for cell in f"{said} ".split("| ")]))
    if page is not None:
        yield page


def _sheet(book: Workbook, page: Page, looks: Looks) -> None:
    sheet = book.add_worksheet(page.name)
    for column, width in enumerate(page.widths):
        sheet.set_column(column, column, width)
    for number, (kind, cells) in enumerate(page.rows):
        if kind in HEIGHTS:
            sheet.set_row(number, HEIGHTS[kind])
        _row(sheet, page, number, looks)
        if kind in WIDE and len(page.widths) > 1:
            sheet.merge_range(number, 0, number, len(page.widths) - 1, cells[0], looks.of(kind, 0))
    _merge(sheet, page, looks)
    _dress(book, sheet, page)
    _print(sheet, page)
    for kind, said in page.settings:
        if kind in ("bars", "pace"):
            _chart(book, sheet, kind, said)


def _row(sheet: Worksheet, page: Page, number: int, looks: Looks) -> None:
    kind, cells = page.rows[number]
    for column, said in enumerate(cells):
        look = looks.of(kind, column)
        if said.startswith("="):
            sheet.write_formula(number, column, said, look)
        elif said and said not in "<^":
            sheet.write_string(number, column, said, look)
        elif kind in (*FIGURES, "head"):
            sheet.write_blank(number, column, None, look)


def _merge(sheet: Worksheet, page: Page, looks: Looks) -> None:
    """Join the cells that a text joins to another."""
    for top, (kind, cells) in enumerate(page.rows):
        for left, said in enumerate(cells):
            if said in ("<", "^"):
                continue
            bottom, right = top, left
            while right + 1 < len(cells) and cells[right + 1] == "<":
                right += 1
            while bottom + 1 < len(page.rows) and page.rows[bottom + 1][1][left : left + 1] == [
                "^"
            ]:
                bottom += 1
            if (bottom, right) != (top, left):
                sheet.merge_range(top, left, bottom, right, said, looks.of(kind, left))


def _dress(book: Workbook, sheet: Worksheet, page: Page) -> None:
    """Counts are shown whole where they are, and shares in per cent."""
    share, whole = (book.add_format({"num_format": number}) for number in ("0.0%", "0"))
    for number, (kind, _) in enumerate(page.rows):
        if kind in FIGURES and "计量单位" in _head(page):
            unit, first = (f"${chr(65 + UNIT)}{number + 1}", f"{chr(65 + FIRST)}{number + 1}")
            count = f'AND(ISERROR(SEARCH("元",{unit})),ISNUMBER({first}),{first}=INT({first}))'
            for formula, look in ((f'{unit}="%"', share), (count, whole)):
                asked = {"type": "formula", "criteria": f"={formula}", "format": look}
                sheet.conditional_format(number, FIRST, number, LAST, asked)


def _head(page: Page) -> list[str]:
    return next((cells for kind, cells in page.rows if kind == "head"), [])


def _print(sheet: Worksheet, page: Page) -> None:
    words = page.setting("paper").split()
    if "landscape" in words:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1 if "onepage" in words else 0)
    sheet.hide_gridlines(2)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    if "repeat" in words:
        row = int(words[words.index("repeat") + 1]) - 1
        sheet.repeat_rows(row)


def _chart(book: Workbook, sheet: Worksheet, kind: str, said: str) -> None:
    """A chart whose series begin with one cell each; they grow with its row."""
    at, *cells = said.split(maxsplit=4 if kind == "pace" else 3)
    title = cells.pop()
    chart = book.add_chart({"type": "bar" if kind == "bars" else "column"})
    labels, rates, *paces = (_cell(sheet, cell) for cell in cells)
    shown = {"value": True, "num_format": "0.0%", "font": {"size": 9}}
    chart.add_series(
        {"name": "完成率", "categories": labels, "values": rates, "data_labels": shown}
    )
    for pace in paces:
        line = book.add_chart({"type": "line"})
        line.add_series({"name": "序时进度", "categories": labels, "values": pace})
        chart.combine(line)
    chart.set_title({"name": title, "name_font": {"size": 14}})
    rate_axis = {"num_format": "0%", "major_gridlines": {"visible": True}, "min": 0}
    if kind == "bars":
        chart.set_y_axis({"reverse": True, "crossing": "max"})
        chart.set_x_axis(rate_axis)
        chart.set_legend({"none": True})
    else:
        chart.set_y_axis(rate_axis)
        chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 720, "height": 520 if kind == "bars" else 380})
    sheet.insert_chart(at, chart)


def _cell(sheet: Worksheet, cell: str) -> list[object]:
    row, column = xl_cell_to_rowcol(cell)
    return [sheet.get_name(), row, column, row, column]


if __name__ == "__main__":
    main()
