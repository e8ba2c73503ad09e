"""What can be wrong with what is handed in: said at its place; the others go on all the same."""

import json

import pytest
from support import handed_in
from support.handed_in import TROUBLES

from xlplan.cli import main
from xlplan.diagnostics import KINDS, Severity


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    return handed_in.ledger(tmp_path_factory.mktemp("ledger"))


def reconciled(capsys, ledger, folder, options=""):
    """Exit status and the JSON of a reconciliation."""
    line = ["reconcile", str(ledger), str(folder), "--policy", str(handed_in.POLICY)]
    status = main([*line, "--json", "-", *options.split()])
    return status, json.loads(capsys.readouterr().out)


def places(told):
    """(code, file and cell) of every finding."""
    return [(one["code"], _place(one)) for one in told["diagnostics"]]


def _place(one):
    file = one["file"] or one["unit"]
    if one["sheet"] == file:
        return file
    return f"{file} {one['sheet']}!{one['cell']}" if one["cell"] else f"{file} {one['sheet']}"


@pytest.mark.parametrize("code", sorted(TROUBLES))
def test_each_trouble_is_said_at_its_place_and_the_ledger_stays_as_it_was(
    capsys, ledger, tmp_path, code
):
    trouble = TROUBLES[code]
    folder = handed_in.hand_in(trouble.files, tmp_path / "报送", trouble.saved)
    before = ledger.read_bytes()
    status, told = reconciled(capsys, ledger, folder, trouble.options)
    assert (code, trouble.place) in places(told)
    worst = {KINDS[one["code"]].severity for one in told["diagnostics"]}
    assert status == (Severity.ERROR in worst)
    assert ledger.read_bytes() == before


def test_a_file_that_cannot_be_read_leaves_the_others_alone(capsys, ledger, tmp_path):
    files = {"东园.xlsx": TROUBLES["XP910"].files["东园.xlsx"], "西园.xlsx": handed_in.OTHER}
    folder = handed_in.hand_in(files, tmp_path / "报送")
    _, told = reconciled(capsys, ledger, folder)
    used = {row["file"]: (row["states"], row["projects"]) for row in told["board"] if row["file"]}
    assert used == {"东园.xlsx": (["failed"], 0), "西园.xlsx": (["received"], 1)}


def test_a_sound_submission_has_nothing_to_report(capsys, ledger, tmp_path):
    files = {"东园.xlsx": handed_in.SOUND, "西园.xlsx": handed_in.OTHER}
    folder = handed_in.hand_in(files, tmp_path / "报送")
    _, told = reconciled(capsys, ledger, folder)
    assert {code for code, _ in places(told)} <= {"XP922"}
    states = {row["unit"]: row["states"] for row in told["board"]}
    assert states["东园"] == states["西园"] == ["received"]
