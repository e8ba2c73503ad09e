"""docs/policy-file.md: its examples are one sound policy, and every key has its entry."""

import re
from pathlib import Path

import pytest

from xlplan.diagnostics import KINDS
from xlplan.policy import parse_policy
from xlplan.policy.loading import read_policy
from xlplan.policy.reading import Reading

PAGE = (Path(__file__).parents[2] / "docs" / "policy-file.md").read_text(encoding="utf-8")
EXAMPLES = "\n".join(re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
SECTIONS = dict(re.findall(r"^##+ `\[*(\w+)\]*`\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))


def known_keys():
    """Every key that the loader asks for, by the kind of table."""
    reading = Reading("docs")
    read_policy(EXAMPLES, reading)
    return {table: sorted(keys) for table, keys in reading.asked.items() if table}


def top_tables():
    reading = Reading("docs")
    read_policy(EXAMPLES, reading)
    return reading.asked[""]


def test_the_examples_of_the_page_are_one_sound_policy():
    policy = parse_policy(EXAMPLES, "docs")
    assert policy.tables
    assert policy.rulings
    assert policy.goals


@pytest.mark.parametrize(("table", "keys"), known_keys().items())
def test_every_key_of_a_table_has_its_row(table, keys):
    rows = [line for line in SECTIONS[table].splitlines() if line.startswith("| `")]
    documented = sorted(key for row in rows for key in re.findall(r"`(\w+)`", row.split("|")[1]))
    assert documented == keys


def test_every_table_of_the_file_has_its_section():
    assert top_tables() <= SECTIONS.keys()


def test_the_proofs_name_every_code_of_a_fault():
    codes = {code for code in KINDS if code.startswith("XP6")} - {"XP601"}
    assert codes <= set(re.findall(r"XP6\d\d", PAGE))


def test_the_table_of_what_can_be_said_names_tables_and_keys_that_there_are():
    section = PAGE.partition("## What can be said\n")[2].partition("\n## ")[0]
    said = [row.split("|")[2] for row in section.splitlines() if row.startswith("| ")]
    tables = {name for row in said for name in re.findall(r"`\[+(\w+)\]+`", row)}
    assert tables <= top_tables()
    assert len(tables) > 15
    keys = {key for keys in known_keys().values() for key in keys}
    assert {key for row in said for key in re.findall("`([a-z_]+)`", row)} <= keys
