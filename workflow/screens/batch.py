"""A batch, done or proposed, as --json prints it: every case with its verdict, every letter."""

from typing import TypedDict

from notifications.bounced import Bounced
from workflow.engine.batch import BatchReport
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Queued
from workflow.screens.reasons import answer_reasons
from workflow.screens.renderer import ReasonDocument

MoveDocument = TypedDict("MoveDocument", {"case": str, "from": str, "to": str})


class RefusalDocument(TypedDict):
    case: str
    state: str
    reasons: list[ReasonDocument]


class BouncedDocument(TypedDict):
    """The letter that came back from an address, and what was said."""

    letter: int
    answer: str


class QueuedDocument(TypedDict):
    """A letter that a batch wrote, or would write."""

    to: str
    recipient: str
    kind: str
    subject: str
    message_id: str
    cases: list[str]
    held: bool


class BatchLetterDocument(QueuedDocument):
    bounced: BouncedDocument | None


class BatchDocument(TypedDict):
    """batch, at: None of one that is only proposed."""

    batch: int | None
    trigger: str
    at: str | None
    moved: list[MoveDocument]
    refused: list[RefusalDocument]
    letters: list[BatchLetterDocument]


def answer_report(campaign: Campaign, report: BatchReport) -> BatchDocument:
    number_of = campaign.edition.case_number
    return {
        "batch": report.batch,
        "trigger": report.trigger,
        "at": report.at,
        "moved": [{"case": number_of(m.case_id), "from": m.source, "to": m.target} for m in report.moved],
        "refused": [
            {"case": number_of(r.case_id), "state": r.state, "reasons": answer_reasons(campaign, r.reasons)}
            for r in report.refused
        ],
        "letters": [
            {**answer_queued(letter), "bounced": answer_bounced(report.bounced.get(letter.address))}
            for letter in report.letters
        ],
    }


def answer_queued(letter: Queued) -> QueuedDocument:
    return {
        "to": letter.address,
        "recipient": letter.recipient,
        "kind": letter.kind,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "cases": list(letter.cases),
        "held": letter.held,
    }


def answer_bounced(bounced: Bounced | None) -> BouncedDocument | None:
    """None where the last letters arrived."""
    return None if bounced is None else {"letter": bounced.letter, "answer": bounced.answer}
