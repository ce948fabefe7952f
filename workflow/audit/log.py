"""The append-only history: one writer at a time, inside the caller's transaction."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from workflow import clock
from workflow.audit.actor import Actor
from workflow.audit.order import refuse_the_past
from workflow.audit.tlog.canonical import encode_checked, leaf_hash, refuse_foreign
from workflow.audit.tlog.tiles import TileWriter, size_of

KEYS = frozenset({"v", "actor", "edition", "at", "batch", "seq", "kind"})
"""What every leaf tells, whatever its kind."""

APPEND = "INSERT INTO events (seq, leaf, leaf_hash, kind, batch_id, case_id) VALUES "


class Entry(NamedTuple):
    """One thing that happened. ``what`` adds to the leaf and must not repeat the log's own keys."""

    kind: str
    what: Mapping[str, Any]
    case_id: int | None = None


class Log:
    """Appends to the history of one transaction; what every entry shares is given once."""

    def __init__(
        self,
        connection: Connection,
        actor: Actor,
        edition_sha256: str,
        at: datetime,
        batch: int | None,
        due: datetime | None = None,
    ) -> None:
        """due: for what a deadline did, the moment it fell due, as of which the law was asked.

        Raises ClockWentBack where ``at`` lies well before what is on record already.
        """
        refuse_the_past(connection, at)
        self._connection = connection
        self._batch = batch
        self._shared = {
            "v": 1,
            "actor": actor._asdict(),
            "edition": edition_sha256,
            "at": clock.show(at),
            "batch": batch,
        }
        if due is not None:
            self._shared["due"] = clock.show(due)
        refuse_foreign(self._shared)
        size = size_of(connection)
        self._next = 1 + size
        self._tiles = TileWriter(connection, size)
        marks = "?, ?, ?, ?, ?, ?" if connection.dialect.paramstyle == "qmark" else "%s, %s, %s, %s, %s, %s"
        self._append = f"{APPEND}({marks})"
        self.count = 0

    def append(self, entries: Iterable[Entry]) -> None:
        """Write ``entries`` in their order; the caller's transaction makes them last or vanish.

        Raises TypeError for what has no canonical form, ValueError for a key that is the log's own.
        """
        rows = list(self._rows(entries))
        if rows:
            self._connection.exec_driver_sql(self._append, rows)
            self._tiles.add([row[2] for row in rows])

    def _rows(self, entries: Iterable[Entry]) -> Iterator[tuple[int, bytes, bytes, str, int | None, int | None]]:
        shared, batch = self._shared, self._batch
        for kind, what, case_id in entries:
            seq = self._next
            refuse_foreign(what)
            event = {**shared, "seq": seq, "kind": kind, **what}
            if len(event) != len(shared) + 2 + len(what):
                raise ValueError(f"an entry of kind {kind} repeats a key of the log's own")
            leaf = encode_checked(event)
            yield seq, leaf, leaf_hash(leaf), kind, batch, case_id
            self._next += 1
            self.count += 1
