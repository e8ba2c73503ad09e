"""Which fonts this machine has, so that nothing is said of a font that nobody can see."""

import shutil
import subprocess
from functools import cache

from xlplan.container import Container
from xlplan.gbt9704.paper import is_chinese, read_paper


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


def missing_fonts(data: bytes, label: str) -> tuple[str, ...]:
    """The fonts that a Word document asks for and this machine lacks; () also where it is silent.

    Raises:
        RequestError: XP865 when it is no Word document.
    """
    known = installed_fonts()
    with Container(data, label) as container:
        paper = read_paper(container)
    footers = (
        one for section in paper.sections for part in section.footers.values() for one in part
    )
    asked: dict[str, None] = {}
    for paragraph in (*paper.paragraphs, *footers):
        for run in paragraph.runs:
            if run.text.strip():
                asked.setdefault(run.font if is_chinese(run.text) else run.latin)
    asked.pop("", None)
    return () if known is None else tuple(font for font in asked if font not in known)
