"""The Fuling sample: what it must contain."""

import pytest
from support import sample

from xlplan.policy.targets import TOTAL
from xlplan.tables import read_ledger

INTENDED = {"XP104": 2, "XP305": 2, "XP309": 2, "XP541": 5}


@pytest.fixture(scope="module")
def ledger():
    return sample.reading()[1].ledger


def test_the_demo_finds_the_workbook_with_all_rulings_chosen_first():
    assert min(sample.CHOSEN.parent.glob("*.xlsx")) == sample.CHOSEN


def test_it_is_as_large_as_promised(ledger):
    assert len(ledger.projects) >= 60
    assert len(ledger.receipts) >= 150
    assert len(ledger.units) == 22


def test_its_targets_are_the_documents_own(ledger):
    issued = {(t.group, t.unit, t.measure, t.bound, t.value) for t in sample.policy().targets}
    columns = ("group", "unit", "measure", "bound", "value")
    read = set(zip(*(ledger.targets[name] for name in columns), strict=True))
    assert read == issued
    assert (TOTAL, 580 * 10**10) in {(unit, value) for _, unit, _, _, value in read}


def test_every_sheet_with_made_up_data_says_so():
    from xlplan import files

    book = files.open_workbook(sample.CHOSEN)
    for name in ("项目台账", "到位资金", "口径"):
        assert "示例数据" in str(book.grid(name).at(1, 1))


def test_reading_it_finds_only_what_the_readme_announces():
    codes = [found.code for found in sample.figures().diagnostics]
    assert {code: codes.count(code) for code in set(codes)} == INTENDED
    readme = (sample.CHOSEN.parent / "README.md").read_text(encoding="utf-8")
    assert all(code in readme for code in INTENDED)


def test_its_ledger_exercises_every_rule(ledger):
    projects = ledger.projects
    assert set(projects["origin"]) == set(sample.policy().origins)
    assert set(projects["sector"]) == set(sample.policy().sectors)
    assert set(projects["cooperating"].map(len)) == {0, 1, 2, 3}
    groups = dict(zip(ledger.units["unit"], ledger.units["group"], strict=True))
    across = {
        frozenset(groups[unit] for unit in (lead, *others))
        for lead, others in zip(projects["lead"], projects["cooperating"], strict=True)
        if others
    }
    assert {len(kinds) for kinds in across} == {1, 2}
    bounds = {1998, 2000, 999, 1000, 100}
    assert bounds <= {int(grains) // 10**8 for grains in projects["investment"].dropna()}
    assert (ledger.receipts["amount"] < 0).any()


def test_some_are_ahead_and_some_behind_and_some_exactly_on_pace():
    gaps = [gap for gap in sample.figures().standings["gap"] if gap is not None]
    assert any(gap > 0 for gap in gaps)
    assert any(gap < 0 for gap in gaps)
    assert any(gap == 0 for gap in gaps)


def test_every_ruling_is_chosen_by_the_sample_and_three_are_open_in_the_other(ledger):
    assert {c.ruling for c in ledger.choices.values() if c.option} == {
        ruling.id for ruling in sample.policy().rulings
    }
    assert {choice.decided_by for choice in ledger.choices.values()} == {"示例"}
    assert (sample.figures(sample.OPEN).credits["pending"] != 0).any()


def test_a_second_reading_gives_the_same(ledger):
    from xlplan import files

    again = read_ledger(files.open_workbook(sample.CHOSEN), sample.policy()).ledger
    assert again.projects.equals(ledger.projects)
