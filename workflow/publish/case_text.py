"""The text of a case: what every product shows of it, read once and clean.

What leaves the house is written from this and from nothing else, so that docx, HTML and whatever follows say the same.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from workflow import clock
from workflow.edition import Edition
from workflow.engine.campaign import Campaign
from workflow.engine.selection import CaseUnknown, ordinal
from workflow.intake.text import clean_line, clean_text
from workflow.publish.contacts import Blotter, Contact

_FORMS = text(
    "SELECT f.id, f.submission_id, f.name, f.applicant, f.categories, f.summary, f.content, f.applicant_opinion_text,"
    " f.recommender_opinion_text, f.received_at, f.filename, f.media, f.doubts, c.unit, c.form_id AS current,"
    " p.contact_person, p.contact_phone, p.address"
    " FROM cases c JOIN forms f ON f.case_id = c.id LEFT JOIN personal p ON p.form_id = f.id"
    " WHERE c.id = :id ORDER BY f.id"
)
_NUMBERING = r"(?:[（(]?[一二三四五六七八九十0-9０-９]{1,2}[）)]?[、.．:：\s]?|[①②③④])?"


class Section(NamedTuple):
    """A part of 案例内容: its heading as it was written, ``""`` where text stands before the first, and its lines."""

    heading: str
    paragraphs: tuple[str, ...]


class Choice(NamedTuple):
    """A category of the rule book, and whether the form names it."""

    number: int
    name: str
    chosen: bool


class CaseText(NamedTuple):
    """What one form says of its case. contact: None where it was left out; blotted: in how many places of the texts.

    draft: which of the case's forms this is, by their order, from 1. received: when it came, RFC 3339.
    """

    number: str
    unit: str
    draft: int
    current: bool
    received: str
    name: str
    applicant: str
    categories: tuple[Choice, ...]
    contact: Contact | None
    summary: tuple[str, ...]
    content: tuple[Section, ...]
    applicant_opinion: tuple[str, ...]
    recommender_opinion: tuple[str, ...]
    blotted: int


class FormRead(NamedTuple):
    """A form's text, what keeps contacts out of anything else said of it, and what its files are looked up by."""

    text: CaseText
    blotter: Blotter | None
    form_id: int
    submission_id: int
    filename: str
    media: str
    doubts: str


def read_case(
    campaign: Campaign, connection: Connection, number: str, *, contacts: bool = False, all_versions: bool = False
) -> list[FormRead]:
    """The form that the case rests on, or all it ever had, oldest first; contacts: with what they say of a person.

    Without them, what any of the case's forms says of its contact is blotted out of the texts. Raises CaseUnknown.
    """
    rows = [dict(row) for row in connection.execute(_FORMS, {"id": ordinal(campaign.edition, number)}).mappings()]
    if not rows:
        raise CaseUnknown(case=number)
    public = [name for row in rows for name in (row["unit"], row["name"], row["applicant"])]
    found = []
    for draft, row in enumerate(rows, start=1):
        if all_versions or row["id"] == row["current"]:
            blotter = None if contacts else Blotter(map(_contact, rows), public)
            read = _read_form(campaign.edition, number, draft, row, blotter)
            rest = (row[name] for name in ("id", "submission_id", "filename", "media", "doubts"))
            found.append(FormRead(read, blotter, *rest))
    return found


def divide(content: str, headings: Sequence[str]) -> tuple[Section, ...]:
    """案例内容 by its headings; not a sign of it is lost. A heading is a line of its own, or stands before a colon."""
    spelled = "|".join(r"\s{0,3}".join(map(re.escape, each)) for each in headings)
    heading = re.compile(rf"({_NUMBERING}\s?(?:{spelled}))\s*(?:[:：]\s*|$)")
    return tuple(Section(head, tuple(lines)) for head, lines in _cut(clean_text(content), heading))


def _cut(content: str, heading: re.Pattern[str]) -> Iterator[tuple[str, list[str]]]:
    head, lines = "", list[str]()
    for line in content.split("\n"):
        if match := heading.match(line):
            if head or lines:
                yield head, lines
            head, lines = match[1].strip(), []
        if rest := line[match.end() :] if match else line:
            lines.append(rest)
    if head or lines:
        yield head, lines


def _read_form(edition: Edition, number: str, draft: int, row: dict[str, Any], blotter: Blotter | None) -> CaseText:
    def said(written: str) -> str:
        return blotter.blot(clean_text(written)) if blotter else clean_text(written)

    chosen = {int(part) for part in row["categories"].split(",") if part}
    read = CaseText(
        number=number,
        unit=clean_line(row["unit"]),
        draft=draft,
        current=row["id"] == row["current"],
        received=clock.show(clock.read(row["received_at"])),
        name=clean_line(said(row["name"])),
        applicant=clean_line(said(row["applicant"])),
        categories=tuple(Choice(each, edition.categories[each].name, each in chosen) for each in edition.categories),
        contact=None if blotter else _contact(row),
        summary=_lines(said(row["summary"])),
        content=divide(said(row["content"]), edition.content_headings),
        applicant_opinion=_lines(said(row["applicant_opinion_text"])),
        recommender_opinion=_lines(said(row["recommender_opinion_text"])),
        blotted=0,
    )
    return read._replace(blotted=blotter.blotted if blotter else 0)


def _contact(row: dict[str, Any]) -> Contact:
    person, phone, address = (row[name] for name in ("contact_person", "contact_phone", "address"))
    return Contact(*(None if said is None else clean_line(said) for said in (person, phone, address)))


def _lines(written: str) -> tuple[str, ...]:
    return tuple(line for line in written.split("\n") if line)
