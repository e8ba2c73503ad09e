"""What the terminal says of a document that was held against a workbook."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xlplan.cli.door import Door
from xlplan.cli.terminal import table

if TYPE_CHECKING:
    from xlplan.app.verification import Verified
    from xlplan.documents.verify import Checked

_HEADS = ("head.place", "head.number", "head.verdict", "head.basis")


def verification_lines(door: Door, verified: "Verified") -> Iterator[str]:
    """Every figure with its verdict and its cell, then how many there are of each."""
    found, figures = verified.found, verified.result.figures
    yield door.text(
        "verified",
        document=found.document,
        policy=figures.policy.id,
        period=figures.period,
        as_of=figures.as_of,
    )
    rows = [_row(door, one) for one in found.figures]
    if rows:
        yield from table([door.text(key) for key in _HEADS], rows)
    counts = "，".join(
        f"{door.text(f'verdict.{verdict}')} {count}"
        for verdict, count in found.counts.most_common()
    )
    yield door.text("verified.counts", count=len(rows), counts=counts or "—", labels=found.labels)
    yield door.text("verified.sound" if found.is_sound else "verified.faults")


def _row(door: Door, one: "Checked") -> tuple[str, str, str, str]:
    """One figure; what is not borne out says what the workbook has instead."""
    basis = one.basis
    if not one.is_supported and one.meant:
        basis = f"{one.meant.shown}（{one.meant.source}）"
    return (one.placed.line.place, one.placed.said.text, door.text(f"verdict.{one.verdict}"), basis)
