from lxml import etree

from xlplan.package.blank import blank_package
from xlplan.package.styles import StyleBook
from xlplan.sheets.description import PLAIN


def test_the_blank_workbook_is_the_same_bytes_every_time():
    assert blank_package() == blank_package()


def test_every_part_is_well_formed():
    for part in blank_package().values():
        etree.fromstring(part)


def test_every_relationship_of_the_package_leads_to_a_part():
    parts = blank_package()
    for link in etree.fromstring(parts["_rels/.rels"]):
        assert link.get("Target") in parts
    for link in etree.fromstring(parts["xl/_rels/workbook.xml.rels"]):
        assert f"xl/{link.get('Target')}" in parts


def test_every_declared_content_type_belongs_to_a_part():
    parts = blank_package()
    types = etree.fromstring(parts["[Content_Types].xml"])
    declared = {entry.get("PartName").lstrip("/") for entry in types if "PartName" in entry.attrib}
    assert declared == {name for name in parts if not name.endswith((".rels", "Types].xml"))}


def test_the_content_types_come_first_as_readers_of_streams_expect():
    assert next(iter(blank_package())) == "[Content_Types].xml"


def test_a_cell_without_a_style_looks_like_the_plain_style():
    assert StyleBook.parse(blank_package()["xl/styles.xml"]).xf(PLAIN) == 0
