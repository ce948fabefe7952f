"""One text in every product: what the sheet holds stands in the docx and on the page, whole, and nothing else does."""

from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import pytest
from lxml import etree

from workflow.intake.form import read_forms
from workflow.intake.word import read_document
from workflow.publish.case_text import CaseText, Choice, Section
from workflow.publish.contacts import Contact
from workflow.publish.form_docx import write_docx
from workflow.publish.form_page import write_page
from workflow.publish.form_sheet import Part, Sheet, lay_out

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RECEIVED = "2024-06-20T10:12:00+08:00"
HOSTILE = (
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}&amp;&#x202e;",
    "=HYPERLINK(\"file:///etc/passwd\")",
    "]]><w:p/>",
    "一\U00020000\U0002a6d6\U00030000丽",
    "字" * 20_000,
    "x" * 20_000,
    'INCLUDETEXT "C:\\\\x"',
)  # fmt: skip


def case_text(said: str = "文字", contact: Contact | None = None) -> CaseText:
    return CaseText(
        number="2024-0001",
        unit="孝感市",
        draft=1,
        current=True,
        received=RECEIVED,
        name=f"名称{said}",
        applicant=f"单位{said}",
        categories=(Choice(1, "理论政策宣传", False), Choice(2, "网络文化创意精品", True)),
        contact=contact,
        summary=(f"简介{said}", "第二段"),
        content=(Section("", ("前言",)), Section("一、背景意义", (f"背景{said}",)), Section("二、创新做法", ("做法",))),
        applicant_opinion=(f"同意{said}",),
        recommender_opinion=("同意推荐。",),
        blotted=0,
    )


def texts_of_docx(docx: bytes) -> list[str]:
    body = etree.fromstring(ZipFile(BytesIO(docx)).read("word/document.xml"))
    paragraphs = ("".join(leaf.text or "" for leaf in each.iter(f"{WORD}t")) for each in body.iter(f"{WORD}p"))
    return [text for text in paragraphs if text]


class PageReader(HTMLParser):
    """The texts of a page's body, an element each."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.texts, self.tags, self.inside = list[str](), set[str](), False
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.inside = self.inside or tag == "body"
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data

    def read(self) -> list[str]:
        return [text.strip() for text in self.texts if text.strip()]


@pytest.mark.parametrize("said", ["文字", *HOSTILE])
@pytest.mark.parametrize("contact", [None, Contact("联系人甲", "027-61000001", "示例路1号"), Contact(None, None, None)])
def test_docx_and_page_hold_the_text_of_the_sheet(said: str, contact: Contact | None) -> None:
    sheet = lay_out(case_text(said, contact), "zh", (Part(f"说明{said}", (f"图1：{said}", "二")),))
    expected = list(sheet.texts())
    assert texts_of_docx(write_docx(sheet, RECEIVED)) == expected
    page = PageReader(write_page(sheet, said, "zh"))
    assert page.read() == expected
    assert not page.tags & {"script", "img", "a", "iframe"}


def test_every_word_of_the_case_is_on_the_sheet_in_either_language() -> None:
    text = case_text(contact=Contact("联系人甲", "027-61000001", "示例路1号"))
    for language in ("zh", "en"):
        shown = "\n".join(lay_out(text, language).texts())
        said = [text.name, text.applicant, *text.summary, *text.applicant_opinion, *text.recommender_opinion]
        said += [each for section in text.content for each in (section.heading, *section.paragraphs)]
        assert text.contact is not None
        assert all(each in shown for each in (*said, *map(str, text.contact)))
        assert "☑2.网络文化创意精品" in shown
        assert "□1.理论政策宣传" in shown


def test_what_was_left_out_leaves_no_text() -> None:
    bare = lay_out(case_text(), "zh")
    assert [row.lines[0].text for row in bare.rows[2:5]] == ["", "", ""]
    assert lay_out(case_text(contact=Contact(None, None, None)), "zh") == bare


def test_intake_reads_the_docx_as_it_read_the_form() -> None:
    text = case_text(contact=Contact("联系人甲", "027-61000001", "示例路1号"))
    (form,) = read_forms(read_document(write_docx(lay_out(text, "zh"), RECEIVED), "form.docx"))
    assert (form.name, form.applicant, form.categories) == (text.name, text.applicant, (2,))
    assert (form.contact_person, form.contact_phone, form.address) == text.contact
    assert form.summary == "\n".join(text.summary)
    assert form.content == "前言\n一、背景意义\n背景文字\n二、创新做法\n做法"
    assert (form.applicant_opinion, form.recommender_opinion) == ("同意文字", "同意推荐。")


def test_every_run_of_the_docx_names_its_east_asian_font_and_itself_no_hour() -> None:
    sheet = lay_out(case_text(), "zh")
    docx = write_docx(sheet, RECEIVED)
    package = ZipFile(BytesIO(docx))
    runs = list(etree.fromstring(package.read("word/document.xml")).iter(f"{WORD}r"))
    fonts = [run.find(f"{WORD}rPr/{WORD}rFonts") for run in runs]
    assert runs
    assert all(each is not None and each.get(f"{WORD}eastAsia") in {"宋体", "黑体"} for each in fonts)
    assert b"Theme=" not in package.read("word/styles.xml").replace(b"themeColor", b"")
    assert write_docx(sheet, RECEIVED) == docx
    assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_empty_sheet_of_parts_alone_is_written() -> None:
    sheet = Sheet("题", "单位", (), (Part("说明", ("一",)),))
    assert texts_of_docx(write_docx(sheet, RECEIVED)) == list(sheet.texts())
