"""Mails as they were taken, for the person who looks after what was set aside."""

from typing import Any, TypedDict

import orjson
from sqlalchemy import text

from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.screens.fault import check_word
from workflow.screens.reasons import add_messages
from workflow.screens.renderer import ReasonDocument
from workflow.store.submission import STATUSES


class SubmissionDocument(TypedDict):
    """A mail as it was taken. submission: its number. sha256: of its bytes."""

    submission: int
    file: str
    message_id: str
    unit: str | None
    sender: str
    subject: str
    received_at: str | None
    status: str
    reasons: list[ReasonDocument]
    sha256: str


def list_submissions(campaign: Campaign, status: str | None = None) -> list[SubmissionDocument]:
    """Mails in the order they were taken.

    Raises WordUnknown for a status that mails do not have.
    """
    check_word(status, STATUSES, "status")
    query = "SELECT id, file, message_id, unit, sender, subject, received_at, status, reasons, sha256 FROM submissions"
    condition = " WHERE status = :status" if status else ""
    values = {"status": status} if status else {}
    with campaign.reading() as connection:
        rows = connection.execute(text(f"{query}{condition} ORDER BY id"), values).mappings().all()
    return [
        {
            "submission": row["id"],
            "file": row["file"],
            "message_id": row["message_id"],
            "unit": row["unit"],
            "sender": row["sender"],
            "subject": row["subject"],
            "received_at": clock.show(clock.read(row["received_at"])) if row["received_at"] else None,
            "status": row["status"],
            "reasons": add_messages(campaign, _json(row["reasons"])),
            "sha256": row["sha256"],
        }
        for row in rows
    ]


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value
