"""Laws of 较上期变动: its parts always add up, and a sealed result is as good as the book."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from support.earlier import JUNE, POLICY, changed, result_of
from support.ledgers import choices_made, ledgers, numbered, projects, receipts_of

from xlplan.app.earlier import side_of
from xlplan.app.report import as_json
from xlplan.app.seal import read_seal
from xlplan.progress.changes import PARTS, changes

some = settings(max_examples=25, deadline=None)
SUMS = [measure.name for measure in POLICY.sums]


@st.composite
def histories(draw):
    """A ledger, and what it was before: fewer or other projects and receipts."""
    found, receipts = draw(ledgers(POLICY))
    kept = [one for one in found if draw(st.booleans())]
    before = [
        replace(one, agreement=draw(st.sampled_from((one.agreement, 7, None)))) for one in kept
    ]
    known = {one.project for one in before}
    earlier = [one for one in receipts if one.project in known and draw(st.booleans())]
    return (before, earlier), (found, receipts)


@some
@given(histories(), choices_made(POLICY), choices_made(POLICY))
def test_the_parts_of_every_change_add_up_to_it(history, then, now):
    frame = changed(result_of(history[0], then, as_of=JUNE), result_of(history[1], now))
    assert (frame["after"] - frame["before"] == frame["change"]).all()
    assert (frame[list(PARTS)].sum(axis=1) == frame["change"]).all()
    assert (frame["others"] == 0).all()


@some
@given(histories(), choices_made(POLICY), choices_made(POLICY))
def test_what_units_hand_over_is_nothing_in_all_and_groups_are_the_sum_of_their_units(
    history, then, now
):
    frame = changed(result_of(history[0], then, as_of=JUNE), result_of(history[1], now))
    units = frame[frame["unit"] != "合计"]
    assert (units.groupby("measure")["units"].sum() == 0).all()
    groups = frame[(frame["unit"] == "合计") & (frame["group"] != POLICY.area)]
    for name in ("change", *PARTS):
        added = units.groupby(["group", "measure"])[name].sum()
        said = groups.set_index(["group", "measure"])[name]
        assert (said.reindex(added.index, fill_value=0) == added).all()


@some
@given(histories(), choices_made(POLICY), choices_made(POLICY))
def test_a_sealed_result_gives_the_same_changes_as_the_book(tmp_path_factory, history, then, now):
    before, after = result_of(history[0], then, as_of=JUNE), result_of(history[1], now)
    path = tmp_path_factory.mktemp("seal") / "上期.json"
    path.write_text(json.dumps(as_json(before), ensure_ascii=False), encoding="utf-8")
    side, period = read_seal(path, POLICY)
    assert (period, side.as_of) == (before.figures.period, JUNE)
    found = changes(side, side_of(after.figures), POLICY, {})
    assert found.equals(changed(before, after))


@some
@given(
    st.lists(projects(POLICY), max_size=5)
    .map(numbered)
    .flatmap(lambda found: st.tuples(st.just(found), receipts_of(found))),
    choices_made(POLICY),
)
def test_against_itself_nothing_changes(rows, choices):
    result = result_of(rows, choices)
    frame = changed(result, result)
    assert (frame[["change", *PARTS]] == 0).all(axis=None)
