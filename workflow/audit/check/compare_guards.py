"""The triggers that the database has against those that it was made with."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from workflow.audit.check.problem import Problem
from workflow.audit.state import State
from workflow.store.protection import find_guards, guards_of


def _compare_guards(connection: Connection, _state: State) -> Iterator[Problem]:
    """Every trigger that is gone, that is another, or that somebody added."""
    found = find_guards(connection)
    made = {guard.name: guard.told for guard in guards_of(connection.dialect.name)}
    for name in sorted({*found, *made}):
        if name not in found:
            yield Problem(f"triggers/{name}", "trigger-missing", None, {"name": name})
        elif name not in made:
            yield Problem(f"triggers/{name}", "trigger-unknown", None, {"name": name})
        elif found[name] != made[name]:
            yield Problem(f"triggers/{name}", "trigger-altered", None, {"name": name})


COMPARISONS: tuple[Callable[[Connection, State], Iterator[Problem]], ...] = (_compare_guards,)
