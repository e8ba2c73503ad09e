"""The states before each write-back, kept for undo within a limit of number and size.

They lie in a folder of the user's own, one per workbook: the kept files and `index.json`, which
says in which order to go back. A state is on the disk and in the index before the workbook is
touched; states that equal the workbook are skipped, so a kill between two steps does no harm.
"""

import hashlib
import json
import os
import shutil
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from xlplan.diagnostics import RequestError
from xlplan.package.save import Draft, check_writable, digest, plainly, real, stoppable
from xlplan.resources import state_folder

MOST_STATES = 10  # of one workbook
MOST_BYTES = 1 << 30  # of all workbooks together

_UNDERWAY = ".new"
_ABANDONED = 3600.0  # seconds after which a file underway belongs to a process that was killed


@dataclass(frozen=True, slots=True)
class State:
    """One kept state: its file in the workbook's folder, its digest, when it was kept (UTC)."""

    file: str
    digest: str
    kept: str


@dataclass(slots=True)
class _Index:
    """The kept states of one workbook, the latest last."""

    folder: Path
    path: str
    undo: list[State] = field(default_factory=list)
    redo: list[State] = field(default_factory=list)

    def write(self) -> None:
        """Write the index in one step."""
        new = self.folder / f"index.{os.getpid()}{_UNDERWAY}"
        shown = {"path": self.path, "undo": self.undo, "redo": self.redo}
        with new.open("w", encoding="utf-8") as file:
            json.dump(shown, file, ensure_ascii=False, indent=1, default=asdict)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.folder / "index.json")


def keep(path: Path) -> Path:
    """Keep the workbook's present state; gives the copy. What was undone can still be reached."""
    with plainly(_root()):
        index = _read(path)
        index.undo += index.redo
        index.redo = []
        state = _kept(index, path)
        index.undo = [one for one in index.undo if one != state] + [state]
        _prune(index)
    return index.folder / state.file


def undo(path: str | Path) -> Path:
    """Put back the state before the last write-back; XP020 when there is none, XP019 when stopped.

    The present state is kept for `redo`; called again, it goes one state further back.
    """
    return _step(real(path), back=True)


def redo(path: str | Path) -> Path:
    """Take the last undo back; XP020 when there is none."""
    return _step(real(path), back=False)


def _step(path: Path, *, back: bool) -> Path:
    aim = ""
    with plainly(path), stoppable(path, lambda: aim):
        check_writable(path)
        index = _read(path)
        source, other = (index.undo, index.redo) if back else (index.redo, index.undo)
        now = digest(path) if path.exists() else None
        while source and (source[-1].digest == now or not _whole(index, source[-1])):
            source.pop()
        if not source:
            raise RequestError("XP020", path=path)
        if now is not None:
            other.append(_kept(index, path))
            index.write()
        state = source.pop()
        aim = state.digest
        _restore(index.folder / state.file, path, now)
        _prune(index)
    return path


def _restore(state: Path, path: Path, now: str | None) -> None:
    with Draft(path) as draft:
        with state.open("rb") as file:
            shutil.copyfileobj(file, draft.file)
        draft.place(now)


def _whole(index: _Index, state: State) -> bool:
    try:
        return digest(index.folder / state.file) == state.digest
    except FileNotFoundError:  # another process made room
        return False


def _kept(index: _Index, path: Path) -> State:
    """A copy of the file in the workbook's folder, on the disk; an equal one is used again."""
    now = digest(path)
    for state in (*index.undo, *index.redo):
        if state.digest == now and _whole(index, state):
            return state
    index.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    name = f"{stamp}-{now[:8]}{path.suffix}"
    new = index.folder / f"{name}.{os.getpid()}{_UNDERWAY}"
    with path.open("rb") as file, new.open("xb") as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())
    new.replace(index.folder / name)
    return State(name, now, stamp)


def _read(path: Path) -> _Index:
    """The index of a workbook; states whose file is gone are forgotten."""
    folder = _root() / hashlib.sha256(os.fsencode(path)).hexdigest()[:32]
    try:
        held = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        lists = [[State(**row) for row in held[name]] for name in ("undo", "redo")]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return _Index(folder, str(path))
    there = [[one for one in states if (folder / one.file).is_file()] for states in lists]
    return _Index(folder, str(path), *there)


def _prune(index: _Index) -> None:
    """Write the index without the oldest states beyond the limits; the latest always stays."""
    index.undo, index.redo = index.undo[-MOST_STATES:], index.redo[-MOST_STATES:]
    index.write()
    named = {state.file for state in (*index.undo, *index.redo)} | {"index.json"}
    for file in index.folder.iterdir():
        if file.name not in named and not _is_underway(file):
            file.unlink(missing_ok=True)
    latest = {index.folder / states[-1].file for states in (index.undo, index.redo) if states}
    _prune_all(latest)


def _prune_all(spared: set[Path]) -> None:
    """Remove the oldest states of all workbooks beyond the limit.

    Other processes keep states here at the same time: a file may vanish while it is looked at, and
    what another one is still writing is left alone.
    """
    sizes = {file: _size(file) for file in _root().glob("*/*") if file.suffix != ".json"}
    total = sum(sizes.values())
    for file in sorted(sizes, key=lambda file: file.name):
        if total <= MOST_BYTES:
            return
        if file not in spared and not _is_underway(file):
            file.unlink(missing_ok=True)
            total -= sizes[file]


def _size(file: Path) -> int:
    """The size of a file, 0 once it is gone."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _is_underway(file: Path) -> bool:
    """Whether another process may still be writing it; one that was killed left it long ago."""
    if file.suffix != _UNDERWAY:
        return False
    try:
        return time.time() - file.stat().st_mtime < _ABANDONED
    except FileNotFoundError:
        return False


def _root() -> Path:
    """Where states are kept."""
    return state_folder() / "backups"
