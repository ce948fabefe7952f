"""Letters of the outbox that came back: found, marked, and what they tell of their addresses."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select, text

from notifications.bounce import is_lasting
from notifications.letter import Letter

_MARK = text(
    "UPDATE letters SET state = 'bounced', answer = :answer, leased_until = NULL "
    "WHERE id = :id AND state IN ('sent', 'unknown', 'sending')"
)
NAMED_AT_ONCE = 10_000


class Posted(NamedTuple):
    """A letter as a report on it finds it."""

    id: int
    message_id: str
    recipient: str
    kind: str
    address: str
    state: str
    leased_until: str | None


class Bounced(NamedTuple):
    """The letter by which an address is known to take no more of them, and what was said."""

    letter: int
    answer: str


def find_posted(connection: Connection, message_ids: Sequence[str]) -> dict[str, Posted]:
    """Letters by their Message-ID; a Message-ID that is none's is left out."""
    kept = Letter.__table__.c  # type: ignore[attr-defined]
    query = select(*(kept[column] for column in Posted._fields))
    found = {}
    for start in range(0, len(message_ids), NAMED_AT_ONCE):
        named = message_ids[start : start + NAMED_AT_ONCE]
        rows = connection.execute(query.where(kept.message_id.in_(named)))
        found.update({row["message_id"]: Posted(**row) for row in rows.mappings()})
    return found


def mark_bounced(connection: Connection, answers: Mapping[int, str]) -> None:
    """Mark letters that were out, or may have been, as come back; answers: by the letter's id, what was said."""
    if answers:
        connection.execute(_MARK, [{"id": key, "answer": answer} for key, answer in answers.items()])


def read_bounced(connection: Connection) -> dict[str, Bounced]:
    """For each address that a letter came back from for good the latest such letter, unless a later one stayed."""
    kept = Letter.__table__.c  # type: ignore[attr-defined]
    sent = func.coalesce(kept.sent_at, kept.queued_at).label("sent")
    came_back = select(kept.address, kept.id, kept.answer, sent).where(kept.state == "bounced").order_by(kept.id)
    bounced = [row for row in connection.execute(came_back) if is_lasting(row.answer)]
    if not bounced:
        return {}
    latest = select(kept.address, func.max(kept.sent_at).label("sent")).group_by(kept.address)
    stayed = latest.where(kept.state == "sent", kept.address.in_(sorted({row.address for row in bounced})))
    arrived = {row.address: row.sent for row in connection.execute(stayed)}
    return {row.address: Bounced(row.id, row.answer) for row in bounced if arrived.get(row.address, "") <= row.sent}
