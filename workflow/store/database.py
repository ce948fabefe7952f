"""Opening SQLite and PostgreSQL so that both keep the same promises."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from workflow.store import failures
from workflow.store.address import parse_url
from workflow.store.onlooker import Onlooker

BUSY_SECONDS = 30
_SECONDS_BETWEEN = 0.05
_PROMISES = ("synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF")


def open_engine(url: str, read_only: bool = False) -> Engine:
    """An engine for ``sqlite:///FILE`` or ``postgresql://…``; nothing is connected yet.

    read_only: nothing can be written to a SQLite file, nor need this account have the right to; on PostgreSQL that is
    for the role's rights. Raises DatabaseUnusable for any other URL.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(parsed)
    return _open_for_reading(parsed) if read_only else _open_for_writing(parsed)


def _open_postgresql(url: URL) -> Engine:
    options = f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s"
    return create_engine(url.set(drivername="postgresql+psycopg"), connect_args={"options": options})


def _open_for_writing(url: URL) -> Engine:
    engine = _open_sqlite(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def keep_promises(connection: Any, _record: object) -> None:
        _log_ahead(connection)
        _keep_promises(connection)

    return engine


def _open_for_reading(url: URL) -> Engine:
    onlooker = Onlooker(Path(url.database or "").absolute(), BUSY_SECONDS)
    engine = _open_sqlite(url, creator=onlooker.connect)

    @event.listens_for(engine, "connect")
    def keep_promises(connection: Any, record: Any) -> None:
        record.info[Onlooker] = onlooker
        _keep_promises(connection)

    @event.listens_for(engine, "engine_disposed")
    def leave(_engine: Engine) -> None:
        onlooker.leave()

    return engine


def _open_sqlite(url: URL, **options: Any) -> Engine:
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), poolclass=NullPool, **options)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _keep_promises(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None
    for pragma in _PROMISES:
        connection.execute(f"PRAGMA {pragma}").close()


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Let readers and the one writer not wait for each other (WAL); the file remembers it.

    The switch itself does not wait where somebody else is at the file, so it is tried as long as a lock is waited for.
    """
    tries_left = round(BUSY_SECONDS / _SECONDS_BETWEEN)
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as failure:
            tries_left -= 1
            if failure.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or not tries_left:
                raise
            sleep(_SECONDS_BETWEEN)
        else:
            return


def writable(engine: Engine) -> Engine:
    """Another engine on the same database, that writes whatever this one may do."""
    return open_engine(engine.url.render_as_string(hide_password=False))


@contextmanager
def translate_failures(engine: Engine) -> Iterator[None]:
    """See failures.translate; a lock is waited for up to BUSY_SECONDS."""
    with failures.translate(engine, BUSY_SECONDS):
        yield


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection inside one read transaction: everything read through it stood at one moment.

    Raises DatabaseMoving where that cannot be said of it; see Onlooker.
    """
    with translate_failures(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection
        if (onlooker := connection.info.get(Onlooker)) is not None:
            onlooker.confirm()


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
