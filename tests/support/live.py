"""A real LibreOffice, started headless once a session, that tests open documents in."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from types import FunctionType

import pytest
from support import office

from xlplan.diagnostics import RequestError
from xlplan.uno import bridge
from xlplan.uno.far import itself

SECONDS = 60
_STARTED = {}
REASON = "LibreOffice cannot be reached from Python; Debian: apt-get install python3-uno"


def reachable():
    """Whether this Python can speak to LibreOffice."""
    try:
        bridge.load_uno()
    except RequestError:
        return False
    return True


@contextmanager
def running(extension=None, **environment):
    """An office with a profile of its own; gives the address that it listens on."""
    with tempfile.TemporaryDirectory(prefix="xlplan-live-", ignore_cleanup_errors=True) as own:
        address, started = _start(Path(own), extension, environment)
        try:
            if not _answers(address, started):
                words = (Path(own) / "said").read_text("utf-8", "replace")
                pytest.fail(f"LibreOffice did not start; status {started.poll()}: {words[-3000:]}")
            yield address
        finally:
            _stop(started)


def _surroundings():
    """The environment without the Pythons of others, such as an environment that is active.

    The office's own Python takes the first python3 of the path for itself, and then misses its
    modules: with an extension the office then ends as it starts.
    """
    places = os.environ["PATH"].split(os.pathsep)
    kept = [p for p in places if not (Path(p) / "python3").exists() or Path(p) == Path("/usr/bin")]
    return os.environ | {"PATH": os.pathsep.join(kept)}


def _answers(address, started):
    """Whether an office can be reached before time is up, or its process ends."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and started.poll() is None:
        with suppress(RequestError):
            bridge.connect(address, 1)
            return True
    return False


def _start(profile, extension, environment):
    """A process of the office, and where it will listen."""
    address = f"pipe,name=xlplan-test-{os.getpid()}-{len(_STARTED)}"
    installation = f"-env:UserInstallation={profile.as_uri()}"
    if extension is not None:
        install(extension, profile)
    with (profile / "said").open("wb") as said:
        started = subprocess.Popen(
            [
                office.program(),
                installation,
                *("--headless", "--norestore", "--nologo"),
                f"--accept={address};urp",
            ],
            stdout=said,
            stderr=said,
            start_new_session=True,
            env=_surroundings() | environment,
        )
    _STARTED[address] = started.pid
    return address, started


def _stop(started):
    with suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGTERM)
    try:
        started.wait(SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def xlwings():
    """xlwings as the buttons load it."""
    from xlplan.excel.connecting import load_xlwings

    return load_xlwings()


def app_of(address, near=None):
    """The office behind an address, as an application of xlwings.

    `near` gathers calls; without it one that gives the office back as it is leaves them single.
    """
    from xlplan.uno import engine

    with pytest.MonkeyPatch.context() as patched:
        if near is not None:
            patched.setattr(engine, "near", near)
        made = engine.Engine(bridge.connect(address, SECONDS))
    return xlwings().main.App(impl=made.app)


@contextmanager
def opened(app, path):
    """A document opened in the office, closed afterwards without being saved."""
    # xlwings refuses a second book of the same name, which the office does not mind.
    book = xlwings().main.Book(impl=app.impl.books.open(str(path)))
    try:
        yield book
    finally:
        book.close()


def install(extension, profile):
    """Install an extension into a profile, as a user does; unopkg refuses to be run by root."""
    own = Path(shutil.copy(extension, profile))
    who = {}
    if os.geteuid() == 0:
        import pwd

        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        for path in (profile, own):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    subprocess.run(
        [shutil.which("unopkg"), "add", f"-env:UserInstallation={profile.as_uri()}", own],
        check=True,
        capture_output=True,
        timeout=SECONDS,
        env=_surroundings() | {"HOME": str(profile)},
        **who,
    )


@contextmanager
def paused(address):
    """The office behind an address as if it were busy: it answers nothing."""
    os.killpg(_STARTED[address], signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(_STARTED[address], signal.SIGCONT)


def colors(cells, pdf):
    """The colours of cells as LibreOffice paints them."""
    uno = bridge.load_uno()
    chosen = uno.Any("com.sun.star.table.XCellRange", itself(cells.impl.xl))
    more = uno.Any("[]com.sun.star.beans.PropertyValue", bridge.settings(Selection=chosen))
    said = bridge.settings(FilterName="calc_pdf_Export", FilterData=more)
    itself(cells.sheet.book.impl.document).storeToURL(uno.systemPathToFileUrl(str(pdf)), said)
    paper = ["pdftoppm", "-singlefile", "-r", "36", str(pdf)]
    *_, pixels = subprocess.run(paper, check=True, capture_output=True).stdout.split(b"\n", 3)
    return set(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))


def type_key(book, code):
    """A key pressed in the document's window."""
    window = itself(book.impl.controller.Frame.ComponentWindow)
    event = bridge.struct("awt.KeyEvent", KeyCode=code, Source=window)
    window.Toolkit.keyPress(event)
    window.Toolkit.keyRelease(event)


@contextmanager
def counting_calls():
    """How often each method or property of the engine is asked while it is open."""
    from xlplan.uno import engine, looks, native, ranges, sheets

    calls, changed = Counter(), []
    for room in (engine, looks, native, ranges, sheets):
        for kind in vars(room).values():
            if isinstance(kind, type) and kind.__module__ == room.__name__:
                changed += [(kind, name, member) for name, member in vars(kind).items()]
    for kind, name, member in changed:
        counted = _counted(member, f"{kind.__name__}.{name}", calls)
        if counted is not None and not name.startswith("_"):
            setattr(kind, name, counted)
    try:
        yield calls
    finally:
        for kind, name, member in changed:
            if not name.startswith("_"):
                setattr(kind, name, member)


@contextmanager
def counting_waits():
    """What somebody waited for while it is open: calls whose answers are needed, by their names."""
    from xlplan.uno import far

    waits, ask = Counter(), far.Line.ask

    def counted(line, kind, target, name, arguments):
        waits[name] += 1
        return ask(line, kind, target, name, arguments)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(far.Line, "ask", counted)
        yield waits


def _counted(member, name, calls):
    """The same member, counting; None for what is no call."""

    def count(function):
        if function is None:
            return None

        @wraps(function)
        def called(*args, **kwargs):
            calls[name] += 1
            return function(*args, **kwargs)

        return called

    if isinstance(member, property):
        return property(count(member.fget), count(member.fset))
    return count(member) if isinstance(member, FunctionType) else None


# Stands in the place of the interpreter: starts it as it was asked to, and notes how that went.
_LAUNCHER = """#!{python}
import json, os, subprocess, sys
folder = {folder!r}
office = os.path.join(folder, "address")
extra = ["--office=" + open(office).read()] if os.path.exists(office) else []
done = subprocess.run(
    [sys.executable, *sys.argv[1:], *extra], capture_output=True, text=True, encoding="utf-8"
)
said = {{"order": sys.argv[1:], "status": done.returncode, "out": done.stdout, "err": done.stderr}}
with open(os.path.join(folder, "new"), "w", encoding="utf-8") as out:
    json.dump(said, out)
os.replace(os.path.join(folder, "new"), os.path.join(folder, "done"))
"""


def launcher(folder):
    """A program in the place of the interpreter; `ended` gives its order and how it went."""
    path = folder / "python 3"
    path.write_text(_LAUNCHER.format(python=sys.executable, folder=str(folder)), "utf-8")
    path.chmod(0o755)
    return path


def ended(folder):
    """What a click started in that folder's launcher, once that has ended."""
    until, note = time.monotonic() + SECONDS, folder / "done"
    while not note.exists():
        assert time.monotonic() < until, "the button started nothing"
        time.sleep(0.05)
    said = json.loads(note.read_text("utf-8"))
    note.unlink()
    return said


def click(address, verb, path, state, more=None):
    """A click as the macro makes it: a process of its own that works on the open document."""
    return subprocess.run(
        [
            *(sys.executable, "-X", "utf8", "-m", "xlplan.excel", verb),
            *(f"--wb={path}", "--from_xl=1", "--hwnd=0", f"--office={address}"),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        env=os.environ | {"XLPLAN_STATE": str(state), "XLPLAN_DIALOGS": "0"} | (more or {}),
        check=False,
    )
