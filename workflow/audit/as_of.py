"""How things stood at a moment, by the events until then."""

from datetime import datetime
from itertools import takewhile

from sqlalchemy import Connection

from workflow.audit.events import Clock
from workflow.audit.events.event import kind_of
from workflow.audit.history import Wanted, read_log
from workflow.audit.order import dated
from workflow.audit.replay import replay
from workflow.audit.state import State


def cases_as_of(connection: Connection, moment: datetime) -> State:
    """The state that all events at or before ``moment`` imply; ``edition`` names the rule book then in force.

    These are always the history's first so many: see ``dated``.
    """
    settings = [event for event in read_log(connection, Wanted(kind=kind_of(Clock))) if isinstance(event, Clock)]
    passed = takewhile(lambda pair: pair[0] <= moment, dated(read_log(connection), settings))
    return replay(event for _, event in passed)
