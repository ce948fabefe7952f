"""A dossier as the case it would make: its row, its form's row, and what the law finds wrong with it."""

from datetime import datetime
from typing import NamedTuple

from states.course import COURSE
from states.drafted import FORM_GUARDS, received_in_time, received_time_proven
from states.facts import Facts
from states.guards import one_route, unit_known
from states.reasons import Reason
from states.room import ask
from workflow import clock
from workflow.engine.facts import CaseRow, write_doubts, write_media
from workflow.intake.characters import count_characters
from workflow.intake.dossier import Dossier
from workflow.intake.route import route_of

GUARDS_OF_THE_MAIL = (received_in_time, received_time_proven, unit_known, one_route)


class Problems(NamedTuple):
    """What stands in the form and its attachments, and what comes from how and when it was sent."""

    of_the_form: tuple[Reason, ...]
    of_the_mail: tuple[Reason, ...]

    @property
    def complete(self) -> bool:
        """Nothing in the form or its attachments stands in the way of recommending it."""
        return not any(reason.blocking for reason in self.of_the_form)

    @property
    def all(self) -> tuple[Reason, ...]:
        return self.of_the_form + self.of_the_mail


def find_problems(dossier: Dossier, facts: Facts) -> Problems:
    """Ask the guards of ``recommend`` that need no decision of the organisers; quota and windows come later."""
    own, others = ask(FORM_GUARDS, facts), ask(GUARDS_OF_THE_MAIL, facts)
    return Problems((*own, *dossier.reasons), tuple(others))


def draft_row(dossier: Dossier, case_id: int, unit: str, received: datetime, proven: bool) -> CaseRow:
    """The case as the batch path would read it, newly drafted from this dossier."""
    form = dossier.form
    return CaseRow(
        id=case_id,
        state=COURSE.start,
        version=1,
        trail="",
        unit=unit,
        route=route_of(form.name, form.applicant),
        received_at=clock.write(received),
        received_proven=proven,
        recommended_at=None,
        scores=0,
        selected_place=None,
        name=form.name,
        applicant=form.applicant,
        contact_person=form.contact_person,
        contact_phone=form.contact_phone,
        address=form.address,
        categories=",".join(map(str, form.categories)),
        summary_characters=count_characters(form.summary),
        content_characters=count_characters(form.content),
        headings_missing=",".join(form.headings_missing),
        applicant_opinion=bool(form.applicant_opinion),
        recommender_opinion=bool(form.recommender_opinion),
        scans=len(dossier.scans),
        media=write_media(dossier.pictures, dossier.videos),
        documents=" ".join(dossier.documents),
        doubts=write_doubts(dossier.doubts),
        review_id=None,
        standards_met=None,
        implemented_from=None,
        implemented_until=None,
        mainly_hubei=None,
        survey_id=None,
        mode=None,
        verified=None,
    )
