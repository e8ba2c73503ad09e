"""Adding 150,000 result rows to a 20 MB workbook, beside the bare cost and beside XlsxWriter.

    python benchmarks/write_back.py [ROWS]

The bare cost is copying the file and writing the same rows as f-strings into a deflated part;
XlsxWriter writes the same sheet alone, into a new file, with nothing of the clerk's to keep. Peak
memory is measured in processes of their own, at three sizes: it must not grow with the rows beyond
the frame itself.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

import xlplan

RUNS = 3
HOST_ROWS = 190_000
SHEET = "结果"
LEVEL = 2  # of deflate: what a part of this size gets from xlplan, so that the floor is as fast


def frame(rows: int) -> pd.DataFrame:
    """Twelve columns as a result sheet has them: codes, names, units, amounts, dates."""
    chance = np.random.default_rng(rows)
    numbers = np.arange(rows)
    return pd.DataFrame(
        {
            "项目编号": [f"P{number:06d}" for number in numbers],
            "项目名称": [f"示例项目{number % 9973}" for number in numbers],
            "单位": [f"单位{number % 22}" for number in numbers],
            "角色": np.where(numbers % 5, "牵头", "配合"),
            "指标": np.where(numbers % 4, "到位资金", "协议资金"),
            "日期": pd.Timestamp("2021-01-01") + pd.to_timedelta(numbers % 270, unit="D"),
            **{f"数{place}": chance.lognormal(0, 1, rows).round(4) for place in range(6)},
        }
    )


def host(folder: Path) -> Path:
    """A workbook of about 20 MB that already holds other sheets."""
    path = folder / "host.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        chance = np.random.default_rng(1).lognormal(0, 1, (HOST_ROWS, 8))
        for number, row in enumerate(chance):
            sheet.write_row(number, 0, row)
    return path


def bare(source: Path, data: pd.DataFrame, target: Path) -> None:
    """Copy the file; write the rows as f-strings into a deflated part: no styles, no escaping."""
    shutil.copyfile(source, target)
    columns = [
        column.dt.strftime("%Y-%m-%d").tolist() if column.dtype.kind == "M" else column.tolist()
        for _, column in data.items()
    ]
    packed = target.with_suffix(".part")
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive,
        archive.open("sheet.xml", "w") as part,
    ):
        for number, row in enumerate(zip(*columns, strict=True), start=1):
            a, b, c, d, e, f, *rest = row
            text = "".join(
                f'<c r="{letter}{number}" s="1" t="inlineStr"><is><t>{value}</t></is></c>'
                for letter, value in zip("ABCDEF", (a, b, c, d, e, f), strict=True)
            )
            text += "".join(
                f'<c r="{letter}{number}" s="2"><v>{value}</v></c>'
                for letter, value in zip("GHIJKL", rest, strict=True)
            )
            part.write(f'<row r="{number}">{text}</row>'.encode())


def anew(source: Path, data: pd.DataFrame, target: Path) -> None:
    """Ours, onto a free name: a target that already is as wanted is not checked and placed."""
    target.unlink(missing_ok=True)
    xlplan.write_sheets(source, {SHEET: data}, target)


def by_xlsxwriter(data: pd.DataFrame, target: Path) -> None:
    """The same frame as a formatted sheet in a file of its own."""
    with pd.ExcelWriter(target, engine="xlsxwriter") as writer:
        data.to_excel(writer, sheet_name=SHEET, index=False)


def seconds(work) -> float:
    """Median processor seconds of the runs."""
    taken = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def beyond_the_frame(rows: int, source: Path, target: Path) -> int:
    """KB that writing takes at its peak beyond what is held before; Linux only.

    A process's `ru_maxrss` starts from that of the process that started it, and making the frame
    takes more than writing it: so the kernel's own mark is read, and set back once the frame is
    made.
    """
    target.unlink(missing_ok=True)
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import gc, pathlib, write_back, xlplan\n"
        "def held(mark):\n"
        "    lines = pathlib.Path('/proc/self/status').read_text().splitlines()\n"
        "    return int(next(line for line in lines if line.startswith(mark)).split()[1])\n"
        f"data = write_back.frame({rows})\n"
        f"xlplan.write_sheets({str(source)!r}, {{'{SHEET}': data.head(9)}}, {str(target)!r})\n"
        "gc.collect()\n"
        "pathlib.Path('/proc/self/clear_refs').write_text('5')\n"
        "before = held('VmRSS')\n"
        f"xlplan.write_sheets({str(source)!r}, {{'{SHEET}': data}}, {str(target)!r})\n"
        "print(held('VmHWM') - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout)


def main() -> None:
    """Measure and print the ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 150_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target, data = host(folder), folder / "out.xlsx", frame(rows)
        xlplan.write_sheets(source, {SHEET: data}, target)
        with zipfile.ZipFile(target) as archive:
            xml = archive.read(archive.infolist()[-1])
        ours = seconds(lambda: anew(source, data, target))
        floor = seconds(lambda: bare(source, data, folder / "bare.xlsx"))
        other = seconds(lambda: by_xlsxwriter(data, folder / "x.xlsx"))
        print(f"{rows} rows into {source.stat().st_size / 1e6:.1f} MB, {len(xml) / 1e6:.0f} MB XML")
        print(f"  xlplan.write_sheets     {ours:6.2f} s")
        print(f"  copy + raw rows alone   {floor:6.2f} s   ours / this {ours / floor:.2f}")
        print(f"  XlsxWriter alone        {other:6.2f} s   this / ours {other / ours:.2f}")
        for size in (rows // 3, rows, rows * 3):
            grown = beyond_the_frame(size, source, target)
            print(f"  memory beyond the frame at {size} rows: {grown / 1024:.0f} MB")


if __name__ == "__main__":
    main()
