"""One case from its first day: every event, the letters sent, the documents relied on."""

from collections.abc import Mapping
from typing import TypedDict

from workflow.audit.events import Letter
from workflow.audit.history import Wanted, read_records
from workflow.engine.campaign import Campaign
from workflow.screens.case_papers import PaperDocument, read_documents, read_letters
from workflow.screens.cases import answer_case, find_case
from workflow.screens.letters import LetterDocument
from workflow.screens.shown_event import ShownEvent, show_event


class FateDocument(TypedDict):
    """What became of a letter."""

    state: str
    attempts: int
    answer: str
    sent_at: str | None
    subject: str
    to: str


class ReliedOnDocument(TypedDict):
    """A file that an event rested on."""

    filename: str
    role: str
    sha256: str


class HistoryDocument(TypedDict):
    """events: as their leaves tell them, each with ``relied_on`` or ``fate`` where it has them."""

    id: str
    name: str
    applicant: str
    unit: str
    category: int | None
    state: str
    version: int
    received_at: str | None
    documents: list[PaperDocument]
    letters: list[LetterDocument]
    events: list[ShownEvent]


def show_history(campaign: Campaign, number: str) -> HistoryDocument:
    """The case in short, its ``documents`` and ``letters``, and its ``events`` by ``seq``, refusals and letters among
    them. ``relied_on``: the files that an event rested on, by name; ``fate``: what became of a letter.

    Raises CaseUnknown.
    """
    with campaign.reading() as connection:
        case_id, row = find_case(campaign, connection, number)
        documents = read_documents(connection, case_id)
        letters = read_letters(connection, number)
        events = [show_event(campaign, record) for record in read_records(connection, Wanted(case_id))]
    case = answer_case(campaign, row)
    fates = {letter["message_id"]: _fate_of(letter) for letter in letters}
    kept = {document["sha256"]: document for document in documents}
    return {
        "id": case["id"],
        "name": case["name"],
        "applicant": case["applicant"],
        "unit": case["unit"],
        "category": case["category"],
        "state": case["state"],
        "version": case["version"],
        "received_at": case["received_at"],
        "documents": documents,
        "letters": letters,
        "events": [_add_papers(shown, fates, kept) for shown in events],
    }


def _fate_of(letter: LetterDocument) -> FateDocument:
    return {
        "state": letter["state"],
        "attempts": letter["attempts"],
        "answer": letter["answer"],
        "sent_at": letter["sent_at"],
        "subject": letter["subject"],
        "to": letter["to"],
    }


def _name(paper: PaperDocument) -> ReliedOnDocument:
    return {"filename": paper["filename"], "role": paper["role"], "sha256": paper["sha256"]}


def _add_papers(shown: ShownEvent, fates: Mapping[str, FateDocument], kept: Mapping[str, PaperDocument]) -> ShownEvent:
    event = shown.event
    if isinstance(event, Letter):
        shown["fate"] = fates.get(event.letter)
    elif event.number is not None:
        digests = dict.fromkeys(event.rests_on)
        if relied_on := [_name(kept[digest]) for digest in digests if digest in kept]:
            shown["relied_on"] = relied_on
    return shown
