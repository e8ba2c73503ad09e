"""A verb over many workbooks: each by itself, in parallel, resumable."""

from xlplan.app.batch.asking import VERBS, Order
from xlplan.app.batch.batch import Batch, Stopped, Where, batch
from xlplan.app.batch.work import Outcome

__all__ = ["VERBS", "Batch", "Order", "Outcome", "Stopped", "Where", "batch"]
