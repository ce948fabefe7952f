"""The history: what happened, as the exact bytes that were hashed. Triggers refuse every change to it."""

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field, SQLModel


class Event(SQLModel, table=True):
    """One event. ``leaf`` is canonical JSON (RFC 8785), ``leaf_hash`` SHA-256(0x00 ‖ leaf) (RFC 9162, 2.1.1).

    The other columns repeat what the leaf says, for filtering; the leaf alone counts.
    """

    __tablename__ = "events"
    __table_args__ = (Index("event_case", "case_id"), Index("event_batch", "batch_id", "kind"))

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    leaf: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    leaf_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kind: str
    batch_id: int | None = Field(default=None, foreign_key="batches.id")
    case_id: int | None = None
