"""The mails said to have been looked at on servers against the events that tell of them."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from workflow.audit.check.problem import Problem
from workflow.audit.check.rows import compare_rows
from workflow.audit.rows import read_rows
from workflow.audit.state import State

_FETCHES = "SELECT mailbox, uidvalidity, uid, sha256 FROM fetches ORDER BY mailbox, uidvalidity, uid"


def _compare_fetches(connection: Connection, state: State) -> Iterator[Problem]:
    rows = read_rows(connection, _FETCHES)
    return compare_rows("fetches", rows, state.fetches, ("sha256",), lambda told: (told.sha256,), _name)


def _name(key: tuple[str, int, int]) -> str:
    return "/".join(map(str, key))


COMPARISONS: tuple[Callable[[Connection, State], Iterator[Problem]], ...] = (_compare_fetches,)
