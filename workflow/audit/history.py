"""Reading the history back, event by event, from the leaves alone."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, TextClause, bindparam, text

from workflow import clock
from workflow.audit.replay import ordinal_of
from workflow.audit.rows import rows_of
from workflow.audit.tlog.canonical import decode, encode
from workflow.batched import batched

AT_ONCE = 2_000
_NUMBERED = text("SELECT leaf FROM events WHERE seq IN :seqs ORDER BY seq").bindparams(
    bindparam("seqs", expanding=True)
)
_WITHOUT_UNIT = ("refusal", "review", "score", "survey")
"""Kinds whose events may name a case and not its unit."""

_HOLDS = {"sqlite": "instr(leaf, :{0}) > 0", "postgresql": "position(:{0} in leaf) > 0"}


def read_log(  # noqa: PLR0913, PLR0917
    connection: Connection,
    case_id: int | None = None,
    batch: int | None = None,
    kind: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    actor: str | None = None,
    outcome: str | None = None,
    unit: str | None = None,
) -> Iterator[dict[str, Any]]:
    """Stream the events that match, in the order of ``seq``, each as its leaf tells it.

    case_id: events about the case, letters and mails that list it among them. since, until: half-open. actor: an
    account. outcome: as ``outcome_of``. unit: events about it or one of its cases, and its letters. The index columns
    are not asked, for they could have been changed: the database searches the leaves' bytes, and what it finds is held
    against the decoded leaf.
    Raises ValueError for bytes that are no JSON object.
    """
    plain = {name: value for name, value in (("batch", batch), ("kind", kind)) if value is not None}
    query, values = _query(connection, plain, case_id, actor, unit)
    own: set[str] = set()
    with connection.execute(query, values, execution_options={"yield_per": AT_ONCE}) as leaves:
        for (leaf,) in rows_of(leaves, AT_ONCE):
            event = decode(bytes(leaf))
            if unit is not None and not _concerns(event, unit, own):
                continue
            if any(event.get(name) != value for name, value in plain.items()):
                continue
            if case_id is not None and case_id not in cases_of(event):
                continue
            if actor is not None and event["actor"]["account"] != actor:
                continue
            if outcome is not None and outcome_of(event) != outcome:
                continue
            if (since is not None or until is not None) and not _within(clock.read(event["at"]), since, until):
                continue
            yield event


def read_events(connection: Connection, seqs: Iterable[int]) -> Iterator[dict[str, Any]]:
    """The events of these numbers, each as its leaf tells it, a batch of the numbers at a time."""
    for some in batched(seqs, AT_ONCE):
        for leaf in connection.execute(_NUMBERED, {"seqs": some}).scalars():
            yield decode(bytes(leaf))


def cases_of(event: Mapping[str, Any]) -> tuple[int, ...]:
    """The ordinals of the cases that an event is about or lists."""
    numbers = [event["case"]] if event.get("case") else event.get("cases", ())
    return tuple(map(ordinal_of, numbers))


def outcome_of(event: Mapping[str, Any]) -> str:
    """How it ended: ``moved`` or ``refused``, a mail's status, a letter's state, whether a report of one
    made it ``bounced`` or was ``noted``, whether a deadline ``fired``; ``done`` for everything else."""
    match event["kind"]:
        case "move":
            return "moved"
        case "refusal" | "denial":
            return "refused"
        case "intake":
            return str(event["status"])
        case "letter":
            return str(event["to"])
        case "firing" | "bounce":
            return str(event["outcome"])
    return "done"


def _concerns(event: Mapping[str, Any], unit: str, own: set[str]) -> bool:
    """Whether it is about the unit. own: its cases by the events so far, for what was judged names only the case."""
    number = event.get("case")
    if event.get("unit") == unit and number is not None:
        own.add(number)
    return unit in (event.get("unit"), event.get("recipient")) or number in own


def _within(moment: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or moment >= since) and (until is None or moment < until)


def _query(
    connection: Connection, plain: Mapping[str, Any], case_id: int | None, actor: str | None, unit: str | None
) -> tuple[TextClause, dict[str, bytes]]:
    """All that may match. A unit's drafts are read whatever else is asked: they say which cases are its own."""
    conditions: list[list[bytes]] = []
    if unit is not None:
        told = [{"unit": unit}, {"recipient": unit}, *({"kind": kind} for kind in _WITHOUT_UNIT)]
        conditions.append([_written(part) for part in told])
    else:
        conditions += [[_written({name: value})] for name, value in plain.items()]
        conditions += [[_written({"account": actor})]] if actor is not None else []
    if case_id is not None:
        conditions.append([f'-{case_id:04d}"'.encode()])
    holds, values = _HOLDS[connection.dialect.name], dict[str, bytes]()
    clauses = []
    for parts in conditions:
        names = [f"part{len(values) + place}" for place in range(len(parts))]
        values |= dict(zip(names, parts, strict=True))
        clauses.append(f"({' OR '.join(map(holds.format, names))})")
    return text(f"SELECT leaf FROM events WHERE {' AND '.join(clauses) or '1 = 1'} ORDER BY seq"), values  # noqa: S608


def _written(part: Mapping[str, Any]) -> bytes:
    """As it stands in a leaf."""
    return encode(part)[1:-1]
