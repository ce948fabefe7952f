"""What the clock did: every deadline that fired or was passed over, once; and when each machine last looked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from workflow.store.columns import Moment

OUTCOMES = ("fired", "skipped")


class Firing(SQLModel, table=True):
    """A deadline dealt with, in the transaction of its batch.

    due: the moment it fell due. at: the moment it was dealt with. why: for a skipped one the code of its reason.
    """

    __tablename__ = "firings"
    __table_args__ = (
        UniqueConstraint("edition", "deadline", "due", name="firing_once"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="firing_outcome"),
        CheckConstraint("(outcome = 'skipped') = (why <> '')", name="firing_why"),
    )

    batch_id: int = Field(primary_key=True, foreign_key="batches.id", sa_column_kwargs={"autoincrement": False})
    edition: str
    deadline: str
    due: datetime = Field(sa_column=Column(Moment, nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    outcome: str
    why: str


class Heartbeat(SQLModel, table=True):
    """When the clock of a machine last looked, and what it then saw ahead. It decides nothing."""

    __tablename__ = "heartbeats"

    machine: str = Field(primary_key=True)
    account: str
    program: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    next_due: datetime | None = Field(default=None, sa_column=Column(Moment))
