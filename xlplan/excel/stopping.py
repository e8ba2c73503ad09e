"""Esc stops a click: whatever is at work is interrupted, and puts back what it had begun."""

import _thread
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlwings as xw

_ESCAPE = 0x1B
_PRESSED = 0x8000
_PAUSE = 0.05
_REFUSED = Exception
"""What a program throws when it does not let us listen: each engine has a class of its own."""


class StopKey:
    """While it is open, Esc in the workbook's window interrupts as Ctrl+C does in a terminal.

    A class, because what LibreOffice raises cannot pass through a generator.
    """

    def __init__(self, book: "xw.Book") -> None:
        self._book: Any = book
        self._over = threading.Event()
        self._listener: Any = None
        self._ignored = False

    def __enter__(self) -> None:
        # A program that was started in the background ignores interrupts; Esc arrives as one.
        self._ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        if self._ignored:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        with suppress(_REFUSED):
            if sys.platform == "win32":
                window = int(self._book.app.hwnd)  # asked here: Excel answers one thread only
                threading.Thread(target=self._watch, args=(window,), daemon=True).start()
            else:
                self._listener = self._book.impl.on_escape(self._stop)

    def __exit__(self, *_trouble: object) -> None:
        self._over.set()
        if self._ignored:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self._listener is not None:
            with suppress(_REFUSED):
                self._listener.close()

    def _stop(self) -> None:
        """Interrupt the work once; a second Esc must not interrupt the putting back."""
        if not self._over.is_set():
            self._over.set()
            _thread.interrupt_main()

    def _watch(self, window: int) -> None:
        """Ask for the key again and again, while the window of the workbook is in front."""
        if sys.platform == "win32":
            import ctypes  # noqa: PLC0415 - only there

            user = ctypes.windll.user32
            while not self._over.wait(_PAUSE):
                in_front = user.GetForegroundWindow() == window
                if in_front and user.GetAsyncKeyState(_ESCAPE) & _PRESSED:
                    self._stop()
