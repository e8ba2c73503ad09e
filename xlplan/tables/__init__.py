"""From grids to records: finds the tables of a workbook by meaning and reads them."""

from dataclasses import dataclass

from xlplan.diagnostics import Diagnostics
from xlplan.model import Ledger, Settings
from xlplan.policy.schema import Policy
from xlplan.tables.grid import Grid, Source, Span

__all__ = ["Grid", "Reading", "Source", "Span", "read_ledger", "read_settings"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook as understood under a policy, and all that was found wrong on the way."""

    ledger: Ledger
    settings: Settings
    diagnostics: Diagnostics


def read_settings(source: Source) -> tuple[Settings, Diagnostics]:
    """What the sheet 设置 says; empty settings without that sheet."""
    raise NotImplementedError


def read_ledger(source: Source, policy: Policy) -> Reading:
    """Everything that the workbook says under the policy.

    Raises RequestError XP016 when it holds neither targets nor projects.
    """
    raise NotImplementedError
