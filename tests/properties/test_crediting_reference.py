"""The engine agrees with the slow, obvious reference under every combination of rulings."""

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from support.ledgers import AMOUNTS, BOUNDS, DAYS, SIGNED, Project, Receipt, choosing, ledger_of
from support.reference import Line, Reference

from xlplan.crediting import credit
from xlplan.model import Ledger
from xlplan.policy import Policy, load_policy
from xlplan.quantity import Period, parse_period

AS_OF = date(2021, 9, 30)
POOL = 600
PROJECTS_A_LEDGER = 7


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy("fuling-2021")


@pytest.fixture(scope="module")
def period() -> Period:
    return parse_period("2021")


class Pool:
    """Random projects, made once; a random ledger is some of them with their receipts."""

    def __init__(self, policy: Policy, seed: int):
        self.rng = random.Random(seed)  # noqa: S311 - a test that repeats, no secret
        self.policy = policy
        self.projects = [self._project(f"P{n:03}") for n in range(POOL)]
        self.receipts = [self._receipt() for _ in range(2 * POOL)]
        self.whole = ledger_of(policy, self.projects, self.receipts)

    def _grains(self) -> int:
        return self.rng.choice((*AMOUNTS, self.rng.randrange(10**13)))

    def _project(self, name: str) -> Project:
        rng, policy = self.rng, self.policy
        lead, *partners = rng.sample(
            [unit.name for unit in policy.units], rng.choice((1, 1, 2, 3, 4))
        )
        spoilt = rng.choice(((), (), (), ("output",), ("sector",)))
        bounds = (None, *BOUNDS, self._grains())
        return Project(
            name,
            lead,
            tuple(partners),
            rng.choice((*policy.origins, *policy.origins, "")),
            "" if "sector" in spoilt else rng.choice((*policy.sectors, "")),
            rng.choice(bounds),
            None if "output" in spoilt else rng.choice(bounds),
            rng.choice((None, self._grains(), self._grains())),
            rng.choice((*DAYS, SIGNED, SIGNED, SIGNED)),
            spoilt,
        )

    def _receipt(self) -> Receipt:
        rng = self.rng
        grains = self._grains() * rng.choice((1, 1, -1))
        return Receipt(f"P{rng.randrange(POOL):03}", grains, rng.choice((*DAYS, SIGNED, SIGNED)))

    def ledger(self) -> tuple[list[Project], list[Receipt], Ledger]:
        rows = sorted(self.rng.sample(range(POOL), PROJECTS_A_LEDGER))
        projects = [self.projects[row] for row in rows]
        ids = {project.project for project in projects}
        paid = [n for n, receipt in enumerate(self.receipts) if receipt.project in ids]
        ledger = Ledger(
            self.whole.units,
            self.whole.targets,
            self.whole.projects.iloc[rows],
            self.whole.receipts.iloc[paid],
            columns=self.whole.columns,
        )
        return projects, [self.receipts[n] for n in paid], ledger


def engine(ledger: Ledger, policy: Policy, period: Period) -> list[Line]:
    frame = credit(ledger, policy, period, AS_OF).credits
    opened = {ruling.id for ruling in policy.rulings if not ledger.choices[ruling.id].option}
    return [
        Line(
            row.project,
            row.unit,
            row.role,
            row.measure,
            row.amount,
            row.whole,
            row.credit,
            row.pending,
            row.state,
            frozenset(row.ruling.split("、")) & opened,
        )
        for row in frame.itertuples()
    ]


def ordered(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (*(str(part) for part in line.sums), sorted(line.open)))


def agree(pool: Pool, chosen: dict[str, str], period: Period) -> int:
    projects, receipts, blank = pool.ledger()
    ledger = choosing(blank, pool.policy, chosen)
    expected = Reference(pool.policy, chosen, period, AS_OF).credit(projects, receipts)
    found = engine(ledger, pool.policy, period)
    assert ordered(found) == ordered(expected), chosen
    return len(found)


def combinations(policy: Policy) -> list[dict[str, str]]:
    options = [[option.id for option in ruling.options] for ruling in policy.rulings]
    ids = [ruling.id for ruling in policy.rulings]
    return [dict(zip(ids, chosen, strict=True)) for chosen in product(*options)]


def test_the_engine_agrees_with_the_reference_under_every_combination_of_rulings(policy, period):
    pool, every = Pool(policy, seed=1), combinations(policy)
    lines = sum(agree(pool, chosen, period) for chosen in every)
    assert len(every) == 3 * 2**9
    assert lines > 10 * len(every)


def test_the_engine_agrees_with_the_reference_when_some_rulings_are_open(policy, period):
    pool, rng = Pool(policy, seed=2), random.Random(3)  # noqa: S311 - see Pool
    for chosen in rng.sample(combinations(policy), 200):
        opened = rng.sample(sorted(chosen), rng.randint(1, 3))
        agree(pool, {key: chosen[key] for key in chosen if key not in opened}, period)


def test_the_engine_agrees_with_the_reference_when_no_ruling_is_chosen(policy, period):
    assert agree(Pool(policy, seed=4), {}, period) > 0


def test_the_engine_agrees_with_the_reference_on_odd_fractions_silence_and_conflict(policy, period):
    pool, rng = Pool(twisted(policy), seed=5), random.Random(6)  # noqa: S311 - see Pool
    for chosen in rng.sample(combinations(policy), 100):
        agree(pool, {key: chosen[key] for key in chosen if rng.random() < 0.8}, period)


def twisted(policy: Policy) -> Policy:
    """The same document gone wrong: thirds and fifteenths, a rule too many, a rule too few."""
    outside, inside = policy.rules.weights
    joint = replace(policy.rules.splits[1], lead=Fraction(7, 13), cooperating=Fraction(2, 3))
    rules = replace(
        policy.rules,
        weights=(
            replace(outside, share=Fraction(7, 15)),
            replace(inside, share=Fraction(1, 3)),
            replace(inside, id="weight.again", measures=("到位资金",), share=Fraction(2, 7)),
        ),
        splits=(replace(policy.rules.splits[0], measures=("协议资金", "重大项目")), joint),
    )
    return replace(policy, rules=rules)
