"""docs/policy.schema.json: what editors are told of a policy file is what the loader asks for."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from support.structure import as_json, faults

from xlplan.policy import shipped_policies
from xlplan.policy.json_schema import FILE, PAGE, json_schema, written
from xlplan.resources import shelf

ROOT = Path(__file__).parents[2]
PAGE_TEXT = (ROOT / "docs" / PAGE).read_text("utf-8")
COMMITTED = (ROOT / "docs" / FILE).read_text("utf-8")
SCHEMA = json.loads(COMMITTED)
BROKEN = ROOT / "tests" / "cases" / "broken_policies"
EXPECTED = re.compile(r"^# (XP6\d\d) ([^：\s]+)：", re.MULTILINE)

PARSED = {
    file.stem: (text, as_json(tomllib.loads(text)))
    for file in sorted(BROKEN.glob("*.toml"))
    if (text := file.read_text("utf-8")) and "XP602" not in text
}
# JSON has no dates: one that is written as a text is for the loader to refuse.
MISTYPED = [
    name
    for name, (text, _) in PARSED.items()
    if re.search("^# XP60[35] ", text, re.MULTILINE) and name != "wrong-type-date"
]


def structural_faults(values):
    return [fault.removeprefix(".") for fault in faults(values, SCHEMA, SCHEMA)]


def test_the_committed_schema_is_what_the_loader_says_today():
    again = "python -m xlplan.policy.json_schema docs"
    assert written(json_schema(PAGE_TEXT)) == COMMITTED, f"run: {again}"


@pytest.mark.parametrize("policy", sorted(shipped_policies()))
def test_a_shipped_policy_fits_the_schema(policy):
    values = tomllib.loads(shipped_policies()[policy].read_text("utf-8"))
    assert structural_faults(as_json(values)) == []


def test_the_examples_of_the_page_and_the_sound_policy_fit_the_schema():
    page = "\n".join(re.findall(r"^```toml\n(.*?)^```", PAGE_TEXT, re.MULTILINE | re.DOTALL))
    assert structural_faults(as_json(tomllib.loads(page))) == []
    assert structural_faults(PARSED["sound"][1]) == []


@pytest.mark.parametrize("name", MISTYPED)
def test_an_unknown_key_or_a_wrong_type_does_not_fit_and_is_found_where_the_loader_finds_it(name):
    text, values = PARSED[name]
    wanted = {path for code, path in EXPECTED.findall(text) if code in {"XP603", "XP605"}}
    assert wanted <= set(structural_faults(values)), name


@pytest.mark.parametrize("name", [n for n, (text, _) in PARSED.items() if "# XP614 " in text])
def test_of_two_keys_that_exclude_each_other_exactly_one_is_required(name):
    assert structural_faults(PARSED[name][1])


def test_every_key_has_an_example_of_its_own():
    tables = {"top": SCHEMA, **SCHEMA["$defs"]}
    without = [
        f"{table}.{key}"
        for table, said in tables.items()
        for key, value in said["properties"].items()
        if "examples" not in value and "$ref" not in json.dumps(value)
    ]
    assert without == []


def test_the_wheel_carries_the_schema_that_examples_come_from():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    carried = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert carried[f"docs/{FILE}"] == f"xlplan/_shipped/docs/{FILE}"
    assert (shelf("docs") / FILE).is_file()
