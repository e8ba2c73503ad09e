"""Workbooks with buttons: each starts its macro, and nothing takes them away again."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from support.macros import macros_in

from xlplan import resources
from xlplan.app import VERBS
from xlplan.app.buttons import WORDS, macro_of, sources
from xlplan.cli import main
from xlplan.model import CONF_SHEET, OUTPUT_SHEETS
from xlplan.policy import load_policy
from xlplan.sheets.inputs import input_sheets

MACROS = {macro_of(verb) for verb in VERBS if verb.label}


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "任务.xlsm"
    assert main(["new", "--policy", "fuling-2021", str(path)]) == 0
    return path


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def drawings(path):
    return {name: text for name, text in parts(path).items() if name.endswith(".vml")}


def test_a_new_book_is_the_same_to_the_byte_wherever_it_is_made(book, tmp_path):
    other = tmp_path / "又一本.xlsm"
    main(["new", "--policy", "fuling-2021", str(other)])
    assert other.read_bytes() == book.read_bytes()


def test_every_verb_with_a_label_has_a_button_bound_to_a_macro_that_is_there(book):
    code = "\n".join(macros_in(book).values())
    shown = [text.decode() for text in drawings(book).values()]
    assert len(shown) == len(input_sheets(load_policy("fuling-2021")))
    for text in shown:
        bound = dict(re.findall(r">([^<>]+)</font>.*?\[0\]!(\w+)<", text))
        assert bound == {verb.label: macro_of(verb) for verb in VERBS if verb.label}
    assert all(f"Public Sub {macro}()" in code for macro in MACROS)


def test_each_macro_starts_its_own_verb():
    (buttons,) = (module for module in sources() if module.name == "XlplanButtons")
    started = re.findall(
        r'Public Sub (\w+)\(\)\n    XlplanStart "([a-z-]+)"\nEnd Sub', buttons.source
    )
    assert dict(started) == {macro_of(verb): verb.name for verb in VERBS if verb.label}


def test_recalculating_keeps_macros_and_buttons_byte_for_byte_and_gives_results_their_own(book):
    before = parts(book)
    assert main(["recalculate", str(book)]) == 0
    after = parts(book)
    kept = [name for name in before if name.startswith(("xl/drawings", "xl/vba", "xl/worksheets"))]
    assert all(after[name] == before[name] for name in kept)
    new = drawings(book).keys() - before.keys()
    assert len(new) >= len(OUTPUT_SHEETS) - 1  # the ledger of credits begins with its heads
    written = book.read_bytes()
    assert main(["recalculate", str(book), "--as-of", "2021-09-30"]) == 0
    assert main(["recalculate", str(book)]) == 0
    assert parts(book) == parts(io.BytesIO(written))


def test_a_book_without_our_macros_gets_no_buttons(tmp_path):
    path = tmp_path / "任务.xlsx"
    main(["new", "--policy", "fuling-2021", str(path)])
    main(["recalculate", str(path)])
    assert not drawings(path)


def test_the_words_of_the_macros_lie_in_a_hidden_sheet_that_nothing_reads(book, capsys):
    assert (
        f'name="{CONF_SHEET}" sheetId="9" state="hidden"' in parts(book)["xl/workbook.xml"].decode()
    )
    main(["check", str(book)])
    assert CONF_SHEET not in capsys.readouterr().out


def test_the_sources_are_plain_ascii_and_small():
    for path in resources.shelf("macros").rglob("*.bas"):
        text = path.read_text(encoding="ascii")
        assert text.startswith(f'Attribute VB_Name = "{path.stem}"\n')
        assert len(text.splitlines()) < 150
        assert "cmd.exe" not in text.lower()


def test_every_word_that_the_macros_ask_for_is_there():
    asked = {
        word
        for path in resources.shelf("macros").rglob("*.bas")
        for word in re.findall(r'XlplanTell "(\w+)"', path.read_text("ascii"))
    }
    assert asked == WORDS.keys() - {"title"}


@pytest.mark.parametrize("name", ["没有宏.xlsx", "带宏.xlsm"])
def test_the_extension_decides_whether_there_are_macros(tmp_path, name):
    path = Path(tmp_path / name)
    main(["new", "--policy", "fuling-2021", str(path)])
    assert ("xl/vbaProject.bin" in parts(path)) == (path.suffix == ".xlsm")
