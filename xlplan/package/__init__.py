"""Described sheets go into somebody else's workbook and nothing of it is lost.

Every member that is not ours travels as the compressed bytes it was; XML of others is never
re-serialised, edits are byte splices at offsets that a parser gave. What cannot be kept whole is
refused with one clear line (`RequestError`), the file untouched.
"""

from xlplan.package.blank import Macros
from xlplan.package.comments import Comment
from xlplan.package.compare import Change, changes
from xlplan.package.edits import AddRows, CellEdit, Refusal, SetCell
from xlplan.package.history import redo, undo
from xlplan.package.save import digest, write_whole
from xlplan.package.splice import Marked, Spliced, marked, refusals, splice
from xlplan.package.write import Written, new_workbook, workbook_bytes, write_edits, write_sheets

__all__ = [
    "AddRows",
    "CellEdit",
    "Change",
    "Comment",
    "Macros",
    "Marked",
    "Refusal",
    "SetCell",
    "Spliced",
    "Written",
    "changes",
    "digest",
    "marked",
    "new_workbook",
    "redo",
    "refusals",
    "splice",
    "undo",
    "workbook_bytes",
    "write_edits",
    "write_sheets",
    "write_whole",
]
