"""Deflate, inflate and checksums: by ISA-L where it is installed (extra `fast`), else by zlib.

Either reads what the other wrote. Only parts beyond `LARGE` are written by ISA-L: smaller ones,
and so nearly all books, come out as the same bytes with and without it.
"""

import zlib
from importlib import import_module
from types import ModuleType
from typing import Protocol


def _installed() -> ModuleType | None:
    """ISA-L, where the extra is installed and there is one for this processor."""
    try:
        return import_module("isal.isal_zlib")
    except ImportError:
        return None


FAST = _installed()

LARGE = 1 << 24
"""Bytes: a part beyond them is deflated fast rather than small."""

_LEVEL = 2  # zlib, measured on 580 MB of rows: two thirds of level 4's time, a tenth more bytes
_FAST_LEVEL = 1  # ISA-L, the same rows: a fifth of that time, another twentieth more bytes
_RAW = -15  # a deflate stream without a head of its own, as a zip member holds it

FAULTS: tuple[type[Exception], ...] = (zlib.error, *([FAST.error] if FAST else []))
"""What an inflater raises for a stream that is none."""


class Deflater(Protocol):
    """As `zlib.compressobj` gives it."""

    def compress(self, data: bytes, /) -> bytes:
        """Take more of the content."""
        ...

    def flush(self) -> bytes:
        """What is still to be written."""
        ...


class Inflater(Protocol):
    """As `zlib.decompressobj` gives it."""

    @property
    def eof(self) -> bool:
        """Whether the stream has come to its end."""
        ...

    @property
    def unconsumed_tail(self) -> bytes:
        """What `decompress` left because its answer was full."""
        ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """More of the content, no more than that."""
        ...


def deflater(level: int, *, large: bool) -> Deflater:
    """A new stream; a large one is worth more speed than the level says."""
    if large and FAST is not None:
        found: Deflater = FAST.compressobj(_FAST_LEVEL, zlib.DEFLATED, _RAW)
        return found
    return zlib.compressobj(min(level, _LEVEL) if large else level, zlib.DEFLATED, _RAW)


def inflater() -> Inflater:
    """A new reader of one stream."""
    found: Inflater = (FAST or zlib).decompressobj(_RAW)
    return found


def crc32(data: bytes, before: int = 0) -> int:
    """The checksum of what came before and these bytes.

    >>> crc32(b"789", crc32(b"123456")) == 0xCBF43926
    True
    """
    found: int = (FAST or zlib).crc32(data, before)
    return found
