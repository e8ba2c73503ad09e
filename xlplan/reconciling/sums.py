"""A unit's own 合计 against its rows."""

from collections.abc import Iterator, Sequence

from xlplan.reconciling.difference import Context, Difference, shown
from xlplan.reconciling.fields import MONEY
from xlplan.reconciling.nouns import Entry, StatedTotal


def total_differences(context: Context) -> Iterator[Difference]:
    """Totals that are no sum: of the rows above, of those since the last total, of all."""
    submission = context.submission
    for total in submission.totals:
        sums = _sums(total, submission.totals, submission.entries)
        if total.value not in sums:
            is_money = total.field in (*MONEY, "received")
            yield Difference(
                "total",
                submission.unit,
                submission.file,
                "",
                "合计",
                total.field,
                total.cell,
                None,
                submitted=shown(total.value) if is_money else f"{total.value}个",
                known=shown(sums[0]) if is_money else f"{sums[0]}个",
                note=f"“台账”一栏是各行之和{_unread(total, submission.entries)}",
            )


def _unread(total: StatedTotal, entries: Sequence[Entry]) -> str:
    """The rows that say something in the total's column which is no amount: they add nothing."""
    rows = [
        str(entry.row)
        for entry in entries
        if entry.sheet == total.cell.sheet and total.field in (*MONEY, "received")
        if getattr(entry, total.field) is None and entry.texts.get(total.field)
    ]
    return f"；第 {'、'.join(rows)} 行读不了，没有算进去" if rows else ""


def _sums(
    total: StatedTotal, totals: Sequence[StatedTotal], entries: Sequence[Entry]
) -> tuple[int, ...]:
    """What the total may be the sum of, the likeliest first."""
    here = [entry for entry in entries if entry.sheet == total.cell.sheet]
    above = [entry for entry in here if entry.row < total.cell.row]
    earlier = [
        one.cell.row
        for one in totals
        if one.field == total.field
        and one.cell.sheet == total.cell.sheet
        and one.cell.row < total.cell.row
    ]
    since = [entry for entry in above if entry.row > max(earlier, default=0)]
    return tuple(_sum(rows, total.field) for rows in (above or here, since, here, entries))


def _sum(entries: Sequence[Entry], name: str) -> int:
    if name not in (*MONEY, "received"):
        return len(entries)
    return sum(getattr(entry, name) or 0 for entry in entries)
