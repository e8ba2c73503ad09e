"""The Fuling sample, recalculated by the real engines, under its own rulings or under others."""

import importlib.util
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from xlplan import crediting, duties, files, progress, tables
from xlplan.diagnostics import Diagnostics
from xlplan.model import Choice
from xlplan.policy import load_policy
from xlplan.quantity import parse_period
from xlplan.sheets.results import Figures

SAMPLES = Path(__file__).parents[2] / "samples"
CHOSEN = SAMPLES / "fuling-2021" / "任务分解表.xlsx"
OPEN = SAMPLES / "fuling-2021" / "口径未定.xlsx"
AS_OF = date(2021, 9, 30)


def builder():
    """samples/build.py as a module."""
    spec = importlib.util.spec_from_file_location("build_samples", SAMPLES / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def policy():
    return load_policy("fuling-2021")


@cache
def reading(path=CHOSEN):
    source = files.open_workbook(path)
    return tables.read_settings(source)[0], tables.read_ledger(source, policy())


def figures(path=CHOSEN, *, as_of=AS_OF, **options):
    """The sample's figures; `options` choose other rulings (home_weight="0%"), None leaves open."""
    settings, read = reading(path)
    ledger = replace(read.ledger, choices={**read.ledger.choices, **_choices(options)})
    period = parse_period("2021")
    credited = crediting.credit(ledger, policy(), period, as_of)
    done = progress.progress(progress.Counted(credited.credits), ledger, policy(), period, as_of)
    owed = duties.duties(ledger, credited.tiers, policy(), period, as_of)
    return Figures(
        policy=policy(),
        period=period,
        as_of=as_of,
        credits=credited.credits,
        tiers=credited.tiers,
        standings=done.standings,
        totals=done.totals,
        duties=owed.duties,
        tasks=owed.tasks,
        teams=owed.teams,
        pace=done.pace,
        diagnostics=Diagnostics(
            [*read.diagnostics, *credited.diagnostics, *done.diagnostics, *owed.diagnostics]
        ),
        ledger=ledger,
        settings=settings,
    )


def _choices(options):
    rulings = {name.replace("_", "-"): option for name, option in options.items()}
    return {
        ruling: Choice(ruling, option or "", "示例", date(2021, 7, 20))
        for ruling, option in rulings.items()
    }
