"""What clicks replaced, kept so that the last one can be undone.

Before sheets are replaced, the program itself writes a copy of the workbook into the user's own
folder; the index beside it says which sheets the click replaces and which it adds. Undo reads the
old sheets out of that copy and puts them back through the same renderer.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan.live.described import described
from xlplan.live.render import render
from xlplan.resources import state_folder

if TYPE_CHECKING:
    import xlwings as xw

MOST_STATES = 10
_WRITABLE = {".xlsx", ".xlsm"}


@dataclass(frozen=True, slots=True)
class State:
    """One click: the copy made before it ("" where it replaces nothing), and its sheets."""

    file: str
    replaced: tuple[str, ...]
    added: tuple[str, ...]


def keep(book: "xw.Book", replaced: Sequence[str], added: Sequence[str]) -> State:
    """Keep the state before a click; on the disk before anything is touched."""
    folder = _folder(book)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = ""
    if replaced:
        suffix = Path(book.name).suffix.lower()
        file = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}{_suffix(book, suffix)}"
        book.api.SaveCopyAs(str(folder / file))
    state = State(file, tuple(replaced), tuple(added))
    _write(folder, [*_states(folder), state])
    return state


def _suffix(book: "xw.Book", suffix: str) -> str:
    """Excel's copies have the workbook's own form; LibreOffice's are always .xlsx."""
    return ".xlsx" if book.app.engine.name == "libreoffice" or not suffix else suffix


def last(book: "xw.Book") -> State | None:
    """The state before the last click."""
    return next(reversed(list(_states(_folder(book)))), None)


def forget(book: "xw.Book", state: State) -> None:
    """Drop a state that was put back."""
    folder = _folder(book)
    _write(folder, [one for one in _states(folder) if one != state])


def put_back(book: "xw.Book", state: State) -> None:
    """Let the sheets of a click be as they were before it."""
    if state.file:
        path = _readable(book, _folder(book) / state.file)
        for sheet in described(path, state.replaced):
            known = sheet.name in [one.name for one in book.sheets]
            after = book.sheets[len(book.sheets) - 1]
            target = book.sheets[sheet.name] if known else book.sheets.add(sheet.name, after=after)
            render(sheet, target, fresh=not known)
    names = [sheet.name for sheet in book.sheets]
    for name in state.added:
        if name in names:
            book.sheets[name].delete()


def _readable(book: "xw.Book", path: Path) -> Path:
    """The copy as .xlsx; of an older form the program itself makes one."""
    if path.suffix in _WRITABLE:
        return path
    newer = path.with_suffix(".xlsx")
    copy = book.app.books.open(str(path))
    copy.save(str(newer))
    copy.close()
    book.activate()
    return newer


def _folder(book: "xw.Book") -> Path:
    name = hashlib.sha256(book.impl.fullname.encode()).hexdigest()[:32]
    return state_folder() / "clicks" / name


def _states(folder: Path) -> Iterator[State]:
    try:
        held = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        for one in held:
            state = State(one["file"], tuple(one["replaced"]), tuple(one["added"]))
            if not state.file or (folder / state.file).is_file():
                yield state
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return


def _write(folder: Path, states: Sequence[State]) -> None:
    """Write the index in one step; copies that it no longer names are removed."""
    latest = list(states)[-MOST_STATES:]
    new = folder / "index.json.new"
    new.write_text(json.dumps(list(map(asdict, latest)), ensure_ascii=False), encoding="utf-8")
    new.replace(folder / "index.json")
    named = {state.file for state in latest} | {"index.json"}
    for file in folder.iterdir():
        if file.name not in named:
            file.unlink(missing_ok=True)
