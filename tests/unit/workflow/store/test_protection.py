"""What the database itself refuses to whoever holds no more than its ordinary rights."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.builders.campaigns import Draft, add_drafts, found_rehearsal
from workflow.engine.campaign import Campaign

KEPT = ("events", "forms", "originals", "edition_versions", "cases", "batches")
NEVER_ALTERED = ("events", "forms", "originals", "edition_versions")


@pytest.fixture
def campaign(database_url: str, tmp_path: Path) -> Iterator[Campaign]:
    campaign = found_rehearsal(database_url, tmp_path)
    for unit in ("武汉市", "孝感市"):
        add_drafts(campaign, [Draft(unit, f"{unit}的案例")])
    yield campaign
    campaign.engine.dispose()


def rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    return {name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in KEPT}


def refused(campaign: Campaign, statement: str) -> str:
    """What the database says; whatever it was asked, nothing may have changed."""
    with campaign.reading() as connection:
        before = rows(connection)
    assert all(before.values())
    with pytest.raises(DBAPIError) as raised, campaign.engine.connect() as connection, connection.begin():
        connection.execute(text(statement))
    with campaign.reading() as connection:
        assert rows(connection) == before
    return str(raised.value.orig)


@pytest.mark.parametrize("table", KEPT)
def test_no_row_is_deleted(campaign: Campaign, table: str) -> None:
    assert f"no delete on {table}" in refused(campaign, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", NEVER_ALTERED)
def test_no_row_is_altered(campaign: Campaign, table: str) -> None:
    column = {"events": "kind", "edition_versions": "name"}.get(table, "filename")
    assert f"no update on {table}" in refused(campaign, f"UPDATE {table} SET {column} = 'x'")


@pytest.mark.parametrize("table", KEPT)
def test_no_row_is_put_in_the_place_of_another(campaign: Campaign, table: str) -> None:
    if campaign.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has INSERT OR REPLACE")
    for statement in (
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        f"REPLACE INTO {table} SELECT * FROM {table}",
    ):
        assert f"no replace on {table}" in refused(campaign, statement)


@pytest.mark.parametrize("table", ["cases", "batches"])
def test_no_row_takes_the_key_of_another(campaign: Campaign, table: str) -> None:
    if campaign.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has UPDATE OR REPLACE")
    assert f"no renaming on {table}" in refused(campaign, f"UPDATE OR REPLACE {table} SET id = 1 WHERE id = 2")


def test_what_is_kept_cannot_be_emptied(campaign: Campaign) -> None:
    if campaign.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    for table in KEPT:
        assert "no truncate on" in refused(campaign, f"TRUNCATE {table} CASCADE")
