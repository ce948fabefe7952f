"""The history runs forward: a machine whose clock went back writes nothing, and every event has its moment."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from sqlalchemy import Connection, text

from workflow import clock
from workflow.audit.events import Clock, Event, read
from workflow.errors import AnliError
from workflow.store import server_clock

TOLERANCE = timedelta(minutes=5)
"""How far the clocks of several machines may stand apart."""

_LAST = text("SELECT leaf FROM events ORDER BY seq DESC LIMIT 1")
_REHEARSAL = text("SELECT rehearsal FROM campaign")
_BEGINNING = datetime.min.replace(tzinfo=UTC)


class ClockWentBack(AnliError):
    """The moment lies before what is on record already: values are now, last (RFC 3339), minutes (the tolerance)."""

    code = "error.clock-went-back"


def refuse_the_past(connection: Connection, at: datetime) -> None:
    """Raises ClockWentBack where ``at`` lies before the last event by more than TOLERANCE.

    A long command dates what it writes by its beginning; so in a real campaign it is the clock itself that must not
    have gone back, in a rehearsal the moment that was asked for.
    """
    last = last_moment(connection)
    if last is None or at >= last - TOLERANCE:
        return
    if not connection.execute(_REHEARSAL).scalar():
        at = max(at, server_clock.now(connection))
    if at < last - TOLERANCE:
        minutes = int(TOLERANCE.total_seconds()) // 60
        raise ClockWentBack(now=clock.show(at), last=clock.show(last), minutes=minutes)


def last_moment(connection: Connection) -> datetime | None:
    """When the last event was written, by its own word; None where there is none, or where it cannot be read."""
    leaf = connection.execute(_LAST).scalar()
    if leaf is None:
        return None
    try:
        return clock.read(read(bytes(leaf)).at)
    except ValueError:
        return None


def dated(events: Iterable[Event], settings: Sequence[Clock]) -> Iterator[tuple[datetime, Event]]:
    """Each event with the moment at which it happened; these moments never go back.

    Clocks of several machines stand a few minutes apart: an event dated before the one it follows happened no earlier
    than that. settings: every time the clock was set, oldest first: no event before one happened later than it.
    """
    bounds = list(accumulate((clock.read(setting.at) for setting in reversed(settings)), min))
    latest, ahead = _BEGINNING, [setting.seq for setting in reversed(settings)]
    for event in events:
        at = clock.read(event.at)
        if ahead and event.seq >= ahead[-1]:
            ahead.pop()
            bounds.pop()
            latest = at
        latest = max(latest, at)
        yield min(latest, bounds[-1]) if bounds else latest, event
