"""Excel templates: compiled once, filled many times; parts without tags are copied as they are."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING

from xlplan.container import Container, Packer
from xlplan.documents.cells import TooLongError, cell_sandbox
from xlplan.documents.environment import TRACE
from xlplan.documents.filled import Filled
from xlplan.documents.growth import (
    LAST_ROW,
    Growth,
    GrowthError,
    Here,
    Path,
    Placed,
    Plan,
    Rows,
    Value,
)
from xlplan.documents.lint import Fault
from xlplan.documents.moving import Piece
from xlplan.documents.numbers import MissingValueError, Printed, WrongFilterError
from xlplan.documents.sheet_lint import lint_book
from xlplan.documents.sheet_source import END, HELD, NUMBER, ROW
from xlplan.documents.template_book import LivePart, TemplateBook
from xlplan.package.values import TEXT_LIMIT, is_too_long

if TYPE_CHECKING:
    from jinja2 import Template

_LEVEL = 2  # of deflate: a table is soon packed, and 4,000 of them should not wait


class WorkbookTemplate:
    """A .xlsx with tags; `fill` may be called any number of times.

    Raises:
        RequestError: when it is no whole workbook (see `xlplan.files.open_workbook`).
    """

    def __init__(self, data: bytes, label: str) -> None:
        self._book = TemplateBook(data, label)
        self._label = label

    @property
    def tagged(self) -> bool:
        """Whether it holds any tag at all."""
        return bool(self._book.live) or any(source.edits for source in self._book.drawn)

    @property
    def live(self) -> frozenset[str]:
        """The sheets that are filled."""
        return self._book.live

    @property
    def plans(self) -> Mapping[str, Plan]:
        """The loops and conditions of its sheets."""
        return self._book.plans

    @cached_property
    def _base(self) -> Container:
        return Container(self._book.base(), self._label)

    @cached_property
    def _parts(self) -> "Mapping[str, tuple[LivePart, Template]]":
        _ = self._base  # notes what changes in the workbook part
        environment = cell_sandbox()
        return {
            part.member.key: (part, environment.from_string(part.source))
            for part in self._book.live_parts()
        }

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
        return lint_book(self._book, fields)

    def fill(self, fields: Mapping[str, object]) -> Filled:
        """The workbook with these fields; untouched parts byte for byte as in the template.

        Raises:
            MissingValueError, WrongFilterError, jinja2.UndefinedError: what the fields do not
                have; lint finds them before anything is written.
            GrowthError, TooLongError: what the sheets cannot hold.
        """
        said: list[Printed] = []
        data, _ = self.filled({**fields, TRACE: said})
        return Filled(data, tuple(said))

    def filled(self, context: Mapping[str, object]) -> tuple[bytes, Growth]:
        """The workbook for a context with its trace, and where its rows are now."""
        rendered = {key: template.render(context) for key, (_, template) in self._parts.items()}
        sheets = {
            part.sheet: GrownSheet.read(rendered[key], self._book.plans.get(part.sheet, Plan()))
            for key, (part, _) in self._parts.items()
            if part.sheet
        }
        growth = Growth(
            {key: sheets[key].rows for key in self._book.plans},
            lambda sheet, row, column: self._value(sheets.get(sheet), row, column),
        )
        contents = {}
        for key, (part, _) in self._parts.items():
            text = (
                sheets[part.sheet].written(part, growth)
                if part.sheet
                else held(rendered[key], part.pieces, growth, Here(""))
            )
            contents[key] = part.text.packed(text.encode())
        return self._packed(contents), growth

    def _packed(self, contents: Mapping[str, bytes]) -> bytes:
        packed = io.BytesIO()
        packer = Packer(packed)
        for member in self._base.members:
            if member.key in contents:
                packer.renew(member, [contents[member.key]], level=_LEVEL)
            else:
                packer.copy(self._base, member)
        packer.close([member.key for member in self._base.members], b"")
        return packed.getvalue()

    def _value(self, sheet: "GrownSheet | None", row: int, column: str) -> Value:
        """What a cell of a filled sheet shows."""
        if sheet is None:
            return None
        kind, shown = sheet.cells(row).get(column, ("", ""))
        if kind == "s":
            return self._book.shared[int(shown)].text
        if kind in ("inlineStr", "str"):
            return shown
        return (shown,) if shown else None


_CELL = re.compile(
    r'<(?:\w+:)?c\s(?=[^>]*\br="([A-Z]+)\d+")([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)', re.DOTALL
)
_TYPE = re.compile(r'\st="(\w+)"')
_SHOWN = re.compile(r"<(?:\w+:)?[vt](?:\s[^>]*)?>([^<]*)</")
_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</")


@dataclass(frozen=True)
class GrownSheet:
    """A rendered sheet: what stands before and after its rows, and its rows with their places."""

    head: str
    tail: str
    rows: Rows
    placed: tuple[Placed, ...]
    xml: tuple[str, ...]

    @classmethod
    def read(cls, rendered: str, plan: Plan) -> "GrownSheet":
        """The rows of a rendered sheet, in order; GrowthError beyond the last row of Excel."""
        before, _, tail = rendered.partition(END)
        head, *tokens = before.split(ROW)
        marked = list(_marked(tokens))
        placed = tuple(_placed([(row, path) for row, path, _ in marked], plan))
        if placed and placed[-1].at > LAST_ROW:
            raise GrowthError(f"共{placed[-1].at}行，超过 Excel 的{LAST_ROW}行")
        return cls(head, tail, Rows(plan, placed), placed, tuple(text for *_, text in marked))

    def written(self, part: LivePart, growth: Growth) -> str:
        """The whole part with every row in its place."""
        here = Here(part.sheet)
        said = [held(self.head, part.pieces, growth, here)]
        for place, xml in zip(self.placed, self.xml, strict=True):
            row = xml.replace(NUMBER, str(place.at))
            if len(row) > TEXT_LIMIT:
                _check_lengths(row)
            said.append(held(row, part.pieces, growth, Here(part.sheet, place.path)))
        return "".join([*said, held(self.tail, part.pieces, growth, here)])

    @cached_property
    def _at(self) -> Mapping[int, str]:
        return {place.at: xml for place, xml in zip(self.placed, self.xml, strict=True)}

    def cells(self, row: int) -> Mapping[str, tuple[str, str]]:
        """The type and content of the cells of a filled row, by their column."""
        xml = self._at.get(row, "").replace(NUMBER, str(row))
        return {
            found[1]: (
                kind[1] if (kind := _TYPE.search(found[2])) else "",
                unescape("".join(_SHOWN.findall(found[3] or ""))),
            )
            for found in _CELL.finditer(xml)
        }


def _marked(tokens: list[str]) -> Iterator[tuple[int, Path, str]]:
    """The template's row, turns of loops and XML of each rendered row."""
    path: Path = ()
    for turn, token in enumerate(tokens):
        mark, _, xml = token.partition(";")
        kind, number = mark[:1], mark[1:]
        if kind == "r":
            yield int(number), path, xml
        elif kind == "-":
            path = path[:-1]
        else:
            again = path and path[-1][0] == int(number)
            path = (*(path[:-1] if again else path), (int(number), turn))


def _placed(rows: list[tuple[int, Path]], plan: Plan) -> Iterator[Placed]:
    """Where each rendered row stands."""
    filled, first, last = 0, plan.first, plan.last
    for row, path in rows:
        at = row
        if plan.spans and row > last:
            at += filled - (last - first + 1)
        elif plan.spans and row >= first:
            at = first + filled
            filled += 1
        yield Placed(row, path, at)


def held(text: str, pieces: tuple[Piece, ...], growth: Growth, here: Here) -> str:
    """A rendered text with the pieces that were held out of it."""
    if "\x04" not in text:
        return text
    return HELD.sub(lambda found: pieces[int(found[1])].said(growth, here), text)


def _check_lengths(row: str) -> None:
    """Refuse a row with a text that no cell can hold."""
    for text in _TEXT.findall(row):
        if is_too_long(unescape(text)):
            raise TooLongError(f"“{text[:12]}…”共{len(text)}字，一个单元格写不下")
