"""A clock that runs ahead: a leap over a month and a deadline that nobody has vouched for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from workflow import clock
from workflow.audit.order import last_moment
from workflow.edition import Deadline, Edition
from workflow.errors import AnliError

LONG_SILENCE = timedelta(days=31)
"""How long nothing may have been written before a deadline in between makes the clock doubtful."""

_BEAT = text("SELECT max(at) FROM heartbeats WHERE at <= :now")
_DEALT_WITH = text("SELECT deadline, due FROM firings WHERE edition = :edition")


class ClockAhead(AnliError):
    """The clock has leapt over a month and deadlines: values are now, last, count (of the deadlines)."""

    code = "error.clock-ahead"


class Jump(NamedTuple):
    """last: when anything was written, or a clock looked, for the last time. passed: what fell due since then."""

    last: datetime
    now: datetime
    passed: list[Deadline]

    def values(self, edition: Edition) -> Mapping[str, Any]:
        """As its sentences are filled."""
        return {"now": edition.local(self.now), "last": edition.local(self.last), "count": len(self.passed)}

    def doubt(self, edition: Edition) -> ClockAhead:
        return ClockAhead(**self.values(edition))


def find_jump(connection: Connection, edition: Edition, now: datetime) -> Jump | None:
    """The leap that lies before ``now``: more than LONG_SILENCE since the last event or heartbeat, and a deadline."""
    last = last_moment(connection)
    if last is None or now - last <= LONG_SILENCE:
        return None
    beat = connection.execute(_BEAT, {"now": clock.write(now)}).scalar()
    last = last if beat is None else max(last, clock.read(beat))
    if now - last <= LONG_SILENCE:
        return None
    rows = connection.execute(_DEALT_WITH, {"edition": edition.name})
    dealt_with = {(row.deadline, clock.read(row.due)) for row in rows}
    ahead = [deadline for deadline in edition.deadlines if last < deadline.due <= now]
    passed = [deadline for deadline in ahead if (deadline.name, deadline.due) not in dealt_with]
    return Jump(last, now, passed) if passed else None
