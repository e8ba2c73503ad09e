"""较上期变动: which part of a figure is new, corrected, ruled otherwise or gone to another unit."""

from dataclasses import replace
from datetime import date

import pytest
from support.earlier import CLOSED, JUNE, POLICY, changed, parts_of, result_of
from support.ledgers import Project, Receipt, choosing, ledger_of, yi

PARK, OTHER, BUREAU = "白涛园区", "清溪园区", "区商务委"
MAY, AUGUST = date(2021, 5, 10), date(2021, 8, 10)


def project(number="P1", lead=PARK, amount="10", signed=MAY, **more):
    grains = yi(amount)
    return Project(number, lead, agreement=grains, investment=grains, signed=signed, **more)


def receipt(amount, received=MAY, number="P1"):
    return Receipt(number, yi(amount), received)


def parts(before, after, measure="协议资金", unit=PARK, choices=(CLOSED, CLOSED)):
    """The parts of a unit's change between June's rows and September's."""
    sides = (
        result_of(before, choices[0], as_of=JUNE),
        result_of(after, choices[1]),
    )
    return parts_of(changed(*sides), unit, measure)


def test_a_project_signed_since_is_new():
    assert parts(([], []), ([project(signed=AUGUST)], [])) == {"new": "10"}


def test_a_project_entered_late_is_new_too():
    assert parts(([], []), ([project(signed=MAY)], [])) == {"new": "10"}


def test_a_project_known_before_but_signed_since_is_new():
    rows = [project(signed=AUGUST)]
    assert parts((rows, []), (rows, [])) == {"new": "10"}


def test_a_receipt_since_is_received_and_a_correction_is_corrected():
    before = ([project()], [receipt("3")])
    after = ([project()], [receipt("3"), receipt("2", AUGUST), receipt("-1", AUGUST)])
    assert parts(before, after, "到位资金") == {"receipts": "2", "corrections": "-1"}
    assert parts(before, after) == {}


def test_two_equal_receipts_of_a_day_are_two():
    before, after = [receipt("3")], [receipt("3"), receipt("3")]
    assert parts(([project()], before), ([project()], after), "到位资金") == {"receipts": "3"}


@pytest.mark.parametrize(
    ("after", "measure", "said"),
    [
        ([project(amount="12")], "协议资金", {"corrections": "2"}),
        ([project(amount="25")], "较大项目", {"corrections": "-1"}),
        ([project(amount="25")], "重大项目", {"corrections": "1"}),
        ([project(origin="区外市内")], "协议资金", {"corrections": "-8"}),
        ([project(cooperating=(OTHER,))], "协议资金", {"corrections": "-2"}),
        ([], "协议资金", {"corrections": "-10"}),
    ],
)
def test_what_is_changed_in_the_ledger_is_a_correction(after, measure, said):
    assert parts(([project()], []), (after, []), measure) == said


def test_a_receipt_whose_amount_was_changed_is_a_correction():
    before, after = ([project()], [receipt("3")]), ([project()], [receipt("2.5")])
    assert parts(before, after, "到位资金") == {"corrections": "-1/2"}


def test_a_ruling_chosen_otherwise_is_a_part_of_its_own():
    rows = ([project(origin="区内")], [])
    other = CLOSED | {"home-weight": "100%"}
    assert parts(rows, rows, choices=(CLOSED, other)) == {"rulings": "10"}
    still_open = {name: option for name, option in CLOSED.items() if name != "home-weight"}
    assert parts(rows, rows, choices=(still_open, other)) == {"rulings": "10"}


def test_a_ruling_that_does_not_touch_a_project_explains_nothing_of_it():
    before, after = ([project()], []), ([project(amount="12")], [])
    other = CLOSED | {"home-weight": "100%"}
    assert parts(before, after, choices=(CLOSED, other)) == {"corrections": "2"}


def test_what_belongs_to_the_earlier_period_alone_is_neither_new_nor_corrected():
    rows = ([project(signed=MAY), project("P2", signed=AUGUST)], [])
    sides = (
        result_of(rows, as_of=JUNE, period="2021Q2"),
        result_of(rows, period="2021Q3"),
    )
    assert parts_of(changed(*sides), PARK, "协议资金") == {"new": "10", "others": "-10"}


def test_what_goes_over_to_a_successor_is_moved_and_nothing_is_lost():
    before = result_of(([project()], []), as_of=JUNE)
    after = result_of(([project(lead=OTHER, amount="12")], []))
    frame = changed(before, after, {PARK: OTHER})
    assert parts_of(frame, PARK, "协议资金") == {"units": "-10"}
    assert parts_of(frame, OTHER, "协议资金") == {"units": "10", "corrections": "2"}
    assert parts_of(frame, "合计", "协议资金", "园区") == {"corrections": "2"}


def test_without_a_successor_it_is_a_correction_of_the_ledger():
    before = result_of(([project()], []), as_of=JUNE)
    frame = changed(before, result_of(([project(lead=OTHER)], [])))
    assert parts_of(frame, PARK, "协议资金") == {"corrections": "-10"}
    assert parts_of(frame, OTHER, "协议资金") == {"corrections": "10"}


def test_a_unit_that_changes_its_group_takes_its_figures_along():
    before = result_of(([project(lead=BUREAU)], []), as_of=JUNE)
    ledger = ledger_of(POLICY, [project(lead=BUREAU)], [], CLOSED)
    units = ledger.units.copy()
    units.loc[units["unit"] == BUREAU, "group"] = "园区"
    after = result_of(None, ledger=choosing(replace(ledger, units=units), POLICY, CLOSED))
    frame = changed(before, after)
    assert parts_of(frame, "合计", "较大项目", "区级部门") == {"units": "-1"}
    assert parts_of(frame, "合计", "较大项目", "园区") == {"units": "1"}


def test_a_joint_project_counts_once_in_the_change_of_the_area():
    both = CLOSED | {"double-listing": "both-full"}
    after = ([project(cooperating=(BUREAU,))], [])
    sides = (result_of(([], []), both, as_of=JUNE), result_of(after, both))
    frame = changed(*sides)
    assert parts_of(frame, "合计", "协议资金", POLICY.area) == {"new": "10"}
