"""Copying every row of one database into another of the same shape, whichever kinds they are."""

import sqlalchemy as sa
from sqlalchemy import Connection, Table, TableClause, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

AT_ONCE = 2_000
_REFERENCES = text(
    "SELECT conrelid::regclass::text AS holder, quote_ident(conname) AS name FROM pg_constraint c JOIN pg_namespace n "
    "ON n.oid = c.connamespace WHERE contype = 'f' AND nspname = current_schema()"
)


def copy_rows(source: Connection, target: Connection) -> None:
    """Fill the empty tables of ``target`` with what stands in ``source``, each inside a transaction of its own.

    Tables refer to each other in a circle, so that references are held only once all is there.
    """
    if target.dialect.name == "sqlite":
        target.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    else:
        _alter_references(target, "DEFERRABLE INITIALLY DEFERRED")
    for table in SQLModel.metadata.sorted_tables:
        _copy(source, target, _plain(table))
    if target.dialect.name != "sqlite":
        target.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        _alter_references(target, "NOT DEFERRABLE")
        _count_on(target)


def _copy(source: Connection, target: Connection, table: TableClause) -> None:
    rows = source.execute(sa.select(table), execution_options={"yield_per": AT_ONCE})
    for some in rows.mappings().partitions():
        target.execute(sa.insert(table), [dict(row) for row in some])


def _plain(table: Table) -> TableClause:
    """The table with its columns as they are kept, whatever the program makes of them."""
    kept = (
        (each.name, each.type.impl if isinstance(each.type, TypeDecorator) else each.type) for each in table.columns
    )
    return sa.table(table.name, *(sa.column(name, kind) for name, kind in kept))


def _alter_references(target: Connection, how: str) -> None:
    for reference in target.execute(_REFERENCES).all():
        target.execute(text(f"ALTER TABLE {reference.holder} ALTER CONSTRAINT {reference.name} {how}"))


def _count_on(target: Connection) -> None:
    """Let PostgreSQL number new rows after those that came."""
    for table in SQLModel.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = f"SELECT max({column.name}) FROM {table.name}"  # noqa: S608
            target.execute(
                text(f"SELECT setval(pg_get_serial_sequence(:table, :column), ({last}))"),
                {"table": table.name, "column": column.name},
            )
