"""A register in memory: what deciding is given, and what becomes of it, without a database."""

from collections.abc import Iterable
from datetime import datetime

from states.course import COURSE
from workflow.edition import Edition
from workflow.intake.decide import NO_CASE, FormImport, MailImport, Settlement, decide
from workflow.intake.known import EarlierMail, FormKey, Known, KnownCase, key_of
from workflow.intake.route import route_of
from workflow.intake.submission import Submission

NOTHING_SETTLED = Settlement()


class PlainRegister:
    """Takes mails in as a database would. now: the moment of every transaction."""

    def __init__(self, edition: Edition, now: datetime) -> None:
        self.edition, self.now = edition, now
        self.mails: dict[str, EarlierMail] = {}
        self.drafted: dict[int, set[FormKey]] = {}
        self.cases: dict[int, KnownCase] = {}
        self.versions: dict[int, int] = {}
        self._forms = 0

    def look_up(self, submission: Submission) -> Known:
        earlier = self.mails.get(submission.sha256)
        routes = {route_of(dossier.form.name, dossier.form.applicant) for dossier in submission.dossiers}
        cases = [self.cases[number] for number in sorted(self.cases, reverse=True)]
        return Known(
            earlier,
            frozenset(self.drafted[earlier.id]) if earlier else frozenset(),
            tuple(case for case in cases if case.route in routes),
            1 + max(self.cases, default=0),
        )

    def take(self, submission: Submission, settlement: Settlement = NOTHING_SETTLED) -> MailImport:
        decided = decide(submission, settlement, self.look_up(submission), self.edition, self.now)
        if decided.repeats:
            return decided
        mail = decided.earlier or EarlierMail(1 + len(self.mails), decided.status, self.now)
        self.mails[submission.sha256] = mail._replace(status=decided.status)
        for form in decided.forms:
            if form.row.id != NO_CASE:
                self.drafted.setdefault(mail.id, set()).add(key_of(form.dossier))
                self._write(form, mail.id, submission.received_proven)
        self.drafted.setdefault(mail.id, set())
        return decided

    def take_all(self, submissions: Iterable[Submission]) -> list[MailImport]:
        return [self.take(submission) for submission in submissions]

    def _write(self, form: FormImport, submission_id: int, proven: bool) -> None:
        self._forms += 1
        if not form.current:
            return
        row = form.row
        self.versions[row.id] = self.versions.get(row.id, 0) + 1
        before = form.before
        self.cases[row.id] = KnownCase(
            id=row.id,
            state=before.state if before else COURSE.start,
            unit=row.unit,
            route=row.route,
            recommended=before.recommended if before else False,
            returned=before.returned if before else False,
            received_at=form.counts_from,
            form_id=self._forms,
            form_submission_id=submission_id,
            form_received_at=form.received,
            form_received_proven=proven,
        )
