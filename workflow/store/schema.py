"""Making and upgrading the tables by Alembic's migrations."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from workflow.errors import AnliError

_MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = max(file.name for file in (_MIGRATIONS / "versions").glob("[0-9]*_*.py")).partition("_")[0]
"""The newest migration, to which this program's tables correspond; told by the names of the files, without Alembic."""


class DatabaseOutdated(AnliError):
    """The database has another shape than this program's: values are found, wanted."""

    code = "error.database-outdated"


def upgrade(connection: Connection) -> None:
    """Bring the database to HEAD inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def has_tables(connection: Connection) -> bool:
    return inspect(connection).has_table("alembic_version")


def check(connection: Connection) -> None:
    """Raises DatabaseOutdated where the tables are of another shape than HEAD."""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    if found != HEAD:
        raise DatabaseOutdated(found=found, wanted=HEAD)
