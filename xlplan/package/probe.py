"""Whether a file is a workbook that can safely be opened at all."""

from pathlib import Path


def probe(path: str | Path) -> None:
    """Refuse what is no whole, readable, harmless workbook (XP001 to XP008); else say nothing."""
    raise NotImplementedError
