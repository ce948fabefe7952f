"""Someone with full write access to the database and no trigger in the way, who forgets no hash; but has no key."""

from typing import Any

import orjson
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from tests.unit.workflow.audit.attack import rebuild_nodes, run
from workflow.audit.events import ordinal_of
from workflow.audit.tlog.canonical import decode, encode, leaf_hash

Event = dict[str, Any]
Photograph = dict[str, list[dict[str, Any]]]

_INSERT = (
    "INSERT INTO events (seq, leaf, leaf_hash, kind, batch_id, case_id) "
    "VALUES (:seq, :leaf, :hash, :kind, :batch, :case)"
)


def read_events(connection: Connection) -> list[Event]:
    return [decode(bytes(leaf)) for leaf in connection.execute(text("SELECT leaf FROM events ORDER BY seq")).scalars()]


def rewrite(connection: Connection, events: list[Event]) -> None:
    """Make these the history: numbered anew, every leaf hash, index and node to match, no checkpoint to gainsay it."""
    connection.execute(text("DELETE FROM events"))
    for seq, event in enumerate(events, 1):
        leaf = encode({**event, "seq": seq})
        case = ordinal_of(event["case"]) if event.get("case") else None
        row = {"seq": seq, "leaf": leaf, "hash": leaf_hash(leaf), "kind": event["kind"], "batch": event["batch"]}
        connection.execute(text(_INSERT), {**row, "case": case})
    rebuild_nodes(connection)
    connection.execute(text("DELETE FROM checkpoints"))


def places(events: list[Event], batch: int, kind: str) -> list[int]:
    return [place for place, event in enumerate(events) if (event["batch"], event["kind"]) == (batch, kind)]


def change_batch(connection: Connection, events: list[Event], batch: int, **columns: Any) -> None:
    """Change a batch's row and its closing event alike."""
    (place,) = places(events, batch, "batch")
    events[place] = {**events[place], **columns}
    changed = ", ".join(f"{name} = :{name}" for name in columns)
    run(connection, f"UPDATE batches SET {changed} WHERE id = :batch", batch=batch, **columns)


def photograph(connection: Connection) -> Photograph:
    """Every row of every table."""
    return {
        table.name: [dict(row) for row in connection.execute(text(f"SELECT * FROM {table.name}")).mappings()]
        for table in SQLModel.metadata.sorted_tables
    }


def put_back(connection: Connection, earlier: Photograph) -> None:
    """Bring back the database as it was photographed."""
    for name in reversed(earlier):
        connection.execute(text(f"DELETE FROM {name}"))
    for table in SQLModel.metadata.sorted_tables:
        rows = earlier[table.name]
        for row in rows:
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            written = {name: _written(value) for name, value in row.items()}
            connection.execute(text(f"INSERT INTO {table.name} ({names}) VALUES ({values})"), written)


def _written(value: Any) -> Any:
    """JSON columns come as lists from PostgreSQL, and go as text."""
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value
