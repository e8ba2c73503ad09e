"""Two results of made-up ledgers, and what changed between them."""

from datetime import date
from fractions import Fraction

from support.ledgers import first_options, ledger_of

from xlplan.app.earlier import side_of
from xlplan.app.recalculation import Basis, credit
from xlplan.model import Settings
from xlplan.policy import load_policy
from xlplan.progress.changes import PARTS, changes
from xlplan.quantity import parse_period

POLICY = load_policy("fuling-2021")
CLOSED = first_options(POLICY)
JUNE, SEPTEMBER = date(2021, 6, 30), date(2021, 9, 30)


def result_of(rows, choices=CLOSED, *, as_of=SEPTEMBER, period="2021", ledger=None):
    """The result of (projects, receipts), or of a ledger made otherwise."""
    made = ledger or ledger_of(POLICY, *rows, choices)
    return credit(Basis(POLICY, parse_period(period), as_of, made, Settings(), (), beside=True))


def changed(before, after, heirs=None):
    """The frame of changes between two results."""
    sides = (side_of(one.figures) for one in (before, after))
    return changes(*sides, POLICY, heirs or {})


def parts_of(frame, unit, measure, group=None):
    """The parts that are not nothing, in the measure's own unit."""
    rows = frame[(frame["unit"] == unit) & (frame["measure"] == measure)]
    if group is not None:
        rows = rows[rows["group"] == group]
    (row,) = rows.to_dict("records")
    per = POLICY.measure(measure).grains
    return {name: str(Fraction(int(row[name]), per)) for name in PARTS if row[name]}
