"""Word templates: compiled once, filled many times; parts without tags are copied as they are."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlplan.container import Container, Member, Packer
from xlplan.documents.environment import TRACE, sandbox
from xlplan.documents.numbers import Printed

if TYPE_CHECKING:
    from jinja2 import Template

_TEXT_PARTS = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml\Z", re.IGNORECASE
)
_TAGGED = re.compile(r"\{(?:<[^>]*>)*[{%#]")


@dataclass(frozen=True, slots=True)
class Filled:
    """A finished document: the file's bytes, and every figure printed into it, in order."""

    data: bytes
    said: tuple[Printed, ...]


class WordTemplate:
    """A .docx with tags; `fill` may be called any number of times.

    Raises:
        RequestError: when it is no whole Word document (see `xlplan.files.open_document`).
        jinja2.TemplateSyntaxError: when a tag is not closed; lint first.
    """

    def __init__(self, data: bytes, label: str) -> None:
        self._container = Container(data, label)
        environment = sandbox()
        self._parts: dict[str, Template] = {
            member.key: environment.from_string(_patched(text))
            for member, text in tagged_parts(self._container)
        }

    def fill(self, fields: Mapping[str, object]) -> Filled:
        """The document with these fields; untouched parts byte for byte as in the template.

        Raises:
            MissingValueError, WrongFilterError, jinja2.UndefinedError: what the fields do not
                have; lint finds them before anything is written.
        """
        said: list[Printed] = []
        context = {**fields, TRACE: said}
        packed = io.BytesIO()
        packer = Packer(packed)
        for member in self._container.members:
            template = self._parts.get(member.key)
            if template is None:
                packer.copy(self._container, member)
            else:
                packer.renew(member, [_DECLARATION + template.render(context).encode()], level=4)
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


def _patched(xml: str) -> str:
    """The part's XML as Jinja2 can read it: tags in one run, loops around rows and paragraphs."""
    from docxtpl import DocxTemplate  # noqa: PLC0415 - an optional dependency; only templates pay

    patched: str = DocxTemplate(io.BytesIO()).patch_xml(xml)
    return patched
