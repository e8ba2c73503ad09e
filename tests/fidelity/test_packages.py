"""Workbooks that installed packages ship: VBA, buttons, ribbons; sheets go in, all else stays."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from support.fidelity import (
    check,
    check_consistent,
    check_hanging,
    part_names,
    sheet,
    spliced,
    worksheets,
)
from support.zips import contents

SHIPPING = ("xlwings",)
FOUND = [
    path
    for spec in map(find_spec, SHIPPING)
    if spec and spec.origin
    for path in sorted(Path(spec.origin).parent.rglob("*.xl[sat][xm]"))
]
pytestmark = pytest.mark.skipif(not FOUND, reason="no installed package ships a workbook")
each_book = pytest.mark.parametrize("path", FOUND or [Path()], ids=lambda path: path.name)


@each_book
def test_a_sheet_is_added_and_macros_and_ribbons_stay(path):
    before = path.read_bytes()
    after = spliced(before, sheet("结果"))
    check(before, after, "结果", set())
    check_consistent(after)
    macros = [name for name in contents(before) if "vbaProject" in name]
    assert macros
    assert contents(before).keys() <= contents(after).keys()


@each_book
def test_each_sheet_is_replaced_and_what_hangs_on_it_stays(path):
    before = path.read_bytes()
    parts = part_names(before)
    for name in worksheets(before):
        after = spliced(before, sheet(name))
        check(before, after, name, {parts[name]})
        check_hanging(before, after, parts[name])
        check_consistent(after)
