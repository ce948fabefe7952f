"""What the clock did against the events that recorded it."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from workflow.audit.check.problem import Problem
from workflow.audit.check.rows import compare_rows
from workflow.audit.rows import read_rows
from workflow.audit.state import State

_FIRINGS = "SELECT edition, deadline, due, batch_id, at, outcome, why FROM firings ORDER BY batch_id"
_COLUMNS = ("batch_id", "at", "outcome", "why")


def _compare_firings(connection: Connection, state: State) -> Iterator[Problem]:
    rows = read_rows(connection, _FIRINGS)
    return compare_rows("firings", rows, state.firings, _COLUMNS, lambda told: told[:-1], _name)


def _name(key: tuple[str, str, str]) -> str:
    _, deadline, due = key
    return f"{deadline}/{due}"


COMPARISONS: tuple[Callable[[Connection, State], Iterator[Problem]], ...] = (_compare_firings,)
