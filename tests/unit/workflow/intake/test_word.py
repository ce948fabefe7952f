"""Word documents that are broken or built to hurt are refused, cheaply."""

import io
import tracemalloc
import zipfile

import pytest

from tests.builders.forms import W, document, form, package, paragraph, table
from workflow.intake import limits
from workflow.intake.refusal import Refusal
from workflow.intake.word import read_document


def cause(data: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read_document(data, "表.docx")
    assert caught.value.reason.code == "form-unreadable"
    return str(caught.value.reason.values["cause"])


def cheaply(data: bytes, most_bytes: int) -> str:
    tracemalloc.start()
    found = cause(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < most_bytes
    return found


def bomb(size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "")
        with container.open("word/document.xml", "w") as part:
            for _ in range(size // limits.MEBIBYTE):
                part.write(b" " * limits.MEBIBYTE)
    return packed.getvalue()


def test_a_zip_bomb_costs_little() -> None:
    assert cheaply(bomb(200 * limits.MEBIBYTE), 3_000_000) == "too-large"


def test_a_bomb_that_lies_about_its_size_costs_little() -> None:
    data = bomb(64 * limits.MEBIBYTE)
    true_size = (64 * limits.MEBIBYTE).to_bytes(4, "little")
    assert cheaply(data.replace(true_size, (1000).to_bytes(4, "little")), 3_000_000) == "damaged"


def test_billion_laughs_is_refused_unread() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE d [<!ENTITY l0 "ha">{entities}]><w:document xmlns:w="{W}"><w:body>&l11;</w:body></w:document>'
    assert cheaply(package(xml.encode()), 3_000_000) == "damaged"
    assert cheaply(package(xml.encode("utf-16")), 3_000_000) == "damaged"


def test_an_external_entity_is_never_fetched() -> None:
    xml = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><w:document xmlns:w="{W}">&x;</w:document>'
    assert cause(package(xml.encode())) == "damaged"


def test_a_swarm_of_elements_is_refused_before_parsing() -> None:
    xml = f'<w:document xmlns:w="{W}">{"<w:p/>" * limits.DOCUMENT_MARKS}</w:document>'
    assert cause(package(xml.encode())) == "too-large"


def test_tables_are_read_ten_deep_and_not_deeper() -> None:
    inner = paragraph("核心")
    for _ in range(limits.TABLE_DEPTH):
        inner = table([f"<w:tc>{inner}<w:p/></w:tc>"])
    (outer,) = read_document(document(inner), "表.docx").blocks
    assert not isinstance(outer, str)
    assert sum(1 for _ in read_document(document(inner), "表.docx").tables()) == limits.TABLE_DEPTH
    assert cause(document(table([f"<w:tc>{inner}<w:p/></w:tc>"]))) == "too-deep"


@pytest.mark.parametrize("depth", [160, 240, 5000])
def test_elements_nested_without_end_are_refused(depth: int) -> None:
    xml = "<w:smartTag>" * depth + "</w:smartTag>" * depth
    assert cause(document(f"<w:p>{xml}</w:p>")) in ("too-deep", "damaged")


def test_wide_spans_and_endless_rows_do_not_grow_the_grid() -> None:
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p/></w:tc>'
    (found,) = read_document(document(f"<w:tbl><w:tr>{wide}</w:tr></w:tbl>"), "表.docx").tables()
    assert len(found.rows[0]) == limits.TABLE_COLUMNS
    assert cause(document(f"<w:tbl>{'<w:tr/>' * (limits.TABLE_ROWS + 1)}</w:tbl>")) == "too-deep"


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), form()[:500], form()[200:], bytes(5000)]
)
def test_broken_containers(data: bytes) -> None:
    assert cause(data) == "damaged"


def test_a_package_without_a_document() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        container.writestr("[Content_Types].xml", "")
    assert cause(packed.getvalue()) == "damaged"


def test_a_directory_that_claims_to_be_huge_is_not_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        for number in range(20_000):
            container.writestr(f"word/{'x' * 40}{number}", b"")
    assert cause(packed.getvalue()) == "damaged"
