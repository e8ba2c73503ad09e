"""The extension for LibreOffice, built whole from text: a toolbar, and what its buttons start."""

import io
from pathlib import Path

from xlplan import __version__, resources
from xlplan.container import Packer
from xlplan.package import write_whole

EXTENSION = "xlplan.oxt"
_VERSION = "@VERSION@"
_MANIFEST = "META-INF/manifest.xml"


def extension_bytes() -> bytes:
    """The file `xlplan.oxt`; the same bytes on every system."""
    folder = resources.shelf("macros") / "libreoffice"
    names = sorted(
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    )
    into = io.BytesIO()
    packer = Packer(into)
    for name in (_MANIFEST, *(name for name in names if name != _MANIFEST)):
        text = (folder / name).read_text(encoding="utf-8").replace(_VERSION, __version__)
        packer.add(name, [text.encode()])
    packer.close((), b"")
    return into.getvalue()


def write_extension(folder: Path) -> Path:
    """Write the extension into a folder that is there; gives its path."""
    path = folder / EXTENSION
    write_whole(path, extension_bytes())
    return path
