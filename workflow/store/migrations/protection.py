"""Triggers that refuse what must never be done to a table."""

from collections.abc import Sequence

from alembic import op


def protect(table: str, key: Sequence[str], *actions: str) -> None:
    """Let the database itself refuse ``actions`` (UPDATE, DELETE) on ``table``; on PostgreSQL TRUNCATE with DELETE.

    SQLite's INSERT OR REPLACE and UPDATE OR REPLACE remove a row of the same ``key`` without asking the triggers that
    refuse a DELETE, so that there a taken key is refused of itself.
    """
    if op.get_bind().dialect.name == "sqlite":
        for action in actions:
            op.execute(_refusal(table, f"no_{action.lower()}", action, f"no {action.lower()} on {table}"))
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{part} = NEW.{part}' for part in key)})"  # noqa: S608
        suffix = "_".join(key)
        op.execute(_refusal(table, f"no_replace_{suffix}", "INSERT", f"no replace on {table}", taken))
        if "UPDATE" not in actions:
            moved = " OR ".join(f"NEW.{part} IS NOT OLD.{part}" for part in key)
            where = f"UPDATE OF {', '.join(key)}"
            op.execute(_refusal(table, f"no_renaming_{suffix}", where, f"no renaming on {table}", moved))
        return
    if not actions:
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


def allow_erasing(table: str, key: str, *fields: str) -> None:
    """Let an UPDATE of ``table`` do nothing but set fields to NULL, each together with its salt."""
    same = "IS" if op.get_bind().dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    kept = " AND ".join(
        [
            f"NEW.{key} = OLD.{key}",
            *(
                f"((NEW.{name} {same} OLD.{name} AND NEW.{name}_salt {same} OLD.{name}_salt) "
                f"OR (NEW.{name} IS NULL AND NEW.{name}_salt IS NULL))"
                for name in fields
            ),
        ]
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_refusal(table, "only_erased", "UPDATE", f"no update on {table}", f"NOT ({kept})"))
        return
    op.execute(
        f"CREATE TRIGGER {table}_only_erased BEFORE UPDATE ON {table} "
        f"FOR EACH ROW WHEN (NOT ({kept})) EXECUTE FUNCTION refuse_change()"
    )


def _refusal(table: str, name: str, action: str, sentence: str, condition: str | None = None) -> str:
    when = f"WHEN {condition} " if condition else ""
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {action} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )
