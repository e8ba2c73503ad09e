"""One click from its command line to its last sentence."""

import os
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from xlplan.diagnostics import Diagnostics, File, RequestError
from xlplan.excel.connecting import Order, book_of
from xlplan.excel.deadline import ANSWER_SECONDS, READ_SECONDS, Deadline
from xlplan.excel.once import alone
from xlplan.excel.stopping import StopKey
from xlplan.excel.texts import say, shown
from xlplan.excel.voice import Said, Voice
from xlplan.resources import log_file

_LOG_BYTES = 1_000_000


def click(arguments: Sequence[str]) -> int:
    """Do what a macro asks; 0 when the user was told how it went, whatever that was."""
    order, voice, began = Order.of(arguments), Voice(), time.monotonic()
    details = ""
    try:
        said = _done(order, voice)
    except RequestError as impossible:
        said = Said(impossible.line(), is_trouble=True)
    except KeyboardInterrupt:
        said = Said(say("stopped"), is_trouble=True)
    except Exception as bug:  # noqa: BLE001 - the last line of defence: a log, never a traceback
        details = "".join(traceback.format_exception(bug))
        said = Said(say("bug", text=type(bug).__name__), is_trouble=True)
    seconds = time.monotonic() - began
    note(f"{order.verb} {order.book} {seconds:.1f} s {said.text}", details)
    voice.status("")
    if not said.is_trouble:
        said = _timed(said, seconds)
    return voice.tell(Said("\n".join([said.text, *_asides(order, said)]), said.is_trouble))


def _done(order: Order, voice: Voice) -> Said:
    """Do it on the workbook that the order is about, alone and with a way to stop it."""
    from xlplan.excel.handlers import Click, handler_of  # noqa: PLC0415 - pandas, once we know

    perform = handler_of(order.verb)
    deadline = Deadline(lambda seconds: _late(order, seconds))
    deadline.within(ANSWER_SECONDS)
    try:
        book = book_of(order)
        voice.app = book.app
        with alone(book.impl.fullname):
            deadline.within(READ_SECONDS)
            stop = StopKey(book)
            with stop:
                said = perform(Click(book, voice.status, deadline.off))
    finally:
        deadline.off()
    return Said(said)


def _timed(said: Said, seconds: float) -> Said:
    """What is said, with how long it took at the end of its first line."""
    first, line, rest = said.text.partition("\n")
    return Said(f"{first}{say('took', seconds=f'{seconds:.1f}')}{line}{rest}")


def _asides(order: Order, said: Said) -> Iterator[str]:
    """What is said below it: that buttons and program do not belong together; where the log is."""
    from xlplan import __version__  # noqa: PLC0415 - the package is whole by now

    if order.addin not in ("", __version__):
        code = "XP809" if order.asks == "workbook" else "XP808"
        found = Diagnostics()
        found.add(code, File(order.book), addin=order.addin, program=__version__)
        yield from map(shown, found)
    if said.is_trouble:
        yield say("log", log=log_file())


def _late(order: Order, seconds: float) -> None:
    """Say that the program does not answer, beside the call that hangs, and go."""
    path = order.book or say("late")
    said = Said(RequestError("XP802", seconds=f"{seconds:g}", path=path).line(), is_trouble=True)
    note(f"{order.verb} {order.book} {said.text}")
    os._exit(Voice().tell(Said("\n".join([said.text, *_asides(order, said)]), said.is_trouble)))


def note(line: str, details: str = "") -> None:
    """Add a line to the log, with details below it; a log that cannot be written stops nothing."""
    log = log_file()
    with suppress(OSError):
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".old.log"))
        with log.open("a", encoding="utf-8") as out:
            now = datetime.now().astimezone()
            out.write(f"{now:%Y-%m-%d %H:%M:%S} {line}\n{details}")
