"""The paragraphs of a Word part in order: their text, and what a clerk calls their place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHOWN = 24
_PART_NAMES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph: where it is, its text, and the text of each run with its format."""

    place: str
    text: str
    runs: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> str:
        """The place with the beginning of its text.

        >>> Passage("第3段", "截至{{ 截止 }}，全区招商引资进展顺利，势头很好，继续保持").shown
        '第3段“截至{{ 截止 }}，全区招商引资进展顺利，势头…”'
        """
        text = " ".join(self.text.split())
        return f"{self.place}“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"


def passages(part: str, xml: bytes) -> Iterator[Passage]:
    """Every paragraph of a part, in the order in which they begin."""
    from lxml import etree  # noqa: PLC0415 - an optional dependency; only templates pay

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(xml, parser)
    where = next((said for name, said in _PART_NAMES.items() if f"/{name}" in part), "")
    count = 0
    tables = {table: n for n, table in enumerate(root.iter(f"{_W}tbl"), 1)}
    for paragraph in root.iter(f"{_W}p"):
        cell = next(paragraph.iterancestors(f"{_W}tc"), None)
        count += cell is None
        place = f"第{count}段" if cell is None else _in_table(cell, tables)
        yield Passage(where + place, _text(paragraph), tuple(_runs(paragraph)))


def _in_table(cell: "_Element", tables: "dict[_Element, int]") -> str:
    """表2第3行第1格."""
    row = next(cell.iterancestors(f"{_W}tr"))
    table = next(cell.iterancestors(f"{_W}tbl"))
    rows, cells = table.findall(f"{_W}tr"), row.findall(f"{_W}tc")
    down = rows.index(row) + 1 if row in rows else 0
    across = cells.index(cell) + 1 if cell in cells else 0
    return f"表{tables[table]}第{down}行第{across}格"


def _text(paragraph: "_Element") -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))


def _runs(paragraph: "_Element") -> "Iterator[tuple[str, str]]":
    """The text of each run, and its format as comparable text."""
    from lxml import etree  # noqa: PLC0415 - as above

    for run in paragraph.iter(f"{_W}r"):
        look = run.find(f"{_W}rPr")
        said = "" if look is None else etree.tostring(look, method="c14n").decode()
        yield "".join(text.text or "" for text in run.iter(f"{_W}t")), said
