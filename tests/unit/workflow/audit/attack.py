"""What an attacker with full write access does, and what verification then says."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from workflow.audit.check.problem import Problem
from workflow.audit.check.recompute import RecomputedTree
from workflow.audit.check.verify import verify
from workflow.audit.tlog.canonical import decode, leaf_hash
from workflow.engine.campaign import Campaign
from workflow.store.protection import find_guards, guards_of

CASE = "cases/2024-0002"


def run(connection: Connection, statement: str, **values: Any) -> Any:
    result = connection.execute(text(statement), values)
    assert result.returns_rows or result.rowcount > 0
    return result


def verified(campaign: Campaign, connection: Connection) -> list[Problem]:
    rebuild_nodes(connection)
    with guarded(connection):
        verification = verify(connection, campaign.originals)
    assert verification.ok == (not verification.problems)
    return verification.problems


@contextmanager
def guarded(connection: Connection) -> Iterator[None]:
    """The triggers are there again, as after an attack that leaves no trace of itself."""
    there = find_guards(connection)
    missing = [guard for guard in guards_of(connection.dialect.name) if guard.name not in there]
    for guard in missing:
        connection.exec_driver_sql(guard.statement)
    yield
    for guard in missing:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.name}")


def rebuild_nodes(connection: Connection) -> None:
    """Bring the kept nodes into line with the leaves as they are: nobody needs a key for that."""
    tree = RecomputedTree()
    for leaf in connection.execute(text("SELECT leaf FROM events ORDER BY seq")).scalars():
        tree.append(leaf_hash(leaf if isinstance(leaf, bytes) else b""))
    connection.execute(text("DELETE FROM nodes"))
    rows = [
        {"level": above + 1, "place": place, "hash": node}
        for above, level in enumerate(tree.nodes)
        for place, node in enumerate(level)
    ]
    if rows:
        connection.execute(text("INSERT INTO nodes (level, place, hash) VALUES (:level, :place, :hash)"), rows)


def named(problems: list[Problem]) -> set[tuple[str, str, Any]]:
    return {(problem.where, problem.what, problem.values.get("column")) for problem in problems}


def last_event_about(connection: Connection, number: int) -> int:
    return int(run(connection, "SELECT max(seq) FROM events WHERE case_id = :case", case=number).scalar())


def read_event(connection: Connection, condition: str) -> tuple[int, dict[str, Any]]:
    row = run(connection, f"SELECT seq, leaf FROM events WHERE {condition} ORDER BY seq DESC LIMIT 1").one()
    return row.seq, decode(bytes(row.leaf))


def write_event(connection: Connection, seq: int, leaf: bytes) -> None:
    """Put other bytes in an event's place, with the hash that fits them."""
    statement = "UPDATE events SET leaf = :leaf, leaf_hash = :hash WHERE seq = :seq"
    run(connection, statement, leaf=leaf, hash=leaf_hash(leaf), seq=seq)
