"""Every shipped sample is built from its text sources alone."""

import zipfile

import pytest
from support import sample

FOLDERS = sample.builder().folders()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_committed_workbooks_are_what_their_sources_build(folder, tmp_path):
    sample.builder().build(folder, tmp_path)
    built, kept = (
        {path.name: members(path) for path in place.glob("*.xlsx")} for place in (tmp_path, folder)
    )
    assert built == kept


def members(path):
    """Unpacked, since another zlib may pack the same bytes differently."""
    with zipfile.ZipFile(path) as packed:
        return [(info.filename, info.date_time, packed.read(info)) for info in packed.infolist()]
