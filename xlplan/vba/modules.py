"""The modules of a VBA project: text in ASCII, as the editor exports it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["document", "standard"]
DOCUMENT: Kind = "document"
STANDARD: Kind = "standard"

BASES = {
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "worksheet": "0{00020820-0000-0000-C000-000000000046}",
}
"""What a document module extends: Excel's own classes Workbook and Worksheet."""

_NAME = "Attribute VB_Name = "
_DOCUMENT = """\
Attribute VB_Name = "{name}"
Attribute VB_Base = "{base}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = True
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = True
"""


@dataclass(frozen=True, slots=True)
class Module:
    """One module; `source` has plain line ends and begins with its attributes."""

    name: str
    source: str
    kind: Kind = STANDARD

    def packed(self) -> bytes:
        """The source as a project holds it."""
        return self.source.replace("\n", "\r\n").encode("ascii")


def standard_module(source: str) -> Module:
    r"""The module of a .bas file; its first line gives its name.

    >>> standard_module('Attribute VB_Name = "Main"\nSub A()\nEnd Sub\n').name
    'Main'
    """
    source = source.replace("\r\n", "\n")
    first = source.partition("\n")[0]
    assert first.startswith(_NAME), first  # noqa: S101 - a source of ours without its name
    return Module(first.removeprefix(_NAME).strip('"'), source)


def document_module(name: str, base: Literal["workbook", "worksheet"]) -> Module:
    """The module behind the workbook or one of its sheets, without any code.

    >>> document_module("Sheet1", "worksheet").source.splitlines()[0]
    'Attribute VB_Name = "Sheet1"'
    """
    return Module(name, _DOCUMENT.format(name=name, base=BASES[base]), DOCUMENT)
