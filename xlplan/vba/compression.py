"""The compression of VBA sources (MS-OVBA 2.4.1): chunks of 4096 bytes, tokens eight to a flag."""

from collections.abc import Iterator

from xlplan.vba.compound import Broken

_SIGNATURE = 1
_CHUNK = 4096
_LEAST_COPY = 3
_TRIED = 64  # earlier places that are looked at for a copy
_MARK = 0b011  # what the three bits above a chunk's length hold


def compressed(data: bytes) -> bytes:
    r"""The bytes as a compressed container.

    >>> compressed(b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa").hex()[:24]
    '012fb0002361616162636465'
    >>> decompressed(compressed(b"abc" * 3000)) == b"abc" * 3000
    True
    """
    chunks = (data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK))
    return bytes([_SIGNATURE]) + b"".join(map(_chunk, chunks))


def _chunk(data: bytes) -> bytes:
    """One chunk with its header; raw where compression would make it longer than a raw one."""
    body = _tokens(data)
    if len(body) >= _CHUNK:
        return (0x3000 | (_CHUNK - 1)).to_bytes(2, "little") + data.ljust(_CHUNK, b"\0")
    return (0xB000 | (len(body) - 1)).to_bytes(2, "little") + body


def _tokens(data: bytes) -> bytes:
    """Token sequences: a flag byte, then up to eight literals or copies."""
    body, seen = bytearray(), dict[bytes, list[int]]()
    at = 0
    while at < len(data):
        flags_at, flags = len(body), 0
        body.append(0)
        for bit in range(8):
            if at >= len(data):
                break
            length, back = _match(data, at, seen)
            if length:
                flags |= 1 << bit
                body += _copy(length, back, at)
            else:
                length = 1
                body.append(data[at])
            for one in range(at, at + length):
                seen.setdefault(data[one : one + _LEAST_COPY], []).append(one)
            at += length
        body[flags_at] = flags
    return bytes(body)


def _match(data: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """The longest earlier occurrence of what comes next, as (length, distance); nearest first."""
    best, back = 0, 0
    most = min((0xFFFF >> _bits(at)) + _LEAST_COPY, len(data) - at)
    for start in seen.get(data[at : at + _LEAST_COPY], [])[: -_TRIED - 1 : -1]:
        length = 0
        while length < most and data[start + length] == data[at + length]:
            length += 1
        if length > best:
            best, back = length, at - start
        if best == most:
            break
    return (best, back) if best >= _LEAST_COPY else (0, 0)


def _bits(at: int) -> int:
    """How many bits of a copy token hold the distance, at that place of a chunk."""
    return max((at - 1).bit_length(), 4)


def _copy(length: int, back: int, at: int) -> bytes:
    bits = _bits(at)
    token = ((back - 1) << (16 - bits)) | (length - _LEAST_COPY)
    return token.to_bytes(2, "little")


def decompressed(container: bytes) -> bytes:
    """The bytes of a compressed container.

    Raises: Broken where it is not exactly what the format allows.
    """
    if container[:1] != bytes([_SIGNATURE]):
        raise Broken("a compressed stream does not begin with its signature")
    whole, at = bytearray(), 1
    while at < len(container):
        header = int.from_bytes(container[at : at + 2], "little")
        end = at + 3 + (header & 0x0FFF)
        if (header >> 12) & 0b111 != _MARK or end > len(container):
            raise Broken("the header of a compressed chunk is damaged")
        if len(whole) % _CHUNK:
            raise Broken("a compressed chunk that is not the last is short")
        body = container[at + 2 : end]
        whole += _unpacked(body) if header & 0x8000 else body
        at = end
    return bytes(whole)


def _unpacked(body: bytes) -> bytes:
    """The content of one chunk's tokens."""
    out = bytearray()
    for place, copied in _flags(body):
        if copied:
            token = int.from_bytes(body[place : place + 2], "little")
            length, back = _split(token, len(out))
            if back > len(out) or len(out) + length > _CHUNK:
                raise Broken("a copy in a compressed chunk leads outside of it")
            for _ in range(length):
                out.append(out[-back])
        else:
            out.append(body[place])
    if len(out) > _CHUNK:
        raise Broken("a compressed chunk holds too much")
    return bytes(out)


def _flags(body: bytes) -> Iterator[tuple[int, bool]]:
    """Where each token stands and whether it is a copy."""
    at = 0
    while at < len(body):
        flags = body[at]
        at += 1
        for bit in range(8):
            if at >= len(body):
                break
            copy = bool(flags >> bit & 1)
            if copy and at + 2 > len(body):
                raise Broken("a compressed chunk ends inside a copy")
            yield at, copy
            at += 2 if copy else 1


def _split(token: int, at: int) -> tuple[int, int]:
    """Length and distance of a copy."""
    bits = _bits(at)
    return (token & (0xFFFF >> bits)) + _LEAST_COPY, (token >> (16 - bits)) + 1
