"""Crediting 计入: a ledger and a policy become credits, each with its rules; pure and exact.

    roles  = projects × (lead, cooperating…)
    lines  = roles ⋈ amounts(measure) ⋈ weights(measure, origin, unit) ⋈ splits(measure, role)
    credit = amount × weight × share

Where the rules are silent, in conflict, or hang on an open ruling, the amount stands as pending.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xlplan.crediting.computation import compute
from xlplan.crediting.findings import audit_choices, audit_lag, audit_ledger, audit_status
from xlplan.crediting.outcome import audit_rules, credit_frame
from xlplan.crediting.sources import Window, material_of
from xlplan.crediting.tiers import facts_of, report_untold, tier_frame
from xlplan.crediting.validity import audit_validity
from xlplan.diagnostics import Diagnostics
from xlplan.model import Ledger
from xlplan.policy import Policy
from xlplan.policy.choices import chosen_options
from xlplan.quantity import Period

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Credited", "credit"]


def levels_of(ledger: Ledger, policy: Policy, period: Period) -> frozenset[str]:
    """The measures of which the period's targets are levels 水平; a measure without any says so."""
    targets = ledger.targets
    own = targets[targets["period"] == period.text]
    said = dict(zip(own["measure"], own["basis"], strict=True))
    bases = (
        (m.name, said.get(m.name) or policy.basis_of(m.name, period.text)) for m in policy.measures
    )
    return frozenset(name for name, basis in bases if basis == "level")


@dataclass(frozen=True, slots=True)
class Credited:
    """What a ledger's amounts count for: `model.CREDITS`, `model.TIERS`, and the findings."""

    credits: "pd.DataFrame"
    tiers: "pd.DataFrame"
    diagnostics: Diagnostics


def credit(ledger: Ledger, policy: Policy, period: Period, as_of: date) -> Credited:
    """Credit each amount of the period, up to the as-of date, to the units of its project.

    Money in 分, counts in millionths of a project. Nothing is raised for what the ledger says:
    whatever is not credited is either pending or reported with its cell.
    """
    diagnostics = Diagnostics(audit_choices(policy, ledger.choices))
    facts = facts_of(ledger)
    window = Window(period, as_of, policy.year, levels_of(ledger, policy, period))
    material = material_of(ledger, window, facts, policy)
    tiers = material.tiers
    diagnostics.extend(audit_ledger(material))
    diagnostics.extend(audit_status(material, policy))
    diagnostics.extend(audit_lag(material, policy))
    diagnostics.extend(report_untold(ledger, facts, tiers))
    chosen = chosen_options(policy, ledger.choices)
    computed = compute(material, policy, chosen)
    diagnostics.extend(computed.findings)
    diagnostics.extend(audit_validity(ledger, computed))
    diagnostics.extend(audit_rules(policy, chosen, computed))
    return Credited(credit_frame(ledger, computed), tier_frame(ledger, policy, tiers), diagnostics)
