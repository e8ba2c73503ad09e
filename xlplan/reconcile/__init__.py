"""What units submit against the ledger: which project is which, where they differ."""

from xlplan.reconcile.difference import (
    FIELD_TEXTS,
    KIND_TEXTS,
    Difference,
    DifferenceKind,
)
from xlplan.reconcile.differences import Compared, Terms, differences
from xlplan.reconcile.matching import match
from xlplan.reconcile.nouns import (
    HOW_TEXTS,
    LEDGER,
    Candidate,
    Entry,
    Match,
    Matching,
    Payment,
    Reason,
    StatedTotal,
    Submission,
)
from xlplan.reconcile.verdicts import (
    NO_VERDICTS,
    VERDICT_HEADS,
    Verdict,
    Verdicts,
    verdicts,
)

__all__ = [
    "FIELD_TEXTS",
    "HOW_TEXTS",
    "KIND_TEXTS",
    "LEDGER",
    "NO_VERDICTS",
    "VERDICT_HEADS",
    "Candidate",
    "Compared",
    "Difference",
    "DifferenceKind",
    "Entry",
    "Match",
    "Matching",
    "Payment",
    "Reason",
    "StatedTotal",
    "Submission",
    "Terms",
    "Verdict",
    "Verdicts",
    "differences",
    "match",
    "verdicts",
]
