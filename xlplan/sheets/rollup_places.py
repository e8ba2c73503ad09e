"""Where figures of a roll-up come from, as links from its file to the books beside it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from xlplan.counties import Area
from xlplan.diagnostics import Cell, Diagnostic, File, InBook
from xlplan.sheets import layout

_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of books by the names that tell them apart, as seen from the file `beside`."""

    books: Mapping[str, str]
    beside: Path

    @classmethod
    def of_area(cls, area: Area, beside: Path) -> "Places":
        """The books that an area was added up from."""
        reports = {line.report for line in area.lines if line.report}
        return cls({report.label: report.address for report in reports}, beside)

    def link(self, address: str, cell: Cell | None = None) -> str:
        """The link to a book, or a cell in it; "" where no program would follow it."""
        place = f"#{layout.target_of(cell)}" if cell else ""
        if address.startswith(_WEB):
            return f"{address}{place}"
        if "://" in address:
            return ""
        try:
            path = Path(os.path.relpath(address, self.beside.parent)).as_posix()
        except ValueError:  # another drive of Windows
            return ""
        return f"file:{quote(path)}{place}"

    def of(self, found: Diagnostic) -> str:
        """The link of a finding's place."""
        place = found.place
        if isinstance(place, InBook) and place.book in self.books:
            return self.link(self.books[place.book], place.cell)
        if isinstance(place, File) and place.name in self.books:
            return self.link(self.books[place.name])
        return ""
