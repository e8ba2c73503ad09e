"""A verb over many workbooks, over whatever executor there is."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from xlplan.app.batch.addresses import is_remote, local
from xlplan.app.batch.asking import VERBS, Order
from xlplan.app.batch.books import books
from xlplan.app.batch.journal import Journal
from xlplan.app.batch.pools import cluster
from xlplan.app.batch.running import Run
from xlplan.app.batch.work import Job, Outcome, failed, work
from xlplan.app.bulletin import template_file

Told = Callable[[Outcome, int, int], None]
"""Called with each outcome, how many there are by now, and how many there will be."""


def _quiet(_outcome: Outcome, _count: int, _all: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where the work is done: an executor, a cluster's address, or processes of this machine."""

    executor: Executor | None = None
    cluster: str = ""
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of a batch: an outcome a book, in the order asked for; seconds of the wall clock.

    Stopped by the user, it lacks the books that were not begun: `left` counts them.
    """

    outcomes: tuple[Outcome, ...]
    seconds: float
    left: int = 0

    def count(self, state: str) -> int:
        """How many books are clean, have findings (of severity error), or failed."""
        return sum(outcome.state == state for outcome in self.outcomes)

    @property
    def kept(self) -> int:
        """How many an earlier run had done already."""
        return sum(outcome.kept for outcome in self.outcomes)

    @property
    def status(self) -> int:
        """The exit status: 2 where no book could be treated, 1 where one has errors or failed."""
        if self.count("failed") == len(self.outcomes):
            return 2
        return 1 if self.count("failed") or self.count("findings") else 0


class Stopped(KeyboardInterrupt):
    """The user stopped; `batch` is what was done by then."""

    def __init__(self, batch: Batch) -> None:
        super().__init__()
        self.batch = batch


def batch(
    asked: Sequence[str | Path],
    order: Order,
    where: Where | None = None,
    told: Told = _quiet,
    *,
    again: bool = False,
) -> Batch:
    """Treat each book by itself; one that fails leaves the others.

    A book that an earlier run did by the same order is passed over if its content and what else
    decides the result are still the same, unless `again` says otherwise.

    Raises:
        RequestError: XP863 no such template, XP970 no workbook where one was asked for, XP974 to
            XP976 the cluster cannot be used.
        Stopped: the user stopped; what was begun is finished, and whole.
    """
    order = _settled(order)
    found = books(asked, order.out)
    jobs = [Job(one.address, one.label, order) for one in found]
    tally = _Tally(jobs, Journal(order), told)
    if again:
        tally.journal.forget()
    todo = [job for job in jobs if not tally.passed(job)]
    try:
        if todo:
            tally.run(todo, where or Where())
    except KeyboardInterrupt:
        raise Stopped(tally.batch()) from None
    finally:
        tally.journal.tidy()
    return tally.batch()


def _settled(order: Order) -> Order:
    """The order with whole paths, which mean the same to every worker."""
    assert order.verb in VERBS, order.verb  # noqa: S101 - the doors offer no others
    out, request = local(order.out), order.request
    if order.template:
        order = replace(order, template=str(template_file(order.template).absolute()))
    if isinstance(request.policy, (str, Path)) and Path(request.policy).is_file():
        request = replace(request, policy=str(Path(request.policy).absolute()))
    if out and not is_remote(out):
        out = Path(out).absolute().as_posix()
    return replace(order, out=out.rstrip("/"), request=request)


class _Tally:
    """What came of the books so far."""

    def __init__(self, jobs: Sequence[Job], journal: Journal, told: Told) -> None:
        self.jobs, self.journal, self._told = jobs, journal, told
        self._began = time.monotonic()
        self._found: dict[str, Outcome] = {}

    def passed(self, job: Job) -> bool:
        """Whether an earlier run did this book; then that is told."""
        before = self.journal.done(job)
        if before is not None:
            self._add(job, before)
        return before is not None

    def run(self, todo: Sequence[Job], where: Where) -> None:
        """Do what is left."""
        run = Run(work, failed, self._done)
        there = cluster(where.cluster) if where.cluster else nullcontext(where.executor)
        with there as executor:
            run.over(todo, executor, where.jobs)

    def _done(self, job: Job, outcome: Outcome) -> None:
        self.journal.add(outcome)
        self._add(job, outcome)

    def _add(self, job: Job, outcome: Outcome) -> None:
        self._found[job.address] = outcome
        self._told(outcome, len(self._found), len(self.jobs))

    def batch(self) -> Batch:
        """The outcomes in the order asked for."""
        known = [self._found[job.address] for job in self.jobs if job.address in self._found]
        seconds = time.monotonic() - self._began
        return Batch(tuple(known), seconds, len(self.jobs) - len(known))
