"""What a click on a button does, on documents that are open in a real LibreOffice."""

import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from support import live, sample

from xlplan import __version__, resources
from xlplan.app import VERBS
from xlplan.cli import main
from xlplan.diagnostics import RequestError
from xlplan.excel import clicking, connecting, handlers, once
from xlplan.excel.connecting import Order
from xlplan.excel.voice import Said, Voice
from xlplan.model import OUTPUT_SHEETS, STANDING_SHEET, TASK_SHEET, WHY_SHEET, WHY_TITLE
from xlplan.sheets.results import standing_cells

pytestmark = pytest.mark.office

ESCAPE = 1281  # com.sun.star.awt.Key


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("XLPLAN_DIALOGS", "0")


@pytest.fixture
def book(office_app, tmp_path):
    """The sample, open in the office."""
    with live.opened(office_app, shutil.copy(sample.CHOSEN, tmp_path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """The sample's file after the command recalculated it."""
    path = tmp_path_factory.mktemp("命令") / "命令.xlsx"
    main(["recalculate", str(sample.CHOSEN), "-o", str(path)])
    return path


@pytest.fixture
def done(office_app, recalculated, tmp_path):
    """The same, open in the office."""
    with live.opened(office_app, shutil.copy(recalculated, tmp_path)) as opened:
        yield opened


@pytest.fixture
def press(office_address, capsys):
    """Click a button of the workbook within this process; gives status, sentence, trouble."""

    def pressed(verb, book, *more):
        name = f"--wb={book.impl.fullname}" if not isinstance(book, str) else f"--wb={book}"
        capsys.readouterr()
        status = clicking.click([verb, name, "--from_xl=1", f"--office={office_address}", *more])
        said = capsys.readouterr()
        return status, said.out, said.err

    return pressed


def names(book):
    return [sheet.name for sheet in book.sheets]


def values(book):
    """Everything that each sheet shows."""
    return {sheet.name: sheet.used_range.raw_value for sheet in book.sheets}


def log():
    return resources.log_file().read_text(encoding="utf-8")


def test_there_is_a_handler_for_each_verb_with_a_label_and_no_other():
    assert handlers.HANDLERS.keys() == {verb.name for verb in VERBS if verb.label}


def test_a_click_gives_what_the_command_gives_cell_by_cell(
    office_app, book, press, recalculated, monkeypatch
):
    shown, status_of = [], Voice.status
    monkeypatch.setattr(
        Voice, "status", lambda voice, text: shown.append(text) or status_of(voice, text)
    )
    status, said, trouble = press("recalculate", book)
    assert (status, trouble, said.count("\n")) == (0, "", 1)
    # Progress stands in the status bar, and is gone at the end.
    assert all(text.startswith("招商任务：") for text in shown[:-1])
    assert len(shown) == 7
    assert (shown[-1], office_app.status_bar) == ("", False)
    with live.opened(office_app, recalculated) as other:
        other.impl.document.calculateAll()  # the file holds exact values, the office computes
        assert names(book) == names(other)
        for name in set(names(other)) - set(names_before()):
            one, two = book.sheets[name].used_range, other.sheets[name].used_range
            assert one.shape == two.shape
            assert one.raw_value == two.raw_value, name


def names_before():
    import openpyxl

    return openpyxl.load_workbook(sample.CHOSEN, read_only=True).sheetnames


def test_recalculating_keeps_selection_scroll_calculation_and_drawing(office_app, done, press):
    book = done
    sheet = book.sheets["项目台账"]
    sheet.impl.activate()
    sheet.range("C30:D31").impl.select()
    window = book.api.Windows(1)
    window.ScrollRow, window.ScrollColumn = 25, 4
    scrolled = (window.ScrollRow, window.ScrollColumn)
    office_app.calculation = "manual"
    for verb in ("recalculate", "undo"):
        assert press(verb, book)[0] == 0
        assert book.sheets.active.name == "项目台账"
        assert book.selection.address == "$C$30:$D$31"
        assert (window.ScrollRow, window.ScrollColumn) == scrolled
        assert office_app.calculation == "manual"
        assert office_app.screen_updating is True
    office_app.calculation = "automatic"


def test_check_says_what_is_wrong_with_its_cells_and_changes_nothing(book, press):
    before = values(book)
    status, said, _ = press("check", book)
    assert status == 0
    assert "没有改动任何单元格" in said
    assert "[错误 XP309] 项目台账!O82" in said
    assert values(book) == before
    assert book.api.Saved


def test_why_explains_the_selected_cell_and_lists_its_sources_with_links(done, press):
    book = done
    standing = book.sheets[STANDING_SHEET]
    standing.impl.activate()
    figure = standing.range(next(iter(standing_cells(sample.figures()))))
    figure.impl.select()
    status, said, trouble = press("explain", book)
    assert (status, trouble) == (0, "")
    assert said.startswith(f"{STANDING_SHEET}!{figure.address.replace('$', '')}")
    side = book.sheets[WHY_SHEET]
    assert str(side.range("A1").raw_value).startswith(WHY_TITLE)
    sources = [row[2] for row in side.used_range.raw_value]
    at = next(n for n, said in enumerate(sources, start=1) if str(said).startswith("项目台账!"))
    cell = sources[at - 1].partition("!")[2]
    assert side.range((at, 3)).impl.hyperlink == f"#'项目台账'.{cell}"
    assert book.selection.address == figure.address
    # Explained again, with the side sheet there: it is no input, and no finding is about it.
    assert press("explain", book)[1].splitlines()[1:] == said.splitlines()[1:]


def test_a_clerks_own_sheet_of_that_name_is_left_alone(book, press):
    own = book.sheets.add(WHY_SHEET, after=book.sheets[len(book.sheets) - 1])
    own.range("A1").raw_value = "为什么总是我"
    book.sheets["项目台账"].impl.activate()
    book.sheets["项目台账"].range("N19").impl.select()
    status, said, _ = press("explain", book)
    assert status == 0
    assert "没有改动它" in said
    assert own.used_range.raw_value == "为什么总是我"


def test_undo_takes_back_one_click_after_the_other(book, press):
    before = names(book)
    press("recalculate", book)
    results = names(book)
    book.sheets[STANDING_SHEET].impl.activate()
    book.sheets[STANDING_SHEET].range("C7").impl.select()
    press("explain", book)
    assert names(book) == [*results, WHY_SHEET]
    assert "为什么" in press("undo", book)[1]
    assert names(book) == results
    assert "完成情况" in press("undo", book)[1]
    assert names(book) == before
    status, _, trouble = press("undo", book)
    assert (status, trouble.split()[0]) == (1, "XP020")


def test_a_bulletin_lies_beside_the_workbook_and_never_replaces_one(book, press, tmp_path):
    for folder in ("通报", "通报-2"):
        status, said, _ = press("bulletin", book)
        assert status == 0
        assert "工作簿没有改动" in said
        assert [path.suffix for path in (tmp_path / folder).iterdir()] == [".docx"]


def test_what_units_handed_in_is_held_against_the_open_workbook(book, press, tmp_path):
    status, _, trouble = press("reconcile", book)
    assert (status, trouble.split()[0]) == (1, "XP001")
    shutil.copytree(sample.CHOSEN.parent / "submissions" / "报送", tmp_path / "报送")
    (tmp_path / "核对报告.xlsx").write_bytes(b"decided")
    before = names(book)
    status, said, _ = press("reconcile", book)
    assert (status, str(tmp_path / "核对报告-2.xlsx") in said) == (0, True)
    assert "待判断 1 个" in said
    assert (tmp_path / "核对报告.xlsx").read_bytes() == b"decided"
    report = openpyxl.load_workbook(tmp_path / "核对报告-2.xlsx")
    assert report.sheetnames[:3] == ["报送情况", "差异", "疑似匹配"]
    assert report["差异"]["L4"].hyperlink.target.endswith(".xlsx")
    assert names(book) == before


# What stops a click: always one line that says what, and nothing half-written.


def test_a_workbook_that_is_not_open_is_said(press):
    status, said, trouble = press("recalculate", "没有打开.xlsx")
    assert (status, said) == (1, "")
    assert trouble.startswith("XP801 ")
    assert "没有打开.xlsx" in trouble


def test_an_office_that_does_not_listen_is_said(capsys):
    assert clicking.click(["check", "--wb=书.xlsx", "--office=pipe,name=xlplan-nobody"]) == 1
    assert capsys.readouterr().err.startswith("XP801 ")


def test_a_second_click_is_refused_while_the_first_is_at_work(book, press):
    with once.alone(book.impl.fullname):
        status, _, trouble = press("recalculate", book)
    assert (status, trouble.split()[0]) == (1, "XP803")
    assert press("check", book)[0] == 0


def test_a_program_that_does_not_answer_is_given_up_and_named(book, office_address, tmp_path):
    path = book.impl.fullname
    with live.paused(office_address):
        more = {"XLPLAN_DEADLINE": "1"}
        done = live.click(office_address, "recalculate", path, tmp_path, more)
    assert done.returncode == 1
    assert done.stderr.startswith("XP802 ")
    assert "退出单元格编辑" in done.stderr


def test_a_protected_sheet_is_named_and_nothing_written(book, press):
    own = book.sheets.add("完成情况", after=book.sheets[0])
    own.impl.xl.protect("密码")
    before = names(book)
    status, _, trouble = press("recalculate", book)
    assert (status, trouble.split()[0]) == (1, "XP804")
    assert names(book) == before


def test_a_verb_of_another_version_is_named(book, press):
    status, _, trouble = press("dance", book)
    assert (status, trouble.split()[0]) == (1, "XP806")


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        ("addin", "[警告 XP808] "),
        ("extension", "[警告 XP808] "),
        ("workbook", "[提示 XP809] "),
        ("", "[警告 XP808] "),
    ],
)
def test_buttons_of_another_version_are_said_at_the_end_however_that_is(press, asks, said):
    trouble = press("dance", "书.xlsx", "--addin=9.9", f"--asks={asks}")[2].splitlines()
    assert trouble[0].startswith("XP806 ")
    assert trouble[1].startswith(said)
    assert "9.9 版" in trouble[1]
    assert trouble[2].endswith("xlplan.log")


def test_buttons_of_the_same_version_say_nothing_of_it(book, press):
    assert "XP80" not in press("check", book, f"--addin={__version__}", "--asks=addin")[1]


def test_wps_in_the_place_of_excel_is_named():
    answers = SimpleNamespace(api=SimpleNamespace(Name="WPS 表格", Path="C:/Kingsoft/WPS Office"))
    with pytest.raises(RequestError, match="XP807"):
        connecting.refuse_wps(answers)
    answers.api = SimpleNamespace(Name="Microsoft Excel", Path="C:/Program Files/Office16")
    connecting.refuse_wps(answers)


@pytest.fixture
def background():
    """Interrupts are ignored, as in a program that was started in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("background")
@pytest.mark.parametrize(
    ("cause", "says"),
    [
        (lambda _: (_ for _ in ()).throw(ZeroDivisionError("内部")), "ZeroDivisionError"),
        (lambda book: live.type_key(book, ESCAPE), "已停止"),
    ],
    ids=["a defect", "Esc"],
)
def test_what_breaks_off_while_sheets_are_written_leaves_none_of_them(
    book, press, monkeypatch, cause, says
):
    import xlplan.live.book as room

    before, drawn, paint = values(book), [], room.render

    def render(sheet, target, *, fresh):
        paint(sheet, target, fresh=fresh)
        drawn.append(sheet.name)
        if len(drawn) == 3:
            cause(book)
            time.sleep(5)  # Esc is heard beside; what it interrupts is this

    monkeypatch.setattr(room, "render", render)
    status, said, trouble = press("recalculate", book)
    assert (status, said, len(drawn)) == (1, "", 3)
    assert says in trouble
    assert str(resources.log_file()) in trouble
    assert "Traceback" not in trouble
    assert values(book) == before
    assert book.app.screen_updating is True
    assert ("ZeroDivisionError" in log()) == (says == "ZeroDivisionError")


def test_esc_in_the_window_is_heard(book):
    heard = []
    watch = book.impl.on_escape(lambda: heard.append("Esc"))
    live.type_key(book, ESCAPE)
    live.type_key(book, 1025)  # up
    watch.close()
    live.type_key(book, ESCAPE)
    assert heard == ["Esc"]


def test_a_click_costs_a_bounded_number_of_calls(done, press):
    with live.counting_calls() as calls:
        press("recalculate", done)
    assert 200 < calls.total() < 4500, calls.most_common(12)
    with live.counting_calls() as calls:
        press("recalculate", done)
    assert calls.total() < 1200, calls.most_common(12)
    with live.counting_calls() as calls:
        press("check", done)
    assert calls.total() < 700, calls.most_common(12)


def test_while_libreoffice_paints_one_sheet_the_next_is_described(book, press):
    with live.counting_waits() as waits:
        press("recalculate", book)
    assert 20 < waits.total() < 80, waits.most_common(12)
    assert waits["queryKey"] == waits["getCharWidth"] == 0


def test_a_second_click_writes_only_what_changed_since_and_undo_takes_that_back(
    book, press, monkeypatch
):
    press("recalculate", book)
    first = values(book)
    amount = next(
        (row, column)
        for row, line in enumerate(first["到位资金"], start=1)
        for column, value in enumerate(line, start=1)
        if row > 5 and isinstance(value, float)  # those before are last year's
    )
    cell = book.sheets["到位资金"].range(amount)
    was = cell.raw_value
    cell.raw_value = was + 1
    with live.counting_calls() as calls:
        _, said, _ = press("recalculate", book)
    second = values(book)
    assert re.search(r"改写 完成情况、计入明细[^，]*，其余结果表没有变化。", said)
    assert TASK_SHEET not in said
    assert second[STANDING_SHEET] != first[STANDING_SHEET]
    assert calls["NativeBook.SaveCopyAs"] == calls["Range.number_format"] == 0
    press("undo", book)
    cell.raw_value = was
    assert values(book) == first
    cell.raw_value = was + 1
    with monkeypatch.context() as patch:
        patch.setattr("xlplan.live.book.painted.standing", lambda *_: {})
        press("recalculate", book)
    assert values(book) == second  # painted whole it is the same


def test_a_click_that_changes_nothing_says_so_and_is_not_what_undo_takes_back(book, press):
    before = values(book)
    press("recalculate", book)
    results = values(book)
    assert "；结果表没有变化。" in press("recalculate", book)[1]
    assert values(book) == results
    press("undo", book)
    assert values(book) == before


def test_an_undo_whose_kept_sheets_cannot_be_read_says_so_and_changes_nothing(book, press):
    press("recalculate", book)
    book.sheets[STANDING_SHEET].range("B6").raw_value = "改过"
    press("recalculate", book)
    amount = book.sheets["项目台账"].range("N4")
    amount.raw_value += 1
    press("recalculate", book)
    before = values(book)
    (kept,) = (resources.state_folder() / "clicks").glob("*/2*.sheets")
    kept.write_bytes(b"")
    status, _, trouble = press("undo", book)
    assert status == 1
    assert "XP020" in trouble
    assert values(book) == before


def test_what_a_clerk_changed_on_a_result_sheet_is_put_right_and_its_colours_stay(book, press):
    press("recalculate", book)
    first = values(book)
    colored, changed = (book.sheets[STANDING_SHEET].range(place) for place in ("A5", "B6"))
    colored.color = (255, 0, 0)
    press("recalculate", book)
    assert colored.color == (255, 0, 0)
    changed.raw_value = "改过"
    press("recalculate", book)
    assert values(book) == first


def test_a_file_that_was_opened_again_is_another_document(office_app, press, tmp_path):
    path = Path(shutil.copy(sample.CHOSEN, tmp_path))
    with live.opened(office_app, path) as opened:
        press("recalculate", opened)
        opened.save()
        before = values(opened)
    with live.opened(office_app, path) as opened, live.counting_calls() as calls:
        press("recalculate", opened)
        assert calls["NativeBook.SaveCopyAs"] == 1
        assert values(opened) == before


@pytest.mark.parametrize(
    ("verb", "unwanted"),
    [("check", ("xlwings.pro",)), ("undo", ("xlwings.pro", "pandas", "numpy"))],
)
def test_a_click_as_the_macro_makes_it_loads_nothing_paid_and_undo_nothing_that_computes(
    book, press, office_address, verb, unwanted
):
    press("recalculate", book)
    code = (
        "import sys; from xlplan.excel.__main__ import end;"
        "from xlplan.excel.clicking import click; status = click(sys.argv[1:]);"
        f"print([n for n, m in sys.modules.items() if n.startswith({unwanted}) and m]);"
        "end(status)"
    )
    order = [verb, f"--wb={book.impl.fullname}", "--from_xl=1", f"--office={office_address}"]
    done = subprocess.run(
        [sys.executable, "-c", code, *order],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.endswith("[]\n")


def test_the_active_book_is_the_library_s_door_to_what_is_open(book, office_address, monkeypatch):
    import xlplan

    monkeypatch.setenv("XLPLAN_OFFICE", office_address)
    book.impl.activate()
    front = xlplan.active_book()
    result = xlplan.recalculate(front)
    assert len(result.standings)
    front.save()
    assert set(OUTPUT_SHEETS) <= set(front.sheet_names())
    assert set(OUTPUT_SHEETS) <= set(names(front.book))


# How it speaks.


class Program:
    """A program that shows dialogs, or refuses to."""

    def __init__(self, *, refuses=False):
        self.shown, self.refuses, self.status_bar = [], refuses, None

    def alert(self, prompt, title, mode):
        if self.refuses:
            raise OSError
        self.shown.append((title, prompt, mode))


def test_the_last_sentence_is_one_dialog_of_the_program(monkeypatch, capsys):
    monkeypatch.setenv("XLPLAN_DIALOGS", "1")
    voice = Voice()
    voice.app = Program()
    assert voice.tell(Said("已重算。")) == 0
    assert voice.tell(Said("XP804 写不进去。", is_trouble=True)) == 0
    assert voice.app.shown == [
        ("招商任务", "已重算。", "info"),
        ("招商任务", "XP804 写不进去。", "critical"),
    ]
    assert capsys.readouterr() == ("", "")


def test_trouble_that_no_dialog_can_show_is_printed_and_the_macro_says_so(monkeypatch, capsys):
    monkeypatch.setenv("XLPLAN_DIALOGS", "1")
    voice = Voice()
    voice.app = Program(refuses=True)
    assert voice.tell(Said("XP801 没有应答。", is_trouble=True)) == (
        0 if sys.platform == "win32" else 1
    )
    assert capsys.readouterr().err in ("XP801 没有应答。\n", "")


def test_a_log_that_grows_is_put_aside(monkeypatch):
    monkeypatch.setattr(clicking, "_LOG_BYTES", 10)
    for word in ("一", "二", "三"):
        clicking.note(f"第{word}次点击")
    assert log().endswith("第三次点击\n")
    assert resources.log_file().with_suffix(".old.log").read_text("utf-8").endswith("第二次点击\n")


def test_an_order_without_a_workbook_means_the_one_in_front():
    assert Order.of(["check", "--from_xl=1", "--hwnd="]) == Order("check")
