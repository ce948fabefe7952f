"""A copy of a campaign's database to try things on, gone afterwards; the original is only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Table, insert, select, update
from sqlmodel import SQLModel

from workflow.engine.campaign import Campaign
from workflow.store import Campaign as CampaignRow
from workflow.store import schema
from workflow.store.database import open_engine

AT_ONCE = 2_000


@contextmanager
def replicate(campaign: Campaign) -> Iterator[Campaign]:
    """The campaign as it stands at one moment, as a rehearsal on a SQLite file of its own."""
    with TemporaryDirectory(prefix="anli-") as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'replica.db'}")
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            schema.upgrade(connection)
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            with campaign.reading() as reader:
                for table in SQLModel.metadata.sorted_tables:
                    _copy(reader, connection, table)
            connection.execute(update(CampaignRow).values(rehearsal=True))
        try:
            yield replace(campaign, engine=engine, rehearsal=True, key_file=None, follows_clock=False)
        finally:
            engine.dispose()


def _copy(reader: Connection, connection: Connection, table: Table) -> None:
    rows = reader.execute(select(table), execution_options={"yield_per": AT_ONCE})
    for some in rows.mappings().partitions():
        connection.execute(insert(table), [dict(row) for row in some])
