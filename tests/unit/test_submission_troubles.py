"""What can be wrong with what is handed in: said at its place; the others go on all the same."""

import json
from urllib.parse import unquote

import openpyxl
import pytest
from support import handed_in
from support.handed_in import TROUBLES
from support.zips import FAULTS

from xlplan.cli import main
from xlplan.diagnostics import KINDS, Severity

READABLE = {
    "csv named xlsx",
    "bad checksum in an untouched part",
    "result sheet without rows element",
    "nested without end",
    "an unknown main namespace",
    "a member that lies about its size",
}
"""Faults that only writing back meets: these files are read, and hold no table."""

HARMFUL = {
    name: fault
    for name, fault in FAULTS.items()
    if fault.code in ("XP002", "XP003", "XP004", "XP008", "XP704")
}
"""Files that cannot be read, or are not safe to."""


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


def test_every_kind_of_broken_file_is_said_and_the_sound_one_counts(capsys, ledger, tmp_path):
    names = {f"{n}.{fault.name.rpartition('.')[2]}": n for n, fault in HARMFUL.items()}
    handed = {name: HARMFUL[kind].data for name, kind in names.items()}
    handed |= {
        "网页.xls": lambda: b"<html><table><tr><td>1,2</td></tr></table></html>",
        "西园.xlsx": handed_in.OTHER,
    }
    folder = handed_in.hand_in(handed, tmp_path / "报送")
    _, told = reconciled(capsys, ledger, folder)
    states = {row["file"]: row["states"] for row in told["board"] if row["file"]}
    assert states.pop("西园.xlsx") == ["received"]
    assert states.pop("网页.xls") == ["failed"]
    wanted = {
        name: ["no-unit", "empty"] if kind in READABLE else ["failed"]
        for name, kind in names.items()
    }
    assert states == wanted
    reasons = [one["message"] for one in told["diagnostics"] if one["code"] == "XP910"]
    assert len(reasons) == len(HARMFUL) - len(READABLE) + 1
    assert not any(str(tmp_path) in reason for reason in reasons)


@pytest.mark.parametrize(
    "name", ["报送\\..\\东园.xlsx", "..东园.xlsx", "=东园+1.xlsx", "东园 '三'.xlsx"]
)
def test_names_that_look_like_paths_or_formulas_stay_names(capsys, ledger, tmp_path, name):
    folder = handed_in.hand_in({name: handed_in.SOUND}, tmp_path / "报送")
    before = sorted(tmp_path.rglob("*"))
    out = tmp_path / "报告.xlsx"
    main(["reconcile", str(ledger), str(folder), "--policy", str(handed_in.POLICY), "-o", str(out)])
    capsys.readouterr()
    assert sorted(path for path in tmp_path.rglob("*") if path != out) == before
    cell = openpyxl.load_workbook(out)["报送情况"]["C4"]
    assert (cell.value, cell.data_type) == (name, "s")
    assert unquote(cell.hyperlink.target) == f"报送/{name}"


def test_a_unit_with_separators_in_its_name_is_only_a_name(capsys, ledger, tmp_path):
    text = handed_in.table(handed_in.ONE, unit="../../etc/东园")
    folder = handed_in.hand_in({"表.xlsx": text}, tmp_path / "报送")
    _, told = reconciled(capsys, ledger, folder)
    said = [one["message"] for one in told["diagnostics"] if one["code"] == "XP911"]
    assert all("../../etc/东园" in message for message in said)
