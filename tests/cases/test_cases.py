"""Cases as data, one folder a policy: a situation in, credits out; the office may add its own.

`other_places` holds made-up places, written with docs/policy-file.md alone.

A file says `title` and `clause`; rulings are closed by their first options but for `[choices]` and
those named in `open`; `codes` are the findings expected, and no others. Amounts are in 亿元 or 个,
rows default to 市外, 工业 and a date within the period. Unless `counts` is true the counts of
projects are left out. Every credit must be listed; what a row does not say is not compared.
`period` and `as_of` say otherwise than the policy's period and 2021-09-30. `[[reported]]` are rows
of 统计数据, `[[reading]]` the `value` of a statistic then, such as 3/25. `[[score]]` are single
scores, bonuses and gates, `[[scored]]` totals.
"""

import tomllib
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from support.ledgers import SIGNED, Project, Receipt, first_options, ledger_of, reported_of, yi

from xlplan.crediting import credit
from xlplan.policy import Policy, load_policy
from xlplan.progress import Counted, progress
from xlplan.scoring import score
from xlplan.statistics import statistics

FOLDER = Path(__file__).parent
AS_OF = date(2021, 9, 30)
CASES = sorted(FOLDER.glob("**/*-2[0-9][0-9][0-9]/*.toml"))


FIELDS = {"credit", "pending", "target", "done", "distinct"}
"""The fields that are amounts; the others are words."""

EXACT = {"value", "points", "full", "total"}
"""The fields that are exact numbers as they stand."""


@pytest.mark.parametrize("file", CASES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_case_credits_what_its_file_says(file):
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    policy = policy_of(file.parent)
    assert case["clause"] in policy.clauses, case["title"]
    ledger = ledger_of(policy, *rows_of(case), choices_of(case, policy))
    ledger = replace(ledger, reported=reported_of(policy, reports_of(case)))
    period, as_of = policy.period_named(case.get("period", policy.period)), case.get("as_of", AS_OF)
    found = credit(ledger, policy, period, as_of)
    known = statistics(found.credits, ledger, policy, period, as_of)
    done = progress(Counted(found.credits, known.readings), ledger, policy, period, as_of)
    earned = score(done.standings, ledger, policy, period, as_of)
    credits_ = shown(found.credits, policy, counts=case.get("counts", False))
    assert len(credits_) == len(case.get("credit", []))
    frames = {
        "credit": credits_,
        "tier": found.tiers,
        "standing": done.standings,
        "reading": known.readings,
        "total": done.totals,
        "score": earned.scores,
        "scored": earned.totals,
    }
    for name, frame in frames.items():
        for row in case.get(name, []):
            assert matches(frame, row, policy), (name, row, frame.to_string())
    expected = set(case.get("codes", []))
    said = {one.code for one in found.diagnostics}
    said |= {one.code for one in known.diagnostics} if "reading" in case else set()
    assert said - {"XP408"} == expected - {"XP408"}
    assert "XP408" in said or "XP408" not in expected


def reports_of(case: dict) -> list[tuple]:
    names = ("unit", "measure", "period", "value", "base")
    return [tuple(row.get(name) for name in names) for row in case.get("reported", [])]


def policy_of(folder: Path) -> Policy:
    """The policy that ships under the folder's name, or that of a made-up place beside it."""
    beside = folder.with_suffix(".toml")
    return load_policy(beside if beside.is_file() else folder.name)


def rows_of(case: dict) -> tuple[list[Project], list[Receipt]]:
    """Without an amount a project has none to credit: it agrees on nothing, invests nothing."""
    blank = {"agreement": "0"} | ({} if case.get("counts") else {"investment": "0"})
    projects = [
        Project(**{name: typed(name, value) for name, value in (blank | row).items()})
        for row in case.get("project", [])
    ]
    receipts = [
        Receipt(row["project"], yi(row["amount"]), row.get("received", SIGNED) or None)
        for row in case.get("receipt", [])
    ]
    return projects, receipts


def typed(name: str, value: object) -> object:
    if name in ("investment", "output", "agreement"):
        return yi(value)
    return tuple(value) if name in ("cooperating", "lists") else value


def choices_of(case: dict, policy: Policy) -> dict[str, str]:
    chosen = first_options(policy) | case.get("choices", {})
    return {ruling: chosen[ruling] for ruling in chosen if ruling not in case.get("open", [])}


def shown(credits_: pd.DataFrame, policy: Policy, *, counts: bool) -> pd.DataFrame:
    money = [measure.name for measure in policy.measures if measure.is_money]
    kept = (credits_["amount"] != 0) & (credits_["measure"].isin(money) | counts)
    return credits_[kept]


def matches(frame: pd.DataFrame, row: dict, policy: Policy) -> bool:
    """Whether exactly the rows that a case means say all that it says."""
    grains = policy.measure(row["measure"]).grains if "measure" in row else 1
    wanted = {
        name: int(Fraction(value) * grains) if name in FIELDS else value
        for name, value in row.items()
    }
    wanted |= {name: Fraction(row[name]) for name in EXACT & row.keys()}
    return any(
        all(record[name] == value for name, value in wanted.items())
        for record in frame.to_dict("records")
    )
