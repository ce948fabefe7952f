"""The append-only history: one writer at a time, inside the caller's transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from workflow import clock
from workflow.audit.actor import Actor
from workflow.audit.events import UNSET, ActorTold, Event, ordinal_of
from workflow.audit.order import refuse_the_past
from workflow.audit.tlog.canonical import leaf_hash
from workflow.audit.tlog.tiles import TileWriter, size_of

APPEND = "INSERT INTO events (seq, leaf, leaf_hash, kind, batch_id, case_id) VALUES "


class Log:
    """Appends to the history of one transaction; what every event shares is given once."""

    def __init__(
        self,
        connection: Connection,
        actor: Actor,
        edition_sha256: str,
        at: datetime,
        batch: int | None,
        due: datetime | None = None,
        sets_clock: bool = False,
    ) -> None:
        """due: for what a deadline did, the moment it fell due, as of which the law was asked.

        Raises ClockWentBack where ``at`` lies well before what is on record already, unless the event ``sets_clock``.
        """
        if not sets_clock:
            refuse_the_past(connection, at)
        self._connection = connection
        self._batch = batch
        self._actor = ActorTold(*actor)
        self._edition, self._at = edition_sha256, clock.show(at)
        self._due = UNSET if due is None else clock.show(due)
        size = size_of(connection)
        self._next = 1 + size
        self._tiles = TileWriter(connection, size)
        marks = "?, ?, ?, ?, ?, ?" if connection.dialect.paramstyle == "qmark" else "%s, %s, %s, %s, %s, %s"
        self._append = f"{APPEND}({marks})"
        self.count = 0

    def append(self, events: Iterable[Event]) -> None:
        """Write ``events`` in their order; the caller's transaction makes them last or vanish.

        Raises TypeError for text that has no canonical form.
        """
        rows = list(self._rows(events))
        if rows:
            self._connection.exec_driver_sql(self._append, rows)
            self._tiles.add([row[2] for row in rows])

    def _rows(self, events: Iterable[Event]) -> Iterator[tuple[int, bytes, bytes, str, int | None, int | None]]:
        actor, at, batch, due, edition = self._actor, self._at, self._batch, self._due, self._edition
        for event in events:
            seq = self._next
            event.actor, event.at, event.batch, event.due, event.edition, event.seq = (
                actor,
                at,
                batch,
                due,
                edition,
                seq,
            )
            leaf, number = event.leaf(), event.number
            yield seq, leaf, leaf_hash(leaf), event.kind, batch, None if number is None else ordinal_of(number)
            self._next += 1
            self.count += 1
