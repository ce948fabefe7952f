"""A letter as the outbox keeps it: the rendered bytes, and what became of them."""

from sqlalchemy import JSON, CheckConstraint, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

STATES = ("queued", "sending", "sent", "failed", "unknown", "cancelled")


class Letter(SQLModel, table=True):
    """One letter to one recipient of one batch; ``cases`` lists every case it speaks of.

    message: the RFC 5322 bytes that go out, the same at every try. Moments are RFC 3339 text in UTC.
    """

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("batch_id", "recipient", "kind", name="letter_once"),
        CheckConstraint(f"state IN {STATES}", name="letter_state"),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="letter_sent"),
        Index("letter_by_state", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batches.id")
    recipient: str
    kind: str
    address: str
    subject: str
    message_id: str = Field(unique=True)
    message: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sha256: str
    cases: list[str] = Field(sa_column=Column(JSON, nullable=False))
    state: str = "queued"
    attempts: int = 0
    answer: str = ""
    queued_at: str
    sent_at: str | None = None
