"""Every fault of a policy file is found, and said at its key path; one broken file a fault.

Each file of tests/cases/broken_policies opens with one line per fault that it holds:
`# CODE key.path：words of the message`.
"""

import re
from pathlib import Path

import pytest

from xlplan.diagnostics import KINDS, RequestError
from xlplan.policy import parse_policy

CASES = Path(__file__).parents[1] / "cases" / "broken_policies"
FILES = sorted(CASES.glob("*.toml"))
BROKEN = [file for file in FILES if file.stem != "sound"]
EXPECTED = re.compile(r"^# (XP6\d\d) ([^：\s]+)：(.*)$", re.MULTILINE)


def refusal(file):
    with pytest.raises(RequestError) as refused:
        parse_policy(file.read_text(encoding="utf-8"), file.stem)
    return refused.value


def expected(file):
    return EXPECTED.findall(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_policy_is_refused_with_every_fault_at_its_key_path(file):
    found = list(refusal(file).values["faults"].found)
    wanted = expected(file)
    places = sorted((fault.code, fault.place.path or "-") for fault in found)
    assert places == sorted((code, path) for code, path, _ in wanted)
    for code, path, words in wanted:
        said = [f.message() for f in found if (f.code, f.place.path or "-") == (code, path)]
        assert words in said[0]


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_the_refusal_is_one_line_that_names_file_path_and_fault_in_both_languages(file):
    error = refusal(file)
    chinese, english = error.line(), error.line("en")
    for fault in error.values["faults"].found:
        assert f"{fault.place.path or 'TOML'}：{fault.message()}" in chinese
        assert f"{fault.place.path or 'TOML'}: {fault.message('en')}" in english
    assert f"：{file.stem}：" in chinese
    assert "\n" not in chinese
    assert f"{len(expected(file))} 处" in chinese


def test_every_kind_of_fault_has_a_broken_file():
    shown = {code for file in BROKEN for code, _, _ in expected(file)}
    assert shown == {code for code in KINDS if code.startswith("XP6")} - {"XP601"}


def test_the_sound_policy_has_no_fault():
    assert parse_policy((CASES / "sound.toml").read_text(encoding="utf-8"), "sound").id == "sound"


def test_a_missing_table_of_the_document_is_said_key_by_key():
    with pytest.raises(RequestError) as refused:
        parse_policy("", "empty")
    paths = [fault.place.path for fault in refused.value.values["faults"].found]
    assert "policy.id" in paths
    assert "clauses" in paths
