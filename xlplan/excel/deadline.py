"""A deadline instead of a hang: Excel refuses every call while a cell is being edited."""

import os
from collections.abc import Callable
from threading import Timer

ANSWER_SECONDS = 15.0
"""How long a program may take to answer at all."""

READ_SECONDS = 180.0
"""How long reading a workbook may take; the largest takes seconds."""


class Deadline:
    """Ends this process when what it waits for does not come; off before anything is written.

    A call that hangs cannot be interrupted, so `late` runs beside it, says what is the matter, and
    the process goes.
    """

    def __init__(self, late: Callable[[float], None]) -> None:
        self._late = late
        self._timer: Timer | None = None
        self._said = os.environ.get("XLPLAN_DEADLINE", "")

    def within(self, seconds: float) -> None:
        """From now on, that long; XLPLAN_DEADLINE says otherwise."""
        self.off()
        allowed = float(self._said) if self._said else seconds
        self._timer = Timer(allowed, self._late, (allowed,))
        self._timer.daemon = True
        self._timer.start()

    def off(self) -> None:
        """What was waited for has come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
