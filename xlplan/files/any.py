"""Whatever a unit hands in: a workbook, a Word document or a text table, by what it really is."""

from pathlib import Path

from xlplan.container import Container, form_of, is_delimited, reachable
from xlplan.diagnostics import RequestError
from xlplan.files.delimited import Delimited
from xlplan.files.word import Document, open_document
from xlplan.files.workbook import Workbook

_ZIP = b"PK\x03\x04"


def open_table(path: Path | str) -> Workbook | Document | Delimited:
    """Open a file that holds tables; the ending of its name decides nothing.

    Macros in it are never run, links in it never followed.

    Raises:
        RequestError: XP001 to XP008 and XP704, one for each way in which this can be impossible;
            XP021 when a Word document is to be read without python-docx.
    """
    path = Path(path)
    with reachable(path):
        data = path.read_bytes()
    if is_delimited(data):
        return Delimited(path, data)
    if data.startswith(_ZIP) and _is_paper(data, str(path)):
        return open_document(path)
    return Workbook(path, data)


def _is_paper(data: bytes, label: str) -> bool:
    try:
        with Container(data, label) as container:
            return "word/document.xml" in container
    except RequestError:
        form_of(data, label)  # says it in its own words
        raise
