"""A report on the layout of a document as lines: what differs and where, what nobody looked at."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xlplan.cli.terminal import pad, width

if TYPE_CHECKING:
    from xlplan.cli.door import Door
    from xlplan.gbt9704 import Report, Verdict

SHOWN = 5
"""Places that are listed for one fact; the rest is counted."""


def layout_lines(report: "Report", door: "Door") -> Iterator[str]:
    """One line a fact, with the places that differ below it."""
    names = {
        fact.id: fact.name + door.text("layout.clause", clause=fact.clause)
        for fact, _ in report.verdicts
    }
    columns = max(map(width, names.values()), default=0)
    words = {
        verdict.outcome: door.text(f"layout.{verdict.outcome.name.lower()}")
        for _, verdict in report.verdicts
    }
    most = max(map(width, words.values()), default=0)
    for fact, verdict in report.verdicts:
        said = verdict.reason or door.text("layout.wanted", text=verdict.wanted)
        word = pad(words[verdict.outcome], most)
        yield f"{pad(names[fact.id], columns)}  {word}  {said}".rstrip()
        yield from _places(verdict, door)


def _places(verdict: "Verdict", door: "Door") -> Iterator[str]:
    for place in verdict.found[:SHOWN]:
        yield f"    {place}"
    if len(verdict.found) > SHOWN:
        yield "    " + door.text("layout.more", count=len(verdict.found) - SHOWN)
