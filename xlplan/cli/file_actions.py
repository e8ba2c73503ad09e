"""What the commands on one file do and print, for which nothing is computed.

Each loads what it needs itself: they have little in common, and are done in no time.
"""

from dataclasses import dataclass
from pathlib import Path

import click

from xlplan.cli.door import Door
from xlplan.cli.layout import layout_lines
from xlplan.cli.telling import Tell, shown, status_of, tell_findings, to_stderr, write_json


@dataclass(frozen=True, slots=True)
class Given:
    """What the parser found on the command line."""

    book: Path = Path()
    policy: str | None = None
    old: Path | None = None
    document: Path = Path()
    variant: Path | None = None
    target: str | None = None


def new(door: Door, given: Given) -> int:
    """Make an empty standard workbook, or one with the units and targets of an older file."""
    from xlplan.app import creation  # noqa: PLC0415 - as said above
    from xlplan.policy import load_policy  # noqa: PLC0415 - as said above

    law = load_policy(given.policy or "")
    if given.old is None:
        written = creation.new_book(given.book, law)
        click.echo(door.text("created", path=shown(written.path), policy=law.title))
        return 0
    written, found = creation.new_book_from(given.book, law, given.old)
    click.echo(door.text("created", path=shown(written.path), policy=law.title))
    tell_findings(door, found, click.echo)
    return status_of(found)


def check_document(door: Door, given: Given) -> int:
    """Say of each fact of GB/T 9704 whether a document conforms, differs, or was not checked."""
    from xlplan import gbt9704  # noqa: PLC0415 - as said above

    report = gbt9704.check_document(given.document, given.variant)
    if given.target is not None:
        write_json(report.told(), given.target)
    tell: Tell = to_stderr if given.target == "-" else click.echo
    for line in layout_lines(report, door):
        tell(line)
    counts = {outcome.name.lower(): report.count(outcome) for outcome in gbt9704.Outcome}
    tell(door.text("layout", path=given.document, standard=report.standard, **counts))
    return 0 if report.conforms else 1


def undo(door: Door, given: Given) -> int:
    """Put the last written-back state back."""
    from xlplan import package  # noqa: PLC0415 - as said above

    click.echo(door.text("undone", path=shown(package.undo(given.book))))
    return 0
