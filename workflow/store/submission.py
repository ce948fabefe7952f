"""Mails as they were received, the forms found in them, and the originals they rest on."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from workflow.store.columns import Moment

STATUSES = ("taken", "partly-taken", "set-aside", "refused")


class Submission(SQLModel, table=True):
    """One mail, or what came in another way. ``taken`` became cases; of ``partly-taken`` something did not, and waits
    for a person as all of ``set-aside`` does; ``refused`` could not be read.

    settled_at: since when a person has said that nothing is left to do about it. how: ``post``, ``usb``, ``hand`` or
    ``link`` where it came by no mail; note: what the organisers remarked of that.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="submission_status"),
        Index("submission_message", "message_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    message_id: str
    file: str
    sender: str
    subject: str
    unit: str | None = None
    received_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    received_proven: bool
    status: str
    reasons: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    taken_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    settled_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    how: str | None = None
    note: str | None = None


class Original(SQLModel, table=True):
    """A file that came with a mail; its bytes lie in the store beside the database under their SHA-256."""

    __tablename__ = "originals"
    __table_args__ = (Index("original_sha256", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submissions.id", index=True)
    form_id: int | None = Field(default=None, foreign_key="forms.id", index=True)
    filename: str
    media_type: str
    role: str
    size: int
    sha256: str


class Form(SQLModel, table=True):
    """A recommendation form (附件4) as read, with what came with it; never altered, only superseded.

    What it says of a person stands in ``personal``, where it can be erased.

    categories: numbers joined by commas. media: JSON of measured pictures and videos, empty where there are none.
    documents: SHA-256 of the form and its attachments, joined by spaces. The long texts stand behind what the
    batch path reads, so that it does not read their pages. doubts: JSON of the reasons why a person has to decide,
    empty where there are none; it came later, and so stands behind them.
    """

    __tablename__ = "forms"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    submission_id: int = Field(foreign_key="submissions.id", index=True)
    received_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    received_proven: bool
    name: str
    applicant: str
    categories: str
    summary_characters: int
    content_characters: int
    headings_missing: str
    applicant_opinion: bool
    recommender_opinion: bool
    scans: int
    media: str
    documents: str
    filename: str
    problems: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    applicant_opinion_text: str = Field(sa_column=Column(Text, nullable=False))
    recommender_opinion_text: str = Field(sa_column=Column(Text, nullable=False))
    summary: str = Field(sa_column=Column(Text, nullable=False))
    content: str = Field(sa_column=Column(Text, nullable=False))
    doubts: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=text("''")))
