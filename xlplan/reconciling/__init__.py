"""What units submit against the ledger: which project is which, where they differ."""

from xlplan.reconciling.difference import (
    FIELD_TEXTS,
    KIND_TEXTS,
    Difference,
    DifferenceKind,
)
from xlplan.reconciling.differences import Compared, Terms, differences
from xlplan.reconciling.matching import match
from xlplan.reconciling.nouns import (
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
from xlplan.reconciling.verdicts import (
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
