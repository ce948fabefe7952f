"""What the clock did against the events that recorded it."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from workflow.audit.problem import Problem
from workflow.audit.rows import differ, missing, read_rows
from workflow.audit.state import State

_FIRINGS = "SELECT edition, deadline, due, batch_id, at, outcome, why FROM firings ORDER BY batch_id"
_COLUMNS = ("batch_id", "at", "outcome", "why")


def _compare_firings(connection: Connection, state: State) -> Iterator[Problem]:
    seen = set()
    for edition, deadline, due, *row in read_rows(connection, _FIRINGS):
        where = f"firings/{deadline}/{due}"
        firing = state.firings.get((edition, deadline, due))
        if firing is None:
            yield Problem(where, "row-without-event", None)
            continue
        seen.add((edition, deadline, due))
        yield from differ(where, firing.since, _COLUMNS, row, firing[:-1])
    gone = {f"{key[1]}/{key[2]}": firing.since for key, firing in state.firings.items() if key not in seen}
    yield from missing("firings", gone, set())


COMPARISONS: tuple[Callable[[Connection, State], Iterator[Problem]], ...] = (_compare_firings,)
