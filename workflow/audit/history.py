"""Reading the history back, event by event, from the leaves alone."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, TextClause, text

from workflow import clock
from workflow.audit.canonical import decode, encode
from workflow.audit.replay import ordinal_of

AT_ONCE = 2_000
_HOLDS = {"sqlite": "instr(leaf, :{0}) > 0", "postgresql": "position(:{0} in leaf) > 0"}


def read_log(
    connection: Connection,
    case_id: int | None = None,
    batch: int | None = None,
    kind: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    actor: str | None = None,
    outcome: str | None = None,
) -> Iterator[dict[str, Any]]:
    """Stream the events that match, in the order of ``seq``, each as its leaf tells it.

    case_id: events about the case, letters and mails that list it among them. since, until: half-open. actor: an
    account. outcome: as ``outcome_of``. The index columns are not asked, for they could have been changed: the
    database searches the leaves' bytes, and what it finds is held against the decoded leaf.
    Raises ValueError for bytes that are no JSON object.
    """
    wanted = {"batch": batch, "kind": kind}
    plain = {name: value for name, value in wanted.items() if value is not None}
    query, values = _query(connection, plain, case_id, actor)
    for (leaf,) in connection.execute(query, values, execution_options={"yield_per": AT_ONCE}):
        event = decode(bytes(leaf))
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


def cases_of(event: Mapping[str, Any]) -> tuple[int, ...]:
    """The ordinals of the cases that an event is about or lists."""
    numbers = [event["case"]] if event.get("case") else event.get("cases", ())
    return tuple(map(ordinal_of, numbers))


def outcome_of(event: Mapping[str, Any]) -> str:
    """How it ended: ``moved`` or ``refused``, a mail's status, a letter's state; ``done`` for everything else."""
    match event["kind"]:
        case "move":
            return "moved"
        case "refusal":
            return "refused"
        case "intake":
            return str(event["status"])
        case "letter":
            return str(event["to"])
    return "done"


def _within(moment: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or moment >= since) and (until is None or moment < until)


def _query(
    connection: Connection, plain: Mapping[str, Any], case_id: int | None, actor: str | None
) -> tuple[TextClause, dict[str, bytes]]:
    parts = [encode({name: value})[1:-1] for name, value in plain.items()]
    if case_id is not None:
        parts.append(f'-{case_id:04d}"'.encode())
    if actor is not None:
        parts.append(encode({"account": actor})[1:-1])
    values = {f"part{position}": part for position, part in enumerate(parts)}
    holds = _HOLDS[connection.dialect.name]
    condition = " AND ".join(holds.format(name) for name in values) or "1 = 1"
    return text(f"SELECT leaf FROM events WHERE {condition} ORDER BY seq"), values  # noqa: S608
