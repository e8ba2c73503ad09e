"""The tables that hang on a sheet: where edits may not go, and how they grow with new rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlplan.container import Container
from xlplan.package.growing import Growth, grown_table
from xlplan.package.own import areas
from xlplan.package.relations import Relations, XmlPart, member_of, rels_name
from xlplan.sheets.description import Area

PIVOT, TABLE_HEAD, TABLE_TOTAL = "数据透视表", "表格的标题行", "表格的汇总行"


@dataclass(frozen=True, slots=True)
class Hanging:
    """The tables and pivot tables of one sheet."""

    tables: tuple[XmlPart, ...] = ()
    pivots: tuple[XmlPart, ...] = ()

    def forbidden(self) -> list[tuple[Area, str]]:
        """The areas that only Excel itself may write into, with what lies there."""
        found = [
            (area, f"单元格在{PIVOT}里")
            for part in self.pivots
            for place in part.root.all("location")
            for area in areas(place.attributes.get("ref", ""))
        ]
        for part in self.tables:
            for area in areas(part.root.attributes.get("ref", "")):
                found += [(line, f"单元格在{what}里") for line, what in _lines(part, area)]
        return found

    def grown(self, growths: Sequence[Growth]) -> Iterator[XmlPart]:
        """The tables that take new rows in, with the edits noted."""
        for part in self.tables:
            for growth in growths:
                part.edit(*grown_table(part.text.body, part.root, growth))
            if part.edits:
                yield part


def _lines(part: XmlPart, area: Area) -> Iterator[tuple[Area, str]]:
    """The head and the totals of a table: Excel keeps a copy of what they say."""
    first, last = area.first_row, area.last_row
    if part.root.attributes.get("headerRowCount", "1") != "0":
        yield Area(first, area.first_column, first, area.last_column), TABLE_HEAD
    if part.root.whole("totalsRowCount"):
        yield Area(last, area.first_column, last, area.last_column), TABLE_TOTAL


def hanging(container: Container, part: str) -> Hanging:
    """What hangs on the sheet of that part."""
    if rels_name(part) not in container:
        return Hanging()
    relations = Relations(container, part)
    tables, pivots = (
        tuple(
            XmlPart(container, member.name)
            for relation in relations.of_kind(kind)
            if (member := member_of(container, relation.part)) is not None
        )
        for kind in ("table", "pivotTable")
    )
    return Hanging(tables, pivots)
