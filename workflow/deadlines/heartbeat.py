"""When each machine's clock last looked: written by every tick, read by the doctor."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, text
from sqlmodel import col

from workflow import clock
from workflow.audit.actor import identify
from workflow.engine.campaign import Campaign
from workflow.store import Heartbeat

_BEAT = text(
    "INSERT INTO heartbeats (machine, account, program, at, next_due) "
    "VALUES (:machine, :account, :program, :at, :next_due) ON CONFLICT (machine) DO UPDATE "
    "SET account = excluded.account, program = excluded.program, at = excluded.at, next_due = excluded.next_due"
)


class Pulse(NamedTuple):
    """One machine's clock: when it last looked, and when something falls due next."""

    machine: str
    account: str
    program: str
    at: datetime
    next_due: datetime | None


def beat(campaign: Campaign, next_due: datetime | None) -> None:
    """Note that this machine's clock has just dealt with all that was due."""
    with campaign.writing() as (campaign, connection):
        actor = identify(connection)
        row = {
            "machine": actor.machine,
            "account": actor.account,
            "program": actor.program,
            "at": clock.write(campaign.now),
            "next_due": clock.write(next_due) if next_due else None,
        }
        connection.execute(_BEAT, row)


def heartbeats(campaign: Campaign) -> list[Pulse]:
    """Every machine's clock, the latest first."""
    columns = (Heartbeat.machine, Heartbeat.account, Heartbeat.program, Heartbeat.at, Heartbeat.next_due)
    query = select(*map(col, columns)).order_by(col(Heartbeat.at).desc(), col(Heartbeat.machine))
    with campaign.reading() as connection:
        return [Pulse(**row) for row in connection.execute(query).mappings()]
