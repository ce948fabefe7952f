"""Mails as they were taken, for the person who looks after what was set aside."""

from typing import Any

import orjson
from sqlalchemy import text

from workflow import clock
from workflow.engine.campaign import Campaign
from workflow.screens.answers import add_messages
from workflow.screens.fault import check_word
from workflow.store.submission import STATUSES


def list_submissions(campaign: Campaign, status: str | None = None) -> list[dict[str, Any]]:
    """Mails in the order they were taken: file, message_id, unit, sender, subject, received_at, status, reasons.

    Raises WordUnknown for a status that mails do not have.
    """
    check_word(status, STATUSES, "status")
    query = "SELECT file, message_id, unit, sender, subject, received_at, status, reasons, sha256 FROM submissions"
    condition = " WHERE status = :status" if status else ""
    values = {"status": status} if status else {}
    with campaign.reading() as connection:
        rows = connection.execute(text(f"{query}{condition} ORDER BY id"), values).mappings().all()
    return [
        {
            **row,
            "received_at": clock.show(clock.read(row["received_at"])) if row["received_at"] else None,
            "reasons": add_messages(campaign, _json(row["reasons"])),
        }
        for row in rows
    ]


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value
