"""GB/T 9704-2012 党政机关公文格式: does a Word document keep to it, fact by fact.

What the standard asks for is data (`standard.toml`); local variants are a file of the same keys.
A document is read as it will look (`paper`), its paragraphs are told apart by what they say
(`roles`), and each fact conforms, differs (where, and how), or is not checked (why).
"""

from xlplan.gbt9704.checking import Report, check_document
from xlplan.gbt9704.fonts import missing_fonts
from xlplan.gbt9704.verdicts import Outcome, Verdict

__all__ = ["Outcome", "Report", "Verdict", "check_document", "missing_fonts"]
