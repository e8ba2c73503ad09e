"""Ledgers and submissions as short texts: one project a line, fields as `name=value`."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

from xlplan.diagnostics import Cell
from xlplan.model import YI, in_yi
from xlplan.reconciling import Entry, Payment, StatedTotal, Submission

LABELLED = Path(__file__).parents[2] / "samples" / "matching" / "配对.csv"
SHEET = "项目台账"
FIRST_ROW = 4
FIELDS = """
    project name investor credit_code lead cooperating landing team origin sector industry
    investment output agreement signed status started produced remark level lists tier received
"""
COLUMNS = {name: column for column, name in enumerate(str.split(FIELDS), start=1)}
MONEY = {"investment", "output", "agreement", "received"}
DAYS = {"signed", "started", "produced"}
HEADS = {
    "project": "项目编号",
    "name": "项目名称",
    "investor": "投资主体",
    "credit_code": "统一社会信用代码",
    "lead": "牵头单位",
    "investment": "投资额(亿元)",
    "agreement": "协议资金(亿元)",
    "signed": "签约日期",
}


def entry(file="", row=FIRST_ROW, payments=(), **fields):
    """One project; money in 亿元, dates as ISO, cells as written kept with them."""
    texts = {name: str(value) for name, value in fields.items() if value not in ("", None)}
    values = {name: _value(name, value) for name, value in fields.items()}
    paid = tuple(
        Payment(date.fromisoformat(day) if day else None, money(amount), "到位资金", at, PAID)
        for at, (day, amount) in enumerate(payments, start=10 * (row - FIRST_ROW) + FIRST_ROW)
    )
    return Entry(
        file, SHEET, row, columns=COLUMNS, texts=texts, payments=paid, **values
    )  # fmt: skip


PAID = {"received": 2, "amount": 3}


def _value(name, value):
    if name in MONEY:
        return money(value)
    if name in DAYS:
        return date.fromisoformat(value) if value else None
    if name in ("cooperating", "lists"):
        return tuple(str(value).split("、")) if value else ()
    return str(value)


def money(text):
    """分 of an amount in 亿元."""
    return None if text in ("", None) else round(float(text) * YI)


def rows(text, file="", **common):
    """Entries of a text: `P001 name=甲厂 agreement=2`, the first word the id unless it has =."""
    found = []
    for at, line in enumerate(filter(None, map(str.strip, text.strip().splitlines()))):
        words = line.split()
        fields = dict(word.split("=", 1) for word in words if "=" in word)
        if "=" not in words[0]:
            fields["project"] = words[0]
        found.append(entry(file, FIRST_ROW + at, **{**common, **fields}))
    return tuple(found)


def submission(file, text="", unit="", entries=None, **more):
    """A file that came in; the unit is what stands before 报送 in its name."""
    unit = unit or file.partition("报送")[0]
    read = entries if entries is not None else rows(text, file, lead=unit)
    return Submission(file, "", unit=unit, entries=tuple(read), **more)


def total(field, value, row=90):
    return StatedTotal(field, value, Cell(SHEET, row, COLUMNS.get(field, 1)))


def labelled(without=()):
    """The labelled pairs: (row of the file, submitted entry, ledger entry or None)."""
    with LABELLED.open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file))
    return [
        (
            pair,
            _labelled(pair, "报送", f"{pair['序号']}.xlsx", without),
            _labelled(pair, "台账", "", without) if pair["台账项目编号"] else None,
        )
        for pair in pairs
    ]


def _labelled(pair, side, file, without):
    fields = {name: "" if name in without else pair[side + HEADS[name]] for name in HEADS}
    number = pair["台账项目编号"] if side == "台账" else "0"
    return entry(file, FIRST_ROW + int(number.lstrip("P")), **fields)


def shown(entry):
    """An entry for messages of failing tests."""
    return f"{entry.project} {entry.name} {in_yi(entry.agreement or 0)}"


def adopted(ledger, differences):
    """The ledger as it is when every difference that can be adopted is."""
    kept = {one.key: one for one in ledger}
    last = max((one.row for one in ledger), default=FIRST_ROW)
    for number, one in enumerate(differences):
        known = one.ledger and kept[one.ledger.key]
        if one.adopts == "change":
            kept[known.key] = _changed(known, one)
        elif one.adopts == "project":
            row = last + 1 + number
            new = replace(one.entry, file="", row=row, project=one.entry.project or f"N{row}")
            kept[new.key] = new
        elif one.adopts == "receipt":
            paid = replace(one.payment, row=900 + number)
            kept[known.key] = replace(known, payments=(*known.payments, paid))
    return list(kept.values())


def _changed(known, one):
    if not one.field.startswith("payment."):
        return replace(known, **{one.field: one.value})
    name = one.field.partition(".")[2]
    paid = [
        replace(each, **{name: one.value}) if each.row == one.other.row else each
        for each in known.payments
    ]
    return replace(known, payments=tuple(paid))
