"""Signed heads of the tree over the history, as they were handed out."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from workflow.store.columns import Moment


class Checkpoint(SQLModel, table=True):
    """A signed note (C2SP tlog-checkpoint) over the first ``size`` events, byte for byte; ``at``: when it was made."""

    __tablename__ = "checkpoints"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    note: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
