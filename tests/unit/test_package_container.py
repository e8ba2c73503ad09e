import contextlib
import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.zips import LAYOUTS, Layout, contents, packed, parts, raw_members

from xlplan.container import Container, deflate
from xlplan.container.packer import Packer
from xlplan.diagnostics import RequestError


def copied(data: bytes, skip: str = "") -> bytes:
    """The same package through our reader and writer."""
    out = io.BytesIO()
    with Container(data, "x") as book:
        packer = Packer(out)
        for member in sorted(book.members, key=lambda member: member.offset):
            if member.name != skip:
                packer.copy(book, member)
        packer.close((member.key for member in book.members), book.comment)
    return out.getvalue()


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_package_copied_member_by_member_keeps_every_compressed_byte(layout):
    data = packed(parts(), layout)
    again = copied(data)
    assert raw_members(again) == raw_members(data)
    assert zipfile.ZipFile(io.BytesIO(again)).testzip() is None


@pytest.mark.parametrize("name", ["plain", "stored", "data descriptors", "any order", "a comment"])
def test_a_package_without_zip64_is_copied_to_the_very_same_bytes(name):
    data = packed(parts(), LAYOUTS[name])
    assert copied(data) == data


def test_headers_times_and_extra_fields_of_a_copied_member_stay_when_others_go():
    data = packed(parts())
    again = copied(data, skip="[Content_Types].xml")

    def told(book: bytes) -> dict[str, tuple[object, ...]]:
        infos = zipfile.ZipFile(io.BytesIO(book)).infolist()
        return {i.filename: (i.date_time, i.extra, i.flag_bits, i.external_attr) for i in infos}

    before = told(data)
    del before["[Content_Types].xml"]
    assert told(again) == before


def test_what_is_added_carries_no_clock_and_is_the_same_every_time():
    def made() -> bytes:
        out = io.BytesIO()
        packer = Packer(out)
        packer.add("表.xml", [b"<a/>"])
        packer.close((), b"")
        return out.getvalue()

    assert made() == made()
    info = zipfile.ZipFile(io.BytesIO(made())).infolist()[0]
    assert (info.filename, info.date_time) == ("表.xml", (1980, 1, 1, 0, 0, 0))


@pytest.fixture(params=["zlib", "isal"])
def library(request, monkeypatch):
    """What deflates and inflates: zlib alone, as without the extra `fast`, or ISA-L."""
    if request.param == "zlib":
        monkeypatch.setattr(deflate, "FAST", None)
    else:
        pytest.importorskip("isal")
    return request.param


def added(*chunks: bytes) -> bytes:
    """A package with one part."""
    out = io.BytesIO()
    packer = Packer(out)
    packer.add("a", chunks)
    packer.close((), b"")
    return out.getvalue()


def test_a_large_part_is_packed_faster_and_whole(library):
    body = [b"%d," % number * 9 for number in range(400_000)]
    whole, large = b"".join(body), added(*body)
    assert added(*body) == large
    assert contents(large) == {"a": whole}
    fast, small = (len(zlib.compress(whole, level)) for level in (2, 6))
    assert small < fast
    assert (fast <= len(large) < fast * 1.01) if library == "zlib" else len(large) < fast * 1.3


def test_a_part_that_is_not_large_is_the_same_bytes_with_and_without_the_fast_library(monkeypatch):
    pytest.importorskip("isal")
    by_one = added(b"row " * 100_000)
    monkeypatch.setattr(deflate, "FAST", None)
    assert added(b"row " * 100_000) == by_one


@pytest.mark.usefixtures("library")
def test_either_library_refuses_a_stream_that_is_none():
    data = bytearray(packed({"xl/a.xml": bytes(range(256)) * 300}))
    with Container(bytes(data), "x") as book:
        start = book.members[0].offset + 30 + len(book.members[0].raw_name)
    data[start : start + 20] = b"\xff" * 20
    with Container(bytes(data), "x") as book, pytest.raises(RequestError, match=r"解不开|校验不符"):
        book.read(book.members[0])


def test_a_member_taken_back_leaves_no_trace():
    out = io.BytesIO()
    packer = Packer(out)
    packer.add("a", [b"1"])
    packer.add("b", [b"2" * 1000])
    packer.take_back("b")
    packer.close((), b"")
    assert contents(out.getvalue()) == {"a": b"1"}
    assert b"222" not in out.getvalue()


def test_what_we_would_refuse_to_open_again_is_not_written(monkeypatch):
    monkeypatch.setattr("xlplan.container.packer.MOST_UNPACKED", 2_000)
    source = packed({"a": b"1" * 900})
    packer = Packer(io.BytesIO())
    with Container(source, "x") as book:
        packer.copy(book, book.members[0])
    packer.add("b", [b"2" * 900])
    packer.take_back("b")
    packer.add("b", [b"2" * 900])
    with pytest.raises(RequestError, match="1GB") as refused:
        packer.add("c", [b"3" * 201])
    assert refused.value.kind.code == "XP702"


def test_a_large_member_is_read_in_pieces():
    body = bytes(range(256)) * 8_000
    data = packed(parts() | {"xl/big.bin": body}, Layout(streamed=True))
    with Container(data, "x") as book:
        member = book.find("XL/BIG.bin")
        lengths = [len(piece) for piece in book.chunks(member)]
        assert sum(lengths) == len(body)
        assert max(lengths) <= 1 << 20


@given(st.binary(max_size=300), st.integers(0, 10_000), st.integers(0, 40))
def test_a_damaged_package_is_read_or_refused_and_nothing_else(noise, at, gone):
    data = packed(parts(picture=None))
    at %= len(data)
    broken = data[:at] + noise + data[at + gone :]
    with contextlib.suppress(RequestError), Container(broken, "x") as book:
        for member in book.members:
            assert len(book.read(member)) == member.size
