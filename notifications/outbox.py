"""The outbox: letters enter it in the caller's transaction, are claimed, sent with no transaction open, and marked."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, text

from notifications.letter import Letter

_CLAIM = text(
    "UPDATE letters SET state = 'sending', attempts = attempts + 1 WHERE state = 'queued' AND id IN :ids "
    "RETURNING id, batch_id, recipient, kind, address, message, message_id"
).bindparams(bindparam("ids", expanding=True))
_MARK = text(
    "UPDATE letters SET state = :state, answer = :answer, sent_at = :sent_at WHERE id = :id AND state = 'sending'"
)
_CANCEL = text(
    "UPDATE letters SET state = 'cancelled' WHERE batch_id = :batch AND state = 'queued' AND recipient IN :recipients "
    "RETURNING id, recipient, kind, message_id, cases"
).bindparams(bindparam("recipients", expanding=True))


class Claimed(NamedTuple):
    """A letter that this process alone is to send."""

    id: int
    batch_id: int
    recipient: str
    kind: str
    address: str
    message: bytes
    message_id: str


class Fate(NamedTuple):
    """What became of a letter: ``sent``, ``failed`` or ``unknown``, and the server's words."""

    letter: Claimed
    state: str
    answer: str


def enqueue(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Queue letters in the caller's transaction; the database refuses a second of the same batch, recipient and kind."""
    if rows:
        connection.execute(Letter.__table__.insert(), rows)  # type: ignore[attr-defined]


def waiting(connection: Connection, limit: int) -> list[int]:
    """Up to ``limit`` queued letters, oldest first."""
    query = text("SELECT id FROM letters WHERE state = 'queued' ORDER BY id LIMIT :limit")
    return list(connection.execute(query, {"limit": limit}).scalars())


def claim(connection: Connection, ids: Sequence[int]) -> list[Claimed]:
    """Take those of ``ids`` that nobody else has taken meanwhile."""
    rows = connection.execute(_CLAIM, {"ids": list(ids)})
    return sorted(Claimed(row[0], row[1], row[2], row[3], row[4], bytes(row[5]), row[6]) for row in rows)


def mark(connection: Connection, fates: Sequence[Fate], at: str) -> None:
    """Write down what became of claimed letters; ``at`` is an RFC 3339 moment."""
    rows = [
        {
            "id": fate.letter.id,
            "state": fate.state,
            "answer": fate.answer,
            "sent_at": at if fate.state == "sent" else None,
        }
        for fate in fates
    ]
    if rows:
        connection.execute(_MARK, rows)


def cancel(connection: Connection, batch: int, recipients: Sequence[str]) -> list[Any]:
    """Cancel what the batch still has queued for these recipients: rows of id, recipient, kind, message_id, cases."""
    return list(connection.execute(_CANCEL, {"batch": batch, "recipients": list(recipients)}))
