"""The sandbox of templates: strict, escaping, without calls, imports or files."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xlplan.documents.filters import FILTERS
from xlplan.documents.numbers import MissingValueError, Number, Printed

TRACE = "_said"
"""The context's list of the figures printed so far; no template can name it."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2 with nothing but `FILTERS`: a template computes no values and calls nothing."""

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401, ARG002 - jinja2's own signature
        """Nothing may be called from a template."""
        return False


def sandbox() -> Sandbox:
    """A new environment; its templates share filters and tests, and know no globals."""
    made = Sandbox(
        undefined=StrictUndefined,
        autoescape=True,
        finalize=shown,
        keep_trailing_newline=True,
    )
    made.globals.clear()
    made.filters.clear()
    made.filters.update({known.name: _traced(known.make) for known in FILTERS})
    made.tests.clear()
    made.tests["有值"] = _has_value
    made.tests["不超过"] = _fits
    return made


def _traced(make: Callable[..., object]) -> Callable[..., object]:
    """The filter, whose text remembers the cells of the number that it was made of."""

    @wraps(make)
    def traced(value: object, *given: object) -> object:
        said = make(value, *given)
        return Printed.of(said, value) if isinstance(said, str) else said

    return traced


def _has_value(value: object) -> bool:
    """Whether a value is known: `{% if 单位.目标 is 有值 %}`."""
    return value is not None and not (isinstance(value, Number) and value.value is None)


def _fits(text: object, most: int) -> bool:
    """Whether a text has no more characters: `{% if 印发单位 is 不超过(10) %}`."""
    return len(str(text)) <= most


@pass_context
def shown(context: Context, value: object) -> object:
    """What a tag prints, noted in the trace; a missing value is an error, never an empty place."""
    if value is None:
        raise MissingValueError("空值")
    said = Printed.of(str(value), value) if isinstance(value, Number) else value
    if isinstance(said, Printed) and said.source:
        context[TRACE].append(said)
    return said
