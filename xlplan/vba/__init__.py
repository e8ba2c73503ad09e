"""A VBA project written from its text sources, and read back strictly, on any system.

What Excel keeps in `xl/vbaProject.bin`: a compound file with one compressed stream a module. Only
sources are written, no compiled code: Excel compiles when it opens the book. The same sources give
the same bytes.
"""

from xlplan.vba.compound import Broken
from xlplan.vba.modules import DOCUMENT, STANDARD, Module, document_module, standard_module
from xlplan.vba.parsing import Parsed, parse_project
from xlplan.vba.project import Project, project_bytes

__all__ = [
    "DOCUMENT",
    "STANDARD",
    "Broken",
    "Module",
    "Parsed",
    "Project",
    "document_module",
    "parse_project",
    "project_bytes",
    "standard_module",
]
