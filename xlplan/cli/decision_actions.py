"""What is done with a report that came back: applied to the ledger, or returned to the units."""

from pathlib import Path

import click

from xlplan.app import applying, slips
from xlplan.app.book import open_book
from xlplan.cli.actions import Given, tell_written
from xlplan.cli.door import Door
from xlplan.cli.telling import SHOWN, shown, status_of, tell_findings
from xlplan.cli.terminal import table
from xlplan.model import CHANGE_LOG_SHEET, HEAD_NOTE_SHEET, VERDICT_SHEET


def apply(door: Door, given: Given) -> int:
    """Apply what a report's rows were decided to be, or say what that would change."""
    if given.submitted or given.out or given.due or given.target:
        raise click.UsageError(door.text("wrong.apply_alone"))
    report = given.applied or Path()
    order = applying.Order(given.by or "", given.dry_run)
    done = applying.apply_report(open_book(given.book), report, order)
    told = "，".join(f"{word} {count}" for word, count in done.decided.items())
    click.echo(door.text("handled", path=shown(report), told=told or door.text("handled.none")))
    _tell_changes(door, done)
    if done.written is not None:
        tell_written(door, done.written, click.echo, _sheets(done))
    tell_findings(door, done.diagnostics, click.echo)
    return status_of(done.diagnostics)


def _sheets(done: applying.Applied) -> list[str]:
    """The sheets that something was written into."""
    logs = [CHANGE_LOG_SHEET] * bool(done.changes) + [VERDICT_SHEET] * bool(done.verdicts)
    logs += [HEAD_NOTE_SHEET] * bool(done.notes)
    return list(dict.fromkeys([*(line.cell.sheet for line in done.changes), *logs]))


def _tell_changes(door: Door, done: applying.Applied) -> None:
    """The changes of the ledger, and how many verdicts are kept."""
    if done.notes:
        click.echo(door.text("applied.heads", count=len(done.notes)))
    if not (done.changes or done.verdicts):
        click.echo(door.text("applied.nothing"))
        return
    key = "applied" if done.written is not None else "applied.would"
    click.echo(door.text(key, count=len(done.changes), verdicts=len(done.verdicts)))
    for line in done.changes[:SHOWN]:
        said = f"{line.before or '—'} → {line.after}" if line.before else line.after
        click.echo(f"  {line.number}  {line.cell}  {line.field}：{said}（{line.file}）")
    if len(done.changes) > SHOWN:
        click.echo(door.text("applied.more", count=len(done.changes) - SHOWN))


def return_slips(door: Door, given: Given) -> int:
    """Write the slips of every unit that has something to put right, and list them."""
    folder = given.out or Path("退回单")
    order = slips.SlipOrder(folder, given.due, given.by or "", given.force)
    written, found = slips.return_slips(given.book, order)
    heads = [door.text(key) for key in ("head.unit", "head.faults", "head.file")]
    rows = [
        [one.unit or "?", str(one.count), str(one.files[0].parent.name) + "/"] for one in written
    ]
    for line in table(heads, rows[:SHOWN]):
        click.echo(line)
    if len(rows) > SHOWN:
        click.echo(door.text("issued.more", count=len(rows) - SHOWN))
    count = sum(one.count for one in written)
    click.echo(door.text("slips", units=len(written), count=count, folder=shown(folder)))
    tell_findings(door, found, click.echo)
    return status_of(found)
