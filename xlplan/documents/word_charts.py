"""Charts in Word templates: the workbook behind a chart is a template, and the chart shows it.

An office edits a chart's data in Word and writes tags there, as in any Excel template. Filling the
document fills that workbook, lets the series follow its rows, and puts the same values into the
chart itself, so that it can be shown without opening the workbook, and edited by opening it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from xlplan.container import Container
from xlplan.documents.attached import Source, print_texts, read_part
from xlplan.documents.cells import cell_sandbox
from xlplan.documents.charts import chart_splices
from xlplan.documents.growth import Growth, Here
from xlplan.documents.lint import Fault, lint_text, walked
from xlplan.documents.passages import Passage
from xlplan.documents.workbook import WorkbookTemplate, held
from xlplan.package.relations import Relations, member_of, rels_name

if TYPE_CHECKING:
    from jinja2 import Template

_CHART = re.compile(r"word/charts/chart[^/]*\.xml\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Chart:
    """One chart: its number in the document, its part, the workbook behind it if that is filled."""

    number: int
    source: Source
    book: WorkbookTemplate | None
    book_key: str

    @cached_property
    def template(self) -> "Template":
        """The chart as Jinja2 reads it."""
        return cell_sandbox().from_string(self.source.text)

    def lint(self, fields: Mapping[str, object]) -> Iterator[Fault]:
        """The faults of its title and of its data."""
        read = [Passage(f"图表{self.number}", text) for text in self.source.texts]
        yield from lint_text(read)
        yield from walked("\n".join(self.source.texts), read, fields).faults
        for fault in self.book.lint(fields) if self.book else ():
            place = f"图表{self.number}的数据 {fault.passage.place}"
            yield replace(fault, passage=replace(fault.passage, place=place))

    def fill(self, context: Mapping[str, object]) -> Iterator[tuple[str, bytes]]:
        """The parts of a finished chart by their key."""
        growth = Growth({})
        if self.book is not None:
            data, growth = self.book.filled(context)
            yield self.book_key, data
        text = held(self.template.render(context), tuple(self.source.pieces), growth, Here(""))
        yield self.source.member.key, self.source.xml.text.packed(text.encode())


def word_charts(container: Container) -> list[Chart]:
    """The charts of a document in which anything is filled."""
    names = [member.name for member in container.members if _CHART.match(member.key)]
    charts = [_chart(container, name, number) for number, name in enumerate(sorted(names), 1)]
    return [chart for chart in charts if chart.source.edits or chart.book]


def _chart(container: Container, name: str, number: int) -> Chart:
    source = read_part(container, name)
    print_texts(source)
    book, key = _book_behind(container, name)
    if book is not None:
        source.move(chart_splices(source.xml, book.live, book.plans))
    return Chart(number, source, book, key)


def _book_behind(container: Container, chart: str) -> tuple[WorkbookTemplate | None, str]:
    """The workbook with a chart's data, where it holds tags, and the key of its part."""
    part = chart.replace("\\", "/")
    if rels_name(part) not in container:
        return None, ""
    for relation in Relations(container, part).of_kind("package"):
        member = member_of(container, relation.part)
        if member is not None and member.key.endswith(".xlsx"):
            book = WorkbookTemplate(container.read(member), f"{container.label}:{member.name}")
            return (book, member.key) if book.tagged else (None, "")
    return None, ""
