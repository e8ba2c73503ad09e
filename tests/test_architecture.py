"""The house rules that no linter knows."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from xlplan import resources

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "xlplan").rglob("*.py"))
PARSED = {path: ast.parse(path.read_text("utf-8")) for path in SOURCES}
LONGEST = 40

DOCSTRING_OWNERS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def functions(tree):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return (node for node in ast.walk(tree) if isinstance(node, kinds))


def strings(tree):
    """Every string of a module that is not a docstring."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, DOCSTRING_OWNERS) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{path.name}:{node.name} {node.end_lineno - node.lineno + 1}"
        for path, tree in PARSED.items()
        for node in functions(tree)
        if node.end_lineno - node.lineno >= LONGEST
    ]
    assert not long


@pytest.mark.parametrize("policy", sorted(resources.policy_files()))
def test_the_engine_names_no_policy(policy):
    law = tomllib.loads(resources.policy_files()[policy].read_text("utf-8"))
    words = {law["policy"]["area"].rstrip("市区县镇"), *law["policy"].get("origins", ())}
    words |= {unit["name"] for unit in law["unit"]}
    found = [
        f"{path.name}: {text}"
        for path, tree in PARSED.items()
        for text in strings(tree)
        if any(word in text for word in words)
    ]
    assert not found


def test_nothing_paid_of_xlwings_is_imported():
    """Naming it, to bar it, is another matter: tests/unit/test_uno_engine.py looks at run time."""
    imported = re.compile(r"(from |import |import_module\(['\"])xlwings(\.| import )(pro|reports)")
    for path in SOURCES:
        assert not imported.search(path.read_text("utf-8")), path


def test_the_wheel_carries_what_the_library_opens():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    carried = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for shelf in ("templates", "samples", "macros"):
        assert carried[shelf] == f"xlplan/_shipped/{shelf}"
        assert resources.shelf(shelf).is_dir()


def test_every_room_of_the_contract_is_on_the_map():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = {room.strip() for layer in layers for room in layer.split("|")}
    house = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    missing = [room for room in rooms if not re.search(rf"\b{room}\b", house)]
    assert not missing
