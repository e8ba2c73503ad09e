"""The shipped templates are what their texts say, and fill for every policy that ships."""

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("docx")

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
TEXTS = sorted((TEMPLATES / "text").glob("*.txt"))
OF_PERIODS = [text for text in TEXTS if text.stem != "return-slip"]  # that one: test_slips.py


def builder():
    spec = importlib.util.spec_from_file_location("build_templates", TEMPLATES / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.stem)
def test_a_shipped_template_is_built_from_its_text_byte_for_byte(text):
    shipped = (TEMPLATES / f"{text.stem}.docx").read_bytes()
    assert builder().build(text.read_text(encoding="utf-8")) == shipped


def test_no_template_names_a_place():
    from xlplan.policy import load_policy, shipped_policies

    areas = {load_policy(name).area.rstrip("市区县镇") for name in shipped_policies()}
    for text in TEXTS:
        said = text.read_text(encoding="utf-8")
        assert not [area for area in areas if area in said], text


@pytest.mark.parametrize("text", OF_PERIODS, ids=lambda text: text.stem)
def test_a_shipped_template_has_no_fault_and_fills_the_sample(text):
    from support.sample import figures

    from xlplan.documents.fields import Reader
    from xlplan.documents.templates import open_template

    file = TEMPLATES / f"{text.stem}.docx"
    template, reader = open_template(file.read_bytes(), file), Reader(figures())
    fields = reader.of_unit("区商务委")
    assert template.lint(fields) == []
    assert len(template.fill(fields).said) > 50
