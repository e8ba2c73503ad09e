"""What an issued document says against itself, before any book is computed with it."""

from collections.abc import Iterator

from xlplan import progress, tables
from xlplan.diagnostics import Cell, Clause, Diagnostic, Diagnostics
from xlplan.policy import Policy
from xlplan.policy.audit import audit_policy
from xlplan.policy.audit_levels import place_of


def audit_document(policy: Policy) -> Diagnostics:
    """Everything of the document that does not agree, each at its clause.

    Totals, quarters and of-which parts as a book's table of targets is audited, then the rest.
    """
    found = Diagnostics(_of_tables(policy))
    found.extend(audit_policy(policy))
    return found


def _of_tables(policy: Policy) -> Iterator[Diagnostic]:
    """XP501 to XP503 and XP511 on the targets as issued: a clause stands for the sheet."""
    clauses = [place_of(policy, target).place for target in policy.targets]
    issued = tables.issued_targets(policy).assign(sheet=clauses)
    for finding in progress.audit_targets(issued, policy):
        if isinstance(finding.place, Cell):
            place = Clause(policy.id, finding.place.sheet)
            yield Diagnostic(finding.kind, place, finding.values)
