"""What a value becomes inside a cell's XML; `sheets.primitives` says what it is before that."""

import re
from collections.abc import Sequence

from xlplan.sheets.primitives import (
    DIGITS_LIMIT,
    TEXT_LIMIT,
    Primitive,
    fitted,
    is_too_long,
    primitive,
)

__all__ = [
    "DIGITS_LIMIT",
    "TEXT_LIMIT",
    "Primitive",
    "content",
    "escaped",
    "fitted",
    "is_too_long",
    "plainly",
    "primitive",
    "result",
]

# What XML cannot say, Excel writes as _xHHHH_; text that looks like that has its "_" written so.
_UNSPEAKABLE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONE = re.compile("[\ud800-\udfff]")
_DELICATE = re.compile("[&<>\x00-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


def plainly(texts: Sequence[str]) -> list[bytes] | None:
    """Every text in UTF-8 where all may stand in the XML as they are; None where one may not.

    >>> plainly(["P001", "a b"]), plainly(["P001", "a<b"]), plainly([" a"])
    ([b'P001', b'a b'], None, None)
    """
    joined = f"{_BETWEEN}{_BETWEEN.join(texts)}{_BETWEEN}"
    if _is_spotless(joined, len(texts)):
        return joined.encode()[1:-1].split(_BETWEEN.encode())
    return "\0".join(texts).encode().split(b"\0") if _is_plain(texts) else None


_BETWEEN = "`"  # stands in no text of an office; where it does, each text is looked at
_DOUBTFUL = ("&", "<", ">", "_x", _BETWEEN * 2, f"{_BETWEEN} ", f" {_BETWEEN}")


def _is_spotless(joined: str, count: int) -> bool:
    """Whether no text between the marks can need a look: all in a few searches.

    What is printable holds no character that XML cannot say, and no white space but blanks.
    """
    return (
        len(joined) * 2 <= TEXT_LIMIT
        and joined.count(_BETWEEN) == count + 1
        and joined.isprintable()
        and not any(map(joined.__contains__, _DOUBTFUL))
    )


def _is_plain(texts: Sequence[str]) -> bool:
    """The same of texts one by one."""
    return (
        all(texts)
        and len(max(texts, key=len)) * 2 <= TEXT_LIMIT
        and _DELICATE.search("".join(texts)) is None
        and list(map(str.strip, texts)) == list(texts)
    )


def escaped(text: str) -> str:
    """The text as element content.

    >>> escaped("a<b"), escaped(chr(7)), escaped("_x0041_")
    ('a&lt;b', '_x0007_', '_x005F_x0041_')
    """
    if _DELICATE.search(text) is None:
        return text
    text = _LONE.sub("\ufffd", text)
    text = _UNSPEAKABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.translate(_MARKUP)


def content(value: Primitive) -> tuple[str, str]:
    """A cell's type attribute and content.

    >>> content(1.5), content(True)
    (('', '<v>1.5</v>'), (' t="b"', '<v>1</v>'))
    >>> content(" a")
    (' t="inlineStr"', '<is><t xml:space="preserve"> a</t></is>')
    """
    if not isinstance(value, str) or not value:
        return _figure(None if isinstance(value, str) else value)
    return ' t="inlineStr"', f"<is><t{_space(value)}>{escaped(fitted(value))}</t></is>"


def result(value: Primitive) -> tuple[str, str]:
    """A formula cell's type attribute and cached value; nothing at all is an empty text."""
    if isinstance(value, str) or value is None:
        return ' t="str"', f"<v>{escaped(fitted(value or ''))}</v>"
    return _figure(value)


def _figure(value: Primitive) -> tuple[str, str]:
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return ' t="b"', f"<v>{value:d}</v>"
    return "", f"<v>{value!r}</v>"


def _space(text: str) -> str:
    return ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
