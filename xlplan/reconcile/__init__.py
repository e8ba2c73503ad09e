"""What units submit against the ledger: which project is which, where they differ."""

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
    VERDICT_SHEET,
    Verdict,
    Verdicts,
    verdicts,
)

__all__ = [
    "HOW_TEXTS",
    "LEDGER",
    "NO_VERDICTS",
    "VERDICT_HEADS",
    "VERDICT_SHEET",
    "Candidate",
    "Entry",
    "Match",
    "Matching",
    "Payment",
    "Reason",
    "StatedTotal",
    "Submission",
    "Verdict",
    "Verdicts",
    "match",
    "verdicts",
]
