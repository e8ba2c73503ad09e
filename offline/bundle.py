"""Gather all that a Windows computer without a network needs, but Python itself, into one folder.

`python offline/bundle.py DIR [--python 3.12]`, on any system with a network, in an environment with
`packaging` (pytest brings it). The folder holds the wheels for 64-bit Windows, `requirements.txt`
with every version and its SHA-256, and `安装说明.txt`. pip judges which packages a system needs by
the system that it runs on; so what only Windows needs is found here, from the wheels' own words.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ("bulletin", "excel", "match")
PYTHON = "3.12"
PLATFORM = "win_amd64"
WHEELS = "wheels"
ALSO = ("pip",)
"""What the embeddable Python lacks, to install the rest with."""

_MOST_ROUNDS = 10


def windows(python: str) -> dict[str, str]:
    """What requirements may ask of a 64-bit Windows with that Python."""
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "platform_release": "10",
        "platform_system": "Windows",
        "platform_version": "10.0.19045",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "win32",
    }


def wheels_in(folder: Path) -> dict[str, Path]:
    """The wheels of a folder by the name of their package."""
    return {parse_wheel_filename(path.name)[0]: path for path in sorted(folder.glob("*.whl"))}


def requirements_of(wheel: Path, extras: Sequence[str], python: str) -> Iterator[Requirement]:
    """What a wheel needs on that Windows, with these extras of it."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        said = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    for text in said.get_all("Requires-Dist", []):
        need = Requirement(text)
        asked = ({**windows(python), "extra": extra} for extra in ("", *extras))
        if need.marker is None or any(need.marker.evaluate(one) for one in asked):
            yield need


def missing(folder: Path, root: str, extras: Sequence[str], python: str) -> list[str]:
    """Requirements that no wheel of the folder meets, seen from one package."""
    wheels, wanted, met = wheels_in(folder), [Requirement(f"{root}[{','.join(extras)}]")], set()
    lacking = []
    while wanted:
        need = wanted.pop()
        name = canonicalize_name(need.name)
        wheel = wheels.get(name)
        if wheel is None or parse_wheel_filename(wheel.name)[1] not in need.specifier:
            lacking.append(f"{need.name}{need.specifier}")
        elif (name, frozenset(need.extras)) not in met:
            met.add((name, frozenset(need.extras)))
            wanted += requirements_of(wheel, sorted(need.extras), python)
    return sorted(set(lacking))


def pinned(folder: Path) -> str:
    """Every wheel with its version and digest, as pip checks them; pip cannot replace itself."""
    lines = []
    for path in wheels_in(folder).values():
        name, version, *_ = parse_wheel_filename(path.name)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        mark = "# " if name in ALSO else ""
        lines.append(f"{mark}{name}=={version} --hash=sha256:{digest}\n")
    return "".join(lines)


def told(folder: Path, python: str) -> str:
    """The instructions, for this Python and these wheels."""
    text = (Path(__file__).with_name("安装说明.txt")).read_text("utf-8")
    wheels = wheels_in(folder)
    return text.format(
        python=python,
        short=python.replace(".", ""),
        pip=wheels["pip"].name if "pip" in wheels else "pip",
        version=parse_wheel_filename(wheels["xlplan"].name)[1],
    )


def pip(*arguments: str) -> None:
    """Run pip; its own words are enough where it fails."""
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True)


def aimed(python: str) -> list[str]:
    """How pip is told for which computer."""
    return ["--only-binary=:all:", "--platform", PLATFORM, "--python-version", python]


def gather(folder: Path, python: str) -> None:
    """Fill the folder with wheels until nothing is missing, and prove that they install."""
    wheels = folder / WHEELS
    wheels.mkdir(parents=True)
    pip("wheel", "-q", "--no-deps", "-w", str(wheels), str(ROOT))
    own = wheels_in(wheels)["xlplan"]
    wanted = [f"{own}[{','.join(EXTRAS)}]", *ALSO]
    for _ in range(_MOST_ROUNDS):
        pip("download", "-q", "-d", str(wheels), *aimed(python), *wanted)
        wanted = missing(wheels, "xlplan", EXTRAS, python)
        if not wanted:
            break
        print("also, for Windows:", ", ".join(wanted))
    if wanted:
        sys.exit(f"not to be had: {', '.join(wanted)}")
    (folder / "requirements.txt").write_text(pinned(wheels), "utf-8", newline="\n")
    (folder / "安装说明.txt").write_text(told(wheels, python), "utf-8-sig", newline="\r\n")
    prove(folder, python)


def prove(folder: Path, python: str) -> None:
    """Have pip take every wheel for such a Windows, without a network, by its digest."""
    with tempfile.TemporaryDirectory() as nowhere:
        offline = ["--no-index", "--find-links", str(folder / WHEELS), "--require-hashes"]
        into = ["--no-deps", "-d", nowhere, "-r", str(folder / "requirements.txt")]
        pip("download", "-q", *aimed(python), *offline, *into)


def main() -> None:
    """Gather into a new folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", default=PYTHON, help="version, such as 3.12")
    given = parser.parse_args()
    if given.folder.exists():
        sys.exit(f"{given.folder} exists already")
    try:
        gather(given.folder, given.python)
    except subprocess.CalledProcessError as failed:
        shutil.rmtree(given.folder, ignore_errors=True)
        sys.exit(failed.returncode)
    files = list((given.folder / WHEELS).iterdir())
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{given.folder}: {len(files)} wheels, {size:.0f} MB")


if __name__ == "__main__":
    main()
