"""Laws of crediting and progress that hold for every ledger, whatever the rulings."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.ledgers import (
    choices_made,
    choosing,
    first_options,
    ledger_of,
    ledgers,
    numbered,
    projects,
    receipts_of,
)

from xlplan.crediting import credit
from xlplan.crediting.exact import half_up, truncated
from xlplan.model import Ledger
from xlplan.policy import load_policy
from xlplan.progress import Counted, Progress, progress
from xlplan.quantity import parse_period

POLICY = load_policy("fuling-2021")
PERIOD = parse_period("2021")
AS_OF = date(2021, 9, 30)
CLOSED = first_options(POLICY)

some = settings(max_examples=25, deadline=None)


def credits_of(ledger: Ledger) -> pd.DataFrame:
    return credit(ledger, POLICY, PERIOD, AS_OF).credits


def progress_of(ledger: Ledger) -> Progress:
    return progress(Counted(credits_of(ledger)), ledger, POLICY, PERIOD, AS_OF)


def as_set(frame: pd.DataFrame, *ignored: str) -> Counter:
    """Rows regardless of order."""
    return Counter(frame.drop(columns=list(ignored)).astype(str).itertuples(index=False, name=None))


def reference_rounding(value: Fraction) -> int:
    size = int(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


@given(st.integers(-(10**17), 10**17), st.fractions(0, 1, max_denominator=10**7))
def test_a_share_is_exact_to_the_last_fen(amount, share):
    one = (np.array([n]) for n in (amount, share.numerator, share.denominator))
    assert half_up(*one).tolist() == [reference_rounding(amount * share)]
    one = (np.array([n]) for n in (amount, share.numerator, share.denominator))
    assert truncated(*one).tolist() == [int(amount * share)]


@some
@given(ledgers(POLICY), choices_made(POLICY, open_too=False))
def test_what_the_units_of_a_project_get_adds_up_to_the_weighted_whole_times_all_shares(
    rows, chosen
):
    frame = credits_of(ledger_of(POLICY, *rows, chosen))
    frame = frame[frame["measure"] != "协议资金（非工业）"]
    for _, lines in frame.groupby(["project", "measure", "sheet", "row"]):
        if len(set(lines["whole"])) == 1 and set(lines["state"]) == {"settled"}:
            shares = sum(map(Fraction, lines["share_num"], lines["share_den"]))
            assert lines["credit"].sum() == reference_rounding(lines["whole"].iloc[0] * shares)


@some
@given(ledgers(POLICY))
def test_when_partners_share_equally_a_joint_agreement_is_credited_exactly_once(rows):
    frame = credits_of(ledger_of(POLICY, *rows, CLOSED))
    frame = frame[frame["measure"] == "协议资金"]
    for _, lines in frame.groupby("project"):
        assert lines["credit"].sum() == lines["whole"].iloc[0]


@some
@given(ledgers(POLICY), choices_made(POLICY), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_credit_and_no_standing(rows, chosen, rng):
    ledger = ledger_of(POLICY, *rows, chosen)
    order = rng.sample(range(len(rows[0])), len(rows[0]))
    paid = rng.sample(range(len(rows[1])), len(rows[1]))
    shuffled = replace(
        ledger, projects=ledger.projects.iloc[order], receipts=ledger.receipts.iloc[paid]
    )
    assert as_set(credits_of(ledger)) == as_set(credits_of(shuffled))
    before, after = progress_of(ledger), progress_of(shuffled)
    pd.testing.assert_frame_equal(before.standings, after.standings)
    pd.testing.assert_frame_equal(before.totals, after.totals)


@some
@given(ledgers(POLICY), ledgers(POLICY), choices_made(POLICY))
def test_two_ledgers_together_credit_what_they_credit_apart(one, other, chosen):
    moved = [replace(project, project=f"Q{project.project}") for project in other[0]]
    paid = [replace(receipt, project=f"Q{receipt.project}") for receipt in other[1]]
    apart = [ledger_of(POLICY, *one, chosen), ledger_of(POLICY, moved, paid, chosen)]
    together = ledger_of(POLICY, [*one[0], *moved], [*one[1], *paid], chosen)
    credits_ = [credits_of(ledger) for ledger in apart]
    assert as_set(credits_of(together), "row") == sum(
        (as_set(frame, "row") for frame in credits_), Counter()
    )
    sums = [totals_of(ledger) for ledger in apart]
    for key, total in totals_of(together).items():
        assert total == [
            sum(both) for both in zip(*(s.get(key, [0] * 3) for s in sums), strict=True)
        ]


def totals_of(ledger: Ledger) -> dict[tuple[str, str], list[int]]:
    frame = progress_of(ledger).totals.set_index(["group", "measure"])
    sums = frame[["done", "pending", "distinct"]]
    return dict(zip(frame.index, sums.to_numpy().tolist(), strict=True))


@some
@given(projects(POLICY), st.integers(0, 10**13))
def test_more_investment_never_lowers_the_tier(project, more):
    assume(project.investment is not None)
    richer = replace(project, investment=project.investment + more)
    ledger = ledger_of(POLICY, numbered([project, richer]))
    tiers = credit(ledger, POLICY, PERIOD, AS_OF).tiers["tier"].tolist()
    heights = [tier.name for tier in POLICY.tiers] + [""]
    assert heights.index(tiers[1]) <= heights.index(tiers[0])


@some
@given(ledgers(POLICY), choices_made(POLICY))
def test_credited_money_never_makes_a_tier(rows, chosen):
    ledger = ledger_of(POLICY, *rows, chosen)
    unpaid = ledger_of(POLICY, [replace(p, agreement=None) for p in rows[0]], (), chosen)
    both = [credit(each, POLICY, PERIOD, AS_OF).tiers for each in (ledger, unpaid)]
    pd.testing.assert_frame_equal(*both)


@some
@given(ledgers(POLICY), choices_made(POLICY), choices_made(POLICY, open_too=False))
def test_choosing_open_rulings_never_credits_more_than_was_pending_or_credited(
    rows, chosen, closing
):
    """Up to one grain a unit: the lead takes what rounding leaves of the partners' shares."""
    ledger = ledger_of(POLICY, *rows, chosen)
    closed = choosing(ledger, POLICY, closing | chosen)
    key = ["project", "unit", "measure", "sheet", "row"]
    before = credits_of(ledger).set_index(key)
    most = (before["credit"] + before["pending"]).abs()
    for line, found in credits_of(closed).set_index(key)["credit"].items():
        assert abs(found) <= most[line] + 4


@some
@given(st.data(), st.lists(projects(POLICY), min_size=1, max_size=4), choices_made(POLICY))
def test_a_joint_project_counts_at_most_once_in_a_total(data, found, chosen):
    listed = numbered(found)
    ledger = ledger_of(POLICY, listed, data.draw(receipts_of(listed)), chosen)
    totals = progress_of(ledger).totals.set_index(["group", "measure"])
    frame = credits_of(ledger)
    for measure, lines in frame.groupby("measure"):
        once = 0
        for _, amount in lines[lines["credit"] != 0].groupby(["project", "sheet", "row"]):
            whole = amount["whole"].abs().max()
            once += max(-whole, min(whole, amount["credit"].sum()))
        assert totals.loc[(POLICY.area, measure), "distinct"] == once


def test_amounts_of_ninety_billion_with_odd_shares_are_exact():
    amount = 900 * 10**8 * 10**10 // 10**2
    shares = [Fraction(1, 3), Fraction(7, 15), Fraction(333_333_333_333, 10**12)]
    found = half_up(
        np.full(3, amount),
        np.array([share.numerator for share in shares]),
        np.array([share.denominator for share in shares]),
    )
    assert found.tolist() == [reference_rounding(amount * share) for share in shares]
