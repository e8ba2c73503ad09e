"""Proves a policy against itself before anything is computed with it."""

from xlplan.policy.reading import Reading
from xlplan.policy.schema import Policy


def prove(policy: Policy, reading: Reading) -> None:
    """Note every fault that shows only when the parts are seen together."""
