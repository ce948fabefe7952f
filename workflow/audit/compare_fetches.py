"""The mails said to have been looked at on servers against the events that tell of them."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from workflow.audit.problem import Problem
from workflow.audit.rows import differ, missing, read_rows
from workflow.audit.state import State

_FETCHES = "SELECT mailbox, uidvalidity, uid, sha256 FROM fetches ORDER BY mailbox, uidvalidity, uid"


def _compare_fetches(connection: Connection, state: State) -> Iterator[Problem]:
    seen = set()
    for mailbox, uidvalidity, uid, sha256 in read_rows(connection, _FETCHES):
        where = f"fetches/{mailbox}/{uidvalidity}/{uid}"
        fetch = state.fetches.get((mailbox, uidvalidity, uid))
        if fetch is None:
            yield Problem(where, "row-without-event", None)
            continue
        seen.add((mailbox, uidvalidity, uid))
        yield from differ(where, fetch.since, ("sha256",), (sha256,), (fetch.sha256,))
    gone = {"/".join(map(str, key)): fetch.since for key, fetch in state.fetches.items() if key not in seen}
    yield from missing("fetches", gone, set())


COMPARISONS: tuple[Callable[[Connection, State], Iterator[Problem]], ...] = (_compare_fetches,)
