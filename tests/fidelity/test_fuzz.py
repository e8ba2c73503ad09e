"""Mutated packages: never a hang, never a broken file, no other error than a refusal."""

import io
import random
import re
import signal
import sys
import time
import zipfile
import zlib
from contextlib import contextmanager
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

import pytest
from support.fidelity import changed_members, edited, part_names, sheet, spliced
from support.zips import ODD, contents, packed, parts

from xlplan.diagnostics import RequestError
from xlplan.package import AddRows, Comment, SetCell, marked

BUDGET = 6.0  # seconds for each kind of damage
LONGEST = 10  # seconds that one book may take at most
MOST = 400

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs an alarm clock")

TAG = re.compile(rb"<[^>]*>")


def noise(chance, data):
    """Bytes changed, lost, doubled or blanked anywhere in the file."""
    at, length = chance.randrange(len(data)), chance.choice([1, 1, 4, 64, 700])
    piece = data[at : at + length]
    new = chance.choice([chance.randbytes(length), b"", piece * 2, bytes(length)])
    return data[:at] + new + data[at + length :]


def directory_noise(chance, data):
    """The same where it hurts most: in the headers and the directory."""
    marks = [found.start() for found in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", data)]
    at = chance.choice(marks) + chance.randrange(4, 46)
    value = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
    return data[:at] + bytes([value]) + data[at + 1 :]


def part_noise(chance, data):
    """A sound package around parts whose XML was cut, mixed up or changed."""
    book = contents(data)
    for _ in range(chance.choice([1, 1, 2, 5])):
        name = chance.choice([name for name in book if name.endswith((".xml", ".rels"))])
        book[name] = chance.choice([noise_or_same, tags_moved, number_changed])(chance, book[name])
    return packed(book)


def noise_or_same(chance, part):
    return noise(chance, part) if part else part


def tags_moved(chance, part):
    """One tag put in another's place, or taken away."""
    tags = list(TAG.finditer(part))
    if not tags:
        return part
    one, other = chance.choice(tags), chance.choice(tags)
    return part[: one.start()] + chance.choice([b"", other[0], one[0] * 2]) + part[one.end() :]


def number_changed(chance, part):
    """A number or name in quotes made absurd."""
    quoted = list(re.finditer(rb'"[^"]*"', part))
    if not quoted:
        return part
    at = chance.choice(quoted)
    new = chance.choice(
        [b"", b"-1", b"0", b"99999999999", b"A1:XFD1048576", b"\xe8\xa1\xa8", b"rId1"]
    )
    return part[: at.start()] + b'"' + new + b'"' + part[at.end() :]


def started() -> list[bytes]:
    return [packed(parts()), *(packed(ODD[name]) for name in ("strict", "prefixed main namespace"))]


@contextmanager
def alarm():
    """A call that hangs becomes a failure."""

    def ring(*_: object):
        raise AssertionError(f"took more than {LONGEST} seconds")

    old = signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)


def well_formed(part: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(part, True)  # noqa: FBT003 - the parser takes it by position only
    except expat.ExpatError:
        return False
    return True


UNREADABLE = (
    *(zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError, zlib.error),
    *(KeyError, ParseError),
)


def sheets_of(data: bytes) -> dict[str, str] | None:
    """The parts of the sheets as others see them; None where others cannot open the book."""
    try:
        return None if zipfile.ZipFile(io.BytesIO(data)).testzip() else part_names(data)
    except UNREADABLE:
        return None


def check_whole(before: bytes, after: bytes) -> None:
    """Nothing is broken that was not: what changed is well-formed, the sheet is in its place."""
    if sheets_of(before) is None:  # what others cannot open we need not mend
        return
    sheets = sheets_of(after)
    assert sheets is not None
    new = contents(after)
    touched = changed_members(before, after) & new.keys()
    assert all(well_formed(new[name]) for name in touched if name.endswith("xml"))
    assert sheets["诊断"] in new.keys() - contents(before).keys()


@pytest.mark.parametrize("damage", [noise, directory_noise, part_noise])
def test_a_damaged_book_is_refused_or_written_whole(damage):
    began, books, refusals = time.monotonic(), started(), []
    for seed in range(MOST):
        if time.monotonic() - began > BUDGET:
            break
        chance = random.Random(seed)  # noqa: S311 - damage, not a secret
        data = damage(chance, chance.choice(books))
        try:
            with alarm():
                after = spliced(data, sheet("诊断"))
        except RequestError as refusal:
            refusals.append(refusal.line())
            continue
        check_whole(data, after)
    assert refusals
    assert not any("\n" in line for line in refusals)


def test_a_damaged_book_takes_edits_and_comments_or_is_refused():
    began, books, refusals = time.monotonic(), started(), []
    edits = (
        SetCell("台账", 1, 2, 7),
        AddRows("台账", 3, (1, 2), ({1: "新"},), like=2),
    )
    for seed in range(MOST):
        if time.monotonic() - began > BUDGET / 2:
            break
        chance = random.Random(seed)  # noqa: S311 - damage, not a secret
        data = chance.choice([noise, part_noise])(chance, chance.choice(books))
        for done in (
            lambda data=data: edited(data, edits),
            lambda data=data: marked(data, [Comment("台账", 1, 2, "改")]).data,
        ):
            try:
                with alarm():
                    after = done()
            except RequestError as refusal:
                refusals.append(refusal.line())
                continue
            touched = changed_members(data, after) & contents(after).keys()
            assert all(well_formed(contents(after)[one]) for one in touched if one.endswith("xml"))
    assert refusals
