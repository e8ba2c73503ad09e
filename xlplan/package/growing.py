"""References that grow when rows come below a table, as Excel lets them grow.

What ends in the row above the first new one reaches down to the last new one: the filter, the
table's own reference, drop-downs and conditional formats, the print area. What ends elsewhere or
stands beside the table stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.package.own import areas
from xlplan.package.xml_offsets import Edit, Element, attribute

_AREA = re.compile(r"(\$?[A-Za-z]{1,3}\$?)(\d{1,7})(?::(\$?[A-Za-z]{1,3}\$?)(\d{1,7}))?(?![\w(!])")
_FORMATS = frozenset({"conditionalFormatting", "dataValidation"})


@dataclass(frozen=True, slots=True)
class Growth:
    """Rows `last`+1 to `to` come below a table that spans `columns`; `dressed` like its rows."""

    last: int
    to: int
    columns: tuple[int, int]
    dressed: bool


def grown(reference: str, growth: Growth) -> str:
    """A reference, of one or more areas, as it is after the rows came.

    >>> growth = Growth(9, 11, (1, 4), dressed=True)
    >>> grown("A4:A9 C4:D8 F4:F9", growth), grown("'台账'!$A$3:$D$9", growth), grown("B9", growth)
    ('A4:A11 C4:D8 F4:F9', "'台账'!$A$3:$D$11", 'B9:B11')
    """
    sheet, mark, said = reference.rpartition("!")
    return sheet + mark + _AREA.sub(lambda found: _grown(found, growth), said)


def _grown(found: re.Match[str], growth: Growth) -> str:
    (area,) = areas(found[0].replace("$", "").upper())
    first, last = growth.columns
    beside = area.last_column < first or area.first_column > last
    if area.last_row != growth.last or beside:
        return found[0]
    return f"{found[1]}{found[2]}:{found[3] or found[1]}{growth.to}"


def grown_on_sheet(body: bytes, root: Element, growth: Growth) -> Iterator[Edit]:
    """The edits that let a sheet's own references grow."""
    for child in root.children:
        if child.name == "autoFilter":
            yield from _attribute(body, child, "ref", growth)
            for inner in child.children:
                yield from _attribute(body, inner, "ref", growth)
        elif growth.dressed:
            yield from _formats(body, child, growth)


def _formats(body: bytes, element: Element, growth: Growth) -> Iterator[Edit]:
    """Drop-downs and conditional formats, those of Excel 2010 in the extensions too."""
    if element.name in _FORMATS and "sqref" in element.attributes:
        yield from _attribute(body, element, "sqref", growth)
    if element.name == "sqref" and not element.children:
        old = body[element.inner : element.close].decode()
        new = grown(old, growth)
        if new != old:
            yield Edit(element.inner, element.close, [new.encode()])
    for child in element.children:
        yield from _formats(body, child, growth)


def grown_table(body: bytes, table: Element, growth: Growth) -> Iterator[Edit]:
    """The edits that let a table take the rows in; none where it does not end just above them."""
    yield from _attribute(body, table, "ref", growth)
    for child in table.children:
        if child.name in ("autoFilter", "sortState"):
            yield from _attribute(body, child, "ref", growth)


def _attribute(body: bytes, element: Element, name: str, growth: Growth) -> Iterator[Edit]:
    old = element.attributes.get(name, "")
    new = grown(old, growth)
    if new != old:
        yield attribute(body, element, name, new)
