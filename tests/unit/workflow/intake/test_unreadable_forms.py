"""A form that cannot be read is named with its true cause, and nothing else is blamed for it."""

import pytest

from tests.builders.forms import form
from tests.builders.mails import Part, archive, mail
from tests.builders.media import PDF
from workflow.intake.submission import read_submission

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET = archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
TEXT = archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})
WEB = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x;\n type=text/html\n"
SCAN = Part("云上读书会-推荐表（盖章扫描件）.pdf", PDF)


def said(*parts: Part) -> list[tuple[str, object, object, object]]:
    return [
        (reason.code, *(reason.values.get(name) for name in ("filename", "format", "cause")))  # type: ignore[misc]
        for reason in read_submission(mail(*parts)).reasons
        if reason.code != "no-form"
    ]


@pytest.mark.parametrize(
    ("name", "data", "told", "cause"),
    [
        ("推荐表.xlsx", SHEET, "XLSX", "table"),
        ("推荐表.docx", SHEET, "XLSX", "table"),
        ("推荐表.odt", TEXT, "ODT", "format"),
        ("推荐表.doc", OLE, "DOC", "format"),
        ("云上读书会.wps", OLE, "DOC", "format"),
        ("推荐表.doc", b"{\\rtf1 x}", "RTF", "format"),
        ("推荐表.doc", b"<html><body>x</body></html>", "HTML", "format"),
        (
            "推荐表.doc",
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n type=text/html\n",
            "MHTML",
            "format",
        ),
        ("推荐表.doc", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:x/>', "WORDML", "format"),
        ("推荐表.docx", b"not a document", "DOCX", "damaged"),
        ("推荐表.docx", form()[:900], "DOCX", "damaged"),
        ("推荐表.pages", archive({"Index/Document.iwa": b"x"}), "PAGES", "format"),
    ],
)
def test_the_file_and_its_true_cause(name: str, data: bytes, told: str, cause: str) -> None:
    assert said(Part(name, data)) == [("form-unreadable", name, told, cause)]
    assert said(Part(name, data), SCAN) == [("form-unreadable", name, told, cause)]


def test_a_form_that_came_as_a_scan_alone() -> None:
    assert said(SCAN) == [("form-unreadable", SCAN.filename, "PDF", "page")]


def test_a_scan_is_not_blamed_where_the_form_may_be_in_an_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.intake.seven_zip.find_program", lambda: None)
    assert said(Part("材料.rar", b"Rar!\x1a\x07\x00x"), SCAN) == [("archive-unreadable", "材料.rar", "RAR", "format")]


def test_tables_and_slides_beside_a_form_are_nobodys_form() -> None:
    parts = (Part("表.docx", form()), Part("经费.xlsx", SHEET), Part("汇报表.xlsx", SHEET), Part("附.odt", TEXT))
    assert said(*parts) == [("form-unreadable", "附.odt", "ODT", "format"), ("report-missing", None, None, None)]
