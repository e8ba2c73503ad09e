"""Where Excel looks for an add-in, and where the macros look for the interpreter."""

from dataclasses import dataclass
from pathlib import Path

from xlplan.app.buttons import Variant
from xlplan.diagnostics import RequestError
from xlplan.excel.machine import MAC, WINDOWS, Machine

ADDIN = "xlplan.xlam"
_CONTAINER = Path("Library") / "Group Containers" / "UBF8T346G9.Office"
_STARTUP = ("User Content.localized/Startup.localized/Excel", "User Content/Startup/Excel")


@dataclass(frozen=True, slots=True)
class Places:
    """What is installed where.

    `own` is our folder, `conf` what tells the macros (and us) how it was installed, `record` what
    was put; on a Mac `script` is what may start programs and `launcher` what it starts.
    """

    own: Path
    startup: Path
    conf: Path
    record: Path
    script: Path | None = None
    launcher: Path | None = None

    @property
    def addin(self) -> Path:
        """The add-in; Excel opens all that lies in its folder."""
        return self.startup / ADDIN


@dataclass(frozen=True, slots=True)
class Noted:
    """What an installation noted of itself; "" what is not known."""

    python: str = ""
    version: str = ""
    variant: Variant = "own"

    def lines(self) -> tuple[str, ...]:
        """The notes; what the macros read is not the first line, which bears the file's mark."""
        return f"version={self.version}", f"variant={self.variant}", f"python={self.python}"


def places_of(machine: Machine) -> Places:
    """The places on that computer.

    Raises: RequestError XP820 where no Excel runs.
    """
    if machine.system == WINDOWS:
        local = _folder(machine, "LOCALAPPDATA", "Local")
        startup = _folder(machine, "APPDATA", "Roaming") / "Microsoft" / "Excel" / "XLSTART"
        own = local / "xlplan"
        return Places(own, startup, own / "xlplan.conf", own / "installed.json")
    if machine.system == MAC:
        group = machine.home / _CONTAINER
        folders = [group / name for name in _STARTUP]
        startup = next((one for one in folders if one.is_dir()), folders[0])
        own = group / "xlplan"
        scripts = machine.home / "Library" / "Application Scripts" / "com.microsoft.Excel"
        script, launcher = scripts / "xlplan.applescript", own / "python"
        return Places(own, startup, own / "xlplan.conf", own / "installed.json", script, launcher)
    raise RequestError("XP820", system=machine.system)


def _folder(machine: Machine, variable: str, name: str) -> Path:
    said = machine.environment.get(variable)
    return Path(said) if said else machine.home / "AppData" / name


def conf_bytes(noted: Noted) -> bytes:
    """The notes as the macros read them: UTF-16 with its mark, one `name=value` a line."""
    return ("\ufeff" + "".join(f"{line}\r\n" for line in noted.lines())).encode("utf-16-le")


def read_conf(conf: Path) -> Noted | None:
    """What an installation noted; None where there is none that can be read."""
    try:
        said = conf.read_bytes().decode("utf-16")
    except (OSError, UnicodeError):
        return None
    held = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    variant: Variant = "runpython" if held.get("variant") == "runpython" else "own"
    return Noted(held.get("python", ""), held.get("version", ""), variant)
