"""A case: where it stands, and the evidence its state needs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index
from sqlmodel import Field, SQLModel

from states.course import COURSE
from states.room import REVIEW, SCORE, SURVEY, Place
from workflow.store.columns import Moment


def _within(states: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{state}'" for state in states) + ")"


def _needs(states: tuple[str, ...], condition: str, name: str) -> CheckConstraint:
    """What must be true of every case in these states."""
    return CheckConstraint(f"state NOT IN {_within(states)} OR {condition}", name=name)


def _points_back(column: str, target: str) -> Column[int]:
    """A reference to a table that itself refers to cases."""
    return Column(column, ForeignKey(target, name=f"case_{column}", use_alter=True), nullable=True)


class Case(SQLModel, table=True):
    """One case.

    version: grows with every change, so that a saved plan can tell that it is stale.
    trail: states left behind when the case left the main line, oldest first, joined by ``/``.
    route: what two recommendations of the same case share: its name and applicant without spaces and punctuation.
    scores, score_total: how many scores the judges gave, and their sum in hundredths of a point.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(f"state IN {_within(COURSE.states)}", name="case_state"),
        CheckConstraint(f"(state IN {_within(COURSE.off_line)}) = (trail <> '')", name="case_trail"),
        _needs(COURSE.with_place(Place.HELD), "recommended_at IS NOT NULL", "case_recommended"),
        _needs(COURSE.with_place(Place.FREED), "recommended_at IS NULL", "case_place_freed"),
        _needs(COURSE.having(REVIEW), "review_id IS NOT NULL", "case_reviewed"),
        _needs(COURSE.having(SCORE), "scores > 0", "case_scored"),
        _needs(COURSE.having(SURVEY), "survey_id IS NOT NULL", "case_surveyed"),
        _needs(COURSE.placed, "selected_place IS NOT NULL", "case_placed"),
        Index("case_route", "route", "unit"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    version: int = 1
    trail: str = ""
    unit: str
    route: str
    form_id: int | None = Field(default=None, sa_column=_points_back("form_id", "forms.id"))
    received_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    received_proven: bool
    recommended_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    review_id: int | None = Field(default=None, sa_column=_points_back("review_id", "reviews.id"))
    survey_id: int | None = Field(default=None, sa_column=_points_back("survey_id", "surveys.id"))
    scores: int = 0
    score_total: int = 0
    selected_place: int | None = None
