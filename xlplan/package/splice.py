"""Described sheets spliced into a package: pure, nothing is saved here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xlplan.sheets.description import Sheet


@dataclass(frozen=True, slots=True)
class Spliced:
    """What a splice did; `changed` is False where every part came out as it was."""

    changed: bool
    added: tuple[str, ...]
    replaced: tuple[str, ...]


def splice(source: Path | bytes, sheets: Sequence[Sheet], into: BinaryIO) -> Spliced:
    """Write the package `source` with the described sheets into the seekable file `into`."""
    raise NotImplementedError
