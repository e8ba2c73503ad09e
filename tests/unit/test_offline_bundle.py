"""The bundle for computers without a network: what only Windows needs is in it, all checked."""

import hashlib
import importlib.util
import zipfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "offline" / "bundle.py"


@pytest.fixture(scope="module")
def bundle():
    spec = importlib.util.spec_from_file_location("bundle", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(folder, name, version, *needs):
    path = folder / f"{name}-{version}-py3-none-any.whl"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {need}" for need in needs]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(lines) + "\n\n")
    return path


@pytest.fixture
def wheels(tmp_path):
    wheel(tmp_path, "xlplan", "0.1.0", "pandas>=2", 'xlwings; extra == "excel"')
    wheel(tmp_path, "pandas", "3.1", "tzdata; sys_platform == 'win32'", "uvloop; os_name=='posix'")
    wheel(tmp_path, "xlwings", "0.37", "pywin32>=224; platform_system == 'Windows'")
    return tmp_path


def test_what_only_windows_needs_is_missed_and_what_it_does_not_need_is_not(bundle, wheels):
    assert bundle.missing(wheels, "xlplan", ["excel"], "3.12") == ["pywin32>=224", "tzdata"]


def test_an_extra_that_is_not_asked_for_brings_nothing(bundle, wheels):
    assert bundle.missing(wheels, "xlplan", [], "3.12") == ["tzdata"]


def test_a_wheel_of_a_wrong_version_counts_as_missing(bundle, wheels):
    wheel(wheels, "tzdata", "2026.1")
    wheel(wheels, "pywin32", "100")
    assert bundle.missing(wheels, "xlplan", ["excel"], "3.12") == ["pywin32>=224"]


def test_two_packages_that_need_each_other_come_to_an_end(bundle, tmp_path):
    wheel(tmp_path, "xlplan", "1", "other")
    wheel(tmp_path, "other", "1", "xlplan")
    assert bundle.missing(tmp_path, "xlplan", [], "3.12") == []


def test_every_wheel_is_pinned_with_its_digest_and_pip_only_named(bundle, wheels):
    pip = wheel(wheels, "pip", "26.0")
    lines = bundle.pinned(wheels).splitlines()
    digest = hashlib.sha256((wheels / "pandas-3.1-py3-none-any.whl").read_bytes()).hexdigest()
    assert f"pandas==3.1 --hash=sha256:{digest}" in lines
    assert [line.startswith("# ") for line in lines] == [line.startswith("# pip") for line in lines]
    assert len(lines) == len(list(wheels.glob("*.whl")))
    assert pip.name in bundle.told(wheels, "3.12")


def test_the_instructions_are_filled(bundle, wheels):
    text = bundle.told(wheels, "3.13")
    assert "xlplan 0.1.0" in text
    assert "python313._pth" in text
    assert "{" not in text
    assert "excel install" in text
