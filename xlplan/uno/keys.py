"""Keys that the user presses in a document's window, heard from outside."""

from collections.abc import Callable

from xlplan.uno.bridge import Remote, load_uno

_ESCAPE = 1281  # com.sun.star.awt.Key
_HANDLER = "com.sun.star.awt.XKeyHandler"


class EscapeKey:
    """Calls `pressed` whenever Esc is pressed, until it is closed.

    LibreOffice calls the methods by the names of its own interface.
    """

    def __init__(self, controller: Remote, pressed: Callable[[], None]) -> None:
        self._controller = controller
        self._pressed = pressed
        controller.addKeyHandler(self)

    def close(self) -> None:
        """Listen no longer."""
        self._controller.removeKeyHandler(self)

    def getTypes(self) -> tuple[Remote, ...]:
        """What this object can be asked, as LibreOffice asks every object."""
        return (load_uno().getTypeByName(_HANDLER),)

    def getImplementationId(self) -> Remote:
        """No class of objects that LibreOffice need remember."""
        return load_uno().ByteSequence(b"")

    def keyPressed(self, event: Remote) -> bool:
        """Whether the key was for us: then the window does nothing with it."""
        if event.KeyCode != _ESCAPE:
            return False
        self._pressed()
        return True

    def keyReleased(self, _event: Remote) -> bool:
        """Only pressing counts."""
        return False

    def disposing(self, _source: Remote) -> None:
        """The window is gone, and its keys with it."""
