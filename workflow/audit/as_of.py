"""How things stood at a moment, by the events until then."""

from datetime import datetime

from sqlalchemy import Connection

from workflow import clock
from workflow.audit.history import read_log
from workflow.audit.replay import replay
from workflow.audit.state import State


def cases_as_of(connection: Connection, moment: datetime) -> State:
    """The state that all events at or before ``moment`` imply; ``edition`` names the rule book then in force."""
    return replay(event for event in read_log(connection) if clock.read(event.at) <= moment)
