"""The outbox: letters enter it in the caller's transaction, are claimed, sent with no transaction open, and marked."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, bindparam, select, text

from notifications.letter import Letter

LAPSED = "the sender never said what became of it"
"""The answer of a letter whose sender's lease ended."""

_HELD = text("SELECT id, attempts FROM letters WHERE state = 'sending' AND id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
_MARK = text(
    "UPDATE letters SET state = :state, answer = COALESCE(:answer, answer), tries = :tries, sent_at = :sent_at, "
    "next_try = :next_try, leased_until = NULL "
    "WHERE id = :id AND attempts = :attempts AND state = 'sending'"
)
_EXPIRE = text(
    "UPDATE letters SET state = 'unknown', answer = :answer, leased_until = NULL "
    "WHERE state = 'sending' AND leased_until <= :now RETURNING id, message_id, recipient, kind"
)
_CANCEL = text("UPDATE letters SET state = 'cancelled', next_try = NULL WHERE id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)

NOT_OUT = ("queued", "failed")


class Claimed(NamedTuple):
    """A letter that this process alone is to send, until ``leased_until``.

    attempts: which claim of it this is; one that claims it later makes what this one says of it void.
    """

    id: int
    batch_id: int
    recipient: str
    kind: str
    address: str
    message: bytes
    message_id: str
    attempts: int
    tries: int
    leased_until: str


class Written(NamedTuple):
    """A letter as it stands in the outbox, without its bytes; ``cases`` are the numbers it speaks of."""

    id: int
    batch_id: int
    recipient: str
    kind: str
    state: str
    message_id: str
    cases: list[str]


class Lapsed(NamedTuple):
    """A letter whose sender was not heard of again."""

    id: int
    message_id: str
    recipient: str
    kind: str


class Fate(NamedTuple):
    """What became of a claimed letter: ``sent``, ``failed``, ``unknown``, ``deferred`` (refused for now) or
    ``released`` (never tried); the other side's words, and the step of the dialogue at which it ended."""

    letter: Claimed
    state: str
    answer: str
    step: str = ""


class Settled(NamedTuple):
    """A fate as the outbox keeps it; a letter that is to be tried again is ``queued`` until ``next_try``."""

    letter: Claimed
    state: str
    answer: str
    step: str
    tries: int
    sent_at: str | None
    next_try: str | None


def enqueue(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Queue letters in the caller's transaction; the database refuses a second of the same kind."""
    if rows:
        connection.execute(Letter.__table__.insert(), rows)  # type: ignore[attr-defined]


def claim(connection: Connection, room: int, now: str, until: str) -> list[Claimed]:
    """Take up to ``room`` letters that are due and that nobody else has taken, oldest first, until a moment."""
    rows = connection.execute(_claim(connection.dialect.name), {"room": room, "now": now, "until": until})
    return sorted(Claimed(row[0], row[1], row[2], row[3], row[4], bytes(row[5]), *row[6:]) for row in rows)


@cache
def _claim(dialect: str) -> TextClause:
    locked = " FOR UPDATE SKIP LOCKED" if dialect == "postgresql" else ""
    return text(
        "WITH due AS (SELECT id FROM letters WHERE state = 'queued' AND (next_try IS NULL OR next_try <= :now) "  # noqa: S608
        f"ORDER BY id LIMIT :room{locked}) "
        "UPDATE letters SET state = 'sending', attempts = attempts + 1, tries = tries + 1, next_try = NULL, "
        "leased_until = :until WHERE id IN (SELECT id FROM due) RETURNING id, batch_id, recipient, kind, address, "
        "message, message_id, attempts, tries, leased_until"
    )


def expire(connection: Connection, now: str) -> list[Lapsed]:
    """Give up waiting for senders whose lease has ended: a connection might have carried their letters."""
    rows = connection.execute(_EXPIRE, {"now": now, "answer": LAPSED})
    return sorted(Lapsed(*row) for row in rows)


def mark(connection: Connection, settled: Sequence[Settled]) -> list[Settled]:
    """Write down what became of claimed letters; those that were still this claim's to mark."""
    if not settled:
        return []
    held = {row[0]: row[1] for row in connection.execute(_HELD, {"ids": [each.letter.id for each in settled]})}
    own = [each for each in settled if held.get(each.letter.id) == each.letter.attempts]
    if own:
        connection.execute(_MARK, [_row(each) for each in own])
    return own


def _row(settled: Settled) -> dict[str, Any]:
    letter, state, answer, _, tries, sent_at, next_try = settled
    return {
        "id": letter.id,
        "attempts": letter.attempts,
        "state": state,
        "answer": answer or (None if state in ("queued", "cancelled") else ""),
        "tries": tries,
        "sent_at": sent_at,
        "next_try": next_try,
    }


def letters_of(connection: Connection, batches: Sequence[int]) -> list[Written]:
    """Every letter of these batches, oldest first."""
    kept = Letter.__table__.c  # type: ignore[attr-defined]
    query = select(kept.id, kept.batch_id, kept.recipient, kept.kind, kept.state, kept.message_id, kept.cases)
    return [Written(*row) for row in connection.execute(query.where(kept.batch_id.in_(batches)).order_by(kept.id))]


def cancel(connection: Connection, ids: Sequence[int]) -> None:
    """Cancel letters that are not out."""
    if ids:
        connection.execute(_CANCEL, {"ids": list(ids)})
