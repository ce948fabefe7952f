"""A case: where it stands, and the evidence its state needs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index
from sqlmodel import Field, SQLModel

from states import ROOMS
from states.room import Place
from workflow.store.columns import Moment


def _states(*names: str) -> str:
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"


_HOLDING = [room.name for room in ROOMS if room.place is Place.HELD]
_FREED = [room.name for room in ROOMS if room.place is Place.FREED]
_OFF_THE_LINE = ("lapsed", "declined", "withdrawn", "disqualified")


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
        CheckConstraint(f"state IN {_states(*(room.name for room in ROOMS))}", name="case_state"),
        CheckConstraint(f"state NOT IN {_states(*_HOLDING)} OR recommended_at IS NOT NULL", name="case_recommended"),
        CheckConstraint(f"state NOT IN {_states(*_FREED)} OR recommended_at IS NULL", name="case_place_freed"),
        CheckConstraint(
            f"state NOT IN {_states('prechecked', 'shortlisted', 'presented', 'surveyed', 'selected', 'archived')}"
            " OR review_id IS NOT NULL",
            name="case_reviewed",
        ),
        CheckConstraint(
            f"state NOT IN {_states('presented', 'surveyed', 'selected', 'archived')} OR scores > 0",
            name="case_scored",
        ),
        CheckConstraint(
            f"state NOT IN {_states('surveyed', 'selected', 'archived')} OR survey_id IS NOT NULL",
            name="case_surveyed",
        ),
        CheckConstraint(
            f"state NOT IN {_states('selected', 'archived')} OR selected_place IS NOT NULL", name="case_placed"
        ),
        CheckConstraint(f"(state IN {_states(*_OFF_THE_LINE)}) = (trail <> '')", name="case_trail"),
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
