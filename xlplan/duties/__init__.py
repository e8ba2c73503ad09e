"""Duties 责任: who must do which task by when, how far it is, and what each team brought.

duties = tasks × roles × (units, wildcards expanded)        each with the words it comes from
tasks  = Σ duties, against the deadline on the as-of date
teams  = projects of the period by the ledger's 招商组
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xlplan.diagnostics import Diagnostics
from xlplan.duties.expansion import expand
from xlplan.duties.tasks import audit_reports, duty_frame, judge, overdue, task_frame
from xlplan.duties.teams import audit_teams, team_frame
from xlplan.model import Ledger
from xlplan.policy.schema import Policy
from xlplan.quantity import Period

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Duties", "duties"]


@dataclass(frozen=True, slots=True)
class Duties:
    """Who must do what, and what was done: three frames of `xlplan.model`, and the findings."""

    duties: "pd.DataFrame"
    tasks: "pd.DataFrame"
    teams: "pd.DataFrame"
    diagnostics: Diagnostics


def duties(
    ledger: Ledger, tiers: "pd.DataFrame", policy: Policy, period: Period, as_of: date
) -> Duties:
    """The duties of every task, its standing on the as-of date, and the projects of each team.

    `tiers` is `model.TIERS` of the same period. Nothing is guessed: a task that nobody reports is
    not done, and a task without a deadline is never overdue.
    """
    expanded = [
        duty for task in policy.duties.tasks for duty in expand(task, policy, ledger, as_of)
    ]
    judged = judge(expanded, ledger, policy, as_of)
    tasks = task_frame(judged, policy, as_of)
    teams = team_frame(ledger, tiers, policy, period, as_of)
    diagnostics = Diagnostics(audit_reports(ledger, expanded))
    diagnostics.extend(overdue(tasks, policy))
    diagnostics.extend(audit_teams(teams, policy, ledger))
    return Duties(duty_frame(judged), tasks, teams, diagnostics)
