"""The policy of eight areas says what their speeches say; the record is skipped where it is not.

The record is a transcription in traditional characters, some with a gloss in brackets.
"""

import re
from pathlib import Path

import pytest

from xlplan.policy import load_policy

ROOT = Path(__file__).parents[2]
RECORD = ROOT / ".." / "shared" / "seeds" / "guangan-2023.txt"
PAGE = (ROOT / "docs" / "documents.md").read_text(encoding="utf-8")
GLOSS = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+\)")
SIMPLE = str.maketrans("億個戶萬條區縣廣華鎣開經鄰岳鋒勝", "亿个户万条区县广华蓥开经邻岳锋胜")
FIGURE = re.compile(r"\d+(?:\.\d+)?(?:%|[亿万]?元|个工作日|[个家户条])")


@pytest.fixture(scope="module")
def policy():
    return load_policy("guangan-2023")


@pytest.fixture(scope="module")
def speeches(policy):
    """What each area said."""
    if not RECORD.is_file():
        pytest.skip("the record is not part of the repository")
    text = GLOSS.sub("", RECORD.read_text(encoding="utf-8")).translate(SIMPLE)
    names, found, area = {unit.name for unit in policy.units}, {}, ""
    for line in text.splitlines():
        if line.strip().rstrip(":：") in names:
            area = line.strip().rstrip(":：")
        elif area:
            found[area] = found.get(area, "") + line
    assert found.keys() == names
    return found


def rows():
    """Area, figures and last column of each row of the page."""
    section = re.search(r"^## `guangan-2023`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:2] == "| "]
    return [cells for cells in lines if cells[0] not in ("place", "---|---|---")]


def test_every_target_stands_in_the_speech_of_its_area(policy, speeches):
    for table in policy.tables:
        (row,) = table.rows
        assert row.unit == table.clause
        for cell in row.cells:
            figure = cell.removeprefix("力争").removesuffix("以上").removesuffix("以内")
            assert figure in speeches[row.unit], (row.unit, cell)


def test_every_figure_of_a_speech_has_its_row_on_the_page(speeches):
    told = {}
    for area, figures, _ in rows():
        told.setdefault(area, set()).update(FIGURE.findall(figures))
    written = {area: set(FIGURE.findall(text)) for area, text in speeches.items()}
    assert told == {area: figures for area, figures in written.items() if figures}


def test_every_measure_stands_on_the_page_at_an_area_that_has_a_target_of_it(policy):
    ids = {measure.name: measure.id for measure in policy.measures}
    said = {(area, known) for area, _, last in rows() for known in re.findall("`(.+?)`", last)}
    aimed = {
        (row.unit, ids[measure])
        for table in policy.tables
        for row in table.rows
        for measure, cell in zip(table.measures, row.cells, strict=True)
        if cell
    }
    assert aimed | {("华蓥市", "joint-projects")} == said
    assert {known for _, known in aimed} == set(ids.values())


def test_an_area_without_figures_has_no_targets(policy):
    assert not [target for target in policy.targets if target.unit == "武胜县"]
