"""Triggers that refuse what must never be done to a table, made by a migration."""

from collections.abc import Sequence

from alembic import op

from workflow.store.protection import FUNCTION, only_erasing, refusing


def protect(table: str, key: Sequence[str], *actions: str) -> None:
    """Let the database itself refuse ``actions`` (UPDATE, DELETE) on ``table``, as ``refusing`` says."""
    dialect = op.get_bind().dialect.name
    if dialect != "sqlite" and actions:
        op.execute(FUNCTION)
    for guard in refusing(dialect, table, key, *actions):
        op.execute(guard.statement)


def allow_erasing(table: str, key: str, *fields: str) -> None:
    """Let an UPDATE of ``table`` do nothing but set fields to NULL, each together with its salt."""
    for guard in only_erasing(op.get_bind().dialect.name, table, key, *fields):
        op.execute(guard.statement)
