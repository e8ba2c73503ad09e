"""What the commands over many workbooks do and print: one function a verb."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import click

from xlplan.app.batch import VERBS, Batch, Order, Outcome, Stopped, Where
from xlplan.app.batch import batch as treat
from xlplan.app.recalculation import Request
from xlplan.cli.door import Door
from xlplan.cli.telling import SHOWN, Tell, to_stderr, write_json
from xlplan.cli.terminal import table
from xlplan.documents.letterhead import pairs


@dataclass(frozen=True, slots=True)
class Given:
    """What the parser found on the command line."""

    verb: str = ""
    books: tuple[str, ...] = ()
    as_of: str | None = None
    period: str | None = None
    policy: str | None = None
    out: str | None = None
    template: str | None = None
    given: tuple[str, ...] = ()
    per_unit: bool = False
    pdf: bool = False
    force: bool = False
    again: bool = False
    jobs: int | None = None
    cluster: str | None = None
    target: str | None = None

    @property
    def order(self) -> Order:
        """How each book is treated."""
        request = Request(self.as_of, self.period, self.policy)
        flags = {"per_unit": self.per_unit, "pdf": self.pdf, "force": self.force}
        return Order(
            self.verb,
            request,
            self.out or "",
            self.template or "",
            **flags,
            given=pairs(self.given),
        )


def batch(door: Door, given: Given) -> int:
    """Treat every book, and end with a table of what came of each."""
    _check(door, given)
    tell: Tell = to_stderr if given.target == "-" else click.echo
    try:
        with _bar(door) as told:
            done = treat(given.books, given.order, where(door, given), told, again=given.again)
    except Stopped as stopped:
        _tell_batch(door, stopped.batch, tell)
        wrote = sum(outcome.changed for outcome in stopped.batch.outcomes)
        door.written[:] = [door.text("batch.written", count=wrote)] * bool(wrote)
        raise
    _tell_batch(door, done, tell)
    if given.target is not None:
        write_json(as_json(given.verb, done), given.target)
    return done.status


def where(door: Door, given: Given) -> Where:
    """Where the work is done."""
    if given.jobs and given.cluster:
        raise click.UsageError(door.text("wrong.jobs_and_cluster"))
    return Where(None, given.cluster or "", given.jobs)


def as_json(verb: str, done: Batch) -> dict[str, object]:
    """The batch as plain data; the keys are those of docs/多本.md."""
    hidden = {"trouble", "trouble_en", "code", "rolling", "inputs"}
    return {
        "verb": verb,
        "books": [
            {
                **{name: said for name, said in asdict(one).items() if name not in hidden},
                "state": one.state,
                "trouble": {"code": one.code, "zh": one.trouble, "en": one.trouble_en}
                if one.trouble
                else None,
                "seconds": round(one.seconds, 3),
            }
            for one in done.outcomes
        ],
        "seconds": round(done.seconds, 3),
    }


def _check(door: Door, given: Given) -> None:
    """Refuse a verb that makes no sense for many books, and options that are not its own."""
    if given.verb not in VERBS:
        known = "、".join(VERBS)
        raise click.UsageError(door.text("wrong.batch_verb", verb=given.verb, known=known))
    of_bulletins: dict[str, object] = {
        "--template": given.template,
        "--per-unit": given.per_unit,
        "--set": given.given,
        "--pdf": given.pdf,
        "--force": given.force,
    }
    if given.verb == "bulletin":
        for name, said in (("--template", given.template), ("--out", given.out)):
            if not said:
                raise click.UsageError(door.text("wrong.missing", name=name))
        return
    others = of_bulletins | ({"--out": given.out} if given.verb == "check" else {})
    foreign = next((option for option, value in others.items() if value), None)
    if foreign:
        raise click.UsageError(door.text("wrong.batch_option", option=foreign, verb=given.verb))


@contextmanager
def _bar(door: Door) -> Iterator[Callable[[Outcome, int, int], None]]:
    """A bar on stderr that fills book by book; without a terminal, a line a book."""
    if not sys.stderr.isatty():
        yield lambda one, count, whole: to_stderr(f"[{count}/{whole}] {_line(door, one)}")
        return
    with click.progressbar(length=1, file=sys.stderr, item_show_func=str, show_pos=True) as bar:

        def told(one: Outcome, _count: int, whole: int) -> None:
            bar.length = whole
            bar.update(1, one.label)
            bar.render_progress()

        yield told


def _line(door: Door, one: Outcome) -> str:
    return f"{one.label}  {_state(door, one)}"


def _state(door: Door, one: Outcome) -> str:
    kept = door.text("batch.kept") if one.kept else ""
    return door.text(f"batch.state.{one.state}") + kept


def _tell_batch(door: Door, done: Batch, tell: Tell) -> None:
    """The table of books, those with trouble all of them and first; why each failed; how long."""
    order = ("failed", "findings", "clean")
    ordered = sorted(done.outcomes, key=lambda one: order.index(one.state))
    wrong = len(ordered) - done.count("clean")
    listed = ordered[: max(SHOWN, wrong)]
    heads = [
        door.text(f"head.{name}") for name in ("book", "result", "errors", "warnings", "seconds")
    ]
    for line in table(heads, [_row(door, one) for one in listed]) if listed else ():
        tell(line)
    if len(ordered) > len(listed):
        tell(door.text("batch.more", count=len(ordered) - len(listed)))
    failures = [one for one in ordered if one.state == "failed"]
    if failures:
        tell(door.text("batch.troubles", count=len(failures)))
    for one in failures:
        tell(f"  {one.label}：{one.said(door.language)}")
    _tell_counts(door, done, tell)


def _tell_counts(door: Door, done: Batch, tell: Tell) -> None:
    counts = {state: done.count(state) for state in ("clean", "findings", "failed")}
    tell(door.text("batch.counts", count=len(done.outcomes), kept=done.kept, **counts))
    if done.left:
        tell(door.text("batch.left", count=done.left))
    count = len(done.outcomes) - done.kept
    each = f"{done.seconds / count:.2f}" if count else "0"
    tell(door.text("batch.elapsed", seconds=f"{done.seconds:.1f}", count=count, each=each))


def _row(door: Door, one: Outcome) -> list[str]:
    is_known = one.state != "failed"
    counts = [str(count) if is_known else "—" for count in (one.errors, one.warnings)]
    return [one.label, _state(door, one), *counts, "—" if one.kept else f"{one.seconds:.1f}"]
