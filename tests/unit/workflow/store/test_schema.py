"""The migrations make what the models say, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel

import workflow.store
from workflow.engine.campaign import DatabaseMissing
from workflow.store import schema
from workflow.store.database import founding, open_engine, reading
from workflow.store.schema import DatabaseOutdated


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(workflow.store.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_migrations_make_the_models(database_url: str) -> None:
    engine = open_engine(database_url)
    with founding(engine) as connection:
        assert not schema.has_tables(connection)
        schema.upgrade(connection)
        assert schema.has_tables(connection)
        schema.check(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_the_checks_are_the_models_too(database_url: str) -> None:
    engine = open_engine(database_url)
    with founding(engine) as connection:
        schema.upgrade(connection)
        inspector = inspect(connection)
        for table in SQLModel.metadata.sorted_tables:
            told = {str(c.name) for c in table.constraints if c.name and type(c).__name__ == "CheckConstraint"}
            assert {c["name"] for c in inspector.get_check_constraints(table.name)} == told
    engine.dispose()


def test_the_checks_say_what_the_models_say(database_url: str) -> None:
    """As the database writes them down, since PostgreSQL puts them into words of its own."""
    engine = open_engine(database_url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin() as transaction:
        SQLModel.metadata.create_all(connection)
        wanted = read_checks(connection)
        transaction.rollback()
    with founding(engine) as connection:
        assert inspect(connection).get_table_names() == []
        schema.upgrade(connection)
        assert read_checks(connection) == wanted
    engine.dispose()
    assert wanted.keys() >= {("cases", "case_state"), ("cases", "case_scored")}


def read_checks(connection: Connection) -> dict[tuple[str, str | None], str]:
    """The text of every CHECK, by its table and name."""
    inspector = inspect(connection)
    tables = [table.name for table in SQLModel.metadata.sorted_tables]
    return {(name, each["name"]): each["sqltext"] for name in tables for each in inspector.get_check_constraints(name)}


def _upgrade_and_fail(connection: Connection) -> None:
    schema.upgrade(connection)
    raise DatabaseMissing(url="")


def test_half_an_upgrade_is_none(database_url: str) -> None:
    engine = open_engine(database_url)
    with pytest.raises(DatabaseMissing), founding(engine) as connection:
        _upgrade_and_fail(connection)
    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()


def test_an_upgrade_of_what_is_current_changes_nothing(database_url: str) -> None:
    engine = open_engine(database_url)
    with founding(engine) as connection:
        schema.upgrade(connection)
        schema.upgrade(connection)
        schema.check(connection)
        connection.execute(text("UPDATE alembic_version SET version_num = 'other'"))
        with pytest.raises(DatabaseOutdated) as told:
            schema.check(connection)
    assert told.value.values == {"found": "other", "wanted": schema.HEAD}
    engine.dispose()
