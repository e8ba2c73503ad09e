"""In which encoding an XML part stands, told by its first bytes, and whether it brings a DTD."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def codec_of(head: bytes) -> tuple[str, bytes]:
    r"""The codec and the byte order mark of a part that begins so.

    >>> codec_of(b"<?xml version='1.0' encoding='GBK'?><a/>"), codec_of(b"<\x00a\x00")
    (('gbk', b''), ('utf-16-le', b''))
    """
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return codec, bom
    if head[1:2] == b"\0" and head[:1]:
        return "utf-16-le", b""
    if head[:1] == b"\0" and head[1:2]:
        return "utf-16-be", b""
    declared = _DECLARED.match(head[:400])
    try:
        return (codecs.lookup(declared[1].decode()).name if declared else "utf-8"), b""
    except LookupError:
        return declared[1].decode().lower() if declared else "utf-8", b""


def as_ascii_like(raw: bytes) -> bytes:
    """A part in UTF-16 as UTF-8, any other as it is: one byte scanner then reads all."""
    codec, bom = codec_of(raw)
    if not codec.startswith("utf-16"):
        return raw
    return raw[len(bom) :].decode(codec, "replace").encode()


def declares_entities(raw: bytes) -> bool:
    """Whether a part, or a piece of one from its beginning, holds a DTD: it can hide a bomb."""
    return _DTD.search(as_ascii_like(raw)) is not None
