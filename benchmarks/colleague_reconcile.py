"""What a colleague would write to hold 400 tables against a ledger: pandas merge and difflib.

    python benchmarks/colleague_reconcile.py BOOK FOLDER OUT.xlsx

It knows one layout only (heads in the third row, the ledger's own names), compares numbers as
floats, and asks difflib about every row without an id.
"""

import sys
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

COMPARED = ("项目名称", "投资主体", "来源", "投资额(亿元)", "协议资金(亿元)", "签约日期")


def main(book, folder, out):
    """Read, merge, compare, write."""
    ledger = pd.read_excel(book, sheet_name="项目台账", engine="openpyxl")
    tables = []
    for path in sorted(Path(folder).iterdir()):
        table = pd.read_excel(path, header=2, engine="openpyxl", dtype={"项目编号": str})
        tables.append(table.assign(文件=path.name, 行=table.index + 4))
    rows = pd.concat(tables, ignore_index=True)
    known = rows.merge(ledger, on="项目编号", how="left", suffixes=("", "_台账"), indicator=True)
    both = known[known["_merge"] == "both"]
    differing = []
    for head in COMPARED:
        unlike = both[both[head].fillna("") != both[f"{head}_台账"].fillna("")]
        differing.append(
            pd.DataFrame(
                {
                    "文件": unlike["文件"],
                    "行": unlike["行"],
                    "字段": head,
                    "报送": unlike[head],
                    "台账": unlike[f"{head}_台账"],
                }
            )
        )
    names = list(ledger["项目名称"])
    without = known[known["_merge"] != "both"]
    asked = [
        (
            row["文件"],
            row["行"],
            row["项目名称"],
            "、".join(get_close_matches(row["项目名称"], names)),
        )
        for _, row in without.iterrows()
    ]
    with pd.ExcelWriter(out, engine="openpyxl") as writer:
        pd.concat(differing).to_excel(writer, sheet_name="差异", index=False)
        heads = ["文件", "行", "项目名称", "近似"]
        pd.DataFrame(asked, columns=heads).to_excel(writer, sheet_name="疑似", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
