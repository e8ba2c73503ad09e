"""The states before each write-back, kept for undo within a limit of number and size."""

from pathlib import Path


def undo(path: str | Path) -> Path:
    """Put back the state before the last write-back; XP020 when there is none."""
    raise NotImplementedError


def redo(path: str | Path) -> Path:
    """Take the last undo back; XP020 when there is none."""
    raise NotImplementedError
