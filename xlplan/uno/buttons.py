"""Buttons on a sheet that start macros of its document, by the names that Excel gives them."""

from typing import TYPE_CHECKING

from xlplan.uno.bridge import Remote, struct

if TYPE_CHECKING:
    from xlplan.uno.engine import Book

_MM100_PER_POINT = 2540 / 72


class NativeButtons:
    """The buttons of a sheet."""

    def __init__(self, book: "Book", sheet: Remote) -> None:
        self._book = book
        self._sheet = sheet

    def __len__(self) -> int:
        page = self._sheet.DrawPage
        shapes = [page.getByIndex(at) for at in range(page.Count)]
        return sum(hasattr(one, "Control") and hasattr(one.Control, "Label") for one in shapes)

    def Add(self, Left: float, Top: float, Width: float, Height: float) -> "NativeButton":  # noqa: N803
        """Lay a button onto the sheet; in points from its corner."""
        document = self._book.document
        shape = document.createInstance("com.sun.star.drawing.ControlShape")
        shape.Size = struct("awt.Size", Width=_mm100(Width), Height=_mm100(Height))
        shape.Control = document.createInstance("com.sun.star.form.component.CommandButton")
        self._sheet.DrawPage.add(shape)
        shape.Anchor = self._sheet
        # Only now: over merged cells LibreOffice counts a place given before from another corner.
        shape.Position = struct("awt.Point", X=_mm100(Left), Y=_mm100(Top))
        return NativeButton(document, self._sheet, shape)


class NativeButton:
    """One button."""

    def __init__(self, document: Remote, sheet: Remote, shape: Remote) -> None:
        self._document = document
        self._sheet = sheet
        self._control = shape.Control

    @property
    def Caption(self) -> str:
        """What stands on it."""
        return str(self._control.Label)

    @Caption.setter
    def Caption(self, value: str) -> None:
        self._control.Label = value

    @property
    def OnAction(self) -> str:
        """The macro that it starts; one that the document has not is started by nothing."""
        events = self._form.getScriptEvents(self._place)
        return str(events[0].ScriptCode).split("?")[0].rpartition(".")[2] if events else ""

    @OnAction.setter
    def OnAction(self, value: str) -> None:
        where = macro_address(self._document, value)
        if where:
            event = struct(
                "script.ScriptEventDescriptor",
                ListenerType="XActionListener",
                EventMethod="actionPerformed",
                ScriptType="Script",
                ScriptCode=where,
            )
            self._form.registerScriptEvent(self._place, event)

    @property
    def _form(self) -> Remote:
        return self._control.Parent

    @property
    def _place(self) -> int:
        form = self._form
        return next(at for at in range(form.Count) if form.getByIndex(at) == self._control)


def macro_address(document: Remote, macro: str) -> str:
    """LibreOffice's own address of a macro of a document; "" when it has none of that name."""
    libraries = document.BasicLibraries
    for library in libraries.ElementNames:
        libraries.loadLibrary(library)
        modules = libraries.getByName(library)
        for module in modules.ElementNames:
            if f"Sub {macro}(" in str(modules.getByName(module)):
                script = f"{library}.{module}.{macro}"
                return f"vnd.sun.star.script:{script}?language=Basic&location=document"
    return ""


def _mm100(points: float) -> int:
    return round(points * _MM100_PER_POINT)
