"""What clicks replaced, kept so that the last one can be undone.

Before sheets are replaced, the program itself writes a copy of the workbook into the user's own
folder; the index beside it says which sheets the click replaces and which it adds. Undo reads the
old sheets out of that copy and puts them back through the same renderer. Sheets that stand as an
earlier click put them are kept as they were described then, which takes no copy.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from xlplan.diagnostics import RequestError
from xlplan.live.at_once import names_of, settle
from xlplan.live.described import described
from xlplan.live.looks import show
from xlplan.live.painted import (
    NOTES,
    note,
    packed_sheets,
    standing,
    store,
    stored,
    unpacked,
)
from xlplan.live.render import render
from xlplan.live.rewriting import put_again
from xlplan.resources import state_folder
from xlplan.sheets.description import Sheet

if TYPE_CHECKING:
    import xlwings as xw

MOST_STATES = 10
_WRITABLE = {".xlsx", ".xlsm"}


@dataclass(frozen=True, slots=True)
class State:
    """One click: the copy made before it, and its sheets.

    There is no copy ("") where it replaces nothing, nor where all that it replaces is `known`: a
    file with the sheets as they are described.
    """

    file: str
    replaced: tuple[str, ...]
    added: tuple[str, ...]
    known: str = ""


def keep(
    book: "xw.Book",
    replaced: Sequence[str],
    added: Sequence[str],
    known: Mapping[str, bytes] = MappingProxyType({}),
) -> State:
    """Keep the state before a click; on the disk before anything is touched.

    `known` are those of the replaced sheets that stand as they were described, packed.
    """
    folder = folder_of(book)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file, descriptions, moment = "", "", f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
    if not known.keys() >= {*replaced}:
        file = f"{moment}{_suffix(book, Path(book.name).suffix.lower())}"
        book.api.SaveCopyAs(str(folder / file))
    elif replaced:
        descriptions = f"{moment}.sheets"
        store(folder / descriptions, [known[name] for name in replaced])
    state = State(file, tuple(replaced), tuple(added), descriptions)
    _write(folder, [*_states(folder), state])
    return state


def _suffix(book: "xw.Book", suffix: str) -> str:
    """Excel's copies have the workbook's own form; LibreOffice's are always .xlsx."""
    return ".xlsx" if book.app.engine.name == "libreoffice" or not suffix else suffix


def last(book: "xw.Book") -> State | None:
    """The state before the last click."""
    return next(reversed(list(_states(folder_of(book)))), None)


def forget(book: "xw.Book", state: State) -> None:
    """Drop a state: it was put back, or nothing came of its click."""
    folder = folder_of(book)
    _write(folder, [one for one in _states(folder) if one != state])


def put_back(book: "xw.Book", state: State) -> None:
    """Let the sheets of a click be as they were before it.

    Raises:
        RequestError: XP020, nothing changed, where what was kept cannot be read.
    """
    folder = folder_of(book)
    now = standing(book, folder)
    sheets = list(_before(book, state))
    there = {name.casefold() for name in names_of(book)}
    for sheet in sheets:
        if sheet.name.casefold() in there:
            put_again(sheet, unpacked(now.get(sheet.name, b"")), book.sheets[sheet.name])
        else:
            after = book.sheets[len(book.sheets) - 1]
            target = book.sheets.add(sheet.name, after=after)
            render(sheet, target, fresh=True)
            show(sheet, target)
    names = names_of(book)
    for name in state.added:
        if name in names:
            book.sheets[name].delete()
    settle(book)
    if state.known:
        note(book, folder, packed_sheets(sheets))


def _before(book: "xw.Book", state: State) -> Iterator[Sheet]:
    """The sheets that a click replaced, as they were before it."""
    if state.known:
        found = stored(folder_of(book) / state.known)
        sheets = [unpacked(one) for one in found] if isinstance(found, list) else [None]
        for sheet in sheets:
            if sheet is None:  # of another version, or damaged
                raise RequestError("XP020", path=book.name)
            yield sheet
    elif state.file:
        yield from described(_readable(book, folder_of(book) / state.file), state.replaced)


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


def folder_of(book: "xw.Book") -> Path:
    """Where what is known of a workbook is kept between clicks."""
    name = hashlib.sha256(book.impl.fullname.encode()).hexdigest()[:32]
    return state_folder() / "clicks" / name


def _states(folder: Path) -> Iterator[State]:
    try:
        held = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        for one in held:
            names = tuple(one["replaced"]), tuple(one["added"])
            state = State(one["file"], *names, one.get("known", ""))
            if all((folder / file).is_file() for file in (state.file, state.known) if file):
                yield state
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return


def _write(folder: Path, states: Sequence[State]) -> None:
    """Write the index in one step; copies that it no longer names are removed."""
    latest = list(states)[-MOST_STATES:]
    new = folder / "index.json.new"
    new.write_text(json.dumps(list(map(asdict, latest)), ensure_ascii=False), encoding="utf-8")
    new.replace(folder / "index.json")
    named = {state.file for state in latest} | {state.known for state in latest}
    named |= {"index.json", NOTES}
    for file in folder.iterdir():
        if file.name not in named:
            file.unlink(missing_ok=True)
