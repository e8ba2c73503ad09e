"""Laws of rules and units that change with time, and of shares that divide a whole."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from support.ledgers import Project, Receipt, ledger_of, numbered

from xlplan.crediting import credit
from xlplan.policy import load_policy, parse_policy
from xlplan.quantity import parse_period

PLACE = Path(__file__).parents[1] / "cases" / "other_places" / "hengling-2024.toml"
TEXT = PLACE.read_text(encoding="utf-8")
POLICY = load_policy(PLACE)
JULY, NEW_YEAR = date(2024, 7, 1), date(2024, 12, 31)
NAMES = [unit.name for unit in POLICY.units]
UNITED = {"老园": "新园", "旧港": "新港"}

some = settings(max_examples=30, deadline=None)

grains = st.sampled_from((0, 1, 3, 7, 10**9 + 1)) | st.integers(0, 10**13)
days = st.dates(date(2024, 1, 1), date(2024, 12, 31)) | st.sampled_from(
    (date(2024, 6, 30), JULY, date(2024, 3, 31))
)


def project(units, origin, amount, day):
    lead, *more = units
    return Project(
        "", lead, tuple(more), origin, "制造业", amount, amount, amount, day, landing="商务局"
    )


projects = st.builds(
    project,
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True),
    st.sampled_from(POLICY.origins),
    grains,
    days,
)


@st.composite
def ledgers(draw):
    found = numbered(draw(st.lists(projects, min_size=1, max_size=5)))
    paid = st.builds(Receipt, st.sampled_from([one.project for one in found]), grains, days)
    return found, draw(st.lists(paid, max_size=5))


def credits_of(policy, rows, period, as_of=NEW_YEAR):
    return credit(ledger_of(policy, *rows), policy, parse_period(period), as_of).credits


def plainly(text):
    """The place before anything was changed: the first rules without end, no unit merged."""
    kept = [part for part in text.split("\n\n") if "valid_from = 2024-07-01\n" not in f"{part}\n"]
    lines = "\n\n".join(kept).splitlines()
    tier = '  { investment = ">= 1亿元", valid_from = 2024-07-01 },'
    dated = ("valid_to = 2024-07-01", 'successor = "新园"', 'successor = "新港"', tier)
    undated = (line.replace(", valid_to = 2024-07-01", "") for line in lines)
    return "\n".join(line for line in undated if line not in dated)


BEFORE = parse_policy(plainly(TEXT).replace("includes_predecessor = true\n", ""), "hengling-2024")


@some
@given(ledgers(), st.sampled_from(("2024Q1", "2024Q2", "2024-06")), st.data())
def test_an_old_quarter_computed_again_at_the_end_of_the_year_is_what_it_was(rows, period, data):
    """Whatever was ruled or merged since then: to the last 分, unit by unit, clause by clause."""
    period_ = parse_period(period)
    late = data.draw(st.dates(period_.end - timedelta(days=1), NEW_YEAR))
    policy = replace(POLICY, measures=tuple(m for m in POLICY.measures if not m.lag))
    then = replace(BEFORE, measures=policy.measures)
    # 旧港 is credited to 新港 for the whole year, which is no change since then.
    rows = [one for one in rows[0] if "旧港" not in (one.lead, *one.cooperating)], rows[1]
    once = credits_of(then, rows, period, period_.end - timedelta(days=1))
    again = credits_of(policy, rows, period, late)
    pd.testing.assert_frame_equal(again, once)


@some
@given(ledgers())
def test_what_is_dated_since_the_change_goes_by_the_new_rules_alone(rows):
    """The same rules without a beginning give the same, and so does a ledger without the rest."""
    since = TEXT.replace("valid_from = 2024-07-01\n", "").replace(", valid_from = 2024-07-01", "")
    old = ["weight.inside", "split.seven-three"]
    kept = [part for part in since.split("\n\n") if not any(f'id = "{id_}"' in part for id_ in old)]
    only_new = parse_policy(
        "\n\n".join(kept).replace('  { investment = ">= 5000万元", valid_to = 2024-07-01 },\n', ""),
        "hengling-2024",
    )
    one, other = (
        frame[frame["date"] >= pd.Timestamp(JULY)].reset_index(drop=True)
        for frame in (credits_of(policy, rows, "2024") for policy in (POLICY, only_new))
    )
    pd.testing.assert_frame_equal(one, other)


@some
@given(ledgers())
def test_a_merger_moves_credits_and_neither_loses_nor_doubles_any(rows):
    """By unit and day: to the successor from the last day on, or all of it where it is declared."""
    apart = [replace(unit, successor="", valid_to=None) for unit in POLICY.units]
    alone = replace(POLICY, units=tuple(replace(u, includes_predecessor=False) for u in apart))
    before, after = (credits_of(policy, rows, "2024") for policy in (alone, POLICY))
    columns = ["project", "measure", "role", "sheet", "row", "unit", "credit", "pending"]
    heirs = [
        UNITED[unit] if unit == "旧港" or (unit == "老园" and day.date() >= JULY) else unit
        for unit, day in zip(before["unit"], before["date"], strict=True)
    ]
    one, other = before.assign(unit=heirs)[columns], after[columns]
    assert sorted(one.itertuples(index=False)) == sorted(other.itertuples(index=False))


PART = st.integers(0, 12)


@some
@given(ledgers(), st.tuples(PART, PART).filter(any), st.sampled_from(("100%", "50%", "1/3", "7/9")))
def test_shares_by_ratio_or_in_equal_parts_conserve_the_whole(rows, parts, equal):
    """The units together get the weighted amount: all of it, or as much as they share of it."""
    text = TEXT.replace('ratio = "7:3"', f'ratio = "{parts[0]}:{parts[1]}"')
    text = text.replace('equally = "100%"', f'equally = "{equal}"')
    frame = credits_of(parse_policy(text, "hengling-2024"), rows, "2024")
    of = {"100%": Fraction(1), "50%": Fraction(1, 2)}.get(equal) or Fraction(equal)
    for _, lines in frame.groupby(["project", "measure", "sheet", "row", "column"]):
        assert set(lines["state"]) == {"settled"}
        share = of if len(lines) > 2 else Fraction(1)
        assert lines["credit"].sum() == half_up(lines["whole"].iloc[0] * share)
        if len(lines) > 2:
            partners = lines[lines["role"] == "cooperating"]["credit"]
            assert len(set(partners)) == 1
            assert 0 <= lines["credit"].iloc[0] - partners.iloc[0] <= len(lines)


def half_up(value):
    return int(value + Fraction(1, 2))
