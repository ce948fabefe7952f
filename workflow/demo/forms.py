"""Fills the blank forms of this package as a clerk would: Appendix 4 for a case, Appendix 5 for a unit's mail.

The blanks mark where an answer belongs with Word bookmarks (ECMA-376 Part 1, 17.13.6.2).
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from functools import lru_cache
from importlib import resources
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from workflow.demo.cases import DemoCase
from workflow.demo.phrases import phrase, phrases

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
DOCUMENT = "word/document.xml"
COLUMNS = 7


def write_form(case: DemoCase) -> bytes:
    """The recommendation form (附件4) of a case, as .docx, in the layout the case names."""
    document = read_blank(f"recommendation-{case.form_style}")
    answers: dict[str, Sequence[str]] = {
        "applicant": [case.applicant],
        "name": [case.name],
        f"category_{case.category}": [case.tick],
        "contact": [case.contact],
        "phone": [case.phone],
        "address": [case.address],
        "summary": [case.summary],
    }
    for number, paragraphs in enumerate(case.sections, start=1):
        answers[f"content_{number}"] = paragraphs
    signed = write_date(phrase("case", "signed"), case.signed_on)
    for signer, opinion in (("applicant", case.applicant_opinion), ("recommender", case.recommender_opinion)):
        if opinion:
            answers |= {f"{signer}_opinion": [opinion], f"{signer}_date": [signed]}
    fill_marks(document, answers)
    return pack(f"recommendation-{case.form_style}", document, case.signed_on)


def write_report(office: str, cases: Sequence[DemoCase], reported_on: date) -> bytes:
    """The report table (附件5) that an office sends with its cases, as .docx, a row a case under its category."""
    document = read_blank("report")
    letters = phrases("report", "fillers")
    fill_marks(
        document,
        {
            "unit": [phrase("report", "unit").format(office=office)],
            "time": [write_date(phrase("report", "time"), reported_on)],
            "filler": [phrase("report", "filler").format(letter=letters[len(cases) % len(letters)])],
            "phone": [phrase("case", "phone").format(number=60000000 + len(cases))],
        },
    )
    for category, row in list(find_category_rows(document)):
        fill_category(row, [case for case in cases if case.category == category])
    return pack("report", document, reported_on)


def write_date(pattern: str, day: date) -> str:
    return pattern.format(year=day.year, month=day.month, day=day.day)


def fill_marks(document: etree._Element, answers: Mapping[str, Sequence[str]]) -> None:
    """Puts each answer's paragraphs where the bookmark of its name is, in place of what the blank has there."""
    for mark in list(document.iter(f"{WORD}bookmarkStart")):
        paragraphs = answers.get(mark.get(f"{WORD}name", ""))
        if not paragraphs:
            continue
        while (inner := mark.getnext()) is not None and inner.tag != f"{WORD}bookmarkEnd":
            detach(inner)
        mark.addnext(make_run(paragraphs[0]))
        last = next(mark.iterancestors(f"{WORD}p"))
        for text in paragraphs[1:]:
            paragraph = etree.Element(f"{WORD}p")
            paragraph.append(make_run(text))
            last.addnext(paragraph)
            last = paragraph


def make_run(text: str) -> etree._Element:
    run = etree.Element(f"{WORD}r")
    leaf = etree.SubElement(run, f"{WORD}t")
    leaf.text = text
    leaf.set(SPACE, "preserve")
    return run


def detach(element: etree._Element) -> None:
    next(element.iterancestors()).remove(element)


def find_category_rows(document: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    for mark in document.iter(f"{WORD}bookmarkStart"):
        kind, _, number = mark.get(f"{WORD}name", "").partition("_")
        if kind == "category":
            yield int(number), next(mark.iterancestors(f"{WORD}tr"))


def fill_category(row: etree._Element, cases: Sequence[DemoCase]) -> None:
    blank = deepcopy(row)
    for mark in [*blank.iter(f"{WORD}bookmarkStart"), *blank.iter(f"{WORD}bookmarkEnd")]:
        detach(mark)
    merge_down(row, starts=True, wanted=len(cases) > 1)
    for number, case in enumerate(cases, start=1):
        if number > 1:
            following = deepcopy(blank)
            merge_down(following, starts=False, wanted=True)
            row.addnext(following)
            row = following
        cells = row.findall(f"{WORD}tc")
        for cell, text in zip(
            cells[1:COLUMNS], (str(number), case.name, case.applicant, case.contact, case.phone), strict=False
        ):
            paragraph = next(cell.iterchildren(f"{WORD}p"))
            for run in paragraph.findall(f"{WORD}r"):
                detach(run)
            paragraph.append(make_run(text))


def merge_down(row: etree._Element, *, starts: bool, wanted: bool) -> None:
    """Joins the row's first cell with the one above or below (ECMA-376 Part 1, 17.4.84)."""
    if not wanted:
        return
    cell = next(row.iterchildren(f"{WORD}tc"))
    merge = etree.SubElement(next(cell.iterchildren(f"{WORD}tcPr")), f"{WORD}vMerge")
    if starts:
        merge.set(f"{WORD}val", "restart")
        return
    for run in list(cell.iter(f"{WORD}r")):
        detach(run)


@lru_cache
def read_parts(blank: str) -> dict[str, bytes]:
    """The parts of a blank form's package by name."""
    packed = resources.files(__package__).joinpath("blanks", f"{blank}.docx").read_bytes()
    with ZipFile(BytesIO(packed)) as package:
        return {name: package.read(name) for name in package.namelist()}


def read_blank(blank: str) -> etree._Element:
    return etree.fromstring(read_parts(blank)[DOCUMENT])


def pack(blank: str, document: etree._Element, written_on: date) -> bytes:
    """The blank's package with this document in it; the same bytes every time."""
    parts = {**read_parts(blank), DOCUMENT: etree.tostring(document, xml_declaration=True, encoding="UTF-8")}
    packed = BytesIO()
    with ZipFile(packed, "w") as package:
        for name, content in parts.items():
            entry = ZipInfo(name, (written_on.year, written_on.month, written_on.day, 9, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            package.writestr(entry, content)
    return packed.getvalue()
