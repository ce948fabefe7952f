"""The history runs forward: a machine whose clock went back writes nothing."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from workflow import clock
from workflow.audit.events import read
from workflow.errors import AnliError

TOLERANCE = timedelta(minutes=5)
"""How far the clocks of several machines may stand apart."""

_LAST = text("SELECT leaf FROM events ORDER BY seq DESC LIMIT 1")
_REHEARSAL = text("SELECT rehearsal FROM campaign")


class ClockWentBack(AnliError):
    """The moment lies before what is on record already: values are now, last (RFC 3339), minutes (the tolerance)."""

    code = "error.clock-went-back"


def refuse_the_past(connection: Connection, at: datetime) -> None:
    """Raises ClockWentBack where ``at`` lies before the last event by more than TOLERANCE.

    A long command dates what it writes by its beginning; so in a real campaign it is the machine's clock that must not
    have gone back, in a rehearsal the moment that was asked for.
    """
    leaf = connection.execute(_LAST).scalar()
    if leaf is None:
        return
    try:
        last = clock.read(read(bytes(leaf)).at)
    except ValueError:
        return
    if at >= last - TOLERANCE:
        return
    if not connection.execute(_REHEARSAL).scalar():
        at = max(at, clock.now())
    if at < last - TOLERANCE:
        minutes = int(TOLERANCE.total_seconds()) // 60
        raise ClockWentBack(now=clock.show(at), last=clock.show(last), minutes=minutes)
