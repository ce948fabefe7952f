"""A package's main part is found as the package says, however its parts are spelled."""

import io
import zipfile
from collections.abc import Mapping

import pytest

from tests.builders.forms import document, package
from workflow.intake.word import read_document

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def related(target: str, kind: str = f"{OFFICE}/officeDocument", more: str = "") -> bytes:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{OFFICE}/extended-properties" Target="docProps/app.xml"/>'
        f'<Relationship Id="b" Type="{kind}" Target="{target}"{more}/></Relationships>'
    ).encode()


def types(part: str) -> bytes:
    return f'<Types><Override PartName="{part}" ContentType="{MAIN}"/></Types>'.encode()


def packed(parts: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as container:
        for name, part in parts.items():
            container.writestr(name, part)
    return data.getvalue()


def body(text: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(document(text))) as container:
        return container.read("word/document.xml")


@pytest.mark.parametrize(
    "parts",
    [
        {"_rels/.rels": related("word/document2.xml"), "word/document2.xml": body("正文")},
        {"_rels/.rels": related("/Word/Document.XML"), "word/document.xml": body("正文")},
        {"_rels\\.rels": related("word/document.xml"), "word\\document.xml": body("正文")},
        {"_RELS/.RELS": related("./content/../main%20part.xml"), "main part.xml": body("正文")},
        {"_rels/.rels": related("正文.xml"), "%E6%AD%A3%E6%96%87.xml": body("旁"), "正文.xml": body("正文")},
        {"_rels/.rels": related("w/d.xml", f"{STRICT}/officeDocument"), "w/d.xml": body("正文")},
        {"_rels/.rels": related("w/d.xml"), "w/d.xml": body("正文"), "word/document.xml": body("旧")},
        {"[Content_Types].xml": types("/text/main.xml"), "text/main.xml": body("正文")},
        {"[Content_Types].xml": types("\\text\\main.xml"), "text\\main.xml": body("正文")},
        {"_rels/.rels": b"<broken", "word/document.xml": body("正文")},
        {"_rels/.rels": related("gone.xml"), "WORD/DOCUMENT.XML": body("正文")},
        {
            "_rels/.rels": related("https://a.example/d.xml", more=' TargetMode="External"'),
            "word/document.xml": body("正文"),
        },
        {"word/document1.xml": body("正文")},
    ],
)
def test_the_main_part_is_found(parts: Mapping[str, bytes]) -> None:
    read = read_document(packed({"[Content_Types].xml": b"<Types/>", **parts}), "表.docx")
    assert list(read.paragraphs()) == ["正文"]


def test_lists_of_the_package_are_read_as_safely_as_the_text() -> None:
    entities = '<!DOCTYPE r [<!ENTITY a "word/other.xml">]><Relationships/>'
    hostile = packed({"_rels/.rels": entities.encode(), "word/document.xml": body("正文")})
    assert list(read_document(hostile, "表.docx").paragraphs()) == ["正文"]
    assert list(read_document(package(body("正文")), "表.docx").paragraphs()) == ["正文"]
