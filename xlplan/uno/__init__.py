"""An xlwings engine over LibreOffice: the same object model on an open LibreOffice document.

Written from the public, BSD-licensed parts of xlwings (its base classes say what an engine answers)
and LibreOffice's own interface, UNO. What no engine can say through the object model stands behind
`api` under the names that Excel gives it, so that callers need no second way.

The engine itself is `xlplan.uno.engine.Engine`: it needs xlwings, the way to LibreOffice does not.
"""

from xlplan.uno.bridge import connect, load_uno

__all__ = ["connect", "load_uno"]
