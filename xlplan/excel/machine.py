"""The computer that Excel runs on, as far as installing asks it; tests use a made-up one."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WINDOWS, MAC = "win32", "darwin"

_SECONDS = 60
_FONT_KEYS = (
    r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts",
    r"HKCU\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts",
)
_FONT_KIND = re.compile(r"\s*\((TrueType|OpenType|All res)\)\s*\Z")
_FONT_FOLDERS = (
    "/System/Library/Fonts",
    "/Library/Fonts",
    "/Applications/Microsoft Excel.app/Contents/Resources/DFonts",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer and its user.

    `system` is what Python calls it, `python` the interpreter that runs now. `registry` gives the
    values of a key, "" the default one, nothing where there is no such key; `start` runs a program
    and gives its exit status and what it printed; `fonts` gives the names of all fonts, none where
    they are not known; `mark` gives what a file bears that came from elsewhere, "" for nothing.
    """

    system: str
    home: Path
    environment: Mapping[str, str]
    python: Path
    registry: Callable[[str], Mapping[str, object]]
    start: Callable[[Sequence[str]], tuple[int, str]]
    fonts: Callable[[], frozenset[str]]
    mark: Callable[[Path], str]


def this_machine() -> Machine:
    """The computer that runs this."""
    python = Path(sys.executable)
    return Machine(
        sys.platform, Path.home(), os.environ, python, registry_values, started, fonts, mark_of
    )


def started(command: Sequence[str]) -> tuple[int, str]:
    """Run a program to its end, without a window; -1 when there is none or it takes too long."""
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # only Windows knows it
    try:
        done = subprocess.run(  # noqa: S603 - programs that install noted or the system has
            list(command),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            encoding="utf-8",
            errors="replace",
            creationflags=hidden,
        )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        return -1, type(trouble).__name__
    return done.returncode, done.stdout or done.stderr


def registry_values(key: str) -> Mapping[str, object]:
    r"""The values of a registry key such as `HKCU\Software\…`; none elsewhere than on Windows."""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - only where it is

        hives = {
            "HKCR": winreg.HKEY_CLASSES_ROOT,
            "HKCU": winreg.HKEY_CURRENT_USER,
            "HKLM": winreg.HKEY_LOCAL_MACHINE,
        }
        hive, _, path = key.partition("\\")
        try:
            with winreg.OpenKey(hives[hive], path) as opened:
                count = winreg.QueryInfoKey(opened)[1]
                return {v[0]: v[1] for v in (winreg.EnumValue(opened, n) for n in range(count))}
        except OSError:
            return {}
    return {}


def fonts() -> frozenset[str]:
    """The names of all fonts, in every language that the system says them in."""
    if sys.platform == "win32":
        return frozenset(_named(name for key in _FONT_KEYS for name in registry_values(key)))
    if sys.platform == "darwin":
        folders = [Path(name) for name in _FONT_FOLDERS] + [Path.home() / "Library" / "Fonts"]
        return frozenset(path.stem for one in folders for path in one.rglob("*.[ot]t[fc]"))
    status, listed = started(["fc-list", ":", "family"])
    lines = listed.splitlines() if status == 0 else []
    return frozenset(name.strip().replace("\\-", "-") for line in lines for name in line.split(","))


def _named(entries: Iterator[str]) -> Iterator[str]:
    """Names of fonts from names of registry values; one value may name several."""
    for entry in entries:
        yield from (part.strip() for part in _FONT_KIND.sub("", entry).split("&"))


def mark_of(path: Path) -> str:
    """What Windows or a Mac noted of a file that came from elsewhere; "" for nothing."""
    if sys.platform == "win32":
        try:
            return Path(f"{path}:Zone.Identifier").read_text("utf-8", "replace").strip()
        except OSError:
            return ""
    if sys.platform == "darwin":
        status, said = started(["xattr", "-p", "com.apple.quarantine", str(path)])
        return said.strip() if status == 0 else ""
    return ""
