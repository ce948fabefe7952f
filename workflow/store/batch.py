"""A batch: one command, one transaction, and the rule book that decided it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Field, SQLModel

from workflow.store.columns import Moment


class Batch(SQLModel, table=True):
    """One transaction's worth of decisions. ``asked`` is always ``moved + refused``."""

    __tablename__ = "batches"
    __table_args__ = (CheckConstraint("asked = moved + refused", name="batch_adds_up"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    trigger: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    account: str
    role: str
    edition_sha256: str = Field(foreign_key="edition_versions.sha256")
    why: str | None = None
    undoes: int | None = Field(default=None, foreign_key="batches.id", index=True)
    asked: int
    moved: int
    refused: int
