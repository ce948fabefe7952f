"""A copy of a campaign's database to try things on, gone afterwards; the original is only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import update

from workflow.engine.campaign import Campaign
from workflow.store import Campaign as CampaignRow
from workflow.store import schema
from workflow.store.database import open_engine
from workflow.store.scratch import scratch_folder
from workflow.store.transfer import copy_rows


@contextmanager
def replicate(campaign: Campaign) -> Iterator[Campaign]:
    """The campaign as it stands at one moment, as a rehearsal on a SQLite file of its own."""
    with scratch_folder() as folder:
        engine = open_engine(f"sqlite:///{folder / 'replica.db'}")
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            schema.upgrade(connection)
            with campaign.reading() as reader:
                copy_rows(reader, connection)
            connection.execute(update(CampaignRow).values(rehearsal=True))
        try:
            yield replace(campaign, engine=engine, rehearsal=True, key_file=None, follows_clock=False)
        finally:
            engine.dispose()
