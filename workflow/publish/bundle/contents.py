"""What a bundle holds: the events, what follows from them, and the checkpoint that covers them."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from workflow.audit.events import Event, ordinal_of, read
from workflow.audit.replay import fold
from workflow.audit.rows import stream_rows
from workflow.audit.state import State
from workflow.audit.tlog.checkpoint import KeptCheckpoint, TreeHead, head_of, latest_checkpoint
from workflow.audit.tlog.key import PublicKey
from workflow.engine.signing import recorded_keys
from workflow.errors import AnliError

_LEAVES = "SELECT leaf FROM events ORDER BY seq"


class NothingSigned(AnliError):
    """No checkpoint has been made yet, and there is no key to make one."""

    code = "error.nothing-signed"


class Contents(NamedTuple):
    """What a bundle holds. leaves: the events' exact bytes. last: for each case's number, its last event's place."""

    leaves: list[bytes]
    events: list[Event]
    state: State
    last: Mapping[str, int]
    checkpoint: KeptCheckpoint
    head: TreeHead
    keys: tuple[PublicKey, ...]


def gather(connection: Connection) -> Contents:
    """The history as it stands. Raises NothingSigned."""
    keys = recorded_keys(connection)
    checkpoint = latest_checkpoint(connection, keys)
    if checkpoint is None:
        raise NothingSigned
    leaves = [bytes(leaf) for (leaf,) in stream_rows(connection, _LEAVES)]
    events = [read(leaf) for leaf in leaves]
    state = State()
    last: dict[str, int] = {}
    for place, event in enumerate(events):
        fold(state, event)
        if event.number is not None:
            last[event.number] = place
    ordered = dict(sorted(last.items(), key=lambda item: ordinal_of(item[0])))
    return Contents(leaves, events, state, ordered, checkpoint, head_of(checkpoint.note), keys)
