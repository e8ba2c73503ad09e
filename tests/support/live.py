"""A real LibreOffice, started headless once a session, that tests open documents in."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from support import office

from xlplan.diagnostics import RequestError
from xlplan.uno import bridge

SECONDS = 60
REASON = "LibreOffice cannot be reached from Python; Debian: apt-get install python3-uno"


def reachable():
    """Whether this Python can speak to LibreOffice."""
    try:
        bridge.load_uno()
    except RequestError:
        return False
    return True


@contextmanager
def running():
    """An office with a profile of its own; gives the address that it listens on."""
    with tempfile.TemporaryDirectory(prefix="xlplan-live-") as profile:
        address = f"pipe,name=xlplan-test-{os.getpid()}"
        started = subprocess.Popen(
            [
                office.program(),
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *("--headless", "--norestore", "--nologo"),
                f"--accept={address};urp",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            bridge.connect(address, SECONDS)
            yield address
        finally:
            os.killpg(started.pid, signal.SIGTERM)
            started.wait(SECONDS)


def xlwings():
    """xlwings as the buttons load it."""
    from xlplan.excel.connecting import load_xlwings

    return load_xlwings()


def app_of(address):
    """The office behind an address, as an application of xlwings."""
    from xlplan.uno.engine import Engine

    xw = xlwings()
    return xw.main.App(impl=Engine(bridge.connect(address, SECONDS)).app)


@contextmanager
def opened(app, path):
    """A document opened in the office, closed afterwards without being saved."""
    # xlwings refuses a second book of the same name, which the office does not mind.
    book = xlwings().main.Book(impl=app.impl.books.open(str(path)))
    try:
        yield book
    finally:
        book.close()


def click(address, verb, path, state):
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
        env=os.environ | {"XLPLAN_STATE": str(state), "XLPLAN_DIALOGS": "0"},
        check=False,
    )
