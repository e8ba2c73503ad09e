"""What a policy says, as plain rows in Chinese for a terminal or a sheet; nothing is printed."""

from typing import NamedTuple

from xlplan.policy.schema import Policy


class Section(NamedTuple):
    """A heading and its rows of cells."""

    heading: str
    rows: tuple[tuple[str, ...], ...]


def describe(policy: Policy) -> list[Section]:
    """The sections of a policy in reading order."""
    return [Section("方案", (("编号", policy.id), ("名称", policy.title)))]
