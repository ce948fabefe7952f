"""When each machine's clock last looked: written by every tick, read by the doctor."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import col

from workflow.audit.actor import identify
from workflow.engine.campaign import Campaign
from workflow.store import Heartbeat


def beat(campaign: Campaign, next_due: datetime | None) -> None:
    """Note that this machine's clock has just dealt with all that was due."""
    with campaign.writing() as (campaign, connection):
        actor = identify(connection)
        connection.execute(delete(Heartbeat).where(col(Heartbeat.machine) == actor.machine))
        row = {
            "machine": actor.machine,
            "account": actor.account,
            "program": actor.program,
            "at": campaign.now,
            "next_due": next_due,
        }
        connection.execute(insert(Heartbeat), row)


def heartbeats(campaign: Campaign) -> list[Any]:
    """Rows of machine, account, program, at, next_due; the latest first."""
    columns = (Heartbeat.machine, Heartbeat.account, Heartbeat.program, Heartbeat.at, Heartbeat.next_due)
    query = select(*map(col, columns)).order_by(col(Heartbeat.at).desc(), col(Heartbeat.machine))
    with campaign.reading() as connection:
        return list(connection.execute(query))
