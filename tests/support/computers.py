"""Made-up computers on which the add-in is installed, and what can be wrong with each."""

import json
from dataclasses import replace

import xlplan
from xlplan.excel.install import install
from xlplan.excel.machine import Machine
from xlplan.excel.places import ADDIN, Noted, conf_bytes, places_of

SECURITY = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"
SOUND = {
    r"HKCR\Excel.Application\CurVer": {"": "Excel.Application.16"},
    r"HKCR\Excel.Application\CLSID": {"": "{00024500}"},
    r"HKCR\CLSID\{00024500}\LocalServer32": {"": r"C:\Office16\EXCEL.EXE /automation"},
    SECURITY: {"VBAWarnings": 2},
}
FONTS = frozenset({"SimSun", "NSimSun", "黑体", "KaiTi", "仿宋_GB2312", "方正小标宋_GBK"})


def answer(xlplan_version=xlplan.__version__, xlwings="0.37.8", *, bridge=True):
    told = {"xlplan": xlplan_version, "xlwings": xlwings, "bridge": bridge, "python": "3.12.4"}
    return 0, json.dumps(told)


def windows(home, registry=None, start=lambda _: answer(), mark=lambda _: ""):
    """A Windows with Excel and Python, nothing of ours installed yet."""
    folder = home / "Python 3.12"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("python.exe", "pythonw.exe"):
        (folder / name).touch()
    values = SOUND | (registry or {})
    environment = {
        "LOCALAPPDATA": str(home / "AppData" / "Local"),
        "APPDATA": str(home / "AppData" / "Roaming"),
    }
    return Machine(
        "win32",
        home,
        environment,
        folder / "python.exe",
        lambda key: values.get(key, {}),
        start,
        lambda: FONTS,
        mark,
    )


def mac(home, started=None):
    """A Mac with Excel and Python; `started` says what programs answer, by their name."""
    python = home / "it's python" / "python3"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    answers = {"mdfind": (0, "/Applications/Microsoft Excel.app\n"), "python3": answer()}
    answers |= {"defaults": (1, "does not exist")} | (started or {})
    return Machine(
        "darwin",
        home,
        {},
        python,
        lambda _: {},
        lambda command: answers[command[0].rpartition("/")[2]],
        lambda: FONTS,
        lambda _: "",
    )


def linux(home, reach=(0, ""), extension=xlplan.__version__):
    """A computer without Excel, with LibreOffice and its toolbar."""
    python = home / "venv" / "python3"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    if extension:
        user = home / ".config" / "libreoffice" / "4" / "user"
        file = user / "uno_packages/cache/uno_packages/lu1.tmp_/xlplan.oxt/description.xml"
        file.parent.mkdir(parents=True)
        file.write_text(f'<description><version value="{extension}"/></description>', "utf-8")

    def start(command):
        if command[0] == "soffice":
            return 0, "LibreOffice 7.4.7.2\n"
        return reach if "load_uno" in command[-1] else answer()

    return Machine("linux", home, {}, python, lambda _: {}, start, lambda: FONTS, lambda _: "")


def with_addin(machine):
    install(machine)
    return machine


def sick(change=lambda _places: None, **how):
    """A computer that is installed, then harmed: by other answers, or by a change of its files."""

    def make(home):
        machine = with_addin(windows(home, **how))
        change(places_of(machine))
        return machine

    return make


def note_python(name):
    return lambda places: places.conf.write_bytes(conf_bytes(Noted(name, xlplan.__version__)))


def older_addin(places):
    """As an earlier version would have said it; what else is in it does not matter."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(places.addin.read_bytes())) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    core = (
        held["docProps/core.xml"].decode().replace(f"xlplan {xlplan.__version__}", "xlplan 0.0.9")
    )
    with zipfile.ZipFile(places.addin, "w") as archive:
        for name, content in (held | {"docProps/core.xml": core}).items():
            archive.writestr(name, content)


def changed_addin(places):
    places.addin.write_bytes(places.addin.read_bytes() + b"\0")


def borrowed(home):
    machine = windows(home)
    install(machine, "runpython")
    return machine


def elsewhere(path):
    return "[ZoneTransfer]\nZoneId=3\n" if path.name == ADDIN else ""


DISABLED = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
UNREADABLE = -1, "FileNotFoundError"

# A code, and a computer on which the doctor finds just this.
SICK = {
    "nothing installed": ("XP822", lambda home: removed(sick()(home))),
    "an older add-in": ("XP823", sick(older_addin)),
    "another version of the package": ("XP823", sick(start=lambda _: answer("0.0.9"))),
    "the Python noted is gone": ("XP824", sick(note_python("C:/没有/pythonw.exe"))),
    "nothing is noted": ("XP824", sick(lambda places: places.conf.unlink())),
    "Python does not start": ("XP825", sick(start=lambda _: UNREADABLE)),
    "Python lacks the package": ("XP825", sick(start=lambda _: answer(""))),
    "Python prints something else": ("XP825", sick(start=lambda _: (0, "你好"))),
    "xlwings is missing": ("XP826", sick(start=lambda _: answer(xlwings=""))),
    "pywin32 is missing": ("XP826", sick(start=lambda _: answer(bridge=False))),
    "macros are disabled": ("XP827", sick(registry={SECURITY: {"VBAWarnings": 4}})),
    "a policy asks for signatures": (
        "XP827",
        sick(registry={rf"{POLICY}\Excel\Security": {"VBAWarnings": 3}}),
    ),
    "a policy turns VBA off": ("XP827", sick(registry={rf"{POLICY}\Common": {"VBAOff": 1}})),
    "the add-in came from the web": ("XP828", sick(mark=elsewhere)),
    "WPS answers for Excel": (
        "XP830",
        sick(registry={r"HKCR\CLSID\{00024500}\LocalServer32": {"": r"C:\WPS Office\et.exe"}}),
    ),
    "WPS opens the workbooks": (
        "XP830",
        sick(
            registry={
                r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsm"
                r"\UserChoice": {"ProgId": "ET.Xlsm.6"}
            }
        ),
    ),
    "a font is missing": ("XP831", lambda home: replace(sick()(home), fonts=lambda: {"SimSun"})),
    "there is no Excel": (
        "XP833",
        sick(registry={r"HKCR\Excel.Application\CurVer": {}}),
    ),
    "the add-in is damaged": ("XP834", sick(changed_addin)),
    "Excel disabled the add-in": (
        "XP836",
        sick(registry={DISABLED: {"1": b"\0" + r"C:\XLSTART\XLPLAN.XLAM".encode("utf-16-le")}}),
    ),
    "LibreOffice cannot be reached": (
        "XP838",
        lambda home: linux(home, (1, "ModuleNotFoundError")),
    ),
    "LibreOffice has no toolbar": ("XP839", lambda home: linux(home, extension="")),
    "LibreOffice has an older toolbar": ("XP808", lambda home: linux(home, extension="0.0.9")),
    "xlwings' own add-in is missing": ("XP837", borrowed),
}


def removed(machine):
    """The add-in deleted by hand, the notes left."""
    places_of(machine).addin.unlink()
    return machine
