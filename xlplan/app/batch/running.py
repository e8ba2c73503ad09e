"""Jobs over an executor: each result as it comes; a job that kills its process fails alone."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Generic, TypeVar

from xlplan.app.batch import pools
from xlplan.app.stops import Stop, undisturbed
from xlplan.diagnostics import RequestError

J = TypeVar("J")
R = TypeVar("R")

_AHEAD = 2
"""Jobs handed over for each process of this machine: none is idle, few are lost with one."""


@dataclass(frozen=True, slots=True)
class Run(Generic[J, R]):
    """How a job is done, what is said of one whose worker is gone, and who is told each result."""

    work: Callable[[J], R]
    lost: Callable[[J, RequestError], R]
    tell: Callable[[J, R], None]

    def over(self, jobs: Sequence[J], executor: Executor | None, wanted: int | None = None) -> None:
        """Do all jobs, through an executor, else in `wanted` processes of this machine.

        When the user stops (`KeyboardInterrupt`), what runs is finished and told, the rest is not
        begun; stopped again, it ends at once.
        """
        left, news = deque(jobs), SimpleQueue["Future[R] | None"]()
        with undisturbed(lambda: news.put(None)) as stop:
            ear = _Ear(news, stop)
            if executor is None:
                self._here(left, wanted, ear)
            else:
                broken = self._through(executor, left, len(left), ear)
                for job in () if stop.times else (*broken, *left):
                    self._give_up(job, "BrokenExecutor")

    def _here(self, left: deque[J], wanted: int | None, ear: "_Ear[R]") -> None:
        """Do jobs in processes of this machine; those under way when one died, each alone."""
        while left and not ear.stop.times:
            with pools.processes(wanted, len(left)) as pool:
                suspects = self._through(pool, left, pool.jobs * _AHEAD, ear)
            for job in suspects:
                self._alone(job, ear)

    def _alone(self, job: J, ear: "_Ear[R]") -> None:
        """Do a job that was under way when a process died; if it dies again, this is why."""
        with pools.processes(1, 1) as pool:
            if self._through(pool, deque([job]), 1, ear):
                self._give_up(job, "exit")

    def _through(self, executor: Executor, left: deque[J], most: int, ear: "_Ear[R]") -> list[J]:
        """Do jobs, at most so many handed over at once; those that were when the executor broke."""
        under: dict[Future[R], J] = {}
        try:
            while under or (left and not ear.stop.times):
                while left and len(under) < most and not ear.stop.times:
                    future = executor.submit(self.work, left[0])
                    under[future] = left.popleft()
                    future.add_done_callback(ear.news.put)
                if under and self._is_broken(executor, under, ear):
                    return list(under.values())
        except BrokenExecutor:  # between two jobs
            return list(under.values())
        return []

    def _is_broken(self, executor: Executor, under: dict[Future[R], J], ear: "_Ear[R]") -> bool:
        """Wait for what happens next, and deal with it; whether the executor broke."""
        told = ear.news.get()
        if told is None:
            _end(executor, under, at_once=ear.stop.times > 1)
        elif told in under and not self._settle(told, under):
            for future in [future for future in under if future.done()]:
                self._settle(future, under)
            return True
        return False

    def _settle(self, future: Future[R], under: dict[Future[R], J]) -> bool:
        """Tell a result; not if the executor broke: then its job is as it was."""
        job = under[future]
        try:
            self.tell(job, future.result())
        except BrokenExecutor:
            return False
        except Exception as error:  # noqa: BLE001 - a cluster has errors of its own: a worker gone
            self._give_up(job, type(error).__name__)
        del under[future]
        return True

    def _give_up(self, job: J, reason: str) -> None:
        self.tell(job, self.lost(job, RequestError("XP972", reason=reason)))


@dataclass(frozen=True, slots=True)
class _Ear(Generic[R]):
    """What the main thread waits for: a job that is done, or a stop (None)."""

    news: "SimpleQueue[Future[R] | None]"
    stop: Stop


def _end(executor: Executor, under: dict[Future[R], J], *, at_once: bool) -> None:
    """The user stops: what is not begun never is; at once, neither is what runs waited for."""
    for future in [future for future in under if at_once or future.cancel()]:
        del under[future]
    if at_once and isinstance(executor, pools.Processes):
        executor.stop()
