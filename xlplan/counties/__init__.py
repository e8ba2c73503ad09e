"""The area above: what many workbooks report, added up; a project that several have, once."""

from xlplan.counties.adding import add_up
from xlplan.counties.frames import line_frame, shared_frame, total_frame
from xlplan.counties.loading import load_scope
from xlplan.counties.members import cohort_members, credit_members
from xlplan.counties.nouns import (
    Added,
    Area,
    County,
    How,
    Line,
    Own,
    Report,
    Scope,
    Shared,
    Sought,
    Stated,
    Total,
)

__all__ = [
    "Added",
    "Area",
    "County",
    "How",
    "Line",
    "Own",
    "Report",
    "Scope",
    "Shared",
    "Sought",
    "Stated",
    "Total",
    "add_up",
    "cohort_members",
    "credit_members",
    "line_frame",
    "load_scope",
    "shared_frame",
    "total_frame",
]
