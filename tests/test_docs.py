"""The documentation says what the program does: codes, verbs, links, keys, commands, pictures."""

import re
import shutil
from pathlib import Path

import pytest

import xlplan
from xlplan.app import VERBS
from xlplan.app.buttons import button_verbs
from xlplan.app.report import as_json
from xlplan.cli import main
from xlplan.diagnostics import KINDS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
SAMPLE = ROOT / "samples" / "fuling-2021" / "任务分解表.xlsx"
SEVERITIES = {"error": "错误 error", "warning": "警告 warning", "note": "提示 note"}
MOST_BYTES = 200_000

ENTRY = re.compile(r"^## (XP\d{3}) (.*)\n\n\*\*(.*)\*\* · (.*)\n\n((?:- .*\n)+)", re.MULTILINE)
HEADING = re.compile(r"^#+ (XP\d{3})\b", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\bxlplan ([a-z][a-z-]*)")
KEY = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def read(path):
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def entries():
    return {found[1]: found for found in ENTRY.finditer(read(DOCS / "diagnostics.md"))}


def test_every_code_has_exactly_one_entry_in_order_and_no_entry_is_left_over():
    assert HEADING.findall(read(DOCS / "diagnostics.md")) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_an_entry_says_severity_and_messages_as_the_table_does(entries, kind):
    _, chinese, severity, english, points = entries[kind.code].groups()
    assert (chinese, severity, english) == (kind.zh, SEVERITIES[kind.severity], kind.en)
    assert points.startswith("- 意思：")
    assert "\n- 怎么办：" in points


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_is_shown_somewhere(verb):
    shown = {name for page in PAGES for name in COMMAND.findall(read(page))}
    assert verb.name in shown


def sessions():
    """Every command of the tutorial with the output shown below it."""
    for block in re.findall(r"```console\n(.*?)```", read(DOCS / "上手.md"), re.DOTALL):
        for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = session.partition("\n")
            yield command, shown


def as_pattern(shown):
    """Output as shown: a line … stands for any lines, … inside a line for any text of it."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else r"[^\n]*".join(map(re.escape, line.split("…"))) + r"\n"
        for line in shown.splitlines()
    ]
    return re.compile("".join(lines))


def test_the_tutorial_shows_what_its_commands_really_print(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("XLPLAN_LANG", raising=False)
    shutil.copy(SAMPLE.with_name("口径未定.xlsx"), tmp_path)
    shown = list(sessions())
    assert len(shown) > 5
    for command, output in shown:
        main(command.split()[1:])
        said = capsys.readouterr()
        assert not said.err
        assert as_pattern(output).fullmatch(said.out.replace("\\", "/")), (command, said.out)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file(page):
    links = [link.partition("#")[0] for link in LINK.findall(read(page))]
    relative = [link for link in links if link and not re.match(r"[a-z]+:", link)]
    assert [link for link in relative if not (page.parent / link).exists()] == []


def test_every_picture_is_shown_and_small():
    shown = {Path(link).name for page in PAGES for link in LINK.findall(read(page))}
    for picture in (DOCS / "pictures").iterdir():
        assert picture.name in shown
        assert picture.stat().st_size <= MOST_BYTES


@pytest.fixture(scope="module")
def told():
    return as_json(xlplan.recalculate(xlplan.open_book(SAMPLE), as_of="2021-09-30"))


def documented():
    """The keys of each section of docs/json.md."""
    sections = re.split(r"^## ", read(DOCS / "json.md"), flags=re.MULTILINE)[1:]
    return {section.split("\n", 1)[0]: KEY.findall(section) for section in sections}


def test_the_json_page_lists_the_keys_that_are_really_written(told):
    lists = {name: rows for name, rows in told.items() if isinstance(rows, list)}
    assert documented().keys() == {"top", *lists}
    assert documented()["top"] == list(told)
    assert all(list(row) == documented()[name] for name in lists for row in lists[name])


def test_numbers_in_the_json_are_exact_strings_as_the_page_says(told):
    for standing in told["standings"]:
        assert isinstance(standing["done"], str)
        assert isinstance(standing["rank"], int | None)


def test_the_page_for_installing_names_places_and_codes_as_the_program_does():
    page = read(DOCS / "安装.md")
    assert set(re.findall(r"XP\d{3}", page)) <= KINDS.keys()
    for words in (r"%APPDATA%\Microsoft\Excel\XLSTART\xlplan.xlam", r"%LOCALAPPDATA%\xlplan"):
        assert words in page
    tips = re.findall(r'keytip="([A-Z]+)"', read(ROOT / "macros" / "ribbon.xml"))
    assert f"再按 {tips[0]}" in page
    assert f"字母 {' '.join(tips[1:])}" in page


def test_the_page_of_buttons_tells_of_each_button_and_codes_there_are():
    page = read(DOCS / "按钮.md")
    told = re.findall(r"^\| (\S+) \| .+ \| .+ \|$", page, re.MULTILINE)
    labels = [verb.label for verb in button_verbs()]
    assert sorted(one for one in told if one in labels) == sorted(labels)
    assert set(re.findall(r"XP\d{3}", page)) <= KINDS.keys()
    shelf = {f"pictures/{name}.png" for name, *_ in pictures()}
    assert shelf <= set(LINK.findall(page))


def pictures():
    """What docs/pictures.py makes."""
    (shown,) = re.findall(
        r"^SHOWN = \((.*?)^\)", read(DOCS / "pictures.py"), re.DOTALL | re.MULTILINE
    )
    return re.findall(r'\("(\S+)", "(\S+)", "(\S+)"\)', shown)
