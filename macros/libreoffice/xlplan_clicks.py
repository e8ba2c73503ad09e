"""What the toolbar 招商任务 starts: the program that does the work, on the document in front.

LibreOffice runs this with a Python of its own, which may be older than ours: nothing is computed
here. The program works on the document from outside, so nobody waits for it here.
"""

import os
import shutil
import subprocess
import sys
import threading
from contextlib import suppress

import uno
import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.task import XJob, XJobExecutor

NAME = "org.xlplan.Click"
OPENED = "org.xlplan.Opened"
VERSION = "@VERSION@"
TITLE = "招商任务"
NO_SHEET = "请先打开要计算的表格，再点按钮。"
NO_PYTHON = (
    "没有找到运行 xlplan 的 Python。请装机的同事设置环境变量 XLPLAN_PYTHON"
    "（Python 的完整路径），或把 python=完整路径 写进 {conf}。表格没有改动。"
)
NOT_STARTED = "程序没有启动：{detail}。表格没有改动。"
ENDED = "程序中途停止（状态 {status}）。\n{detail}"

# A document with one of these is one of ours: its first click shall not wait for Python to start.
SHEETS = {"任务分解", "项目台账", "完成情况"}

# What LibreOffice sets for the Python inside it would lead ours astray.
NOT_OURS = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "UNO_PATH")

_listening = {}


class Click(unohelper.Base, XJobExecutor):
    """Started by LibreOffice for each press of a button; the button says which verb."""

    def __init__(self, context, *_arguments):
        self.context = context

    def trigger(self, verb):
        """Start the program for a verb, and leave it to itself."""
        document = created(self.context, "com.sun.star.frame.Desktop").getCurrentComponent()
        if document is None or not document.supportsService(
            "com.sun.star.sheet.SpreadsheetDocument"
        ):
            tell(self.context, NO_SHEET)
            return
        python = interpreter()
        if not python:
            tell(self.context, NO_PYTHON.format(conf=conf_file()))
            return
        start(self.context, [python, *order(self.context, document, verb)])


class Opened(unohelper.Base, XJob):
    """Called by LibreOffice for each document that it has opened."""

    def __init__(self, context, *_arguments):
        self.context = context

    def execute(self, arguments):
        """Let a process stand by for clicks on a document of ours."""
        said = {one.Name: one.Value for one in arguments}
        document = {one.Name: one.Value for one in said.get("Environment", ())}.get("Model")
        python = interpreter() if is_ours(document) and may_stand_by() else ""
        if python:
            stand_by([python, "-X", "utf8", "-m", "xlplan.excel.standby"])


def is_ours(document):
    """Whether a document looks like a workbook of targets."""
    if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
        return False
    return not SHEETS.isdisjoint(document.getSheets().getElementNames())


def may_stand_by():
    """Whether a process can stand by on this system, and is wanted."""
    return sys.platform == "linux" and os.environ.get("XLPLAN_STANDBY") != "0"


def stand_by(command):
    """Start it, and leave it to itself: where it cannot start the first click only waits longer."""
    with suppress(OSError):
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            cwd="/",
            start_new_session=True,
        )


def order(context, document, verb):
    """The command line of a verb, after the interpreter."""
    url = document.getURL()
    book = uno.fileUrlToSystemPath(url) if url.startswith("file:") else document.getTitle()
    return [
        *("-X", "utf8", "-m", "xlplan.excel", verb, "--wb=" + book, "--from_xl=1", "--hwnd=0"),
        *("--office=" + address(context), "--addin=" + VERSION, "--asks=extension"),
    ]


def address(context):
    """Where this LibreOffice listens; only programs of the same user reach it."""
    if not _listening:
        said = "pipe,name=xlplan-{}".format(os.getpid())
        manager = context.getServiceManager()
        _listening[said] = manager.createInstanceWithArgumentsAndContext(
            "com.sun.star.office.Acceptor", (said + ";urp;", True), context
        )
    return next(iter(_listening))


def interpreter():
    """The Python to start: XLPLAN_PYTHON, what is noted, that of the command xlplan, our own."""
    found = [os.environ.get("XLPLAN_PYTHON", ""), noted(conf_file())]
    found += [of_command(shutil.which("xlplan") or ""), own()]
    return next((path for path in found if path and os.path.isfile(path)), "")


def conf_file():
    """Where `python=...` is noted, on Windows by `xlplan excel install`."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        folder = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        folder = os.path.join(home, "Library", "Application Support")
    else:
        folder = os.environ.get("XDG_STATE_HOME") or os.path.join(home, ".local", "state")
    return os.path.join(folder, "xlplan", "xlplan.conf")


def noted(conf):
    """The interpreter in the notes of an installation."""
    try:
        with open(conf, "rb") as held:
            raw = held.read()
    except OSError:
        return ""
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    lines = [line.strip() for line in text.splitlines()]
    return next((line[7:].strip() for line in lines if line.startswith("python=")), "")


def of_command(script):
    """The interpreter that a command on the path names in its first line."""
    try:
        with open(script, "rb") as held:
            first = held.readline().decode("utf-8", "replace").strip()
    except OSError:
        return ""
    return first[2:].strip() if first.startswith("#!/") else ""


def own():
    """The Python inside LibreOffice, where xlplan was installed into that."""
    try:
        import xlplan  # noqa: F401 - to see whether it is there
    except ImportError:
        return ""
    name = "python.exe" if sys.platform == "win32" else "python3"
    return os.path.join(sys.prefix, name if sys.platform == "win32" else "bin/" + name)


def start(context, command):
    """Start it without a window; how it ended is looked at beside."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=surroundings(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as refused:
        tell(context, NOT_STARTED.format(detail=refused))
        return
    threading.Thread(target=watch, args=(context, process), daemon=True).start()


def surroundings():
    """The environment for a Python that is not LibreOffice's."""
    return {key: said for key, said in os.environ.items() if key not in NOT_OURS}


def watch(context, process):
    """Say how it ended where it could not say so itself: it ends with 0 when it could."""
    said = process.communicate()[1].decode("utf-8", "replace").strip()
    if process.returncode:
        detail = said.splitlines()[-1] if said else ""
        tell(context, ENDED.format(status=process.returncode, detail=detail))


class Later(unohelper.Base, XCallback):
    """Shows a message when LibreOffice has time for it, in the thread that may show windows."""

    def __init__(self, context, text):
        self.context = context
        self.text = text

    def notify(self, _data):
        """Show it."""
        desktop = created(self.context, "com.sun.star.frame.Desktop")
        window = desktop.getCurrentFrame().getContainerWindow()
        kind = uno.Enum("com.sun.star.awt.MessageBoxType", "WARNINGBOX")
        toolkit = created(self.context, "com.sun.star.awt.Toolkit")
        toolkit.createMessageBox(window, kind, 1, TITLE, self.text).execute()


def tell(context, text):
    """Say something in a dialog; with XLPLAN_DIALOGS=0 on the error stream."""
    if os.environ.get("XLPLAN_DIALOGS") == "0":
        sys.stderr.write(text + "\n")
        return
    created(context, "com.sun.star.awt.AsyncCallback").addCallback(Later(context, text), None)


def created(context, name):
    """An object of LibreOffice by its name."""
    return context.getServiceManager().createInstanceWithContext(name, context)


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice looks for it
g_ImplementationHelper.addImplementation(Click, NAME, (NAME,))
g_ImplementationHelper.addImplementation(Opened, OPENED, (OPENED,))
