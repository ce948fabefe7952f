"""A form's sheet as .docx, in the layout of Appendix 4; the same bytes for the same sheet."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from workflow import clock
from workflow.publish.form_sheet import Line, Row, Sheet, Style

BODY, HEADING, LATIN = "宋体", "黑体", "Times New Roman"
_WIDTHS = (Mm(33), Mm(46), Mm(33), Mm(46))
_THEME = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP can say."""


def write_docx(sheet: Sheet, received: str) -> bytes:
    """received: RFC 3339; the document says that it was made then."""
    document = _new_document(received)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(title, sheet.title, Pt(18), font=HEADING)
    _write(document.add_paragraph(), sheet.applicant)
    _write_table(document, sheet)
    for part in sheet.parts:
        heading = document.add_paragraph()
        heading.paragraph_format.space_before = Pt(8)
        heading.paragraph_format.keep_with_next = True
        _write(heading, part.heading, Pt(10.5), font=HEADING)
        for line in part.lines:
            _write(document.add_paragraph(), line, Pt(10.5))
    written = BytesIO()
    document.save(written)
    return _settle(written.getvalue())


def _new_document(received: str) -> Document:
    """An empty A4 page whose every font is named for East Asian signs too, which libraries leave to the theme."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin = section.bottom_margin = Mm(25)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(12)
    normal.paragraph_format.space_after = Pt(0)
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        for name in _THEME:
            fonts.attrib.pop(qn(f"w:{name}"), None)
        fonts.set(qn("w:eastAsia"), BODY)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    said = document.core_properties
    said.author = said.last_modified_by = said.comments = said.title = ""
    said.created = said.modified = clock.read(received).replace(tzinfo=None)
    return document


def _write_table(document: Document, sheet: Sheet) -> None:
    table = document.add_table(rows=0, cols=len(_WIDTHS), style="Table Grid")
    table.autofit = False
    rows = iter(sheet.rows)
    for row in rows:
        line = table.add_row()
        line.height = Mm(9)
        cells = line.cells
        for cell, width in zip(cells, _WIDTHS, strict=True):
            cell.width = width
        if row.half:
            _fill(cells[0], cells[1], row)
            _fill(cells[2], cells[3], next(rows))
        else:
            _fill(cells[0], cells[1].merge(cells[3]), row)
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = width


def _fill(label: _Cell, value: _Cell, row: Row) -> None:
    label.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(label.paragraphs[0], row.label)
    for place, line in enumerate(row.lines):
        _write_line(value.paragraphs[0] if place == 0 else value.add_paragraph(), line)


def _write_line(paragraph: Paragraph, line: Line) -> None:
    if line.style is Style.SEAL:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if line.style is Style.HEADING:
        paragraph.paragraph_format.keep_with_next = True
    _write(paragraph, line.text, font=HEADING if line.style is Style.HEADING else BODY)


def _write(paragraph: Paragraph, text: str, size: Pt | None = None, font: str = BODY) -> None:
    run = paragraph.add_run(text)
    run.font.name = LATIN
    run.font.size = size
    run.font.bold = font == HEADING
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def _settle(packed: bytes) -> bytes:
    """The same package without the hour at which it was packed."""
    settled = BytesIO()
    with ZipFile(BytesIO(packed)) as source, ZipFile(settled, "w") as package:
        for name in source.namelist():
            entry = ZipInfo(name, _FIRST_MOMENT)
            entry.compress_type = ZIP_DEFLATED
            package.writestr(entry, source.read(name))
    return settled.getvalue()
