"""One broken workbook per diagnostic code that reading can report."""

from pathlib import Path

import pytest
from support.grids import book

from xlplan.diagnostics import KINDS, Diagnostics
from xlplan.policy import load_policy
from xlplan.tables import read_ledger, read_settings

CASES = Path(__file__).parents[1] / "cases" / "broken_books"
BY_OTHERS = {
    *("XP305", "XP307", "XP313"),  # the engines compare with the as-of date and the rules
    *("XP211", "XP213"),  # come with XP202 and XP201; see tests/cases/diagnostics
    *(f"XP{n}" for n in range(320, 348)),  # what only some policies ask for; see there too
    *("XP353", "XP354"),  # duties compare with who is responsible
    "XP317",  # the policy here declares no such list; see tests/cases/diagnostics
}


def findings(path):
    source = book(path.read_text(encoding="utf-8"))
    return [
        *read_settings(source)[1],
        *read_ledger(source, load_policy("fuling-2021")).diagnostics,
    ]


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_broken_book_gives_its_code_at_its_cell_and_nothing_else(path):
    place = path.read_text(encoding="utf-8").split()[1]
    found = [(item.code, str(item.place)) for item in findings(path)]
    assert found == [(path.stem, place)]


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_finding_can_be_said_in_both_languages(path):
    for language in ("zh", "en"):
        for row in Diagnostics(findings(path)).rows(language):
            assert row["message"]
            assert row["hint"]
            assert "{" not in row["message"] + row["hint"]


def test_every_code_that_reading_reports_has_a_broken_book():
    codes = {code for code in KINDS if code[:3] in ("XP1", "XP2", "XP3")} - BY_OTHERS
    assert {path.stem for path in CASES.glob("*.txt")} == codes | {"XP504", "XP506"}
