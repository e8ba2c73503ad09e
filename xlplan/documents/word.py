"""Word templates: compiled once, filled many times; parts without tags are copied as they are."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xlplan.container import Container, Member, Packer
from xlplan.documents.cells import TooLongError
from xlplan.documents.environment import TRACE, sandbox
from xlplan.documents.filled import Filled
from xlplan.documents.growth import GrowthError
from xlplan.documents.lint import Fault, lint_source, lint_text
from xlplan.documents.numbers import MissingValueError, Printed, WrongFilterError
from xlplan.documents.passages import passages
from xlplan.documents.word_charts import word_charts

if TYPE_CHECKING:
    from jinja2 import Template

_TEXT_PARTS = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml\Z", re.IGNORECASE
)
_TAGGED = re.compile(r"\{(?:<[^>]*>)*[{%#]")


class WordTemplate:
    """A .docx with tags; `fill` may be called any number of times.

    Raises:
        RequestError: when it is no whole Word document (see `xlplan.files.open_document`).
        jinja2.TemplateSyntaxError: when a tag is not closed; lint first.
    """

    def __init__(self, data: bytes, label: str) -> None:
        self._container = Container(data, label)
        self._sources = {
            member.key: Source.of(text) for member, text in tagged_parts(self._container)
        }
        self._charts = word_charts(self._container)

    @cached_property
    def _parts(self) -> "dict[str, Template]":
        environment = sandbox()
        return {key: environment.from_string(source.text) for key, source in self._sources.items()}

    @property
    def troubles(self) -> tuple[type[Exception], ...]:
        """What `fill` raises when the fields do not have what a tag asks for."""
        from jinja2 import TemplateError  # noqa: PLC0415 - optional; only templates pay

        return (MissingValueError, WrongFilterError, TooLongError, GrowthError, TemplateError)

    def said(self, trouble: Exception) -> str:
        """One of `troubles`, in one line for a clerk."""
        if isinstance(trouble, MissingValueError):
            return f"“{trouble}”没有值"
        return str(trouble)

    def lint(self, fields: Mapping[str, object]) -> list[Fault]:
        """Everything that is wrong with it when it is to be filled with these fields."""
        faults: list[Fault] = []
        for member in self._container.members:
            if _TEXT_PARTS.match(member.key):
                read = list(passages(member.key, self._container.xml(member.name)))
                faults += lint_text(read)
                if source := self._sources.get(member.key):
                    by_line = [read[number - 1] for number in source.paragraphs]
                    faults += lint_source(source.text, by_line, fields)
        return faults + [fault for chart in self._charts for fault in chart.lint(fields)]

    def fill(self, fields: Mapping[str, object]) -> Filled:
        """The document with these fields; untouched parts byte for byte as in the template.

        Raises:
            MissingValueError, WrongFilterError, jinja2.UndefinedError: what the fields do not
                have; lint finds them before anything is written.
        """
        said: list[Printed] = []
        context = {**fields, TRACE: said}
        contents = {
            key: _DECLARATION + template.render(context).encode()
            for key, template in self._parts.items()
        }
        contents |= {key: data for chart in self._charts for key, data in chart.fill(context)}
        packed = io.BytesIO()
        packer = Packer(packed)
        for member in self._container.members:
            if member.key in contents:
                packer.renew(member, [contents[member.key]], level=4)
            else:
                packer.copy(self._container, member)
        packer.close([member.key for member in self._container.members], b"")
        return Filled(packed.getvalue(), tuple(said))


_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DECLARED = re.compile(r"\A\ufeff?<\?xml[^>]*\?>\s*")


def tagged_parts(container: Container) -> Iterator[tuple[Member, str]]:
    """The parts of running text that hold a tag, without their XML declaration."""
    for member in container.members:
        if _TEXT_PARTS.match(member.key):
            text = _DECLARED.sub("", container.xml(member.name).decode())
            if _TAGGED.search(text):
                yield member, text


@dataclass(frozen=True, slots=True)
class Source:
    """A part as Jinja2 can read it; `paragraphs` is the number of the paragraph of each line."""

    text: str
    paragraphs: tuple[int, ...]

    @classmethod
    def of(cls, xml: str) -> "Source":
        """Tags in one run, loops around the rows and paragraphs that they stand in."""
        from docxtpl import DocxTemplate  # noqa: PLC0415 - optional; only templates pay

        patched: str = DocxTemplate(io.BytesIO()).patch_xml(_numbered(xml))
        lines = [_NUMBER.match(line) for line in patched.split("\n")]
        numbers = tuple(int(found[1]) if found else 0 for found in lines)
        return cls(_NUMBER.sub("", patched), numbers)


_MARK = "\u2063"  # invisible separator: no document holds it, and no pattern of a tag minds it
_NUMBER = re.compile(f"{_MARK}(\\d+){_MARK}")
_STARTS = re.compile(
    r"<w:p(?=[ >/])"
    r"|\{(?:<[^>]*>)*[{%](?:(?:tr|tc|p|r) )?(?!\s*(?:vm|hm|colspan|cellbg)\b)"
)


def _numbered(xml: str) -> str:
    """Each tag begins a line that tells its paragraph, for errors to say where they are."""
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        if found[0].startswith("<"):
            count += 1
            return found[0]
        return f"{found[0]}\n{_MARK}{count}{_MARK}"

    return _STARTS.sub(number, xml.replace("\n", " ").replace("\r", " "))
