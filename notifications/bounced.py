"""Letters of the outbox that came back: found, marked, and what they tell of their addresses."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, text

from notifications.bounce import is_lasting
from notifications.letter import Letter

_MARK = text(
    "UPDATE letters SET state = 'bounced', answer = :answer, leased_until = NULL "
    "WHERE id = :id AND state IN ('sent', 'unknown', 'sending')"
)
_BOUNCED = text(
    "SELECT address, id, answer, COALESCE(sent_at, queued_at) FROM letters WHERE state = 'bounced' ORDER BY id"
)
_ARRIVED = text(
    "SELECT address, max(sent_at) FROM letters WHERE state = 'sent' AND address IN :addresses GROUP BY address"
).bindparams(bindparam("addresses", expanding=True))
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
        found.update({row.message_id: Posted(*row) for row in rows})
    return found


def mark_bounced(connection: Connection, answers: Mapping[int, str]) -> None:
    """Mark letters that were out, or may have been, as come back; answers: by the letter's id, what was said."""
    if answers:
        connection.execute(_MARK, [{"id": key, "answer": answer} for key, answer in answers.items()])


def read_bounced(connection: Connection) -> dict[str, Bounced]:
    """For each address that a letter came back from for good the latest such letter, unless a later one stayed."""
    bounced = [row for row in connection.execute(_BOUNCED) if is_lasting(row[2])]
    if not bounced:
        return {}
    addresses = sorted({row[0] for row in bounced})
    arrived = {row[0]: row[1] for row in connection.execute(_ARRIVED, {"addresses": addresses})}
    return {address: Bounced(key, answer) for address, key, answer, sent in bounced if arrived.get(address, "") <= sent}
