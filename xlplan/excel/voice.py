"""How a click speaks: the status bar on the way, one dialog at its end."""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from xlplan.excel.texts import say

_ERROR_ICON, _INFO_ICON, _IN_FRONT = 0x10, 0x40, 0x10000
_REFUSED = Exception
"""What a program throws when it cannot show something: each engine has a class of its own."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a click ends with; `is_trouble` where it could not do what was asked."""

    text: str
    is_trouble: bool = False


class Voice:
    """Speaks through the program with the workbook, once that is known; else as it can.

    With XLPLAN_DIALOGS=0 it shows nothing and prints: what starts it reads that.
    """

    def __init__(self) -> None:
        self.app: Any = None
        self._silent = os.environ.get("XLPLAN_DIALOGS") == "0"

    def status(self, text: str) -> None:
        """Show a text in the status bar; "" gives it back to the program."""
        if self.app is not None:
            with suppress(_REFUSED):
                self.app.status_bar = text or False

    def tell(self, said: Said) -> int:
        """Show it, and give the exit status: 0 when it was shown, for the macro says the rest."""
        shown = False
        if self.app is not None and not self._silent:
            with suppress(_REFUSED):
                mode = "critical" if said.is_trouble else "info"
                self.app.alert(said.text, title=say("title"), mode=mode)
                shown = True
        return 0 if shown or self._otherwise(said) else 1

    def _otherwise(self, said: Said) -> bool:
        """Say it without the program, which may be gone or busy."""
        if not self._silent and _native_box(said):
            return True
        stream = sys.stderr if said.is_trouble else sys.stdout
        if stream is not None:  # there is none without a console on Windows
            stream.write(f"{said.text}\n")
            stream.flush()
        return stream is not None and not said.is_trouble


def _native_box(said: Said) -> bool:
    """Show it in the system's own dialog, where it has one that needs nothing else."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only there

        icon = (_ERROR_ICON if said.is_trouble else _INFO_ICON) | _IN_FRONT
        ctypes.windll.user32.MessageBoxW(None, said.text, say("title"), icon)
        return True
    else:  # noqa: RET505 - so that mypy knows that there is one system or the other
        return False
