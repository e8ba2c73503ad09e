"""到位资金 of one project, submitted and in the ledger: new, missing, changed, and cumulative."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from xlplan.diagnostics import Cell
from xlplan.quantity import Period
from xlplan.reconciling.difference import Context, Difference, DifferenceKind, shown
from xlplan.reconciling.fields import cumulative, slipped, turned
from xlplan.reconciling.nouns import Entry, Payment


@dataclass(slots=True)
class Pairs:
    """Payments of both sides: those that belong together though they differ, and the rest."""

    changed: list[tuple[Payment, Payment]] = field(default_factory=list)
    new: list[Payment] = field(default_factory=list)
    missing: list[Payment] = field(default_factory=list)


def receipt_differences(context: Context, entry: Entry, known: Entry) -> Iterator[Difference]:
    """Payments that differ, and a cumulative amount that is not what the payments make."""
    pairs = paired(entry.payments, known.payments)
    for ours, theirs in pairs.changed:
        yield from _changed(context, (entry, known), (ours, theirs))
    for one in pairs.new:
        yield _payment(context, "receipt", entry, known, one)
        if context.period and one.received and not context.period.contains(one.received):
            yield _payment(context, "outside", entry, known, one)
    for one in pairs.missing:
        if _tells_all(context, known) and _in(context.period, one):
            yield _missing(context, entry, known, one)
    yield from _cumulative(context, entry, known, pairs)


def _tells_all(context: Context, known: Entry) -> bool:
    """Whether a unit tells all receipts of a project: of its own ones, if it tells any."""
    unit = context.submission.unit
    return context.has_payments and (not unit or unit in (known.lead, known.landing))


def paired(submitted: Sequence[Payment], known: Sequence[Payment]) -> Pairs:
    """Which payments are the same: day and amount first, then one day, then one amount.

    What is left pairs by day or amount only where there is one such on each side.
    """
    left, right = sorted(submitted, key=_order), sorted(known, key=_order)
    for ours in list(left):
        twin = next(
            (o for o in right if (o.received, o.amount) == (ours.received, ours.amount)), None
        )
        if twin is not None:
            left.remove(ours)
            right.remove(twin)
    pairs = Pairs()
    for name in ("received", "amount"):
        for ours in list(left):
            said = getattr(ours, name)
            here = [one for one in left if getattr(one, name) == said]
            there = [one for one in right if getattr(one, name) == said]
            if said is not None and len(here) == len(there) == 1:
                pairs.changed.append((ours, there[0]))
                left.remove(ours)
                right.remove(there[0])
    pairs.new, pairs.missing = left, right
    return pairs


def _order(one: Payment) -> tuple[str, int, str, int]:
    day = one.received.isoformat() if one.received else ""
    return day, one.amount or 0, one.sheet, one.row


def _cell(one: Payment, name: str) -> Cell:
    return Cell(one.sheet, one.row, one.columns.get(name, 0))


def _in(period: Period | None, one: Payment) -> bool:
    return period is None or one.received is None or period.contains(one.received)


def _told(one: Payment) -> str:
    return f"{shown(one.received) or '未写日期'} {shown(one.amount)}".strip()


def _changed(
    context: Context, entries: tuple[Entry, Entry], pair: tuple[Payment, Payment]
) -> Iterator[Difference]:
    """A payment of one day with another amount, or of one amount on another day."""
    (ours, theirs), (entry, known) = pair, entries
    name = "amount" if ours.amount != theirs.amount else "received"
    before, after = getattr(theirs, name), getattr(ours, name)
    kind: DifferenceKind = "blank" if after is None else "receipt changed"
    if name == "amount" and after is not None and before is not None:
        kind = "slip" if slipped(after, before) else "transposed" if turned(after, before) else kind
    yield replace(
        context.difference(kind, entry, known, f"payment.{name}"),
        cell=_cell(ours, name),
        other=_cell(theirs, name),
        submitted=shown(after),
        known=shown(before),
        note=_told(theirs),
        adopts="change" if kind != "blank" else "",
        value=after,
        payment=ours,
    )


def _payment(
    context: Context, kind: DifferenceKind, entry: Entry, known: Entry, one: Payment
) -> Difference:
    """A payment that the ledger does not have; it can be added if it has its amount."""
    is_whole = kind == "receipt" and one.amount is not None
    name = "payment.received" if kind == "outside" else "payment.amount"
    return replace(
        context.difference(kind, entry, known, name),
        cell=_cell(one, name.partition(".")[2]),
        other=None,
        submitted=_told(one),
        known=f"本期 {context.period}" if kind == "outside" else "",
        adopts="receipt" if is_whole else "",
        payment=one,
    )


def _missing(context: Context, entry: Entry, known: Entry, one: Payment) -> Difference:
    return replace(
        context.difference("receipt missing", entry, known, "payment.amount"),
        cell=entry.cell("name"),
        other=_cell(one, "amount"),
        known=_told(one),
        payment=one,
    )


def _cumulative(context: Context, entry: Entry, known: Entry, pairs: Pairs) -> Iterator[Difference]:
    """A stated cumulative amount against the ledger's; what new payments explain is none."""
    if entry.received is None:
        return
    before = cumulative(known, context.period)
    if entry.received < before:
        found = context.difference("fell", entry, known, "received")
        yield replace(found, submitted=shown(entry.received), known=shown(before))
    added = sum(one.amount or 0 for one in pairs.new)
    added += sum((ours.amount or 0) - (theirs.amount or 0) for ours, theirs in pairs.changed)
    if entry.received > before and entry.received != before + added:
        more = shown(entry.received - before - max(added, 0))
        note = f"比台账多的 {more} 没有写明到位日期，请补一笔到位资金"
        found = context.difference("more", entry, known, "received")
        yield replace(found, submitted=shown(entry.received), known=shown(before), note=note)
