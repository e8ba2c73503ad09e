"""The self-audit of an issued document: what it says against itself, each at its clause.

These are facts of the document, no faults of the file: everything stands as it is written. What a
table of targets says against itself (its totals, its quarters) is for `progress.audit`, because a
book's own table is asked the same.
"""

from collections.abc import Iterator

from xlplan.diagnostics import Clause, Diagnostics
from xlplan.policy.audit_goals import audit_goals
from xlplan.policy.audit_levels import audit_levels
from xlplan.policy.audit_names import audit_names
from xlplan.policy.audit_parts import audit_parts
from xlplan.policy.schema import Measure, Policy
from xlplan.policy.scoring_proofs import measures_named


def audit_policy(policy: Policy) -> Diagnostics:
    """XP550 to XP565: what of the document's targets, goals, names and scopes does not agree."""
    found = Diagnostics()
    audit_levels(policy, found)
    audit_parts(policy, found)
    audit_goals(policy, found)
    audit_names(policy, found)
    _audit_targets(policy, found)
    return found


def _audit_targets(policy: Policy, found: Diagnostics) -> None:
    """Units and measures that have no target; a document without any table has none for all."""
    if not policy.tables:
        return
    aimed = {target.unit for target in policy.targets}
    if idle := [unit.name for unit in policy.units if unit.name not in aimed]:
        place = Clause(policy.id, policy.tables[0].clause)
        found.add("XP560", place, units="、".join(idle))
    if without := [measure.name for measure in _aimless(policy)]:
        place = Clause(policy.id, policy.tables[0].clause)
        found.add("XP562", place, measures="、".join(without))


def _aimless(policy: Policy) -> Iterator[Measure]:
    """Measures without a target that nothing else uses: no other measure, score, bonus or gate."""
    aimed = {target.measure for target in policy.targets}
    sources = {name for measure in policy.measures for name in measure.statistic.sources}
    sources |= {name for _, name in measures_named(policy)}
    for measure in policy.measures:
        if not measure.statistic.feeds_only and measure.name not in aimed | sources:
            yield measure
