"""How every command speaks: to whom, how much, and what its exit status is."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click

from xlplan.cli.door import Door
from xlplan.diagnostics import Diagnostics, Severity

Tell = Callable[[str], None]

SHOWN = 20
"""Findings and changes that are listed on the terminal; the rest is counted."""


def to_stderr(text: str) -> None:
    """Say something that must not mix with the JSON on standard output."""
    click.echo(text, err=True)


def status_of(diagnostics: Diagnostics) -> int:
    """Exit status 1 when anything was set aside."""
    return 1 if diagnostics.has_errors else 0


def shown(path: Path) -> Path:
    """The path as short as it can be said from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def tell_findings(door: Door, found: Diagnostics, tell: Tell, *, limit: int | None = SHOWN) -> None:
    """Count the findings by severity and list the worst of them, errors first."""
    counts = Counter(finding.severity for finding in found)
    tell(
        door.text(
            "findings",
            errors=counts[Severity.ERROR],
            warnings=counts[Severity.WARNING],
            notes=counts[Severity.NOTE],
        )
    )
    ordered = sorted(found, key=lambda finding: list(Severity).index(finding.severity))
    listed = ordered[:limit]
    for finding in listed:
        tell(door.finding(finding))
    if len(ordered) > len(listed) > 0:
        tell(door.text("more", count=len(ordered) - len(listed)))


def tell_elapsed(door: Door, began: float, tell: Tell) -> None:
    """How long it took, from a reading of the monotonic clock."""
    tell(door.text("elapsed", seconds=f"{time.monotonic() - began:.1f}"))


def write_json(told: object, target: str) -> None:
    """Write the JSON to a file, whole or not at all, or to standard output."""
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    if target == "-":
        # JSON is UTF-8 wherever it goes, also on a GBK console.
        sys.stdout.buffer.write(text.encode())
        return
    from xlplan.package import write_whole  # noqa: PLC0415 - few commands write JSON into a file

    write_whole(Path(target), text.encode())


def tell_audit(door: Door, facts: Diagnostics) -> None:
    """What the document says against itself: facts about it, which decide no exit status."""
    click.echo(door.text("audit" if len(facts) else "audit.agrees", count=len(facts)))
    for fact in facts:
        click.echo(door.finding(fact))
