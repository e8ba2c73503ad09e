"""What the commands around policies do and print; nothing that reads ledgers is loaded."""

from dataclasses import dataclass
from pathlib import Path

import click

from xlplan.cli.door import Door
from xlplan.cli.telling import shown, tell_audit
from xlplan.cli.terminal import pad, width
from xlplan.policy import Policy, Rule, load_policy, shipped_policies
from xlplan.policy.describe import describe
from xlplan.policy.placed import placed


@dataclass(frozen=True, slots=True)
class Given:
    """What the parser found on the command line."""

    what: str = ""
    old: Path | None = None
    beside: Path | None = None
    out: Path | None = None


def policies(_door: Door, _given: Given) -> int:
    """List what ships."""
    known = {name: load_policy(name) for name in shipped_policies()}
    columns = max(map(width, known), default=0)
    for name, law in known.items():
        click.echo(f"{pad(name, columns)}  {law.title}（{law.issued:%Y-%m-%d}）")
    return 0


def policy_show(door: Door, given: Given) -> int:
    """Print what a policy says, and where its document does not agree with itself."""
    from xlplan.app.audit import audit_document  # noqa: PLC0415 - with pandas

    policy = load_policy(given.what)
    for heading, rows in describe(policy):
        click.echo(f"\n{heading}")
        for row in rows:
            click.echo(f"  {row}")
    click.echo()
    tell_audit(door, audit_document(policy))
    return 0


def policy_check(door: Door, given: Given) -> int:
    """Print every fault of a policy file with a right example; the faults are the result."""
    from xlplan.app import authoring  # noqa: PLC0415 - with pandas
    from xlplan.app.audit import audit_document  # noqa: PLC0415 - with pandas

    found = authoring.check_policy(given.what)
    if isinstance(found, Policy):
        counts = {key: len(getattr(found, key)) for key in ("measures", "rulings", "targets")}
        rules = len(placed(found, Rule))
        click.echo(
            door.text("policy.sound", name=given.what, title=found.title, rules=rules, **counts)
        )
        tell_audit(door, audit_document(found))
        return 0
    click.echo(door.text("policy.faults", name=given.what, count=len(found)))
    for fault in found:
        click.echo(f"  {fault.line(door.language)}")
    return 1


def policy_init(door: Door, given: Given) -> int:
    """Draft a policy file, and say everything that could not be placed."""
    from xlplan.app import authoring  # noqa: PLC0415 - with pandas

    path = given.out or Path()
    policy, unplaced = authoring.init_policy(path, given.old or Path(), given.beside)
    counts = {key: len(getattr(policy, key)) for key in ("units", "measures", "targets", "rulings")}
    click.echo(door.text("policy.drafted", path=shown(path), **counts))
    if given.beside is not None:
        click.echo(door.text("created", path=shown(given.beside), policy=policy.title))
    if not unplaced:
        click.echo(door.text("policy.all_placed"))
        return 0
    click.echo(door.text("policy.unplaced", count=len(unplaced)))
    for left in unplaced:
        click.echo(f"  {left.line(door.language)}")
    return 0
