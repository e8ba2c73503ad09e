"""LibreOffice as a second opinion: conversion, and hard recalculation of every formula.

Each call uses a user profile of its own, so that tests may run side by side.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

REASON = "LibreOffice is not installed; Debian: apt-get install libreoffice-calc"
SECONDS = 180

# Recalculate always on load (0), for files of Excel and of LibreOffice alike.
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
<prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def program():
    """The path of soffice, None without it."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def present():
    return program() is not None


def missing(reason=REASON):
    """Skip, saying why; fail where an office is required."""
    if os.environ.get("XLPLAN_REQUIRE_OFFICE") == "1":
        pytest.fail(f"XLPLAN_REQUIRE_OFFICE=1, but {reason}")
    pytest.skip(reason)


def convert(path, fmt, outdir):
    """The file converted by LibreOffice, formulas recalculated, as a path in `outdir`."""
    if not present():
        missing()
    outdir = Path(outdir)
    with tempfile.TemporaryDirectory(prefix="xlplan-office-") as profile:
        settings = Path(profile) / "user" / "registrymodifications.xcu"
        settings.parent.mkdir()
        settings.write_text(_ALWAYS, encoding="utf-8")
        subprocess.run(
            [
                program(),
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *("--headless", "--norestore", "--convert-to", fmt),
                *("--outdir", str(outdir), str(path)),
            ],
            check=True,
            capture_output=True,
            timeout=SECONDS,
        )
    made = outdir / f"{Path(path).stem}.{fmt.partition(':')[0]}"
    assert made.exists(), f"LibreOffice made no {made.name}"
    return made


def recalculated(path):
    """A copy of the workbook after LibreOffice computed every formula anew."""
    folder = Path(tempfile.mkdtemp(prefix="xlplan-recalculated-", dir=Path(path).parent))
    return convert(path, "xlsx", folder)
