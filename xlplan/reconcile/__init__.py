"""What units submit against the ledger: which project is which, where they differ."""

from xlplan.reconcile.nouns import Entry, Payment, StatedTotal, Submission

__all__ = ["Entry", "Payment", "StatedTotal", "Submission"]
