"""What the commands over many workbooks do and print: one function a verb."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from xlplan.app import rollup as rolling
from xlplan.app.batch import VERBS, Batch, Order, Outcome, Stopped, Where
from xlplan.app.batch import batch as treat
from xlplan.app.recalculation import Request
from xlplan.cli.door import Door
from xlplan.cli.telling import (
    SHOWN,
    Tell,
    shown,
    status_of,
    tell_findings,
    to_stderr,
    write_json,
)
from xlplan.cli.terminal import table
from xlplan.documents.letterhead import pairs
from xlplan.policy.schema import MONEY_UNIT
from xlplan.quantity import exact_decimal, format_decimal
from xlplan.sheets.rollup import ROLLUP_SHEETS
from xlplan.sheets.rollup_detail import STATES

if TYPE_CHECKING:
    from xlplan.app.rollup import Rollup
    from xlplan.counties import Added, Line, Total

MEASURES = 4
"""Measures that a terminal has room for; the rest is counted."""


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
        with _bar() as step:

            def told(one: Outcome, count: int, whole: int) -> None:
                step(one.label, _state(door, one), count, whole)

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


def rollup(door: Door, given: Given) -> int:
    """Add the books up, write the sheets, and print the counties with what is lacking."""
    if given.out is None and given.target is None:
        raise click.UsageError(door.text("wrong.rollup_nothing"))
    tell: Tell = to_stderr if given.target == "-" else click.echo
    order = rolling.Order(given.policy, given.as_of, given.period)
    with _bar() as step:

        def told(label: str, good: bool, count: int, whole: int) -> None:  # noqa: FBT001 - as asked
            said = door.text(f"batch.state.{'clean' if good else 'failed'}")
            step(label, said, count, whole)

        done = rolling.rollup(given.books, order, given.out or "", where(door, given), told)
    _tell_rollup(door, done, tell)
    if given.out is not None:
        written = done.save(given.out)
        sheets = "、".join(ROLLUP_SHEETS)
        key = "written" if written.changed else "unchanged"
        tell(door.text(key, path=shown(written.path), sheets=sheets))
    if given.target is not None:
        write_json(done.as_json(), given.target)
    tell_findings(door, done.diagnostics, tell)
    tell(door.text("rollup.elapsed", seconds=f"{done.seconds:.1f}", count=done.books))
    return status_of(done.diagnostics)


def _tell_rollup(door: Door, done: "Rollup", tell: Tell) -> None:
    """Counties down, the first measures across, the area last."""
    area = done.area
    title = area.scope.title or door.text("rollup.default")
    values = {"title": title, "period": area.period, "as_of": area.as_of}
    tell(door.text("rolled_up", books=done.books, **values))
    measures, whole = area.measures[:MEASURES], area.whole
    rows = [
        [county, *(_figure(whole[county, measure.name][1], measure) for measure in measures)]
        for county in area.counties
    ]
    name = area.scope.area or door.text("total")
    rows.append([name, *(_figure(total, total.measure) for total in area.totals[:MEASURES])])
    heads = [f"{measure.name}（{measure.unit}）" for measure in measures]
    for line in table([door.text("head.county"), *heads], rows):
        tell(line)
    if len(area.measures) > MEASURES:
        tell(door.text("rollup.more", count=len(area.measures) - MEASURES))
    missing = [line.county for _, line in whole.values() if line.state == "missing"]
    if missing:
        names = list(dict.fromkeys(missing))
        tell(door.text("rollup.missing", count=len(names), names="、".join(names)))
    off = [
        f"{total.measure.name} {_amount(total.taken_off, total.measure)}{total.measure.unit}"
        for total in area.totals
        if total.taken_off
    ]
    if off:
        tell(door.text("rollup.shared", said="、".join(off)))


def _figure(one: "Line | Total", measure: "Added") -> str:
    """What is done, and in brackets the rate; why there is nothing."""
    if measure.is_sum and one.done is not None:
        rate = f"（{format_decimal(one.rate * 100, 1)}%）" if one.rate is not None else ""
        return f"{_amount(one.done, measure)}{rate}"
    if not measure.is_sum and one.rate is not None:
        return f"{format_decimal(one.rate * 100, 1)}%"
    return STATES[getattr(one, "state", "")]


def _amount(value: Fraction, measure: "Added") -> str:
    return format_decimal(value, 2) if measure.unit == MONEY_UNIT else exact_decimal(value)


Step = Callable[[str, str, int, int], None]
"""Called with a book's name, what came of it, how many are done, and of how many."""


@contextmanager
def _bar() -> Iterator[Step]:
    """A bar on stderr that fills book by book; without a terminal, a line a book."""
    if not sys.stderr.isatty():
        yield lambda label, said, count, whole: to_stderr(f"[{count}/{whole}] {label}  {said}")
        return
    with click.progressbar(length=1, file=sys.stderr, item_show_func=str, show_pos=True) as bar:

        def told(label: str, _said: str, _count: int, whole: int) -> None:
            bar.length = whole
            bar.update(1, label)
            bar.render_progress()

        yield told


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
