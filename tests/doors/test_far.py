"""Calls that travel together into LibreOffice, and the routines that run there."""

import gc
import importlib
import time
from pathlib import Path

import pytest
from support import live

from xlplan.uno import bridge, far
from xlplan.uno.engine import Engine
from xlplan.uno.values import Formats

pytestmark = pytest.mark.office


@pytest.fixture
def context(office_address):
    """LibreOffice with its calls gathered, as a process of its own would reach it."""
    found = far.near(bridge.connect(office_address))
    assert isinstance(found, far.Far), "the office's own Python is not to be had"
    return found


@pytest.fixture
def document(context):
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    made = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
    yield made
    far.gather(context, gathers=False)
    made.close(True)  # noqa: FBT003 - no keywords in UNO


@pytest.fixture
def sheet(document):
    return document.Sheets.getByIndex(0)


@pytest.fixture
def inside():
    """What runs in the office, in our own Python."""
    with bridge._looking_into(str(Path(bridge.load_uno().__file__).parent)):
        return importlib.import_module("xlplan.uno.inside")


def thrown(work):
    """What some work throws; LibreOffice's classes are made while it does."""
    try:
        work()
    except Exception as trouble:  # noqa: BLE001 - that is what is asked
        return trouble
    return None


@pytest.fixture
def batches(context, monkeypatch):
    """How many calls each batch took with it, from now on."""
    line, sizes = far.line_of(context), []
    call = line._call

    def counted(how, batch):
        sizes.append(len(batch[0]))
        return call(how, batch)

    monkeypatch.setattr(line, "_call", counted)
    return sizes


def test_what_is_asked_takes_all_with_it_that_leads_there(sheet, batches):
    assert sheet.Name
    batches.clear()
    cell = sheet.getCellRangeByPosition(1, 1, 2, 2).getCellByPosition(0, 0)
    assert batches == []
    assert cell.CellAddress.Row == 1
    assert batches == [3]


def test_a_change_is_made_at_once_unless_changes_are_gathered(context, sheet, batches):
    assert sheet.Name
    batches.clear()
    sheet.getCellByPosition(0, 0).setString("甲")
    assert batches == [2]
    far.gather(context, gathers=True)
    batches.clear()
    for row in range(5):
        sheet.getCellByPosition(1, row).setString("乙")
    assert batches == []
    assert sheet.getCellByPosition(1, 4).String == "乙"
    assert batches == [12]


def test_a_long_list_of_changes_is_on_its_way_before_anything_is_asked(context, sheet, batches):
    far.gather(context, gathers=True)
    for row in range(60):
        sheet.getCellByPosition(0, row).setString(str(row))
    far.settle(context)
    assert len(batches) > 1
    assert sheet.getCellRangeByPosition(0, 0, 0, 59).getDataArray()[59] == ("59",)


def test_a_number_format_is_given_without_waiting_for_its_key(context, document, sheet, batches):
    formats = Formats(document)
    far.gather(context, gathers=True)
    batches.clear()
    for row, code in enumerate(("0.0%", '0.000"亿元"', "General")):
        formats.give(sheet.getCellByPosition(0, row), code)
    assert batches == []
    keys = [sheet.getCellByPosition(0, row).NumberFormat for row in range(3)]
    assert [formats.code(key) for key in keys] == ["0.0%", '0.000"亿元"', "General"]


def test_objects_come_back_as_the_same_objects(document, sheet):
    assert document.CurrentController == document.CurrentController
    assert document.CurrentController != document
    cells = document.createInstance("com.sun.star.sheet.SheetCellRanges")
    cells.addRangeAddress(sheet.getCellByPosition(3, 4).RangeAddress, False)  # noqa: FBT003 - no keywords in UNO
    assert cells.RangeAddresses[0].StartRow == 4
    found = sheet.ConditionalFormats.getConditionalFormats()
    assert found == ()


def test_a_text_or_a_number_that_a_collection_holds_is_told_as_that(document):
    provider = far.line_of(document)
    assert provider is far.line_of(document.Sheets)
    locale = bridge.struct("lang.Locale", Language="en", Country="US")
    key = int(document.NumberFormats.addNew("0.0000", locale))
    assert document.NumberFormats.getByKey(key).FormatString == "0.0000"


def test_what_libreoffice_throws_is_what_it_throws_to_others(document, sheet):
    trouble = thrown(lambda: document.Sheets.getByName("没有").Name)
    assert bridge.is_remote(trouble)
    assert "NoSuchElement" in type(trouble).__name__
    assert not hasattr(sheet, "Selbstverständlich")


def test_what_went_wrong_with_a_gathered_change_is_raised_when_all_settles(context, sheet):
    far.gather(context, gathers=True)
    sheet.getCellRangeByPosition(0, 0, 0, 0).setDataArray((("甲", "乙"),))
    sheet.getCellByPosition(0, 0).setString("later")
    assert thrown(lambda: sheet.Name), "somebody asks, and thinks nothing of it"
    assert sheet.getCellByPosition(0, 0).String == ""
    assert bridge.is_remote(thrown(lambda: far.settle(context)))
    far.settle(context)


def test_what_may_be_refused_is_left_undone_and_the_rest_is_done(context, sheet):
    far.gather(context, gathers=True)
    far.spare(context, spares=True)
    sheet.getCellRangeByPosition(0, 0, 0, 0).setDataArray((("甲", "乙"),))
    far.spare(context, spares=False)
    sheet.getCellByPosition(0, 1).setString("rest")
    far.settle(context)
    assert sheet.getCellByPosition(0, 1).String == "rest"


@pytest.mark.parametrize("gathers", [False, True])
def test_an_interrupt_neither_loses_a_change_nor_makes_it_twice(
    context, document, monkeypatch, gathers
):
    far.gather(context, gathers=gathers)
    line = far.line_of(context)
    answer = line._answer

    def interrupted():
        if line._sent is not None:
            monkeypatch.setattr(line, "_answer", answer)
            raise KeyboardInterrupt
        return answer()

    monkeypatch.setattr(line, "_answer", interrupted)

    def work():
        document.Sheets.insertNewByName("一次", 0)
        far.settle(context)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert "一次" in document.Sheets.ElementNames
    far.settle(context)


def test_a_batch_that_is_sent_twice_is_done_once(context, document):
    line = far.line_of(context)
    far.gather(context, gathers=True)
    document.Sheets.insertNewByName("一次", 0)
    twice = [*line._waiting]
    far.settle(context)
    line._waiting += twice
    far.settle(context)
    assert document.Sheets.Count == 2


def test_the_office_keeps_no_object_that_nobody_holds(context, sheet):
    line = far.line_of(context)
    number = far.number_of(sheet.getCellByPosition(0, 0))
    gc.collect()
    _ = sheet.Name
    with pytest.raises(KeyError):
        line.ask(0, number, "String", ())


def test_without_the_offices_python_its_own_objects_do(office_address, monkeypatch):
    plain = bridge.connect(office_address)
    assert far.near(plain) is not plain
    monkeypatch.setattr(far, "_PROTOCOL", 0)  # as if another version were loaded there
    assert far.near(plain) is plain
    app = live.xlwings().main.App(impl=Engine(plain).app)
    book = live.xlwings().main.Book(impl=app.impl.books.add())
    try:
        cells = book.sheets[0].range("A1:B2")
        cells.formula = [["=1+1", "甲"], [2.5, "=A1*2"]]
        app.calculate()
        assert cells.raw_value == [[2.0, "甲"], [2.5, 4.0]]
    finally:
        book.close()


def test_both_sides_say_the_same(inside):
    assert inside.PROTOCOL == far._PROTOCOL
    kinds = (inside.GET, inside.SET, inside.CALL, inside.SAME, inside.SELF, inside.RUN)
    assert kinds == (far._GET, far._SET, far._CALL, far._SAME, far._SELF, far._RUN)
    answers = (inside.OBJECT, inside.OBJECTS, inside.TROUBLE)
    assert answers == (far._OBJECT, far._OBJECTS, far._TROUBLE)


def test_a_turn_that_does_not_come_is_taken_once_all_the_same(inside):
    done = []
    turn = inside._Turn(lambda: done.append(1))
    began = time.monotonic()
    assert not turn.has_come(0.05)
    turn.notify(None)
    assert done == [1]
    assert time.monotonic() - began >= 0.05
