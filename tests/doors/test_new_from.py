"""`xlplan new --from`: units and targets come from an issued document or an older table."""

from dataclasses import replace

import pytest
from support.office import convert

from xlplan import files, tables
from xlplan.cli import main
from xlplan.policy import load_policy
from xlplan.policy.schema import TargetRow

docx = pytest.importorskip("docx", reason="python-docx is an extra")
POLICY = load_policy("fuling-2021")
HERE = ["sheet", "row", "column", "cell"]  # where a target stands may differ, what it says may not


def paper_of(target_tables, path):
    """The document's own tables as Word has them: two head rows, merged, a title above."""
    paper = docx.Document()
    paper.add_paragraph("附件2")
    for made in target_tables:
        paper.add_paragraph(made.title)
        rows = [("责任单位", *(upper for upper, _ in made.heads))]
        rows.append(("", *(lower for _, lower in made.heads)))
        rows += [(row.unit, *row.cells) for row in (*made.rows, made.total)]
        drawn = paper.add_table(len(rows), len(rows[0]))
        for row, cells in zip(drawn.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        merge_heads(drawn, rows)
    paper.save(path)
    return path


def merge_heads(drawn, rows):
    upper, lower = rows[:2]
    for column, (above, below) in enumerate(zip(upper, lower, strict=True)):
        if not below:
            drawn.cell(0, column).merge(drawn.cell(1, column))
        elif column and upper[column - 1] == above and lower[column - 1]:
            drawn.cell(0, column).text = ""
            whole = drawn.cell(0, column - 1).merge(drawn.cell(0, column))
            whole.text = above


def new(path, *more):
    assert main(["new", "--policy", "fuling-2021", *map(str, more), str(path)]) in {0, 1}
    return tables.read_ledger(files.open_workbook(path), POLICY).ledger


def said(ledger):
    """The targets without their places, in a fixed order."""
    kept = ledger.targets.drop(columns=[name for name in HERE if name in ledger.targets])
    return sorted(map(repr, kept.astype(str).to_dict("records")))


@pytest.fixture
def plain(tmp_path):
    return new(tmp_path / "空白.xlsx")


def test_the_document_as_word_file_gives_the_policys_own_targets(tmp_path, plain):
    old = paper_of(POLICY.tables, tmp_path / "文件.docx")
    taken = new(tmp_path / "新.xlsx", "--from", old)
    assert said(taken) == said(plain)
    assert list(taken.units["unit"]) == list(plain.units["unit"])


def test_an_older_workbook_gives_its_targets(tmp_path, plain):
    assert said(new(tmp_path / "新.xlsx", "--from", tmp_path / "空白.xlsx")) == said(plain)


@pytest.mark.office
@pytest.mark.parametrize("form", ["xls", "ods"])
def test_an_older_table_of_another_format_gives_its_targets(tmp_path, plain, form):
    old = convert(tmp_path / "空白.xlsx", form, tmp_path)
    assert said(new(tmp_path / "新.xlsx", "--from", old)) == said(plain)


def test_a_unit_that_the_policy_does_not_know_joins_with_its_targets(tmp_path, plain):
    first, *others = POLICY.tables
    row = TargetRow("新设园区", ("1", "2", "3", "40", "5"))
    widened = replace(first, rows=(*first.rows, row))
    old = paper_of([widened, *others], tmp_path / "文件.docx")
    taken = new(tmp_path / "新.xlsx", "--from", old)
    assert set(taken.units["unit"]) - set(plain.units["unit"]) == {"新设园区"}
    units = taken.units[taken.units["unit"] == "新设园区"]
    assert list(units["group"]) == [first.group]
    targets = taken.targets[taken.targets["unit"] == "新设园区"]
    assert dict(zip(targets["measure"], targets["text"], strict=True)) == dict(
        zip(first.measures, row.cells, strict=True)
    )


def test_a_document_without_targets_is_refused_and_nothing_is_made(tmp_path, capsys):
    docx.Document().save(tmp_path / "空.docx")
    made = tmp_path / "新.xlsx"
    old = str(tmp_path / "空.docx")
    assert main(["new", "--policy", "fuling-2021", "--from", old, str(made)]) == 2
    assert "XP016" in capsys.readouterr().err
    assert not made.exists()
