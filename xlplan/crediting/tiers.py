"""Of which tier 档次 a project is: from its investment and output, never from credited money.

Three-valued: a condition holds, does not hold, or cannot be told. A blank output does not meet its
condition; a blank investment, or an unreadable cell, cannot be told.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd

from xlplan.crediting.columns import (
    Codes,
    Days,
    Flags,
    Unreadable,
    amounts,
    days,
    spots,
    texts,
    worded,
)
from xlplan.diagnostics import Diagnostics
from xlplan.model import TIERS, Foreign, Ledger
from xlplan.policy.schema import Bounded, Case, Policy, Threshold
from xlplan.policy.validity import is_dated

BELOW, UNTOLD = -1, -2
"""Codes of a project below every tier, and of one whose tier cannot be told."""

COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}

_FACTS = (
    ("investment", "投资额"),
    ("output", "年产值"),
    ("agreement", "协议资金"),
    ("sector", "行业"),
    ("signed", "签约日期"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Per project: whether a condition holds, and whether that cannot be told."""

    holds: Flags
    untold: Flags

    def both(self, other: "Answer") -> "Answer":
        """Whether both conditions hold."""
        possible = (self.holds | self.untold) & (other.holds | other.untold)
        holds = self.holds & other.holds
        return Answer(holds, possible & ~holds)

    def either(self, other: "Answer") -> "Answer":
        """Whether any of the conditions holds."""
        holds = self.holds | other.holds
        return Answer(holds, (self.untold | other.untold) & ~holds)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ledger says of every project that a tier may ask for."""

    amounts: Mapping[str, Codes]
    missing: Mapping[str, Flags]
    untold: Mapping[str, Flags]
    sector: pd.Series
    signed: Days
    unreadable: Unreadable

    def meets(self, bound: Threshold) -> Answer:
        """Whether the amount lies within the bound."""
        compared = COMPARISONS[bound.comparison](self.amounts[bound.field], bound.value)
        return Answer(compared & ~self.missing[bound.field], self.untold[bound.field])

    def case(self, case: Case) -> Answer:
        """Whether every threshold holds and the sector is among the case's."""
        everyone = np.ones(len(self.sector), dtype=bool)
        answer = Answer(everyone, ~everyone)
        if case.sectors:
            answer = Answer(self.sector.isin(case.sectors).to_numpy(), self.untold["sector"])
        for bound in case.thresholds:
            answer = answer.both(self.meets(bound))
        return answer.both(self.valid(case)) if is_dated(case) else answer

    def valid(self, case: Case) -> Answer:
        """Whether the case held on the day of signature."""
        held = np.ones(len(self.signed), dtype=bool)
        if case.valid_from:
            held &= self.signed >= np.datetime64(case.valid_from, "s")
        if case.valid_to:
            held &= self.signed < np.datetime64(case.valid_to, "s")
        return Answer(held & ~np.isnat(self.signed), self.untold["signed"])


@dataclass(frozen=True, slots=True)
class Classified:
    """The tier of every project as its index in the policy, and the case that made it.

    `cases` are the cases of all tiers in order; `case` is -1 where there is no tier.
    """

    tier: Codes
    case: Codes
    cases: tuple[Case, ...]


def facts_of(ledger: Ledger) -> Facts:
    """Which amounts and sectors are known, missing, or cannot be told."""
    projects = ledger.projects
    spoilt = Unreadable.of(projects)
    missing = {name: projects[name].isna().to_numpy() for name in get_args(Bounded)}
    signed = days(projects["signed"])
    untold = {
        "investment": missing["investment"],
        "agreement": missing["agreement"],
        "signed": np.isnat(signed),
        "output": missing["output"] & spoilt["output"],
        "sector": (texts(projects["sector"]) == "").astype(bool) & ~spoilt["sector"],
    }
    known = {name: amounts(projects[name]) for name in missing}
    return Facts(known, missing, untold, projects["sector"], signed, spoilt)


def classify(facts: Facts, policy: Policy) -> Classified:
    """The highest tier of which any case holds, unless a higher one cannot be told (附件的档次)."""
    size = len(facts.sector)
    tiers = np.full(size, BELOW)
    made_by = np.full(size, -1)
    looking = np.ones(size, dtype=bool)
    cases: list[Case] = []
    for index, tier in enumerate(policy.tiers):
        reached = Answer(~np.ones(size, dtype=bool), np.zeros(size, dtype=bool))
        for case in tier.any_of:
            answer = facts.case(case)
            made_by[looking & answer.holds & ~reached.holds] = len(cases)
            reached = reached.either(answer)
            cases.append(case)
        tiers[looking & reached.holds] = index
        tiers[looking & reached.untold] = UNTOLD
        made_by[looking & reached.untold] = -1
        looking &= ~(reached.holds | reached.untold)
    return Classified(tiers, made_by, tuple(cases))


def tier_frame(ledger: Ledger, policy: Policy, found: Classified) -> pd.DataFrame:
    """Every project with its tier and the condition that made it (`xlplan.model.TIERS`)."""
    projects = ledger.projects.reset_index(drop=True)
    index = np.maximum(found.tier, BELOW)
    return TIERS.of(
        {
            "project": projects["project"],
            "name": projects["name"],
            "unit": projects["lead"],
            "tier": worded([*(tier.name for tier in policy.tiers), ""], index),
            "because": worded([*(case.text for case in found.cases), ""], found.case),
            "clause": worded([*(tier.clause for tier in policy.tiers), ""], index),
            "sheet": projects["sheet"],
            "row": projects["row"],
        }
    )


def report_untold(ledger: Ledger, facts: Facts, found: Classified) -> Diagnostics:
    """XP406 for each project whose tier cannot be told, at the cell that is to blame."""
    diagnostics = Diagnostics()
    reported = np.zeros(len(found.tier), dtype=bool)
    asked = _asked(found.cases)
    for name, head in (fact for fact in _FACTS if fact[0] in asked):
        blamed = (found.tier == UNTOLD) & facts.untold[name] & ~reported
        unread = facts.unreadable[name]
        for spot in spots(ledger, ledger.projects, name, blamed):
            reason = _reason(ledger.projects["foreign"].iloc[spot.index], name, head)
            reason = reason or f"{head}看不懂" if unread[spot.index] else f"缺少{head}"
            diagnostics.add("XP406", spot.cell, project=spot.project, reason=reason)
        reported |= blamed
    return diagnostics


def _reason(foreign: Sequence[Foreign], field: str, head: str) -> str:
    """What is said of an amount that is written in a currency and not converted; else nothing."""
    amount = next((one for one in foreign if one.field == field), None)
    return f"{head}是{amount.amount}，没有折算成人民币" if amount else ""


def _asked(cases: Sequence[Case]) -> set[str]:
    """The fields that these cases turn on."""
    asked = {bound.field for case in cases for bound in case.thresholds}
    sectors = {"sector" for case in cases if case.sectors}
    return asked | sectors | {"signed" for case in cases if is_dated(case)}
