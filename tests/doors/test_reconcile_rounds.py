"""A whole round by the commands: reconcile, decide in the report, apply, reconcile again."""

import json
import shutil
from collections import Counter
from fractions import Fraction

import openpyxl
import pytest
from support import sample

import xlplan
from xlplan.cli import main
from xlplan.reconciling.decisions import ADOPT, RETURN, SAME

HANDED = sample.SAMPLES / "fuling-2021" / "submissions" / "报送"
ADOPTED = {"agreement of P002", "agreement of P030", "青禾植物肉工厂", "lead of P069"}


def reconciled(book, folder, *options):
    """The JSON of a reconciliation; the report too where an option asks for it."""
    out = book.with_name("结果.json")
    main(["reconcile", str(book), str(folder), "--due", "2021-10-08", "--json", str(out), *options])
    return json.loads(out.read_text(encoding="utf-8"))


def what(difference):
    """A difference as ADOPTED names it."""
    if difference["kind"] == "new":
        return difference["name"]
    return f"{difference['field']} of {difference['project']}"


def standings(book):
    found = xlplan.recalculate(xlplan.open_book(book)).standings
    rows = zip(found["unit"], found["measure"], found["done"], strict=True)
    return Counter({(unit, measure): int(done) for unit, measure, done in rows})


@pytest.fixture(scope="module")
def round_(tmp_path_factory):
    """The sample's ledger and what was handed in, before and after decisions were applied."""
    folder = tmp_path_factory.mktemp("round")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLPLAN_STATE", str(folder / "state"))
        book = folder / "任务分解表.xlsx"
        shutil.copy(sample.CHOSEN, book)
        handed = shutil.copytree(HANDED, folder / "报送")
        report = folder / "报告.xlsx"
        before = standings(book), reconciled(book, handed, "-o", str(report))
        decide(report, before[1]["differences"])
        assert main(["reconcile", "--apply", str(report), str(book), "--by", "示例"]) == 0
        after = standings(book), reconciled(book, handed)
    return before, after


def decide(report, differences):
    """As a clerk does: adopt some, return one, answer the question, explain the head."""
    decided = {
        one["number"]: ADOPT if what(one) in ADOPTED else RETURN
        for one in differences
        if what(one) in ADOPTED | {"agreement of P017"} and one["adoptable"]
    }
    book = openpyxl.load_workbook(report)
    for row in book["差异"].iter_rows(min_row=4):
        row[7].value = decided.get(row[0].value)
    book["疑似匹配"]["E4"] = SAME
    book["列对照"]["C4"] = "不读"
    book.save(report)


def test_the_effects_told_are_what_recalculation_then_finds(round_):
    (done_before, told), (done_after, _) = round_
    adopted = [one for one in told["differences"] if what(one) in ADOPTED and one["adoptable"]]
    assert len(adopted) == len(ADOPTED)
    wanted = Counter()
    measures = {measure.name: measure.grains for measure in sample.policy().measures}
    for one in adopted:
        for effect in one["effects"]:
            grains = Fraction(effect["change"]) * measures[effect["measure"]]
            wanted[effect["unit"], effect["measure"]] += int(grains)
    moved = {key: done_after[key] - done_before[key] for key in done_before | done_after}
    assert {key: change for key, change in moved.items() if change} == dict(wanted)


def test_what_was_adopted_differs_no_more_and_the_rest_still_does(round_):
    (_, before), (_, after) = round_
    left = {what(one) for one in after["differences"] if one["adoptable"]}
    still = {what(one) for one in before["differences"] if one["adoptable"]} - ADOPTED
    assert still <= left
    assert not (ADOPTED - {"lead of P069"}) & left


def test_what_was_said_is_not_asked_again(round_):
    (_, before), (_, after) = round_
    asked = [
        [m["name"] for m in told["matches"] if m["how"] == "question"] for told in (before, after)
    ]
    assert asked == [["铸辉高温合金厂"], []]
    heads = [
        [one["cell"] for one in told["diagnostics"] if one["code"] == "XP202"]
        for told in (before, after)
    ]
    assert heads == [["F4"], []]


def test_differences_come_by_what_they_move(round_):
    (_, told), _ = round_
    amounts = [
        max(
            (abs(Fraction(e["change"])) for e in one["effects"] if "资金" in e["measure"]),
            default=0,
        )
        for one in told["differences"]
    ]
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[0] == Fraction("27.9972")
