"""Installing, uninstalling and the doctor, on made-up computers."""

import json
import os
import sys
from dataclasses import replace

import pytest
from support.computers import SICK, answer, linux, mac, windows, with_addin

from xlplan import __version__
from xlplan.cli import main
from xlplan.diagnostics import RequestError
from xlplan.excel import machine as machines
from xlplan.excel.addin import addin_bytes, unpacked
from xlplan.excel.doctor import examine, findings
from xlplan.excel.install import install, uninstall
from xlplan.excel.places import Noted, places_of, read_conf

root = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


@pytest.fixture(params=[windows, mac])
def computer(request, tmp_path):
    return request.param(tmp_path / "张三")


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def codes(checks):
    return [found.code for found in findings(checks)]


# Installing.


def test_installing_puts_the_add_in_where_excel_opens_it_and_notes_the_silent_python(tmp_path):
    computer = windows(tmp_path)
    done = install(computer)
    addin = tmp_path / "AppData/Roaming/Microsoft/Excel/XLSTART/xlplan.xlam"
    conf = tmp_path / "AppData/Local/xlplan/xlplan.conf"
    assert set(done.written) == {addin, conf}
    assert addin.read_bytes() == addin_bytes()
    silent = str(computer.python.with_name("pythonw.exe"))
    assert conf.read_text("utf-16").splitlines()[-1] == f"python={silent}"
    assert conf.read_bytes()[:2] == b"\xff\xfe"  # how the macros open it
    assert read_conf(conf) == Noted(silent, __version__, "own")


def test_without_a_silent_python_the_one_with_a_console_is_noted(tmp_path):
    computer = windows(tmp_path)
    computer.python.with_name("pythonw.exe").unlink()
    assert install(computer).python == computer.python


def test_on_a_mac_a_launcher_and_a_script_are_put_too(tmp_path):
    computer = mac(tmp_path)
    install(computer)
    group = tmp_path / "Library/Group Containers/UBF8T346G9.Office"
    launcher = group / "xlplan/python"
    assert launcher.read_text() == (
        f"#!/bin/sh\nexec '{tmp_path}/it'\\''s python/python3' \"$@\"\n"
    )
    assert launcher.stat().st_mode & 0o111
    assert (
        tmp_path / "Library/Application Scripts/com.microsoft.Excel/xlplan.applescript"
    ).is_file()
    startup = group / "User Content.localized/Startup.localized/Excel"
    assert (startup / "xlplan.xlam").is_file()


def test_on_a_mac_the_startup_folder_that_is_there_is_taken(tmp_path):
    startup = tmp_path / "Library/Group Containers/UBF8T346G9.Office/User Content/Startup/Excel"
    startup.mkdir(parents=True)
    install(mac(tmp_path))
    assert (startup / "xlplan.xlam").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell")
def test_the_launcher_of_a_mac_starts_that_python_with_its_arguments(tmp_path):
    computer = replace(mac(tmp_path), python=machines.Path(sys.executable))
    install(computer)
    launcher = places_of(computer).launcher
    assert machines.started([str(launcher), "-c", "import sys; print(sys.argv[1])", "甲 乙"]) == (
        0,
        "甲 乙\n",
    )


def test_a_second_time_nothing_is_written(computer):
    first = install(computer)
    before = files(computer.home)
    second = install(computer)
    assert (second.written, set(second.kept)) == ((), set(first.written))
    assert files(computer.home) == before


def test_another_version_takes_the_place_of_the_older(computer):
    install(computer, "runpython")
    assert install(computer).written
    assert places_of(computer).addin.read_bytes() == addin_bytes()
    assert codes(examine(computer)) == []


def test_a_file_of_somebody_else_in_the_way_is_not_overwritten(computer):
    addin = places_of(computer).addin
    addin.parent.mkdir(parents=True)
    addin.write_bytes(b"my own")
    before = files(computer.home)
    with pytest.raises(RequestError, match="XP821"):
        install(computer)
    assert files(computer.home) == before


def test_where_one_file_cannot_be_written_none_is(computer):
    above = places_of(computer).addin.parents[1]
    above.parent.mkdir(parents=True)
    above.touch()  # no folder can be made there
    before = sorted(computer.home.rglob("*"))
    with pytest.raises(RequestError, match="XP018"):
        install(computer)
    assert sorted(computer.home.rglob("*")) == before


def test_an_update_that_is_refused_leaves_the_older_version_whole(computer):
    install(computer, "runpython")
    before = files(computer.home)
    places_of(computer).addin.with_name("~$xlplan.xlam").touch()
    with pytest.raises(RequestError, match="XP005"):
        install(computer)
    after = files(computer.home)
    assert {name: after[name] for name in before} == before


@pytest.mark.skipif(root, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said(computer):
    computer.home.chmod(0o555)
    with pytest.raises(RequestError, match="XP006"):
        install(computer)


def test_where_no_excel_runs_nothing_is_installed(tmp_path):
    with pytest.raises(RequestError, match="XP820"):
        install(replace(windows(tmp_path), system="linux"))


# Uninstalling.


def test_uninstalling_leaves_nothing_of_ours_and_everything_of_others(computer):
    places = places_of(computer)
    places.startup.mkdir(parents=True)
    (places.startup / "别人的.xlam").write_bytes(b"x")
    before = files(computer.home)
    install(computer)
    done = uninstall(computer)
    assert done.left == ()
    assert files(computer.home) == before
    assert not places.own.exists()


def test_backups_beside_the_notes_stay(computer):
    install(computer)
    kept = places_of(computer).own / "backups" / "index.json"
    kept.parent.mkdir()
    kept.touch()
    uninstall(computer)
    assert kept.exists()


def test_what_somebody_changed_stays_and_is_said(computer):
    install(computer)
    addin = places_of(computer).addin
    addin.write_bytes(b"changed")
    done = uninstall(computer)
    assert done.left == (addin,)
    assert addin.read_bytes() == b"changed"


def test_an_older_version_is_uninstalled_by_its_record(computer):
    install(computer, "runpython")
    done = uninstall(replace(computer, python=machines.Path("/another/python")))
    assert done.left == ()
    assert files(computer.home / "AppData") == files(computer.home / "Library") == {}


@pytest.mark.parametrize("record", [None, b"", b"[]", b'{"files": 3}', b"\xff"])
def test_without_a_record_that_can_be_read_what_we_would_put_is_taken_away(computer, record):
    install(computer)
    path = places_of(computer).record
    path.unlink() if record is None else path.write_bytes(record)
    assert uninstall(computer).left == ()
    assert not places_of(computer).addin.exists()


def test_while_excel_has_the_add_in_open_nothing_is_removed(computer):
    install(computer)
    places_of(computer).addin.with_name("~$xlplan.xlam").touch()
    before = files(computer.home)
    with pytest.raises(RequestError, match="XP005"):
        uninstall(computer)
    assert files(computer.home) == before


def test_uninstalling_twice_removes_nothing_more(computer):
    install(computer)
    uninstall(computer)
    assert uninstall(computer).removed == ()


# The doctor.


def test_a_sound_computer_has_nothing_to_mend(computer):
    checks = examine(with_addin(computer))
    assert codes(checks) == []
    assert len(checks) >= 7


def test_without_excel_the_doctor_looks_at_libreoffice(tmp_path):
    checks = examine(linux(tmp_path))
    assert codes(checks) == []
    assert {"office", "toolbar", "interpreter", "uno"} <= {check.said for check in checks}
    nothing = replace(linux(tmp_path / "无"), start=lambda _: (-1, "FileNotFoundError"))
    assert codes(examine(nothing)) == ["XP833"]


def test_the_toolbar_starts_the_python_that_is_noted(tmp_path):
    conf = tmp_path / ".local" / "state" / "xlplan" / "xlplan.conf"
    conf.parent.mkdir(parents=True)
    conf.write_text("version=1\npython=/没有/python3\n", "utf-8")
    assert codes(examine(linux(tmp_path))) == ["XP824"]


@pytest.mark.parametrize("illness", SICK)
def test_the_doctor_finds_just_what_is_wrong(tmp_path, illness):
    code, make = SICK[illness]
    assert codes(examine(make(tmp_path))) == [code]


@pytest.mark.parametrize(
    ("started", "code"),
    [
        ({"mdfind": (0, "")}, "XP833"),
        ({"defaults": (0, "DisabledWithoutWarnings\n")}, "XP827"),
        ({"python3": (1, "ModuleNotFoundError")}, "XP825"),
        ({"python3": answer(xlwings="")}, "XP826"),
    ],
)
def test_the_doctor_knows_a_mac_too(tmp_path, started, code):
    assert codes(examine(with_addin(mac(tmp_path, started)))) == [code]


def test_the_variable_stands_in_where_nothing_is_noted(tmp_path):
    computer = with_addin(windows(tmp_path))
    places_of(computer).conf.unlink()
    named = computer.environment | {"XLPLAN_PYTHON": str(computer.python)}
    assert codes(examine(replace(computer, environment=named))) == []


def test_the_interpreter_is_asked_through_its_console(tmp_path):
    asked = []
    computer = windows(tmp_path, start=lambda command: asked.append(command[0]) or answer())
    examine(with_addin(computer))
    assert [name.rpartition("/")[2] for name in asked] == ["python.exe"]


def test_what_the_interpreter_is_asked_it_really_answers(tmp_path):
    computer = replace(mac(tmp_path), python=machines.Path(sys.executable))
    install(computer)
    answers = []

    def start(command):
        if command[0].endswith("python"):
            return (1, "not asked")
        answers.append(machines.started(command) if "-X" in command else (0, "there"))
        return answers[-1]

    assert codes(examine(replace(computer, start=start))) in ([], ["XP826"], ["XP825"])


def test_a_workbook_that_is_held_marked_or_read_only_is_said(tmp_path):
    book = tmp_path / "任务.xlsm"
    book.touch()
    computer = with_addin(windows(tmp_path, mark=lambda path: "ZoneId=3" * (path == book)))
    assert codes(examine(computer, book)) == ["XP828"]
    book.with_name("~$任务.xlsm").touch()
    assert codes(examine(computer, book)) == ["XP828", "XP829"]
    with pytest.raises(RequestError, match="XP001"):
        examine(computer, tmp_path / "没有.xlsm")


def test_a_folder_for_backups_that_may_not_be_written_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, _: "state" not in str(path))
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    assert codes(examine(with_addin(windows(tmp_path)))) == ["XP832"]


def test_nothing_but_the_fonts_is_asked_where_they_are_not_known(tmp_path):
    computer = replace(with_addin(windows(tmp_path)), fonts=frozenset)
    assert codes(examine(computer)) == []


# What the ports of this computer really give.


def test_the_ports_of_this_computer_answer_without_a_fuss(tmp_path):
    this = machines.this_machine()
    assert this.registry(r"HKCU\Software\没有这个键") == {}
    assert this.mark(tmp_path) == ""
    assert this.start([str(tmp_path / "没有")])[0] == -1
    assert isinstance(this.fonts(), frozenset)


def test_names_of_fonts_are_taken_apart():
    assert list(machines._named(iter(["SimSun & NSimSun (TrueType)", "黑体 (TrueType)"]))) == [
        "SimSun",
        "NSimSun",
        "黑体",
    ]


# The command line.


@pytest.fixture
def at(monkeypatch):
    return lambda computer: monkeypatch.setattr(machines, "this_machine", lambda: computer)


def test_the_commands_say_what_they_did_and_end_by_the_contract(computer, at, capsys):
    at(computer)
    assert main(["excel", "doctor"]) == 1
    assert "XP822" in capsys.readouterr().out
    assert main(["excel", "install"]) == 0
    said = capsys.readouterr().out
    assert said.count("已写入") == len(install(computer).kept)
    assert "已装好" in said
    assert main(["excel", "install"]) == 0
    assert "已是最新" in capsys.readouterr().out
    assert main(["excel", "doctor"]) == 0
    page = capsys.readouterr().out
    assert page.endswith("要处理 0 项\n")
    assert len(page.splitlines()) < 30  # one page
    places_of(computer).addin.write_bytes(b"changed")
    assert main(["excel", "uninstall"]) == 0
    assert "XP835" in capsys.readouterr().out
    places_of(computer).addin.unlink()
    assert main(["excel", "uninstall"]) == 0
    assert "没有装过" in capsys.readouterr().out


@pytest.mark.parametrize("illness", SICK)
def test_the_page_gives_the_remedy_in_both_languages(tmp_path, at, capsys, illness):
    code, make = SICK[illness]
    at(make(tmp_path))
    main(["excel", "doctor"])
    chinese = capsys.readouterr().out
    main(["--lang", "en", "excel", "doctor"])
    english = capsys.readouterr().out
    assert f" {code}] " in chinese
    assert f" {code}] " in english
    assert "{" not in chinese + english


def test_building_writes_the_add_in_and_sources_that_the_editor_imports(tmp_path, capsys):
    folder = tmp_path / "造好的"
    assert main(["excel", "build", str(folder)]) == 0
    assert (folder / "xlplan.xlam").read_bytes() == addin_bytes()
    assert b"\r\nOption Explicit\r\n" in (folder / "XlplanBridge.bas").read_bytes()
    assert main(["excel", "build", str(folder)]) == 0
    assert main(["excel", "build", str(folder), "--runpython"]) == 2
    assert capsys.readouterr().err.startswith("XP014")


def test_the_record_names_every_file_with_its_digest(computer):
    done = install(computer)
    told = json.loads(places_of(computer).record.read_text("utf-8"))
    assert set(told["files"]) == set(map(str, done.written))


def test_unpacking_gives_every_file(tmp_path):
    assert sorted(path.name for path in unpacked(tmp_path)) == sorted(
        path.name for path in tmp_path.iterdir()
    )
