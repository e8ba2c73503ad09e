"""Whom a call for submissions asks, by when, and what adopting cannot tell yet."""

from dataclasses import replace
from datetime import date

import pytest
from support import grids, handed_in

from xlplan.app.book import open_book
from xlplan.app.collecting import handed_in as files_in
from xlplan.app.recalculation import Request
from xlplan.app.reconciliation import Collection, reconcile_files
from xlplan.app.submission_call import due_of
from xlplan.policy import load_policy
from xlplan.policy.notices import Calendar
from xlplan.quantity import parse_period

POLICY = load_policy(handed_in.POLICY)
QUARTERLY = Calendar("submit", "季报", "quarter", "各单位报送项目", "附件1", due=10)
BULLETIN = Calendar("bulletin", "季通报", "quarter", "通报进度", "附件1", due=5)


@pytest.mark.parametrize(
    ("asked", "period", "due"),
    [
        (None, "2021Q3", date(2021, 10, 10)),
        (None, "2021Q1", date(2021, 4, 10)),
        (None, "2021", None),
        (None, "2021-09", None),
        ("2021-10-08", "2021Q3", date(2021, 10, 8)),
        (date(2021, 10, 9), "2021", date(2021, 10, 9)),
    ],
)
def test_due_is_as_asked_else_as_the_calendar_says_of_exactly_that_period(asked, period, due):
    policy = replace(POLICY, calendars=(BULLETIN, QUARTERLY))
    assert due_of(asked, policy, parse_period(period)) == due


def reconciled(ledger, handed, tmp_path, period="2021"):
    book = grids.write(grids.book(ledger), tmp_path / "台账.xlsx")
    folder = handed_in.hand_in({"西园.xlsx": handed}, tmp_path / "报送")
    request = Request(policy=handed_in.POLICY, period=period)
    return reconcile_files(open_book(book), request, Collection(tuple(files_in([folder]))))


LEDGER = handed_in.LEDGER.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("years", "asked"),
    [
        (" | ", True),
        ("2021-12-31 | ", True),
        ("2022-01-01 | ", False),
        (" | 2021-01-01", False),
        (" | 2021-01-02", True),
    ],
)
def test_the_units_of_the_period_are_asked_and_no_others(tmp_path, years, asked):
    ledger = LEDGER.replace("民政局 | 部门 | | |", f"民政局 | 部门 | | {years}")
    rows = reconciled(ledger, handed_in.OTHER, tmp_path).board.rows
    assert ("民政局" in {row.unit for row in rows}) == asked


def test_effects_on_a_row_that_does_not_count_yet_are_not_told(tmp_path):
    ledger = LEDGER.replace("P004 | 示例四 | 西园 | | 外来", "P004 | 示例四 | 西园 | | 别处")
    handed = handed_in.OTHER.replace("外来 | 4 | 4", "外来 | 4 | 5")
    done = reconciled(ledger, handed, tmp_path)
    told = {row.difference.field: row.effects for row in done.rows if row.writes}
    assert told["agreement"] is None
