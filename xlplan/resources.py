"""Where files lie: those that ship, in a wheel or a checkout, and those kept for the user."""

import os
import sys
from pathlib import Path
from typing import Literal

Shelf = Literal["templates", "samples", "macros", "docs"]

_PACKAGE = Path(__file__).resolve().parent


def shelf(name: Shelf) -> Path:
    """The folder of shipped templates, samples, macros, or what of the docs the program reads."""
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def policy_files() -> dict[str, Path]:
    """Every shipped policy by its id, sorted by id."""
    return {file.stem: file for file in sorted((_PACKAGE / "policies").glob("*.toml"))}


def state_folder() -> Path:
    """Where states and logs are kept: XLPLAN_STATE, or the system's place for a user's own data."""
    chosen = os.environ.get("XLPLAN_STATE")
    return Path(chosen) if chosen else _user_folder() / "xlplan"


def log_file() -> Path:
    """Where a click that went wrong leaves its details."""
    return state_folder() / "xlplan.log"


def _user_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
