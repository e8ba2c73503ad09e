"""The sample of what units hand in: built from its text, reconciled as its README works it out."""

import re
import zipfile
from functools import cache

from support import sample

from xlplan.app.book import open_book
from xlplan.app.collecting import handed_in
from xlplan.app.recalculation import Request
from xlplan.app.reconciliation import Collection, reconcile_files
from xlplan.reconciling import HOW_TEXTS
from xlplan.reconciling.difference import KIND_TEXTS
from xlplan.reconciling.effects import shown

SOURCE = sample.SAMPLES / "fuling-2021" / "submissions"
README = (SOURCE / "README.md").read_text(encoding="utf-8")


@cache
def reconciled():
    handed = tuple(handed_in([SOURCE / "报送"]))
    return reconcile_files(open_book(sample.CHOSEN), Request(), Collection(handed, "2021-10-08"))


def table(head):
    """The rows of the README's table that begins with a head."""
    found = re.search(rf"^\| {head} \|.*\n\|---.*\n((?:\|.*\n)+)", README, re.MULTILINE)
    heads = [cell.strip() for cell in found[0].splitlines()[0].strip("|").split("|")]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def members(path):
    """Unpacked where it is packed, since another zlib may pack the same bytes differently."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes() if path.suffix == ".csv" else None
    with zipfile.ZipFile(path) as packed:
        return [(one.filename, one.date_time, packed.read(one)) for one in packed.infolist()]


def test_the_committed_files_are_what_their_source_builds(tmp_path):
    sample.builder().hand_in(SOURCE, tmp_path)
    built, kept = (
        {path.name: members(path) for path in place.iterdir()}
        for place in (tmp_path, SOURCE / "报送")
    )
    assert built == kept


def test_the_board_is_as_the_readme_says():
    rows = [row for row in reconciled().board.rows if row.file]
    told = {
        (row.unit, row.file): (row.shown, str(row.projects), "是" if row.used else "否")
        for row in rows
    }
    assert told == {
        (row["报送单位"], row["文件"]): (row["情况"], row["项目数"], row["参加核对"])
        for row in table("报送单位")
    }
    missing = re.search(r"单位（(.*)）未报", README)[1].split("、")
    assert [row.unit for row in reconciled().board.rows if not row.file] == missing


def test_every_project_is_placed_as_the_readme_says():
    told = {
        (one.entry.file, str(one.entry.cell("name"))): (
            one.entry.name,
            HOW_TEXTS[one.how],
            _of(one),
        )
        for one in reconciled().matching.matches
        if one.how != "id"
    }
    assert told == {
        (row["文件"], row["单元格"]): (row["项目"], row["对应"], row["台账"])
        for row in table("文件")
    }


def test_the_differences_that_move_anything_are_as_the_readme_works_them_out():
    policy = reconciled().basis.policy
    told = [
        {
            "编号": row.number,
            "报送单位": row.difference.unit,
            "项目": f"{row.difference.project} {row.difference.name}".strip(),
            "差异": KIND_TEXTS[row.difference.kind],
            "字段": row.difference.field_text,
            "报送": row.difference.submitted,
            "台账": row.difference.known,
            "对各单位计入的影响": shown(row.effects, policy),
        }
        for row in reconciled().rows
        if row.writes
    ]
    wanted = [{head: row[head] for head in told[0]} for row in table("编号")]
    assert told == wanted


def _of(match):
    known = [one.entry.project for one in match.candidates]
    return match.ledger.project if match.ledger else "、".join(known) or "—"
