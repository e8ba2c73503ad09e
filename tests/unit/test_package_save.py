import gc
import os
import random
import resource
import shutil
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from support.zips import BOOK_RELATIONS, LAYOUTS, RELATIONS, contents, packed, parts

from xlplan.diagnostics import RequestError
from xlplan.package import digest, new_workbook, redo, undo, write_sheets, write_whole
from xlplan.package.history import MOST_STATES
from xlplan.sheets.description import Block, BlockColumn, CellSpec, Sheet

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks, modes and signals")


def sheet(text: str = "甲", rows: int = 1) -> Sheet:
    return Sheet("结果", blocks=(Block(1, 1, (BlockColumn([text] * rows),)),))


@pytest.fixture(autouse=True)
def state(tmp_path_factory, monkeypatch) -> Path:
    """Where backups go during a test."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XLPLAN_STATE", str(folder))
    return folder


@pytest.fixture
def book(tmp_path) -> Path:
    path = tmp_path / "任务.xlsx"
    path.write_bytes(packed(parts()))
    return path


def names(folder: Path) -> list[str]:
    return sorted(left.name for left in folder.iterdir())


def refused(code: str, call: Callable[[], object]) -> RequestError:
    with pytest.raises(RequestError) as refusal:
        call()
    assert refusal.value.kind.code == code
    return refusal.value


def test_a_book_that_would_be_the_same_is_not_rewritten(book):
    assert write_sheets(book, [sheet()]).changed
    before = book.stat()
    again = write_sheets(book, [sheet()])
    assert (again.changed, again.backup) == (False, None)
    assert (book.stat().st_ino, book.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_book_that_gets_nothing_new_is_left_however_it_was_zipped(layout, book):
    write_sheets(book, [sheet()])
    data = packed(contents(book.read_bytes()), layout)
    book.write_bytes(data)
    assert not write_sheets(book, [sheet()]).changed
    assert not write_sheets(book, []).changed
    assert book.read_bytes() == data


def test_mode_and_extended_attributes_stay(book):
    book.chmod(0o640)
    marked = True
    try:
        os.setxattr(book, "user.label", "内部".encode())
    except OSError:
        marked = False
    written = write_sheets(book, [sheet()])
    assert stat.S_IMODE(book.stat().st_mode) == 0o640
    assert not any("扩展属性" in note for note in written.notes)
    if marked:
        assert os.getxattr(book, "user.label") == "内部".encode()


def test_a_new_file_gets_the_mode_that_the_umask_leaves(tmp_path):
    old = os.umask(0o027)
    try:
        new_workbook(tmp_path / "新.xlsx", [sheet()])
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "新.xlsx").stat().st_mode) == 0o640


def test_a_symbolic_link_stays_one_and_its_file_is_replaced(book, tmp_path):
    (tmp_path / "文件夹").mkdir()
    link = tmp_path / "文件夹" / "链接.xlsx"
    link.symlink_to(book)
    write_sheets(link, [sheet()])
    assert link.is_symlink()
    assert link.read_bytes() == book.read_bytes() != packed(parts())
    assert undo(link) == book


def test_of_two_hard_links_the_other_keeps_the_old_content_and_it_is_said(book, tmp_path):
    other = tmp_path / "另一个.xlsx"
    os.link(book, other)
    written = write_sheets(book, [sheet()])
    assert other.read_bytes() == packed(parts())
    assert any("硬链接" in note for note in written.notes)


def test_a_read_only_file_or_folder_is_respected(book, tmp_path):
    book.chmod(0o444)
    refused("XP006", lambda: write_sheets(book, [sheet()]))
    book.chmod(0o644)
    tmp_path.chmod(0o555)
    refused("XP006", lambda: write_sheets(book, [sheet()]))
    tmp_path.chmod(0o755)
    assert book.read_bytes() == packed(parts())


@pytest.mark.parametrize("lock", ["~$任务.xlsx", ".~lock.任务.xlsx#", ".~任务.xlsx"])
def test_a_book_that_is_open_elsewhere_is_left_alone(lock, book, tmp_path):
    (tmp_path / lock).write_bytes(b"\x04user" + b" " * 160)
    said = refused("XP005", lambda: write_sheets(book, [sheet()]))
    assert lock in said.line()
    assert book.read_bytes() == packed(parts())


def test_a_lock_of_last_year_hinders_nobody(book, tmp_path):
    lock = tmp_path / "~$任务.xlsx"
    lock.write_bytes(b"x")
    long_ago = time.time() - 366 * 24 * 3600
    os.utime(lock, (long_ago, long_ago))
    assert write_sheets(book, [sheet()]).changed


def test_a_book_that_changed_since_it_was_read_is_left_alone(book):
    read = digest(book)
    book.write_bytes(packed(parts(strings=None)))
    changed = book.read_bytes()
    refused("XP015", lambda: write_sheets(book, [sheet()], source_digest=read))
    assert book.read_bytes() == changed


class Meddling(list):
    """Values during whose writing somebody else saves the book."""

    def __init__(self, book: Path) -> None:
        super().__init__(["甲", "乙"])
        self.book = book

    def meddle(self) -> None:
        with self.book.open("ab") as file:
            file.write(b"!")

    def __iter__(self):
        self.meddle()
        return super().__iter__()

    def __getitem__(self, place):
        self.meddle()
        return super().__getitem__(place)


def test_a_book_that_changes_while_it_is_written_is_left_alone(book, tmp_path):
    meddled = Sheet("结果", blocks=(Block(1, 1, (BlockColumn(Meddling(book)),)),))
    with pytest.raises(RequestError) as refusal:
        write_sheets(book, [meddled])
    assert refusal.value.kind.code in {"XP004", "XP015"}
    assert book.read_bytes().rstrip(b"!") == packed(parts())
    assert names(tmp_path) == ["任务.xlsx"]


def test_with_out_the_source_stays_and_an_old_out_can_be_had_back(book, tmp_path):
    out = tmp_path / "结果.xlsx"
    out.write_bytes(packed(parts(strings=None)))
    written = write_sheets(book, [sheet()], out)
    assert book.read_bytes() == packed(parts())
    assert written.backup is not None
    undo(out)
    assert out.read_bytes() == packed(parts(strings=None))


def test_a_macro_book_is_not_written_under_a_name_that_excel_refuses(book, tmp_path):
    macro = parts()
    macro["[Content_Types].xml"] = macro["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    book = book.rename(tmp_path / "任务.xlsm")
    book.write_bytes(packed(macro))
    refused("XP710", lambda: write_sheets(book, [sheet()], tmp_path / "结果.xlsx"))
    assert write_sheets(book, [sheet()], tmp_path / "结果.xlsm").changed


def test_a_new_book_overwrites_nothing_unless_told(tmp_path):
    path = tmp_path / "新.xlsx"
    new_workbook(path, [sheet("一")])
    first = path.read_bytes()
    refused("XP014", lambda: new_workbook(path, [sheet("二")]))
    assert new_workbook(path, [sheet("二")], overwrite=True).backup is not None
    undo(path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("name", ["CON.xlsx", "nul .xlsx", "甲?.xlsx", "甲\n乙.xlsx", 'a"b.xlsx'])
def test_a_name_that_windows_refuses_is_refused_everywhere(name, tmp_path):
    refused("XP018", lambda: new_workbook(tmp_path / name, [sheet()]))


@pytest.mark.parametrize("name", ["结果.xlsx.", "结果", "结果.xls", "结果.xlsm"])
def test_a_new_book_is_an_xlsx_by_name(name, tmp_path):
    refused("XP710", lambda: new_workbook(tmp_path / name, [sheet()]))


def test_a_name_as_long_as_the_disk_allows_works(tmp_path):
    path = tmp_path / ("年" * 83 + ".xlsx")
    new_workbook(path, [sheet("一")])
    assert write_sheets(path, [sheet("二")]).changed
    assert names(tmp_path) == [path.name]


def test_any_file_is_written_whole(tmp_path):
    path = tmp_path / "结果.json"
    write_whole(path, b"{}")
    write_whole(path, b"[]")
    assert path.read_bytes() == b"[]"
    refused("XP007", lambda: write_whole(tmp_path, b""))
    refused("XP018", lambda: write_whole(tmp_path / "没有" / "x", b""))


# Undo


def states(book: Path, count: int) -> list[bytes]:
    """Write the book several times; gives every state, the first included."""
    seen = [book.read_bytes()]
    for number in range(count):
        write_sheets(book, [sheet(f"第{number}次")])
        seen.append(book.read_bytes())
    return seen


def test_undo_goes_back_step_by_step_and_redo_forth(book):
    seen = states(book, 3)
    for state_ in reversed(seen[:-1]):
        undo(book)
        assert book.read_bytes() == state_
    refused("XP020", lambda: undo(book))
    for state_ in seen[1:]:
        redo(book)
        assert book.read_bytes() == state_
    refused("XP020", lambda: redo(book))


def test_edits_made_after_a_write_back_survive_an_undo(book):
    write_sheets(book, [sheet()])
    edited = packed(parts(strings=None))
    book.write_bytes(edited)
    undo(book)
    assert book.read_bytes() == packed(parts())
    write_sheets(book, [sheet("乙")])
    undo(book)
    undo(book)
    assert book.read_bytes() == edited


def test_a_deleted_book_comes_back_by_undo(book):
    write_sheets(book, [sheet()])
    book.unlink()
    undo(book)
    assert book.read_bytes() == packed(parts())


def test_only_so_many_states_are_kept(book, state):
    seen = states(book, MOST_STATES + 3)
    kept = list(state.rglob("*.xlsx"))
    assert len(kept) == MOST_STATES
    for _ in range(MOST_STATES):
        undo(book)
    assert book.read_bytes() == seen[3]
    refused("XP020", lambda: undo(book))


def test_only_so_many_bytes_are_kept(book, state, monkeypatch, tmp_path):
    monkeypatch.setattr("xlplan.package.history.MOST_BYTES", 5 * len(packed(parts())))
    other = tmp_path / "别的.xlsx"
    other.write_bytes(packed(parts()))
    states(other, 1)
    states(book, 8)
    assert sum(file.stat().st_size for file in state.rglob("*.xlsx")) <= 6 * len(packed(parts()))
    refused("XP020", lambda: undo(other))
    undo(book)


def test_a_backup_that_another_process_removes_meanwhile_stops_nothing(book, state):
    write_sheets(book, [sheet("甲")])
    vanished = state / "backups" / "other" / "20210101T000000.000000Z-aaaaaaaa.xlsx"
    vanished.parent.mkdir()
    vanished.symlink_to("nowhere")  # listed, and gone when it is looked at
    write_sheets(book, [sheet("乙")])
    assert undo(book) == book


def test_what_another_process_is_still_keeping_is_left_alone(book, state, monkeypatch):
    monkeypatch.setattr("xlplan.package.history.MOST_BYTES", 1)
    write_sheets(book, [sheet("甲")])
    underway = next((state / "backups").iterdir()) / "20210101T000000.000000Z-a.xlsx.1.new"
    underway.write_bytes(b"half")
    write_sheets(book, [sheet("乙")])
    assert underway.exists()
    os.utime(underway, (0, 0))
    write_sheets(book, [sheet("丙")])
    assert not underway.exists()


def test_many_processes_at_once_each_write_and_keep_their_own_book(book, tmp_path, monkeypatch):
    monkeypatch.setattr("xlplan.package.history.MOST_BYTES", 20 * len(packed(parts())))
    children = []
    for number in range(6):
        mine = Path(shutil.copy(book, tmp_path / f"{number}.xlsx"))
        child = os.fork()
        if not child:
            status = 1
            with suppress(BaseException):
                for turn in range(25):
                    write_sheets(mine, [sheet(f"{turn}")])
                status = 0
            os._exit(status)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 6


def test_a_damaged_backup_is_passed_over(book, state):
    seen = states(book, 2)
    latest = max(state.rglob("*.xlsx"))
    latest.write_bytes(b"rubbish")
    undo(book)
    assert book.read_bytes() == seen[0]


def test_a_broken_index_is_no_index(book, state):
    states(book, 1)
    next(state.rglob("index.json")).write_text("[]")
    refused("XP020", lambda: undo(book))
    assert write_sheets(book, [sheet("又")]).backup is not None


def test_a_backup_that_cannot_be_made_stops_the_write(book, state):
    (state / "backups").write_text("a file where a folder should be")
    refused("XP018", lambda: write_sheets(book, [sheet()]))
    assert book.read_bytes() == packed(parts())
    assert write_sheets(book, [sheet()], backup=False).changed


# Whatever happens in the middle


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a forked child; gives its exit status as `os.waitpid` tells it."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            work()
            os._exit(0)
        os._exit(1)
    return os.waitpid(child, 0)[1]


def counting(at: int, then: Callable[[], object]) -> Callable[..., None]:
    """A profile function that calls `then` at the n-th call or return of anything at all."""
    left = [at]

    def profile(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            then()

    return profile


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    """What other tests left to be collected would be counted among the calls of the work."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def calls(work: Callable[[], object]) -> int:
    """How many calls and returns the work makes; run it once before, so that nothing is new."""
    seen = [0]

    def profile(*_: object) -> None:
        seen[0] += 1

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return seen[0]


def points(total: int, count: int) -> list[int]:
    """Moments over the whole run, half of them in its last tenth, where files change places."""
    spread = [1 + total * n // (count // 2) for n in range(count // 2)]
    late = [total - total * n // (5 * count) for n in range(count // 2)]
    late += [total - n for n in (1, 3, 10, 20, 30, 40)]
    return sorted({*spread, *late})


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_at_any_moment_the_old_or_the_new_file_is_whole(book, tmp_path, state):
    old = book.read_bytes()
    write_sheets(book, [sheet("乙", 40)])
    new = book.read_bytes()

    def afresh() -> None:
        shutil.rmtree(state / "backups", ignore_errors=True)
        book.write_bytes(old)

    afresh()
    total = calls(lambda: write_sheets(book, [sheet("乙", 40)]))
    ends = set()
    for at in points(total, 36):
        afresh()

        def work(at: int = at) -> None:
            sys.setprofile(counting(at, kill))
            write_sheets(book, [sheet("乙", 40)])

        in_child(work)
        ends.add(book.read_bytes())
        assert book.read_bytes() in (old, new)
        debris = [name for name in names(tmp_path) if name != book.name]
        assert all(name.startswith(".~xlplan-任务.xlsx-") for name in debris)
        write_sheets(book, [sheet("乙", 40)])
        assert book.read_bytes() == new
        assert undo(book).read_bytes() == old
        if debris:
            write_sheets(book, [sheet("乙", 40)])
        assert names(tmp_path) == [book.name]
    assert ends == {old, new}


def test_killed_at_random_times_the_file_is_whole(book):
    old = book.read_bytes()
    write_sheets(book, [sheet("乙", 20_000)])
    new = book.read_bytes()
    chance = random.Random(5)  # noqa: S311 - moments, not secrets
    for _ in range(12):
        book.write_bytes(old)
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                write_sheets(book, [sheet("乙", 20_000)])
            os._exit(0)
        time.sleep(chance.uniform(0, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert book.read_bytes() in (old, new)


# An interrupt between opening a file and its with-statement leaves closing to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_stopped_by_ctrl_c_nothing_is_written_and_nothing_left(book, tmp_path):
    def stop() -> None:
        raise KeyboardInterrupt

    old = book.read_bytes()
    total = calls(lambda: write_sheets(book, [sheet("乙", 40)]))
    new = book.read_bytes()
    stopped = 0
    for at in points(total, 30):
        book.write_bytes(old)
        sys.setprofile(counting(at, stop))
        try:
            write_sheets(book, [sheet("乙", 40)])
        except RequestError as refusal:
            assert refusal.kind.code == "XP019"  # noqa: PT017 - one of three ways to end
            assert book.read_bytes() == old
            stopped += 1
        except KeyboardInterrupt:  # outside the call's own reach: at its very first or last step
            assert book.read_bytes() in (old, new)
        finally:
            sys.setprofile(None)
        write_sheets(book, [sheet("乙", 40)])
        assert book.read_bytes() == new
        assert names(tmp_path) == [book.name]
    assert stopped > 20


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("step", ["undo", "redo", "write_whole"])
def test_undo_and_whole_files_stopped_by_ctrl_c_say_so_only_when_nothing_was_done(
    step, book, tmp_path, state
):
    old = book.read_bytes()
    write_sheets(book, [sheet()])
    new = book.read_bytes()
    if step != "undo":
        undo(book)
    before, after = (new, old) if step == "undo" else (old, new)
    works = {"undo": undo, "redo": redo, "write_whole": lambda path: write_whole(path, new)}
    kept = tmp_path.with_name(f"{tmp_path.name}-kept")
    shutil.copytree(state, kept)

    def afresh() -> None:
        shutil.rmtree(state)
        shutil.copytree(kept, state)
        book.write_bytes(before)

    total = calls(lambda: works[step](book))
    ends = set()
    for at in points(total, 30):
        afresh()
        told = interrupted(lambda: works[step](book), at)
        # "" is an end outside the call's own reach, at its very first or last step.
        possible = {"XP019": (before,), "done": (after,), "": (before, after)}
        assert book.read_bytes() in possible[told]
        ends.add(told)
        if book.read_bytes() == before:
            works[step](book)
        assert book.read_bytes() == after
        assert names(tmp_path) == [book.name]
    assert "XP019" in ends


def interrupted(work: Callable[[], object], at: int) -> str:
    """How work ends that is interrupted at its n-th call or return: the refusal's code, "done"."""

    def stop() -> None:
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        sys.setprofile(counting(at, stop))
        try:
            work()
        except RequestError as refusal:
            return refusal.kind.code
        finally:
            sys.setprofile(None)
        return "done"
    return ""


def test_on_a_full_disk_the_old_file_stays_and_no_draft_is_left(book, tmp_path):
    book.write_bytes(packed(parts(picture=random.Random(1).randbytes(60_000))))  # noqa: S311
    old = book.read_bytes()

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
        try:
            write_sheets(book, [sheet()])
        except RequestError as refusal:
            os._exit(42 if refusal.kind.code == "XP018" else 43)

    assert os.waitstatus_to_exitcode(in_child(work)) == 42
    assert book.read_bytes() == old
    assert names(tmp_path) == [book.name]


def test_a_draft_of_a_living_process_is_not_touched(book, tmp_path):
    import fcntl

    draft = tmp_path / f".~xlplan-{book.name}-0badcafe.tmp"
    with draft.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        refused("XP005", lambda: write_sheets(book, [sheet()]))
    assert write_sheets(book, [sheet()]).changed
    assert names(tmp_path) == [book.name]


def test_a_formula_in_somebody_elses_file_is_text_to_us(book):
    hostile = parts(
        relations=BOOK_RELATIONS.replace(
            b"</Relationships>",
            f'<Relationship Id="rId8" Type="{RELATIONS}/externalLink" TargetMode="External" '
            'Target="http://127.0.0.1:1/x"/></Relationships>'.encode(),
        )
    )
    book.write_bytes(packed(hostile))
    dangerous = Sheet(
        "结果", cells=(CellSpec(1, 1, "=cmd|'/c calc'!A0"), CellSpec(2, 1, "@SUM(1)"))
    )
    write_sheets(book, [dangerous])
    import openpyxl

    read = openpyxl.load_workbook(book)["结果"]
    assert (read["A1"].data_type, read["A1"].value) == ("s", "=cmd|'/c calc'!A0")
