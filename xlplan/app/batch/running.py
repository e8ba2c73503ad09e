"""Jobs over an executor: each result as it comes; a job that kills its process fails alone."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from xlplan.app.batch import pools
from xlplan.app.stops import undisturbed
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
        begun.
        """
        left = deque(jobs)
        if executor is not None:
            broken = self._through(executor, left, len(left))
            for job in (*broken, *left):
                self._give_up(job, "BrokenExecutor")
            return
        while left:
            with pools.processes(wanted, len(left)) as pool:
                suspects = self._through(pool, left, pool.jobs * _AHEAD)
            for job in suspects:
                self._alone(job)

    def _alone(self, job: J) -> None:
        """Do a job that was under way when a process died; if it dies again, this is why."""
        with pools.processes(1, 1) as pool:
            if self._through(pool, deque([job]), 1):
                self._give_up(job, "exit")

    def _through(self, executor: Executor, left: deque[J], most: int) -> list[J]:
        """Do jobs, at most so many handed over at once; those that were when the executor broke."""
        under: dict[Future[R], J] = {}
        try:
            while left or under:
                while left and len(under) < most:
                    with undisturbed():  # else a job might be begun and nobody told of it
                        future = executor.submit(self.work, left[0])
                        under[future] = left.popleft()
                broken = self._settled(under)
                if broken:
                    return [*broken, *under.values()]
        except BrokenExecutor:  # between two jobs
            return list(under.values())
        except KeyboardInterrupt:
            self._finish(executor, under)
            raise
        return []

    def _settled(self, under: dict[Future[R], J]) -> list[J]:
        """Wait for some result and tell it; the jobs whose executor broke."""
        broken = []
        for future in wait(under, return_when=FIRST_COMPLETED).done:
            job = under.pop(future)
            try:
                self.tell(job, future.result())
            except BrokenExecutor:
                broken.append(job)
            except Exception as error:  # noqa: BLE001 - a cluster has errors of its own: a worker gone
                self._give_up(job, type(error).__name__)
        return broken

    def _finish(self, executor: Executor, under: dict[Future[R], J]) -> None:
        """The user stops: tell what is finished still; stopped again, end at once."""
        try:
            running = [future for future in under if not future.cancel()]
            for future in wait(running).done:
                if not future.exception():
                    self.tell(under[future], future.result())
        except KeyboardInterrupt:
            if isinstance(executor, pools.Processes):
                executor.stop()
            raise

    def _give_up(self, job: J, reason: str) -> None:
        self.tell(job, self.lost(job, RequestError("XP972", reason=reason)))
