"""Reads the tasks of a document: who must do what by when, and the general names it uses."""

import re

from xlplan.policy.reading import Table
from xlplan.policy.schema import Duties, Task, Wildcard

_DAYS = re.compile(r"(\d{1,3})天")


def duties(top: Table) -> Duties:
    """The tasks, the wildcards, and how many days before its deadline a task is near."""
    return Duties(
        top.each("task", _task),
        top.each("wildcard", _wildcard),
        top.one("deadline", _near),
    )


def _task(table: Table) -> Task:
    found = Task(
        table.text("id"),
        table.text("name"),
        table.text("clause"),
        leaders=table.texts("leaders", ()),
        offices=table.texts("offices", ()),
        lead_offices=table.texts("lead_offices", ()),
        lead_units=table.texts("lead_units", ()),
        units=table.texts("units", ()),
        due=table.day("due"),
        measures=table.texts("measures", ()),
    )
    if not any((found.leaders, found.offices, found.lead_offices, found.lead_units, found.units)):
        table.fault("XP604", "units", key="units")
    return found


def _wildcard(table: Table) -> Wildcard:
    found = Wildcard(
        table.text("text"),
        table.texts("groups", ()),
        table.texts("units", ()),
        table.texts("except", ()),
        table.text("clause"),
        teams=table.flag("teams", default=False) is True,
    )
    if not (found.groups or found.units or found.teams):
        table.fault("XP604", "groups", key="groups")
    return found


def _near(table: Table) -> int:
    """Days before a deadline that count as near; 30 unless the file says otherwise."""
    text = table.text("near", "30天")
    days = _DAYS.fullmatch(text.strip())
    if days is None:
        table.fault("XP610", "near", what="天数", text=text, example="30天")
    return int(days[1]) if days else 30
