"""Policies of made-up places, written with docs/policy-file.md alone, work through every door."""

from pathlib import Path

import pytest

import xlplan
from xlplan.app.audit import audit_document
from xlplan.app.explanation import explain
from xlplan.cli import main
from xlplan.model import YI
from xlplan.policy import load_policy

PLACES = sorted((Path(__file__).parents[1] / "cases" / "other_places").glob("*.toml"))


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


@pytest.mark.parametrize("file", PLACES, ids=lambda file: file.stem)
def test_a_new_book_of_the_place_is_checked_and_recalculated_without_an_error(
    capsys, tmp_path, file
):
    book = tmp_path / "新.xlsx"
    assert main(["new", "--policy", str(file), str(book)]) == 0
    assert main(["check", str(book), "--policy", str(file)]) == 0
    assert main(["recalculate", str(book), "--policy", str(file)]) == 0
    out = capsys.readouterr().out
    assert load_policy(file).title in out


@pytest.mark.parametrize("file", PLACES, ids=lambda file: file.stem)
def test_what_the_place_says_is_described_with_every_clause(capsys, file):
    assert main(["policy", str(file)]) == 0
    out = capsys.readouterr().out
    assert all(place in out for place in load_policy(file).clauses)


KNOWN = {
    "yunxi-2024": [],
    "jiangwan-2024": ["XP559"],
    "pingchuan-2024": ["XP565", "XP565"],
    "hengling-2024": ["XP560"],
}
"""What each place was made to say against itself."""


@pytest.mark.parametrize("file", PLACES, ids=lambda file: file.stem)
def test_the_audit_finds_what_was_put_there_and_no_more(file):
    facts = [fact.code for fact in audit_document(load_policy(file))]
    assert facts == KNOWN.get(file.stem, [])


UNSAYABLE = {
    "a weight by sector": (
        'share = "60%"',
        'sectors = ["工业"]\nshare = "60%"',
        "weight[2].sectors",
    ),
    "a weight above the whole": ('share = "60%"', 'share = "120%"', "weight[2].share"),
    "a unit of two": ('unit = "家"', 'unit = "万元/亩"', "measure[8].unit"),
}


@pytest.mark.parametrize(("old", "new", "path"), UNSAYABLE.values(), ids=UNSAYABLE)
def test_what_cannot_be_said_is_refused_at_its_key_with_a_right_example(
    capsys, tmp_path, old, new, path
):
    text = next(file for file in PLACES if "yunxi" in file.stem).read_text(encoding="utf-8")
    file = tmp_path / "改.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert main(["policy", "check", str(file)]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if f"] {path}：" in line]
    assert "正确写法：" in line


@pytest.mark.parametrize("file", PLACES, ids=lambda file: file.stem)
def test_a_new_book_says_every_target_as_the_document_does(capsys, tmp_path, file):
    book = tmp_path / "新.xlsx"
    main(["new", "--policy", str(file), str(book)])
    main(["check", str(book), "--policy", str(file)])
    out = capsys.readouterr().out
    assert "XP505" not in out
    assert "XP202" not in out


WHOLE = """
[[table]]
group = "云溪县"
title = "全县"
period = "2024"
clause = "{clause}"
measures = ["{measure}"]
heads = [["{measure}", ""]]
total = ["合计", "50亿元"]
"""


def test_the_area_as_a_whole_has_a_target_that_no_group_has(tmp_path):
    text = next(file for file in PLACES if "yunxi" in file.stem).read_text(encoding="utf-8")
    own = load_policy(next(file for file in PLACES if "yunxi" in file.stem))
    measure = next(m.name for m in own.sums if m.is_money and not m.part_of)
    file = tmp_path / "yunxi-2024.toml"
    file.write_text(
        text + WHOLE.format(clause=own.tables[0].clause, measure=measure), encoding="utf-8"
    )
    book = tmp_path / "新.xlsx"
    assert main(["new", "--policy", str(file), str(book)]) == 0
    result = xlplan.recalculate(xlplan.open_book(book), policy=file, period="2024")
    totals = result.figures.totals
    row = totals[(totals["group"] == "云溪县") & (totals["measure"] == measure)].iloc[0]
    assert int(row["target"]) == 50 * YI
    listed = result.figures.ledger.targets
    (cell,) = listed[(listed["group"] == "云溪县")].itertuples()
    assert (cell.unit, cell.sheet) == ("合计", "目标")
    for asked in ("合计", "总计", "云溪县", "云溪县合计", "全区合计"):
        said = str(explain(result.figures, f"{asked}/{measure}"))
        assert said.startswith(f"云溪县合计 {measure}：完成 0 亿元，目标 50 亿元")
        assert f"目标读自 目标!D{cell.row}，原文“50亿元”。" in said
    group = str(explain(result.figures, f"乡镇合计/{measure}"))
    assert "目标 4 亿元" in group
    assert "原文“4亿元”" in group


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('total = ["合计", "50亿元"]', 'rows = [["城关镇", "50亿元"]]'),
        ('total = ["合计", "50亿元"]', ""),
        ('group = "云溪县"', 'group = "别处"'),
    ],
)
def test_the_area_as_a_whole_has_no_units_and_its_name(capsys, tmp_path, old, new):
    text = next(file for file in PLACES if "yunxi" in file.stem).read_text(encoding="utf-8")
    own = load_policy(next(file for file in PLACES if "yunxi" in file.stem))
    measure = next(m.name for m in own.sums if m.is_money and not m.part_of)
    whole = WHOLE.format(clause=own.tables[0].clause, measure=measure).replace(old, new)
    (tmp_path / "改.toml").write_text(text + whole, encoding="utf-8")
    assert main(["policy", "check", str(tmp_path / "改.toml")]) == 1
    assert f"table[{len(own.tables) + 1}]" in capsys.readouterr().out
