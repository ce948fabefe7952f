"""A person corrects what a case's form says: shown first where it is no draft any more, then done in one batch."""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection

from notifications.bounced import read_bounced
from states.course import COURSE
from workflow import clock
from workflow.edition.words import check_category
from workflow.engine.batch import BatchReport, OpenBatch, PlanStale
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Correspondence
from workflow.engine.occupancy import read_occupancy
from workflow.engine.reason import require_reason
from workflow.engine.selection import ordinal
from workflow.errors import AnliError, UsageError
from workflow.intake.desk.amendment import KeptForm, Said, Version, amend
from workflow.intake.desk.correction import line_of_version, read_kept, write_version
from workflow.intake.route import route_of

TRIGGER = "correct"
_NEXT_BATCH = 0


class NothingCorrected(UsageError):
    """Nothing was said that a form could say: values are case."""

    code = "error.nothing-corrected"


class NothingDifferent(AnliError):
    """The form says so already: values are case."""

    code = "error.nothing-different"


class Corrected(NamedTuple):
    """What a correction does, or would do: then ``report`` has no batch."""

    report: BatchReport
    version: Version


Agrees = Callable[[Corrected], bool]
"""Shows what a correction would do, and says whether it is to be done."""


class Wish(NamedTuple):
    """What a person asks to correct, of the case by number, and why."""

    case: str
    said: Said
    why: str | None

    def check(self, campaign: Campaign) -> tuple[int, str]:
        """The case's ordinal, and the reason. Raises ReasonNeeded, NothingCorrected, CategoryUnknown, CaseUnknown."""
        why = require_reason(self.why, TRIGGER)
        if not self.said.of or not all(value.strip() for value in self.said.texts.values()):
            raise NothingCorrected(case=self.case)
        check_category(campaign.edition, self.said.category)
        return ordinal(campaign.edition, self.case), why


def propose(campaign: Campaign, wish: Wish) -> Corrected:
    """What would be done. Raises what ``Wish.check`` raises, and NothingDifferent."""
    case_id, why = wish.check(campaign)
    with campaign.reading() as connection:
        _, version = _amend(campaign, connection, case_id, wish)
        bounced = read_bounced(connection)
    letters = Correspondence(campaign, _NEXT_BATCH, why)
    unit = version.case.unit
    if version.said.tells_the_unit:
        letters.tell(unit, "receipt", line_of_version(version, campaign.edition, letters.language_of(unit)))
    queued = [letter for letter, _ in letters.render(signed=False)]
    return Corrected(BatchReport(None, TRIGGER, clock.show(campaign.now), [], [], queued, bounced), version)


def correct(campaign: Campaign, wish: Wish, agrees: Agrees | None) -> Corrected | None:
    """Do it, or, of a case that is no draft any more, exactly what ``agrees`` was shown; None where it says no.

    Raises what ``propose`` raises, and PlanStale where the case has changed since it was shown.
    """
    case_id, why = wish.check(campaign)
    shown = propose(campaign, wish).version
    if agrees is not None and shown.case.state != COURSE.start and not agrees(propose(campaign, wish)):
        return None
    with campaign.writing() as (campaign, connection), campaign.reading() as reader:
        kept, version = _amend(campaign, reader, case_id, wish)
        if version.case.version != shown.case.version or version.consequences != shown.consequences:
            raise PlanStale(cases=[wish.case])
        batch = OpenBatch(campaign, connection, TRIGGER, why)
        write_version(batch, kept, version, why)
        return Corrected(batch.close(moved=1), version)


def _amend(campaign: Campaign, connection: Connection, case_id: int, wish: Wish) -> tuple[KeptForm, Version]:
    kept = read_kept(connection, campaign.edition, case_id)
    name, applicant = (wish.said.texts.get(field, getattr(kept.case, field)) for field in ("name", "applicant"))
    occupancy = read_occupancy(connection, route_of(name, applicant))
    version = amend(kept, wish.said, occupancy, campaign.edition, campaign.now)
    if not version.changes:
        raise NothingDifferent(case=wish.case)
    return kept, version
