"""What is to become of one mail: whose it is, and which of its forms are cases or versions of cases. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from states.course import COURSE
from states.reasons import Reason
from workflow import clock
from workflow.edition import Edition, Unit
from workflow.engine.facts import CaseRow, gather_facts
from workflow.engine.occupancy import Occupancy
from workflow.intake.dossier import Dossier
from workflow.intake.draft import Problems, draft_row, find_problems
from workflow.intake.known import EarlierMail, Known, KnownCase, key_of
from workflow.intake.route import route_of
from workflow.intake.submission import Submission

NO_CASE = 0
"""The number of a case that a form did not become."""
TO_BE_SENT_AGAIN = frozenset(
    {
        "form-unreadable", "form-blank", "attachment-too-large", "attachment-unpaired", "attachments-too-many",
        "archive-unreadable", "mail-nested-too-deep", "mail-unopened",
    }
)  # fmt: skip
"""Said of a mail of which something was lost that its unit can send again, or name better."""


class Settlement(NamedTuple):
    """What a person says of a mail that the mail does not say itself; given together with it.

    unit: whose it is, where its sender is not known. received: when it came.
    """

    unit: Unit | None = None
    received: datetime | None = None

    @property
    def says_something(self) -> bool:
        return any(answer is not None for answer in self)


@dataclass(frozen=True)
class FormImport:
    """What becomes of one form: a case or a version of one, or, with ``NO_CASE`` in its row, nothing for now.

    row: the case as the batch path would read it. received: when the form came; counts_from: when the case counts as
    received. before: the case it is a version of, None for a new one. current: whether the case rests on it from now
    on; otherwise a form that counts more came before it. remarks: what its unit is told besides its problems.
    """

    dossier: Dossier
    row: CaseRow
    problems: Problems
    received: datetime
    counts_from: datetime
    before: KnownCase | None = None
    current: bool = False
    remarks: tuple[Reason, ...] = ()

    @property
    def case_id(self) -> int | None:
        return None if self.row.id == NO_CASE else self.row.id

    @property
    def objection(self) -> Reason | None:
        """Why the form becomes no version of the case that it corrects."""
        return self.remarks[0] if self.case_id is None and self.remarks else None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.problems.all + self.remarks


@dataclass(frozen=True)
class MailImport:
    """What becomes of one mail. status: taken, partly-taken, set-aside, refused or duplicate.

    remarks: what its unit is told of the mail besides its cases. earlier: the one it repeats. repeats: nothing about
    that one changes.
    """

    status: str
    unit: Unit | None
    reasons: tuple[Reason, ...]
    forms: tuple[FormImport, ...] = ()
    remarks: tuple[Reason, ...] = ()
    earlier: EarlierMail | None = None
    repeats: bool = False

    @property
    def unit_name(self) -> str | None:
        return self.unit.name if self.unit else None

    @property
    def cases(self) -> tuple[int, ...]:
        """The numbers of the cases that its forms became, or versions of which they became."""
        return tuple(sorted({form.case_id for form in self.forms if form.case_id is not None}))


class _Mail(NamedTuple):
    """A mail, and what is known of it before its forms are looked at.

    received: when it came, as far as it says so or a person settled it.
    """

    submission: Submission
    sender: Unit | None
    unit: Unit | None
    received: datetime | None
    edition: Edition
    now: datetime

    @property
    def proven(self) -> bool:
        return self.submission.received_proven


def decide(submission: Submission, settlement: Settlement, known: Known, edition: Edition, now: datetime) -> MailImport:
    """Say what becomes of a mail, given what a person settled about it and what the register knows.

    A sender who is known keeps to its own unit; one who is not who it says is nobody's. A mail that was taken in before
    is looked at again where a person settles something about it, or where nothing stands any more in the way of a form
    that became no case.
    """
    sender, earlier = _known_sender(submission, edition), known.earlier
    if settlement.received is not None:
        submission = _date(submission, settlement.received)
    mail = _Mail(
        submission, sender, sender or settlement.unit, _settle_time(submission, settlement, known), edition, now
    )
    if not submission.read:
        return MailImport("refused", mail.unit, submission.reasons, earlier=earlier, repeats=earlier is not None)
    waiting = [dossier for dossier in submission.dossiers if key_of(dossier) not in known.drafted]
    chosen = waiting if earlier is None else _choose_again(waiting, mail, settlement, known, earlier)
    if chosen is None:
        status = "refused" if earlier is not None and earlier.status == "refused" else "duplicate"
        duplicate = Reason("duplicate", "六.5", blocking=False)
        return MailImport(status, mail.unit, (duplicate,), earlier=earlier, repeats=True)
    forms = tuple(_decide_forms(chosen, mail, known))
    said_of_forms = tuple(remark for form in forms for remark in form.remarks)
    said_of_the_rest = _lost_beside_forms(submission) if earlier is None or settlement.says_something else ()
    return MailImport(
        _status(submission, forms, len(submission.dossiers) - len(waiting)),
        mail.unit,
        (
            *submission.reasons,
            *submission.doubts,
            *_doubt(mail, settlement),
            *(form.objection for form in forms if form.objection),
            *(remark for form in forms if form.current for remark in form.remarks),
        ),
        forms,
        (*said_of_forms, *said_of_the_rest),
        earlier,
    )


def _known_sender(submission: Submission, edition: Edition) -> Unit | None:
    return None if submission.authenticated is False else edition.unit_of(submission.sender_address)


def _date(submission: Submission, received: datetime) -> Submission:
    """The mail as of the time that a person gives it; nothing proves that, and nothing is in doubt of it."""
    ended = frozenset({"zone-assumed", "received-time-unproven", "received-time-unknown"})

    def left(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
        return tuple(reason for reason in reasons if reason.code not in ended)

    dossiers = tuple(replace(dossier, doubts=left(dossier.doubts)) for dossier in submission.dossiers)
    return replace(
        submission,
        received_at=received,
        received_proven=False,
        dossiers=dossiers,
        reasons=left(submission.reasons),
        doubts=left(submission.doubts),
    )


def _settle_time(submission: Submission, settlement: Settlement, known: Known) -> datetime | None:
    """When the mail came; where nobody says so and a person settles it otherwise, when it was first seen here."""
    if settlement.received is not None:
        return settlement.received
    if submission.received_at is None and known.earlier is not None and settlement.says_something:
        return known.earlier.taken_at
    return submission.received_at


def _choose_again(
    waiting: Sequence[Dossier], mail: _Mail, settlement: Settlement, known: Known, earlier: EarlierMail
) -> Sequence[Dossier] | None:
    """Those forms of a mail taken in before that are to be looked at again; None where it is a mere duplicate."""
    if earlier.status == "refused":
        return None
    ready: Sequence[Dossier] = ()
    if mail.unit is not None and mail.received is not None:
        cases = _cases_of(mail.unit, known)
        found = [(dossier, _find_predecessor(dossier, cases)) for dossier in waiting]
        ready = [dossier for dossier, before in found if _object(before, mail.received, mail) is None]
    if ready:
        return ready
    return () if earlier.status == "set-aside" and settlement.says_something else None


def _decide_forms(dossiers: Sequence[Dossier], mail: _Mail, known: Known) -> Iterator[FormImport]:
    """One form after the other: each a new case, or a version of one that no form of this mail became before."""
    if mail.unit is None or mail.received is None:
        yield from (_leave(dossier, mail, known) for dossier in dossiers)
        return
    cases, next_case = _cases_of(mail.unit, known), known.next_case
    for dossier in dossiers:
        before = _find_predecessor(dossier, cases)
        objection = _object(before, mail.received, mail)
        if objection is not None:
            yield _leave(dossier, mail, known, objection)
            continue
        form = _draft(dossier, before, before.id if before else next_case, mail.received, mail, known)
        if before is None:
            next_case += 1
        elif form.current:
            cases.remove(before)
        yield form


def _cases_of(unit: Unit, known: Known) -> list[KnownCase]:
    """The cases that its forms may be versions of: of the same unit, and by another mail than this one."""
    own = known.earlier.id if known.earlier else None
    return [case for case in known.cases if case.unit == unit.name and case.form_submission_id != own]


def _find_predecessor(dossier: Dossier, cases: Sequence[KnownCase]) -> KnownCase | None:
    """The case this form is a version of; a form that lacks its name or applicant is a version of none."""
    name, applicant = dossier.form.name, dossier.form.applicant
    if not (name and applicant):
        return None
    route = route_of(name, applicant)
    return next((case for case in cases if case.route == route), None)


def _object(before: KnownCase | None, received: datetime, mail: _Mail) -> Reason | None:
    """What stands in the way of a new version of that case."""
    if before is None:
        return None
    number, until = mail.edition.case_number(before.id), mail.edition.rules_of(before.unit).received_until
    if before.state != COURSE.start:
        return Reason("correction-after-move", "六.5", {"case": number, "state": before.state})
    if received >= until > before.received_at and not before.returned:
        return Reason("correction-late", "六.5", {"case": number})
    return None


def _draft(
    dossier: Dossier, before: KnownCase | None, case_id: int, received: datetime, mail: _Mail, known: Known
) -> FormImport:
    """A new case, or a new version of the draft that the form corrects.

    The latest form counts, whatever order mails are read in; one in time before one that came late, then one
    whose time a server wrote down before one whose time only its sender says. A case that was returned keeps the
    time it first came.
    """
    unit = mail.unit.name if mail.unit else ""
    counts_from = min(received, before.received_at) if before is not None and before.returned else received
    row = draft_row(dossier, case_id, unit, counts_from, mail.proven)
    draft = FormImport(dossier, row, _judge(dossier, row, mail, known), received, counts_from, before, current=True)
    if before is None:
        return draft
    until = mail.edition.rules_of(unit).received_until
    weight = (counts_from < until, mail.proven, received)
    if weight >= (before.received_at < until, before.form_received_proven, before.form_received_at):
        return replace(draft, remarks=tuple(_tell_unproven(mail, case_id)))
    superseded = Reason("version-superseded", "六.5", {"case": mail.edition.case_number(case_id)}, blocking=False)
    return replace(draft, current=False, remarks=(superseded,))


def _tell_unproven(mail: _Mail, case_id: int) -> Iterator[Reason]:
    """Where the server that receives mails is asked about their senders, and did not vouch for this one."""
    if mail.edition.mail.authserv_id is not None and not mail.submission.authenticated:
        number = mail.edition.case_number(case_id)
        yield Reason("replaced-unauthenticated", "六.5", {"case": number}, blocking=False)


def _leave(dossier: Dossier, mail: _Mail, known: Known, objection: Reason | None = None) -> FormImport:
    """What the form says, where it becomes no case for now."""
    received = mail.submission.received_at or mail.now
    row = draft_row(dossier, NO_CASE, mail.unit.name if mail.unit else "", received, mail.proven)
    problems = _judge(dossier, row, mail, known)
    return FormImport(dossier, row, problems, received, received, remarks=(objection,) if objection else ())


def _judge(dossier: Dossier, row: CaseRow, mail: _Mail, known: Known) -> Problems:
    """Ask the guards; who else sent the case is known, quotas and the ranking are not asked about."""
    others = ((case.id, case.route, case.unit, case.recommended, case.state) for case in reversed(known.cases))
    occupancy = Occupancy(places=(), contested=others if mail.unit else (), scored=())
    return find_problems(dossier, gather_facts(row, occupancy, mail.edition, mail.now, None))


def _doubt(mail: _Mail, settlement: Settlement) -> Iterator[Reason]:
    """What is to be said of the mail by who sent it and when it came."""
    submission, unit = mail.submission, mail.unit
    if not submission.submits:
        return
    if unit is None:
        cause = {"cause": "not-authenticated"} if submission.authenticated is False else {}
        yield Reason("unit-unknown", "六.1", {"unit": submission.sender_address, **cause})
        yield from _name_writers(mail)
    if mail.sender is not None and settlement.unit not in (None, mail.sender):
        yield Reason("sender-known", "六.1", {"unit": mail.sender.name}, blocking=False)
    if mail.received is None:
        yield Reason("received-time-missing", "六.5")
    elif submission.received_at is None or settlement.received is not None:
        yield Reason("received-time-settled", "六.5", {"received": clock.show(mail.received)}, blocking=False)
    if unit is not None and submission.report is not None:
        named = submission.report.unit
        if any(name in named for name in mail.edition.units if name not in unit.name):
            values = {"unit": unit.name, "report": named}
            yield Reason("report-unit-differs", "六.4 附件5", {**values}, blocking=False)


def _name_writers(mail: _Mail) -> Iterator[Reason]:
    """The units that wrote the mails inside one that somebody else sent on."""
    unit_of = mail.edition.unit_of
    writers = {unit.name: address for address in mail.submission.writers if (unit := unit_of(address))}
    for name, address in writers.items():
        yield Reason("forwarded-for", "六.1", {"unit": name, "address": address}, blocking=False)


def _status(submission: Submission, forms: Sequence[FormImport], drafted_before: int) -> str:
    drafted = drafted_before + sum(form.case_id is not None for form in forms)
    if not drafted:
        return "set-aside"
    return "taken" if drafted == len(submission.dossiers) and not _lost(submission) else "partly-taken"


def _lost(submission: Submission) -> list[Reason]:
    return [reason for reason in submission.reasons if reason.code in TO_BE_SENT_AGAIN]


def _lost_beside_forms(submission: Submission) -> tuple[Reason, ...]:
    """What was lost of the mail and is not said of one of its forms."""
    return tuple(
        reason for reason in _lost(submission) if not any(reason in dossier.reasons for dossier in submission.dossiers)
    )
