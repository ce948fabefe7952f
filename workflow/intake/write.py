"""What was decided about a mail -> rows and events, in the caller's transaction."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from workflow import clock
from workflow.audit.commitment import commit_to_form, hide_person, salt_person
from workflow.audit.log import Entry
from workflow.engine.batch import OpenBatch, write_reason
from workflow.intake.decide import FormImport, MailImport
from workflow.intake.draft import form_row
from workflow.intake.found import FoundMail
from workflow.intake.register import Register
from workflow.intake.submission import Submission


class _Keeping(NamedTuple):
    """Where one mail is written down."""

    batch: OpenBatch
    register: Register
    submission: Submission


def write_import(
    batch: OpenBatch, register: Register, mail: FoundMail, submission: Submission, decided: MailImport
) -> None:
    """Write the mail, its forms, their cases and their originals, and one event for each draft and for the mail."""
    submission_id = None
    if not decided.repeats:
        submission_id = _enter(register, mail, submission, decided)
        for form in decided.forms:
            if form.case_id is not None:
                _draft(_Keeping(batch, register, submission), form, form.case_id, submission_id)
        register.keep(submission_id, None, submission.originals)
    what = _what_came(batch, mail, submission, decided, submission_id)
    batch.log.append([Entry("intake", {**what, **_fetched(register, mail, submission.sha256)})])


def write_no_mail(batch: OpenBatch, register: Register, mail: FoundMail) -> None:
    """Put on record that a file is no mail, and why."""
    what = {"file": mail.name, "status": "refused", "reasons": [write_reason(reason) for reason in mail.reasons]}
    batch.log.append([Entry("intake", {**what, **_fetched(register, mail, None)})])


def _enter(register: Register, mail: FoundMail, submission: Submission, decided: MailImport) -> int:
    """Enter the mail, or change what stands of it; its number in the register."""
    reasons = [write_reason(reason) for reason in decided.reasons]
    if decided.earlier is None:
        size = len(mail.raw)
        return register.enter(submission, mail.name, size, decided.unit_name, decided.status, reasons)
    register.settle(decided.earlier.id, decided.status, decided.unit_name, reasons)
    return decided.earlier.id


def _draft(keeping: _Keeping, form: FormImport, case_id: int, submission_id: int) -> None:
    """Write a form, and its case or the case's new version."""
    register, row, before = keeping.register, form.row, form.before
    if before is None:
        register.open_case(row, form.counts_from)
    problems = [write_reason(reason) for reason in form.problems.all]
    values = form_row(form.dossier, row, submission_id, form.received, problems)
    person = salt_person(row._asdict())
    form_id = register.enter_form(values)
    digests, names = set(form.dossier.documents), set(form.dossier.filenames)
    own = [kept for kept in keeping.submission.originals if kept.sha256 in digests and kept.filename in names]
    register.keep(submission_id, form_id, own)
    register.enter_person(form_id, person)
    if form.current:
        register.adopt_form(case_id, form_id, form.counts_from, row.received_proven, new=before is None)
    what = {
        "case": keeping.batch.campaign.edition.case_number(case_id),
        "unit": row.unit,
        "form": form_id,
        "submission": submission_id,
        "supersedes": before.form_id if before and form.current else None,
        "superseded_by": before.form_id if before and not form.current else None,
        "received": clock.show(form.counts_from),
        "received_proven": row.received_proven,
        "route": row.route,
        "reasons": problems,
        "documents": row.documents.split(),
        "read": {**commit_to_form(values), **hide_person(person)},
    }
    keeping.batch.log.append([Entry("draft", what, case_id)])


def _what_came(
    batch: OpenBatch, mail: FoundMail, submission: Submission, decided: MailImport, submission_id: int | None
) -> Mapping[str, Any]:
    return {
        "file": mail.name,
        "message_id": submission.message_id,
        "mail": submission.sha256,
        "submission": submission_id,
        "unit": decided.unit_name,
        "received": clock.show(submission.received_at) if submission.received_at else None,
        "received_proven": submission.received_proven,
        "status": decided.status,
        "reasons": [write_reason(reason) for reason in decided.reasons],
        "cases": [batch.campaign.edition.case_number(case_id) for case_id in decided.cases],
        "documents": [original.sha256 for original in submission.originals],
        "forms": [
            {
                "name": form.dossier.form.name,
                "applicant": form.dossier.form.applicant,
                "reasons": [write_reason(reason) for reason in form.reasons],
            }
            for form in decided.forms
            if form.case_id is None
        ],
    }


def _fetched(register: Register, mail: FoundMail, digest: str | None) -> Mapping[str, Any]:
    """What an event says, once, of where on a server the mail was looked at; digest: SHA-256 (hex) of what was read."""
    if mail.place is None or not register.remember(mail.place, digest):
        return {}
    return {"fetched": mail.place._asdict()}
