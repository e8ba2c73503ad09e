"""Charts of a template: series follow the rows of their sheet, with the values they show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlplan.diagnostics import column_letters
from xlplan.documents.formulas import Formula, Reference, column_number
from xlplan.documents.growth import Growth, GrowthError, Here, Plan, Value, joined
from xlplan.documents.moving import Followed, Splice
from xlplan.documents.sheet_cells import Xml
from xlplan.package.values import escaped
from xlplan.package.xml_offsets import Element

_CACHES = {"numRef": "numCache", "strRef": "strCache", "multiLvlStrRef": "multiLvlStrCache"}


def chart_splices(xml: Xml, live: frozenset[str], plans: Mapping[str, Plan]) -> Iterator[Splice]:
    """The references of a chart's series to sheets that are filled, and what they show."""
    yield from _inside(xml, xml.root, live, plans)


def _inside(
    xml: Xml, element: Element, live: frozenset[str], plans: Mapping[str, Plan]
) -> Iterator[Splice]:
    for child in element.children:
        if child.name in _CACHES:
            yield from _followed(xml, child, live, plans)
        else:
            yield from _inside(xml, child, live, plans)


def _followed(
    xml: Xml, source: Element, live: frozenset[str], plans: Mapping[str, Plan]
) -> Iterator[Splice]:
    written, cache = source.one("f"), source.one(_CACHES[source.name])
    if written is None:
        return
    formula = Formula.read(xml.content(written), "")
    if formula.moves(plans):
        yield Splice(written.inner, written.close, Followed(formula, union=True))
    if cache is not None and any(part.sheet in live for part in formula.references):
        style = cache.one("formatCode")
        head = xml.whole(style) if style else ""
        piece = Cache(formula, cache.qualified, head)
        yield Splice(cache.start, cache.end, piece)


@dataclass(frozen=True, slots=True)
class Cache:
    """The values of a series as the chart keeps them, for who shows it without the workbook."""

    formula: Formula
    qualified: str
    head: str

    def said(self, growth: Growth, here: Here) -> str:
        """The element with the values of the filled cells; a level of labels has none."""
        if self.qualified.endswith("multiLvlStrCache"):
            return ""
        values = [
            value for part in self.formula.references for value in _values(part, growth, here)
        ]
        numbers = self.qualified.endswith("numCache")
        colon = self.qualified.rpartition(":")[1]
        prefix = self.qualified.rpartition(":")[0] + colon
        points = "".join(
            f'<{prefix}pt idx="{at}"><{prefix}v>{said}</{prefix}v></{prefix}pt>'
            for at, value in enumerate(values)
            if (said := _said(value, numbers=numbers))
        )
        count = f'<{prefix}ptCount val="{len(values)}"/>'
        return f"<{self.qualified}>{self.head}{count}{points}</{self.qualified}>"


def _said(value: Value, *, numbers: bool) -> str:
    """A value in a cache of numbers or of texts; "" = a gap."""
    if isinstance(value, tuple):
        return value[0]
    return "" if numbers or value is None else escaped(value)


def _values(part: Reference, growth: Growth, here: Here) -> Iterator[Value]:
    """What the cells of a range show, row by row."""
    try:
        stretches = joined(part.now(growth, here))
    except GrowthError:
        return
    left, right = (column_number(name) for name in part.columns)
    for first, last in stretches:
        for row in range(first, last + 1):
            for column in range(left, right + 1):
                yield growth.value(part.sheet, row, column_letters(column))
