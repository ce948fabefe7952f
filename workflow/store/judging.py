"""What people found: prechecks against the five standards, judges' scores, surveys."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from workflow.store.columns import Moment


class Review(SQLModel, table=True):
    """A precheck of one case (五).

    standards_met: the numbers met, joined by commas. implemented_from, implemented_until: ISO dates.
    """

    __tablename__ = "reviews"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    reviewer: str
    standards_met: str
    implemented_from: str
    implemented_until: str
    mainly_hubei: bool
    note: str
    recorded_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Score(SQLModel, table=True):
    """A judge's score of one case, in hundredths of a point (0 to 10,000)."""

    __tablename__ = "scores"
    __table_args__ = (
        UniqueConstraint("case_id", "judge", name="score_once_a_judge"),
        CheckConstraint("hundredths BETWEEN 0 AND 10000", name="score_range"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    judge: str
    hundredths: int
    note: str
    recorded_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Survey(SQLModel, table=True):
    """A survey of one case (四, phase two), online or on site."""

    __tablename__ = "surveys"
    __table_args__ = (CheckConstraint("mode IN ('online', 'onsite')", name="survey_mode"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    mode: str
    verified: bool
    surveyor: str
    note: str
    recorded_at: datetime = Field(sa_column=Column(Moment, nullable=False))


TABLES = ("reviews", "scores", "surveys")
"""Where organisers put on record what people found."""
