"""The campaign a database serves, the rule books it has used, and who may act in it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, LargeBinary
from sqlmodel import Field, SQLModel

from workflow.store.columns import Moment


class EditionVersion(SQLModel, table=True):
    """A rule book as it was adopted, byte for byte."""

    __tablename__ = "edition_versions"

    sha256: str = Field(primary_key=True)
    name: str
    source: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    adopted_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Campaign(SQLModel, table=True):
    """The one row that every writer locks: one writer at a time for an edition.

    mail_paused_at: since when no letter is sent; by whom and why stand beside it.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("id = 1", name="campaign_is_one"),
        CheckConstraint(
            "(mail_paused_at IS NULL) = (mail_paused_by IS NULL) "
            "AND (mail_paused_at IS NULL) = (mail_paused_why IS NULL)",
            name="campaign_mail_paused",
        ),
    )

    id: int = Field(default=1, primary_key=True)
    token: str
    edition_sha256: str = Field(foreign_key="edition_versions.sha256")
    rehearsal: bool
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    mail_paused_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    mail_paused_by: str | None = None
    mail_paused_why: str | None = None


class Staff(SQLModel, table=True):
    """An account and its role: organiser, auditor or clock."""

    __tablename__ = "staff"

    account: str = Field(primary_key=True)
    role: str
    since: datetime = Field(sa_column=Column(Moment, nullable=False))
