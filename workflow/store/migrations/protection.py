"""Triggers that refuse what must never be done to a table."""

from alembic import op


def protect(table: str, *actions: str) -> None:
    """Let the database itself refuse ``actions`` (UPDATE, DELETE) on ``table``; on PostgreSQL TRUNCATE with DELETE."""
    if op.get_bind().dialect.name == "sqlite":
        for action in actions:
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'no {action.lower()} on {table}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no % on %', lower(TG_OP), TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_kept BEFORE {' OR '.join(actions)} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    if "DELETE" in actions:
        op.execute(f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()")
