"""What units hand in, as small text tables: sound ones, and one for each kind of trouble.

Books are written as in support.grids; the ledger is the sound workbook of tests/cases/diagnostics.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from support import grids
from support.binary_books import write_xlsb
from support.zips import FAULTS

CASES = Path(__file__).parents[1] / "cases" / "diagnostics"
LEDGER = CASES / "完好.txt"
POLICY = CASES / "示例.toml"

HEADS = "项目编号 | 项目名称 | 来源 | 投资额(亿元) | 协议资金(亿元) | 签约日期 | 落地单位 | 招商组"
ONE = "P001 | 示例一 | 外来 | 20 | 10 | 2021-03-10 | 东园 | 新材料产业"
TWO = "P003 | 示例三 | 海外 | 3 | 3 | 2021-07-10 | 东园 | 新材料产业"
WEST = "P004 | 示例四 | 外来 | 4 | 4 | 2021-08-10 | 西园 | 新材料产业"


def table(*rows, unit="东园", sheet="报送", above="", hidden=""):
    """A clerk's own layout: who submits, heads, rows."""
    said = [f"填报单位：{unit}"] if unit else ["报送表"]
    return "\n".join([f"== {sheet} == {hidden}", *said, *filter(None, [above]), HEADS, *rows])


SOUND = table(ONE, TWO)
OTHER = table(WEST, unit="西园")


@dataclass(frozen=True)
class Trouble:
    """Files by name (a text table, or the bytes of a file), and where the finding must be."""

    files: dict
    place: str
    options: str = ""
    saved: tuple = ()


TROUBLES = {
    "XP910": Trouble({"东园.xlsx": FAULTS["password-protected"].data}, "东园.xlsx"),
    "XP911": Trouble({"某表.xlsx": table(ONE, WEST, unit="").replace("P004", "P005")}, "某表.xlsx"),
    "XP912": Trouble({"西园报送.xlsx": SOUND}, "西园报送.xlsx"),
    "XP913": Trouble({"东园.xlsx": table(ONE, TWO, ONE)}, "东园.xlsx 报送!A5"),
    "XP914": Trouble(
        {"东园.xlsx": f"{SOUND}\n{table(WEST, sheet='旧表', unit='', hidden='hidden')}"},
        "东园.xlsx 旧表",
    ),
    "XP915": Trouble(
        {"东园.xlsx": f"{SOUND}\n{table(ONE, TWO, sheet='副本', unit='')}"}, "东园.xlsx 副本!A2"
    ),
    "XP916": Trouble(
        {"东园.xlsx": table(ONE, TWO.replace("| 3 | 3 |", "| ^ | 3 |"))}, "东园.xlsx 报送!D3"
    ),
    "XP917": Trouble(
        {"东园.xlsx": table(ONE, " | | 外来 | 2 | 2 | 2021-05-01 | 东园 | 新材料产业")},
        "东园.xlsx 报送!B4",
    ),
    "XP918": Trouble({"东园.xlsx": "== 报送 ==\n填报单位：东园\n单位 | 联系人"}, "东园.xlsx"),
    "XP919": Trouble({"东园.xlsx": f"{SOUND}\n#reach 1048576"}, "东园.xlsx 报送"),
    "XP920": Trouble({"东园.xlsx": table(ONE, above="填报期间：2020年")}, "东园.xlsx"),
    "XP921": Trouble(
        {"东园.xlsx": table(ONE, above="填报日期：2021年10月8日")}, "东园.xlsx", "--due 2021-10-05"
    ),
    "XP922": Trouble({"东园.xlsx": SOUND}, "西园"),
    "XP923": Trouble(
        {
            "东园.xlsx": table(ONE, above="填报日期：2021-10-08"),
            "东园改.xlsx": table(ONE, above="填报日期：2021-10-09"),
        },
        "东园.xlsx",
    ),
    "XP924": Trouble({"东园.xlsx": SOUND, "西园.xlsx": table(ONE, TWO, unit="西园")}, "西园.xlsx"),
    "XP925": Trouble({"东园.xlsx": table()}, "东园.xlsx"),
    "XP926": Trouble({"东园.xlsx": table(ONE, above="考核方案：别的方案")}, "东园.xlsx"),
    "XP928": Trouble(
        {"东园.xlsx": SOUND, "东园改.xlsx": SOUND}, "东园.xlsx", saved=("2021-10-01",)
    ),
}
"""By code; XP927 and XP929 are impossible requests (test_every_diagnostic.py)."""


def ledger(folder: Path) -> Path:
    """The sound ledger as a file."""
    return grids.write(grids.book(LEDGER.read_text(encoding="utf-8")), folder / "台账.xlsx")


def hand_in(files, folder: Path, saved=()) -> Path:
    """Write what is handed in into a folder."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        write(content, folder / name)
        if saved:
            import os

            stamp = datetime.fromisoformat(saved[0]).timestamp()
            os.utime(folder / name, (stamp, stamp))
    return folder


def write(content, path: Path) -> Path:
    """One file in the form that its ending names, or the bytes given."""
    if callable(content):
        path.write_bytes(content())
        return path
    text, _, reach = content.partition("\n#reach ")
    book = grids.book(text)
    if path.suffix == ".xlsb":
        (grid,) = book.grids.values()
        return write_xlsb(path, grid.name, [list(map(_plain, row)) for row in grid.rows])
    grids.write(book, path)
    if reach:
        _format_down_to(path, int(reach))
    return path


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def _format_down_to(path: Path, row: int):
    """Give the first sheet empty, formatted rows down to a row, as a filled column does."""
    import zipfile

    part, copy = "xl/worksheets/sheet1.xml", path.with_suffix(".tmp")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                first = data.count(b"<row ") + 1
                rows = b"".join(
                    b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="0"/></row>' % (n, n)
                    for n in range(first, row + 1)
                )
                data = data.replace(b"</sheetData>", rows + b"</sheetData>")
            new.writestr(name, data)
    shutil.move(copy, path)
