"""The outbox: letters enter it in the caller's transaction, are claimed, sent with no transaction open, and marked."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, text

from notifications.letter import Letter

_CLAIM = text(
    "UPDATE letters SET state = 'sending', attempts = attempts + 1 WHERE state = 'queued' AND id IN :ids "
    "RETURNING id, batch_id, recipient, kind, address, message, message_id"
).bindparams(bindparam("ids", expanding=True))
_MARK = text(
    "UPDATE letters SET state = :state, answer = :answer, sent_at = :sent_at WHERE id = :id AND state = 'sending'"
)
_CANCEL = text("UPDATE letters SET state = 'cancelled' WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))

NOT_OUT = ("queued", "failed")
PERHAPS_OUT = ("sending", "sent", "unknown")


class Claimed(NamedTuple):
    """A letter that this process alone is to send."""

    id: int
    batch_id: int
    recipient: str
    kind: str
    address: str
    message: bytes
    message_id: str


class Written(NamedTuple):
    """A letter as it stands in the outbox, without its bytes; ``cases`` are the numbers it speaks of."""

    id: int
    batch_id: int
    recipient: str
    kind: str
    state: str
    message_id: str
    cases: list[str]


class Fate(NamedTuple):
    """What became of a letter: ``sent``, ``failed`` or ``unknown``, and the server's words."""

    letter: Claimed
    state: str
    answer: str


def enqueue(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Queue letters in the caller's transaction; the database refuses a second of the same kind."""
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


def mark(connection: Connection, fates: Sequence[Fate], at: str) -> list[Fate]:
    """Write down what became of claimed letters, at an RFC 3339 moment; those that were still this process's to mark.

    A letter that a person has queued again meanwhile keeps its new state.
    """
    marked = []
    for fate in fates:
        sent_at = at if fate.state == "sent" else None
        values = {"id": fate.letter.id, "state": fate.state, "answer": fate.answer, "sent_at": sent_at}
        if connection.execute(_MARK, values).rowcount:
            marked.append(fate)
    return marked


def letters_of(connection: Connection, batches: Sequence[int]) -> list[Written]:
    """Every letter of these batches, oldest first."""
    kept = Letter.__table__.c  # type: ignore[attr-defined]
    query = select(kept.id, kept.batch_id, kept.recipient, kept.kind, kept.state, kept.message_id, kept.cases)
    return [Written(*row) for row in connection.execute(query.where(kept.batch_id.in_(batches)).order_by(kept.id))]


def cancel(connection: Connection, ids: Sequence[int]) -> None:
    """Cancel letters that are not out."""
    if ids:
        connection.execute(_CANCEL, {"ids": list(ids)})
