"""Objects in LibreOffice whose calls travel together: what is told waits for what is asked.

They stand in the place of LibreOffice's own remote objects and answer like them. `inside` does the
calls within the office; where its Python is not to be had, the remote objects are used as they
are, only slower.
"""

import importlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from xlplan.uno.bridge import Remote, is_remote, load_uno

_PROTOCOL = 1
_GET, _SET, _CALL, _SAME, _SELF, _RUN = range(6)
_OBJECT, _OBJECTS, _TROUBLE = range(1, 4)
_FEW, _MOST = 30, 400
"""Calls that wait at most, while the office is idle, and while it is at work; a long batch would
keep the user's key waiting."""

_PARTS = frozenset(
    {
        *("Annotations", "Columns", "ConditionalFormat", "ConditionalFormats", "CurrentController"),
        *("DrawPage", "Frame", "NamedRanges", "NumberFormats", "Rows", "ServiceManager", "Sheets"),
        *("StyleFamilies", "Validation"),
    }
)
"""Properties that always hold an object: nobody need wait to be told so."""

_GIVERS = frozenset(
    {
        *("addNew", "createCursor", "createCursorByRange", "createInstance", "createTextCursor"),
        *(
            "getActiveSheet",
            "getByIndex",
            "getByName",
            "getCellByPosition",
            "getCellRangeByPosition",
            "queryVisibleCells",
        ),
    }
)
"""Methods that give an object, or refuse; what proves a text or a number is told as that."""

_MOVERS = frozenset(
    {
        *("addRangeAddress", "addRangeAddresses", "collapseToCurrentRegion"),
        *("collapseToMergedArea", "collapseToSize", "gotoEnd", "gotoEndOfUsedArea", "gotoOffset"),
        "gotoStartOfUsedArea",
    }
)
"""Methods that change nothing but where an object of our own stands: nobody need see it."""

_DOERS = frozenset(
    {
        *(
            "clear",
            "clearContents",
            "insertNewByName",
            "insertString",
            "insertTextContent",
            "merge",
            "select",
        ),
        *("setActiveSheet", "setDataArray", "setFormulaArray", "setPrintTitleRows"),
        *("setPropertyToDefault", "setPropertyValues", "setString", "setTitleRows"),
    }
)
"""Methods whose answer says nothing."""

_TROUBLES = {kind.__name__: kind for kind in (AttributeError, IndexError, KeyError, TypeError)}


def near(context: Remote) -> Remote:
    """The office behind a context, its calls gathered; the context itself where that cannot be."""
    return _near(context) or _near(context) or context


def _near(context: Remote) -> "Far | None":
    """The same; an office that is just starting may refuse once."""
    try:
        loader = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.loader.Python", context
        )
        source = load_uno().systemPathToFileUrl(str(Path(__file__).with_name("inside.py")))
        maker = loader.activate(f"xlplan.Inside{_PROTOCOL}", "", source, None)
        return Far(Line(maker.createInstanceWithContext(context)), 0)
    except Exception as refused:
        # It has no Python, cannot see this file, or has loaded it when it was of another version.
        if not is_remote(refused) and not isinstance(refused, AttributeError):
            raise
        return None


class Line:
    """The way into the office; what is told there is done once, and in its order."""

    def __init__(self, job: Remote) -> None:
        self._call = job.callFunction
        self._sender = ThreadPoolExecutor(1, "xlplan-office")
        self._sent: Future[tuple[int, Any]] | None = None
        self._asked = 0
        """The number of the call on its way that somebody waits for; 0 for none."""

        self._waiting: list[tuple[Any, ...]] = []
        self._count = 0
        self._made = 0
        self._failed: Exception | None = None
        self.dropped: list[int] = []
        self.gathers = False
        """Whether changes may wait as well, until something is asked."""

        self.spares = False
        """Whether what is refused now is simply not done."""

    def give(self, kind: int, target: int, name: str, arguments: Sequence[object]) -> "Far":
        """The object that a call will give."""
        self._made += 1
        self._add(kind, target, name, arguments, self._made)
        return Far(self, self._made)

    def tell(
        self,
        kind: int,
        target: int,
        name: str,
        arguments: Sequence[object],
        *,
        waits: bool = False,
    ) -> None:
        """Let something be done; at once, unless it can wait or changes are gathered."""
        self._add(kind, target, name, arguments)
        if not (waits or self.gathers):
            self._send()
        elif len(self._waiting) >= (_FEW if self._is_idle() else _MOST):
            self._post()

    def ask(self, kind: int, target: int, name: str, arguments: Sequence[object]) -> Remote:
        """Let everything be done that was told, then this; its answer."""
        self._add(kind, target, name, arguments)
        return self._send(asked=self._count)

    def settle(self) -> None:
        """Let all be done that waits.

        What went wrong is raised, also when it was raised before, where nobody expected it: at
        something that was asked later.
        """
        self._send()
        failed, self._failed = self._failed, None
        if failed is not None:
            raise failed

    def _add(
        self, kind: int, target: int, name: str, arguments: Sequence[object], new: int = 0
    ) -> None:
        objects = tuple(at for at, one in enumerate(arguments) if isinstance(one, Far))
        given = tuple(number_of(one) if isinstance(one, Far) else one for one in arguments)
        self._count += 1
        call = self._count, self.spares, kind, target, name, given, objects, new
        self._waiting.append(call)

    def _send(self, asked: int = 0) -> Remote:
        """Send what waits, and what it answers.

        An interrupt may come while we wait: the batch is done nevertheless, by its own thread, and
        the next one waits for it.
        """
        self._post(asked)
        return self._answer()

    def _post(self, asked: int = 0) -> None:
        """Send what waits, and wait only for the batch before; a program at work need not idle.

        What is sent twice, because an interrupt comes just then, is known there by its number.
        """
        self._answer()
        calls, dropped = tuple(self._waiting), tuple(self.dropped)
        self._asked = asked
        how = "together" if self.gathers else ""
        self._sent = self._sender.submit(self._call, how, (calls, dropped, bool(asked)))
        del self._waiting[: len(calls)], self.dropped[: len(dropped)]

    def _is_idle(self) -> bool:
        """Whether the office has nothing to do for us."""
        return self._sent is None or self._sent.done()

    def _answer(self) -> Remote:
        """What the batch on its way is answered; what it threw is raised."""
        if self._sent is None:
            return None
        kind, answer = self._sent.result()
        self._sent = None
        if kind == _TROUBLE:
            raise self._trouble(*answer)
        if kind == _OBJECT:
            return Far(self, answer)
        return tuple(Far(self, one) for one in answer) if kind == _OBJECTS else answer

    def _trouble(self, number: int, name: str, text: str) -> Exception:
        """What a call threw; that of one that had waited is raised once more when all settles."""
        if "." in name:
            trouble: Exception = load_uno().getClass(name)(text, None)
        else:
            trouble = _TROUBLES.get(name, RuntimeError)(text)
        if self.gathers and number != self._asked and self._failed is None:
            self._failed = trouble
        return trouble


class Far:
    """An object in the office, known here by its number."""

    __slots__ = ("_line", "_number")

    def __init__(self, line: Line, number: int) -> None:
        object.__setattr__(self, "_line", line)
        object.__setattr__(self, "_number", number)

    def __getattr__(self, name: str) -> Remote:
        """A property, or a method: these begin with a small letter."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name[0].islower():
            return _Method(self, name)
        if name in _PARTS:
            return self._line.give(_GET, self._number, name, ())
        return self._line.ask(_GET, self._number, name, ())

    def __setattr__(self, name: str, value: object) -> None:
        """Set a property."""
        self._line.tell(_SET, self._number, name, (value,))

    def __str__(self) -> str:
        """What a collection holds under a name may be a text."""
        return str(itself(self))

    def __int__(self) -> int:
        """As a text, so a number."""
        return int(itself(self))

    def __eq__(self, other: object) -> bool:
        """Whether both are the same object."""
        return isinstance(other, Far) and bool(self._line.ask(_SAME, self._number, "", (other,)))

    __hash__ = None  # type: ignore[assignment]  # two numbers may stand for one object

    def __del__(self) -> None:
        self._line.dropped.append(self._number)


class _Method:
    """A method of an object in the office."""

    __slots__ = ("_far", "_name")

    def __init__(self, far: Far, name: str) -> None:
        self._far, self._name = far, name

    def __call__(self, *arguments: object) -> Remote:
        line = line_of(self._far)
        call = _CALL, number_of(self._far), self._name, arguments
        if self._name in _GIVERS:
            return line.give(*call)
        if self._name in _MOVERS:
            return line.tell(*call, waits=True)
        if self._name in _DOERS:
            return line.tell(*call)
        return line.ask(*call)


def number_of(far: Far) -> int:
    """The number by which the office knows an object."""
    number: int = object.__getattribute__(far, "_number")
    return number


def itself(far: Remote) -> Remote:
    """LibreOffice's own remote object, for what takes it in a structure; or a text, a number."""
    return line_of(far).ask(_SELF, number_of(far), "", ()) if isinstance(far, Far) else far


def line_of(far: Far) -> Line:
    """The way that an object's calls take."""
    line: Line = object.__getattribute__(far, "_line")
    return line


def gather(context: Remote, *, gathers: bool) -> None:
    """Let changes wait until something is asked, where calls are gathered at all, or no longer."""
    if isinstance(context, Far):
        line = line_of(context)
        try:
            if not gathers:
                line.settle()
        finally:
            line.gathers = gathers


def spare(context: Remote, *, spares: bool) -> None:
    """Let what is refused from now on simply be left undone, or no longer."""
    if isinstance(context, Far):
        line_of(context).spares = spares


def settle(context: Remote) -> None:
    """Let everything be done that waits; what went wrong with it is raised."""
    if isinstance(context, Far):
        line_of(context).settle()


def told(routine: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - each says its own
    """What a routine says, done in the office if its first argument is there."""
    first = arguments[0]
    if isinstance(first, Far):
        return line_of(first).ask(_RUN, 0, routine.__name__, arguments)
    return routine(*arguments)


def given(routine: Callable[..., Any], *arguments: object) -> Remote:
    """The object that a routine gives, done in the office if its first argument is there."""
    first = arguments[0]
    if isinstance(first, Far):
        return line_of(first).give(_RUN, 0, routine.__name__, arguments)
    return routine(*arguments)


def done(routine: Callable[..., None], *arguments: object) -> None:
    """Let a routine change something, in the office if its first argument is there."""
    first = arguments[0]
    if isinstance(first, Far):
        line_of(first).tell(_RUN, 0, routine.__name__, arguments)
    else:
        routine(*arguments)


@cache
def routines() -> ModuleType:
    """The routines as they run here; they need LibreOffice's own module, which is found first."""
    load_uno()
    return importlib.import_module("xlplan.uno.routines")
