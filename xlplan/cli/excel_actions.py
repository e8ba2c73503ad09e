"""What `xlplan excel` does and prints: the add-in installed, removed, looked over, or built."""

from dataclasses import dataclass
from pathlib import Path

import click

from xlplan.app.buttons import Variant
from xlplan.cli.door import Door
from xlplan.diagnostics import Diagnostics, File
from xlplan.excel import addin, doctor, extension, machine
from xlplan.excel import install as installing
from xlplan.resources import state_folder


@dataclass(frozen=True, slots=True)
class Given:
    """What the parser found on the command line."""

    folder: Path = Path()
    book: Path | None = None
    runpython: bool = False

    @property
    def variant(self) -> Variant:
        """How the macros start Python."""
        return "runpython" if self.runpython else "own"


def excel_install(door: Door, given: Given) -> int:
    """Install, and say every file."""
    done = installing.install(machine.this_machine(), given.variant)
    for key, paths in (("excel.put", done.written), ("excel.same", done.kept)):
        for path in paths:
            click.echo(door.text(key, path=path))
    click.echo(door.text("excel.installed", python=done.python, tab=addin.TITLE))
    return 0


def excel_uninstall(door: Door, _given: Given) -> int:
    """Uninstall, and say every file; what somebody changed stays."""
    done = installing.uninstall(machine.this_machine())
    if not done.removed and not done.left:
        click.echo(door.text("excel.nothing"))
        return 0
    for path in done.removed:
        click.echo(door.text("excel.gone", path=path))
    left = Diagnostics()
    for path in done.left:
        left.add("XP835", File(str(path)))
    for found in left:
        click.echo(door.finding(found))
    click.echo(door.text("excel.uninstalled", folder=state_folder()))
    return 0


def excel_doctor(door: Door, given: Given) -> int:
    """One page: everything between a click and Python, what is wrong with its remedy."""
    checks = doctor.examine(machine.this_machine(), given.book)
    for check in checks:
        if isinstance(check, doctor.Fine):
            said = door.text(f"doctor.{check.said}", **check.values)
            click.echo(f"  [{door.text('doctor.fine')}] {said}")
        else:
            click.echo(door.finding(check))
    wrong = doctor.findings(checks)
    click.echo(door.text("doctor.ended", fine=len(checks) - len(wrong), wrong=len(wrong)))
    return 1 if wrong.has_errors else 0


def excel_build(door: Door, given: Given) -> int:
    """Write the add-in and its sources into a folder."""
    for path in addin.unpacked(given.folder, given.variant):
        click.echo(door.text("excel.put", path=path))
    click.echo(door.text("excel.put", path=extension.write_extension(given.folder)))
    click.echo(door.text("excel.built", folder=given.folder))
    return 0
