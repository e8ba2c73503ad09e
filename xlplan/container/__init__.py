"""What a file on disk really is, and its members, read within limits.

Reader and writer open the same files through this one room, so they refuse the same ones, with the
same words.
"""

from xlplan.container.archive import DEFLATED, LOCAL, Container
from xlplan.container.directory import CENTRAL, MOST_UNPACKED, Member, damaged, part_key
from xlplan.container.encoding import codec_of
from xlplan.container.packer import Packer
from xlplan.container.reading import reachable, reason_of
from xlplan.container.recognition import Form, form_of, is_delimited

__all__ = [
    "CENTRAL",
    "DEFLATED",
    "LOCAL",
    "MOST_UNPACKED",
    "Container",
    "Form",
    "Member",
    "Packer",
    "codec_of",
    "damaged",
    "form_of",
    "is_delimited",
    "part_key",
    "reachable",
    "reason_of",
]
