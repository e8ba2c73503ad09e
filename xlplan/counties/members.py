"""The projects behind a book's measures, each with what it counts for the county, exactly.

They add up to the county's own total that counts joint projects once (`model.TOTALS`, `distinct`).
"""

from typing import TYPE_CHECKING

from xlplan.model import MEMBERS

if TYPE_CHECKING:
    import pandas as pd

_AMOUNT = ["measure", "project", "sheet", "row", "column"]
_IDENTITY = ["project", "name", "credit_code", "investor"]


def credit_members(credits_: "pd.DataFrame", projects: "pd.DataFrame") -> "pd.DataFrame":
    """What each project counts in each sum (`model.CREDITS` → `model.MEMBERS`).

    An amount counts what its units are credited, at most its whole.
    """
    counted = credits_.loc[credits_["credit"] != 0, [*_AMOUNT, "credit", "whole"]]
    counted = counted.assign(whole=counted["whole"].abs())
    amounts = counted.groupby(_AMOUNT, sort=False, as_index=False).agg(
        credit=("credit", "sum"), whole=("whole", "max")
    )
    kept = amounts["credit"].clip(-amounts["whole"], amounts["whole"])
    return _by_project(amounts.assign(amount=kept, counted=0), projects)


def cohort_members(cohorts: "pd.DataFrame", projects: "pd.DataFrame") -> "pd.DataFrame":
    """What each project counts in each rate, once (`model.COHORTS` → `model.MEMBERS`)."""
    return _by_project(cohorts[cohorts["first"]], projects)


def _by_project(amounts: "pd.DataFrame", projects: "pd.DataFrame") -> "pd.DataFrame":
    """One row a measure and project, with the first of its cells."""
    by_project = amounts.groupby(["measure", "project"], sort=False, as_index=False).agg(
        amount=("amount", "sum"),
        counted=("counted", "sum"),
        **{name: (name, "first") for name in ("sheet", "row", "column")},
    )
    known = projects.drop_duplicates("project")[_IDENTITY]
    told = by_project.merge(known, on="project", how="left")
    for name in _IDENTITY:
        told[name] = told[name].fillna("")
    return MEMBERS.of({name: told[name] for name in MEMBERS.names})
