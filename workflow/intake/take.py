"""Mails -> cases: each mail one transaction, with its event, its drafts and its receipt."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from notifications.letters import CaseLine
from states.machine import START
from states.reasons import Reason
from workflow import clock
from workflow.audit.commitment import commit_to_form, hide_person, salt_person
from workflow.audit.log import Entry
from workflow.edition import Unit
from workflow.engine.batch import OpenBatch, write_reason
from workflow.engine.campaign import Campaign
from workflow.engine.correspondence import Remarks, recipient_of
from workflow.engine.facts import CaseRow, gather_facts
from workflow.engine.ledger import open_ledger
from workflow.errors import AnliError, UnitUnknown
from workflow.intake.dossier import Dossier
from workflow.intake.draft import Problems, draft_row, find_problems, form_row
from workflow.intake.found import FoundMail, Place
from workflow.intake.mailbox import find_mails
from workflow.intake.register import Earlier, Predecessor, Register, key_of, known_uids
from workflow.intake.route import route_of
from workflow.intake.submission import Submission, read_head, read_submission, unread
from workflow.wording import say_reason, say_state

TRIGGER = "intake"
NOBODY = 0
"""The number of a case that a form did not become."""
TO_BE_SENT_AGAIN = frozenset(
    {
        "form-unreadable", "form-blank", "attachment-too-large", "attachment-unpaired", "attachments-too-many",
        "archive-unreadable", "mail-nested-too-deep",
    }
)  # fmt: skip
"""Said of a mail of which something was lost that its unit can send again, or name better."""


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


def take_in(campaign: Campaign, words: Sequence[str | Path], recommender: str | None = None) -> Iterator[Taken]:
    """Take every mail under ``words`` (paths, addresses of mailboxes) in order, and say of each what became of it.

    What was looked at in a mailbox before is not fetched again, except the one mail that an address means.
    recommender: the unit a person has settled for mails whose sender is not known; a sender who is known keeps to
    its own unit.
    Raises UnitUnknown for a recommender that is no unit, and what ``find_mails`` raises for a word.
    """
    if recommender is not None and recommender not in campaign.edition.units:
        raise UnitUnknown(unit=recommender)
    unit = campaign.edition.units[recommender] if recommender is not None else None

    def known(mailbox: str, uidvalidity: int) -> frozenset[int]:
        with campaign.reading() as connection:
            return known_uids(connection, mailbox, uidvalidity)

    for mail in find_mails(words, known):
        yield _take(campaign, mail, unit)


def _take(campaign: Campaign, mail: FoundMail, recommender: Unit | None) -> Taken:
    """Take one mail in; what nobody foresaw in it is a reason, and the mails after it go on.

    What is wrong with the campaign, the disk or the database is no fault of the mail and stops intake.
    """
    if mail.reasons:
        return _refuse(campaign, mail) if mail.raw else _turn_away(campaign, mail)
    categories = {number: category.name for number, category in campaign.edition.categories.items()}
    headings = campaign.edition.content_headings
    try:
        submission = read_submission(bytes(mail.raw), categories, headings, mail.received_at)
        return _keep_and_take(campaign, mail, submission, recommender)
    except (AnliError, OSError, OperationalError):
        raise
    except Exception as error:  # noqa: BLE001 - one mail, crafted or unlucky, must not stop those after it
        reason = Reason("mail-not-handled", "六.5", {"problem": type(error).__name__})
        return _keep_and_take(campaign, mail, unread(sha256(mail.raw).hexdigest(), (reason,)))


def _keep_and_take(
    campaign: Campaign, mail: FoundMail, submission: Submission, recommender: Unit | None = None
) -> Taken:
    campaign.originals.keep(mail.raw)
    for original in submission.originals:
        campaign.originals.keep(original.data)
    with campaign.writing() as (campaign, connection):
        return _Desk(campaign, connection, mail, submission, recommender).take()


def _refuse(campaign: Campaign, mail: FoundMail) -> Taken:
    """Keep a mail that is not read, or the head of one that was not fetched, and say why."""
    if isinstance(mail.raw, bytes):
        return _keep_and_take(campaign, mail, read_head(mail.raw, mail.reasons, mail.received_at))
    return _keep_and_take(campaign, mail, unread(sha256(mail.raw).hexdigest(), mail.reasons))


def _turn_away(campaign: Campaign, mail: FoundMail) -> Taken:
    """Say why a file is no mail."""
    with campaign.writing() as (campaign, connection):
        batch = OpenBatch(campaign, connection, TRIGGER)
        reasons = [write_reason(reason) for reason in mail.reasons]
        what = {"file": mail.name, "status": "refused", "reasons": reasons}
        place = _remember(Register(connection, campaign.now), mail.place, None)
        batch.log.append([Entry("intake", {**what, **place})])
        batch.close()
    return Taken(mail.name, "", None, None, "refused", mail.reasons, ())


def _remember(register: Register, place: Place | None, digest: str | None) -> dict[str, dict[str, str | int]]:
    """What an event says of where the mail was looked at, once; digest: the SHA-256 (hex) of what was read there."""
    return {"fetched": place._asdict()} if place is not None and register.remember(place, digest) else {}


class _Desk:
    """Takes one mail inside one transaction."""

    def __init__(
        self,
        campaign: Campaign,
        connection: Connection,
        mail: FoundMail,
        submission: Submission,
        recommender: Unit | None,
    ) -> None:
        self.campaign, self.connection, self.submission = campaign, connection, submission
        self.file, self.size, self.place = mail.name, len(mail.raw), mail.place
        self.sender = campaign.edition.unit_of(submission.sender_address)
        self.recommender, self.unit = recommender, self.sender or recommender
        self.objections: list[Reason] = []
        self.points: list[str] = []
        self.register = Register(connection, campaign.now)
        self.batch = OpenBatch(campaign, connection, TRIGGER)

    def take(self) -> Taken:
        submission = self.submission
        earlier = self.register.find_earlier(submission)
        if not submission.read:
            submission_id = None if earlier else self._enter("refused", submission.reasons, None)
            return self._finish("refused", submission.reasons, (), submission_id)
        received, waiting = self._settle_time(earlier), self._find_waiting(earlier)
        ready = self._find_ready(waiting, received, earlier)
        if earlier is not None and not (ready or (earlier.status == "set-aside" and self.recommender is not None)):
            status = "refused" if earlier.status == "refused" else "duplicate"
            return self._finish(status, (Reason("duplicate", "六.5", blocking=False),), ())
        reasons = (*submission.reasons, *self._doubt(received))
        submission_id = self._enter("set-aside", reasons, earlier)
        if self.unit is None or received is None:
            forms = tuple(self._read_only(dossier) for dossier in waiting)
        else:
            among = waiting if earlier is None else ready
            forms = tuple(self._draft(dossier, self.unit, submission_id, received) for dossier in among)
        self.register.keep(submission_id, None, submission.originals)
        lost = [reason for reason in submission.reasons if reason.code in TO_BE_SENT_AGAIN]
        if earlier is None or self.recommender is not None:
            self._tell(reason for reason in lost if not any(reason in each.reasons for each in submission.dossiers))
        taken = sum(form.case_id is not None for form in forms) + len(submission.dossiers) - len(waiting)
        whole = taken == len(submission.dossiers) and not lost
        status = ("taken" if whole else "partly-taken") if taken else "set-aside"
        reasons += tuple(self.objections)
        written = [write_reason(reason) for reason in reasons]
        self.register.settle(submission_id, status, self.unit.name if self.unit else None, written)
        return self._finish(status, reasons, forms, submission_id)

    def _settle_time(self, earlier: Earlier | None) -> datetime | None:
        """When the mail came; where it does not say and a person settles it, when it was first seen here."""
        if self.submission.received_at is None and earlier is not None and self.recommender is not None:
            return earlier.taken_at
        return self.submission.received_at

    def _find_waiting(self, earlier: Earlier | None) -> tuple[Dossier, ...]:
        """The forms of the mail that became no case or version yet."""
        taken = self.register.find_forms(earlier.id) if earlier is not None else set()
        return tuple(dossier for dossier in self.submission.dossiers if key_of(dossier) not in taken)

    def _find_ready(
        self, waiting: Sequence[Dossier], received: datetime | None, earlier: Earlier | None
    ) -> tuple[Dossier, ...]:
        """Those of a mail taken in before that nothing stands against any more."""
        if earlier is None or earlier.status == "refused" or self.unit is None or received is None:
            return ()
        unit, until = self.unit, self.campaign.edition.rules_of(self.unit.name).received_until
        before = {key_of(dossier): self._find_predecessor(dossier, unit, earlier.id) for dossier in waiting}
        return tuple(
            dossier
            for dossier in waiting
            if (found := before[key_of(dossier)]) is None or self._object(found, received, until) is None
        )

    def _doubt(self, received: datetime | None) -> Iterator[Reason]:
        """What is to be said of the mail by who sent it and when it came."""
        submission, units = self.submission, self.campaign.edition.units
        if not submission.submits:
            return
        if self.unit is None:
            yield Reason("unit-unknown", "六.1", {"unit": submission.sender_address})
        if self.sender is not None and self.recommender not in (None, self.sender):
            yield Reason("sender-known", "六.1", {"unit": self.sender.name}, blocking=False)
        if received is None:
            yield Reason("received-time-missing", "六.5")
        elif submission.received_at is None:
            yield Reason("received-time-settled", "六.5", {"received": clock.show(received)}, blocking=False)
        if self.unit is not None and submission.report is not None:
            named = submission.report.unit
            if any(name in named for name in units if name not in self.unit.name):
                values = {"unit": self.unit.name, "report": named}
                yield Reason("report-unit-differs", "六.4 附件5", {**values}, blocking=False)

    def _enter(self, status: str, reasons: Sequence[Reason], earlier: Earlier | None) -> int:
        if earlier is not None:
            return earlier.id
        unit = self.unit.name if self.unit else None
        written = [write_reason(reason) for reason in reasons]
        return self.register.enter(self.submission, self.file, self.size, unit, status, written)

    def _draft(self, dossier: Dossier, unit: Unit, submission_id: int, received: datetime) -> FormFound:
        """Make a case of the form, or a new version of the draft it corrects, or set it aside for a person.

        The latest form counts, whatever order mails are read in; one in time before one that came late, then one
        whose time a server wrote down before one whose time only its sender says.
        """
        before = self._find_predecessor(dossier, unit, submission_id)
        until = self.campaign.edition.rules_of(unit.name).received_until
        if before is not None and (objection := self._object(before, received, until)) is not None:
            self.objections.append(objection)
            self._tell([objection])
            found = self._read_only(dossier)
            return found._replace(reasons=(*found.reasons, objection))
        case_id, proven = before.id if before else self.register.next_case(), self.submission.received_proven
        kept_time = before is not None and self.register.was_returned(before.id)
        counts_from = min(received, before.received_at) if before and kept_time else received
        row = draft_row(dossier, case_id, unit.name, counts_from, proven)
        if before is None:
            self.register.open_case(row, counts_from)
        problems = self._judge(dossier, row)
        form = form_row(dossier, row, submission_id, received, [write_reason(reason) for reason in problems.all])
        person = salt_person(row._asdict())
        form_id = self._keep_form(dossier, form)
        self.register.enter_person(form_id, person)
        current = before is None or (counts_from < until, proven, received) >= (
            before.received_at < until,
            before.form_received_proven,
            before.form_received_at,
        )
        if current:
            self.register.adopt_form(case_id, form_id, counts_from, proven, new=before is None)
            self._acknowledge(unit, case_id, dossier.form.name, problems)
        self._note_draft(row, form_id, {**commit_to_form(form), **hide_person(person)}, form, before, current)
        found = self._found(dossier, case_id, problems)
        if current:
            return found
        number = self.campaign.edition.case_number(case_id)
        superseded = Reason("version-superseded", "六.5", {"case": number}, blocking=False)
        self._tell([superseded])
        return found._replace(reasons=(*found.reasons, superseded))

    def _find_predecessor(self, dossier: Dossier, unit: Unit, submission_id: int) -> Predecessor | None:
        """The case this form is a version of; a form that lacks its name or applicant is a version of none."""
        name, applicant = dossier.form.name, dossier.form.applicant
        if not (name and applicant):
            return None
        return self.register.find_predecessor(unit.name, route_of(name, applicant), submission_id)

    def _object(self, before: Predecessor, received: datetime, until: datetime) -> Reason | None:
        number = self.campaign.edition.case_number(before.id)
        if before.state != START:
            return Reason("correction-after-move", "六.5", {"case": number, "state": before.state})
        if received >= until > before.received_at and not self.register.was_returned(before.id):
            return Reason("correction-late", "六.5", {"case": number})
        return None

    def _keep_form(self, dossier: Dossier, form: dict[str, Any]) -> int:
        form_id = self.register.enter_form(form)
        digests, names = set(dossier.documents), set(dossier.filenames)
        mine = [one for one in self.submission.originals if one.sha256 in digests and one.filename in names]
        self.register.keep(form["submission_id"], form_id, mine)
        return form_id

    def _note_draft(
        self,
        row: CaseRow,
        form_id: int,
        read: dict[str, Any],
        form: dict[str, Any],
        before: Predecessor | None,
        current: bool,
    ) -> None:
        what = {
            "case": self.campaign.edition.case_number(row.id),
            "unit": row.unit,
            "form": form_id,
            "submission": form["submission_id"],
            "supersedes": before.form_id if before and current else None,
            "superseded_by": before.form_id if before and not current else None,
            "received": clock.show(clock.read(row.received_at)),
            "received_proven": row.received_proven,
            "route": row.route,
            "reasons": form["problems"],
            "documents": row.documents.split(),
            "read": read,
        }
        self.batch.log.append([Entry("draft", what, row.id)])

    def _judge(self, dossier: Dossier, row: CaseRow) -> Problems:
        ledger = open_ledger(self.connection)
        return find_problems(dossier, gather_facts(row, ledger, self.campaign.edition, self.campaign.now, None))

    def _read_only(self, dossier: Dossier) -> FormFound:
        """What the form says, where it becomes no case for now."""
        received = self.submission.received_at or self.campaign.now
        unit = self.unit.name if self.unit else ""
        row = draft_row(dossier, NOBODY, unit, received, self.submission.received_proven)
        return self._found(dossier, None, self._judge(dossier, row))

    def _found(self, dossier: Dossier, case_id: int | None, problems: Problems) -> FormFound:
        form = dossier.form
        return FormFound(form.name, form.applicant, form.categories, case_id, problems.complete, problems.all)

    def _tell(self, reasons: Iterable[Reason]) -> None:
        """Let the unit know, in its receipt, of what is no case's."""
        if self.unit is not None:
            language, zone = self.unit.language, self.campaign.edition.zone
            self.points += [say_reason(reason.code, reason.values, language, zone) for reason in reasons]

    def _acknowledge(self, unit: Unit, case_id: int, name: str, problems: Problems) -> None:
        zone = self.campaign.edition.zone
        notes = [
            say_reason(reason.code, reason.values, unit.language, zone)
            for reason in problems.all
            if reason.code != "received-time-unproven"
        ]
        line = CaseLine(self.campaign.edition.case_number(case_id), name, "", say_state(START, unit.language), notes)
        self.batch.letters.tell(unit.name, "receipt", line)

    def _finish(
        self,
        status: str,
        reasons: tuple[Reason, ...],
        forms: tuple[FormFound, ...],
        submission_id: int | None = None,
    ) -> Taken:
        submission = self.submission
        unit = self.unit.name if self.unit else None
        shown = "taken" if status == "partly-taken" else status
        taken = Taken(self.file, submission.message_id, unit, submission.received_at, shown, reasons, forms)
        what: dict[str, Any] = {
            "file": self.file,
            "message_id": submission.message_id,
            "mail": submission.sha256,
            "submission": submission_id,
            "unit": taken.unit,
            "received": clock.show(submission.received_at) if submission.received_at else None,
            "received_proven": submission.received_proven,
            "status": status,
            "reasons": [write_reason(reason) for reason in reasons],
            "cases": [self.campaign.edition.case_number(case_id) for case_id in taken.cases],
            "documents": [original.sha256 for original in submission.originals],
            "forms": [
                {
                    "name": form.name,
                    "applicant": form.applicant,
                    "reasons": [write_reason(reason) for reason in form.reasons],
                }
                for form in forms
                if form.case_id is None
            ],
        }
        recipient = recipient_of(self.campaign.edition, self.unit.name) if self.unit else None
        if recipient is not None and self.points:
            self.batch.letters.write(recipient, "receipt", Remarks(points=self.points))
        what |= _remember(self.register, self.place, submission.sha256)
        self.batch.log.append([Entry("intake", what)])
        self.batch.close(moved=len(taken.cases))
        return taken
