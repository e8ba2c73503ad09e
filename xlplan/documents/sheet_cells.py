"""The cells of a template's sheet: text, formula and style, and where they stand in the XML."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from xlplan.container import Container
from xlplan.diagnostics import column_letters
from xlplan.documents.formulas import Formula, column_number
from xlplan.package.xml_offsets import Element, Text, index, text_of

_CELL = re.compile(r"([A-Za-z]{1,3})(\d{1,7})\Z")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DEPTH = 12

Run = tuple[str, str]
"""The properties of a run as XML, and its text."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a cell; `runs` holds more than one where parts of it are formatted."""

    text: str
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Xml:
    """A part's XML and its tree."""

    body: bytes
    root: Element
    text: Text

    @classmethod
    def read(cls, container: Container, name: str) -> "Xml":
        """A part of a package; XP004 where it is broken, XP008 with a DTD."""
        member = container.find(name)
        assert member is not None, name  # noqa: S101 - asked for parts that are there
        text = text_of(container.read(member), name, container.label)
        return cls(text.body, index(text.body, name, container.label, _DEPTH), text)

    def inside(self, element: Element) -> str:
        """What stands in an element, as written."""
        return self.body[element.inner : element.close].decode()

    def whole(self, element: Element) -> str:
        """An element as written."""
        return self.body[element.start : element.end].decode()

    def content(self, element: Element | None) -> str:
        """The text in an element without children, read."""
        return "" if element is None else unescape(self.inside(element))


def shared_words(xml: Xml) -> list[Words]:
    """The texts that cells share, in their order."""
    return [words(xml, item) for item in xml.root.all("si")]


def words(xml: Xml, item: Element) -> Words:
    """The text of a shared or inline string; how Chinese is pronounced is no part of it."""
    runs = [
        (xml.whole(look) if (look := run.one("rPr")) else "", _plain(xml.content(run.one("t"))))
        for run in item.all("r")
    ]
    text = "".join(said for _, said in runs) or _plain(xml.content(item.one("t")))
    return Words(text, tuple(runs) if len(runs) > 1 else ())


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a template's sheet; `words` is its text if it holds one, `formula` without =."""

    row: int
    column: str
    element: Element
    words: Words | None = None
    formula: str = ""

    @property
    def address(self) -> str:
        """Where it stands: B7."""
        return f"{self.column}{self.row}"

    @property
    def text(self) -> str:
        """Its text; "" where it holds none."""
        return self.words.text if self.words else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a template's sheet with its cells; `element` is None where the part has none."""

    number: int
    element: Element | None
    cells: tuple[Cell, ...] = ()


def sheet_rows(xml: Xml, shared: Sequence[Words]) -> list[Row]:
    """The rows of a sheet part; formulas shared with a cell above are written out."""
    data = xml.root.one("sheetData")
    formulas = _Formulas(xml)
    found: list[Row] = []
    for element in data.all("row") if data else ():
        number = element.whole("r") or (found[-1].number + 1 if found else 1)
        cells = tuple(_cells(xml, element, number, shared, formulas))
        found.append(Row(number, element, cells))
    return found


def _cells(
    xml: Xml, row: Element, number: int, shared: Sequence[Words], formulas: "_Formulas"
) -> Iterator[Cell]:
    last = 0
    for element in row.all("c"):
        at = _CELL.match(element.attributes.get("r", ""))
        column = at[1].upper() if at else column_letters(last + 1)
        last = column_number(column)
        formula = formulas.of(element, f"{column}{number}")
        said = None if formula else _words(xml, element, shared)
        yield Cell(number, column, element, said, formula)


def _words(xml: Xml, cell: Element, shared: Sequence[Words]) -> Words | None:
    kind = cell.attributes.get("t", "")
    if kind == "s":
        at = xml.content(cell.one("v")).strip()
        return shared[int(at)] if at.isdecimal() and int(at) < len(shared) else None
    inline = cell.one("is") if kind == "inlineStr" else None
    return words(xml, inline) if inline else None


class _Formulas:
    """The formulas of a sheet; one that is shared stands in full in its first cell only."""

    def __init__(self, xml: Xml) -> None:
        self._xml = xml
        self._masters: dict[str, tuple[str, str]] = {}

    def of(self, cell: Element, address: str) -> str:
        """A cell's formula without its =; "" where it has none."""
        found = cell.one("f")
        if found is None:
            return ""
        text = self._xml.content(found)
        number = found.attributes.get("si", "")
        if found.attributes.get("t") != "shared":
            return text
        if text:
            self._masters[number] = (text, address)
            return text
        master, origin = self._masters.get(number, ("", address))
        (left, top), (column, row) = map(_corner, (origin, address))
        return Formula.read(master, "").copied(row - top, column - left)


def _corner(address: str) -> tuple[int, int]:
    found = _CELL.match(address)
    return (column_number(found[1]), int(found[2])) if found else (1, 1)


def number_formats(container: Container, part: str) -> list[str]:
    """The number format of each cell style: General, @, and so on."""
    if not part:
        return []
    xml = Xml.read(container, part)
    own = {
        found.attributes.get("numFmtId", ""): found.attributes.get("formatCode", "")
        for formats in xml.root.all("numFmts")
        for found in formats.all("numFmt")
    }
    known: Mapping[str, str] = {"0": "General", "9": "0%", "10": "0.00%", "49": "@", **own}
    styles = xml.root.one("cellXfs")
    ids = [style.attributes.get("numFmtId", "0") for style in styles.all("xf")] if styles else []
    return [known.get(number, "0") for number in ids]
