"""The one clock of a campaign that several machines work on."""

from datetime import UTC, datetime

from sqlalchemy import Connection, text

from workflow import clock

_SERVER = text("SELECT clock_timestamp()")


def now(connection: Connection) -> datetime:
    """What time it is, aware, in UTC: by the server's clock on PostgreSQL, by this machine's on SQLite."""
    if connection.dialect.name != "postgresql":
        return clock.now()
    moment: datetime = connection.execute(_SERVER).scalar_one()
    return moment.astimezone(UTC)
