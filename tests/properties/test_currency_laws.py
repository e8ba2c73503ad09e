"""Laws of amounts in foreign currencies that hold for every ledger."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from support import grids

from xlplan.crediting import credit
from xlplan.policy import load_policy
from xlplan.quantity import parse_period
from xlplan.tables import read_ledger

POLICY = load_policy(Path(__file__).parents[1] / "cases" / "other_places" / "gangqu-2024.toml")
PERIOD, AS_OF = parse_period("2024"), date(2024, 9, 30)
UNITS = [unit.name for unit in POLICY.units]
CONVERTED = {"到位资金", "协议资金", "投资总额"}
KEY = ["project", "unit", "measure", "sheet", "row"]

some = settings(max_examples=25, deadline=None)

cents = st.sampled_from((0, 1, 5, 7, 333_333, 10**9 + 1)) | st.integers(0, 10**13)
currencies = st.sampled_from(("元", "美元", "港元", "欧元"))
amounts = st.tuples(cents, currencies)
days = st.sampled_from((date(2024, 1, 5), date(2024, 2, 1), date(2024, 6, 30), date(2024, 8, 1)))
projects = st.lists(
    st.tuples(
        st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True),
        st.sampled_from(POLICY.origins),
        amounts,
        amounts,
        days,
    ),
    min_size=1,
    max_size=4,
)
receipts = st.lists(
    st.tuples(st.integers(1, 4), days, amounts, st.sampled_from(("", "-"))), max_size=6
)
ledgers = st.tuples(projects, receipts)


def written(amount, name=None):
    """An amount as a clerk writes it, to the hundredth."""
    whole, rest = divmod(amount[0], 100)
    return f"{whole}.{rest:02}{name or amount[1]}"


def sheets(rows, paid, name=None):
    """A ledger as text; with a name every amount is in that currency."""
    lines = [
        "== 项目台账 ==",
        "项目编号 | 牵头单位 | 配合单位 | 来源 | 投资额 | 协议资金 | 签约日期",
    ]
    for at, (units, origin, invested, agreed, day) in enumerate(rows, 1):
        cells = (f"P{at}", units[0], "、".join(units[1:]), origin)
        money = (written(invested, name), written(agreed, name))
        lines.append(" | ".join((*cells, *money, str(day))))
    lines += ["== 到位资金 ==", "项目编号 | 到位日期 | 金额"]
    for project, day, amount, sign in paid:
        if project <= len(rows):
            lines.append(f"P{project} | {day} | '{sign}{written(amount, name)}")
    return "\n".join(lines)


def credits_of(text, policy=POLICY):
    ledger = read_ledger(grids.book(text), policy).ledger
    return credit(ledger, policy, PERIOD, AS_OF).credits, ledger


def half_up(value):
    size = int(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


def rate_on(name, day):
    """The rates of the place once more, as its document says them; None = no rate."""
    if name == "美元":
        return Fraction("6.9")
    if name == "港元" and day >= date(2024, 2, 1):
        return Fraction("0.9111" if day >= date(2024, 7, 1) else "0.9")
    return Fraction(1) if name == "元" else None


@some
@given(ledgers)
def test_every_amount_is_worth_what_was_written_times_the_rate_of_its_day(drawn):
    rows, paid = drawn
    frame, _ = credits_of(sheets(rows, paid))
    expected, own = [], []
    for at, (_, _, invested, agreed, day) in enumerate(rows, 1):
        for measure, (grains, name) in (("投资总额", invested), ("协议资金", agreed)):
            expected.append((f"P{at}", measure, grains, rate_on(name, day)))
        if agreed[1] == "欧元":
            own.append((f"P{at}", "对欧签约", agreed[0]))
    for project, day, (grains, name), sign in paid:
        if project <= len(rows):
            signed = -grains if sign else grains
            expected.append((f"P{project}", "到位资金", signed, rate_on(name, day)))
            if name == "美元":
                own.append((f"P{project}", "到位外资", signed))
    worth = [(p, m, half_up(grains * rate)) for p, m, grains, rate in expected if rate is not None]
    lead = frame[frame["role"] == "lead"]
    of_money = lead[lead["measure"].isin(CONVERTED)]
    assert sorted(
        of_money[["project", "measure", "amount"]].itertuples(index=False, name=None)
    ) == sorted(worth)
    others = lead[lead["measure"].isin({"到位外资", "对欧签约"})]
    assert sorted(
        others[["project", "measure", "amount"]].itertuples(index=False, name=None)
    ) == sorted(own)


@some
@given(ledgers)
def test_the_units_of_a_project_share_the_converted_amount_and_nothing_is_lost(drawn):
    frame, _ = credits_of(sheets(*drawn))
    for _, lines in frame.groupby(["project", "measure", "sheet", "row", "column"]):
        shares = sum(map(Fraction, lines["share_num"], lines["share_den"]))
        assert shares == 1
        assert lines["credit"].sum() == lines["whole"].iloc[0]
        assert half_up(lines["amount"].iloc[0] * weight_of(lines)) == lines["whole"].iloc[0]


def weight_of(lines):
    return Fraction(int(lines["weight_num"].iloc[0]), int(lines["weight_den"].iloc[0]))


@some
@given(ledgers)
def test_a_measure_in_its_currency_counts_that_currency_and_no_other(drawn):
    frame, _ = credits_of(sheets(*drawn))
    for measure, name in (("到位外资", "美元"), ("对欧签约", "欧元")):
        lines = frame[frame["measure"] == measure]
        assert {one.currency for one in lines["foreign"]} <= {name}
        assert all(one.rate is None for one in lines["foreign"])
    counted = frame[frame["measure"].isin(CONVERTED)]["foreign"]
    assert all(one.rate is not None for one in counted if one is not None)


@some
@given(ledgers, st.integers(1, 50))
def test_rescaling_the_rates_scales_what_is_converted(drawn, factor):
    """With every amount in dollars, whole numbers of 元 a dollar: no rounding comes between."""
    text = sheets(*drawn, name="美元")
    before, after = (at_rate(text, Fraction(rate)) for rate in (1, factor))
    key = [*KEY, "column"]
    one, other = before.set_index(key).sort_index(), after.set_index(key).sort_index()
    assert list(one.index) == list(other.index)
    own = np.asarray(one.index.get_level_values("measure") == "到位外资")
    assert (other["amount"].to_numpy()[~own] == factor * one["amount"].to_numpy()[~own]).all()
    assert (other["amount"].to_numpy()[own] == one["amount"].to_numpy()[own]).all()


def at_rate(text, rate):
    """The money credited when a dollar is worth so many 元."""
    dollars = replace(POLICY.currency("美元"), rates=((None, rate),))
    kept = [dollars if one.name == "美元" else one for one in POLICY.currencies]
    frame, _ = credits_of(text, replace(POLICY, currencies=tuple(kept)))
    return frame[frame["measure"] != "大项目"]


@some
@given(ledgers)
def test_a_currency_in_the_column_is_the_same_as_in_the_cell(drawn):
    """Of rows whose amounts are all in one currency; a bare number has the unit of its head."""
    rows = [(*row[:2], row[2], (row[3][0], row[2][1]), row[4]) for row in drawn[0]]
    beside = sheets(rows, [], name=" ").replace(" ", "").splitlines()
    heads = beside[1].replace("投资额", "投资额(元)").replace("协议资金", "协议资金(元)")
    named = [f"{line}|{row[2][1]}" for line, row in zip(beside[2:], rows, strict=False)]
    text = "\n".join([beside[0], f"{heads}|币种", *named])
    columns = ["project", "unit", "measure", "amount", "credit", "row"]
    one, other = credits_of(sheets(rows, []))[0], credits_of(text)[0]
    pd.testing.assert_frame_equal(one[columns], other[columns])
