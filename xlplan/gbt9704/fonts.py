"""Which fonts this machine has, so that nothing is said of a font that nobody can see."""

import shutil
import subprocess
from functools import cache


@cache
def installed_fonts() -> frozenset[str] | None:
    """The font families by all their names; None where the machine does not tell."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    listed = subprocess.run(  # noqa: S603 - a program by its full path, and no word of a user's
        [program, "--format=%{family}\n"], capture_output=True, check=False
    )
    names = listed.stdout.decode("utf-8", "replace").replace("\n", ",").split(",")
    return frozenset(filter(None, map(str.strip, names))) if listed.returncode == 0 else None
