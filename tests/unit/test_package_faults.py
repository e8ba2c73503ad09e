"""The fault list: every file that must be refused, and that it stays as it was."""

import re
from pathlib import Path

import pytest
from support.zips import FAULTS, packed, parts, workbook

import xlplan
from xlplan.diagnostics import RequestError
from xlplan.package import changes, write_sheets
from xlplan.sheets.description import CellSpec, Sheet


def sheet(name: str) -> Sheet:
    return Sheet(name, cells=(CellSpec(1, 1, "单位"), CellSpec(2, 1, 2)))


@pytest.fixture(autouse=True)
def _state_elsewhere(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_file_gets_one_clear_line_and_stays_untouched(fault, tmp_path):
    path, data = tmp_path / fault.name, fault.data()
    path.write_bytes(data)
    before = path.stat()
    with pytest.raises(RequestError) as refusal:
        write_sheets(path, [sheet(fault.wanted)])
    assert refusal.value.kind.code == fault.code
    assert "\n" not in refusal.value.line()
    assert path.read_bytes() == data
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert [left.name for left in tmp_path.iterdir()] == [fault.name]


# What only writing must refuse: these can be read without harm.
ONLY_WRITTEN = {
    "xlsb",
    "ods",
    "bad checksum in an untouched part",
    "a member that lies about its size",
    "result sheet without rows element",
    "nested without end",
    "an unknown main namespace",
    "a result sheet of an unknown kind",
    "signed",
    "shared in the old way",
    "protected structure, new sheet",
    "the name belongs to a chart sheet",
    "the name belongs to a dialog sheet",
    "the name belongs to a macro sheet",
    "a table on the result sheet",
    "a pivot table on the result sheet",
    *(name for name, fault in FAULTS.items() if fault.code == "XP709"),
}
# These stand for old workbooks by their first bytes, and hold nothing to be read.
HOLLOW = {"xls named xlsx", "a real xls"}


LIBRARY_WORDS = re.compile(r"[A-Za-z][a-z]+(?: [A-Za-z]+){2,}")


@pytest.mark.parametrize("name", FAULTS)
def test_reading_and_writing_agree_on_what_is_wrong(name, tmp_path):
    fault = FAULTS[name]
    path = tmp_path / fault.name
    path.write_bytes(fault.data())
    with pytest.raises(RequestError) as refusal:
        xlplan.write_sheets(path, {fault.wanted: sheet(fault.wanted)})
    said = [refusal.value.line().replace(str(path), ""), _read(path)]
    expected = "" if name in ONLY_WRITTEN else "XP004" if name in HOLLOW else fault.code
    assert [line[:5] for line in said] == [fault.code, expected]
    assert not any(map(LIBRARY_WORDS.search, said)), "a library's English in a Chinese line"


def _read(path: Path) -> str:
    """The refusal to read a book in one line, "" where every sheet was read."""
    try:
        book = xlplan.open_book(path)
        assert [book.grid(name).name for name in book.sheet_names()]
    except RequestError as refused:
        return refused.line().replace(str(path), "")
    return ""


@pytest.mark.parametrize(
    "name",
    [name for name, fault in FAULTS.items() if fault.code in {"XP002", "XP003", "XP704", "XP008"}],
)
def test_a_dry_run_refuses_what_writing_refuses(name, tmp_path):
    path = tmp_path / FAULTS[name].name
    path.write_bytes(FAULTS[name].data())
    with pytest.raises(RequestError) as refusal:
        changes(path, [sheet(FAULTS[name].wanted)])
    assert refusal.value.kind.code == FAULTS[name].code


def test_what_is_not_there_and_a_folder_are_told_apart(tmp_path):
    for path, code in ((tmp_path / "没有.xlsx", "XP001"), (tmp_path, "XP007")):
        with pytest.raises(RequestError) as refusal:
            write_sheets(path, [sheet("结果")])
        assert refusal.value.kind.code == code


def test_two_described_sheets_of_one_name_are_refused(tmp_path):
    path = tmp_path / "任务.xlsx"
    path.write_bytes(packed(parts()))
    with pytest.raises(RequestError, match="重名"):
        write_sheets(path, [sheet("新a"), sheet("新A")])


def test_a_read_only_old_format_gets_its_sheets_in_a_new_book(tmp_path):
    from python_calamine import CalamineWorkbook

    path, out = tmp_path / "旧.xls", tmp_path / "新.xlsx"
    path.write_bytes(FAULTS["a real xls"].data())
    written = write_sheets(path, [sheet("结果")], out)
    assert (written.changed, written.added) == (True, ("结果",))
    assert CalamineWorkbook.from_path(str(out)).sheet_names == ["结果"]
    assert path.read_bytes() == FAULTS["a real xls"].data()


def test_a_structure_lock_does_not_hinder_replacing(tmp_path):
    path = tmp_path / "任务.xlsx"
    locked = workbook(before='<workbookProtection lockStructure="1"/>')
    path.write_bytes(packed(parts(workbook=locked)))
    assert write_sheets(path, [sheet("结果")]).replaced == ("结果",)
