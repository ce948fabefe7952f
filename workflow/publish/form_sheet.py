"""The form of Appendix 4 as a sheet: labels and what stands beside them, in the notice's order, for every writer."""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from workflow.publish.case_text import CaseText
from workflow.wording import say


class Style(Enum):
    PLAIN = "plain"
    HEADING = "heading"
    SEAL = "seal"


class Line(NamedTuple):
    text: str
    style: Style = Style.PLAIN


class Row(NamedTuple):
    """half: one of two that share a row of the notice's table."""

    label: str
    lines: tuple[Line, ...]
    half: bool = False


class Part(NamedTuple):
    """Something said about the sheet: a heading and its lines."""

    heading: str
    lines: tuple[str, ...]


class Sheet(NamedTuple):
    """parts: what is said below the table."""

    title: str
    applicant: str
    rows: tuple[Row, ...]
    parts: tuple[Part, ...] = ()

    def texts(self) -> Iterator[str]:
        """Everything on the sheet, in reading order, empty lines left out: what each writer must show, and no more."""
        yield self.title
        yield self.applicant
        for row in self.rows:
            yield row.label
            yield from (line.text for line in row.lines if line.text)
        for part in self.parts:
            yield part.heading
            yield from part.lines


def lay_out(text: CaseText, language: str, parts: tuple[Part, ...] = ()) -> Sheet:
    """The sheet of a case's form, its labels in that language; a contact that was left out or erased has no text."""

    def label(key: str) -> str:
        return say(f"form.{key}", language)

    def row(key: str, *written: str, half: bool = False) -> Row:
        return Row(label(key), tuple(map(Line, written)), half)

    def opinion(key: str, written: tuple[str, ...]) -> Row:
        return Row(label(key), (*map(Line, written), Line(label("seal"), Style.SEAL)))

    contact = text.contact or (None, None, None)
    person, phone, address = (said or "" for said in contact)
    return Sheet(
        title=label("title"),
        applicant=label("applicant") + text.applicant,
        rows=(
            row("name", text.name),
            row("category", *(f"{'☑' if each.chosen else '□'}{each.number}.{each.name}" for each in text.categories)),
            row("contact", person, half=True),
            row("phone", phone, half=True),
            row("address", address),
            row("summary", *text.summary),
            Row(label("content"), tuple(_content(text))),
            opinion("applicant-opinion", text.applicant_opinion),
            opinion("recommender-opinion", text.recommender_opinion),
        ),
        parts=parts,
    )


def _content(text: CaseText) -> Iterator[Line]:
    for section in text.content:
        if section.heading:
            yield Line(section.heading, Style.HEADING)
        yield from map(Line, section.paragraphs)
