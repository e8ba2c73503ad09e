"""A finished document."""

from dataclasses import dataclass

from xlplan.documents.numbers import Printed


@dataclass(frozen=True, slots=True)
class Filled:
    """A finished document: the file's bytes, and every figure printed into it, in order."""

    data: bytes
    said: tuple[Printed, ...]
