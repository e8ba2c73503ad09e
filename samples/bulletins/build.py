"""Build the sample bulletins from their texts: a sound one, and one with every planted fault.

`python samples/bulletins/build.py` writes 完好通报.docx and 错误通报.docx beside their texts.
完好通报.txt is written as the texts of templates are; each line of 坏处.txt plants one fault in it:
`code place ← words there → words in their place`.
"""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, cast

HERE = Path(__file__).parent
TEMPLATES = HERE.parents[1] / "templates" / "build.py"


class Fault(NamedTuple):
    """A planted fault: the code and the place that the check must name, and the edit."""

    code: str
    place: str
    words: str
    instead: str

    def planted(self, text: str) -> str:
        """The text with this fault."""
        assert self.words in text, self.words  # noqa: S101 - a fault that plants nothing is a bug
        return text.replace(self.words, self.instead, 1)


def sound() -> str:
    """The text of the sound bulletin."""
    return (HERE / "完好通报.txt").read_text(encoding="utf-8")


def faults() -> list[Fault]:
    """Every fault, in the order of 坏处.txt."""
    found = []
    for line in (HERE / "坏处.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("XP"):
            head, _, edit = line.partition(" ← ")
            words, _, instead = edit.partition(" → ")
            found.append(Fault(*head.split(maxsplit=1), words, instead))
    return found


def faulty() -> str:
    """The text with all faults that leave each other's words alone."""
    text = sound()
    for fault in faults():
        if fault.words in text:
            text = fault.planted(text)
    return text


def document(text: str) -> bytes:
    """A Word document of a text, as templates are built."""
    return _builder()(text)


def _builder() -> Callable[[str], bytes]:
    spec = importlib.util.spec_from_file_location("build_templates", TEMPLATES)
    assert spec is not None  # noqa: S101 - the file lies in this repository
    assert spec.loader is not None  # noqa: S101 - likewise
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return cast("Callable[[str], bytes]", module.build)


def main() -> None:
    """Write both bulletins."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    (folder / "完好通报.docx").write_bytes(document(sound()))
    (folder / "错误通报.docx").write_bytes(document(faulty()))


if __name__ == "__main__":
    main()
