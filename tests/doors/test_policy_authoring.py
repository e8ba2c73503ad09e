"""`xlplan policy check` and `xlplan policy init` as a user meets them."""

import pytest
from support.issued import NOTES, issued

from xlplan.cli import main
from xlplan.policy import shipped_policies


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)


def run(capsys, *arguments):
    status = main(["policy", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture
def broken(tmp_path):
    text = shipped_policies()["fuling-2021"].read_text("utf-8")
    file = tmp_path / "改过.toml"
    file.write_text(text.replace('lead = "100%"', 'leed = "100%"', 1), "utf-8")
    return file


def test_a_policy_is_still_shown_by_its_id_and_by_its_file(capsys):
    shown = run(capsys, "fuling-2021")
    assert shown[0] == 0
    assert "口径" in shown[1]
    assert run(capsys, shipped_policies()["fuling-2021"]) == shown
    assert run(capsys, "show", "fuling-2021") == shown


def test_check_says_that_a_sound_policy_has_no_fault(capsys):
    status, out, err = run(capsys, "check", shipped_policies()["fuling-2021"])
    assert (status, err) == (0, "")
    assert "没有错误" in out


def test_check_prints_one_line_a_fault_with_key_path_and_example_and_exits_1(capsys, broken):
    status, out, err = run(capsys, "check", broken)
    assert (status, err) == (1, "")
    head, *lines = out.splitlines()
    assert head.endswith("处错误")
    assert len(lines) == int(head.rpartition("：")[2].split()[0])
    assert any("split[1].leed" in line and '正确写法：lead = "100%"' in line for line in lines)


def test_check_speaks_english_when_asked(capsys, broken):
    _, out, _ = run(capsys, "check", broken, "--lang", "en")
    assert "unknown" in out or "not known" in out
    assert 'Right: lead = "100%"' in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "没有.toml"], "XP001"),
        (["没有这个方案"], "XP009"),
        (["check"], "缺少 FILE.toml"),
        (["init", "a.toml"], "缺少 --from"),
        (["init", "--from", "没有.docx", "a.toml"], "XP001"),
    ],
)
def test_what_is_impossible_is_one_line_and_status_2(
    capsys, tmp_path, monkeypatch, arguments, said
):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_init_drafts_a_policy_that_checks_clean_and_a_workbook_that_can_be_computed(
    capsys, tmp_path
):
    source, file, book = issued(tmp_path / "通知.docx"), tmp_path / "x.toml", tmp_path / "x.xlsx"
    status, out, err = run(capsys, "init", "--from", source, file, "--book", book)
    assert (status, err) == (0, "")
    assert "全部放入" in out
    assert run(capsys, "check", file)[0] == 0
    assert main(["recalculate", str(book), "--policy", str(file)]) == 0
    assert "17 个目标" in out


def test_init_lists_what_it_could_not_place_on_the_terminal_and_in_the_file(capsys, tmp_path):
    source, file = issued(tmp_path / "通知.docx", notes=NOTES[1:]), tmp_path / "x.toml"
    status, out, _ = run(capsys, "init", "--from", source, file)
    assert status == 0
    listed = [line.strip() for line in out.splitlines() if line.startswith("  ")]
    assert listed
    commented = [line.removeprefix("# - ") for line in file.read_text("utf-8").splitlines()]
    assert set(listed) <= set(commented)


def test_help_names_the_ways_to_write_a_policy_in_both_languages(capsys):
    assert "起草" in run(capsys, "--help")[1]
    assert "draft" in run(capsys, "--help", "--lang", "en")[1]
