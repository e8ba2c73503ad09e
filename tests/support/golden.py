"""Golden texts: what a sheet contains, dumped as text that a reviewer can read in a diff."""

from pathlib import Path

from xlplan.diagnostics import column_letters
from xlplan.sheets.description import CellSpec

FOLDER = Path(__file__).parents[1] / "golden"


def check(name, text, *, update=False):
    path = FOLDER / f"{name}.txt"
    if update:
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path} is missing; run pytest --update-golden once"
    assert text == path.read_text(encoding="utf-8")


def dump(sheet, rows=None):
    """A described sheet as text: settings first, then every cell; `rows` limits those of blocks."""
    return "\n".join([*_settings(sheet), "", *_cells(sheet), *_blocks(sheet, rows), ""])


def _settings(sheet):
    yield f"sheet {sheet.name}"
    yield f"  freeze {sheet.freeze}  tab {sheet.tab_color}  landscape {sheet.print.landscape}"
    yield f"  title rows {sheet.print.title_rows}  filter {_area(sheet.filter)}"
    yield "  widths " + " ".join(f"{_letters(c)}={w:g}" for c, w in sorted(sheet.widths.items()))
    yield "  merges " + " ".join(_area(area) for area in sheet.merges)
    for one in sheet.drop_downs:
        said = one.source or "/".join(one.options)
        yield f"  choose {_area(one.area)} {said}{'' if one.strict else ' (or anything)'}"
    for one in sheet.data_bars:
        yield f"  bar {_area(one.area)}"
    for one in sheet.highlights:
        yield f"  highlight {_area(one.area)} {one.formula} {one.color}/{one.fill}"


def _cells(sheet):
    for cell in sorted(sheet.cells, key=lambda cell: (cell.row, cell.column)):
        if cell.value is not None or cell.formula:
            yield _line(cell)


def _blocks(sheet, rows):
    for block in sheet.blocks:
        yield f"block {_letters(block.column)}{block.row}, {block.height} rows"
        lines = (_block_row(block, at) for at in range(block.height))
        filled = [cells for cells in lines if cells]
        yield from (_line(cell) for cells in filled[:rows] for cell in cells)


def _block_row(block, at):
    """The cells of a row of a block that hold something."""
    row = block.row + at
    return [
        CellSpec(
            row,
            number,
            column.values[at],
            column.styles[at] if column.styles else column.style,
            column.formula.replace("{r}", str(row)),
            column.links[at] if column.links else "",
        )
        for number, column in enumerate(block.columns, start=block.column)
        if column.values[at] is not None
    ]


def _line(cell):
    value, shown = cell.value, cell.style.number_format
    said = repr(value) if isinstance(value, str) else str(value)
    parts = [f"{_letters(cell.column)}{cell.row}", said]
    parts += [f"={cell.formula}"] if cell.formula else []
    parts += [f"-> {cell.link}"] if cell.link else []
    parts += [f"[{shown}]"] if shown != "General" else []
    return "  ".join(parts)


def _letters(column):
    return column_letters(column)


def _area(area):
    if area is None:
        return "-"
    first = f"{_letters(area.first_column)}{area.first_row}"
    return f"{first}:{_letters(area.last_column)}{area.last_row}"
