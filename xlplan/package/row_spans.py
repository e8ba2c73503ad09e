"""Where single rows stand inside a sheet's rows, found by their tags; the others are passed over.

A clerk's ledger has ten thousand rows of which an edit touches a few: these alone are parsed.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from xlplan.container import damaged

_TOKEN = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"""|<(?P<row>(?:[^\s<>:/!?"']+:)?row)(?P<said>(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*)?)>"""
    rb"""|</(?:[^\s<>:/!?"']+:)?row\s*>""",
    re.DOTALL,
)
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_ARRAY = re.compile(
    rb"""<(?:[^\s<>:/!?"']+:)?f\s(?=[^<>]*\bt=["'](?:array|dataTable)["'])[^<>]*\bref=["']([^"']*)["']"""
)


@dataclass(frozen=True, slots=True)
class RowSpan:
    """One row: the bytes [start, end) among the rows; none where the row is not there yet."""

    start: int
    end: int

    @property
    def there(self) -> bool:
        """Whether there is such a row."""
        return self.end > self.start


def located(rows: bytes, wanted: Collection[int], part: str, label: str) -> dict[int, RowSpan]:
    """Where the wanted rows stand, or would; XP004 where rows are out of order."""
    waiting = sorted(wanted, reverse=True)
    found: dict[int, RowSpan] = {}
    last = 0
    for number, start, end in _rows(rows):
        at = number or last + 1
        if at <= last:
            raise damaged(label, f"“{part}”的行没有按顺序排列")
        last = at
        while waiting and waiting[-1] < at:
            found[waiting.pop()] = RowSpan(start, start)
        if waiting and waiting[-1] == at:
            found[waiting.pop()] = RowSpan(start, end)
    return found | {number: RowSpan(len(rows), len(rows)) for number in waiting}


def _rows(rows: bytes) -> Iterator[tuple[int, int, int]]:
    """Number (0 where it is not written), start and end of each row."""
    opened: tuple[int, int] | None = None
    for token in _TOKEN.finditer(rows):
        if token["row"] is not None:
            said = token["said"]
            number = _NUMBER.search(said)
            at = int(number[1]) if number else 0
            if said.endswith(b"/"):
                yield at, token.start(), token.end()
            else:
                opened = at, token.start()
        elif token[0].startswith(b"</") and opened is not None:
            yield *opened, token.end()
            opened = None


def array_references(rows: bytes) -> list[str]:
    """The references of all array formulas and data tables among the rows."""
    return [found.decode() for found in _ARRAY.findall(rows)]


def shared_formula(rows: bytes, number: str) -> tuple[str, str] | None:
    """The text of a shared formula of that number, as XML, and the address where it is written."""
    pattern = (
        rb"""<(?:[^\s<>:/!?"']+:)?c\s[^<>]*\br=["']([A-Z]{1,3}\d{1,7})["'][^<>]*>\s*"""
        rb"""<(?:[^\s<>:/!?"']+:)?f\s(?=[^<>]*\bsi=["']%s["'])[^<>/]*>([^<]+)<"""
    )
    found = re.search(pattern % re.escape(number.encode()), rows)
    return (found[2].decode(), found[1].decode()) if found else None
