"""What LibreOffice runs in its own Python, so that many calls come in one: its side of `far`.

From outside each call of LibreOffice takes a few tenths of a millisecond, and each object that it
gives takes ten calls; inside they take next to nothing. This file is loaded by the office itself:
it stands alone, for whatever Python 3 that office brings.
"""

import runpy
import threading
from pathlib import Path
from typing import Any

import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.sheet import XFunctionAccess

Remote = Any
"""An object of LibreOffice's; or a value, a structure, several of them."""

PROTOCOL = 1
"""Goes up with every change to what is said between here and `far`; both sides say it."""

GET, SET, CALL, SAME, SELF, RUN = range(6)
"""What can be done to an object."""

TOGETHER = "together"
TURN_SECONDS = 2.0

VALUE, OBJECT, OBJECTS, TROUBLE = range(4)
"""What an answer is."""


class _Turn(unohelper.Base, XCallback):
    """Does something in the office's main thread, between two of its own turns."""

    def __init__(self, work: Remote) -> None:
        self._work = work
        self._taken = threading.Lock()
        self._over = threading.Event()
        self.result: Remote = None

    def notify(self, _data: Remote) -> None:
        """Called by the office when it is our turn."""
        if self._taken.acquire(False):
            try:
                self.result = self._work()
            finally:
                self._over.set()

    def has_come(self, seconds: float) -> bool:
        """Wait for it; if the turn does not come in time, do it beside the main thread."""
        came = self._over.wait(seconds)
        if not came:
            self.notify(None)
            self._over.wait()
        return came


class Inside(unohelper.Base, XFunctionAccess):
    """Does batches of calls on objects that it keeps by their numbers.

    Calls are counted: one that was done before, because its caller was interrupted before it knew,
    is not done again.
    """

    def __init__(self, context: Remote) -> None:
        self._objects = {0: context}
        self._turns = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.awt.AsyncCallback", context
        )
        self._has_turns = True
        self._routines = _routines()
        self._given = 0
        self._done = 0

    def callFunction(self, name: str, batch: Remote) -> Remote:
        """Do a batch, "together" in one turn of the office's main thread, or beside it."""
        if name != TOGETHER or not self._has_turns:
            return self._answer(batch)
        turn = _Turn(lambda: self._answer(batch))
        self._turns.addCallback(turn, None)
        # A main thread that is busy once, with a macro that waits for us, say, will be so again.
        self._has_turns = turn.has_come(TURN_SECONDS)
        return turn.result

    def _answer(self, batch: Remote) -> Remote:
        """Do a batch: the calls, and objects that nobody needs any more.

        The answer is that to the last call, if it is wanted. A call that goes wrong is the last,
        unless it was to be spared.
        """
        calls, dropped, is_asked = batch
        result = None
        try:
            for number, is_spared, *call in calls:
                if number > self._done:
                    self._done = number
                    result = self._spared(call) if is_spared else self._do(call)
        except Exception as trouble:
            failed, self._done = self._done, calls[-1][0]
            return TROUBLE, (failed, _kind(trouble), str(trouble))
        finally:
            for one in dropped:
                self._objects.pop(one, None)
        if not is_asked:
            return VALUE, None
        return (VALUE, result) if calls[-1][2] == SELF else self._told(result)

    def _spared(self, call: Remote) -> Remote:
        """One call that may be refused: then it is not done."""
        try:
            return self._do(call)
        except Exception:
            return None

    def _do(self, call: Remote) -> Remote:
        """One call; `objects` are the places of those arguments that are numbers of objects."""
        kind, target, name, arguments, objects, new = call
        given = list(arguments)
        for at in objects:
            given[at] = self._objects[given[at]]
        if kind == RUN:
            return self._kept_as(new, self._routines[name](*given))
        it = self._objects[target]
        if kind == SET:
            return setattr(it, name, given[0])
        if kind == SAME:
            return it == given[0]
        if kind == SELF:
            return it
        result = getattr(it, name)
        if kind == CALL:
            result = result(*given)
        return self._kept_as(new, result)

    def _kept_as(self, new: int, result: Remote) -> Remote:
        if new:
            self._objects[new] = result
        return result

    def _told(self, result: Remote) -> Remote:
        """An answer: a value, the number of an object, or those of several."""
        if _is_object(result):
            return OBJECT, self._kept(result)
        if isinstance(result, tuple) and result and all(map(_is_object, result)):
            return OBJECTS, tuple(map(self._kept, result))
        return VALUE, result

    def _kept(self, it: Remote) -> int:
        """The number of an object; those given from here count down."""
        self._given -= 1
        self._objects[self._given] = it
        return self._given


def _routines() -> Remote:
    """What the file beside this one defines; it is read again when it has changed."""
    path = Path(__file__).with_name("routines.py")
    stamp = path.stat().st_mtime_ns
    if _READ.get("stamp") != stamp:
        _READ.update(stamp=stamp, names=runpy.run_path(str(path)))
    return _READ["names"]


_READ: Remote = {}


def _is_object(it: Remote) -> bool:
    """Whether it lives in the office: structures and named values have types of their own."""
    return type(it).__name__ == "pyuno"


def _kind(trouble: Exception) -> str:
    """What went wrong; of the office's own exceptions the whole name."""
    name: str = getattr(trouble, "typeName", "") or type(trouble).__name__
    return name


# The name by which the office's loader of components looks for it.
g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Inside, f"xlplan.Inside{PROTOCOL}", ())
