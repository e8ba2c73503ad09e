"""Real workbooks of others: sheets go in, every other part stays byte for byte as it was."""

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from support.fidelity import (
    changed_members,
    check,
    check_hanging,
    check_values,
    edited,
    part_names,
    sheet,
    spliced,
    worksheets,
)
from support.office import recalculated
from support.zips import raw_members

from xlplan.diagnostics import RequestError
from xlplan.package import AddRows, SetCell

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.xls[xm]"))
ABSENT = "the corpus of real workbooks is not here"
pytestmark = pytest.mark.skipif(not FILES, reason=ABSENT)
each_of_some = pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.name.startswith(("01-", "13-", "23-"))] or [CORPUS],
    ids=lambda path: path.name,
)
each_file = pytest.mark.parametrize("path", FILES or [CORPUS], ids=lambda path: path.name)


@each_file
def test_a_sheet_is_added_and_nothing_else_changes(path):
    data = path.read_bytes()
    try:
        after = spliced(data, sheet("结果"))
    except RequestError as refusal:
        assert refusal.kind.code in {"XP705", "XP706"}  # noqa: PT017 - shared or protected books
        return
    check(data, after, "结果", set())
    assert len(raw_members(after)) - len(raw_members(data)) in {1, 2}


@each_file
def test_each_existing_sheet_is_replaced_and_nothing_else_changes(path):
    data = path.read_bytes()
    parts = part_names(data)
    for name in worksheets(data)[:3]:
        try:
            after = spliced(data, sheet(name))
        except RequestError as refusal:
            assert refusal.kind.code in {"XP705", "XP708"}  # noqa: PT017 - shared; tables, pivots
            continue
        check(data, after, name, {parts[name]})
        check_hanging(data, after, parts[name])


@each_file
def test_a_cell_is_edited_and_a_row_added_and_nothing_else_changes(path):
    data = path.read_bytes()
    parts = part_names(data)
    for name in worksheets(data)[:3]:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        old = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        below = len(old) + 30  # below whatever hangs there formatted and blank
        edits = (
            SetCell(name, below + 9, 2, "新值"),
            AddRows(name, below, (1, 3), ({1: "新行", 2: 0.5},), like=len(old)),
        )
        try:
            after = edited(data, edits)
        except RequestError as refusal:
            assert refusal.kind.code in {"XP705", "XP711"}  # noqa: PT017 - shared; protected
            continue
        assert changed_members(data, after) <= {parts[name], "xl/workbook.xml", "xl/calcChain.xml"}
        check_hanging(data, after, parts[name])
        assert edited(after, edits[:1]) == after
        book = CalamineWorkbook.from_filelike(io.BytesIO(after))
        new = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        assert (new[below - 1][:2], new[below + 8][1]) == (["新行", 0.5], "新值")
        assert [row[: len(old[0])] for row in new[: len(old)]] == old


def test_the_corpus_is_mostly_written_and_not_refused():
    written = 0
    for path in FILES:
        try:
            spliced(path.read_bytes(), sheet("结果"))
        except RequestError:
            continue
        written += 1
    assert written >= len(FILES) - 1


@pytest.mark.office
@each_of_some
def test_libreoffice_shows_the_added_sheet_and_the_old_ones_as_before(path, tmp_path):
    before, after = tmp_path / "前.xlsx", tmp_path / "后.xlsx"
    before.write_bytes(path.read_bytes())
    after.write_bytes(spliced(path.read_bytes(), sheet("结果")))
    shown = recalculated(after).read_bytes()
    check_values(shown, "结果")
    old, new = (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        for data in (recalculated(before).read_bytes(), shown)
    )
    for name in old.sheet_names:
        assert new.get_sheet_by_name(name).to_python() == old.get_sheet_by_name(name).to_python()
