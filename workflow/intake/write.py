"""What was decided about a mail -> rows and events, in the transaction of its batch."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import SQLModel, col

from states.course import COURSE
from workflow import clock
from workflow.audit.events import UNSET, Draft, Fetched, Intake, Maybe, NoCase, ReasonTold
from workflow.audit.events.commitment import MAIL_COLUMNS, ORIGINAL_COLUMNS, commit_to_form, commit_to_mail, salt_person
from workflow.engine.batch import OpenBatch, write_reason
from workflow.intake.decide import FormImport, MailImport
from workflow.intake.found import FoundMail
from workflow.intake.original import Original
from workflow.intake.submission import Submission
from workflow.store import Case, Fetch, Form, Personal
from workflow.store import Original as OriginalRow
from workflow.store import Submission as SubmissionRow

MAIL_TYPE = "message/rfc822"


def write_import(batch: OpenBatch, mail: FoundMail, submission: Submission, decided: MailImport) -> None:
    """Write the mail, its forms, their cases and their originals, and one event for each draft and for the mail."""
    submission_id = None
    if not decided.repeats:
        if decided.earlier is None:
            submission_id = _enter_mail(batch, mail, submission, decided)
        else:
            submission_id = _settle_mail(batch, decided.earlier.id, decided)
        for form in decided.forms:
            if form.case_id is not None:
                _write_draft(batch, submission, form, form.case_id, submission_id)
        _keep_unclaimed(batch, submission_id, submission.originals)
    fetched = _note_fetch(batch, mail, submission.sha256)
    batch.log.append([_tell_intake(batch, mail, submission, decided, submission_id, fetched)])


def write_no_mail(batch: OpenBatch, mail: FoundMail) -> None:
    """Put on record that a file is no mail, and why."""
    reasons = [ReasonTold.of(reason) for reason in mail.reasons]
    event = Intake(file=mail.name, reasons=reasons, status="refused", fetched=_note_fetch(batch, mail, None))
    batch.log.append([event])


def _enter_mail(batch: OpenBatch, mail: FoundMail, submission: Submission, decided: MailImport) -> int:
    """Enter a mail that is not in the register; its number there."""
    row = {
        "sha256": submission.sha256,
        "message_id": submission.message_id,
        "file": mail.name,
        "sender": submission.sender_address,
        "subject": submission.subject,
        "unit": decided.unit_name,
        "received_at": submission.received_at,
        "received_proven": submission.received_proven,
        "status": decided.status,
        "reasons": [write_reason(reason) for reason in decided.reasons],
        "taken_at": batch.campaign.now,
    }
    submission_id = _insert(batch, SubmissionRow, row)
    original = {
        "submission_id": submission_id,
        "form_id": None,
        "filename": mail.name,
        "media_type": MAIL_TYPE,
        "role": "mail",
        "size": len(mail.raw),
        "sha256": submission.sha256,
    }
    _insert(batch, OriginalRow, original)
    return submission_id


def _settle_mail(batch: OpenBatch, submission_id: int, decided: MailImport) -> int:
    """Change what became of a mail in the register, whose it is, and what is said of it."""
    change = update(SubmissionRow).where(col(SubmissionRow.id) == submission_id)
    reasons = [write_reason(reason) for reason in decided.reasons]
    batch.connection.execute(change.values(status=decided.status, unit=decided.unit_name, reasons=reasons))
    return submission_id


def _write_draft(batch: OpenBatch, submission: Submission, form: FormImport, case_id: int, submission_id: int) -> None:
    """Write a form, and its case or the case's new version."""
    before = form.before
    if before is None:
        _open_case(batch, form, case_id)
    problems = [write_reason(reason) for reason in form.problems.all]
    row = {**_form_row(form), "case_id": case_id, "submission_id": submission_id, "problems": problems}
    person = salt_person(form.row._asdict())
    read = commit_to_form(row, person)
    form_id = _insert(batch, Form, row)
    _keep(batch, submission_id, form_id, _originals_of(form, submission))
    batch.connection.execute(insert(Personal), {"form_id": form_id, **person})
    if form.current:
        _adopt_form(batch, form, case_id, form_id)
    draft = Draft(
        case=batch.campaign.edition.case_number(case_id),
        documents=form.row.documents.split(),
        form=form_id,
        read=read,
        reasons=[ReasonTold.of(reason) for reason in form.problems.all],
        received=clock.show(form.counts_from),
        received_proven=form.row.received_proven,
        route=form.row.route,
        submission=submission_id,
        superseded_by=before.form_id if before and not form.current else None,
        supersedes=before.form_id if before and form.current else None,
        unit=form.row.unit,
    )
    batch.log.append([draft])


def _form_row(form: FormImport) -> dict[str, Any]:
    """The form's own row; it keeps the moment this form was received, whatever counts for the case."""
    read = form.dossier.form
    for_the_law = {name: value for name, value in form.row._asdict().items() if name != "id"}
    row = {
        **vars(read),
        **for_the_law,
        "received_at": form.received,
        "filename": form.dossier.form_filename,
        "applicant_opinion_text": read.applicant_opinion,
        "recommender_opinion_text": read.recommender_opinion,
    }
    return {name: value for name, value in row.items() if name in Form.model_fields}


def _originals_of(form: FormImport, submission: Submission) -> list[Original]:
    digests, names = set(form.dossier.documents), set(form.dossier.filenames)
    originals = submission.originals
    return [original for original in originals if original.sha256 in digests and original.filename in names]


def _open_case(batch: OpenBatch, form: FormImport, case_id: int) -> None:
    """Enter a new case, drafted, without its form yet."""
    row = {
        "id": case_id,
        "state": COURSE.start,
        "version": 1,
        "trail": "",
        "unit": form.row.unit,
        "route": form.row.route,
        "received_at": form.counts_from,
        "received_proven": form.row.received_proven,
        "scores": 0,
        "score_total": 0,
    }
    batch.connection.execute(insert(Case), row)


def _adopt_form(batch: OpenBatch, form: FormImport, case_id: int, form_id: int) -> None:
    """Let the case rest on this form from now on; a case that had another grows by a version."""
    change = update(Case).where(col(Case.id) == case_id)
    version = 1 if form.before is None else col(Case.version) + 1
    values = {"form_id": form_id, "received_at": form.counts_from, "received_proven": form.row.received_proven}
    batch.connection.execute(change.values(**values, version=version))


def _keep_unclaimed(batch: OpenBatch, submission_id: int, originals: Sequence[Original]) -> None:
    """Record the originals that no form has claimed."""
    query = select(col(OriginalRow.sha256)).where(col(OriginalRow.submission_id) == submission_id)
    claimed = set(batch.connection.execute(query).scalars())
    _keep(batch, submission_id, None, [original for original in originals if original.sha256 not in claimed])


def _keep(batch: OpenBatch, submission_id: int, form_id: int | None, originals: Sequence[Original]) -> None:
    rows = [
        {
            "submission_id": submission_id,
            "form_id": form_id,
            "filename": original.filename,
            "media_type": original.media_type,
            "role": original.role,
            "size": len(original.data),
            "sha256": original.sha256,
        }
        for original in originals
    ]
    if rows:
        batch.connection.execute(insert(OriginalRow), rows)


def _note_fetch(batch: OpenBatch, mail: FoundMail, digest: str | None) -> Fetched | Maybe:
    """Write down, once, where on a server the mail was looked at, and give what its event says of that.

    digest: SHA-256 (hex) of what was read.
    """
    if mail.place is None:
        return UNSET
    place = mail.place._asdict()
    seen_before = select(col(Fetch.uid)).where(*(col(getattr(Fetch, name)) == value for name, value in place.items()))
    if batch.connection.execute(seen_before).first() is not None:
        return UNSET
    batch.connection.execute(insert(Fetch), {**place, "sha256": digest})
    return Fetched(**place)


def _insert(batch: OpenBatch, table: type[SQLModel], row: Mapping[str, Any]) -> int:
    """Insert a row; its number."""
    query = insert(table).returning(table.id)  # type: ignore[attr-defined]
    return int(batch.connection.execute(query, row).scalar_one())


def commit_to_register(batch: OpenBatch, submission_id: int) -> str:
    """What the event tells of the mail and of all its files, as they are listed by now."""
    of_mail = select(*(col(getattr(SubmissionRow, name)) for name in MAIL_COLUMNS))
    mail = batch.connection.execute(of_mail.where(col(SubmissionRow.id) == submission_id)).mappings().one()
    of_files = select(*(col(getattr(OriginalRow, name)) for name in ORIGINAL_COLUMNS)).order_by(col(OriginalRow.id))
    files = batch.connection.execute(of_files.where(col(OriginalRow.submission_id) == submission_id)).mappings()
    return commit_to_mail(dict(mail), map(dict, files))


def _tell_intake(
    batch: OpenBatch,
    mail: FoundMail,
    submission: Submission,
    decided: MailImport,
    submission_id: int | None,
    fetched: Fetched | Maybe,
) -> Intake:
    untaken = (form for form in decided.forms if form.case_id is None)
    return Intake(
        file=mail.name,
        reasons=[ReasonTold.of(reason) for reason in decided.reasons],
        status=decided.status,
        cases=[batch.campaign.edition.case_number(case_id) for case_id in decided.cases],
        documents=[original.sha256 for original in submission.originals],
        fetched=fetched,
        forms=[
            NoCase(form.dossier.form.name, form.dossier.form.applicant, [ReasonTold.of(each) for each in form.reasons])
            for form in untaken
        ],
        mail=submission.sha256,
        message_id=submission.message_id,
        received=clock.show(submission.received_at) if submission.received_at else None,
        received_proven=submission.received_proven,
        register=UNSET if submission_id is None else commit_to_register(batch, submission_id),
        submission=submission_id,
        unit=decided.unit_name,
    )
