"""What was decided about a mail, told: to its unit by the receipt, to whoever took it in by the answer."""

from datetime import datetime
from typing import NamedTuple

from notifications.letters import CaseLine
from states.course import COURSE
from states.reasons import Reason
from workflow.edition import Edition, Unit
from workflow.engine.correspondence import Correspondence, Remarks, recipient_of
from workflow.intake.decide import FormImport, MailImport
from workflow.intake.found import FoundMail
from workflow.intake.submission import Submission
from workflow.wording import say_reason, say_state

FOR_THE_ORGANISERS = frozenset({"received-time-unproven", "zone-assumed", "form-converted"})
"""How sure they are of when a mail came and what a copy says, which its unit need not be told."""


class FormFound(NamedTuple):
    """A form of a mail as reports show it; ``complete`` where nothing in it or its attachments stands in the way."""

    name: str
    applicant: str
    categories: tuple[int, ...]
    case_id: int | None
    complete: bool
    reasons: tuple[Reason, ...]


class Taken(NamedTuple):
    """What became of one mail. status: taken, duplicate, set-aside or refused."""

    file: str
    message_id: str
    unit: str | None
    received_at: datetime | None
    status: str
    reasons: tuple[Reason, ...]
    forms: tuple[FormFound, ...]

    @property
    def cases(self) -> tuple[int, ...]:
        return tuple(sorted({form.case_id for form in self.forms if form.case_id is not None}))


def tell(
    letters: Correspondence, edition: Edition, mail: FoundMail, submission: Submission, decided: MailImport
) -> Taken:
    """Give the answer, and write the receipt."""
    answer = _answer(mail, submission, decided)
    if decided.unit is not None:
        _write_receipt(letters, edition, decided, decided.unit)
    return answer


def _write_receipt(letters: Correspondence, edition: Edition, decided: MailImport, unit: Unit) -> None:
    """Tell the unit of each case that rests on a form of its mail, with its problems, and what else is to be said."""
    for form in decided.forms:
        if form.current:
            letters.tell(unit.name, "receipt", _line_of(form, edition, unit.language))
    points = [say_reason(remark.code, remark.values, unit.language, edition.zone) for remark in decided.remarks]
    recipient = recipient_of(edition, unit.name)
    if points and recipient is not None:
        letters.write(recipient, "receipt", Remarks(points=points))


def _line_of(form: FormImport, edition: Edition, language: str) -> CaseLine:
    """A case as a receipt lists it."""
    notes = [
        say_reason(reason.code, reason.values, language, edition.zone)
        for reason in form.problems.all
        if reason.code not in FOR_THE_ORGANISERS
    ]
    number = edition.case_number(form.row.id)
    return CaseLine(number, form.dossier.form.name, "", say_state(COURSE.start, language), notes)


def _answer(mail: FoundMail, submission: Submission, decided: MailImport) -> Taken:
    shown = "taken" if decided.status == "partly-taken" else decided.status
    forms = tuple(
        FormFound(
            form.dossier.form.name,
            form.dossier.form.applicant,
            form.dossier.form.categories,
            form.case_id,
            form.problems.complete,
            form.reasons,
        )
        for form in decided.forms
    )
    return Taken(
        mail.name, submission.message_id, decided.unit_name, submission.received_at, shown, decided.reasons, forms
    )


def answer_no_mail(mail: FoundMail) -> Taken:
    return Taken(mail.name, "", None, None, "refused", mail.reasons, ())
