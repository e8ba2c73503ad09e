"""Small workbooks of several counties, for the verbs that treat many."""

import shutil
from pathlib import Path

from support import grids

CASES = Path(__file__).parents[1] / "cases" / "diagnostics"
POLICY = CASES / "示例.toml"
"""The policy that the small workbook is computed by."""


def county_books(folder, names):
    """The sound workbook of tests/cases/diagnostics, once a county: 甲区/任务分解表.xlsx."""
    sound = grids.book((CASES / "完好.txt").read_text(encoding="utf-8"))
    first = grids.write(sound, folder / "完好.xlsx")
    paths = [folder / "市" / name / "任务分解表.xlsx" for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(first, path)
    first.unlink()
    return paths
