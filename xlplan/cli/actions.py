"""What each command does and prints: one function a verb."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlplan.app import bulletin as bulletins
from xlplan.app import creation, explanation, recalculation, verification, whatif
from xlplan.app.book import FileBook, open_book
from xlplan.app.recalculation import STAGES, Request, Result
from xlplan.app.report import as_json
from xlplan.cli.changes import change_table
from xlplan.cli.comparison import comparison_lines
from xlplan.cli.door import Door, Progress
from xlplan.cli.scoreboard import scoreboard
from xlplan.cli.telling import (
    SHOWN,
    Tell,
    shown,
    status_of,
    tell_audit,
    tell_elapsed,
    tell_findings,
    to_stderr,
    write_json,
)
from xlplan.cli.terminal import table
from xlplan.cli.verification import verification_lines
from xlplan.container.memory import uncollected
from xlplan.documents.letterhead import pairs
from xlplan.model import DIFFERENCE_SHEET
from xlplan.policy.audit import audit_policy

if TYPE_CHECKING:
    from xlplan.package import Written
    from xlplan.sheets.description import Sheet


@dataclass(frozen=True, slots=True)
class Given:
    """What the parser found on the command line; a command looks at its own part of it."""

    book: Path = Path()
    what: str = ""
    policy: str | None = None
    as_of: str | None = None
    period: str | None = None
    out: Path | None = None
    target: str | None = None
    dry_run: bool = False
    old: Path | None = None
    folder: Path | None = None
    beside: Path | None = None
    policy_file: Path | None = None
    compare: bool = False
    rulings: tuple[str, ...] = ()
    document: Path = Path()
    variant: Path | None = None
    template: str | None = None
    per_unit: bool = False
    pdf: bool = False
    force: bool = False
    given: tuple[str, ...] = ()
    finished: Path | None = None
    filled: bool = False
    previous: str | None = None
    last_year: str | None = None
    submitted: tuple[Path, ...] = ()
    due: str | None = None
    applied: Path | None = None
    by: str | None = None

    @property
    def request(self) -> Request:
        """The part that a recalculation is asked with."""
        policy = self.policy if self.compare else self.policy or self.policy_file
        return Request(self.as_of, self.period, policy, self.previous, self.last_year)


def recalculate(door: Door, given: Given) -> int:
    """Recalculate and write back, or say what would change."""
    if given.compare:
        return _compare(door, given)
    if given.rulings:
        raise click.UsageError(door.text("wrong.ruling_alone"))
    if given.policy and given.policy_file:
        raise click.UsageError(door.text("wrong.two_policies"))
    with uncollected():  # to the end: what was made is let go, not looked through
        return _recalculated(door, given)


def _recalculated(door: Door, given: Given) -> int:
    began = time.monotonic()
    tell: Tell = to_stderr if given.target == "-" else click.echo
    with door.progress(STAGES) as step:
        book = open_book(given.book)
        result = recalculation.recalculate(book, given.request, step)
        step("sheets")
        book.put(result.sheets)
        step("write")
        written = None if given.dry_run else _saved(door, book, given.out)
    _tell_result(door, given.book, result, tell)
    for line in change_table(door, result):
        tell(line)
    if given.target is not None:
        write_json(as_json(result), given.target)
    if not book.takes_results:
        tell(door.text("beside", book=given.book))
    if written is None:
        _tell_changes(door, book, tell)
    else:
        tell_written(door, written, tell, names_of(result.sheets))
    tell_findings(door, result.diagnostics, tell)
    tell_elapsed(door, began, tell)
    return status_of(result.diagnostics)


def check(door: Door, given: Given) -> int:
    """Read, compute and report; write nothing."""
    began = time.monotonic()
    with door.progress(STAGES[:4]) as step:
        result = recalculation.recalculate(open_book(given.book), given.request, step)
    ledger = result.figures.ledger
    click.echo(
        door.text(
            "checked",
            book=given.book,
            projects=len(ledger.projects),
            receipts=len(ledger.receipts),
            targets=len(ledger.targets),
        )
    )
    tell_findings(door, result.diagnostics, click.echo, limit=None)
    if len(facts := audit_policy(result.figures.policy)):
        tell_audit(door, facts)
    tell_elapsed(door, began, click.echo)
    return status_of(result.diagnostics)


def explain(door: Door, given: Given) -> int:
    """Print where a figure comes from, one sentence a step."""
    result = recalculation.recalculate(open_book(given.book), given.request)
    for line in explanation.explain(result.figures, given.what).lines(door.language):
        click.echo(line)
    return 0


def bulletin(door: Door, given: Given) -> int:
    """Fill a template for the area or for every unit, and list what was written."""
    if given.finished is not None:
        return _verify(door, given, given.finished)
    if given.template is None or given.out is None:
        missing = "--template" if given.template is None else "--out"
        raise click.UsageError(door.text("wrong.missing", name=missing))
    began, folder = time.monotonic(), given.out
    made = _filled(door, given, given.template, folder)
    written = [issued for issued in made.documents if not issued.trouble]
    head = [door.text(f"head.{key}") for key in ("file", "unit", "figures", "unsettled")]
    rows = [
        (one.path.name, one.unit or "—", str(one.figures), "；".join(one.warnings) or "—")
        for one in written
    ]
    for line in table(head, rows[:SHOWN]) if rows else ():
        click.echo(line)
    if len(rows) > SHOWN:
        click.echo(door.text("issued.more", count=len(rows) - SHOWN))
    click.echo(door.text("issued", count=len(written), folder=shown(folder)))
    for warning in made.warnings:
        click.echo(door.text("issued.warning", text=warning))
    if made.failed:
        click.echo(door.text("issued.failed", count=len(made.failed)))
        for issued in made.failed:
            click.echo(f"  {issued.path.name}：{issued.trouble}")
    tell_findings(door, made.result.diagnostics, click.echo, limit=0)
    tell_elapsed(door, began, click.echo)
    return 1 if made.failed else status_of(made.result.diagnostics)


def _counted(door: Door, folder: Path, bar: Progress) -> bulletins.Done:
    """Show how many documents are written, and remember it for the user who stops halfway."""
    count = 0

    def done(issued: bulletins.Issued, of: int) -> None:
        nonlocal count
        count += not issued.trouble
        bar.at(door.text("issued.progress", count=count, of=of))
        door.written[:] = [door.text("issued.so_far", folder=shown(folder), count=count)]

    return done


def _filled(door: Door, given: Given, template: str, folder: Path) -> bulletins.Bulletin:
    """The documents that were asked for, written."""
    flags = {"per_unit": given.per_unit, "force": given.force, "pdf": given.pdf}
    order = bulletins.Order(template, folder, **flags, given=pairs(given.given))
    stages = (*STAGES, "pdf") if given.pdf else STAGES
    with door.progress(stages) as step:
        done = _counted(door, folder, step)
        return bulletins.bulletin(open_book(given.book), given.request, order, step, done)


def _verify(door: Door, given: Given, file: Path) -> int:
    """Look up every figure of a document in the book, and list them with their cells."""
    if given.template is not None or given.out is not None:
        raise click.UsageError(door.text("wrong.verify_alone"))
    began = time.monotonic()
    tell: Tell = to_stderr if given.target == "-" else click.echo
    with door.progress(STAGES) as step:
        verified = verification.verify(open_book(given.book), given.request, file, step)
    for line in verification_lines(door, verified):
        tell(line)
    if given.target is not None:
        write_json(verification.as_json(verified), given.target)
    tell_findings(door, verified.findings, tell, limit=None)
    tell_elapsed(door, began, tell)
    return status_of(verified.findings)


def demo(door: Door, given: Given) -> int:
    """Unpack the sample, recalculate it, print the scoreboard.

    The sample's findings are planted, so they do not make the demo fail.
    """
    path, fresh = creation.unpack_demo(given.folder or Path("xlplan-demo"))
    click.echo(door.text("demo_unpacked" if fresh else "demo_kept", path=path))
    with door.progress(STAGES) as step:
        book = open_book(path)
        result = recalculation.recalculate(book, Request(), step)
        step("sheets")
        book.put(result.sheets)
        step("write")
        written = _saved(door, book)
    for line in scoreboard(door, result):
        click.echo(line)
    tell_written(door, written, click.echo, names_of(result.sheets))
    tell_findings(door, result.diagnostics, click.echo, limit=0)
    unit = result.standings["unit"].iloc[0]
    measure = result.figures.policy.tables[0].measures[-1]
    click.echo(door.text("demo_next", path=path, unit=unit, measure=measure))
    return 0


def _compare(door: Door, given: Given) -> int:
    """Compute the book twice and say where the two differ; only with `-o` is a file written."""
    began = time.monotonic()
    tell: Tell = to_stderr if given.target == "-" else click.echo
    other = whatif.Other(given.policy_file, _rulings(door, given))
    with door.progress(STAGES[:4]) as step:
        book = open_book(given.book)
        found = whatif.compare(book, given.request, other, step)
    for line in comparison_lines(door, given.book, found):
        tell(line)
    if given.target is not None:
        write_json(whatif.as_json(found), given.target)
    if given.out is not None and not given.dry_run:
        book.put([found.sheet])
        tell_written(door, _saved(door, book, given.out), tell, (DIFFERENCE_SHEET,))
    sides = (("head.now", found.before), ("head.then", found.after))
    for head, side in sides[: 1 if found.is_of_rulings else 2]:
        tell(door.text(head))
        tell_findings(door, side.diagnostics, tell, limit=0)
    tell_elapsed(door, began, tell)
    return max(status_of(side.diagnostics) for _, side in sides)


def _rulings(door: Door, given: Given) -> dict[str, str]:
    """The rulings flipped on the command line, ID=OPTION, each once."""
    flipped: dict[str, str] = {}
    for text in given.rulings:
        ruling, equals, option = (part.strip() for part in text.partition("="))
        if not ruling or not equals or ruling in flipped:
            raise click.UsageError(door.text("wrong.ruling_form", text=text))
        flipped[ruling] = option
    return flipped


def names_of(sheets: Sequence["Sheet"]) -> list[str]:
    """The names of sheets in order."""
    return [sheet.name for sheet in sheets]


def _saved(door: Door, book: FileBook, out: Path | None = None) -> "Written":
    """Save, and remember it: a user who stops the command later is told the truth."""
    written = book.save(out)
    if written.changed:
        door.written.append(str(shown(written.path)))
    return written


def _tell_result(door: Door, book: Path, result: Result, tell: Tell) -> None:
    figures = result.figures
    tell(
        door.text(
            "recalculated",
            book=book,
            policy=figures.policy.id,
            period=figures.period,
            as_of=figures.as_of,
            projects=len(figures.ledger.projects),
            receipts=len(figures.ledger.receipts),
            credits=len(figures.credits),
        )
    )


def tell_written(door: Door, written: "Written", tell: Tell, sheets: Sequence[str]) -> None:
    """Say what was written back, and that it can be undone."""
    if not written.changed:
        tell(door.text("unchanged", path=shown(written.path)))
        return
    tell(door.text("written", path=shown(written.path), sheets="、".join(sheets)))
    if written.backup is not None:
        tell(door.text("backup"))
    for note in written.notes:
        tell(note)


def _tell_changes(door: Door, book: FileBook, tell: Tell) -> None:
    """List the cells that a write-back would change."""
    found = book.changes()
    added = [change.sheet for change in found if not change.cell]
    changes = [change for change in found if change.cell]
    if not found:
        tell(door.text("would_not_change"))
        return
    if added:
        tell(door.text("would_add", sheets="、".join(added)))
    tell(door.text("would_change", count=len(changes)))
    for change in changes[:SHOWN]:
        tell(f"  {change.sheet}!{change.cell}：{change.before} → {change.after}")
    if len(changes) > SHOWN:
        tell(door.text("more", count=len(changes) - SHOWN))
