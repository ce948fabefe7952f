"""A command that a person broke off: what it had put on record by then is read back, not guessed."""

from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from workflow.engine.campaign import Campaign
from workflow.errors import AnliError

_LAST = text("SELECT max(seq) FROM events")
_SINCE = text("SELECT kind, count(*) AS number FROM events WHERE seq > :since GROUP BY kind ORDER BY min(seq)")
_BATCHES = text("SELECT DISTINCT batch_id FROM events WHERE seq > :since AND batch_id IS NOT NULL ORDER BY batch_id")


class Interrupted(AnliError):
    """Broken off by a person: values are events (how many of each kind stand on record since), batches (numbers).

    Where neither could be read, ``code`` says so.
    """

    exit_status = 130

    def __init__(self, events: Mapping[str, int] | None, batches: list[int]) -> None:
        self.code = (
            "error.interrupted-unread" if events is None
            else "error.interrupted-written" if events
            else "error.interrupted-nothing"
        )  # fmt: skip
        super().__init__(events=dict(events or {}), batches=batches)


def last_event(campaign: Campaign) -> int:
    """The number of the last event; 0 where there is none."""
    with campaign.reading() as connection:
        return connection.execute(_LAST).scalar() or 0


def read_back(campaign: Campaign, since: int) -> Interrupted:
    """What went on record after the event ``since``, by whoever it was."""
    with suppress(AnliError, DBAPIError), campaign.reading() as connection:
        events = {row.kind: row.number for row in connection.execute(_SINCE, {"since": since})}
        return Interrupted(events, list(connection.execute(_BATCHES, {"since": since}).scalars()))
    return Interrupted(None, [])
