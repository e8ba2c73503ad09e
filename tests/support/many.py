"""Small workbooks of several counties, for the verbs that treat many."""

import shutil
from pathlib import Path

from support import grids

CASES = Path(__file__).parents[1] / "cases" / "diagnostics"
POLICY = CASES / "示例.toml"
"""The policy that the small workbook is computed by."""

SOUND = (CASES / "完好.txt").read_text(encoding="utf-8")


def county_books(folder, names):
    """The sound workbook of tests/cases/diagnostics, once a county: 甲区/任务分解表.xlsx."""
    first = grids.write(grids.book(SOUND), folder / "完好.xlsx")
    paths = [folder / "市" / name / "任务分解表.xlsx" for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(first, path)
    first.unlink()
    return paths


def county_book(path, policy, *edits):
    """The sound workbook under a policy file of its own, some of its text written otherwise."""
    text = SOUND.replace("考核方案 | 示例", f"考核方案 | {policy}")
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after)
    path.parent.mkdir(parents=True, exist_ok=True)
    return grids.write(grids.book(text), path)
