"""The lived campaign, once on each database: tests read it, or tamper with it in a transaction that is rolled back."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.unit.workflow.audit.lived import live
from workflow.engine.campaign import Campaign


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def lived_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'anli.db'}"
        return
    url = make_url(request.getfixturevalue("postgresql_server"))
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"anli_{uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="package")
def lived(lived_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    folder: Path = tmp_path_factory.mktemp("lived")
    campaign = live(lived_url, folder)
    yield campaign
    campaign.engine.dispose()
