"""docs/模板.md lists every filter and every field that a template may use."""

import re
from pathlib import Path

from support.sample import figures

from xlplan.documents.environment import sandbox
from xlplan.documents.fields import Reader
from xlplan.documents.filters import FILTERS

PAGE = (Path(__file__).parents[2] / "docs" / "模板.md").read_text(encoding="utf-8")


def test_every_filter_stands_on_the_page_and_its_example_is_a_template():
    for known in FILTERS:
        assert f"| `{known.name}` | {known.meaning} |" in PAGE
        sandbox().from_string(known.example)


def test_every_field_of_a_document_stands_on_the_page():
    reader = Reader(figures())
    fields = reader.of_unit("区商务委")
    said = set(re.findall(r"`([^`]+)`", PAGE))
    named = {part for name in said for part in re.split(r"[.=]", name)}
    owned = [fields["明细"][0], fields["项目"][0], fields["来源结构"][0], fields["口径"][0]]
    owned += [fields["指标"]["协议资金"], fields["本单位"], fields["类别"][0]]
    for owner in [fields, *owned]:
        assert set(owner) <= named, set(owner) - named
