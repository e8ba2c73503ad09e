"""What the commands around submissions do and print: one function a verb."""

from pathlib import Path

import click

from xlplan.app.book import open_book
from xlplan.app.forms import FormOrder, submission_forms
from xlplan.cli.actions import Given
from xlplan.cli.door import Door
from xlplan.cli.telling import shown, status_of, tell_findings


def submission_form(door: Door, given: Given) -> int:
    """Write the forms, and say where they are."""
    folder = given.out or Path("报送表")
    book = open_book(given.beside) if given.beside is not None else None
    order = FormOrder(folder, given.per_unit, given.filled, given.force)
    written, found = submission_forms(book, given.request, order)
    click.echo(door.text("forms", count=len(written), folder=shown(folder)))
    if book is not None:
        tell_findings(door, found, click.echo, limit=0)
    return status_of(found)
