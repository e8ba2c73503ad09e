"""The process that stands by: a click that it takes is the click that a new process would be."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import live, sample

import xlplan
from xlplan.excel import standby, warm

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it forks, on Linux only")

SECONDS = 60
PLAIN = "import xlplan.excel.standby as s; s.REHEARSALS = 0"
NOBODY = "--office=pipe,name=xlplan-nobody-listens"


@pytest.fixture
def state(monkeypatch, tmp_path_factory):
    """A folder of states with a name short enough for a socket; clicks may be handed over."""
    folder = tmp_path_factory.mktemp("s")
    monkeypatch.setenv("XLPLAN_STATE", str(folder))
    monkeypatch.setenv("XLPLAN_DIALOGS", "0")
    monkeypatch.delenv("XLPLAN_STANDBY")
    if warm.place() is None:
        pytest.skip(f"{folder} is too long a path for a socket")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)  # whoever stands by there goes with it


@contextmanager
def standing(code=f"{PLAIN}; s.main()", **more):
    """A process that stands by, once it listens."""
    with subprocess.Popen([sys.executable, "-X", "utf8", "-c", code], **more) as process:
        try:
            until = time.monotonic() + SECONDS
            while not warm.place().exists():
                assert process.poll() is None, process.returncode
                assert time.monotonic() < until
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()


def clicked(*order, **more):
    """A click as a macro starts it."""
    line = [sys.executable, "-X", "utf8", "-m", "xlplan.excel", *order]
    done = subprocess.run(
        line, check=False, capture_output=True, text=True, timeout=SECONDS, **more
    )
    return done.returncode, re.sub(r"用时 [\d.]+ 秒", "用时 n 秒", done.stdout), done.stderr


@pytest.mark.usefixtures("state")
def test_without_anybody_a_click_runs_by_itself_and_leaves_one_behind():
    assert warm.handed_over(["check"]) is None
    first = clicked("check", NOBODY)
    until = time.monotonic() + SECONDS
    while not warm.place().exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    assert clicked("check", NOBODY) == first
    assert "没有应答" in first[2]


@pytest.mark.usefixtures("state")
def test_with_standby_switched_off_nobody_is_asked_and_nobody_left_behind(monkeypatch):
    monkeypatch.setenv("XLPLAN_STANDBY", "0")
    assert warm.place() is None
    clicked("check", NOBODY)
    monkeypatch.delenv("XLPLAN_STANDBY")
    assert not warm.place().exists()


@pytest.mark.usefixtures("state")
def test_a_click_that_was_taken_says_what_a_new_process_says_where_it_was_asked(tmp_path):
    code = """
import os
import xlplan.excel.clicking as room
from xlplan.excel import standby
done = room.click
def click(arguments):
    with open("who", "w") as out:
        print(os.getppid(), os.environ["WHO"], os.getcwd(), file=out)
    return done(arguments)
room.click = click
standby.REHEARSALS = 0
standby.main()
"""
    with standing(code) as process:
        more = {"cwd": tmp_path, "env": os.environ | {"WHO": "甲"}}
        taken = clicked("nonsense", "--wb=甲.xlsx", **more)
    parent, who, folder = (tmp_path / "who").read_text("utf-8").split()
    assert (int(parent), who, folder) == (process.pid, "甲", str(tmp_path))
    assert taken == clicked("nonsense", "--wb=甲.xlsx", env=os.environ | {"XLPLAN_STANDBY": "0"})
    assert taken[0] == 1
    assert "XP806" in taken[2]


@pytest.mark.usefixtures("state")
def test_an_interrupt_reaches_the_click_and_a_caller_that_dies_takes_it_along():
    slow = """
import time
import xlplan.excel.clicking as room
def click(arguments):
    try:
        print(flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        print("已停止", flush=True)
        return 3
room.click = click
from xlplan.excel import standby
standby.REHEARSALS = 0
standby.main()
"""
    line = [sys.executable, "-m", "xlplan.excel", "check"]
    # Tests that were started in the background ignore interrupts, and so would what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with standing(slow) as process:
        for number in (signal.SIGINT, signal.SIGKILL):
            with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as caller:
                caller.stdout.readline()
                children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
                click = int(children.read_text().split()[-1])
                caller.send_signal(number)
                said = caller.communicate(timeout=SECONDS)[0]
            until = time.monotonic() + SECONDS
            while Path(f"/proc/{click}").exists():
                assert time.monotonic() < until
                time.sleep(0.05)
            if number == signal.SIGINT:
                assert (caller.returncode, said) == (3, "已停止\n")


@pytest.mark.usefixtures("state")
def test_a_second_one_goes_at_once():
    with standing():
        again = [sys.executable, "-m", "xlplan.excel.standby"]
        assert subprocess.run(again, timeout=SECONDS, check=False).returncode == 0
        assert warm.place().exists()


@pytest.mark.parametrize(
    "cause", ["s.IDLE_SECONDS = 0.2", "s.LOOK_AROUND = 0.2"], ids=["idle", "folder gone"]
)
def test_it_goes_when_nobody_needs_it_any_more(state, cause):
    code = f"{PLAIN}; s.LOOK_AROUND = 0.1; {cause}; s.main()"
    with standing(code) as process:
        if "LOOK" in cause:
            shutil.rmtree(state)
        assert process.wait(SECONDS) == 0
        assert not warm.place().exists()


@pytest.mark.usefixtures("state")
def test_a_program_that_was_changed_is_loaded_anew(tmp_path, monkeypatch):
    shutil.copytree(Path(xlplan.__file__).parent, tmp_path / "xlplan")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(warm, "__file__", str(tmp_path / "xlplan" / "excel" / "warm.py"))
    with standing(cwd=tmp_path) as process:
        assert clicked("nonsense", cwd=tmp_path)[0] == 1
        assert process.poll() is None
        changed = tmp_path / "xlplan" / "excel" / "texts.py"
        changed.write_text(changed.read_text("utf-8") + "\n", encoding="utf-8")
        assert warm.handed_over(["nonsense"]) is None
        assert process.wait(SECONDS) == 0


@pytest.mark.usefixtures("state")
def test_one_that_does_not_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(warm, "ANSWER_SECONDS", 0.2)
    warm.place().parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(warm.place()))
        deaf.listen()
        assert warm.handed_over(["check"]) is None


@pytest.mark.office
@pytest.mark.usefixtures("state")
def test_a_click_that_was_taken_does_to_the_document_what_any_click_does(
    office_app, office_address, tmp_path
):
    path = Path(shutil.copy(sample.CHOSEN, tmp_path))
    order = [f"--wb={path}", "--from_xl=1", f"--office={office_address}"]

    def seen(opened):
        return {sheet.name: sheet.used_range.raw_value for sheet in opened.sheets}

    with standing(), live.opened(office_app, path) as opened:
        taken = [clicked(verb, *order) for verb in ("check", "recalculate")]
        results = seen(opened)
        taken.append(clicked("undo", *order))
        alone = os.environ | {"XLPLAN_STANDBY": "0"}
        assert taken[:2] == [clicked(verb, *order, env=alone) for verb in ("check", "recalculate")]
        assert seen(opened) == results
    assert [status for status, *_ in taken] == [0, 0, 0]


def test_what_it_loads_is_looked_at_for_changes():
    code = standby.Code.now()
    assert any(path.endswith("excel/standby.py") for path, *_ in code.files)
    assert code.is_current()
