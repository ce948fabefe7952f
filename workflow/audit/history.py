"""Reading the history back, event by event, from the leaves alone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, TextClause, bindparam, text

from workflow import clock
from workflow.audit.events import CURRENT, Event, Letter, ordinal_of, read
from workflow.audit.events.event import always_tells, kind_of, knows
from workflow.audit.rows import rows_of
from workflow.audit.tlog.canonical import encode
from workflow.batched import batched

AT_ONCE = 2_000
_WITHOUT_UNIT = tuple(kind_of(shape) for shape in CURRENT if knows(shape, "case") and not always_tells(shape, "unit"))
"""Kinds whose events may name a case and not its unit."""

_LEAVES = text("SELECT seq, leaf FROM events WHERE seq IN :seqs").bindparams(bindparam("seqs", expanding=True))
_HOLDS = {"sqlite": "instr(leaf, :{0}) > 0", "postgresql": "position(:{0} in leaf) > 0"}


class Wanted(NamedTuple):
    """Which events are asked for; all that is given must hold.

    case_id: about the case, letters and mails that list it among them. since, until: half-open. actor: an account.
    outcome: how it ended. unit: about it or one of its cases, and its letters.
    """

    case_id: int | None = None
    batch: int | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    outcome: str | None = None
    unit: str | None = None


class Record(NamedTuple):
    """An event, and the bytes that tell it."""

    leaf: bytes
    event: Event

    def as_written(self) -> dict[str, Any]:
        """As the leaf tells it, in the version that it was written in."""
        fields: dict[str, Any] = orjson.loads(self.leaf)
        return fields


def record_of(leaf: bytes) -> Record:
    """Raises EventUnsound."""
    return Record(leaf, read(leaf))


EVERYTHING = Wanted()


def read_log(connection: Connection, wanted: Wanted = EVERYTHING) -> Iterator[Event]:
    """The events of ``read_records``."""
    return (record.event for record in read_records(connection, wanted))


def read_records(connection: Connection, wanted: Wanted = EVERYTHING) -> Iterator[Record]:
    """Stream the events that match, in the order of ``seq``.

    The index columns are not asked, for they could have been changed: the database searches the leaves' bytes, and what
    it finds is held against the event. Raises EventUnsound for bytes that are none.
    """
    query, values = _query(connection, wanted)
    own: set[str] = set()
    with connection.execute(query, values, execution_options={"yield_per": AT_ONCE}) as leaves:
        for (leaf,) in rows_of(leaves, AT_ONCE):
            record = record_of(bytes(leaf))
            if wanted.unit is not None and not _concerns(record.event, wanted.unit, own):
                continue
            if _matches(record.event, wanted):
                yield record


def read_letters_written(connection: Connection, seqs: Sequence[int]) -> Mapping[int, Letter]:
    """The letters that these events wrote, by ``seq``; what is no such event is left out. Raises EventUnsound."""
    found = {}
    for some in batched(seqs, AT_ONCE):
        for seq, leaf in connection.execute(_LEAVES, {"seqs": list(some)}):
            event = read(bytes(leaf))
            if isinstance(event, Letter):
                found[int(seq)] = event
    return found


def cases_of(event: Event) -> tuple[int, ...]:
    """The ordinals of the cases that an event is about or lists."""
    return tuple(map(ordinal_of, event.numbers))


def _matches(event: Event, wanted: Wanted) -> bool:
    """Whether all but the unit is as wanted."""
    return (
        wanted.batch in (None, event.batch)
        and wanted.kind in (None, event.kind)
        and wanted.actor in (None, event.actor.account)
        and wanted.outcome in (None, event.ended)
        and (wanted.case_id is None or wanted.case_id in cases_of(event))
        and _within(event, wanted.since, wanted.until)
    )


def _within(event: Event, since: datetime | None, until: datetime | None) -> bool:
    if since is None and until is None:
        return True
    moment = clock.read(event.at)
    return (since is None or moment >= since) and (until is None or moment < until)


def _concerns(event: Event, unit: str, own: set[str]) -> bool:
    """Whether it is about the unit. own: its cases by the events so far, for what was judged names only the case."""
    number = event.number
    if event.addressee == unit and number is not None:
        own.add(number)
    return event.addressee == unit or number in own


def _query(connection: Connection, wanted: Wanted) -> tuple[TextClause, dict[str, bytes]]:
    """All that may match. A unit's drafts are read whatever else is asked: they say which cases are its own."""
    conditions: list[list[bytes]] = []
    if wanted.unit is not None:
        parts = [{"unit": wanted.unit}, {"recipient": wanted.unit}, *({"kind": kind} for kind in _WITHOUT_UNIT)]
        conditions.append([_written(part) for part in parts])
    else:
        plain = {"batch": wanted.batch, "kind": wanted.kind, "account": wanted.actor}
        conditions += [[_written({name: value})] for name, value in plain.items() if value is not None]
    if wanted.case_id is not None:
        conditions.append([f'-{wanted.case_id:04d}"'.encode()])
    holds, values = _HOLDS[connection.dialect.name], dict[str, bytes]()
    clauses = []
    for parts_of_one in conditions:
        names = [f"part{len(values) + place}" for place in range(len(parts_of_one))]
        values |= dict(zip(names, parts_of_one, strict=True))
        clauses.append(f"({' OR '.join(map(holds.format, names))})")
    return text(f"SELECT leaf FROM events WHERE {' AND '.join(clauses) or '1 = 1'} ORDER BY seq"), values  # noqa: S608


def _written(part: Mapping[str, Any]) -> bytes:
    """As it stands in a leaf."""
    return encode(part)[1:-1]
