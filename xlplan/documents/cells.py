"""What a template's cell becomes: a number where it is one tag for one, text otherwise."""

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from jinja2 import pass_context

from xlplan.documents.environment import TRACE, Sandbox, sandbox, shown
from xlplan.documents.numbers import MissingValueError, Number, Printed
from xlplan.package.values import DIGITS_LIMIT, content, escaped, is_too_long

if TYPE_CHECKING:
    from jinja2.runtime import Context

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ONE_TAG = re.compile(r"\s*\{\{-?(?P<said>(?:(?!\{\{|\}\}).)*?)-?\}\}\s*\Z", re.DOTALL)
_FIGURE = re.compile(r"(-?\d+(?:\.\d+)?)(%?)\Z")
_CUT_OPEN, _CUT_CLOSE = "{% raw %}", "{% endraw %}"


class Made(str):
    """XML that a tag became; nothing is left in it to escape."""

    __slots__ = ()


class TooLongError(Exception):
    """A text that no cell can hold; the message says so to a clerk."""


def cell_sandbox() -> Sandbox:
    """The sandbox of templates, whose tags make the content of cells.

    Whatever is printed is escaped as cells want it, by the last step of every tag.
    """
    made = sandbox()
    made.finalize = _printed
    made.autoescape = False
    made.filters["_cell"] = _cell
    made.filters["_text"] = _text
    made.filters["_code"] = _code
    return made


def cell_source(text: str, *, as_text: bool) -> str:
    """A cell's text with tags as Jinja2 source for what follows its reference and style.

    >>> cell_source("{{ u.名称 }}", as_text=False)
    '{{ (u.名称)|_cell }}'
    """
    one = _ONE_TAG.match(text)
    if one:
        return f"{{{{ ({one['said'].strip()})|{'_text' if as_text else '_cell'} }}}}"
    return f' t="inlineStr"><is><t xml:space="preserve">{text_source(text)}</t></is>'


def one_tag(text: str) -> str:
    """The expression of a cell that is one tag; "" where it is more, or less."""
    found = _ONE_TAG.match(text)
    return found["said"].strip() if found else ""


def text_source(text: str) -> str:
    """A text with tags as Jinja2 source: what stands between them is escaped for XML."""
    said, at = [], 0
    for tag in TAG.finditer(text):
        said += [literal(escaped(text[at : tag.start()])), tag[0]]
        at = tag.end()
    return "".join([*said, literal(escaped(text[at:]))])


def parted(text: str) -> list[str]:
    """A text as tags and what stands between them, in order.

    >>> parted("共{{ 值 }}亿元")
    ['共', '{{ 值 }}', '亿元']
    """
    return [part for part in re.split(f"({TAG.pattern})", text, flags=re.DOTALL) if part]


def literal(text: str) -> str:
    """XML that Jinja2 leaves alone, whatever braces it holds."""
    return f"{_CUT_OPEN}{text}{_CUT_CLOSE}" if "{" in text else text


@pass_context
def _printed(context: "Context", value: object) -> str:
    """What a tag prints, as XML."""
    return value if type(value) is Made else escaped(str(shown(context, value)))


@pass_context
def _cell(context: "Context", value: object) -> Made:
    """The rest of a cell that is one tag: a number stays one, exactly."""
    figure = _figure(value)
    if figure is None:
        return _text(context, value)
    if abs(figure.numerator) >= DIGITS_LIMIT * figure.denominator:
        return _text(context, str(value))
    whole = figure.denominator == 1
    said = str(figure.numerator) if whole else repr(figure.numerator / figure.denominator)
    if getattr(value, "source", ""):
        context[TRACE].append(Printed.of(said, value))
    return Made(f"><v>{said}</v>")


@pass_context
def _text(context: "Context", value: object) -> Made:
    """The rest of a cell that is one tag, as text."""
    said = str(shown(context, value))
    if is_too_long(said):
        raise TooLongError(f"“{said[:12]}…”共{len(said)}字，一个单元格写不下")
    kind, inner = content(said)
    return Made(f"{kind}>{inner}")


def _code(value: object) -> object:
    """What a header or footer prints: its codes begin with &, which is doubled."""
    if value is None:
        raise MissingValueError("空值")
    return Printed.of(str(value).replace("&", "&&"), value) if "&" in str(value) else value


def _figure(value: object) -> Fraction | None:
    """The number that a cell holds for a value: exact, or as a filter rounded it."""
    if isinstance(value, Number):
        if value.value is None:
            raise MissingValueError(value.name or value.unit)
        return value.value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    found = _FIGURE.match(value) if isinstance(value, Printed) and value.of_number else None
    return Fraction(found[1]) / (100 if found[2] else 1) if found else None
