r"""Values as TOML writes them; the standard library only reads it.

Strings are basic strings on one line: everything that may not stand in one is escaped.
"""

import re
from collections.abc import Container, Iterator, Mapping
from datetime import date
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = {
    '"': r"\"",
    "\\": r"\\",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\b": r"\b",
    "\f": r"\f",
}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL = re.compile(r'["\\\x00-\x1f\x7f]')


def toml_value(value: Any) -> str:  # noqa: ANN401 - whatever a policy can hold
    r"""A text, number, flag, date, list or small table, on one line.

    >>> toml_value({"investment": [">= 1亿元", "< 20亿元"], "备注 1": 'a"b\\c'})
    '{ investment = [">= 1亿元", "< 20亿元"], "备注 1" = "a\\"b\\\\c" }'
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{_CONTROL.sub(_escape, value)}"'
        case date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case Mapping():
            pairs = ", ".join(toml_line(key, inner) for key, inner in value.items())
            return f"{{ {pairs} }}"
        case _:
            return str(value)


def toml_line(key: str, value: object) -> str:
    """One key with its value.

    >>> toml_line("附件2备注1", "档次的下限"), toml_line("adds_up", False)
    ('"附件2备注1" = "档次的下限"', 'adds_up = false')
    """
    return f"{toml_key(key)} = {toml_value(value)}"


def toml_document(values: Mapping[str, Any], inline: Container[str] = ()) -> str:
    """Tables and lists of tables as a file has them; keys of `inline` keep theirs on one line.

    >>> print(toml_document({"unit": [{"name": "东园"}, {"name": "西园"}]}), end="")
    [[unit]]
    name = "东园"
    <BLANKLINE>
    [[unit]]
    name = "西园"
    """
    parts = [part for key, value in values.items() for part in _tables(key, value, inline)]
    return "\n".join(parts)


def _tables(path: str, value: Any, inline: Container[str]) -> Iterator[str]:  # noqa: ANN401 - as above
    """The text of a table, or of each table of a list, with the tables inside it."""
    is_list = isinstance(value, list)
    for table in value if is_list else [value]:
        inner = {key: v for key, v in table.items() if key not in inline and _is_tables(v)}
        lines = [_long_line(key, v) for key, v in table.items() if key not in inner]
        header = f"[[{path}]]" if is_list else f"[{path}]"
        yield "\n".join([header, *lines]) + "\n"
        for key, found in inner.items():
            yield from _tables(f"{path}.{toml_key(key)}", found, inline)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)


def _long_line(key: str, value: object) -> str:
    """A key with its value; a list of lists has one a line."""
    if isinstance(value, list) and any(isinstance(item, list) for item in value):
        rows = "".join(f"  {toml_value(item)},\n" for item in value)
        return f"{toml_key(key)} = [\n{rows}]"
    return toml_line(key, value)


def toml_key(key: str) -> str:
    """A key, quoted unless it is bare."""
    return key if _BARE.fullmatch(key) else toml_value(key)


def comment(text: str) -> str:
    r"""A text as one line of comment; what may not stand in one becomes a blank.

    >>> comment("第一行\n第二行")
    '# 第一行 第二行'
    """
    return "# " + " ".join(_UNSEEN.sub(" ", text).split())


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _ESCAPED.get(character, f"\\u{ord(character):04x}")
