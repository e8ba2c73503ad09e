"""Where the shipped files lie: inside an installed wheel, or at the top of a checkout."""

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
