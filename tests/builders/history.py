"""The history as its leaves tell it, for tests that look at every field."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection

from workflow.audit.events import EventUnsound, read
from workflow.audit.history import Wanted, read_records
from workflow.audit.replay import fold, pass_over
from workflow.audit.state import State
from workflow.audit.tlog.canonical import encode


def read_fields(connection: Connection, **wanted: Any) -> Iterator[dict[str, Any]]:
    """Each event that is wanted, spelt out."""
    return (record.as_written() for record in read_records(connection, Wanted(**wanted)))


def replay_fields(events: Iterable[dict[str, Any]]) -> State:
    """The state after events that are spelt out, as verify goes through them."""
    state = State()
    for event in events:
        try:
            fold(state, read(encode(event)))
        except EventUnsound as unsound:
            pass_over(state, event["seq"], unsound.kind)
    return state
