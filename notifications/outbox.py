"""The outbox: letters enter it in the caller's transaction, are claimed, sent with no transaction open, and marked."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, bindparam, select, text

from notifications.letter import UNDELIVERED, Letter

LAPSED = "the sender never said what became of it"
"""The answer of a letter whose sender's lease ended."""

_MARK = text(
    "UPDATE letters SET state = :state, answer = COALESCE(:answer, answer), tries = :tries, sent_at = :sent_at, "
    "next_try = :next_try, leased_until = NULL "
    "WHERE id = :id AND attempts = :attempts AND state = 'sending'"
)
_EXPIRE = (
    "UPDATE letters SET state = 'unknown', answer = :answer, leased_until = NULL "
    "WHERE state = 'sending' AND leased_until <= :now"
)
_REPORT = text("UPDATE letters SET reported_at = :at WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
_DUE = "state = 'queued' AND held_at IS NULL AND (next_try IS NULL OR next_try <= :now)"

NOT_OUT = ("queued", "failed")
_HOLD = "UPDATE letters SET held_at = :at WHERE state = 'queued' AND held_at IS NULL"
_RELEASE = "UPDATE letters SET held_at = NULL WHERE held_at IS NOT NULL"
_CANCEL = (
    "UPDATE letters SET state = 'cancelled', next_try = NULL, held_at = NULL, reported_at = NULL "  # noqa: S608
    f"WHERE state IN {NOT_OUT}"
)


class Choice(NamedTuple):
    """Which letters are meant: those that match all that is said here; by number, of a batch, to a recipient."""

    ids: Sequence[int] | None = None
    batch: int | None = None
    recipient: str | None = None

    @property
    def values(self) -> Mapping[str, Any]:
        """What its condition asks for, by name."""
        asked = {"ids": self.ids, "batch": self.batch, "recipient": self.recipient}
        return {name: value for name, value in asked.items() if value is not None}


EVERY = Choice()
_CONDITIONS = {"ids": "id IN :ids", "batch": "batch_id = :batch", "recipient": "recipient = :recipient"}


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


class Named(NamedTuple):
    """A letter as the history names it."""

    id: int
    message_id: str
    recipient: str
    kind: str


class Undelivered(NamedTuple):
    """A letter that did not arrive for all we know; ``cases`` are the numbers it speaks of."""

    id: int
    message_id: str
    recipient: str
    kind: str
    address: str
    subject: str
    state: str
    answer: str
    cases: list[str]


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


def claim(connection: Connection, room: int, now: str, until: str, choice: Choice = EVERY) -> list[Claimed]:
    """Take up to ``room`` letters that are due and that nobody else has taken, oldest first, until a moment."""
    asked = choice.values
    rows = connection.execute(
        _claim(connection.dialect.name, tuple(asked)), {"room": room, "now": now, "until": until, **asked}
    )
    return sorted(Claimed(**{**row, "message": bytes(row["message"])}) for row in rows.mappings())


@cache
def _claim(dialect: str, asked: tuple[str, ...]) -> TextClause:
    locked = " FOR UPDATE SKIP LOCKED" if dialect == "postgresql" else ""
    return _bound(
        f"WITH due AS (SELECT id FROM letters WHERE {_DUE}{_among(asked)} ORDER BY id LIMIT :room{locked}) "  # noqa: S608
        "UPDATE letters SET state = 'sending', attempts = attempts + 1, tries = tries + 1, next_try = NULL, "
        "leased_until = :until WHERE id IN (SELECT id FROM due) RETURNING id, batch_id, recipient, kind, address, "
        "message, message_id, attempts, tries, leased_until",
        asked,
    )


def due(connection: Connection, now: str, choice: Choice) -> set[int]:
    """The numbers of those that could be claimed now."""
    asked = choice.values
    query = _bound(f"SELECT id FROM letters WHERE {_DUE}{_among(tuple(asked))}", tuple(asked))  # noqa: S608
    return set(connection.execute(query, {"now": now, **asked}).scalars())


def expire(connection: Connection, now: str, choice: Choice = EVERY) -> list[Named]:
    """Give up waiting for senders whose lease has ended: a connection might have carried their letters."""
    return _change(connection, _EXPIRE, choice, now=now, answer=LAPSED)


def hold(connection: Connection, choice: Choice, at: str) -> list[Named]:
    """Keep back those that are queued; those that now are, and were not."""
    return _change(connection, _HOLD, choice, at=at)


def release(connection: Connection, choice: Choice, condition: str = "1 = 1") -> list[Named]:
    """Let go of those that are held and that meet a further condition."""
    return _change(connection, f"{_RELEASE} AND {condition}", choice)


def cancel(connection: Connection, choice: Choice) -> list[Named]:
    """Cancel those that are not out."""
    return _change(connection, _CANCEL, choice)


def _change(connection: Connection, statement: str, choice: Choice, **values: str) -> list[Named]:
    asked = choice.values
    returning = f"{statement}{_among(tuple(asked))} RETURNING id, message_id, recipient, kind"
    rows = connection.execute(_bound(returning, tuple(asked)), {**values, **asked})
    return sorted(Named(**row) for row in rows.mappings())


def _among(asked: tuple[str, ...]) -> str:
    return "".join(f" AND {_CONDITIONS[name]}" for name in asked)


@cache
def _bound(statement: str, asked: tuple[str, ...]) -> TextClause:
    clause = text(statement)
    return clause.bindparams(bindparam("ids", expanding=True)) if "ids" in asked else clause


def mark(connection: Connection, settled: Sequence[Settled]) -> list[Settled]:
    """Write down what became of claimed letters; those that were still this claim's to mark."""
    if not settled:
        return []
    kept = Letter.__table__.c  # type: ignore[attr-defined]
    query = select(kept.id, kept.attempts).where(kept.state == "sending")
    rows = connection.execute(query.where(kept.id.in_([fate.letter.id for fate in settled])))
    claims = {row.id: row.attempts for row in rows}
    own = [fate for fate in settled if claims.get(fate.letter.id) == fate.letter.attempts]
    if own:
        connection.execute(_MARK, [_row(settled) for settled in own])
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
    query = select(*(kept[name] for name in Written._fields)).where(kept.batch_id.in_(batches)).order_by(kept.id)
    return [Written(**row) for row in connection.execute(query).mappings()]


def unreported(connection: Connection, but: str) -> list[Undelivered]:
    """Every letter that did not arrive and that the organisers were not told of, oldest first; ``but``: a kind that
    is left out."""
    kept = Letter.__table__.c  # type: ignore[attr-defined]
    query = select(*(kept[name] for name in Undelivered._fields))
    missing = query.where(kept.state.in_(UNDELIVERED), kept.reported_at.is_(None), kept.kind != but)
    return [Undelivered(**row) for row in connection.execute(missing.order_by(kept.id)).mappings()]


def note_reported(connection: Connection, ids: Sequence[int], at: str) -> None:
    """Write down that the organisers were told of these."""
    connection.execute(_REPORT, {"ids": list(ids), "at": at})
