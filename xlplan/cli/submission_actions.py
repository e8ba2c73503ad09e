"""What the commands around submissions do and print: one function a verb."""

import time
from pathlib import Path

import click

from xlplan.app.book import open_book
from xlplan.app.collecting import handed_in
from xlplan.app.forms import FormOrder, submission_forms
from xlplan.app.reconciled import as_json, check_report, write_report
from xlplan.app.reconciliation import Collection, Reconciliation, reconcile_files
from xlplan.cli.actions import Given
from xlplan.cli.door import Door
from xlplan.cli.telling import (
    SHOWN,
    Tell,
    shown,
    status_of,
    tell_elapsed,
    tell_findings,
    to_stderr,
    write_json,
)
from xlplan.cli.terminal import table
from xlplan.diagnostics import Severity


def submission_form(door: Door, given: Given) -> int:
    """Write the forms, and say where they are."""
    began = time.monotonic()
    folder = given.out or Path("报送表")
    book = open_book(given.beside) if given.beside is not None else None
    order = FormOrder(folder, given.per_unit, given.filled, given.force)
    written, found = submission_forms(book, given.request, order)
    click.echo(door.text("forms", count=len(written), folder=shown(folder)))
    if book is not None:
        tell_findings(door, found, click.echo, limit=0)
    tell_elapsed(door, began, click.echo)
    return status_of(found)


def reconcile(door: Door, given: Given) -> int:
    """Hold what was handed in against the ledger, say what came of it, and write the report."""
    if given.applied is not None:
        from xlplan.cli.decision_actions import apply  # noqa: PLC0415 - another way to go

        return apply(door, given)
    began = time.monotonic()
    tell: Tell = to_stderr if given.target == "-" else click.echo
    handed = handed_in(given.submitted or (given.book.parent / "报送",))
    if given.out is not None:
        check_report(given.out, force=given.force)
    book = open_book(given.book)
    with door.counting(len(handed), "collect") as read:
        what = Collection(tuple(handed), given.due, done=read)
        done = reconcile_files(book, given.request, what)
    if given.out is not None:
        write_report(done, given.out, force=given.force)
    if given.target is not None:
        write_json(as_json(done), given.target)
    _tell(door, done, given, tell)
    tell_elapsed(door, began, tell)
    return status_of(done.diagnostics)


def _tell(door: Door, done: Reconciliation, given: Given, tell: Tell) -> None:
    """The board, the worst findings, and where the report is."""
    basis, rows = done.basis, done.board.rows
    values = {"policy": basis.policy.id, "period": basis.period.text, "files": len(done.handed)}
    projects = sum(row.projects for row in rows if row.used)
    tell(door.text("reconciled", book=done.origin.name, projects=projects, **values))
    heads = [door.text(f"head.{name}") for name in ("unit", "file", "day", "projects", "state")]
    lines = table(
        heads,
        [
            [row.unit or "?", row.file or "-", str(row.day or ""), str(row.projects), row.shown]
            for row in rows
        ],
    )
    for line in lines:
        tell(line)
    _tell_worst(door, done, tell)
    if given.out is not None:
        tell(door.text("reconciled.report", path=shown(given.out)))
    else:
        tell(door.text("reconciled.no_report"))


def _tell_worst(door: Door, done: Reconciliation, tell: Tell) -> None:
    """How much was found, and the worst of it by file."""
    found = [(row.file or row.unit, one) for row in done.board.rows for one in row.found]
    tell_findings(door, done.diagnostics, tell, limit=0)
    found.sort(key=lambda pair: list(Severity).index(pair[1].severity))
    for file, one in found[:SHOWN]:
        tell(door.finding(one, within=file))
    if len(found) > SHOWN:
        tell(door.text("more.report", count=len(found) - SHOWN))
