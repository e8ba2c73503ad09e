"""What is wrong, where, and what to do.

Three kinds of trouble and no fourth: a `Diagnostic` (the user's data or a policy; collected, never
raised), a `RequestError` (the request itself is impossible; exit status 2), and a bug (an
assertion, shown with its trace). The first two take their words from one table, `kinds.KINDS`.
"""

from xlplan.diagnostics.kinds import KINDS, Kind, Severity
from xlplan.diagnostics.places import (
    Cell,
    Clause,
    File,
    InBook,
    Key,
    Paragraph,
    Place,
    column_letters,
)
from xlplan.diagnostics.report import Diagnostic, Diagnostics, RequestError

__all__ = [
    "KINDS",
    "Cell",
    "Clause",
    "Diagnostic",
    "Diagnostics",
    "File",
    "InBook",
    "Key",
    "Kind",
    "Paragraph",
    "Place",
    "RequestError",
    "Severity",
    "column_letters",
]
