"""A letter as the outbox keeps it: the rendered bytes, and what became of them."""

from sqlalchemy import JSON, CheckConstraint, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

STATES = ("queued", "sending", "sent", "failed", "unknown", "cancelled", "bounced")
UNDELIVERED = ("failed", "unknown", "bounced")
"""States of letters that did not arrive for all we know."""


class Letter(SQLModel, table=True):
    """One letter to one recipient of one batch; ``cases`` lists every case it speaks of.

    message: the RFC 5322 bytes that go out, the same at every try. Moments are RFC 3339 text in UTC.
    attempts: how often it was claimed; the sender that claimed it last, and no other, may write down its fate.
    tries: how often it was tried since it was queued, or queued again by a person.
    next_try: before this moment a queued letter rests. leased_until: what its sender has not written down by then
    nobody knows. held_at: since when a queued letter is kept back on a person's word. reported_at: when the organisers
    were told that it may not have arrived.
    """

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("batch_id", "recipient", "kind", name="letter_once"),
        CheckConstraint(f"state IN {STATES}", name="letter_state"),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="letter_sent"),
        CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="letter_leased"),
        CheckConstraint("state = 'queued' OR next_try IS NULL", name="letter_rests"),
        CheckConstraint("state = 'queued' OR held_at IS NULL", name="letter_held"),
        CheckConstraint(f"state IN {UNDELIVERED} OR reported_at IS NULL", name="letter_reported"),
        Index("letter_by_state", "state", "id"),
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
    tries: int = 0
    answer: str = ""
    queued_at: str
    sent_at: str | None = None
    next_try: str | None = None
    leased_until: str | None = None
    held_at: str | None = None
    reported_at: str | None = None
