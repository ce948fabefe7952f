"""Opening SQLite and PostgreSQL so that both keep the same promises."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from workflow.errors import DatabaseBusy, DatabaseDamaged, DatabaseUnreachable, DatabaseUnusable

BUSY_SECONDS = 30
_DAMAGED = ("malformed", "disk I/O error")


def open_engine(url: str, read_only: bool = False) -> Engine:
    """An engine for ``sqlite:///FILE`` or ``postgresql://…``; nothing is connected yet.

    read_only: a SQLite file is opened so that nothing can be written; on PostgreSQL that is for the role's rights.
    Raises DatabaseUnusable for any other URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUnusable(url=url) from None
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(parsed)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        return _open_sqlite(parsed, read_only)
    raise DatabaseUnusable(url=parsed.render_as_string(hide_password=True))


def _open_postgresql(url: URL) -> Engine:
    options = f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s"
    return create_engine(url.set(drivername="postgresql+psycopg"), connect_args={"options": options})


def _open_sqlite(url: URL, read_only: bool) -> Engine:
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        poolclass=NullPool,
        connect_args={"timeout": BUSY_SECONDS},
        **({"creator": lambda: _connect_reading(url)} if read_only else {}),
    )

    @event.listens_for(engine, "connect")
    def keep_promises(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _connect_reading(url: URL) -> sqlite3.Connection:
    file = Path(url.database or "").absolute().as_uri()
    return sqlite3.connect(f"{file}?mode=ro", uri=True, timeout=BUSY_SECONDS, check_same_thread=False)


def writable(engine: Engine) -> Engine:
    """Another engine on the same database, that writes whatever this one may do."""
    return open_engine(engine.url.render_as_string(hide_password=False))


def show_url(engine: Engine) -> str:
    """The database's URL as people write it, without its password."""
    return engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=True)


def sqlite_file(engine: Engine) -> Path | None:
    """Where the SQLite database lies; None for a server's."""
    if engine.dialect.name != "sqlite":
        return None
    return Path(engine.url.database or "").absolute()


@contextmanager
def translate_failures(engine: Engine) -> Iterator[None]:
    """Turn what the drivers say of a lock held too long, or of a server that is away, into a sentence."""
    try:
        yield
    except DBAPIError as failure:
        said = str(failure.orig)
        where = show_url(engine)
        if "database is locked" in said or getattr(failure.orig, "sqlstate", None) == "55P03":
            raise DatabaseBusy(seconds=BUSY_SECONDS) from failure
        if "file is not a database" in said:
            raise DatabaseUnusable(url=where) from failure
        if any(words in said for words in _DAMAGED):
            raise DatabaseDamaged(url=where, said=said) from failure
        if isinstance(failure, OperationalError) and (failure.connection_invalidated or _never_connected(failure)):
            raise DatabaseUnreachable(url=where, said=said.strip().splitlines()[0] if said.strip() else "") from failure
        raise
    except sqlite3.DatabaseError as failure:
        raise DatabaseDamaged(url=show_url(engine), said=str(failure)) from failure


def _never_connected(failure: OperationalError) -> bool:
    return failure.statement is None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection inside one read transaction: everything read through it stood at one moment."""
    with translate_failures(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def founding(engine: Engine) -> Iterator[Connection]:
    """A connection inside a write transaction that does not need the tables to be there; one at a time."""
    with translate_failures(engine), engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('anli'))"))
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection inside the one write transaction the campaign allows at a time; leaving it by an error undoes all.

    SQLite locks the file, PostgreSQL the campaign's row; who comes second waits up to BUSY_SECONDS.
    Raises DatabaseBusy after that.
    """
    with translate_failures(engine), engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT id FROM campaign FOR UPDATE"))
        yield connection
