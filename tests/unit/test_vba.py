"""VBA projects: written and read back, held against a second reader, and every damage noticed."""

import itertools
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.macros import macros_in

from xlplan.app.buttons import sources
from xlplan.vba import (
    Broken,
    Project,
    document_module,
    parse_project,
    project_bytes,
    standard_module,
)
from xlplan.vba.compound import CUTOFF, END, ENTRY, HEADER, SECTOR, compound_file
from xlplan.vba.compression import compressed, decompressed
from xlplan.vba.opening import open_compound

LONG = 'Attribute VB_Name = "Long"\n' + "".join(f"' line {n} of {n * n}\n" for n in range(900))
MODULES = (
    document_module("ThisWorkbook", "workbook"),
    document_module("Sheet1", "worksheet"),
    *sources(),
    standard_module(LONG),
)
PROJECT = Project("xlplan", MODULES)
RAW = project_bytes(PROJECT)

# A worked example of the format's description (MS-OVBA 3.2.3).
EXAMPLE = b"a" * 73


def test_what_is_written_is_read_back_whole():
    parsed = parse_project(RAW)
    assert (parsed.name, parsed.modules) == ("xlplan", MODULES)
    assert set(parsed.references) == {"stdole", "Office"}


def test_the_same_sources_give_the_same_bytes():
    assert project_bytes(PROJECT) == RAW


def test_a_second_reader_sees_the_same_sources(tmp_path):
    path = tmp_path / "vbaProject.bin"
    path.write_bytes(RAW)
    assert macros_in(path) == {module.name: module.packed().decode() for module in MODULES}


def test_the_worked_example_of_the_format_comes_out_to_the_byte():
    assert compressed(EXAMPLE).hex() == "0103b0026145 00".replace(" ", "")
    assert decompressed(compressed(EXAMPLE)) == EXAMPLE


@given(st.lists(st.sampled_from([b"Dim x\r\n", b"abc", b"0", b" " * 20, bytes(9)])).map(b"".join))
def test_compression_loses_nothing(data):
    assert decompressed(compressed(data)) == data


@given(
    st.dictionaries(
        st.from_regex(r"\A(VBA/)?[A-Za-z_]{1,20}\Z").filter(lambda path: path != "VBA"),
        st.sampled_from([0, 1, 63, 64, 65, CUTOFF - 1, CUTOFF, CUTOFF + 1, 9_000]).map(bytes),
        max_size=30,
    )
)
def test_a_compound_file_gives_back_its_streams(streams):
    unique = {order: path for path in streams if (order := path.upper())}
    kept = {path: streams[path] for path in unique.values()}
    assert open_compound(compound_file(kept)) == kept


def structure():
    """Where the bytes lie that hold no content: header, sector tables and directory."""
    _, _, _, _, _, _, _, _, _, directory, _, _, mini, _, _, _ = HEADER.unpack_from(RAW)
    sectors = [directory, fat(), mini]
    yield from range(SECTOR)
    for sector in sectors:
        yield from range((sector + 1) * SECTOR, (sector + 2) * SECTOR)


def test_every_flipped_byte_of_the_structure_is_noticed():
    streams = open_compound(RAW)
    missed = []
    for at in structure():
        try:
            missed += [at] if open_compound(patched(at, "<B", RAW[at] ^ 0x41)) == streams else []
        except Broken:
            continue
    assert not missed


def entry_at(name):
    return RAW.index(name.encode("utf-16-le") + b"\0\0") // ENTRY.size * ENTRY.size


def patched(at, form, *values):
    damaged = bytearray(RAW)
    struct.pack_into(form, damaged, at, *values)
    return bytes(damaged)


def stream_changed(path, change):
    streams = open_compound(RAW)
    streams[path] = change(streams[path])
    return compound_file(streams)


def dir_changed(before, after):
    def change(stream):
        body = decompressed(stream)
        assert before in body
        return compressed(body.replace(before, after, 1))

    return stream_changed("VBA/dir", change)


def swapped_siblings():
    """Left and right of a storage's topmost child exchanged."""
    storage = entry_at("VBA")
    child = struct.unpack_from("<L", RAW, storage + 76)[0]
    first = (struct.unpack_from("<L", RAW, 48)[0] + 1) * SECTOR
    at = first + child * ENTRY.size + 68
    left, right = struct.unpack_from("<LL", RAW, at)
    return patched(at, "<LL", right, left)


FAULTS = {
    "cut short": lambda: RAW[:-100],
    "the magic": lambda: patched(0, "<B", 0),
    "the byte order": lambda: patched(28, "<H", 0xFEFF),
    "a loop in a chain": lambda: patched((fat() + 1) * SECTOR, "<L", 0),
    "a chain cut short": lambda: patched((fat() + 1) * SECTOR, "<L", END),
    "a chain led astray": lambda: patched((fat() + 1) * SECTOR, "<L", 999),
    "an order of siblings": swapped_siblings,
    "a name in the directory": lambda: patched(entry_at("XlplanHost"), "<H", ord("Y")),
    "a colour": lambda: patched(entry_at("XlplanHost") + 67, "<B", 0),
    "a size": lambda: patched(entry_at("Long") + 120, "<L", CUTOFF - 1),
    "a clock": lambda: patched(entry_at("VBA") + 100, "<L", 7),
    "compiled code": lambda: stream_changed("VBA/_VBA_PROJECT", lambda _: b"\xcc\x61\x97\0\0\0\0"),
    "a stream too many": lambda: compound_file(open_compound(RAW) | {"VBA/Hidden": b"x"}),
    "a source that is no text": lambda: stream_changed(
        "VBA/XlplanHost", lambda _: compressed(b'Attribute VB_Name = "XlplanHost"\r\n\xd6\xd0')
    ),
    "a source of another name": lambda: stream_changed(
        "VBA/XlplanHost", lambda s: compressed(decompressed(s).replace(b"Host", b"Hots", 1))
    ),
    "the number of modules": lambda: dir_changed(b"\x0f\0\2\0\0\0\6\0", b"\x0f\0\2\0\0\0\5\0"),
    "a record out of its place": lambda: dir_changed(b"\x14\0\4\0", b"\x15\0\4\0"),
    "a name in Unicode": lambda: dir_changed("Host".encode("utf-16-le"), b"H\0o\0s\0s\0"),
    "an offset": lambda: dir_changed(b"\x31\0\4\0\0\0\0\0", b"\x31\0\4\0\0\0\1\0"),
    "a reference": lambda: dir_changed(b"*\\G{", b"*/G{"),
    "something behind the end": lambda: stream_changed(
        "VBA/dir", lambda s: compressed(decompressed(s) + b"\0\0")
    ),
    "a module missing in PROJECT": lambda: stream_changed(
        "PROJECT", lambda s: s.replace(b"Module=XlplanHost\r\n", b"")
    ),
    "a document that is called a module": lambda: stream_changed(
        "PROJECT", lambda s: s.replace(b"Document=Sheet1/&H00000000", b"Module=Sheet1")
    ),
    "a password": lambda: stream_changed(
        "PROJECT", lambda s: s.replace(b'DPB="5456', b'DPB="5457')
    ),
    "another name in PROJECT": lambda: stream_changed(
        "PROJECT", lambda s: s.replace(b'Name="xlplan"', b'Name="planxl"')
    ),
    "a name in PROJECTwm": lambda: stream_changed(
        "PROJECTwm", lambda s: s.replace(b"Long", b"Lang")
    ),
}


def fat():
    return struct.unpack_from("<L", RAW, HEADER.size)[0]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault):
    with pytest.raises(Broken):
        parse_project(FAULTS[fault]())


def test_every_fault_says_something_of_its_own():
    said = {}
    for fault, make in FAULTS.items():
        with pytest.raises(Broken) as found:
            parse_project(make())
        said[fault] = str(found.value)
    assert len(set(said.values())) > len(FAULTS) * 2 // 3
    assert all(text and text[0] != " " for text in itertools.chain(said.values()))
