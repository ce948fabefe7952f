"""Cases as they stand, read for a list or for one page."""

from collections.abc import Mapping
from typing import Any, TypedDict

import orjson
from sqlalchemy import Connection, text

from states.course import COURSE
from workflow import clock
from workflow.audit.history import record_of
from workflow.edition.words import check_category, check_unit
from workflow.engine.campaign import Campaign
from workflow.engine.selection import CaseUnknown, ordinal
from workflow.errors import UsageError
from workflow.publish.case_text import divide
from workflow.screens.case_papers import PaperDocument, read_documents, read_letters
from workflow.screens.letters import LetterDocument
from workflow.screens.reasons import add_messages
from workflow.screens.renderer import ReasonDocument
from workflow.screens.shown_event import ShownEvent, show_event

_LIST = """
SELECT c.id, c.state, c.version, c.unit, c.received_at, c.received_proven, f.name, f.applicant, f.categories
FROM cases c JOIN forms f ON f.id = c.form_id WHERE 1 = 1"""
_ONE = text(
    "SELECT c.*, f.name, f.applicant, f.categories, p.contact_person, p.contact_phone, p.address, f.summary, f.content,"
    " f.summary_characters, f.content_characters, f.filename, f.problems FROM cases c JOIN forms f ON f.id = c.form_id"
    " LEFT JOIN personal p ON p.form_id = f.id"
    " WHERE c.id = :id"
)
_HISTORY = text("SELECT leaf FROM events WHERE case_id = :id ORDER BY seq")


class CaseDocument(TypedDict):
    """What lists show of a case. category: None unless the form names exactly one."""

    id: str
    name: str
    applicant: str
    unit: str
    category: int | None
    categories: list[int]
    state: str
    version: int
    received_at: str | None
    received_proven: bool


class SectionDocument(TypedDict):
    """A part of the content; heading: as it was written, empty for what stands before the first."""

    heading: str
    paragraphs: list[str]


class WholeCaseDocument(CaseDocument):
    """A case with what its form says (None: erased), its papers, what is wrong with it, its events and its letters."""

    contact_person: str | None
    contact_phone: str | None
    address: str | None
    summary: str
    content: str
    sections: list[SectionDocument]
    summary_characters: int
    content_characters: int
    recommended_at: str | None
    selected_place: int | None
    documents: list[PaperDocument]
    problems: list[ReasonDocument]
    history: list[ShownEvent]
    letters: list[LetterDocument]


class StateUnknown(UsageError):
    """The law knows no such state: values are word, known."""

    code = "error.state-unknown"
    family = "state"


def list_cases(
    campaign: Campaign, state: str | None = None, unit: str | None = None, category: int | None = None
) -> list[CaseDocument]:
    """Cases by number.

    Raises StateUnknown, UnitUnknown or CategoryUnknown for a word that names nothing.
    """
    if state is not None and state not in COURSE.states:
        raise StateUnknown(word=state, known=list(COURSE.states))
    check_unit(campaign.edition, unit)
    check_category(campaign.edition, category)
    query, values = _LIST, dict[str, Any]()
    for column, value in (("c.state", state), ("c.unit", unit), ("f.categories", category)):
        if value is not None:
            key = column.partition(".")[2]
            query += f" AND {column} = :{key}"
            values[key] = str(value)
    with campaign.reading() as connection:
        rows = connection.execute(text(f"{query} ORDER BY c.id"), values).mappings()
        return [answer_case(campaign, dict(row)) for row in rows]


def show_case(campaign: Campaign, number: str) -> WholeCaseDocument:
    """One case with its documents, the problems found at intake, its history and its letters.

    Raises CaseUnknown where there is none of that number.
    """
    with campaign.reading() as connection:
        case_id, row = find_case(campaign, connection, number)
        documents = read_documents(connection, case_id)
        leaves = connection.execute(_HISTORY, {"id": case_id}).scalars().all()
        letters = read_letters(connection, number)
    return {
        **answer_case(campaign, row),
        "contact_person": row["contact_person"],
        "contact_phone": row["contact_phone"],
        "address": row["address"],
        "summary": row["summary"],
        "content": row["content"],
        "sections": [
            {"heading": section.heading, "paragraphs": list(section.paragraphs)}
            for section in divide(row["content"], campaign.edition.content_headings)
        ],
        "summary_characters": row["summary_characters"],
        "content_characters": row["content_characters"],
        "recommended_at": _shown(row["recommended_at"]),
        "selected_place": row["selected_place"],
        "documents": [{**document, "current": document["form_id"] == row["form_id"]} for document in documents],
        "problems": add_messages(campaign, _json(row["problems"])),
        "history": [show_event(campaign, record_of(bytes(leaf))) for leaf in leaves],
        "letters": letters,
    }


def find_case(campaign: Campaign, connection: Connection, number: str) -> tuple[int, dict[str, Any]]:
    """The case's ordinal, and its row with its form's columns. Raises CaseUnknown."""
    case_id = ordinal(campaign.edition, number)
    row = connection.execute(_ONE, {"id": case_id}).mappings().first()
    if row is None:
        raise CaseUnknown(case=number)
    return case_id, dict(row)


def answer_case(campaign: Campaign, row: Mapping[str, Any]) -> CaseDocument:
    """What lists show of a case, from its row and its form's columns."""
    categories = [int(part) for part in row["categories"].split(",") if part]
    return {
        "id": campaign.edition.case_number(row["id"]),
        "name": row["name"],
        "applicant": row["applicant"],
        "unit": row["unit"],
        "category": categories[0] if len(categories) == 1 else None,
        "categories": categories,
        "state": row["state"],
        "version": row["version"],
        "received_at": _shown(row["received_at"]),
        "received_proven": bool(row["received_proven"]),
    }


def _shown(written: str | None) -> str | None:
    return clock.show(clock.read(written)) if written else None


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value
