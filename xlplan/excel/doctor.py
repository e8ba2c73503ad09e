"""Why the buttons do not work: one look at everything between a click and Python, with remedies."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xlplan import __version__
from xlplan.diagnostics import Diagnostic, Diagnostics, File, RequestError
from xlplan.excel.addin import addin_bytes, version_of
from xlplan.excel.extension import EXTENSION
from xlplan.excel.machine import MAC, Machine
from xlplan.excel.places import Noted, Places, places_of, read_conf
from xlplan.excel.security import macros_barred, switched_off
from xlplan.package.locks import check_unlocked
from xlplan.resources import log_file, state_folder

_ASK = (
    "import json, sys, importlib.util as u, importlib.metadata as m\n"
    "found = lambda name: u.find_spec(name) is not None\n"
    "version = lambda name: m.version(name) if found(name) else ''\n"
    "print(json.dumps({'xlplan': version('xlplan'), 'xlwings': version('xlwings'),"
    " 'bridge': sys.platform != 'win32' or found('pythoncom'), 'python': sys.version.split()[0]}))"
)

_REACH = "from xlplan.uno.bridge import load_uno; load_uno()"
_UNPACKED = "user/uno_packages/cache/uno_packages/*"
_EXTENSION_VERSION = re.compile(r'<version value="([^"]+)"')

# What result sheets and bulletins are set in, with every name that systems give it.
_FONTS: Mapping[str, tuple[str, ...]] = {
    "宋体": ("宋体", "SimSun"),
    "黑体": ("黑体", "SimHei"),
    "楷体": ("楷体", "KaiTi", "楷体_GB2312", "KaiTi_GB2312"),
    "仿宋": ("仿宋", "FangSong", "仿宋_GB2312", "FangSong_GB2312"),
    "小标宋": ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
}
_WPS = ("et.exe", "wps", "kingsoft")
_CHOICE = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsm\UserChoice"


@dataclass(frozen=True, slots=True)
class Fine:
    """Something that is as it should be: the name of its sentence, and what fills it."""

    said: str
    values: Mapping[str, object] = field(default_factory=dict)


Check = Fine | Diagnostic


def examine(machine: Machine, book: Path | None = None) -> tuple[Check, ...]:
    """Everything that was looked at, in the order of a click; a workbook too where one is named."""
    checks: list[Check] = [Fine("package", {"version": __version__, "python": machine.python})]
    try:
        places = places_of(machine)
    except RequestError:
        checks += _libreoffice(machine)
    else:
        noted = read_conf(places.conf)
        checks += _excel(machine)
        checks += _addin(machine, places, noted)
        checks += _macros(machine, places)
        checks += _interpreter(machine, places, noted)
    checks += _book(machine, book) if book is not None else ()
    checks += _fonts(machine)
    return (*checks, *_folders())


def findings(checks: tuple[Check, ...]) -> Diagnostics:
    """What is wrong of it."""
    return Diagnostics(check for check in checks if isinstance(check, Diagnostic))


def _wrong(code: str, place: object, **values: object) -> Diagnostic:
    found = Diagnostics()
    found.add(code, File(str(place)), **values)
    return next(iter(found))


def _excel(machine: Machine) -> Iterator[Check]:
    """Whether there is an Excel, and whether WPS answers in its name."""
    if machine.system == MAC:
        found = machine.start(["mdfind", "kMDItemCFBundleIdentifier == 'com.microsoft.Excel'"])[1]
        yield Fine("excel", {"version": found.strip()}) if found.strip() else _wrong("XP833", "Mac")
        return
    version = str(machine.registry(r"HKCR\Excel.Application\CurVer").get("", ""))
    server = _server(machine)
    yield Fine("excel", {"version": version}) if version else _wrong("XP833", "Windows")
    chosen = str(machine.registry(_CHOICE).get("ProgId", ""))
    there = bool(machine.registry(r"HKCR\Ket.Application\CLSID"))
    if any(mark in server.casefold() for mark in _WPS):
        yield _wrong("XP830", server, reason="以 Excel 的名义启动的是 WPS")
    elif chosen.upper().startswith(("ET.", "WPS.", "KET.")):
        yield _wrong("XP830", chosen, reason="双击 .xlsm 打开的是 WPS")
    else:
        yield Fine("wps.beside" if there else "wps.none")


def _server(machine: Machine) -> str:
    """The program that Windows starts when somebody asks for Excel."""
    identity = machine.registry(r"HKCR\Excel.Application\CLSID").get("", "")
    return str(machine.registry(rf"HKCR\CLSID\{identity}\LocalServer32").get("", ""))


def _addin(machine: Machine, places: Places, noted: Noted | None) -> Iterator[Check]:
    """Whether the add-in lies where Excel opens it, is of this version, whole, and free to run."""
    addin, variant = places.addin, noted.variant if noted else "own"
    if not addin.is_file():
        yield _wrong("XP822", addin)
        return
    version = version_of(addin)
    if version != __version__:
        yield _wrong("XP823", addin, addin=version or "—", package=__version__)
    elif addin.read_bytes() != addin_bytes(variant):
        yield _wrong("XP834", addin)
    else:
        yield Fine("addin", {"path": addin, "version": version})
    yield from _from_elsewhere(machine, addin)
    if switched_off(machine, addin):
        yield _wrong("XP836", addin)
    if variant == "runpython" and not addin.with_name("xlwings.xlam").is_file():
        yield _wrong("XP837", addin.with_name("xlwings.xlam"))


def _from_elsewhere(machine: Machine, path: Path) -> Iterator[Check]:
    marked = machine.mark(path)
    if marked:
        yield _wrong("XP828", path, mark=" ".join(marked.split()))


def _macros(machine: Machine, places: Places) -> Iterator[Check]:
    """Whether Excel runs macros at all."""
    setting = macros_barred(machine)
    yield _wrong("XP827", places.startup, setting=setting) if setting else Fine("macros")


def _interpreter(machine: Machine, places: Places, noted: Noted | None) -> Iterator[Check]:
    """Whether the macros find a Python, and whether it has what it needs."""
    said = machine.environment.get("XLPLAN_PYTHON", "")
    named = noted.python if noted else ""
    python = Path(named if named and Path(named).is_file() else said)
    if python.is_file():
        yield from _runs(machine, python)
    else:
        yield _wrong("XP824", places.conf, python=named or said or "—")


def _runs(machine: Machine, python: Path) -> Iterator[Check]:
    """Whether a Python runs, and has the package and the way to Excel."""
    status, answer = machine.start([str(_spoken(python)), "-X", "utf8", "-c", _ASK])
    told = _told(answer) if status == 0 else {}
    if not told.get("xlplan"):
        reason = answer.strip().splitlines()[-1:] or ["—"]
        yield _wrong("XP825", python, reason="没有装 xlplan" if told else reason[0])
        return
    if told["xlplan"] != __version__:
        yield _wrong("XP823", python, addin=__version__, package=told["xlplan"])
    yield Fine("interpreter", {"path": python, "python": told.get("python")})
    if told.get("xlwings") and told.get("bridge"):
        yield Fine("xlwings", {"version": told["xlwings"]})
    else:
        yield _wrong("XP826", python, package="pywin32" if told.get("xlwings") else "xlwings")


def _spoken(python: Path) -> Path:
    """The same interpreter with a console: the other can print nothing."""
    loud = python.with_name("python.exe")
    return loud if python.name.casefold() == "pythonw.exe" and loud.is_file() else python


def _libreoffice(machine: Machine) -> Iterator[Check]:
    """Without Excel: LibreOffice, its toolbar, the Python that it starts, and the way back."""
    status, said = machine.start(["soffice", "--version"])
    if status != 0:
        yield _wrong("XP833", machine.system)
        return
    yield Fine("office", {"version": said.strip()})
    found = _toolbar(machine)
    if not found:
        yield _wrong("XP839", EXTENSION)
    elif found != __version__:
        yield _wrong("XP808", EXTENSION, addin=found, program=__version__)
    else:
        yield Fine("toolbar", {"version": found})
    python = _python_of_toolbar(machine)
    if not python.is_file():
        yield _wrong("XP824", python, python=python)
        return
    yield from _runs(machine, python)
    status, _ = machine.start([str(python), "-X", "utf8", "-c", _REACH])
    yield Fine("uno") if status == 0 else _wrong("XP838", python)


def _toolbar(machine: Machine) -> str:
    """The version of the extension that the user has in LibreOffice; "" for none."""
    config = Path(machine.environment.get("XDG_CONFIG_HOME") or machine.home / ".config")
    for file in config.glob(f"libreoffice/*/{_UNPACKED}/{EXTENSION}/description.xml"):
        said = _EXTENSION_VERSION.search(file.read_text("utf-8", "replace"))
        if said is not None:
            return said[1]
    return ""


def _python_of_toolbar(machine: Machine) -> Path:
    """The Python that the toolbar starts: the variable's, the one noted, else the one of this."""
    state = machine.environment.get("XDG_STATE_HOME") or machine.home / ".local" / "state"
    conf = Path(state) / "xlplan" / "xlplan.conf"
    lines = conf.read_text("utf-8", "replace").splitlines() if conf.is_file() else []
    noted = next((line[7:].strip() for line in lines if line.startswith("python=")), "")
    return Path(machine.environment.get("XLPLAN_PYTHON") or noted or machine.python)


def _told(answer: str) -> dict[str, object]:
    try:
        told = json.loads(answer)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _book(machine: Machine, book: Path) -> Iterator[Check]:
    """Whether a workbook's own buttons may run and its results be written."""
    if not book.is_file():
        raise RequestError("XP001", path=book)
    yield from _from_elsewhere(machine, book)
    try:
        check_unlocked(book)
    except RequestError as held:
        yield _wrong("XP829", book, reason=held.values["reason"])
    if not os.access(book, os.W_OK) or not os.access(book.parent, os.W_OK):
        yield _wrong("XP832", book)
    else:
        yield Fine("book", {"path": book})


def _fonts(machine: Machine) -> Iterator[Check]:
    names = {name.casefold() for name in machine.fonts()}
    if not names:
        yield Fine("fonts.unknown")
        return
    missing = [
        font for font, known in _FONTS.items() if not any(one.casefold() in names for one in known)
    ]
    yield _wrong("XP831", "本机", fonts="、".join(missing)) if missing else Fine("fonts")


def _folders() -> Iterator[Check]:
    """Whether what is kept for undo and the log can be written; the log's name in any case."""
    kept = state_folder()
    above = next(folder for folder in (kept, *kept.parents) if folder.exists())
    if not os.access(above, os.W_OK | os.X_OK):
        yield _wrong("XP832", kept)
    yield Fine("log", {"path": log_file()})
