"""What was done, kept so that a batch that stopped, or is run again, does not do it twice.

A line of JSON a book, added as soon as the book is done; a line that a power cut tore is none.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path

from xlplan import package
from xlplan.app.batch.addresses import exists
from xlplan.app.batch.asking import Order
from xlplan.app.batch.pools import version
from xlplan.app.batch.work import Job, Outcome, content
from xlplan.diagnostics import RequestError
from xlplan.documents.output import check_folder
from xlplan.resources import state_folder

_MOST = 40
"""Journals that are kept, one for each order; the oldest go first."""

_NAMES = frozenset(one.name for one in fields(Outcome))


class Journal:
    """The outcomes of one order so far.

    Raises:
        RequestError: XP006 or XP018 when it cannot be kept.
    """

    def __init__(self, order: Order) -> None:
        self.path = state_folder() / "batch" / f"{order.key[:32]}.jsonl"
        check_folder(self.path.parent)  # not after an hour's work
        self._known = {outcome.book: outcome for outcome in _read(self.path)}

    def forget(self) -> None:
        """Begin anew."""
        self._known = {}

    def done(self, job: Job) -> Outcome | None:
        """What an earlier run made of this book, if book, order, files and day are still the same.

        Failures are tried again.
        """
        outcome = self._known.get(job.address)
        if outcome is None or outcome.trouble:
            return None
        if outcome.rolling and outcome.as_of != date.today().isoformat():  # noqa: DTZ011 - as `work`
            return None
        if any(content(file) != digest for file, digest in outcome.inputs.items()):
            return None
        if content(job.address) != outcome.after or not all(map(exists, outcome.wrote)):
            return None
        return replace(outcome, label=job.label, kept=True)

    def add(self, outcome: Outcome) -> None:
        """Keep what came of a book."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(outcome))
        self._known[outcome.book] = outcome

    def tidy(self) -> None:
        """Leave one line a book, and the latest orders only."""
        if not self._known:
            return
        lines = "".join(map(_line, self._known.values()))
        with suppress(RequestError):  # another run of the same order is at it
            package.write_whole(self.path, lines.encode())
        kept = sorted(self.path.parent.glob("*.jsonl"), key=lambda file: file.stat().st_mtime)
        for old in kept[:-_MOST]:
            old.unlink(missing_ok=True)


def _line(outcome: Outcome) -> str:
    said = {"version": version(), **asdict(outcome)}
    return json.dumps(said, ensure_ascii=False) + "\n"


def _read(path: Path) -> Iterator[Outcome]:
    """The outcomes that this version wrote."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if (
            isinstance(said, dict)
            and said.pop("version", "") == version()
            and said.keys() == _NAMES
        ):
            yield Outcome(**{**said, "wrote": tuple(said["wrote"])})
