"""Triggers that refuse what must never be done to a table: what they are, and which of them a database has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from workflow.store.personal import FIELDS

FUNCTION_BODY = " BEGIN RAISE EXCEPTION 'no % on %', lower(TG_OP), TG_TABLE_NAME; END "
FUNCTION = f"CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${FUNCTION_BODY}$$"
_BITS = {"ROW": 1, "BEFORE": 2, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
"""How PostgreSQL writes down what a trigger answers to (pg_trigger.tgtype)."""

_ON_SQLITE = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
_ON_POSTGRESQL = text(
    "SELECT tgname, relname, tgtype, tgqual IS NOT NULL AS asks, tgenabled::text AS enabled, prosrc FROM pg_trigger "
    "JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE NOT tgisinternal AND relnamespace = "
    "(SELECT relnamespace FROM pg_class WHERE oid = to_regclass('events'))"
)
_RULES = text(
    "SELECT rulename FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class WHERE relkind IN ('r', 'p') "
    "AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('events'))"
)


class Guard(NamedTuple):
    """A trigger. statement: makes it. told: what the database tells of it, apart from its name."""

    name: str
    statement: str
    told: tuple[object, ...]


def refusing(dialect: str, table: str, key: Sequence[str], *actions: str) -> Iterator[Guard]:
    """What lets the database itself refuse ``actions`` (UPDATE, DELETE) on ``table``; on PostgreSQL TRUNCATE with
    DELETE.

    SQLite's INSERT OR REPLACE and UPDATE OR REPLACE remove a row of the same ``key`` without asking the triggers that
    refuse a DELETE, so that there a taken key is refused of itself.
    """
    if dialect == "sqlite":
        for action in actions:
            yield _refusal(table, f"no_{action.lower()}", action, f"no {action.lower()} on {table}")
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{part} = NEW.{part}' for part in key)})"  # noqa: S608
        suffix = "_".join(key)
        yield _refusal(table, f"no_replace_{suffix}", "INSERT", f"no replace on {table}", taken)
        if "UPDATE" not in actions:
            moved = " OR ".join(f"NEW.{part} IS NOT OLD.{part}" for part in key)
            where = f"UPDATE OF {', '.join(key)}"
            yield _refusal(table, f"no_renaming_{suffix}", where, f"no renaming on {table}", moved)
        return
    if actions:
        yield _kept(f"{table}_kept", table, actions, "FOR EACH ROW ", "ROW")
    if "DELETE" in actions:
        yield _kept(f"{table}_not_emptied", table, ("TRUNCATE",))


def only_erasing(dialect: str, table: str, key: str, *fields: str) -> Iterator[Guard]:
    """What lets an UPDATE of ``table`` do nothing but set fields to NULL, each together with its salt."""
    same = "IS" if dialect == "sqlite" else "IS NOT DISTINCT FROM"
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
    if dialect == "sqlite":
        yield _refusal(table, "only_erased", "UPDATE", f"no update on {table}", f"NOT ({kept})")
    else:
        yield _kept(f"{table}_only_erased", table, ("UPDATE",), f"FOR EACH ROW WHEN (NOT ({kept})) ", "ROW", asks=True)


def guards_of(dialect: str) -> Iterator[Guard]:
    """All that a database of HEAD has."""
    for table, key, *actions in _KEPT:
        yield from refusing(dialect, table, key.split(), *actions)
    yield from only_erasing(dialect, "personal", "form_id", *FIELDS)


def find_guards(connection: Connection) -> Mapping[str, tuple[object, ...]]:
    """The triggers, and PostgreSQL's rules, that the database has: by name what it tells of them."""
    if connection.dialect.name == "sqlite":
        return {row.name: (row.sql,) for row in connection.execute(_ON_SQLITE)}
    found = {
        row.tgname: (row.relname, row.tgtype, row.asks, row.enabled, row.prosrc)
        for row in connection.execute(_ON_POSTGRESQL)
    }
    return {**found, **dict.fromkeys(connection.execute(_RULES).scalars(), ())}


_ALL = ("UPDATE", "DELETE")
_KEPT = (
    ("events", "seq", *_ALL),
    ("nodes", "level place", *_ALL),
    ("checkpoints", "size", *_ALL),
    ("edition_versions", "sha256", *_ALL),
    ("forms", "id", *_ALL),
    ("originals", "id", *_ALL),
    ("fetches", "mailbox uidvalidity uid", *_ALL),
    ("personal", "form_id", "DELETE"),
    ("cases", "id", "DELETE"),
    ("batches", "id", "DELETE"),
    ("firings", "batch_id", *_ALL),
    ("firings", "edition deadline due"),
)
"""Tables by the key of their rows, and what is refused on them."""


def _kept(name: str, table: str, actions: Sequence[str], how: str = "", each: str = "", *, asks: bool = False) -> Guard:
    answers = sum(_BITS[word] for word in ("BEFORE", *actions, *([each] if each else [])))
    when = f"BEFORE {' OR '.join(actions)} ON {table}"
    statement = f"CREATE TRIGGER {name} {when} {how}EXECUTE FUNCTION refuse_change()"
    return Guard(name, statement, (table, answers, asks, "O", FUNCTION_BODY))


def _refusal(table: str, name: str, action: str, sentence: str, condition: str | None = None) -> Guard:
    when = f"WHEN {condition} " if condition else ""
    statement = (
        f"CREATE TRIGGER {table}_{name} BEFORE {action} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )
    return Guard(f"{table}_{name}", statement, (statement,))
