"""Letters and their fate."""

from email import message_from_bytes
from email.policy import default
from typing import Any

import orjson
from sqlalchemy import text

from workflow.engine.campaign import Campaign
from workflow.errors import LetterUnknown

_COLUMNS = "id, batch_id, address, recipient, kind, subject, state, attempts, answer, cases, queued_at, sent_at"


def list_letters(campaign: Campaign, state: str | None = None) -> list[dict[str, Any]]:
    """Letters by id: id, to, subject, state, attempts, cases, and the batch, kind and server's answer."""
    condition = " WHERE state = :state" if state else ""
    values = {"state": state} if state else {}
    with campaign.reading() as connection:
        rows = connection.execute(text(f"SELECT {_COLUMNS} FROM letters{condition} ORDER BY id"), values).mappings()
        return [_shown(dict(row)) for row in rows]


def read_letter(campaign: Campaign, letter_id: int) -> dict[str, Any]:
    """One letter with ``message``, its exact bytes as text, and ``body``, what its reader sees. Raises LetterUnknown."""
    with campaign.reading() as connection:
        query = text(f"SELECT {_COLUMNS}, message FROM letters WHERE id = :id")
        row = connection.execute(query, {"id": letter_id}).mappings().first()
    if row is None:
        raise LetterUnknown(letters=[letter_id])
    message = bytes(row["message"])
    parsed = message_from_bytes(message, policy=default)
    body = parsed.get_body(("plain",))
    return _shown({name: row[name] for name in row if name != "message"}) | {
        "headers": {name: str(value) for name, value in parsed.items()},
        "body": body.get_content() if body else "",
        "message": message.decode("ascii", "replace"),
    }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    row["to"] = row.pop("address")
    row["batch"] = row.pop("batch_id")
    row["cases"] = orjson.loads(row["cases"]) if isinstance(row["cases"], str) else row["cases"]
    return row
