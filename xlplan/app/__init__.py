"""Use cases: every verb as a function; doors (command line, library, buttons) call nothing deeper.

This module is light; the verbs are imported from their own modules when one is asked for.
"""

from xlplan.app.verbs import VERBS, Verb

__all__ = ["VERBS", "Verb"]
